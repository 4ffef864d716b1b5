import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The examples of the page of scenario keys are read, and its defaults are the readers' own.
@Suite struct DocumentationExampleTests {
    private static let base: [(key: String, text: String)] = [
        ("version", "version: 1"), ("name", "name: example"),
        (
            "workload",
            "workload: {synthetic: {arrivals: {rate: 5 /s}, lengths: {input: 200, output: 30}, requests: 200}}"
        ),
        ("model", "model: llama-3.1-8b"),
        ("strategies", "strategies: [{name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]}]"),
    ]

    /// The scenario that an example is a part of: whole, some of its keys, strategies, or pools.
    private func scenarioText(around example: String) throws -> String {
        let source = SettingSource(name: "example", text: example)
        let root = try ScenarioFile.tree(of: example, in: source, label: "the example")
        let indented = example.split(separator: "\n").map { "      \($0)\n" }.joined()
        switch root.content {
        case .map(let entries):
            let keys = entries.map(\.key)
            let rest = Self.base.filter { !keys.contains($0.key) }.map { "\($0.text)\n" }.joined()
            return example + rest
        case .list(let items):
            let rest = Self.base.filter { $0.key != "strategies" }.map { "\($0.text)\n" }.joined()
            guard case .map(let entries) = items[0].content else { return "" }
            let isStrategy = entries.contains { $0.key == "pools" }
            return rest + "strategies:\n" + (isStrategy ? "" : "  - name: a\n    pools:\n") + indented
        case .scalar: return example
        }
    }

    /// All but the files that an example names is there.
    @Test func everyExampleIsReadAndLookedUp() throws {
        #expect(DocumentationPage.examples.count >= 18)
        let folder = try #require(Bundle.module.resourceURL).appendingPathComponent("Corpus/manifests").path
        for example in DocumentationPage.examples where !example.hasPrefix("apiVersion") {
            do {
                _ = try scenario(try scenarioText(around: example), folder: folder).resolved()
            } catch let error as ScenarioError where error.kind == .missingFile {
                #expect(example.contains(".csv"), "\(error)")
            } catch {
                Issue.record("\(error)\nin\n\(example)")
            }
        }
    }

    @Test func everyExampleOfAManifestIsRead() throws {
        let manifests = DocumentationPage.examples.filter { $0.hasPrefix("apiVersion") }
        #expect(!manifests.isEmpty)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for manifest in manifests {
            try Data(manifest.utf8).write(to: folder.appendingPathComponent("m.yaml"))
            let pools = "strategies: [{name: a, pools: [{offer: aws/g6e.xlarge, autoscaler: {manifest: m.yaml}}]}]\n"
            _ = try scenario(try scenarioText(around: pools), folder: folder.path).resolved()
        }
    }

    /// Some settings of a section, as they are used: what differs is written differently.
    private struct Section: Sendable {
        var heading: String
        /// The fewest with which it can be read.
        var needed: [String: String]
        var read: @Sendable (SettingNode) throws -> String
    }

    private static let sections: [Section] = [
        Section(heading: "## `clients`", needed: ["attempts": "3"]) { node in
            let retry = SettingEntry(key: "retry", keyPosition: node.position, value: node)
            return "\(try ClientSettings(SettingNode(.map([retry]), at: node.position, label: "`clients`")).policy)"
        },
        Section(heading: "## `reliability`", needed: ["mtbf": "100 h", "stragglers": "1 %"]) { node in
            "\(try ReliabilitySettings(node).kind)"
        },
        Section(
            heading: "## `owned`",
            needed: ["device": "L40S", "capital": "9000 $", "power": "500 W", "electricity": "0.1 $/kWh"]
        ) { node in "\(try OwnedSettings(node).cost(machines: 1))" },
        Section(heading: "## `serverless`", needed: ["offer": "runpod/1x_L40S_SECURE"]) { node in
            "\(try ServerlessSettings(node).policy)"
        },
        Section(heading: "## `users`", needed: ["utc-offset": "0"]) { node in
            let curve = try DailyCurve(node)
            return "\(curve.peak) \(curve.trough)"
        },
        Section(heading: "## `spot` and `capacity`", needed: ["up": "2 h", "down": "1 h"]) { node in
            guard case .process(let process, _) = try AvailabilitySettings(node) else { return "" }
            return "\(process)"
        },
    ]

    /// A default that is written as a value, given as a value, changes nothing.
    @Test func documentedDefaultsAreTheReadersOwn() throws {
        for section in Self.sections {
            func reading(_ settings: [String: String]) throws -> String {
                let text = settings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\n" }.joined()
                let source = SettingSource(name: section.heading, text: text)
                return try section.read(try ScenarioFile.tree(of: text, in: source, label: "it"))
            }
            let plain = try reading(section.needed)
            var checked = 0
            for row in try DocumentationPage.rows(section.heading) where row.default.hasPrefix("`") {
                let value = try #require(DocumentationPage.quoted(row.default).first)
                do {
                    let given = try reading(section.needed.merging([row.keys[0]: value]) { _, new in new })
                    #expect(given == plain, "`\(row.keys[0])` is not \(value) by default")
                    checked += 1
                } catch let error as ScenarioError where error.kind == .unknownKey {
                    // It is of another table of the section.
                }
            }
            #expect(checked >= 2, "\(section.heading)")
        }
    }
}

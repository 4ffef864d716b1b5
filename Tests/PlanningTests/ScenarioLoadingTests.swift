import Foundation
import Primitives
import Testing

@testable import Planning

/// Scenario files on disk, and what the command line changes in them.
@Suite struct ScenarioLoadingTests {
    private func inFolder(_ files: [String: Data], _ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
        try body(folder)
    }

    private let two = """
        version: 1
        name: two
        workload: {preset: azure-conv-2023, scale: {rate: 2, limit: 5 min}}
        model: llama-3.1-8b
        strategies:
          - {name: small, pools: [{device: L4, price: 1 $/h}]}
          - {name: big, pools: [{device: H100-SXM, price: 3 $/h}]}
        compare: {baseline: big, replications: 2}
        """

    @Test func filesResolveAgainstTheirOwnFolder() throws {
        let rows = "t,in,out\n0,10,5\n1,12,6\n"
        let text = scenarioText(
            workload: "{trace: {path: mine.csv, format: csv, columns: {arrival: t, input: in, output: out}}}")
        try inFolder(["s.yaml": Data(text.utf8), "mine.csv": Data(rows.utf8)]) { folder in
            let path = folder.appendingPathComponent("s.yaml").path
            let scenario = try Scenario.load(path)
            #expect(scenario.path == path && scenario.folder == folder.path && scenario.text == text)
            let metrics = try scenario.resolved().run().strategies[0].runs[0].metrics
            #expect(metrics.requestsOffered == 2 && metrics.requestsCompleted == 2)
            let changed = try Scenario.load(path, overrides: ScenarioOverrides(settings: ["name=other"]))
            #expect(changed.name == "other" && changed.folder == folder.path, "overrides move nothing")
        }
    }

    @Test func errorsNameTheFileAsGiven() throws {
        try inFolder(["s.yaml": Data("version: 1\nname: x\nmodle: y\n".utf8)]) { folder in
            let path = folder.appendingPathComponent("s.yaml").path
            let error = scenarioError { _ = try Scenario.load(path) }
            #expect(error?.file == path && error?.line == 3 && error?.sourceLine == "modle: y")
            #expect(error?.sentence.hasPrefix("\(path):3:1: unknown key `modle`") == true)
        }
    }

    @Test func filesBeyondFourMebibytesAreNoScenarios() throws {
        let padding = String(repeating: "#", count: 4 << 20)
        try inFolder(["big.yaml": Data(padding.utf8), "over.yaml": Data((padding + "#").utf8)]) { folder in
            let over = scenarioError { _ = try Scenario.load(folder.appendingPathComponent("over.yaml").path) }
            #expect(over?.message == "the file is larger than 4 MiB" && over?.kind == .syntax)
            let big = scenarioError { _ = try Scenario.load(folder.appendingPathComponent("big.yaml").path) }
            #expect(big?.message == "the scenario is empty", "at the limit it is read: one long comment")
        }
    }

    @Test func filesThatAreNotTextAreRefusedWithTheirPlace() throws {
        try inFolder(["s.yaml": Data(Array("version: 1\nname: ".utf8) + [0xC3, 0x28])]) { folder in
            let error = scenarioError { _ = try Scenario.load(folder.appendingPathComponent("s.yaml").path) }
            #expect(error?.kind == .encoding && error?.line == 2 && error?.column == 7)
        }
    }

    /// A trace takes the source's place; how it is scaled stays.
    @Test func aTraceReplacesTheSourceAndKeepsTheScale() throws {
        let changed = try scenario(two, overrides: ScenarioOverrides(trace: "/data/mine.csv"))
        guard case .trace(let trace) = changed.workload.source else {
            Issue.record("no trace")
            return
        }
        #expect(trace.path.value == "/data/mine.csv" && trace.format == nil)
        #expect(changed.workload.scale.rate == 2 && changed.workload.scale.limit == .seconds(300))
        #expect(try scenario(changed.text).workload.scale.rate == 2, "also in the text that is kept with the results")
    }

    @Test func aTraceStandsInForAMissingOrMixedWorkload() throws {
        let without = two.split(separator: "\n").filter { !$0.hasPrefix("workload") }.joined(separator: "\n")
        #expect(scenarioError { _ = try scenario(without) }?.kind == .missingKey)
        let mixed = two.replacingOccurrences(
            of: "{preset: azure-conv-2023, scale: {rate: 2, limit: 5 min}}",
            with: "[{preset: azure-conv-2023}, {preset: azure-code-2023}]")
        for text in [without, mixed] {
            let changed = try scenario(text, overrides: ScenarioOverrides(trace: "/data/mine.csv"))
            guard case .trace(let trace) = changed.workload.source else {
                Issue.record("no trace")
                continue
            }
            #expect(trace.path.value == "/data/mine.csv" && changed.workload.scale.rate == nil)
        }
    }

    @Test func relativeTracesOfTheCommandLineStartAtTheWorkingFolder() throws {
        let changed = try scenario(two, overrides: ScenarioOverrides(trace: "mine.csv"), folder: "/elsewhere")
        guard case .trace(let trace) = changed.workload.source else {
            Issue.record("no trace")
            return
        }
        #expect(trace.path.value == FileManager.default.currentDirectoryPath + "/mine.csv")
    }

    @Test func droppedBaselinesGoWithTheirStrategy() throws {
        func kept(_ names: [String]) throws -> Scenario {
            try scenario(two, overrides: ScenarioOverrides(strategies: names))
        }
        let small = try kept(["small"])
        #expect(small.strategyNames == ["small"] && small.baseline == nil && small.replications == 2)
        let big = try kept(["big"])
        #expect(big.strategyNames == ["big"] && big.baseline?.value == "big")
        #expect(try kept(["big", "small"]).strategyNames == ["small", "big"], "in the file's order")
    }

    @Test func unknownStrategiesAreNamedWithTheNearest() {
        let error = scenarioError { _ = try scenario(two, overrides: ScenarioOverrides(strategies: ["smal"])) }
        #expect(error?.sentence == "--strategy:1:1: there is no strategy `smal`; did you mean `small`?")
        #expect(error?.description.hasSuffix("\nsmal\n^") == true)
    }

    /// Overrides never hide a fault of the file itself, nor turn one into a crash.
    @Test(arguments: ["workload", "strategies", "compare"])
    func overridesOfBrokenFilesStillGiveErrors(key: String) {
        let broken =
            two.split(separator: "\n").filter { !$0.hasPrefix(key) && !$0.hasPrefix("  - ") }
            .joined(separator: "\n") + (key == "compare" ? "\ncompare: [1]\n" : "\n\(key): 5\n")
        let overrides = ScenarioOverrides(
            settings: ["seed=3"], seed: 4, replications: 2, strategies: ["small"], trace: "/data/t.csv")
        #expect(scenarioError("\(key)") { _ = try scenario(broken, overrides: overrides) } != nil)
        for text in ["[1, 2]", "5", "a: [", "~"] {
            #expect(scenarioError("\(text)") { _ = try scenario(text, overrides: overrides) } != nil)
        }
    }
}

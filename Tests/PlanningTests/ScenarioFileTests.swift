import Foundation
import Testing

@testable import Planning

@Suite struct ScenarioFileTests {
    private func tree(_ text: String) throws -> SettingNode {
        try ScenarioFile.tree(of: text, in: SettingSource(name: "t.yaml", text: text), label: "the scenario")
    }

    @Test func valuesKeepTheirPlaces() throws {
        guard case .map(let entries) = try tree("a: 1\nb:\n  - x\n  - {c: 'd'}\n").content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.key) == ["a", "b"])
        #expect(entries[0].value.position.line == 1 && entries[0].value.position.column == 4)
        guard case .list(let items) = entries[1].value.content, case .map(let inner) = items[1].content else {
            Issue.record("no list")
            return
        }
        #expect(items[0].label == "item 1 of `b`")
        #expect(inner[0].keyPosition.line == 4 && inner[0].keyPosition.column == 6)
        guard case .scalar("d", quoted: true) = inner[0].value.content else {
            Issue.record("no quoted scalar")
            return
        }
    }

    @Test func everyMalformedFileSaysWhatItsFirstLinePromises() throws {
        let files = try corpus("malformed")
        #expect(files.count >= 40)
        for (name, bytes) in files {
            let text = String(decoding: bytes, as: UTF8.self)
            let error = scenarioError("\(name)") {
                _ = try Scenario(text: text, path: name, folder: "/tmp")
            }
            let promised = text.prefix { $0 != "\n" }.dropFirst(2)
            #expect(error?.sentence == "\(name):\(promised)")
        }
    }

    @Test func everyValidFileDecodesAndItsRenderingDecodesAlike() throws {
        for (name, bytes) in try corpus("valid") {
            let scenario = try Scenario(text: String(decoding: bytes, as: UTF8.self), path: name, folder: "/tmp")
            let again = try Scenario(
                text: String(decoding: bytes, as: UTF8.self), path: name, folder: "/tmp",
                overrides: ScenarioOverrides(settings: ["seed=\(scenario.seed)"]))
            let rendered = try Scenario(text: again.text, path: name, folder: "/tmp")
            #expect(
                rendered.objectives == scenario.objectives && rendered.strategyNames == scenario.strategyNames,
                "\(name)")
            // A rendering of a rendering changes nothing.
            let twice = try Scenario(
                text: again.text, path: name, folder: "/tmp",
                overrides: ScenarioOverrides(settings: ["seed=\(scenario.seed)"]))
            #expect(twice.text == again.text, "\(name)")
        }
    }

    @Test func theCaretStandsUnderTheFault() {
        let text = scenarioText(more: "slo: {ttft: {p99: 2 GB}}")
        let error = scenarioError { _ = try scenario(text) }
        #expect(
            error?.description == """
                s.yaml:8:19: `p99` has the unit `GB`, but needs one of ns, us, ms, s, min, h, d, not `2 GB`
                slo: {ttft: {p99: 2 GB}}
                                  ^
                """)
    }

    @Test func caretsKeepTabsAndCountScalars() {
        let error = ScenarioError(.syntax, "m", file: "f", line: 1, column: 4, sourceLine: "\té x")
        #expect(error.description == "f:1:4: m\n\té x\n\t  ^")
    }

    @Test func quotedTextStaysOnItsLine() {
        let error = ScenarioError(.wrongType, "not `a\nb\u{7}\t`", file: "f")
        #expect(error.sentence == "f:1:1: not `a\\nb\\u{7}\\t`")
    }

    @Test func bytesThatAreNoTextAreRefusedWithTheirPlace() {
        let bytes = Array("version: 1\nname: caf".utf8) + [0xE9, 0x0A]
        let error = scenarioError { _ = try ScenarioFile.decode(bytes, name: "l.yaml") }
        #expect(error?.sentence == "l.yaml:2:10: the file is not UTF-8 text")
        #expect(error?.kind == .encoding)
        #expect(
            scenarioError { _ = try ScenarioFile.decode([0xFF, 0xFE], name: "x") }?.sentence
                == "x:1:1: the file is not UTF-8 text")
    }

    @Test func byteOrderMarksAndCarriageReturnsAreAccepted() throws {
        let text = try ScenarioFile.decode([0xEF, 0xBB, 0xBF] + Array("version: 1\r\nname: y\r\n".utf8), name: "b")
        #expect(text.hasPrefix("version"))
        let error = scenarioError { _ = try scenario(text) }
        #expect(error?.sentence == "s.yaml:1:1: the scenario needs the key `workload`")
    }

    @Test(arguments: ["", "\n\n", "# only a comment\n", "---\n", "~"])
    func emptyFilesAreRefused(text: String) {
        let error = scenarioError { _ = try scenario(text) }
        #expect(error?.message == "the scenario is empty" && (error?.line ?? 0) >= 1)
    }

    @Test func missingFilesAndFolders() {
        #expect(scenarioError { _ = try Scenario.load("/nowhere/s.yaml") }?.kind == .missingFile)
        #expect(scenarioError { _ = try Scenario.load("/tmp") }?.message == "this is a folder, not a file")
    }

    @Test func deepNestingAndManyAliasesEndInAnError() {
        #expect(scenarioError { _ = try tree(String(repeating: "[", count: 5_000)) }?.kind == .syntax)
        let doubling = (1...24).map { "- &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }.joined(separator: "\n")
        let error = scenarioError { _ = try tree("- &a0 x\n" + doubling) }
        #expect(error?.message == "the scenario has too many values")
    }
}

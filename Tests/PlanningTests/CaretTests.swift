import Testing

@testable import Planning

/// Errors as a terminal shows them: sentence, line, caret.
@Suite struct CaretTests {
    private func shown(_ text: String, _ overrides: ScenarioOverrides = ScenarioOverrides()) -> String {
        scenarioError { _ = try scenario(text, overrides: overrides).resolved() }?.description ?? ""
    }

    @Test func unknownKey() {
        #expect(
            shown(scenarioText(pools: "[{offer: aws/g6e.xlarge, replica: 2}]")) == """
                s.yaml:7:37: unknown key `replica` in item 1 of `pools`; did you mean `replicas`?
                    pools: [{offer: aws/g6e.xlarge, replica: 2}]
                                                    ^
                """)
    }

    @Test func duplicateKey() {
        #expect(
            shown(scenarioText(more: "seed: 1\nslo: {ttft: {p99: 1 s}}\nseed: 2")) == """
                s.yaml:10:1: `seed` is given twice (first in line 8)
                seed: 2
                ^
                """)
    }

    @Test func tabs() {
        #expect(
            shown("version: 1\nname: x\nworkload:\n\tpreset: a\n") == """
                s.yaml:4:1: a tab cannot indent YAML; use spaces
                \tpreset: a
                ^
                """)
    }

    @Test func endOfFile() {
        #expect(
            shown("version: 1\nname: [a, b\n\n") == """
                s.yaml:2:12: not valid YAML: while parsing a flow sequence, which began in line 2, did not find expected ',' or ']'
                name: [a, b
                           ^
                """)
    }

    @Test func unknownNames() {
        #expect(
            shown(scenarioText(pools: "[{device: RTX-4O90, price: 1 $/h}]")) == """
                s.yaml:7:22: unknown device `RTX-4O90`, did you mean `RTX-4090`?; `isocost devices list` shows all
                    pools: [{device: RTX-4O90, price: 1 $/h}]
                                     ^
                """)
        #expect(
            shown(scenarioText(workload: "{preset: azure-conv-2032}")) == """
                s.yaml:3:20: there is no preset `azure-conv-2032`; did you mean `azure-conv-2023`?
                workload: {preset: azure-conv-2032}
                                   ^
                """)
    }

    @Test func missingKey() {
        #expect(
            shown("version: 1\nname: x\nmodel: y\n") == """
                s.yaml:1:1: the scenario needs the key `workload`
                version: 1
                ^
                """)
    }

    @Test func overrides() {
        #expect(
            shown(scenarioText(), ScenarioOverrides(settings: ["slo.ttft.p99=2 minutes ago"])) == """
                --set:1:14: `p99` has the unit `minutes ago`, but needs one of ns, us, ms, s, min, h, d, not `2 minutes ago`
                slo.ttft.p99=2 minutes ago
                             ^
                """)
    }

    @Test func wideCharactersCountOnce() {
        #expect(
            shown(scenarioText(more: "description: \"é𝛼é\"\nslo: {\"ttft\": {p99: \"é\"}}")) == """
                s.yaml:9:21: `p99` must be a duration such as `100 ms` or `1.5 min`, not `é`
                slo: {"ttft": {p99: "é"}}
                                    ^
                """)
    }

    @Test func filesWithoutALineShowTheSentenceAlone() {
        #expect(
            scenarioError { _ = try Scenario.load("/nowhere/x.yaml") }?.description
                == "/nowhere/x.yaml:1:1: there is no such file")
    }
}

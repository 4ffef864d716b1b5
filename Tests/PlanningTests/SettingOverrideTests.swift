import Primitives
import SimulationCore
import Testing

@testable import Planning

@Suite struct SettingOverrideTests {
    private func with(_ settings: String..., more: String = "") throws -> Scenario {
        try scenario(scenarioText(more: more), overrides: ScenarioOverrides(settings: settings))
    }

    @Test func pathsReachKeysAndItems() throws {
        #expect(try with("strategies.0.pools.0.replicas=7").strategies[0].pools[0].replicas == 7)
        #expect(try with("strategies[a].pools[0].replicas=7").strategies[0].pools[0].replicas == 7)
        #expect(try with("strategies.a.router=random").strategies[0].router == .random)
        #expect(try with("seed=99").seed == 99)
        #expect(try with("seed=1", "seed=2").seed == 2)
    }

    @Test func missingMappingsAreMade() throws {
        let changed = try with("slo.ttft.p99=750 ms", "slo.tpot[p99.9]=80 ms", "engine.block-size=32")
        #expect(changed.objectives.map(\.text) == ["TTFT p99 ≤ 750 ms", "TPOT p99.9 ≤ 80 ms"])
        #expect(changed.serving.engine.blockSize == 32)
    }

    @Test func valuesAreYAML() throws {
        let changed = try with("workload={preset: azure-code-2023}", "strategies.0.pools=[{device: L4, price: 1 $/h}]")
        guard case .preset(let name) = changed.workload.source else {
            Issue.record("no preset")
            return
        }
        #expect(name.value == "azure-code-2023")
        #expect(changed.strategies[0].pools[0].price?.nanodollars == 1_000_000_000)
    }

    @Test func theTextSaysWhatWasRun() throws {
        let changed = try with("strategies.0.pools.0.replicas=7", "name=other one")
        #expect(changed.text.hasPrefix("# set strategies.0.pools.0.replicas=7\n# set name=other one\n"))
        let again = try scenario(changed.text)
        #expect(again.name == "other one" && again.strategies[0].pools[0].replicas == 7)
        #expect(try scenario(scenarioText()).text == scenarioText())
    }

    @Test(arguments: [
        ("replicas=3", "--set:1:1: unknown key `replicas` in the scenario"),
        (
            "strategies.0.pools.0.replica=3",
            "--set:1:22: unknown key `replica` in item 1 of `pools`; did you mean `replicas`?"
        ),
        ("strategies.4.router=random", "--set:1:12: `strategies` has items 0 to 0, not `4`"),
        ("strategies.b.router=random", "--set:1:12: `strategies` has no item `b`; did you mean `a`?"),
        ("name.first=x", "--set:1:6: `name` is `test`, which has no `first`"),
        ("seed=many", "--set:1:6: `seed` must be a whole number from 0 to 18446744073709551615, not `many`"),
        ("engine.block-size=0", "--set:1:19: `block-size` must be from 1 to 65536, not `0`"),
        ("seed", "--set:1:5: `--set` needs `=` and a value after the path"),
        ("=5", "--set:1:1: `--set` needs `key.path=value`"),
        ("", "--set:1:1: `--set` needs `key.path=value`"),
        ("a..b=1", "--set:1:3: the path needs a key here"),
        ("a[b=1", "--set:1:2: the bracket is not closed"),
        ("seed={a", "--set:1:8: not valid YAML"),
        ("seed=", "--set:1:6: `seed` must be a whole number from 0 to 18446744073709551615, not nothing"),
    ])
    func faultsPointIntoTheArgument(argument: String, sentence: String) {
        let error = scenarioError { _ = try with(argument) }
        #expect(error?.sentence.hasPrefix(sentence) == true, "\(error?.sentence ?? "")")
    }

    @Test func seedReplicationsStrategiesAndTraceAreShorthands() throws {
        let text = scenarioText(
            workload: "{preset: azure-conv-2023, scale: {limit: 5 min}}",
            more: "  - {name: b, pools: [{device: L4, price: 1 $/h}]}\ncompare: {baseline: b, replications: 2}")
        let overrides = ScenarioOverrides(seed: 7, replications: 4, strategies: ["a"], trace: "/data/t.csv")
        let changed = try scenario(text, overrides: overrides)
        #expect(changed.seed == 7 && changed.replications == 4)
        #expect(changed.strategyNames == ["a"] && changed.baseline == nil)
        guard case .trace(let trace) = changed.workload.source else {
            Issue.record("no trace")
            return
        }
        #expect(trace.path.value == "/data/t.csv" && changed.workload.scale.limit == .seconds(300))
        let error = scenarioError { _ = try scenario(text, overrides: ScenarioOverrides(strategies: ["c"])) }
        #expect(error?.kind == .unknownName && error?.file == "--strategy")
    }
}

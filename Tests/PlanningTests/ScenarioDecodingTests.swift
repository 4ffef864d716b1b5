import Foundation
import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

@testable import Planning

/// What a decoded scenario holds.
@Suite struct ScenarioDecodingTests {
    private func corpusScenario(_ name: String) throws -> Scenario {
        let file = try #require(try corpus("valid").first { $0.name == name })
        return try scenario(String(decoding: file.bytes, as: UTF8.self), folder: "/base")
    }

    @Test func everyKeyArrivesWhereItBelongs() throws {
        let scenario = try corpusScenario("every-key.yaml")
        #expect(scenario.name == "every-key" && scenario.seed == .max && scenario.replications == 3)
        #expect(scenario.description == "every key of the format, once")
        #expect(scenario.model.value == "models/mine/config.json" && scenario.folder == "/base")
        #expect(scenario.serving.precision?.value == "fp8" && scenario.serving.kvPrecision == .fp8)
        #expect(scenario.serving.tensorParallel == 2 && scenario.serving.pipelineParallel == 1)
        #expect(scenario.baseline?.value == "owned" && scenario.strategyNames == ["rented", "owned"])
        #expect(
            scenario.objectives.map(\.text) == [
                "TTFT p50 ≤ 300 ms", "TTFT p99 ≤ 2 s", "TPOT p99.9 ≤ 100 ms", "E2E p95 ≤ 90 s",
                "TTFT p99 ≤ 1 s for chat",
            ])
        #expect(scenario.classes.map(\.name.value) == ["chat", "batch"])
        #expect(scenario.classes.map(\.priority) == [-1, 5])
        #expect(scenario.classes[0].networkDelay == .milliseconds(20) && scenario.classes[1].networkDelay == nil)
    }

    @Test func everyEngineKeyArrives() throws {
        let engine = try corpusScenario("every-key.yaml").serving.engine
        #expect(engine.maxBatchedTokens?.value == 8_192 && engine.maxSequences?.value == 256)
        #expect(engine.maxModelLength?.value == 16_384 && engine.blockSize == 16 && engine.kvBlocks?.value == 20_000)
        #expect(engine.chunkedPrefill == true && engine.longPrefillThreshold == 2_048 && engine.prefixCaching == false)
        #expect(engine.queueOrder == .priority && engine.batching == .continuous)
        #expect(abs((engine.gpuMemoryUtilization ?? 0) - 0.95) < 1e-12)
    }

    @Test func poolsKeepWhatTheySay() throws {
        let strategies = try corpusScenario("every-key.yaml").strategies
        let rented = strategies[0].pools[0]
        guard case .offer(let offer) = rented.supply else {
            Issue.record("no offer")
            return
        }
        #expect(offer.value == "gcp/g2-standard-24" && rented.terms?.value == .spot && rented.replicas == 2)
        #expect(
            rented.price == Money(nanodollars: 1_200_000_000)
                && rented.networkDelay == SimulatedDuration(nanoseconds: 500_000))
        #expect(rented.serving.tensorParallel == 2 && rented.serving.precision?.value == "int8")
        #expect(rented.serving.engine.kvBlocks?.value == 5_000 && strategies[0].engine.maxSequences?.value == 64)
        #expect(strategies[0].router == .powerOfTwoChoices && strategies[1].router == nil)
        guard case .profile(let profile) = strategies[1].pools[0].supply,
            case .device(let device) = strategies[1].pools[1].supply
        else {
            Issue.record("no devices")
            return
        }
        #expect(profile.value == "profiles/this-machine.json" && device.value == "L40S")
        #expect(
            strategies[1].pools[1].price == Money(nanodollars: 600_000_000)
                && strategies[1].pools[1].terms?.value == .owned)
    }

    @Test func innerSettingsWinOverOuterOnes() throws {
        let scenario = try corpusScenario("every-key.yaml")
        let strategy = scenario.strategies[0]
        let serving = strategy.pools[0].serving.over(strategy.engine, scenario.serving)
        #expect(serving.engine.kvBlocks?.value == 5_000, "the pool's")
        #expect(serving.engine.maxSequences?.value == 64, "the strategy's")
        #expect(serving.engine.maxBatchedTokens?.value == 8_192, "the scenario's")
        #expect(serving.precision?.value == "int8" && serving.kvPrecision == .fp8)
        let owned = scenario.strategies[1]
        let other = owned.pools[0].serving.over(owned.engine, scenario.serving)
        #expect(other.engine.maxSequences?.value == 256 && other.precision?.value == "fp8" && other.tensorParallel == 2)
    }

    @Test func mergingTakesEverySettingFromTheWiderScope() throws {
        let wide = try corpusScenario("every-key.yaml").serving.engine
        let merged = EngineSettings().over(wide)
        #expect(merged.maxBatchedTokens?.value == wide.maxBatchedTokens?.value)
        #expect(merged.maxModelLength?.value == wide.maxModelLength?.value && merged.blockSize == wide.blockSize)
        #expect(merged.chunkedPrefill == wide.chunkedPrefill && merged.prefixCaching == wide.prefixCaching)
        #expect(merged.longPrefillThreshold == wide.longPrefillThreshold && merged.queueOrder == wide.queueOrder)
        #expect(merged.batching == wide.batching && merged.gpuMemoryUtilization == wide.gpuMemoryUtilization)
        let narrow = wide.over(EngineSettings())
        #expect(narrow.kvBlocks?.value == 20_000 && narrow.maxSequences?.value == 256)
    }

    @Test func defaultsOfTheFormatItself() throws {
        let scenario = try scenario(scenarioText())
        #expect(scenario.seed == 1 && scenario.description == nil && scenario.replications == nil)
        #expect(scenario.objectives.isEmpty && scenario.classes.isEmpty && scenario.baseline == nil)
        #expect(scenario.strategies[0].pools[0].replicas == 2 && scenario.strategies[0].router == nil)
    }

    @Test(arguments: [
        ("version: 1", "version: 1.5", ScenarioError.Kind.wrongType), ("version: 1", "version: one", .wrongType),
        ("version: 1", "version: 0", .unsupported), ("version: 1\n", "", .missingKey),
        ("name: test", "name: .hidden", .outOfRange), ("name: test", "name: a/b", .outOfRange),
        ("name: test", "name: ''", .wrongType), ("name: test", "name: ~", .wrongType),
        ("name: test", "name: \"a\\nb\"", .outOfRange), ("name: test", "name: [a]", .wrongType),
        ("name: test", "name: " + String(repeating: "x", count: 121), .outOfRange),
        ("model: llama-3.1-8b", "model: {name: x}", .wrongType), ("- name: a", "- nam: a", .unknownKey),
    ])
    func headsAreChecked(old: String, new: String, kind: ScenarioError.Kind) throws {
        let text = scenarioText()
        let range = try #require(text.range(of: old))
        let error = scenarioError("\(new)") { _ = try scenario(text.replacingCharacters(in: range, with: new)) }
        #expect(error?.kind == kind, "\(error?.description ?? "")")
    }

    @Test(arguments: [
        ("strategies: []", "`strategies` must not be empty"), ("strategies: x", "`strategies` must be a list, not `x`"),
        ("strategies: [{pools: [{device: L4}]}]", "item 1 of `strategies` needs the key `name`"),
        ("strategies: [{name: a}]", "item 1 of `strategies` needs the key `pools`"),
        ("strategies: [{name: a, pools: []}]", "`pools` must not be empty"),
        ("strategies: [a]", "item 1 of `strategies` must be a mapping, not `a`"),
        (
            "strategies: [{name: a, pools: [{device: {file: x}}]}]",
            "unknown key `file` in `device`; known are `profile`"
        ),
        ("strategies: [{name: a, pools: [{device: {}}]}]", "`device` needs the key `profile`"),
        (
            "strategies: [{name: a, pools: [{device: L4, price: -1 $/h}]}]",
            "`price` must not be negative, as in `-1 $/h`"
        ),
        ("strategies: [{name: a, pools: [{device: L4, price: 1}]}]", "`price` needs a unit ($/h, $/min, $/s), not `1`"),
        (
            "strategies: [{name: a, pools: [{device: L4, terms: rented}]}]",
            "`terms` cannot be `rented`; did you mean `reserved`?"
        ),
        (
            "strategies: [{name: a, pools: [{device: L4, kv-precision: int9}]}]",
            "`kv-precision` cannot be `int9`; did you mean `int8`?"
        ),
        (
            "strategies: [{name: a, pools: [{device: L4, tensor-parallel: 0}]}]",
            "`tensor-parallel` must be from 1 to 1024, not `0`"
        ),
        (
            "strategies: [{name: a, pools: [{device: L4, network-delay: 61 min}]}]",
            "`network-delay` must be at most 1 h, not `61 min`"
        ),
    ])
    func strategiesAreChecked(strategies: String, message: String) {
        let text = "version: 1\nname: t\nworkload: {preset: azure-conv-2023}\nmodel: llama-3.1-8b\n" + strategies + "\n"
        let error = scenarioError("\(strategies)") { _ = try scenario(text) }
        // Purchase terms are another room's list: only the beginning is this room's.
        let expected = message.contains("`terms`") ? String(message.prefix { $0 != ";" }) : message
        #expect(error?.message.hasPrefix(expected) == true, "\(error?.message ?? "")")
    }

    @Test(arguments: [
        ("engine: {max-batched-tokens: 0}", "`max-batched-tokens` must be from 1 to 100000000, not `0`"),
        ("engine: {max-model-length: 1}", "`max-model-length` must be from 2 to 100000000, not `1`"),
        ("engine: {block-size: 1e6}", "`block-size` must be from 1 to 65536, not `1e6`"),
        ("engine: {queue-order: lifo}", "`queue-order` cannot be `lifo`; known are `fcfs`, `priority`"),
        ("engine: {batching: dynamic}", "`batching` cannot be `dynamic`; known are `continuous`, `static`"),
        ("engine: {gpu-memory-utilization: 0}", "`gpu-memory-utilization` must be greater than 0"),
        ("engine: {max_num_seqs: 5}", "unknown key `max_num_seqs` in `engine`"),
        ("engine: 5", "`engine` must be a mapping, not `5`"),
        ("compare: {replications: 0}", "`replications` must be from 1 to 1000, not `0`"),
        ("compare: {repetitions: 4}", "unknown key `repetitions` in `compare`; did you mean `replications`?"),
        ("classes: {a: {slo: {}}}", "`slo` bounds nothing"),
        ("classes: {a: {speed: 1}}", "unknown key `speed` in `a`"),
        ("classes: {a: {priority: 1e9}}", "`priority` must be from -1000000 to 1000000, not `1e9`"),
        ("slo: {itl: {p99: 1 s}}", "unknown key `itl` in `slo`"),
        ("slo: {ttft: {}}", "`ttft` needs a percentile such as `p99: 2 s`"),
        ("slo: {ttft: 2 s}", "`ttft` must be a mapping, not `2 s`"),
        ("seed: -1", "`seed` must be a whole number from 0 to 18446744073709551615, not `-1`"),
        ("tensor-parallel: two", "`tensor-parallel` must be a whole number, not `two`"),
    ])
    func otherPartsAreChecked(more: String, message: String) {
        let error = scenarioError("\(more)") { _ = try scenario(scenarioText(more: more)) }
        #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
        #expect(error?.line == 8)
    }
}

import Primitives
import SimulationCore
import Testing

@testable import Planning

/// What `compare` says of evidence has effect, and is reported.
@Suite struct EvidenceRunTests {
    private static let busy =
        "{synthetic: {arrivals: {rate: 4 /s}, lengths: {input: 300, output: {geometric: {mean: 40}}}, requests: 2400}}"

    private func result(_ compare: String, more: String = "", workload: String = busy) throws -> ScenarioResult {
        try scenario(scenarioText(workload: workload, more: "compare: {\(compare)}\n\(more)")).resolved().run()
    }

    private func estimate(_ name: String, _ result: ScenarioResult) -> Estimate? { result.comparison[0][name] }

    @Test func aFixedWarmUpIsLeftOut() throws {
        let plain = try result("replications: 1")
        let cut = try result("warmup: 60 s")
        let (before, after) = (plain.strategies[0].runs[0], cut.strategies[0].runs[0])
        let early = before.record.latency.e2e.count - after.record.latency.e2e.count
        #expect((180...300).contains(early), "some 4 a second")
        #expect(after.record.latency.itl == before.record.latency.itl && after.metrics.cost == before.metrics.cost)
        #expect(after.metrics.requestsOffered == 2_400 && after.metrics.fingerprint == before.metrics.fingerprint)
        #expect(after.record.classes[0].ttft.count == after.record.latency.ttft.count)
        let note = try #require(cut.assumptions.first { $0.subject == "warm-up of a" })
        #expect(note.value.hasPrefix("\(early) requests") && note.source.contains("1 min"))
        #expect(estimate("ttft_p99_ms", cut) != estimate("ttft_p99_ms", plain))
    }

    @Test func mserFindsAStart() throws {
        let cut = try result("warmup: mser-5")
        let note = try #require(cut.assumptions.first { $0.subject == "warm-up of a" })
        #expect(note.source.contains("MSER-5"))
        let left = 2_400 - cut.strategies[0].runs[0].record.latency.e2e.count
        #expect(note.value.hasPrefix("\(left) requests") && left % 5 == 0 && left <= 1_200)
    }

    @Test func aRunShorterThanItsWarmUpIsSaid() throws {
        let cut = try result("warmup: 5 h")
        #expect(cut.warnings.contains { $0.contains("Not enough evidence that `a` reaches a steady state") })
        #expect(cut.strategies[0].runs[0].record.latency.e2e.count == 2_400, "then nothing is left out")
    }

    @Test func batchesGiveOneRunIntervals() throws {
        let plain = try result("replications: 1")
        let divided = try result("batches: 20")
        #expect(estimate("ttft_p99_ms", plain)?.half == nil)
        for name in ["ttft_p99_ms", "e2e_p99_ms", "slo_attainment"] {
            let (value, half) = (estimate(name, divided)?.mean, estimate(name, divided)?.half)
            #expect(value == estimate(name, plain)?.mean && half != nil, "\(name)")
        }
        #expect(estimate("cost_per_hour_usd", divided)?.half == nil, "one bill has no batches")
        #expect(
            divided.assumptions.contains { $0.subject == "intervals of a" && $0.value.contains("20 batches of 120") })
        let short = try result("batches: 40")
        #expect(
            short.warnings.contains {
                $0.contains("Not enough evidence for intervals of") && $0.contains("ttft_p99_ms")
            })
    }

    @Test func batchesComeAfterTheWarmUp() throws {
        let both = try result("batches: 10, warmup: 60 s")
        let count = both.strategies[0].runs[0].record.latency.e2e.count / 10
        #expect(both.assumptions.contains { $0.value.contains("10 batches of \(count) ") })
    }

    @Test func modelErrorWidensIntervalsAndPairsStrategies() throws {
        let two = "replications: 6"
        let plain = try result(two)
        let wrong = try result("\(two), model-error: true")
        let (narrow, wide) = (estimate("tpot_p99_ms", plain)?.half ?? 0, estimate("tpot_p99_ms", wrong)?.half ?? 0)
        #expect(wide > narrow * 1.5, "\(wide) against \(narrow)")
        #expect(
            wrong.assumptions.contains { $0.subject == "step-time error on L40S" && $0.value.contains("median error") })
        #expect(try result("\(two), model-error: false").comparison == plain.comparison)
        #expect(try result("\(two), model-error: true").comparison == wrong.comparison, "keyed, not consumed")
    }

    /// A fleet on one device meets the same error in every strategy.
    @Test func equalFleetsStayEqual() throws {
        let text = """
            version: 1
            name: twins
            workload: \(Self.busy)
            model: llama-3.1-8b
            strategies:
              - {name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]}
              - {name: b, pools: [{offer: runpod/1x_L40S_SECURE}]}
            compare: {replications: 3, model-error: true}
            """
        let result = try scenario(text).resolved().run()
        #expect(result.comparison[1].difference("ttft_p99_ms") == Estimate(mean: 0, half: 0))
        let factors = Set(result.strategies[0].runs.map(\.metrics.fingerprint))
        #expect(factors.count == 3)
    }

    @Test func boundsWithinTheIntervalAreUndecided() throws {
        let plain = try result("replications: 4")
        let reached = try #require(estimate("ttft_p99_ms", plain))
        let bound = (reached.mean * 1_000).rounded() / 1_000
        let close = try result("replications: 4", more: "slo: {ttft: {p99: \(bound) ms}}")
        #expect(close.warnings.contains { $0.contains("Not enough evidence whether `a` meets TTFT p99") })
        let far = try result("replications: 4", more: "slo: {ttft: {p99: 60 s}}")
        #expect(!far.warnings.contains { $0.contains("Not enough evidence") })
    }

    @Test(arguments: [
        ("batches: 20, replications: 3", "`batches` divides one run"), ("batches: 4", "from 5 to 1000"),
        ("warmup: 0 s", "longer than 0"), ("warmup: mser", "`mser`"), ("model-error: maybe", "`true` or `false`"),
        ("warm-up: 1 s", "`warmup`"),
    ])
    func faultsAreSentences(_ compare: String, _ words: String) {
        let error = scenarioError("\(compare)") { _ = try result(compare) }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    @Test func modelErrorNeedsAStatedError() {
        let error = scenarioError {
            let api = "[{api: {input: 1 $/Mtok, output: 2 $/Mtok, ttft: 1 s, tpot: 20 ms}}]"
            _ = try scenario(scenarioText(pools: api, more: "compare: {model-error: true}")).resolved()
        }
        #expect(error != nil)
    }
}

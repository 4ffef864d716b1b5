import PerformanceModel
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Capacity against queues with known answers, and MLPerf's counts against its published ones.
@Suite struct CapacityTests {
    /// `tests` of MLPerf's early stopping: with no late query, 459 queries prove 99 % at 99 % confidence, since
    /// 0.99^459 ≤ 0.01 < 0.99^458.
    @Test(arguments: [(0.99, 459), (0.9, 44), (0.95, 90), (0.97, 152), (0.999, 4_603)])
    func withoutLateQueriesTheCountIsALogarithm(share: Double, count: Int) {
        #expect(EarlyStopping(onTimeShare: share).queries(late: 0) == UInt64(count))
    }

    /// Against the binomial sum done the long way.
    @Test func countsAreTheSmallestThatProve() {
        for share in [0.9, 0.95, 0.99] {
            let rule = EarlyStopping(onTimeShare: share)
            for late in [UInt64(1), 2, 5, 20] {
                let count = rule.queries(late: late)
                #expect(Self.binomial(late, count, share) <= 0.01)
                #expect(Self.binomial(late, count - 1, share) > 0.01)
                #expect(rule.passes(queries: count, late: late) && !rule.passes(queries: count - 1, late: late))
            }
        }
    }

    private static func binomial(_ late: UInt64, _ count: UInt64, _ share: Double) -> Double {
        var sum = 0.0
        for k in 0...late {
            var term = 1.0
            for j in 0..<k { term *= Double(count - j) / Double(k - j) * (1 - share) }
            for _ in k..<count { term *= share }
            sum += term
        }
        return sum
    }

    /// A tail of a percent among as many queries as MLPerf suggests for it passes with a margin, one of more does not.
    @Test func largeCountsKeepTheirPrecision() {
        let rule = EarlyStopping(onTimeShare: 0.99)
        #expect(rule.passes(queries: 270_336, late: 2_550))
        #expect(!rule.passes(queries: 270_336, late: 2_650))
        #expect(!rule.passes(queries: 270_336, late: 2_704))
        #expect(!rule.passes(queries: 5, late: 5))
    }

    /// The sojourn time of M/D/1 (service `d`, rate `lambda`) is at most `t` with this probability (Erlang's formula).
    private static func sojournShare(_ t: Double, rate lambda: Double, service d: Double) -> Double {
        let wait = t - d
        guard wait >= 0 else { return 0 }
        var sum = 0.0
        for k in 0...Int(wait / d) {
            let x = lambda * (wait - Double(k) * d)
            var term = 1.0
            for j in 0..<k { term *= -x / Double(j + 1) }
            sum += term * Self.exponential(x)
        }
        return (1 - lambda * d) * sum
    }

    private static func exponential(_ x: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for k in 1..<200 {
            term *= x / Double(k)
            sum += term
        }
        return sum
    }

    /// A server that takes 10 ms for every request, Poisson arrivals: the rate at which p of all are done within a bound.
    @Test(arguments: [(60, 0.95, "p95"), (100, 0.95, "p95"), (60, 0.9, "p90")])
    func theCapacityOfASingleServerIsErlangs(bound: Int, quantile: Double, key: String) throws {
        let text = """
            version: 1
            name: queue
            workload: {synthetic: {arrivals: {rate: 50 /s}, lengths: {input: 16, output: 1}, requests: 40000}}
            model: llama-3.1-8b
            slo: {ttft: {\(key): \(bound) ms}}
            strategies: [{name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]}]
            compare: {replications: 6}
            """
        var resolved = try scenario(text).resolved()
        var strategy = resolved.strategies[0]
        strategy.fleet.pools[0].stepCost = LinearStepCost(perStep: 1e7, perPrefillToken: 0)
        strategy.fleet.pools[0].engine.maxSequences = 1
        strategy.fleet.pools[0].engine.maxBatchedTokens = 16
        resolved = ResolvedScenario(
            scenario: resolved.scenario, model: resolved.model, precision: resolved.precision,
            workload: resolved.workload, strategies: [strategy], baseline: "a", replications: 6, assumptions: [],
            warnings: [])
        let found = try #require(try resolved.capacities(RunOptions(threads: 2)).first)
        var (low, high) = (1.0, 99.0)
        for _ in 0..<50 {
            let middle = (low + high) / 2
            let share = Self.sojournShare(Double(bound) / 1_000, rate: middle, service: 0.01)
            if share >= quantile { low = middle } else { high = middle }
        }
        let rate = try #require(found.rate)
        let half = try #require(rate.half)
        // The bisection ends within 0.5 %.
        #expect(abs(rate.mean - low) <= half + low * 0.006, "\(rate) against \(low)")
        #expect(half < low * 0.05)
        let proven = try #require(found.provenRate)
        #expect(proven.mean <= rate.mean && proven.mean > rate.mean * 0.9)
        #expect(found.limits.map(\.text) == ["TTFT \(key) ≤ \(bound) ms"])
        #expect(found.limits.map(\.replications) == [6])
    }

    @Test func tooFewRequestsProveNothing() throws {
        let text = scenarioText(more: "slo: {ttft: {p99: 2 s}}")
        let found = try #require(try scenario(text).resolved().capacities().first)
        #expect(found.rate != nil && found.provenRate == nil)
        #expect(found.requests == 200 && found.requestsNeeded == 459)
        #expect(found.rate?.half == nil, "one replication has no interval")
    }

    @Test func whatNoRateMeetsHasNone() throws {
        let text = scenarioText(more: "slo: {ttft: {p99: 1 ms}}")
        let found = try #require(try scenario(text).resolved().capacities().first)
        #expect(found.rate == nil && found.factor == nil && found.provenRate == nil)
        let error = scenarioError { _ = try scenario(scenarioText()).resolved().capacities() }
        #expect(error?.message.hasPrefix("`slo` is missing") == true)
    }

    @Test func moreReplicasTakeMore() throws {
        let text = strategiesText(
            workload: "{synthetic: {arrivals: {rate: 10 /s}, lengths: {input: 400, output: 60}, requests: 600}}",
            [
                "name: one, pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 1}]",
                "name: two, pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 2}]",
            ],
            more: "slo: {ttft: {p99: 1 s}}\ncompare: {replications: 2}\n")
        let found = try scenario(text).resolved().capacities(RunOptions(threads: 2))
        let rates = found.compactMap(\.rate?.mean)
        #expect(rates.count == 2 && rates[1] > rates[0] * 1.6)
        #expect(try scenario(text).resolved().capacities(RunOptions(threads: 1)) == found)
    }
}

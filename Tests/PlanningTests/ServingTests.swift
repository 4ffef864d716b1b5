import Foundation
import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Synchronization
import Testing

@testable import Planning

/// What settings do to results: each changes what it names, by as much as it says, and nothing else.
@Suite struct ServingTests {
    private let prefixed = """
        {synthetic: {arrivals: {rate: 4 /s}, lengths: {input: 100, output: 20},
          prefix: {groups: 3, tokens: 1600}, requests: 150}}
        """
    private let plain = """
        {synthetic: {arrivals: {process: gamma, cv: 2, rate: 6 /s},
          lengths: {input: {log-normal: {median: 300, sigma: 0.7, to: 3000}}, output: {geometric: {mean: 40}}}, requests: 250}}
        """

    private func result(
        _ workload: String, pools: String = "[{device: L40S, price: 1 $/h, replicas: 2}]", more: String = ""
    ) throws -> ScenarioResult {
        try scenario(scenarioText(workload: workload, pools: pools, more: more)).resolved().run()
    }

    private func only(_ result: ScenarioResult) throws -> StrategyRun {
        try #require(result.strategies.first?.runs.first)
    }

    /// Outcomes of the first run, by request.
    private func outcomes(_ text: String) throws -> [RequestOutcome] {
        let taken = Mutex<[RequestOutcome]>([])
        let options = RunOptions(outcomes: { _ in KeepAll { batch in taken.withLock { $0 += batch } } })
        _ = try scenario(text).resolved().run(options)
        return taken.withLock { $0 }.sorted { $0.id < $1.id }
    }

    private final class KeepAll: OutcomeSink {
        let take: @Sendable ([RequestOutcome]) -> Void
        init(_ take: @escaping @Sendable ([RequestOutcome]) -> Void) { self.take = take }
        func record(_ outcomes: [RequestOutcome]) { take(outcomes) }
        func finish() {}
    }

    @Test func sharedPrefixesAreServedFromTheCache() throws {
        let cached = try only(result(prefixed))
        let without = try only(result(prefixed, more: "engine: {prefix-caching: off}"))
        #expect(cached.record.cachedTokens > 100_000 && without.record.cachedTokens == 0)
        let (with, bare) = (try #require(cached.metrics.ttft.mean), try #require(without.metrics.ttft.mean))
        #expect(with < bare / 2, "\(with) ms against \(bare) ms")
        #expect(cached.metrics.requestsCompleted == without.metrics.requestsCompleted)
        let costs = [cached, without].map { $0.metrics.costPerMillionTokens ?? 0 }
        #expect(costs[0] <= costs[1])
    }

    @Test func aClassesDelayIsAddedThereAndBack() throws {
        let near = try outcomes(scenarioText(workload: plain))
        let far = try outcomes(scenarioText(workload: plain, more: "classes: {default: {network-delay: 15 ms}}"))
        #expect(near.count == 250)
        for (a, b) in zip(near, far) {
            #expect(b.ttft - a.ttft == .milliseconds(30) && b.e2e - a.e2e == .milliseconds(30), "request \(a.id)")
            #expect(b.queue == a.queue && b.network == .milliseconds(30) && a.network == .zero)
        }
    }

    @Test func aPoolsDelayDoesNotChangeItsWork() throws {
        let near = try only(result(plain, pools: "[{device: L40S, price: 1 $/h}]"))
        let far = try only(result(plain, pools: "[{device: L40S, price: 1 $/h, network-delay: 20 ms}]"))
        #expect(far.record.steps == near.record.steps && far.record.replicas[0].busy == near.record.replicas[0].busy)
        let (a, b) = (try #require(near.metrics.ttft.mean), try #require(far.metrics.ttft.mean))
        #expect(abs(b - a - 40) < 1e-6)
    }

    @Test func everyReplicationCanBeRunAgainAlone() throws {
        let text = scenarioText(workload: plain, more: "compare: {replications: 3}")
        let whole = try scenario(text).resolved().run()
        for run in try #require(whole.strategies.first).runs {
            let overrides = ScenarioOverrides(seed: run.metrics.seed, replications: 1)
            let alone = try scenario(text, overrides: overrides).resolved().run()
            #expect(alone.strategies[0].runs[0].metrics.fingerprint == run.metrics.fingerprint)
            #expect(alone.strategies[0].runs[0].record == run.record)
        }
    }

    @Test func theResultsTextRunsToTheSameResult() throws {
        let overrides = ScenarioOverrides(
            settings: ["strategies.0.pools.0.replicas=3", "slo.ttft.p99=900 ms"], seed: 12)
        let first = try scenario(scenarioText(workload: plain), overrides: overrides).resolved().run()
        let again = try scenario(first.text).resolved().run()
        #expect(again.strategies == first.strategies && again.objectives == first.objectives)
    }

    @Test func costsFollowFromPriceAndTime() throws {
        let run = try only(result(plain, pools: "[{device: L40S, price: 3.6 $/h, replicas: 3}]"))
        // Owned machines are billed to the nanosecond: 3.6 $/h is 1e-12 $/ns, three of them for the whole run.
        let span = run.record.end.nanoseconds
        #expect(run.metrics.cost.dollars / (3 * Double(span) * 1e-12) - 1 < 1e-6)
        #expect(abs(run.metrics.instanceHours / run.metrics.hours - 3) < 1e-9)
        let busy = run.record.replicas.reduce(0.0) { $0 + $1.busy.seconds }
        #expect(abs(run.metrics.utilization - busy / (3 * run.record.end.seconds)) < 1e-9)
    }

    @Test func speedWeightedRoutingFillsTheFasterPool() throws {
        let pools = "[{device: L4, price: 1 $/h}, {device: H100-SXM, price: 4 $/h}]"
        let text = scenarioText(workload: plain, pools: pools).replacingOccurrences(
            of: "pools:", with: "router: weighted-by-speed\n    pools:")
        let run = try only(try scenario(text).resolved().run())
        #expect(run.record.replicas[1].completed > 2 * run.record.replicas[0].completed)
    }

    @Test(arguments: [
        "round-robin", "random", "least-outstanding", "power-of-two-choices", "weighted-by-speed", "prefix-aware",
    ])
    func everyRouterServesEveryRequest(router: String) throws {
        let text = scenarioText(workload: prefixed, pools: "[{device: L40S, price: 1 $/h, replicas: 3}]")
            .replacingOccurrences(of: "pools:", with: "router: \(router)\n    pools:")
        let result = try scenario(text).resolved().run()
        #expect(result.strategies[0].router.rawValue == router)
        #expect(try only(result).metrics.requestsCompleted == 150)
        #expect(try scenario(text).resolved().run() == result)
    }

    @Test func priorityIsServedFirst() throws {
        let workload = """
            {synthetic: {arrivals: {rate: 40 /s}, lengths: {input: 800, output: 60}, requests: 400, classes: {fast: {}, slow: {}}}}
            """
        let more = "engine: {queue-order: priority, max-sequences: 8}\nclasses: {slow: {priority: 10}}"
        let record = try only(result(workload, pools: "[{device: L40S, price: 1 $/h}]", more: more)).record
        let means = record.classes.map { $0.ttft.mean ?? 0 }
        #expect(record.classes.map(\.name) == ["fast", "slow"] && means[0] * 3 < means[1], "\(means)")
    }

    @Test func objectivesOfClassesAreJudgedByClass() throws {
        let workload = """
            {synthetic: {arrivals: {rate: 2 /s}, lengths: {input: 400, output: 30}, requests: 100, classes: {a: {}, b: {}}}}
            """
        let loose = try result(workload, more: "slo: {ttft: {p99: 10 s}}\nclasses: {b: {slo: {ttft: {p50: 1 us}}}}")
        #expect(!loose.comparison[0].meetsSLO)
        let checks = loose.checks(of: try only(loose))
        #expect(checks.map(\.isMet) == [true, false] && checks.allSatisfy { $0.reached != nil })
        let metrics = try only(loose).metrics
        let ofA = try only(loose).record.classes[0].offered
        #expect(metrics.sloAttainment == Double(ofA) / 100, "only class a is good")
        #expect(loose.recommendation.closest == "a")
    }

    @Test func tighterBoundsNeverRaiseAttainment() throws {
        var last = 1.1
        for bound in ["10 s", "200 ms", "150 ms", "100 ms", "50 ms", "1 ms"] {
            let metrics = try only(result(plain, more: "slo: {ttft: {p99: \(bound)}}")).metrics
            #expect(metrics.sloAttainment <= last)
            last = metrics.sloAttainment
        }
        #expect(last == 0)
    }

    @Test func tensorParallelReplicasAreFasterPerToken() throws {
        let one = try only(result(plain, pools: "[{device: H100-SXM, price: 1 $/h}]"))
        let two = try only(result(plain, pools: "[{device: H100-SXM, price: 1 $/h, tensor-parallel: 2}]"))
        #expect(try #require(two.metrics.tpot.mean) < #require(one.metrics.tpot.mean))
        #expect(two.record.ledger.rentals.count == 1, "one instance of two accelerators")
    }

    @Test func staticBatchesWaitForEachOther() throws {
        let continuous = try only(result(plain))
        let fixed = try only(result(plain, more: "engine: {batching: static}"))
        #expect(try #require(fixed.metrics.queue.mean) > #require(continuous.metrics.queue.mean))
        #expect(fixed.metrics.requestsCompleted == 250)
    }

    @Test func billsTooLargeForExactMoneyEndTheRunWithASentence() throws {
        let workload = "{synthetic: {arrivals: {rate: 1 /d}, lengths: {input: 10, output: 10}, requests: 400}}"
        let pools = "[{device: H100-SXM, price: 10000 $/h, replicas: 4000}]"
        #expect(throws: RunError.self) { _ = try result(workload, pools: pools) }
    }

    @Test func metricsSurviveBeingStored() throws {
        let result = try result(plain, more: "slo: {ttft: {p99: 1 s}}\ncompare: {replications: 2}")
        let metrics = result.strategies[0].runs.map(\.metrics)
        #expect(try JSONDecoder().decode([RunMetrics].self, from: JSONEncoder().encode(metrics)) == metrics)
        #expect(
            try JSONDecoder().decode([StrategyComparison].self, from: JSONEncoder().encode(result.comparison))
                == result.comparison)
        #expect(
            try JSONDecoder().decode([Assumption].self, from: JSONEncoder().encode(result.assumptions))
                == result.assumptions)
        #expect(
            try JSONDecoder().decode([ServiceObjective].self, from: JSONEncoder().encode(result.objectives))
                == result.objectives)
        #expect(
            try JSONDecoder().decode([PoolSummary].self, from: JSONEncoder().encode(result.strategies[0].pools))
                == result.strategies[0].pools)
    }
}

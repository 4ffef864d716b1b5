import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Cost and latency taken apart add up to the whole: by run to the unit, in the comparison to the last printed digit.
@Suite struct ExactSplitTests {
    private static let pools = """
        [{offer: aws/g6e.xlarge/us-east-1, replicas: {min: 1, max: 4}}, {offer: runpod/1x_L40S_SECURE, replicas: 1}]
            autoscaler: {kind: knative, target: 8}
            start: {provision: 5 s, image-pull: 3 s}
        """

    private static let result = Result {
        let text = scenarioText(
            workload: """
                {synthetic: {arrivals: {process: poisson, spike: {base: 2 /s, peak: 30 /s, start: 60 s, \
                duration: 60 s}}, lengths: {input: {log-normal: {median: 700, sigma: 0.8, from: 16, to: 6000}}, \
                output: {log-normal: {median: 90, sigma: 0.6, from: 2, to: 800}}}, duration: 5 min}}
                """, pools: pools,
            more: """
                  - name: b
                    pools: [{offer: vast/1x-RTX_4090/us, replicas: 3}]
                slo: {ttft: {p99: 1 s}}
                compare: {replications: 3}
                """)
        return try scenario(text).resolved().run(RunOptions(threads: 2))
    }

    @Test func everyRunsPartsAddUpToItsBill() throws {
        for run in try Self.result.get().strategies.flatMap(\.runs) {
            let account = try #require(run.metrics.account)
            #expect(account.cost?.total == run.invoice.total)
            #expect(account.cost?.total == run.metrics.cost)
            #expect(account.priced?.total == run.invoice.total)
            #expect(run.invoice.total == run.invoice.lines.reduce(.zero) { $0 + $1.billedCost })
            let split = try #require(account.cost)
            let total = run.metrics.cost
            #expect(
                split.waste + split[.busy] + split[.idle] + split[.held] + split[.fees] == total, "no other part here")
        }
    }

    @Test func everyRunsLatencyPartsAddUpToItsMean() throws {
        for run in try Self.result.get().strategies.flatMap(\.runs) where run.record.split.total > 0 {
            let parts = try #require(run.metrics.account?.latency)
            #expect(Int128(parts.total.nanoseconds) == run.record.split.total / Int128(run.record.completed))
            #expect(run.record.split.total == run.record.latency.e2e.total)
        }
    }

    /// Means in nano-dollars, read back from what a file would print.
    @Test func comparedPartsAddUpToTheComparedWhole() throws {
        for row in try Self.result.get().comparison {
            func units(_ name: String) throws -> Int64 {
                let mean = try #require(row[name]?.mean)
                let units = (mean * 1e9).rounded()
                #expect(units / 1e9 == mean, "\(name) has at most nine decimals")
                return Int64(units)
            }
            let parts = ExactSplit.cost.names.dropFirst()
            #expect(parts.count == 12)
            #expect(try parts.reduce(0) { try $0 + units($1) } == units("cost_usd"))
        }
    }

    @Test func sumsWithRemaindersAreSharedOut() throws {
        // 10 over three runs of two parts: 1/3 and 3 − 1/3 round to 0 and 3.
        let runs = ([(0, 3), (1, 2), (0, 3)] as [(Int64, Int64)]).map { busy, idle -> RunMetrics in
            var metrics = fakeMetrics()
            var split = CostSplit()
            split[.busy] = Money(nanodollars: busy)
            split[.idle] = Money(nanodollars: idle)
            metrics.account?.cost = split
            return metrics
        }
        let metrics = ExactSplit.cost.metrics(runs, against: nil)
        let values = Dictionary(uniqueKeysWithValues: metrics.map { ($0.name, $0.value?.mean) })
        #expect(values["cost_usd"] == 3e-9)
        #expect(values["cost_busy_usd"] == 0)
        #expect(values["cost_idle_usd"] == 3e-9)
        let difference = ExactSplit.cost.metrics(runs, against: Reference(runs: runs, isPaired: true))
        #expect(difference.allSatisfy { $0.difference == Estimate(mean: 0, half: 0) })
    }

    @Test func aRunWithoutAnAccountHasNoSplit() {
        var metrics = fakeMetrics()
        metrics.account = nil
        #expect(ExactSplit.cost.metrics([metrics], against: nil).allSatisfy { $0.value == nil })
        #expect(ExactSplit.latency.metrics([fakeMetrics()], against: nil).allSatisfy { $0.value == nil })
    }

    @Test func latencyPartsKeepTheirSum() throws {
        var split = LatencySplit()
        (split.network, split.queue, split.prefill, split.decode) = (10, 11, 12, 13)
        let parts = try #require(LatencyParts(split, completed: 7))
        // 46 ÷ 7 = 6: shares 1, 1, 1, 1 and two units to the largest remainders, those of decode and prefill.
        #expect(parts.parts.map(\.time.nanoseconds) == [1, 0, 0, 1, 2, 2])
        #expect(LatencyParts(split, completed: 0) == nil)
        #expect(LatencyParts(LatencySplit(), completed: 7) == nil)
    }
}

/// An hour's figures of one dollar, all of it machines of a hyperscale provider.
func fakeMetrics(cost: Double = 1, hours: Double = 1, market: Market = .hyperscale) -> RunMetrics {
    var record = RunRecord()
    record.offered = 10
    record.completed = 10
    record.good = 10
    record.end = SimulatedTime(nanoseconds: Int64(hours * 3.6e12))
    let identity = RunIdentity(
        scenario: "s", strategy: "a", replication: 0, seed: 1, classes: [], regions: [], replicaPools: [])
    var account = RunAccount(record)
    let money = Money(dollars: cost)
    account.priced = PricedCost()
    account.priced?[market] = money
    var split = CostSplit()
    split[.busy] = money
    account.cost = split
    var metrics = RunMetrics(identity, record: record, invoice: Invoice(), account: account)
    metrics.cost = money
    return metrics
}

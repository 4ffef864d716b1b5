import Primitives
import SimulationCore
import Synchronization
import Testing

@testable import Planning

/// Rows of numbers, and what happens at the edges of a run.
@Suite struct RunMetricsTests {
    /// A row put together from another one's cells is the same row: no two cells are swapped.
    @Test func rowsFromCellsAreEqualToRowsFromRuns() throws {
        let text = scenarioText(
            pools: "[{offer: aws/g6e.xlarge, replicas: 2}]", more: "slo: {ttft: {p99: 60 ms}}\nseed: 3")
        var row = try #require(try scenario(text).resolved().run().strategies[0].runs.first).metrics
        row.replication = 7
        (row.coldStarts, row.interruptions, row.preemptions) = (2, 3, 5)
        (row.goodput, row.throughput, row.sloAttainment) = (0.25, 0.5, 0.125)
        let again = RunMetrics(
            scenario: row.scenario, strategy: row.strategy, replication: row.replication, seed: row.seed,
            requestsOffered: row.requestsOffered, requestsCompleted: row.requestsCompleted,
            requestsFailed: row.requestsFailed, sloAttainment: row.sloAttainment, goodput: row.goodput,
            throughput: row.throughput, outputTokensPerSecond: row.outputTokensPerSecond, ttft: row.ttft,
            tpot: row.tpot, itl: row.itl, e2e: row.e2e, queue: row.queue, cost: row.cost, hours: row.hours,
            costPerMillionTokens: row.costPerMillionTokens, costPerRequest: row.costPerRequest,
            costPerGoodRequest: row.costPerGoodRequest, utilization: row.utilization,
            instanceHours: row.instanceHours, coldStarts: row.coldStarts, interruptions: row.interruptions,
            preemptions: row.preemptions, verdict: row.verdict, verdictReason: row.verdictReason,
            fingerprint: row.fingerprint, account: row.account)
        #expect(again == row)
    }

    @Test func latenciesWithoutARequestAreUnknown() {
        let nothing = LatencyStatistics(LatencyHistogram())
        #expect([nothing.mean, nothing.p50, nothing.p90, nothing.p95, nothing.p99].allSatisfy { $0 == nil })
        var histogram = LatencyHistogram()
        for value in 1...100 as ClosedRange<Int64> { histogram.record(value) }
        let known = LatencyStatistics(histogram)
        // Nearest rank over 1 … 100 ns, exact below 1,024; in milliseconds.
        #expect(known.p50 == 50 / 1e6 && known.p90 == 90 / 1e6 && known.p95 == 95 / 1e6 && known.p99 == 99 / 1e6)
        #expect(known.mean == 50.5 / 1e6)
    }

    @Test func runsOfNothingHaveNoRatios() throws {
        // Some of many replications draw no arrival.
        let rare = "{synthetic: {arrivals: {rate: 0.03 /s}, lengths: {input: 200, output: 30}, duration: 10 s}}"
        let text = scenarioText(workload: rare, more: "compare: {replications: 20}")
        let runs = try scenario(text).resolved().run().strategies[0].runs.map(\.metrics)
        let metrics = try #require(runs.first { $0.requestsOffered == 0 })
        #expect(metrics.costPerRequest == nil && metrics.costPerGoodRequest == nil)
        #expect(metrics.costPerMillionTokens == nil && metrics.throughput == 0 && metrics.sloAttainment == 0)
        #expect(metrics.ttft.p99 == nil && !metrics.utilization.isNaN)
    }

    private final class Unfinished: OutcomeSink {
        struct Fault: Error {}
        func record(_ outcomes: [RequestOutcome]) {}
        func finish() throws { throw Fault() }
    }

    /// What only shows when a file is closed ends the runs as well.
    @Test func sinksThatCannotFinishEndTheRuns() throws {
        let resolved = try scenario(scenarioText()).resolved()
        let options = RunOptions(outcomes: { _ in Unfinished() })
        #expect(throws: Unfinished.Fault.self) { _ = try resolved.run(options) }
        let refusing = RunOptions(outcomes: { _ in throw Unfinished.Fault() })
        #expect(throws: Unfinished.Fault.self) { _ = try resolved.run(refusing) }
    }

    @Test func everyRunSaysWhoItIs() throws {
        let seen = Mutex<[RunIdentity]>([])
        let options = RunOptions(outcomes: { identity in
            seen.withLock { $0.append(identity) }
            return nil
        })
        let text = scenarioText(
            pools: "[{device: L40S, price: 1 $/h, replicas: 2}, {device: L4, price: 1 $/h}]",
            more: "compare: {replications: 2}")
        let resolved = try scenario(text).resolved()
        _ = try resolved.run(options)
        let identities = seen.withLock { $0 }
        #expect(identities.map(\.replication) == [0, 1] && identities.allSatisfy { $0.classes == ["default"] })
        #expect(identities.map(\.seed) == [0, 1].map(resolved.seed(ofReplication:)))
        #expect(identities.allSatisfy { $0.replicaPools == ["L40S", "L40S", "L4"] })
    }
}

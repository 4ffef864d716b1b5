import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// A run with given numbers, for tests of what is made of them.
private struct FakeRun {
    var ttft: [Int64] = [100]
    var failed: UInt64 = 0
    var good: UInt64?
    var cost = 1.0
    var verdict = LoadVerdict.stable

    /// One hour long, latencies in milliseconds.
    func run(_ strategy: String, _ replication: Int) -> StrategyRun {
        var record = RunRecord()
        record.completed = UInt64(ttft.count)
        record.offered = record.completed + failed
        record.good = good ?? record.completed
        record.failures = failed > 0 ? [.tooLong: failed] : [:]
        record.inputTokens = 1_000_000
        for value in ttft {
            record.latency.ttft.record(value * 1_000_000)
            record.latency.tpot.record(value * 100_000)
            record.latency.e2e.record(value * 10_000_000)
        }
        record.end = SimulatedTime(nanoseconds: 3_600_000_000_000)
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        states[Int(InstanceState.idle.rawValue)] = 3_600_000_000_000
        record.ledger = UsageLedger(
            rentals: [Rental(pool: 0, instance: 0, start: .start, end: record.end, states: states)])
        record.verdict = verdict
        let money = Money(dollars: cost)
        let line = InvoiceLine(
            pool: "p", offerID: "o", provider: "v", region: "r", instance: 0, description: "d", start: .start,
            end: record.end, nanoQuantity: 1_000_000_000, listUnitPrice: money, contractedUnitPrice: money,
            billedCost: money, listCost: money, priceObserved: "2026")
        let invoice = Invoice(lines: [line])
        let identity = RunIdentity(
            scenario: "s", strategy: strategy, replication: replication, seed: 1, classes: [], regions: [],
            replicaPools: [])
        return StrategyRun(
            metrics: RunMetrics(identity, record: record, invoice: invoice), record: record, invoice: invoice)
    }
}

private func strategy(_ name: String, _ runs: [FakeRun]) -> StrategyResult {
    StrategyResult(
        name: name, router: .leastOutstanding, pools: [], runs: runs.enumerated().map { $1.run(name, $0) })
}

private func result(_ strategies: [StrategyResult], baseline: String, objectives: [ServiceObjective]) -> ScenarioResult
{
    ScenarioResult(
        name: "s", text: "", workload: "", model: "m", precision: "bf16", objectives: objectives,
        strategies: strategies,
        comparison: StrategyComparison.compare(strategies, baseline: baseline, objectives: objectives), assumptions: [],
        warnings: [], version: "0")
}

private let twoSeconds = [ServiceObjective(quantity: .ttft, quantile: 0.99, bound: .seconds(2))]

@Suite struct ComparisonTests {
    @Test func metricsComeInTheirFixedOrderWithPairedDifferences() throws {
        let strategies = [
            strategy("a", [FakeRun(cost: 4), FakeRun(cost: 6)]), strategy("b", [FakeRun(cost: 3), FakeRun(cost: 4)]),
        ]
        let rows = StrategyComparison.compare(strategies, baseline: "a", objectives: [])
        #expect(
            rows[0].metrics.prefix(7).map(\.name) == [
                "cost_per_hour_usd", "cost_per_million_tokens_usd", "slo_attainment", "ttft_p99_ms", "tpot_p99_ms",
                "e2e_p99_ms", "utilization",
            ])
        #expect(rows[0].isBaseline && rows[0].metrics.allSatisfy { $0.difference == nil })
        #expect(rows[0]["cost_per_hour_usd"]?.mean == 5)
        let difference = try #require(rows[1].difference("cost_per_hour_usd"))
        #expect(difference.mean == -1.5)
        // Differences −1 and −2: s = 0.7071, half = 12.7062 · 0.7071 / √2 = 6.3531.
        #expect(abs(try #require(difference.half) - 6.3531) < 1e-3)
        #expect(rows[1]["cost_per_million_tokens_usd"]?.mean == 3.5)
    }

    @Test func dominatedMeansNoBetterInAnythingAndWorseInSomething() {
        let rows = StrategyComparison.compare(
            [
                strategy("cheap and slow", [FakeRun(ttft: [300], cost: 1)]),
                strategy("dear and fast", [FakeRun(ttft: [100], cost: 3)]),
                strategy("dear and slow", [FakeRun(ttft: [300], cost: 3)]),
                strategy("overloaded", [FakeRun(ttft: [1], cost: 0.5, verdict: .overloaded)]),
                strategy("like the first", [FakeRun(ttft: [300], cost: 1)]),
            ], baseline: "cheap and slow", objectives: [])
        #expect(rows.map(\.dominated) == [false, false, true, false, false])
        #expect(rows[3].verdict == .overloaded)
    }

    @Test func anyOverloadedReplicationMakesTheStrategyOverloaded() {
        let rows = StrategyComparison.compare(
            [
                strategy("a", [FakeRun(), FakeRun(verdict: .backlogged), FakeRun(verdict: .overloaded)]),
                strategy("b", [FakeRun(), FakeRun(verdict: .backlogged), FakeRun()]),
            ], baseline: "a", objectives: [])
        #expect(rows.map(\.verdict) == [.overloaded, .backlogged])
    }

    @Test func objectivesCountFailuresAsSlow() {
        let objective = ServiceObjective(quantity: .ttft, quantile: 0.9, bound: .milliseconds(150))
        func check(_ run: FakeRun) -> ObjectiveCheck {
            ObjectiveCheck(objective, on: run.run("a", 0).record, among: [objective])
        }
        // Nine at 100 ms and one at 500 ms: the ninth of ten is met.
        #expect(check(FakeRun(ttft: Array(repeating: 100, count: 9) + [500])).isMet)
        #expect(!check(FakeRun(ttft: Array(repeating: 100, count: 8) + [500, 500])).isMet)
        // One failure takes the place of the slow one; two push the ninth of ten onto a failure.
        #expect(check(FakeRun(ttft: Array(repeating: 100, count: 9), failed: 1)).isMet)
        let lost = check(FakeRun(ttft: Array(repeating: 100, count: 8), failed: 2))
        #expect(!lost.isMet && lost.reached == nil)
        #expect(check(FakeRun(ttft: [])).isMet, "nothing offered breaks no promise")
    }

    @Test func classesWithOwnBoundsLeaveTheCommonOnes() {
        var record = FakeRun(ttft: [100, 900]).run("a", 0).record
        var chat = ClassRecord(name: "chat")
        chat.ttft.record(100_000_000)
        var batch = ClassRecord(name: "batch")
        batch.ttft.record(900_000_000)
        batch.failed = 1
        record.classes = [chat, batch]
        let common = ServiceObjective(quantity: .ttft, quantile: 0.99, bound: .milliseconds(200))
        let own = ServiceObjective(quantity: .ttft, quantile: 0.5, bound: .seconds(1), requestClass: "batch")
        #expect(!ObjectiveCheck(common, on: record, among: [common]).isMet)
        #expect(ObjectiveCheck(common, on: record, among: [common, own]).isMet)
        #expect(ObjectiveCheck(own, on: record, among: [common, own]).isMet)
        let strict = ServiceObjective(quantity: .ttft, quantile: 0.9, bound: .seconds(1), requestClass: "batch")
        #expect(!ObjectiveCheck(strict, on: record, among: [common, strict]).isMet)
    }

    @Test func metricsDivideByWhatTheySay() {
        var fake = FakeRun(ttft: [100, 100, 100, 100], failed: 1, cost: 2)
        fake.good = 3
        let metrics = fake.run("a", 0).metrics
        #expect(metrics.sloAttainment == 0.6)
        #expect(metrics.goodput == 3.0 / 3_600 && metrics.throughput == 4.0 / 3_600)
        #expect(metrics.costPerMillionTokens == 2 && metrics.costPerRequest == 0.5)
        #expect(metrics.costPerGoodRequest == 2.0 / 3)
        #expect(metrics.hours == 1 && metrics.instanceHours == 1 && metrics.cost == Money(dollars: 2))
        fake.good = 0
        #expect(fake.run("a", 0).metrics.costPerGoodRequest == nil)
    }
}

@Suite struct RecommendationTests {
    @Test func theCheapestThatMeetsTheSLOWins() {
        let answer = result(
            [
                strategy("rented", [FakeRun(cost: 4), FakeRun(cost: 4.2)]),
                strategy("market", [FakeRun(cost: 1), FakeRun(cost: 1.2)]),
                strategy("too slow", [FakeRun(ttft: [5_000], cost: 0.1), FakeRun(ttft: [5_000], cost: 0.1)]),
            ], baseline: "rented", objectives: twoSeconds
        ).recommendation
        #expect(answer.strategy == "market" && answer.isSignificant == true)
        #expect(
            answer.sentence
                == "`market` is the cheapest strategy that meets the SLO at 1.100 $/h (1.100 $/million tokens), "
                + "3.000 $/h (73 %) less than the baseline `rented` (95 % interval 3.000 $/h to 3.000 $/h).")
    }

    @Test func anIntervalAroundZeroIsNoEvidence() {
        let answer = result(
            [
                strategy("rented", [FakeRun(cost: 4), FakeRun(cost: 2)]),
                strategy("market", [FakeRun(cost: 1), FakeRun(cost: 3)]),
            ], baseline: "rented", objectives: twoSeconds
        ).recommendation
        #expect(answer.isSignificant == false)
        #expect(answer.sentence.contains("not enough evidence for a difference: its 95 % interval includes 0"))
    }

    @Test func oneReplicationHasNoInterval() {
        let answer = result(
            [strategy("rented", [FakeRun(cost: 4)]), strategy("market", [FakeRun(cost: 1)])], baseline: "rented",
            objectives: twoSeconds
        ).recommendation
        #expect(answer.isSignificant == nil && answer.sentence.contains("one replication gives no interval"))
    }

    @Test func anOverloadedStrategyNeverWins() {
        let answer = result(
            [strategy("good", [FakeRun(cost: 4)]), strategy("cheap", [FakeRun(cost: 1, verdict: .overloaded)])],
            baseline: "good", objectives: twoSeconds
        ).recommendation
        #expect(answer.strategy == "good" && answer.sentence.hasSuffix("; it is the baseline."))
    }

    @Test func whereNoneMeetsTheSLOTheClosestIsNamed() {
        let slow = FakeRun(ttft: [5_000, 100], good: 1, cost: 1)
        let slower = FakeRun(ttft: [5_000, 5_000], good: 0, cost: 1)
        let answer = result(
            [strategy("slower", [slower]), strategy("slow", [slow])], baseline: "slower", objectives: twoSeconds
        ).recommendation
        #expect(answer.strategy == nil && answer.closest == "slow")
        #expect(
            answer.sentence
                == "No strategy meets the SLO. `slow` comes closest, with 50.00 % of requests within all bounds.")
        let overloaded = result(
            [strategy("a", [FakeRun(verdict: .overloaded)])], baseline: "a", objectives: []
        ).recommendation
        #expect(overloaded.sentence.hasPrefix("Every strategy is overloaded"))
    }

    @Test func aloneOrWithoutAnSLO() {
        let alone = result([strategy("a", [FakeRun(cost: 2)])], baseline: "a", objectives: twoSeconds).recommendation
        #expect(alone.sentence == "`a`, the only strategy, meets the SLO at 2.000 $/h (2.000 $/million tokens).")
        let free = result(
            [strategy("a", [FakeRun(cost: 2)]), strategy("b", [FakeRun(cost: 3)])], baseline: "a", objectives: []
        ).recommendation
        #expect(free.sentence.contains("that keeps up with the load (no SLO is set)"))
    }
}

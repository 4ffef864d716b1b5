import Foundation
import Primitives
import SimulationCore

@testable import Planning
@testable import Pricing

/// Hand-made results, with a value in every field that a store could lose.
enum StoreFixture {
    static func result(
        name: String = "chat", strategies: [String] = ["a", "b"], replications: Int = 2, cost: Int64 = 3_723_000_001
    )
        -> ScenarioResult
    {
        ScenarioResult(
            name: name, text: "version: 1\nname: \(name)\n", workload: "10 requests", model: "llama-3.1-8b",
            precision: "bf16",
            objectives: [
                ServiceObjective(quantity: .ttft, quantile: 0.99, bound: .seconds(2)),
                ServiceObjective(quantity: .e2e, quantile: 0.5, bound: .milliseconds(1_500), requestClass: "batch"),
            ],
            strategies: strategies.map { strategy($0, name, replications, cost) },
            comparison: strategies.map(comparison),
            assumptions: [
                Assumption(
                    subject: "price", value: "1 $/h", source: "list, 2026-10-02", confidence: .published, error: "±0 %"),
                Assumption(subject: "délai 日本 '\"", value: "0 ms", source: "default", confidence: .assumed),
            ], warnings: ["first; DROP TABLE runs", "second"], version: "0.1.0", priceReaders: ["a"])
    }

    private static func strategy(_ name: String, _ scenario: String, _ replications: Int, _ cost: Int64)
        -> StrategyResult
    {
        StrategyResult(
            name: name, router: .prefixAware, pools: [pool("\(name)-1"), pool("\(name)-2")],
            runs: (0..<replications).map { replication in
                let invoice = invoice(cost)
                return StrategyRun(
                    metrics: metrics(scenario, name, replication, invoice), record: RunRecord(), invoice: invoice)
            })
    }

    private static func pool(_ name: String) -> PoolSummary {
        PoolSummary(
            name: name, offerID: "aws/g6e.xlarge/us-east-1", provider: "aws", region: "us-east-1", market: .hyperscale,
            terms: .spot, device: "L40S", replicas: 6, tensorParallel: 2, pipelineParallel: 3,
            pricePerInstanceHour: Money(nanodollars: 1_861_000_000), priceSource: "list", priceObserved: "2026-10-02",
            kvBlocks: 14_200,
            scaling: name.hasSuffix("1")
                ? nil
                : ScalingSummary(
                    autoscaler: "knative", minimum: 0, initial: 2,
                    startup: StartupStages(provision: .seconds(60), imagePull: .seconds(300), warmUp: .seconds(8)),
                    instancesPerReplica: 2))
    }

    private static func invoice(_ cost: Int64) -> Invoice {
        var line = InvoiceLine(
            pool: "p", offerID: "aws/g6e.xlarge/us-east-1", provider: "aws", region: "us-east-1", instance: 4,
            description: "Instance hours", chargeCategory: .purchase, pricingCategory: .dynamic, serviceCategory: .ai,
            start: SimulatedTime(nanoseconds: 17), end: SimulatedTime(nanoseconds: .max - 1),
            nanoQuantity: 1_000_000_001,
            pricingUnit: "GB-Months", listUnitPrice: Money(nanodollars: 2), contractedUnitPrice: Money(nanodollars: 1),
            billedCost: Money(nanodollars: cost), listCost: Money(nanodollars: -5), priceObserved: "2026-10-02",
            metered: SimulatedDuration(nanoseconds: 99))
        let first = line
        line.instance = nil
        line.metered = nil
        line.billedCost = Money(nanodollars: 1)
        // Contracted and effective cost stay what they were; the third is a commitment's.
        var unused = line
        unused.kind = .commitmentWaste
        unused.effectiveCost = Money(nanodollars: 7)
        unused.commitment = CommitmentUse(
            id: "c", name: "one year", type: "Reserved quantity", category: .usage, status: .unused,
            nanoQuantity: 3_000_000_000, unit: "Hours", isPaidInAdvance: true)
        return Invoice(lines: [first, line, unused])
    }

    private static func metrics(_ scenario: String, _ strategy: String, _ replication: Int, _ invoice: Invoice)
        -> RunMetrics
    {
        var histogram = LatencyHistogram()
        for value in [1_234_567, 2_345_678, 98_765_432] as [Int64] { histogram.record(value) }
        return RunMetrics(
            scenario: scenario, strategy: strategy, replication: replication, seed: .max - UInt64(replication),
            requestsOffered: 11, requestsCompleted: 10, requestsFailed: 1, sloAttainment: 1.0 / 3, goodput: 0.1 + 0.2,
            throughput: 1e-17, outputTokensPerSecond: 123_456.789, ttft: LatencyStatistics(histogram),
            tpot: LatencyStatistics(LatencyHistogram()), itl: LatencyStatistics(histogram),
            e2e: LatencyStatistics(histogram),
            queue: LatencyStatistics(histogram), cost: invoice.total, hours: 0.7, costPerMillionTokens: 5.5,
            costPerRequest: nil, costPerGoodRequest: 0.25, utilization: 0.875, instanceHours: 4.2, coldStarts: 1,
            interruptions: 2, preemptions: 3, verdict: .backlogged, verdictReason: "it fell behind",
            fingerprint: 0x8000_0000_0000_0001, account: strategy == "b" ? account : nil)
    }

    private static let account: RunAccount = {
        var record = RunRecord()
        record.good = 7
        record.completed = 10
        record.split.decode = 12_345
        record.classes = [ClassRecord(name: "chat")]
        var account = RunAccount(record)
        var split = CostSplit()
        split[.commitmentWaste] = Money(nanodollars: 17)
        account.cost = split
        account.priced = PricedCost(hyperscale: Money(nanodollars: 5), fixed: Money(nanodollars: 12))
        account.timeBelowSLO = .seconds(90)
        account.longestEpisode = .init(start: .start, end: SimulatedTime(nanoseconds: 90), recovered: true)
        return account
    }()

    private static func comparison(_ name: String) -> StrategyComparison {
        StrategyComparison(
            strategy: name, isBaseline: name == "a", replications: 2,
            metrics: [
                .init(
                    name: "cost_per_hour_usd", value: Estimate(mean: 1.5, half: 0.1),
                    difference: Estimate(mean: -0.5, half: nil)),
                .init(name: "ttft_p99_ms", value: Estimate(mean: 98.7, half: nil), difference: nil),
                .init(name: "tpot_p99_ms", value: nil, difference: nil),
            ], meetsSLO: true, dominated: name == "b", verdict: .backlogged)
    }
}

func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-store-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

import Pricing
import Primitives
import SimulationCore

@testable import Planning

/// Hand-made results: five strategies of which one is best, one dominated, one misses the target, one is overloaded.
enum Fixture {
    struct Shape {
        var name: String
        var offer: String
        var market: Market
        var terms: PurchaseTerms = .onDemand
        var replicas: Int
        var hourly: Int64
        var ttftMedian: Double
        var tpotMedian: Double
        var attainment: Double
        var meets: Bool
        var dominated = false
        var verdict = LoadVerdict.stable
    }

    static let shapes = [
        Shape(
            name: "hyperscale on-demand", offer: "aws/g6e.xlarge/us-east-1", market: .hyperscale, replicas: 6,
            hourly: 1_861_000_000, ttftMedian: 180, tpotMedian: 31, attainment: 0.9987, meets: true, dominated: true),
        Shape(
            name: "marketplace, secure", offer: "runpod/1x_L40S_SECURE", market: .distributed, replicas: 6,
            hourly: 860_000_000, ttftMedian: 195, tpotMedian: 32, attainment: 0.9981, meets: true),
        Shape(
            name: "H100, two large replicas", offer: "lambda/gpu_1x_h100_sxm5/us-west-2", market: .distributed,
            replicas: 2, hourly: 3_290_000_000, ttftMedian: 95, tpotMedian: 14, attainment: 0.9996, meets: true),
        Shape(
            name: "L4 many small", offer: "gcp/g2-standard-8/us-central1", market: .hyperscale, terms: .spot,
            replicas: 10,
            hourly: 342_000_000, ttftMedian: 620, tpotMedian: 88, attainment: 0.871, meets: false),
        Shape(
            name: "two L40S", offer: "vast/1x-L40S", market: .distributed, terms: .interruptible, replicas: 2,
            hourly: 470_000_000, ttftMedian: 61_000, tpotMedian: 96, attainment: 0.042, meets: false,
            verdict: .overloaded),
    ]

    static func result(replications: Int = 3, shapes: [Shape] = shapes, name: String = "chat-8b-two-markets")
        -> ScenarioResult
    {
        ScenarioResult(
            name: name, text: "version: 1\nname: \(name)\nmodel: llama-3.1-8b\n",
            workload: "19,366 requests over 58.4 min from azure-2023-conv.csv", model: "llama-3.1-8b",
            precision: "bf16",
            objectives: [
                ServiceObjective(quantity: .ttft, quantile: 0.99, bound: .seconds(2)),
                ServiceObjective(quantity: .tpot, quantile: 0.99, bound: .milliseconds(100)),
            ],
            strategies: shapes.map { strategy($0, scenario: name, replications: replications) },
            comparison: shapes.enumerated().map { comparison($1, isBaseline: $0 == 0, replications: replications) },
            assumptions: assumptions, warnings: ["12 rows of the trace had no output tokens and were left out."],
            version: "0.1.0")
    }

    static func strategy(_ shape: Shape, scenario: String, replications: Int) -> StrategyResult {
        StrategyResult(
            name: shape.name, router: .leastOutstanding, pools: [pool(shape)],
            runs: (0..<replications).map { run(shape, scenario: scenario, replication: $0) })
    }

    static func pool(_ shape: Shape) -> PoolSummary {
        PoolSummary(
            name: "pool", offerID: shape.offer, provider: String(shape.offer.prefix { $0 != "/" }), region: "us-east-1",
            market: shape.market, terms: shape.terms, device: "L40S", replicas: shape.replicas, tensorParallel: 1,
            pipelineParallel: 1, pricePerInstanceHour: Money(nanodollars: shape.hourly),
            priceSource: "provider's price list", priceObserved: "2026-10-02", kvBlocks: 14_200)
    }

    static func run(_ shape: Shape, scenario: String, replication: Int) -> StrategyRun {
        let record = record(shape, replication: replication)
        let invoice = invoice(shape, end: record.end)
        return StrategyRun(
            metrics: metrics(shape, record, invoice, scenario: scenario, replication: replication), record: record,
            invoice: invoice)
    }

    /// 1,000 requests in 3,600 s over 60 bins of a minute.
    static func record(_ shape: Shape, replication: Int) -> RunRecord {
        var record = RunRecord()
        record.offered = 1_000
        record.completed = 1_000
        record.good = UInt64(shape.attainment * 1_000)
        record.outputTokens = 200_000
        record.end = SimulatedTime(nanoseconds: 3_600_000_000_000)
        record.verdict = shape.verdict
        record.verdictReason =
            shape.verdict == .overloaded ? "At the end 912 requests were waiting, 31 times the mean." : ""
        record.fingerprint = 0xFEDC_BA98_7654_3210 &+ UInt64(replication)
        record.latency = latencies(shape, replication: replication)
        record.timeline = timeline(shape)
        record.replicas = (0..<shape.replicas).map { _ in
            var replica = ReplicaRecord(pool: 0)
            replica.kvBlocks = 1_000
            return replica
        }
        record.ledger = ledger(shape, end: record.end)
        return record
    }

    private static func latencies(_ shape: Shape, replication: Int) -> LatencyRecord {
        var latency = LatencyRecord()
        for step in 1...1_000 {
            let share = (Double(step) - 0.5) / 1_000
            // A skewed spread: 0.4 times the median at the bottom, some 4 times at the top.
            let factor = 0.4 + 0.6 * (share / 0.5) + (share > 0.9 ? (share - 0.9) * 12 : 0)
            let ttft = shape.ttftMedian * factor * (1 + Double(replication) / 100)
            let tpot = shape.tpotMedian * (0.8 + 0.2 * share)
            latency.ttft.record(Int64(ttft * 1e6))
            latency.tpot.record(Int64(tpot * 1e6))
            latency.itl.record(Int64(tpot * 1e6))
            latency.e2e.record(Int64((ttft + 199 * tpot) * 1e6))
            latency.queue.record(Int64(ttft * 0.3 * 1e6))
        }
        return latency
    }

    private static func timeline(_ shape: Shape) -> Timeline {
        let width: Int128 = 60_000_000_000
        return Timeline(
            width: .seconds(60),
            bins: (0..<60).map { minute in
                let wave = Int128(abs(30 - minute))
                var bin = TimelineBin()
                bin.arrivals = UInt64(10 + wave / 2)
                bin.completions = shape.verdict == .overloaded ? 8 : UInt64(10 + wave / 2)
                bin.runningTime = (20 + wave) * width
                bin.waitingTime = shape.verdict == .overloaded ? Int128(minute) * 15 * width : wave * width / 10
                bin.kvBlockTime = (300 + wave * 10) * width * Int128(shape.replicas)
                bin.busyTime = width * Int128(shape.replicas) * (shape.verdict == .overloaded ? 10 : 4 + wave / 10) / 10
                return bin
            })
    }

    private static func ledger(_ shape: Shape, end: SimulatedTime) -> UsageLedger {
        let whole = end.nanoseconds
        let busy = shape.verdict == .overloaded ? whole - 60_000_000_000 : whole / 2
        return UsageLedger(
            rentals: (0..<shape.replicas).map { instance in
                var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
                states[Int(InstanceState.loading.rawValue)] = 60_000_000_000
                states[Int(InstanceState.busy.rawValue)] = busy
                states[Int(InstanceState.idle.rawValue)] = whole - busy - 60_000_000_000
                return Rental(pool: 0, instance: instance, start: .start, end: end, states: states)
            })
    }

    static func invoice(_ shape: Shape, end: SimulatedTime) -> Invoice {
        Invoice(
            lines: (0..<shape.replicas).map { instance in
                let price = Money(nanodollars: shape.hourly)
                let cost = price.scaled(by: end.nanoseconds, over: 3_600_000_000_000)
                return InvoiceLine(
                    pool: "pool", offerID: shape.offer, provider: "aws", region: "us-east-1", instance: instance,
                    description: "Instance hours, on-demand",
                    pricingCategory: shape.terms == .onDemand ? .standard : .dynamic,
                    start: .start, end: end, nanoQuantity: 1_000_000_000, listUnitPrice: price,
                    contractedUnitPrice: price,
                    billedCost: cost, listCost: cost, priceObserved: "2026-10-02")
            })
    }

    private static func metrics(
        _ shape: Shape, _ record: RunRecord, _ invoice: Invoice, scenario: String, replication: Int
    ) -> RunMetrics {
        RunMetrics(
            scenario: scenario, strategy: shape.name, replication: replication,
            seed: 0xFFFF_FFFF_FFFF_FFF0 + UInt64(replication),
            requestsOffered: 1_000, requestsCompleted: 1_000, requestsFailed: 0, sloAttainment: shape.attainment,
            goodput: shape.attainment / 3.6, throughput: 0.25, outputTokensPerSecond: 55.5,
            ttft: LatencyStatistics(record.latency.ttft), tpot: LatencyStatistics(record.latency.tpot),
            itl: LatencyStatistics(record.latency.itl), e2e: LatencyStatistics(record.latency.e2e),
            queue: LatencyStatistics(record.latency.queue), cost: invoice.total, hours: 1,
            costPerMillionTokens: invoice.total.dollars * 5, costPerRequest: invoice.total.dollars / 1_000,
            costPerGoodRequest: nil, utilization: record.utilization, instanceHours: Double(shape.replicas),
            coldStarts: 0,
            interruptions: 0, preemptions: 3, verdict: shape.verdict, verdictReason: record.verdictReason,
            fingerprint: record.fingerprint)
    }

    static func comparison(_ shape: Shape, isBaseline: Bool, replications: Int) -> StrategyComparison {
        let hourly = Double(shape.hourly) * Double(shape.replicas) / 1e9
        let base = Double(shapes[0].hourly) * Double(shapes[0].replicas) / 1e9
        let half: Double? = replications > 1 ? hourly * 0.02 : nil
        func metric(_ name: String, _ mean: Double, _ half: Double?, _ baseline: Double?) -> StrategyComparison.Metric {
            .init(
                name: name, value: Estimate(mean: mean, half: half),
                difference: isBaseline ? nil : baseline.map { Estimate(mean: mean - $0, half: half.map { $0 / 2 }) })
        }
        return StrategyComparison(
            strategy: shape.name, isBaseline: isBaseline, replications: replications,
            metrics: [
                metric("cost_per_hour_usd", hourly, half, base),
                metric("cost_per_million_tokens_usd", hourly * 5, half.map { $0 * 5 }, base * 5),
                metric("slo_attainment", shape.attainment, nil, nil),
                metric("ttft_p99_ms", shape.ttftMedian * 3, replications > 1 ? shape.ttftMedian * 0.1 : nil, nil),
                metric("tpot_p99_ms", shape.tpotMedian, replications > 1 ? shape.tpotMedian * 0.02 : nil, nil),
                metric("utilization", 0.5, nil, nil),
            ], meetsSLO: shape.meets, dominated: shape.dominated, verdict: shape.verdict)
    }

    static func identity(_ strategy: String, _ replication: Int = 0) -> RunIdentity {
        RunIdentity(
            scenario: "s", strategy: strategy, replication: replication, seed: 1, classes: ["chat", "co,de"],
            regions: ["eu"], replicaPools: ["pool"])
    }

    static let assumptions = [
        Assumption(
            subject: "arrivals and token counts", value: "19,366 rows", source: "azure-2023-conv.csv, read in full",
            confidence: .measured),
        Assumption(
            subject: "price of aws/g6e.xlarge/us-east-1", value: "1.861 $/h",
            source: "provider's price list, 2026-10-02",
            confidence: .published),
        Assumption(
            subject: "decode step time on L40S", value: "roofline, 80 % of 864 GB/s", source: "spec sheet, 2023-08",
            confidence: .derived, error: "±12 %"),
        Assumption(subject: "TTFT bound", value: "2 s", source: "scenario", confidence: .given),
        Assumption(
            subject: "network round trip", value: "0 ms", source: "default", confidence: .assumed, error: "unknown"),
    ]

    /// Names that break what is not escaped.
    static let hostile = #"<script>alert("x")</script>&'"# + "\u{1},\r\n=1+1"
}

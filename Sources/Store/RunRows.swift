import Foundation
import GRDB
import Planning
import Pricing
import Primitives
import SimulationCore

/// A run and its invoice as rows.
enum RunRows {
    static func insert(_ run: StrategyRun, of result: Int64, into db: Database) throws {
        let metrics = run.metrics
        let statistics = latencies.flatMap { name, statistics in columns(of: metrics[keyPath: statistics], name) }
        try db.insert("runs", columns(of: metrics, result), statistics)
        let id = db.lastInsertedRowID
        for (position, line) in run.invoice.lines.enumerated() {
            try db.insert("invoice_lines", columns(of: line, position, id))
        }
    }

    static func storedRun(_ row: Row) throws -> StoredRun {
        try StoredRun(
            id: row.get("id"), resultID: row.get("result_id"), created: row.get("created"), metrics: metrics(row))
    }

    static func invoice(of run: Int64, _ db: Database) throws -> Invoice {
        let sql = "SELECT * FROM invoice_lines WHERE run_id = ? ORDER BY position"
        return try Invoice(lines: Row.fetchAll(db, sql: sql, arguments: [run]).map(line))
    }

    // MARK: Runs

    private static let latencies: [(name: String, any WritableKeyPath<RunMetrics, LatencyStatistics> & Sendable)] = [
        ("ttft", \.ttft), ("tpot", \.tpot), ("itl", \.itl), ("e2e", \.e2e), ("queue", \.queue),
    ]

    private static func columns(of statistics: LatencyStatistics, _ name: String) -> [(key: String, value: ColumnValue)]
    {
        [
            ("\(name)_mean_ms", statistics.mean), ("\(name)_p50_ms", statistics.p50),
            ("\(name)_p90_ms", statistics.p90),
            ("\(name)_p95_ms", statistics.p95), ("\(name)_p99_ms", statistics.p99),
        ]
    }

    private static func columns(of run: RunMetrics, _ result: Int64) throws -> Columns {
        try [
            "result_id": result, "scenario": run.scenario, "strategy": run.strategy, "replication": run.replication,
            "seed": Hexadecimal.text(run.seed), "requests_offered": Int64(clamping: run.requestsOffered),
            "requests_completed": Int64(clamping: run.requestsCompleted),
            "requests_failed": Int64(clamping: run.requestsFailed), "slo_attainment": run.sloAttainment,
            "goodput_rps": run.goodput, "throughput_rps": run.throughput,
            "output_tokens_per_second": run.outputTokensPerSecond, "cost_nanodollars": run.cost.nanodollars,
            "hours": run.hours, "cost_per_million_tokens_usd": run.costPerMillionTokens,
            "cost_per_request_usd": run.costPerRequest, "cost_per_good_request_usd": run.costPerGoodRequest,
            "utilization": run.utilization, "instance_hours": run.instanceHours,
            "cold_starts": Int64(clamping: run.coldStarts), "interruptions": Int64(clamping: run.interruptions),
            "preemptions": Int64(clamping: run.preemptions), "verdict": run.verdict.rawValue,
            "verdict_reason": run.verdictReason, "fingerprint": Hexadecimal.text(run.fingerprint),
            "account": run.account.map { try StoredJSON.text($0) },
        ]
    }

    private static func metrics(_ row: Row) throws -> RunMetrics {
        var run = try blank()
        run.scenario = try row.get("scenario")
        run.strategy = try row.get("strategy")
        run.replication = try row.get("replication")
        run.seed = try Hexadecimal.value(row.get("seed"))
        run.requestsOffered = try row.get("requests_offered")
        run.requestsCompleted = try row.get("requests_completed")
        run.requestsFailed = try row.get("requests_failed")
        run.sloAttainment = try row.get("slo_attainment")
        run.goodput = try row.get("goodput_rps")
        run.throughput = try row.get("throughput_rps")
        run.outputTokensPerSecond = try row.get("output_tokens_per_second")
        for (name, statistics) in latencies { run[keyPath: statistics] = try latency(name, row) }
        run.cost = try row.money("cost_nanodollars")
        run.hours = try row.get("hours")
        run.costPerMillionTokens = try row.optional("cost_per_million_tokens_usd")
        run.costPerRequest = try row.optional("cost_per_request_usd")
        run.costPerGoodRequest = try row.optional("cost_per_good_request_usd")
        run.utilization = try row.get("utilization")
        run.instanceHours = try row.get("instance_hours")
        run.coldStarts = try row.get("cold_starts")
        run.interruptions = try row.get("interruptions")
        run.preemptions = try row.get("preemptions")
        run.verdict = try row.named("verdict")
        run.verdictReason = try row.get("verdict_reason")
        run.fingerprint = try Hexadecimal.value(row.get("fingerprint"))
        run.account = try row.optional("account").map { try StoredJSON.value($0) }
        return run
    }

    private static func latency(_ name: String, _ row: Row) throws -> LatencyStatistics {
        var statistics = LatencyStatistics(LatencyHistogram())
        statistics.mean = try row.optional("\(name)_mean_ms")
        statistics.p50 = try row.optional("\(name)_p50_ms")
        statistics.p90 = try row.optional("\(name)_p90_ms")
        statistics.p95 = try row.optional("\(name)_p95_ms")
        statistics.p99 = try row.optional("\(name)_p99_ms")
        return statistics
    }

    /// Metrics of nothing, to be filled in: the type makes itself from a run or from its encoding alone.
    private static func blank() throws -> RunMetrics {
        try JSONDecoder().decode(RunMetrics.self, from: Data(blankJSON.utf8))
    }

    private static let blankJSON = """
        {"scenario": "", "strategy": "", "replication": 0, "seed": 0, "requestsOffered": 0, "requestsCompleted": 0,
        "requestsFailed": 0, "sloAttainment": 0, "goodput": 0, "throughput": 0, "outputTokensPerSecond": 0, "ttft": {},
        "tpot": {}, "itl": {}, "e2e": {}, "queue": {}, "cost": {"nanodollars": 0}, "hours": 0, "utilization": 0,
        "instanceHours": 0, "coldStarts": 0, "interruptions": 0, "preemptions": 0, "verdict": "stable",
        "verdictReason": "", "fingerprint": 0}
        """

    // MARK: Invoice lines

    private static func columns(of line: InvoiceLine, _ position: Int, _ run: Int64) throws -> Columns {
        try [
            "run_id": run, "position": position, "pool": line.pool, "offer_id": line.offerID, "provider": line.provider,
            "region": line.region, "instance": line.instance, "description": line.description,
            "charge_category": line.chargeCategory.rawValue, "pricing_category": line.pricingCategory.rawValue,
            "service_category": line.serviceCategory.rawValue, "start_ns": line.start.nanoseconds,
            "end_ns": line.end.nanoseconds, "quantity_nano": line.nanoQuantity, "pricing_unit": line.pricingUnit,
            "list_unit_price_nanodollars": line.listUnitPrice.nanodollars,
            "contracted_unit_price_nanodollars": line.contractedUnitPrice.nanodollars,
            "billed_cost_nanodollars": line.billedCost.nanodollars, "list_cost_nanodollars": line.listCost.nanodollars,
            "price_observed": line.priceObserved, "metered_ns": line.metered?.nanoseconds,
            "particulars": line.particulars.map { try StoredJSON.text($0) },
        ]
    }

    private static func line(_ row: Row) throws -> InvoiceLine {
        var line = try InvoiceLine(
            pool: row.get("pool"), offerID: row.get("offer_id"), provider: row.get("provider"),
            region: row.get("region"), instance: row.optional("instance"), description: row.get("description"),
            chargeCategory: row.named("charge_category"), pricingCategory: row.named("pricing_category"),
            serviceCategory: row.named("service_category"), start: SimulatedTime(nanoseconds: row.get("start_ns")),
            end: SimulatedTime(nanoseconds: row.get("end_ns")), nanoQuantity: row.get("quantity_nano"),
            pricingUnit: row.get("pricing_unit"), listUnitPrice: row.money("list_unit_price_nanodollars"),
            contractedUnitPrice: row.money("contracted_unit_price_nanodollars"),
            billedCost: row.money("billed_cost_nanodollars"), listCost: row.money("list_cost_nanodollars"),
            priceObserved: row.get("price_observed"),
            metered: row.optional("metered_ns").map(SimulatedDuration.init(nanoseconds:)))
        line.particulars = try row.optional("particulars").map { try StoredJSON.value($0) }
        return line
    }
}

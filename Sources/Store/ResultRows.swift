import GRDB
import Planning
import Pricing
import Primitives
import SimulationCore

/// Columns of one row to insert, in order.
typealias Columns = KeyValuePairs<String, ColumnValue>
typealias ColumnValue = (any DatabaseValueConvertible)?

extension Database {
    /// Inserts one row; the statement is prepared once per table and set of columns.
    func insert(_ table: String, _ columns: Columns, _ more: [(key: String, value: ColumnValue)] = []) throws {
        let columns = columns + more
        let names = columns.map(\.key).joined(separator: ", ")
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        let statement = try cachedStatement(sql: "INSERT INTO \(table) (\(names)) VALUES (\(marks))")
        try statement.execute(arguments: StatementArguments(columns.map(\.value)))
    }
}

extension Row {
    /// The column's value.
    /// - Throws: `RowDecodingError` where the column holds something else.
    func get<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: String) throws -> Value {
        try decode(Value.self, forColumn: column)
    }

    /// The column's value, or `nil` for NULL.
    func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: String) throws -> Value? {
        try decode(Value?.self, forColumn: column)
    }

    /// A value stored by its raw text.
    /// - Throws: ``RowError`` where no case has that text.
    func named<Value: RawRepresentable>(_ column: String) throws -> Value where Value.RawValue == String {
        let text: String = try get(column)
        guard let value = Value(rawValue: text) else { throw RowError.unexpected(text) }
        return value
    }

    func money(_ column: String) throws -> Money { Money(nanodollars: try get(column)) }
}

/// A scenario result as rows, apart from its runs.
enum ResultRows {
    /// Inserts the result and everything in it.
    /// - Returns: its number.
    static func insert(_ result: ScenarioResult, created: String, digest: String, into db: Database) throws -> Int64 {
        try db.insert(
            "results",
            [
                "created": created, "scenario": result.name, "text": result.text, "workload": result.workload,
                "model": result.model, "precision": result.precision, "version": result.version, "digest": digest,
                "price_readers": result.priceReaders.map { try StoredJSON.text($0) },
            ])
        let id = db.lastInsertedRowID
        try insertContext(of: result, id, db)
        for (position, row) in result.comparison.enumerated() { try insert(row, position, of: id, db) }
        for strategy in result.strategies {
            for (position, pool) in strategy.pools.enumerated() {
                try insert(pool, position, of: strategy, in: id, db)
            }
            for run in strategy.runs { try RunRows.insert(run, of: id, into: db) }
        }
        return id
    }

    private static func insertContext(of result: ScenarioResult, _ id: Int64, _ db: Database) throws {
        for (position, objective) in result.objectives.enumerated() {
            try db.insert(
                "objectives",
                [
                    "result_id": id, "position": position, "quantity": objective.quantity.rawValue,
                    "quantile": objective.quantile, "bound_ns": objective.bound.nanoseconds,
                    "request_class": objective.requestClass,
                ])
        }
        for (position, warning) in result.warnings.enumerated() {
            try db.insert("warnings", ["result_id": id, "position": position, "text": warning])
        }
        for (position, assumption) in result.assumptions.enumerated() {
            try db.insert(
                "assumptions",
                [
                    "result_id": id, "position": position, "subject": assumption.subject, "value": assumption.value,
                    "source": assumption.source, "confidence": assumption.confidence.rawValue,
                    "error": assumption.error,
                ])
        }
    }

    private static func insert(_ row: StrategyComparison, _ position: Int, of id: Int64, _ db: Database) throws {
        try db.insert(
            "comparisons",
            [
                "result_id": id, "position": position, "strategy": row.strategy, "is_baseline": row.isBaseline,
                "replications": row.replications, "meets_slo": row.meetsSLO, "dominated": row.dominated,
                "verdict": row.verdict.rawValue,
            ])
        for (index, metric) in row.metrics.enumerated() {
            try db.insert(
                "comparison_metrics",
                [
                    "result_id": id, "comparison": position, "position": index, "name": metric.name,
                    "mean": metric.value?.mean, "half": metric.value?.half,
                    "difference_mean": metric.difference?.mean, "difference_half": metric.difference?.half,
                ])
        }
    }

    private static func insert(
        _ pool: PoolSummary, _ position: Int, of strategy: StrategyResult, in id: Int64, _ db: Database
    ) throws {
        try db.insert(
            "pools",
            [
                "result_id": id, "strategy": strategy.name, "router": strategy.router.rawValue, "position": position,
                "name": pool.name, "offer_id": pool.offerID, "provider": pool.provider, "region": pool.region,
                "market": pool.market.rawValue, "terms": pool.terms.rawValue, "device": pool.device,
                "replicas": pool.replicas, "tensor_parallel": pool.tensorParallel,
                "pipeline_parallel": pool.pipelineParallel,
                "price_nanodollars": pool.pricePerInstanceHour.nanodollars, "price_source": pool.priceSource,
                "price_observed": pool.priceObserved, "kv_blocks": pool.kvBlocks,
                "scaling": pool.scaling.map { try StoredJSON.text($0) },
            ])
    }

    // MARK: Reading

    static func result(_ id: Int64, _ db: Database) throws -> StoredResult {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM results WHERE id = ?", arguments: [id]) else {
            throw RowError.unexpected("result \(id)")
        }
        return try StoredResult(
            id: id, created: row.get("created"), name: row.get("scenario"), text: row.get("text"),
            workload: row.get("workload"), model: row.get("model"), precision: row.get("precision"),
            version: row.get("version"), objectives: rows("objectives", of: id, db).map(objective),
            assumptions: rows("assumptions", of: id, db).map(assumption),
            warnings: rows("warnings", of: id, db).map { try $0.get("text") }, comparison: comparison(of: id, db),
            priceReaders: row.optional("price_readers").map { try StoredJSON.value($0) })
    }

    static func pools(of id: Int64, strategy: String, _ db: Database) throws -> [PoolSummary] {
        try rows("pools", of: id, db).filter { try $0.get("strategy") == strategy }.map(pool)
    }

    /// How requests found a replica of the strategy.
    static func router(of id: Int64, strategy: String, _ db: Database) throws -> RouterPolicy {
        guard let row = try rows("pools", of: id, db).first(where: { try $0.get("strategy") == strategy }) else {
            throw RowError.unexpected("no pools of \(strategy)")
        }
        return try row.named("router")
    }

    private static func rows(_ table: String, of id: Int64, _ db: Database) throws -> [Row] {
        try Row.fetchAll(db, sql: "SELECT * FROM \(table) WHERE result_id = ? ORDER BY position", arguments: [id])
    }

    private static func objective(_ row: Row) throws -> ServiceObjective {
        try ServiceObjective(
            quantity: row.named("quantity"), quantile: row.get("quantile"),
            bound: SimulatedDuration(nanoseconds: row.get("bound_ns")), requestClass: row.optional("request_class"))
    }

    private static func assumption(_ row: Row) throws -> Assumption {
        try Assumption(
            subject: row.get("subject"), value: row.get("value"), source: row.get("source"),
            confidence: row.named("confidence"), error: row.optional("error"))
    }

    private static func comparison(of id: Int64, _ db: Database) throws -> [StrategyComparison] {
        let metrics = try rows("comparison_metrics", of: id, db)
        return try rows("comparisons", of: id, db).map { row in
            let position: Int = try row.get("position")
            return try StrategyComparison(
                strategy: row.get("strategy"), isBaseline: row.get("is_baseline"),
                replications: row.get("replications"),
                metrics: metrics.filter { try $0.get("comparison") == position }.map(metric),
                meetsSLO: row.get("meets_slo"), dominated: row.get("dominated"), verdict: row.named("verdict"))
        }
    }

    private static func metric(_ row: Row) throws -> StrategyComparison.Metric {
        func estimate(_ mean: String, _ half: String) throws -> Estimate? {
            try row.optional(mean).map { Estimate(mean: $0, half: try row.optional(half)) }
        }
        return try .init(
            name: row.get("name"), value: estimate("mean", "half"),
            difference: estimate("difference_mean", "difference_half"))
    }

    private static func pool(_ row: Row) throws -> PoolSummary {
        try PoolSummary(
            name: row.get("name"), offerID: row.get("offer_id"), provider: row.get("provider"),
            region: row.get("region"), market: row.named("market"), terms: row.named("terms"),
            device: row.get("device"), replicas: row.get("replicas"), tensorParallel: row.get("tensor_parallel"),
            pipelineParallel: row.get("pipeline_parallel"), pricePerInstanceHour: row.money("price_nanodollars"),
            priceSource: row.get("price_source"), priceObserved: row.get("price_observed"),
            kvBlocks: row.get("kv_blocks"), scaling: row.optional("scaling").map { try StoredJSON.value($0) })
    }
}

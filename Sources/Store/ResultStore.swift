import Foundation
import GRDB
public import Planning
import Primitives

/// The runs of all scenarios in one SQLite file, `isocost.sqlite`.
///
/// Crash-safe: a result is saved in one transaction, in write-ahead mode with full synchronisation; after a crash or a
/// power cut it is there whole or not at all. Several processes may use a file at once; a writer waits up to five
/// seconds for another. Not stored: histograms, timelines and per-request rows, which a run's seed brings back.
public final class ResultStore: Sendable {
    /// The database's path.
    public let path: String
    private let database: DatabaseQueue
    /// Opened to read. SQLite's own switch would not do: GRDB turns `query_only` off after each read.
    private let isReader: Bool

    /// Opens the file, or makes it, and brings its schema up to date. Its folder must exist.
    /// - Throws: ``StoreError``.
    public init(path: String) throws {
        self.path = path
        isReader = false
        database = try Self.opened(path)
    }

    /// Seconds that a writer waits for another.
    private static let patience = 5.0

    /// Where several turn a new file to write-ahead mode at once, SQLite sends all but one away without a wait; they come
    /// again.
    private static func opened(_ path: String) throws -> DatabaseQueue {
        let deadline = ContinuousClock.now + .seconds(patience)
        while true {
            do {
                return try StoreError.reporting(path) {
                    let database = try DatabaseQueue(path: path, configuration: configuration)
                    try Migrations.migrate(database, path: path)
                    return database
                }
            } catch {
                guard error.reason == .busy, ContinuousClock.now < deadline else { throw error }
                Thread.sleep(forTimeInterval: 0.005)
            }
        }
    }

    /// Opens an existing file to read it. Nothing is written and nothing is made; only what a writer had committed
    /// before it crashed is moved into the file, by SQLite.
    ///
    /// A file of an older version is brought up to date in memory. Where the folder cannot be written either, the file
    /// is read as it stands.
    /// - Throws: ``StoreError``.
    public convenience init(reading path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        // A log beside the file holds what the file lacks: then it cannot be read alone.
        let isAlone = !FileManager.default.fileExists(atPath: path + "-wal")
        try self.init(reading: path, isSealed: isAlone && !FileManager.default.isWritableFile(atPath: folder))
    }

    /// - Parameter isSealed: the file cannot change while it is read, and no file can be made beside it.
    init(reading path: String, isSealed: Bool) throws {
        self.path = path
        isReader = true
        database = try StoreError.reporting(path) {
            guard FileManager.default.fileExists(atPath: path) else {
                throw StoreError(path: path, reason: .unwritable)
            }
            let database = try isSealed ? Self.sealed(path) : Self.reader(path)
            if try Migrations.areComplete(database, path: path) { return database }
            let copy = try DatabaseQueue()
            try database.backup(to: copy)
            try database.close()
            try Migrations.migrate(copy, path: path)
            return copy
        }
    }

    /// Opened like a writer, that writes nothing: a read-only connection would leave SQLite's side files behind.
    private static func reader(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(patience)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Opened without locks and side files, which needs SQLite's file names as URIs.
    private static func sealed(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        let address = URL(fileURLWithPath: path).absoluteString + "?immutable=1"
        return try DatabaseQueue(path: address, configuration: configuration)
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(patience)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        return configuration
    }

    /// Closes the file, which happens anyway when the store is let go.
    /// - Throws: ``StoreError``.
    public func close() throws { try StoreError.reporting(path) { try database.close() } }

    /// Stores a result with its runs, invoices, assumptions and comparison, in one transaction.
    ///
    /// Idempotent: a result with the same scenario text, version and metrics (seeds and fingerprints included) as a
    /// stored one is that one; nothing is written, and the earlier numbers are returned.
    /// - Parameter created: the time to list it under, e.g. `2026-11-24T09:30:00Z`; not interpreted.
    /// - Throws: ``StoreError``; nothing of the result is stored then. Always, where the store was opened to read.
    @discardableResult
    public func save(_ result: ScenarioResult, created: String) throws -> SavedResult {
        guard !isReader else { throw StoreError(path: path, reason: .unwritable) }
        return try StoreError.reporting(path) {
            let digest = try Self.digest(of: result)
            return try database.write { db in
                if let known = try Int64.fetchOne(
                    db, sql: "SELECT id FROM results WHERE digest = ?", arguments: [digest])
                {
                    return try SavedResult(resultID: known, runIDs: Self.runIDs(of: known, db), wasKnown: true)
                }
                let id = try ResultRows.insert(result, created: created, digest: digest, into: db)
                return try SavedResult(resultID: id, runIDs: Self.runIDs(of: id, db), wasKnown: false)
            }
        }
    }

    /// All runs, the latest result first; within a result strategies in order, replications within them.
    /// - Throws: ``StoreError``.
    public func list() throws -> [StoredRun] {
        try reading { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT runs.*, results.created FROM runs JOIN results ON results.id = runs.result_id
                    ORDER BY runs.result_id DESC, runs.id
                    """
            ).map(RunRows.storedRun)
        }
    }

    /// Everything stored of one run.
    /// - Throws: ``StoreError``, with `unknownRun` where no run has this number.
    public func run(id: Int64) throws -> StoredRunDetail {
        try reading { db in
            let sql = """
                SELECT runs.*, results.created FROM runs JOIN results ON results.id = runs.result_id WHERE runs.id = ?
                """
            guard let row = try Row.fetchOne(db, sql: sql, arguments: [id]) else {
                throw StoreError(path: path, reason: .unknownRun(id))
            }
            let run = try RunRows.storedRun(row)
            return try StoredRunDetail(
                run: run, invoice: RunRows.invoice(of: id, db),
                router: ResultRows.router(of: run.resultID, strategy: run.metrics.strategy, db),
                pools: ResultRows.pools(of: run.resultID, strategy: run.metrics.strategy, db),
                result: ResultRows.result(run.resultID, db))
        }
    }

    /// The runs of one result, strategies in order, replications within them.
    /// - Throws: ``StoreError``.
    public func runs(ofResult id: Int64) throws -> [StoredRunDetail] {
        try reading { try Self.runIDs(of: id, $0) }.map(run)
    }

    private func reading<Value>(_ body: (Database) throws -> Value) throws -> Value {
        try StoreError.reporting(path) { try database.read(body) }
    }

    private static func runIDs(of result: Int64, _ db: Database) throws -> [Int64] {
        try Int64.fetchAll(db, sql: "SELECT id FROM runs WHERE result_id = ? ORDER BY id", arguments: [result])
    }

    /// A hash over what makes two results the same one.
    private static func digest(of result: ScenarioResult) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let metrics = try encoder.encode(result.strategies.flatMap(\.runs).map(\.metrics))
        let parts = [Data(result.text.utf8), Data(result.version.utf8), metrics].map { stableHash($0) }
        return Hexadecimal.text(parts.reduce(0, combineHashes))
    }
}

/// 64-bit values as 16 hexadecimal digits.
enum Hexadecimal {
    static func text(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// - Throws: ``RowError`` where the text is no such number.
    static func value(_ text: String) throws -> UInt64 {
        guard text.utf8.count == 16, let value = UInt64(text, radix: 16) else { throw RowError.unexpected(text) }
        return value
    }
}

/// Small values kept as JSON text.
enum StoredJSON {
    static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// - Throws: ``RowError`` where the text is no such value.
    static func value<Value: Decodable>(_ text: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw RowError.unexpected(text)
        }
    }
}

/// A stored value that this version never writes.
enum RowError: Error { case unexpected(String) }

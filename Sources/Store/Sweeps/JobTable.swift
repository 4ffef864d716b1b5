import Foundation
import GRDB
public import Planning
import Primitives

/// The jobs of one sweep that are finished, in a SQLite file of its own.
///
/// Crash-safe: an outcome is written in one transaction, in write-ahead mode with full synchronisation, so a job is
/// finished or it is not, wherever the process is killed. Idempotent: the first outcome of a job stays. Several threads
/// and processes may write to one table.
public final class JobTable: Sendable {
    /// The database's path.
    public let path: String
    private let database: DatabaseQueue

    /// What is to become of a table that is there already.
    public enum Opening: Sendable {
        /// Go on with it; it must be of the same sweep.
        case resume
        /// Begin anew; a table that is not finished is not thrown away.
        case anew
        /// Begin anew whatever is there.
        case discard
    }

    /// What merging outcomes did.
    public struct Merge: Sendable, Equatable {
        /// Outcomes that were new.
        public var added = 0
        /// Outcomes of jobs that were finished already.
        public var repeated = 0
        /// Of those, how many differ from the one kept: found on another kind of processor, say.
        public var different = 0
        /// Nothing yet.
        public init() {}
    }

    /// Opens the table of `sweep` at `path`, or makes it. Its folder must exist.
    /// - Throws: ``StoreError``, with `otherSweep` where the table is of another sweep and to be resumed, and with
    ///   `unfinishedSweep` where it is unfinished and was not to be.
    public init(path: String, of sweep: Sweep, _ opening: Opening) throws {
        self.path = path
        if opening != .resume, FileManager.default.fileExists(atPath: path) {
            if opening == .anew { try Self.checkFinished(path) }
            try Self.remove(path)
        }
        database = try StoreError.reporting(path) {
            var configuration = Configuration()
            configuration.journalMode = .wal
            configuration.busyMode = .timeout(10)
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let database = try DatabaseQueue(path: path, configuration: configuration)
            try database.write { db in
                try Self.create(db)
                try db.execute(
                    sql: "INSERT OR IGNORE INTO sweep (id, scenario, digest, jobs, version) VALUES (1, ?, ?, ?, ?)",
                    arguments: [
                        sweep.scenario.name, Hexadecimal.text(sweep.digest), sweep.jobs.count, isocostVersion,
                    ])
                let digest = try String.fetchOne(db, sql: "SELECT digest FROM sweep")
                guard digest == Hexadecimal.text(sweep.digest) else {
                    throw StoreError(path: path, reason: .otherSweep)
                }
            }
            return database
        }
    }

    private static func create(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS sweep (
                    id INTEGER PRIMARY KEY CHECK (id = 1),
                    scenario TEXT NOT NULL,
                    digest TEXT NOT NULL,
                    jobs INTEGER NOT NULL,
                    version TEXT NOT NULL
                ) STRICT
                """)
        // A job without a row is still to be done. `outcome` is JSON of a `SweepOutcome`.
        try db.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS jobs (
                    number INTEGER PRIMARY KEY,
                    state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
                    outcome TEXT NOT NULL
                ) STRICT
                """)
    }

    /// - Throws: ``StoreError`` with `unfinishedSweep`. What cannot be read as a table holds nothing worth keeping.
    private static func checkFinished(_ path: String) throws {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let counts = try? DatabaseQueue(path: path, configuration: configuration).read { db in
            (
                try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM jobs") ?? 0,
                try Int.fetchOne(db, sql: "SELECT jobs FROM sweep") ?? 0
            )
        }
        if let (done, jobs) = counts, done > 0, done < jobs {
            throw StoreError(path: path, reason: .unfinishedSweep(done: done, jobs: jobs))
        }
    }

    private static func remove(_ path: String) throws {
        for file in [path + "-wal", path + "-shm", path] where unlink(file) != 0 && errno != ENOENT {
            throw StoreError(path: path, reason: .unwritable)
        }
    }

    /// Keeps an outcome, unless its job has one.
    /// - Throws: ``StoreError``; nothing is kept then.
    public func record(_ outcome: SweepOutcome) throws { _ = try merge([outcome]) }

    /// Keeps the outcomes of jobs that have none, in one transaction.
    /// - Throws: ``StoreError``; none of them is kept then.
    @discardableResult
    public func merge(_ outcomes: [SweepOutcome]) throws -> Merge {
        try StoreError.reporting(path) {
            let rows = try outcomes.map { ($0.job, $0.failure == nil ? "done" : "failed", try StoredJSON.text($0)) }
            return try database.write { db in
                var merge = Merge()
                let insert = try db.cachedStatement(
                    sql: "INSERT OR IGNORE INTO jobs (number, state, outcome) VALUES (?, ?, ?)")
                for (number, state, text) in rows {
                    try insert.execute(arguments: [number, state, text])
                    guard db.changesCount == 0 else {
                        merge.added += 1
                        continue
                    }
                    merge.repeated += 1
                    let kept = try String.fetchOne(
                        db, sql: "SELECT outcome FROM jobs WHERE number = ?", arguments: [number])
                    if kept != text { merge.different += 1 }
                }
                return merge
            }
        }
    }

    /// Numbers of the jobs that are finished.
    /// - Throws: ``StoreError``.
    public func finished() throws -> Set<Int> {
        try StoreError.reporting(path) {
            try database.read { try Int.fetchSet($0, sql: "SELECT number FROM jobs") }
        }
    }

    /// Every outcome, in order of jobs.
    /// - Throws: ``StoreError``.
    public func outcomes() throws -> [SweepOutcome] {
        try StoreError.reporting(path) {
            try database.read { try String.fetchAll($0, sql: "SELECT outcome FROM jobs ORDER BY number") }
                .map { try StoredJSON.value($0) }
        }
    }

    /// Closes the file, which happens anyway when the table is let go.
    /// - Throws: ``StoreError``.
    public func close() throws { try StoreError.reporting(path) { try database.close() } }
}

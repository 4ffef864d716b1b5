import Foundation
import GRDB

/// The schema's history. A migration that was released is never edited; a change is a new one at the end. GRDB keeps
/// the names of those applied in `grdb_migrations`.
enum Migrations {
    /// All of them, in order.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 results") { db in
            for statement in firstSchema { try db.execute(sql: statement) }
        }
        // JSON of a `ScalingSummary`; NULL where the number of replicas is fixed.
        migrator.registerMigration("2 scaling") { try $0.execute(sql: "ALTER TABLE pools ADD COLUMN scaling TEXT") }
        // JSON of a `RunAccount`, of the names of strategies whose policies read prices (NULL where not known), and of
        // what an invoice line says beyond its columns (NULL where nothing).
        migrator.registerMigration("3 accounts") { db in
            try db.execute(sql: "ALTER TABLE runs ADD COLUMN account TEXT")
            try db.execute(sql: "ALTER TABLE results ADD COLUMN price_readers TEXT")
            try db.execute(sql: "ALTER TABLE invoice_lines ADD COLUMN particulars TEXT")
        }
        return migrator
    }

    /// Whether nothing is left to migrate.
    static func areComplete(_ database: DatabaseQueue, path: String) throws -> Bool {
        if try database.read(migrator.hasBeenSuperseded) { throw StoreError(path: path, reason: .newerSchema) }
        return try database.read(migrator.hasCompletedMigrations)
    }

    /// Brings the database up to date. Several processes may meet at a new file: one migrates, the others wait for up to
    /// two seconds until they find it done.
    static func migrate(_ database: DatabaseQueue, path: String) throws {
        var attempts = 0
        while true {
            do {
                if try !areComplete(database, path: path) { try migrator.migrate(database) }
                return
            } catch let error as DatabaseError where attempts < 80 && isAnotherAtIt(error) {
                attempts += 1
                usleep(25_000)
            }
        }
    }

    /// Whether the error is what one sees of a file that somebody else is migrating: locked, or half of its schema.
    private static func isAnotherAtIt(_ error: DatabaseError) -> Bool {
        [.SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_SCHEMA, .SQLITE_ERROR].contains(error.resultCode)
    }

    // Money is nano-dollars, time nanoseconds. 64-bit seeds, fingerprints and digests do not fit SQLite's signed
    // integers and are 16 hexadecimal digits. `position` keeps the order of the values saved.
    private static let firstSchema = [
        """
        CREATE TABLE results (
            id INTEGER PRIMARY KEY,
            created TEXT NOT NULL,
            scenario TEXT NOT NULL,
            text TEXT NOT NULL,
            workload TEXT NOT NULL,
            model TEXT NOT NULL,
            precision TEXT NOT NULL,
            version TEXT NOT NULL,
            digest TEXT NOT NULL UNIQUE
        ) STRICT
        """,
        """
        CREATE TABLE objectives (
            result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
            position INTEGER NOT NULL,
            quantity TEXT NOT NULL,
            quantile REAL NOT NULL,
            bound_ns INTEGER NOT NULL,
            request_class TEXT,
            PRIMARY KEY (result_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE warnings (
            result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
            position INTEGER NOT NULL,
            text TEXT NOT NULL,
            PRIMARY KEY (result_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE assumptions (
            result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
            position INTEGER NOT NULL,
            subject TEXT NOT NULL,
            value TEXT NOT NULL,
            source TEXT NOT NULL,
            confidence TEXT NOT NULL,
            error TEXT,
            PRIMARY KEY (result_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE comparisons (
            result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
            position INTEGER NOT NULL,
            strategy TEXT NOT NULL,
            is_baseline INTEGER NOT NULL,
            replications INTEGER NOT NULL,
            meets_slo INTEGER NOT NULL,
            dominated INTEGER NOT NULL,
            verdict TEXT NOT NULL,
            PRIMARY KEY (result_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE comparison_metrics (
            result_id INTEGER NOT NULL,
            comparison INTEGER NOT NULL,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            mean REAL,
            half REAL,
            difference_mean REAL,
            difference_half REAL,
            PRIMARY KEY (result_id, comparison, position),
            FOREIGN KEY (result_id, comparison) REFERENCES comparisons (result_id, position) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE pools (
            result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
            strategy TEXT NOT NULL,
            router TEXT NOT NULL,
            position INTEGER NOT NULL,
            name TEXT NOT NULL,
            offer_id TEXT NOT NULL,
            provider TEXT NOT NULL,
            region TEXT NOT NULL,
            market TEXT NOT NULL,
            terms TEXT NOT NULL,
            device TEXT NOT NULL,
            replicas INTEGER NOT NULL,
            tensor_parallel INTEGER NOT NULL,
            pipeline_parallel INTEGER NOT NULL,
            price_nanodollars INTEGER NOT NULL,
            price_source TEXT NOT NULL,
            price_observed TEXT NOT NULL,
            kv_blocks INTEGER NOT NULL,
            PRIMARY KEY (result_id, strategy, position)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            result_id INTEGER NOT NULL REFERENCES results ON DELETE CASCADE,
            scenario TEXT NOT NULL,
            strategy TEXT NOT NULL,
            replication INTEGER NOT NULL,
            seed TEXT NOT NULL,
            requests_offered INTEGER NOT NULL,
            requests_completed INTEGER NOT NULL,
            requests_failed INTEGER NOT NULL,
            slo_attainment REAL NOT NULL,
            goodput_rps REAL NOT NULL,
            throughput_rps REAL NOT NULL,
            output_tokens_per_second REAL NOT NULL,
            ttft_mean_ms REAL, ttft_p50_ms REAL, ttft_p90_ms REAL, ttft_p95_ms REAL, ttft_p99_ms REAL,
            tpot_mean_ms REAL, tpot_p50_ms REAL, tpot_p90_ms REAL, tpot_p95_ms REAL, tpot_p99_ms REAL,
            itl_mean_ms REAL, itl_p50_ms REAL, itl_p90_ms REAL, itl_p95_ms REAL, itl_p99_ms REAL,
            e2e_mean_ms REAL, e2e_p50_ms REAL, e2e_p90_ms REAL, e2e_p95_ms REAL, e2e_p99_ms REAL,
            queue_mean_ms REAL, queue_p50_ms REAL, queue_p90_ms REAL, queue_p95_ms REAL, queue_p99_ms REAL,
            cost_nanodollars INTEGER NOT NULL,
            hours REAL NOT NULL,
            cost_per_million_tokens_usd REAL,
            cost_per_request_usd REAL,
            cost_per_good_request_usd REAL,
            utilization REAL NOT NULL,
            instance_hours REAL NOT NULL,
            cold_starts INTEGER NOT NULL,
            interruptions INTEGER NOT NULL,
            preemptions INTEGER NOT NULL,
            verdict TEXT NOT NULL,
            verdict_reason TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            UNIQUE (result_id, strategy, replication)
        ) STRICT
        """,
        """
        CREATE TABLE invoice_lines (
            run_id INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
            position INTEGER NOT NULL,
            pool TEXT NOT NULL,
            offer_id TEXT NOT NULL,
            provider TEXT NOT NULL,
            region TEXT NOT NULL,
            instance INTEGER,
            description TEXT NOT NULL,
            charge_category TEXT NOT NULL,
            pricing_category TEXT NOT NULL,
            service_category TEXT NOT NULL,
            start_ns INTEGER NOT NULL,
            end_ns INTEGER NOT NULL,
            quantity_nano INTEGER NOT NULL,
            pricing_unit TEXT NOT NULL,
            list_unit_price_nanodollars INTEGER NOT NULL,
            contracted_unit_price_nanodollars INTEGER NOT NULL,
            billed_cost_nanodollars INTEGER NOT NULL,
            list_cost_nanodollars INTEGER NOT NULL,
            price_observed TEXT NOT NULL,
            metered_ns INTEGER,
            PRIMARY KEY (run_id, position)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX runs_by_scenario ON runs (scenario, strategy)",
    ]
}

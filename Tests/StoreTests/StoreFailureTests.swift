import Foundation
import GRDB
import Planning
import Primitives
import Testing

@testable import Store

@Suite struct StoreFailureTests {
    @Test func aMissingFolderIsOneSentence() throws {
        let error = #expect(throws: StoreError.self) { try ResultStore(path: "/nonexistent/isocost.sqlite") }
        #expect(error?.reason == .unwritable)
        #expect(
            error?.description == "Cannot open /nonexistent/isocost.sqlite: the folder or the file cannot be written.")
    }

    @Test func aFolderThatIsAFileIsOneSentence() throws {
        try withTemporaryFolder { root in
            try Data().write(to: URL(fileURLWithPath: root + "/file"))
            let error = #expect(throws: StoreError.self) { try ResultStore(path: root + "/file/isocost.sqlite") }
            #expect(error?.reason == .unwritable)
        }
    }

    @Test func aFileThatIsNoDatabaseIsLeftAlone() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let text = Data(String(repeating: "This is a letter, not a database. ", count: 100).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: StoreError.self) { try ResultStore(path: path) }
            #expect(error?.reason == .notADatabase)
            #expect(error?.description == "\(path) is not a database of Isocost.")
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test func aDamagedFileIsOneSentence() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            do {
                let store = try ResultStore(path: path)
                for index in 0..<20 { try store.save(StoreFixture.result(name: "scenario \(index)"), created: "now") }
                try checkpoint(path)
            }
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            // Every page but the first, whose header says that this is a database.
            for index in 4_096..<bytes.count { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
            for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            try bytes.write(to: URL(fileURLWithPath: path))
            let error = #expect(throws: StoreError.self) { _ = try ResultStore(path: path).list() }
            #expect(error?.reason == .corrupted)
            #expect(error?.description == "\(path) is damaged; move it away to start a new one.")
        }
    }

    private func checkpoint(_ path: String) throws {
        try DatabaseQueue(path: path).writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    @Test func valuesThisVersionNeverWritesAreDamage() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let store = try ResultStore(path: path)
            let id = try #require(try store.save(StoreFixture.result(), created: "now").runIDs.first)
            for change in ["verdict = 'splendid'", "seed = 'xyz'", "fingerprint = '00'"] {
                try DatabaseQueue(path: path).write {
                    try $0.execute(sql: "UPDATE runs SET \(change) WHERE id = ?", arguments: [id])
                }
                let error = #expect(throws: StoreError.self) { try store.run(id: id) }
                #expect(error?.reason == .corrupted)
            }
        }
    }

    @Test func aNewerSchemaIsRefusedAndLeftAlone() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            try ResultStore(path: path).save(StoreFixture.result(), created: "now")
            try DatabaseQueue(path: path).write {
                try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('99 from the future')")
            }
            let error = #expect(throws: StoreError.self) { try ResultStore(path: path) }
            #expect(error?.reason == .newerSchema)
            #expect(error?.description.contains("newer version") == true)
        }
    }

    @Test func aResultThatCannotBeStoredLeavesNothingOfItself() throws {
        try withTemporaryFolder { root in
            let store = try ResultStore(path: root + "/isocost.sqlite")
            try store.save(StoreFixture.result(name: "whole"), created: "1")
            var broken = StoreFixture.result(name: "broken")
            // The second run of a strategy under the number of the first breaks a constraint, midway.
            broken.strategies[1].runs[1].metrics.replication = 0
            #expect(throws: StoreError.self) { try store.save(broken, created: "2") }
            try #expect(Set(store.list().map(\.metrics.scenario)) == ["whole"])
            let tables = [
                "results", "runs", "invoice_lines", "pools", "assumptions", "comparisons", "comparison_metrics",
            ]
            let before = try counts(tables, root)
            #expect(before == [1, 4, 12, 4, 2, 2, 6])
        }
    }

    private func counts(_ tables: [String], _ root: String) throws -> [Int] {
        try DatabaseQueue(path: root + "/isocost.sqlite").read { db in
            try tables.map { try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM \($0)") ?? -1 }
        }
    }

    @Test func aWriterThatDiesMidwayLeavesTheFileWhole() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let store = try ResultStore(path: path)
            try store.save(StoreFixture.result(name: "whole"), created: "1")
            do {
                // A connection that goes away in the middle of its transaction, as a killed process does.
                var configuration = Configuration()
                configuration.allowsUnsafeTransactions = true
                let dying = try DatabaseQueue(path: path, configuration: configuration)
                try dying.writeWithoutTransaction { db in
                    try db.execute(sql: "BEGIN IMMEDIATE")
                    try db.execute(sql: "DELETE FROM results")
                    try db.execute(sql: "INSERT INTO warnings VALUES (999, 0, 'half')", arguments: [])
                }
            } catch {
                // The foreign key may already refuse the half-written row; the transaction is open all the same.
            }
            #expect(try ResultStore(path: path).list().count == 4)
            #expect(try store.save(StoreFixture.result(name: "after"), created: "2").runIDs.count == 4)
        }
    }

    @Test func aCopyOfTheFilesAtAnyMomentIsWhole() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let store = try ResultStore(path: path)
            try store.save(StoreFixture.result(name: "one"), created: "1")
            // What a power cut would leave: the database and its log as they are now, unclosed.
            let copy = root + "/copy.sqlite"
            for suffix in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
            }
            #expect(try ResultStore(path: copy).list().count == 4)
            // The same with the last bytes of the log torn off: the earlier state, not half of the new one.
            try store.save(StoreFixture.result(name: "two"), created: "2")
            let torn = root + "/torn.sqlite"
            try FileManager.default.copyItem(atPath: path, toPath: torn)
            let log = try Data(contentsOf: URL(fileURLWithPath: path + "-wal"))
            try log.dropLast(100).write(to: URL(fileURLWithPath: torn + "-wal"))
            #expect(try ResultStore(path: torn).list().map(\.metrics.scenario) == Array(repeating: "one", count: 4))
        }
    }
}

@Suite struct StoreConcurrencyTests {
    @Test func twoConnectionsSeeEachOther() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let (one, two) = (try ResultStore(path: path), try ResultStore(path: path))
            try one.save(StoreFixture.result(name: "one"), created: "1")
            #expect(try two.list().count == 4)
            try two.save(StoreFixture.result(name: "two"), created: "2")
            #expect(try one.list().count == 8)
            #expect(try one.save(StoreFixture.result(name: "two"), created: "3").wasKnown)
        }
    }

    @Test func manyWritersAtOnceAllSucceed() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-store-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        // All of them open the new file at once, too: one migrates, the others find it done.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    let store = try ResultStore(path: root + "/isocost.sqlite")
                    for index in 0..<5 {
                        try store.save(StoreFixture.result(name: "\(writer)/\(index)"), created: "now")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try ResultStore(path: root + "/isocost.sqlite").list().count == 4 * 5 * 4)
    }

    /// The moment in which a new file is turned to write-ahead mode, many times over.
    @Test func manyOpenANewFileAtOnce() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-store-\(UUID().uuidString)")
            .path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        for round in 0..<40 {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 { group.addTask { try ResultStore(path: "\(root)/\(round).sqlite").close() } }
                try await group.waitForAll()
            }
        }
    }

    @Test func aReaderIsNotHeldUpByAWriter() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let store = try ResultStore(path: path)
            try store.save(StoreFixture.result(name: "one"), created: "1")
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            let writer = try DatabaseQueue(path: path, configuration: configuration)
            try writer.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                try db.execute(sql: "DELETE FROM results")
            }
            #expect(try store.list().count == 4)
            try writer.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        }
    }
}

@Suite struct MigrationTests {
    @Test func anEmptyFileBecomesADatabase() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            try Data().write(to: URL(fileURLWithPath: path))
            try ResultStore(path: path).save(StoreFixture.result(), created: "now")
            let applied = try DatabaseQueue(path: path).read {
                try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations")
            }
            #expect(applied == ["1 results", "2 scaling", "3 accounts"])
        }
    }

    @Test func openingAgainMigratesNothing() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            _ = try ResultStore(path: path)
            let before = try schema(path)
            _ = try ResultStore(path: path)
            #expect(try schema(path) == before)
            #expect(before.count == 11, "nine tables, an index, and the list of migrations")
        }
    }

    private func schema(_ path: String) throws -> [String] {
        try DatabaseQueue(path: path).read {
            try String.fetchAll($0, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        }
    }

    @Test func theFileIsInWriteAheadModeWithForeignKeys() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let store = try ResultStore(path: path)
            let id = try store.save(StoreFixture.result(), created: "now").resultID
            let queue = try DatabaseQueue(path: path)
            #expect(try queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
            try queue.write { try $0.execute(sql: "DELETE FROM results WHERE id = ?", arguments: [id]) }
            for table in [
                "runs", "invoice_lines", "pools", "assumptions", "comparison_metrics", "objectives", "warnings",
            ] {
                #expect(try queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") } == 0, "\(table)")
            }
            #expect(try store.list().isEmpty)
        }
    }
}

@Suite struct StoreErrorTests {
    @Test func everyReasonIsOneSentence() {
        let reasons: [StoreError.Reason] = [
            .unwritable, .notADatabase, .corrupted, .newerSchema, .busy, .full, .unknownRun(3), .failed("odd"),
        ]
        let sentences = reasons.map { StoreError(path: "/a/isocost.sqlite", reason: $0).description }
        #expect(Set(sentences).count == reasons.count)
        for sentence in sentences {
            #expect(sentence.contains("/a/isocost.sqlite"))
            #expect(sentence.hasSuffix("."))
            #expect(!sentence.contains("\n"))
        }
    }

    @Test func hexadecimalIsLossless() throws {
        for value in [0, 1, 0xFF, .max, 1 << 63] as [UInt64] {
            #expect(Hexadecimal.text(value).count == 16)
            #expect(try Hexadecimal.value(Hexadecimal.text(value)) == value)
        }
        for bad in ["", "12", "zzzzzzzzzzzzzzzz", "00000000000000001"] {
            #expect(throws: RowError.self) { try Hexadecimal.value(bad) }
        }
    }
}

import Foundation
import GRDB
import Planning
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Store

@Suite struct ResultStoreTests {
    private func withStore(_ body: (ResultStore) throws -> Void) throws {
        try withTemporaryFolder { try body(ResultStore(path: $0 + "/isocost.sqlite")) }
    }

    @Test func whatIsSavedComesBackExactly() throws {
        try withStore { store in
            let result = StoreFixture.result()
            let saved = try store.save(result, created: "2026-11-24T09:30:00Z")
            #expect(saved.runIDs.count == 4)
            #expect(!saved.wasKnown)
            let runs = result.strategies.flatMap(\.runs)
            for (id, run) in zip(saved.runIDs, runs) {
                let stored = try store.run(id: id)
                #expect(stored.run.metrics == run.metrics)
                #expect(stored.invoice == run.invoice)
                #expect(stored.router == .prefixAware)
                #expect(stored.result.priceReaders == ["a"])
                #expect(stored.pools == result.strategies.first { $0.name == run.metrics.strategy }?.pools)
                #expect(stored.run.created == "2026-11-24T09:30:00Z")
            }
        }
    }

    /// Reading leaves every byte and every file as it was, and makes none.
    @Test func readingWritesNothing() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/isocost.sqlite"
            let saved = try ResultStore(path: path).save(StoreFixture.result(), created: "now")
            let before = try (Data(contentsOf: URL(fileURLWithPath: path)), files(folder))
            let reader = try ResultStore(reading: path)
            #expect(try reader.list().count == 4)
            #expect(try reader.run(id: saved.runIDs[0]).pools == StoreFixture.result().strategies[0].pools)
            #expect(throws: StoreError.self) { try reader.save(StoreFixture.result(name: "other"), created: "now") }
            try reader.close()
            #expect(try (Data(contentsOf: URL(fileURLWithPath: path)), files(folder)) == before)
            #expect(throws: StoreError.self) { try ResultStore(reading: folder + "/none.sqlite") }
            #expect(try files(folder) == before.1)
        }
    }

    private func files(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    /// A file of the first schema stays one, byte for byte; its pools read as the fixed ones they are.
    @Test(arguments: [false, true])
    func anOlderSchemaIsReadAndLeftAlone(isSealed: Bool) throws {
        try withTemporaryFolder { folder in
            let path = folder + "/isocost.sqlite"
            try ResultStore(path: path).save(StoreFixture.result(), created: "now")
            try makeOlder(path)
            let before = try (Data(contentsOf: URL(fileURLWithPath: path)), files(folder))
            let reader = try ResultStore(reading: path, isSealed: isSealed)
            let pools = try reader.run(id: reader.list()[0].id).pools
            #expect(pools.count == 2 && pools.allSatisfy { $0.scaling == nil })
            let lines = try reader.run(id: reader.list()[0].id).invoice.lines
            #expect(lines.count == 3 && lines.allSatisfy { $0.particulars == nil })
            #expect(throws: StoreError.self) { try reader.save(StoreFixture.result(name: "other"), created: "now") }
            try reader.close()
            #expect(try (Data(contentsOf: URL(fileURLWithPath: path)), files(folder)) == before)
            // A writer brings the file itself up to date, and loses nothing.
            #expect(try ResultStore(path: path).list().count == 4)
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) != before.0)
        }
    }

    /// Undoes all migrations but the first, as a file of that age.
    private func makeOlder(_ path: String) throws {
        let database = try DatabaseQueue(path: path)
        try database.write { db in
            try db.execute(sql: "ALTER TABLE pools DROP COLUMN scaling")
            try db.execute(sql: "ALTER TABLE runs DROP COLUMN account")
            try db.execute(sql: "ALTER TABLE results DROP COLUMN price_readers")
            try db.execute(sql: "ALTER TABLE invoice_lines DROP COLUMN particulars")
            try db.execute(sql: "DELETE FROM grdb_migrations WHERE identifier <> '1 results'")
        }
        try database.close()
    }

    /// What a folder that nobody may write asks for; the name has what a URI would take for its own.
    @Test func aSealedFileIsReadAlone() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/odd %20?name#.sqlite"
            try ResultStore(path: path).save(StoreFixture.result(), created: "now")
            let before = try files(folder)
            let reader = try ResultStore(reading: path, isSealed: true)
            #expect(try reader.list() == ResultStore(path: path).list())
            #expect(throws: StoreError.self) { try reader.save(StoreFixture.result(name: "other"), created: "now") }
            #expect(try files(folder) == before)
        }
    }

    /// A run that is being saved is not seen until it is there whole, and a reader does not stand in its way.
    @Test func readingAndWritingDoNotMeet() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/isocost.sqlite"
            let writer = try ResultStore(path: path)
            try writer.save(StoreFixture.result(), created: "1")
            let reader = try ResultStore(reading: path)
            #expect(try reader.list().count == 4)
            try writer.save(StoreFixture.result(name: "other"), created: "2")
            #expect(try reader.list().count == 8)
            try reader.close()
            #expect(try writer.list().count == 8)
        }
    }

    @Test func theScenarioComesBackExactly() throws {
        try withStore { store in
            let result = StoreFixture.result()
            let saved = try store.save(result, created: "now")
            let stored = try store.run(id: saved.runIDs[3]).result
            #expect(stored.text == result.text)
            #expect(stored.name == result.name)
            #expect(stored.workload == result.workload)
            #expect(stored.model == result.model && stored.precision == result.precision)
            #expect(stored.version == result.version)
            #expect(stored.objectives == result.objectives)
            #expect(stored.assumptions == result.assumptions)
            #expect(stored.warnings == result.warnings)
            #expect(stored.comparison == result.comparison)
        }
    }

    @Test func seedsAndFingerprintsKeepAll64Bits() throws {
        try withStore { store in
            let id = try #require(try store.save(StoreFixture.result(), created: "now").runIDs.first)
            let metrics = try store.run(id: id).run.metrics
            #expect(metrics.seed == .max)
            #expect(metrics.fingerprint == 0x8000_0000_0000_0001)
        }
    }

    @Test func savingTwiceChangesNothing() throws {
        try withStore { store in
            let first = try store.save(StoreFixture.result(), created: "one")
            let second = try store.save(StoreFixture.result(), created: "two")
            #expect(second.wasKnown)
            #expect(second.resultID == first.resultID)
            #expect(second.runIDs == first.runIDs)
            #expect(try store.list().map(\.created) == ["one", "one", "one", "one"])
        }
    }

    @Test func anyDifferenceIsAnotherResult() throws {
        try withStore { store in
            var results = [StoreFixture.result()]
            results.append(StoreFixture.result(cost: 3_723_000_002))
            results.append(StoreFixture.result(replications: 1))
            results.append(StoreFixture.result())
            results[3].text += "# a comment\n"
            results.append(StoreFixture.result())
            results[4].version = "0.1.1"
            for result in results { #expect(try !store.save(result, created: "now").wasKnown) }
            try #expect(Set(store.list().map(\.resultID)).count == 5)
        }
    }

    @Test func listsTheLatestResultFirst() throws {
        try withStore { store in
            #expect(try store.list().isEmpty)
            try store.save(StoreFixture.result(name: "first"), created: "1")
            try store.save(StoreFixture.result(name: "second", strategies: ["z", "a"]), created: "2")
            let runs = try store.list()
            #expect(
                runs.map(\.metrics.scenario) == Array(repeating: "second", count: 4)
                    + Array(repeating: "first", count: 4))
            #expect(runs.prefix(4).map(\.metrics.strategy) == ["z", "z", "a", "a"], "in the scenario's order")
            #expect(runs.prefix(4).map(\.metrics.replication) == [0, 1, 0, 1])
        }
    }

    @Test func theRunsOfAResultComeTogether() throws {
        try withStore { store in
            let saved = try store.save(StoreFixture.result(), created: "1")
            try store.save(StoreFixture.result(name: "other"), created: "2")
            #expect(try store.runs(ofResult: saved.resultID).map(\.run.id) == saved.runIDs)
            #expect(try store.runs(ofResult: 999).isEmpty)
        }
    }

    @Test func anUnknownRunIsOneSentence() throws {
        try withStore { store in
            let error = #expect(throws: StoreError.self) { try store.run(id: 17) }
            #expect(error?.reason == .unknownRun(17))
            #expect(error?.description == "\(store.path) has no run 17; `isocost runs` lists those it has.")
        }
    }

    @Test func itIsStillThereAfterReopening() throws {
        try withTemporaryFolder { root in
            let path = root + "/isocost.sqlite"
            let id = try #require(try ResultStore(path: path).save(StoreFixture.result(), created: "1").runIDs.first)
            #expect(
                try ResultStore(path: path).run(id: id).run.metrics
                    == StoreFixture.result().strategies[0].runs[0].metrics)
        }
    }

    @Test func aResultWithoutRunsIsStored() throws {
        try withStore { store in
            let saved = try store.save(StoreFixture.result(strategies: []), created: "now")
            #expect(saved.runIDs.isEmpty)
            #expect(try store.list().isEmpty)
        }
    }

    @Test func aThousandInvoiceLinesAreOneTransaction() throws {
        try withStore { store in
            var result = StoreFixture.result(strategies: ["a"], replications: 1)
            let line = result.strategies[0].runs[0].invoice.lines[0]
            result.strategies[0].runs[0].invoice = Invoice(lines: Array(repeating: line, count: 1_000))
            let id = try #require(try store.save(result, created: "now").runIDs.first)
            #expect(try store.run(id: id).invoice.lines.count == 1_000)
            #expect(try store.run(id: id).invoice.total == line.billedCost * 1_000)
        }
    }
}

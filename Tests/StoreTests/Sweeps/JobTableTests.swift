import Foundation
import GRDB
import Primitives
import Testing

@testable import Planning
@testable import Store

/// The job table: what is finished stays finished, once.
@Suite struct JobTableTests {
    private func sweep(_ vary: String = "seed=1,2,3", more: String = "") throws -> Sweep {
        let text = """
            version: 1
            name: test
            workload: {synthetic: {arrivals: {rate: 20 /s}, lengths: {input: 200, output: 30}, requests: 20}}
            model: llama-3.1-8b
            strategies: [{name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]}]
            \(more)
            """
        return try Sweep(text: text, path: "/tmp/s.yaml", Sweep.Request(vary: [vary]))
    }

    private func outcome(_ job: Int, cost: Int64 = 1) -> SweepOutcome {
        var run = StoreFixture.result().strategies[1].runs[0].metrics
        run.cost.nanodollars = cost
        return SweepOutcome(job: job, runs: [run])
    }

    @Test func whatIsRecordedComesBackExactly() throws {
        try withTemporaryFolder { folder in
            let sweep = try sweep()
            let table = try JobTable(path: folder + "/s.sqlite", of: sweep, .anew)
            #expect(try table.finished().isEmpty && table.outcomes().isEmpty)
            let real = try sweep.carryOut(sweep.jobs[2])
            let failed = SweepOutcome(job: 0, runs: [], failure: "it does not fit")
            for outcome in [real, failed] { try table.record(outcome) }
            #expect(try table.finished() == [0, 2])
            #expect(try table.outcomes() == [failed, real])
            try table.close()
            #expect(try JobTable(path: folder + "/s.sqlite", of: sweep, .resume).outcomes() == [failed, real])
        }
    }

    @Test func theFirstOutcomeOfAJobStays() throws {
        try withTemporaryFolder { folder in
            let table = try JobTable(path: folder + "/s.sqlite", of: try sweep(), .anew)
            let first = try table.merge([outcome(0), outcome(1)])
            #expect(first.added == 2 && first.repeated == 0)
            let second = try table.merge([outcome(1), outcome(0, cost: 2), outcome(2)])
            #expect(second.added == 1 && second.repeated == 2 && second.different == 1)
            #expect(try table.outcomes() == [outcome(0), outcome(1), outcome(2)])
        }
    }

    @Test func anotherSweepIsRefused() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/s.sqlite"
            try JobTable(path: path, of: try sweep(), .anew).record(outcome(0))
            for other in [try sweep("seed=1,2"), try sweep(more: "engine: {max-sequences: 4}")] {
                let error = storeError { _ = try JobTable(path: path, of: other, .resume) }
                #expect(error?.reason == .otherSweep)
                #expect(error?.description.contains("has changed") == true)
            }
            #expect(try JobTable(path: path, of: try sweep(), .resume).finished() == [0], "and nothing was touched")
        }
    }

    @Test func unfinishedJobsAreNotThrownAwaySilently() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/s.sqlite"
            let sweep = try sweep()
            try JobTable(path: path, of: sweep, .anew).record(outcome(0))
            let error = storeError { _ = try JobTable(path: path, of: sweep, .anew) }
            #expect(error?.reason == .unfinishedSweep(done: 1, jobs: 3))
            #expect(error?.description.contains("1 of the 3 jobs") == true)
            #expect(try JobTable(path: path, of: sweep, .discard).finished().isEmpty)
            try JobTable(path: path, of: sweep, .resume).merge((0..<3).map { outcome($0) })
            #expect(try JobTable(path: path, of: sweep, .anew).finished().isEmpty, "a finished one is begun anew")
        }
    }

    @Test func severalWritersShareATable() throws {
        try withTemporaryFolder { folder in
            let sweep = try sweep("seed={from: 0, to: 39, step: 1}")
            let tables = try (0..<4).map { _ in try JobTable(path: folder + "/s.sqlite", of: sweep, .resume) }
            DispatchQueue.concurrentPerform(iterations: 80) { index in
                do { try tables[index % 4].record(outcome(index % 40)) } catch { Issue.record("\(error)") }
            }
            #expect(try tables[0].finished() == Set(0..<40))
        }
    }

    @Test func whatIsNoTableIsSaidToBeNone() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/s.sqlite"
            try Data(String(repeating: "no database at all\n", count: 300).utf8).write(to: URL(fileURLWithPath: path))
            #expect(storeError { _ = try JobTable(path: path, of: try sweep(), .resume) }?.reason == .notADatabase)
            #expect(
                try JobTable(path: path, of: try sweep(), .anew).finished().isEmpty, "nothing in it is worth keeping")
            let nowhere = storeError { _ = try JobTable(path: folder + "/none/s.sqlite", of: try sweep(), .resume) }
            #expect(nowhere?.reason == .unwritable)
        }
    }

    @Test func damagedRowsAreFound() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/s.sqlite"
            let table = try JobTable(path: path, of: try sweep(), .anew)
            try table.record(outcome(0))
            try DatabaseQueue(path: path).write { try $0.execute(sql: "UPDATE jobs SET outcome = '{}'") }
            #expect(storeError { _ = try table.outcomes() }?.reason == .corrupted)
        }
    }

    private func storeError(_ body: () throws -> Void) -> StoreError? {
        do { try body() } catch { return error as? StoreError }
        return nil
    }
}

import Foundation
import Planning
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct RequestsCSVTests {
    static func outcome(_ id: UInt64, output: Int32 = 11) -> RequestOutcome {
        var outcome = RequestOutcome(
            id: id, arrival: SimulatedTime(nanoseconds: 1_500_000_001), inputTokens: 120, outputTokens: output)
        outcome.replica = 3
        outcome.cachedTokens = 16
        outcome.network = .milliseconds(20)
        outcome.coldStart = .milliseconds(40)
        outcome.queue = .milliseconds(30)
        outcome.ttft = .milliseconds(150)
        outcome.e2e = SimulatedDuration(nanoseconds: 650_000_007)
        return outcome
    }

    private func write(_ outcomes: [RequestOutcome], strategy: String = "one") throws -> String {
        var text = ""
        try withTemporaryFolder { root in
            let csv = RequestsCSV(path: root + "/requests.csv", strategies: [strategy])
            let sink = try csv.sink(for: Fixture.identity(strategy))
            try sink.record(outcomes)
            try sink.finish()
            try csv.commit()
            text = try String(contentsOfFile: csv.path, encoding: .utf8)
            #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["requests.csv"])
        }
        return text
    }

    @Test func golden() throws {
        var failed = Self.outcome(8)
        failed.replica = .max
        failed.attempts = 0
        failed.failure = .tooLong
        failed.classIndex = 1
        failed.regionIndex = 9
        #expect(
            try write([Self.outcome(7), failed]) == """
                strategy,replication,request,class,region,arrival_s,input_tokens,output_tokens,cached_tokens,replica,attempts,\
                status,queue_ms,ttft_ms,tpot_ms,e2e_ms,network_ms,cold_start_ms,prefill_ms,decode_ms,preemptions,retry_ms
                one,0,7,chat,eu,1.500000001,120,11,16,3,1,completed,30,150,50,650.000007,20,40,60,500.000007,0,0
                one,0,8,"co,de",9,1.500000001,120,11,16,,0,failed: longer than the engine allows,,,,,,,,,0,

                """)
    }

    @Test func everyRowHasEveryColumn() throws {
        var failed = Self.outcome(1)
        failed.failure = .tooLargeForCache
        let rows = CSVReader.rows(
            try write([Self.outcome(0), failed, Self.outcome(2, output: 1)], strategy: Fixture.hostile))
        #expect(rows.count == 4)
        #expect(rows.allSatisfy { $0.count == RequestsCSV.columns.count })
        #expect(rows[3][14] == "", "one output token has no TPOT")
        #expect(rows[1][0] == Fixture.hostile)
    }

    @Test func theSplitAddsUp() throws {
        for record in CSVReader.records(try write((0..<50).map { Self.outcome($0) })) {
            func value(_ name: String) -> Double { Double(record[name] ?? "") ?? .nan }
            let parts = ["network_ms", "cold_start_ms", "retry_ms", "queue_ms", "prefill_ms", "decode_ms"]
            let sum = parts.reduce(0) { $0 + value($1) }
            #expect(abs(sum - value("e2e_ms")) < 1e-9)
        }
    }

    @Test func requestsThatNobodyServedSayWhy() throws {
        var abandoned = Self.outcome(3)
        abandoned.replica = .max
        abandoned.attempts = 0
        abandoned.failure = .noReplica
        let records = CSVReader.records(try write([abandoned]))
        #expect(records[0]["status"] == "failed: no replica was started for it")
        #expect(records[0]["replica"] == "" && records[0]["attempts"] == "0" && records[0]["cold_start_ms"] == "")
    }

    @Test func runsComeInTheirOrderWhateverFinishesFirst() throws {
        try withTemporaryFolder { root in
            let csv = RequestsCSV(path: root + "/requests.csv", strategies: ["b", "a"])
            for (strategy, replication) in [("a", 1), ("b", 1), ("a", 0), ("b", 0)] {
                let sink = try csv.sink(for: Fixture.identity(strategy, replication))
                try sink.record([Self.outcome(UInt64(replication))])
                try sink.finish()
            }
            try csv.commit()
            let rows = CSVReader.rows(try String(contentsOfFile: csv.path, encoding: .utf8)).dropFirst()
            #expect(rows.map { "\($0[0])\($0[1])" } == ["b0", "b1", "a0", "a1"])
        }
    }

    @Test func whatIsNotCommittedLeavesNothing() throws {
        try withTemporaryFolder { root in
            try Data("earlier".utf8).write(to: URL(fileURLWithPath: root + "/requests.csv"))
            do {
                let csv = RequestsCSV(path: root + "/requests.csv", strategies: ["one"])
                let first = try csv.sink(for: Fixture.identity("one"))
                try first.record([Self.outcome(0)])
                try first.finish()
                let second = try csv.sink(for: Fixture.identity("one", 1))
                try second.record([Self.outcome(1)])
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: root) == ["requests.csv"])
            #expect(try String(contentsOfFile: root + "/requests.csv", encoding: .utf8) == "earlier")
        }
    }

    @Test func manyRowsPassTheBuffer() throws {
        let rows = CSVReader.rows(try write((0..<20_000).map { Self.outcome($0) }))
        #expect(rows.count == 20_001)
        #expect(rows[20_000][2] == "19999")
    }

    @Test func aMissingFolderIsReportedUnderTheFilesName() throws {
        let csv = RequestsCSV(path: "/nonexistent/requests.csv", strategies: [])
        #expect(throws: OutputError.self) { try csv.sink(for: Fixture.identity("one")) }
    }
}

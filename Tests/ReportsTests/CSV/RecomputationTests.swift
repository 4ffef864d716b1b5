import Foundation
import Planning
import Primitives
import SimulationCore
import Testing

@testable import Reports

/// What `summary.csv` says must be what a reader computes from `requests.csv`.
@Suite struct RecomputationTests {
    /// 2,000 requests with latencies over four orders of magnitude, drawn by key.
    private static let outcomes: [RequestOutcome] = {
        let key = RandomKey(seed: 7)
        return (0 as UInt64..<2_000).map { index in
            var outcome = RequestOutcome(
                id: index, arrival: SimulatedTime(nanoseconds: Int64(index) * 333_333_333), inputTokens: 100,
                outputTokens: Int32(1 + key.bits(index) % 300))
            let draw = key.derived(1).uniform(index)
            outcome.replica = UInt32(index % 4)
            outcome.network = SimulatedDuration(nanoseconds: 1_000_003)
            outcome.queue = SimulatedDuration(nanoseconds: Int64(draw * draw * draw * 5e9))
            outcome.coldStart = SimulatedDuration(nanoseconds: index % 7 == 0 ? 60_000_000_001 : 0)
            outcome.ttft =
                outcome.network + outcome.coldStart + outcome.queue + SimulatedDuration(nanoseconds: 40_000_001)
            outcome.e2e =
                outcome.ttft + SimulatedDuration(nanoseconds: Int64(outcome.outputTokens - 1) * 25_000_007)
            return outcome
        }
    }()

    private func records() throws -> [[String: String]] {
        var text = ""
        try withTemporaryFolder { root in
            let csv = RequestsCSV(path: root + "/requests.csv", strategies: ["one"])
            let sink = try csv.sink(for: Fixture.identity("one"))
            for start in stride(from: 0, to: Self.outcomes.count, by: 300) {
                try sink.record(Array(Self.outcomes[start..<min(start + 300, Self.outcomes.count)]))
            }
            try sink.finish()
            try csv.commit()
            text = try String(contentsOfFile: csv.path, encoding: .utf8)
        }
        return CSVReader.records(text)
    }

    /// The value at nearest rank ⌈q·n⌉.
    private func percentile(_ q: Double, _ values: [Double]) -> Double {
        values.sorted()[max(0, Int((q * Double(values.count)).rounded(.up)) - 1)]
    }

    @Test func percentilesOfTheSummaryAreThoseOfTheRows() throws {
        let records = try records()
        #expect(records.count == Self.outcomes.count)
        let latencies: [(String, (RequestOutcome) -> SimulatedDuration?)] = [
            ("ttft_ms", { $0.ttft }), ("tpot_ms", { $0.tpot }), ("e2e_ms", { $0.e2e }), ("queue_ms", { $0.queue }),
        ]
        for (column, value) in latencies {
            var histogram = LatencyHistogram()
            for outcome in Self.outcomes {
                if let duration = value(outcome) { histogram.record(duration.nanoseconds) }
            }
            let statistics = LatencyStatistics(histogram)
            let rows = records.compactMap { Double($0[column] ?? "") }
            #expect(rows.count == Int(histogram.count), "\(column)")
            let mean = rows.reduce(0, +) / Double(rows.count)
            #expect(abs(mean - (statistics.mean ?? 0)) < 1e-6 * mean, "\(column)")
            for (q, reported) in [
                (0.5, statistics.p50), (0.9, statistics.p90), (0.95, statistics.p95), (0.99, statistics.p99),
            ] {
                let exact = percentile(q, rows)
                #expect(abs(exact - (reported ?? 0)) <= LatencyHistogram.relativeError * exact + 1e-6, "\(column) \(q)")
            }
        }
    }

    @Test func everyNanosecondIsInTheRow() throws {
        for (record, outcome) in zip(try records(), Self.outcomes) {
            #expect(record["request"] == String(outcome.id))
            #expect(nanodollars(record["arrival_s"] ?? "") == outcome.arrival.nanoseconds)
            // Milliseconds have six decimals: read as nine, they are a thousand times the nanoseconds.
            #expect(nanodollars(record["e2e_ms"] ?? "") == outcome.e2e.nanoseconds * 1_000)
            #expect(nanodollars(record["queue_ms"] ?? "") == outcome.queue.nanoseconds * 1_000)
        }
    }

    @Test func partsOfTheLatencyAddUpToTheNanosecond() throws {
        for record in try records() {
            let names = ["network_ms", "cold_start_ms", "queue_ms", "prefill_ms", "decode_ms"]
            let parts = names.map { nanodollars(record[$0] ?? "") }
            #expect(parts.reduce(0, +) == nanodollars(record["e2e_ms"] ?? ""))
            #expect(parts.allSatisfy { $0 >= 0 })
        }
    }
}

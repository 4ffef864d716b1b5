import Planning
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct SummaryCSVTests {
    /// The columns as the design writes them.
    static let designed = """
        scenario,strategy,replication,seed,requests_offered,requests_completed,requests_failed,slo_attainment,goodput_rps,\
        throughput_rps,output_tokens_per_second,ttft_mean_ms,ttft_p50_ms,ttft_p90_ms,ttft_p95_ms,ttft_p99_ms,tpot_mean_ms,\
        tpot_p50_ms,tpot_p90_ms,tpot_p95_ms,tpot_p99_ms,itl_mean_ms,itl_p50_ms,itl_p90_ms,itl_p95_ms,itl_p99_ms,e2e_mean_ms,\
        e2e_p50_ms,e2e_p90_ms,e2e_p95_ms,e2e_p99_ms,queue_mean_ms,queue_p50_ms,queue_p90_ms,queue_p95_ms,queue_p99_ms,\
        cost_usd,cost_per_hour_usd,cost_per_million_tokens_usd,cost_per_request_usd,cost_per_good_request_usd,utilization,\
        instance_hours,cold_starts,interruptions,preemptions,fingerprint
        """

    @Test func columnsAreThoseOfTheDesign() {
        #expect(SummaryCSV.columns.joined(separator: ",") == Self.designed)
    }

    @Test func oneRowPerStrategyAndReplication() {
        let result = Fixture.result(replications: 2)
        let records = CSVReader.records(SummaryCSV.text(of: result.strategies.flatMap(\.runs).map(\.metrics)))
        #expect(records.count == 10)
        #expect(records.map { $0["strategy"] } == Fixture.shapes.flatMap { [$0.name, $0.name] })
        #expect(records.map { $0["replication"] } == (0..<5).flatMap { _ in ["0", "1"] })
    }

    @Test func valuesAreExact() throws {
        let run = try #require(Fixture.result().strategies[0].runs.first)
        let record = try #require(CSVReader.records(SummaryCSV.text(of: [run.metrics])).first)
        // 6 machines × 1.861 $/h × 1 h.
        #expect(record["cost_usd"] == "11.166")
        #expect(record["cost_per_hour_usd"] == "11.166")
        #expect(record["seed"] == "18446744073709551600")
        #expect(record["fingerprint"] == "fedcba9876543210")
        #expect(record["requests_offered"] == "1000")
        #expect(record["slo_attainment"] == "0.9987")
        #expect(record["cost_per_good_request_usd"] == "")
        #expect(record["preemptions"] == "3")
        let p99 = try #require(run.metrics.ttft.p99)
        #expect(record["ttft_p99_ms"] == Decimal.shortest((p99 * 1e6).rounded() / 1e6))
    }

    @Test func numbersAreTheSameInEveryPlace() throws {
        let run = try #require(Fixture.result().strategies[1].runs.first)
        let record = try #require(CSVReader.records(SummaryCSV.text(of: [run.metrics])).first)
        for (name, value) in record where !["scenario", "strategy", "fingerprint"].contains(name) && !value.isEmpty {
            #expect(value.allSatisfy { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "-") }, "\(name): \(value)")
        }
    }

    @Test func aRunOfNothingHasEmptyLatencies() throws {
        var metrics = Fixture.result().strategies[0].runs[0].metrics
        metrics.ttft = LatencyStatistics(.init())
        metrics.hours = 0
        let record = try #require(CSVReader.records(SummaryCSV.text(of: [metrics])).first)
        #expect(record["ttft_mean_ms"] == "")
        #expect(record["ttft_p99_ms"] == "")
        #expect(record["cost_per_hour_usd"] == "")
    }
}

import Planning
import SimulationCore
import Testing

@testable import Reports

@Suite struct ComparisonCSVTests {
    private static func row(
        _ name: String, baseline: Bool, _ value: Estimate?, _ difference: Estimate?
    ) -> StrategyComparison {
        StrategyComparison(
            strategy: name, isBaseline: baseline, replications: 5,
            metrics: [.init(name: "cost_per_hour_usd", value: value, difference: difference)], meetsSLO: baseline,
            dominated: !baseline, verdict: baseline ? .stable : .backlogged)
    }

    @Test func golden() {
        let text = ComparisonCSV.text(of: [
            Self.row("base", baseline: true, Estimate(mean: 10, half: 0.5), nil),
            Self.row(
                "cheap, small", baseline: false, Estimate(mean: 6.25, half: 0.25), Estimate(mean: -3.75, half: 0.125)),
        ])
        #expect(
            text == """
                strategy,baseline,replications,verdict,meets_slo,dominated,cost_per_hour_usd,cost_per_hour_usd_low,\
                cost_per_hour_usd_high,cost_per_hour_usd_diff,cost_per_hour_usd_diff_low,cost_per_hour_usd_diff_high
                base,true,5,stable,true,false,10,9.5,10.5,,,
                "cheap, small",false,5,backlogged,false,true,6.25,6,6.5,-3.75,-3.875,-3.625

                """)
    }

    @Test func oneReplicationHasNoInterval() {
        let records = CSVReader.records(
            ComparisonCSV.text(of: [
                Self.row("a", baseline: false, Estimate(mean: 2, half: nil), Estimate(mean: 1, half: nil))
            ]))
        #expect(records[0]["cost_per_hour_usd"] == "2")
        #expect(records[0]["cost_per_hour_usd_low"] == "")
        #expect(records[0]["cost_per_hour_usd_diff"] == "1")
        #expect(records[0]["cost_per_hour_usd_diff_high"] == "")
    }

    @Test func metricsThatSomeLackAreEmpty() {
        var other = Self.row("b", baseline: false, nil, nil)
        other.metrics = [.init(name: "ttft_p99_ms", value: Estimate(mean: 7, half: nil), difference: nil)]
        let records = CSVReader.records(ComparisonCSV.text(of: [Self.row("a", baseline: true, nil, nil), other]))
        #expect(records[0]["ttft_p99_ms"] == "")
        #expect(records[1]["ttft_p99_ms"] == "7")
        #expect(records[1]["cost_per_hour_usd"] == "")
    }

    @Test func nothingToCompareIsAHeader() {
        #expect(ComparisonCSV.text(of: []) == "strategy,baseline,replications,verdict,meets_slo,dominated\n")
    }
}

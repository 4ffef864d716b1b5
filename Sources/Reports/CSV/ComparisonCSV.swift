public import Planning
import SimulationCore

/// `comparison.csv`: one row per strategy. For each metric its mean over the replications, the 95 % interval
/// (`_low`, `_high`), and the paired difference to the baseline with its interval (`_diff`, `_diff_low`,
/// `_diff_high`). A field is empty where there is no such number: one replication has no interval, the baseline no
/// difference.
public enum ComparisonCSV {
    /// The whole file's text. Metric columns are the union over the rows, in order of first appearance.
    public static func text(of rows: [StrategyComparison]) -> String {
        let names = metricNames(rows)
        let fixed = ["strategy", "baseline", "replications", "verdict", "meets_slo", "dominated"]
        var csv = CSVText(header: fixed + names.flatMap(columns))
        for row in rows {
            csv.row(
                [
                    .text(row.strategy), .flag(row.isBaseline), .integer(Int64(row.replications)),
                    .text(row.verdict.rawValue), .flag(row.meetsSLO), .flag(row.dominated),
                ]
                    + names.flatMap { name in fields(of: row.metrics.first { $0.name == name }) })
        }
        return csv.text
    }

    /// `definitions.csv`: a row per metric of `comparison.csv`, with what it means.
    public static func definitions(of rows: [StrategyComparison]) -> String {
        var csv = CSVText(header: ["metric", "definition"])
        for (name, definition) in StrategyComparison.definitions(of: rows) {
            csv.row([.text(name), .text(definition)])
        }
        return csv.text
    }

    private static func metricNames(_ rows: [StrategyComparison]) -> [String] {
        var names: [String] = []
        for metric in rows.flatMap(\.metrics) where !names.contains(metric.name) { names.append(metric.name) }
        return names
    }

    private static func columns(of name: String) -> [String] {
        ["", "_low", "_high", "_diff", "_diff_low", "_diff_high"].map { name + $0 }
    }

    private static func fields(of metric: StrategyComparison.Metric?) -> [CSVField] {
        fields(of: metric?.value) + fields(of: metric?.difference)
    }

    private static func fields(of estimate: Estimate?) -> [CSVField] {
        [.decimal(estimate?.mean), .decimal(estimate?.low), .decimal(estimate?.high)]
    }
}

extension Estimate {
    /// Ends of the 95 % interval, or `nil` without one.
    var low: Double? { half.map { mean - $0 } }
    var high: Double? { half.map { mean + $0 } }
}

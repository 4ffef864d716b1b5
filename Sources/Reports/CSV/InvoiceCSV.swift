public import Planning
public import Pricing

/// `invoice.csv`: the bills in the columns of FOCUS 1.2 (FinOps Open Cost and Usage Specification), one row per
/// invoice line, in the order of strategies and replications.
///
/// Per strategy and replication (both in `Tags`) the sum of `BilledCost` is `cost_usd` of `summary.csv` to the
/// nano-dollar. Every row is marked as simulated, lest it be mistaken for spend.
public enum InvoiceCSV {
    /// The whole file's text.
    public static func text(of result: ScenarioResult) -> String { text(of: result.strategies.flatMap(\.runs)) }

    /// The rows of these runs, under one header.
    public static func text(of runs: [StrategyRun]) -> String {
        text(of: runs.map { ($0.metrics, $0.invoice) })
    }

    /// The rows of these invoices, each with the run it belongs to: the form that stored runs come in.
    public static func text(of bills: [(run: RunMetrics, invoice: Invoice)]) -> String {
        var csv = CSVText(header: FocusExport.columns)
        for (run, invoice) in bills {
            let context = FocusContext(
                scenario: run.scenario, strategy: run.strategy, seed: run.seed, replication: run.replication)
            for row in FocusExport.rows(invoice: invoice, context: context) { csv.row(row.map(CSVField.text)) }
        }
        return csv.text
    }
}

import Planning
import Primitives
import SimulationCore

/// Mean and percentiles of every latency of every strategy, folded.
enum LatencyTable {
    static func markup(_ figures: [StrategyFigures]) -> Markup {
        #"""
        <details><summary>All latencies: mean and percentiles</summary>
        <div class="scroll"><table>
        <caption>Milliseconds, means over the replications. Those of an overloaded strategy (✕) grow with the \#
        trace.</caption>
        <thead><tr><th scope="col">Strategy</th><th scope="col">Latency</th>\#
        \#(statisticHeads)</tr></thead>
        \#(figures.map(body))</table></div>
        </details>
        """#
    }

    private static let statisticHeads: [Markup] = ["Mean", "p50", "p90", "p95", "p99"].map {
        #"<th scope="col" class="n">\#($0)</th>"#
    }

    private static func body(_ strategy: StrategyFigures) -> Markup {
        let latencies: [(String, KeyPath<RunMetrics, LatencyStatistics>)] = [
            ("TTFT", \.ttft), ("TPOT", \.tpot), ("ITL", \.itl), ("E2E", \.e2e), ("Queue", \.queue),
        ]
        let rows = latencies.enumerated().map { index, latency -> Markup in
            let mark = strategy.verdict == .overloaded ? "✕ " : ""
            let head: Markup = index == 0 ? #"<th scope="rowgroup" rowspan="5">\#(mark)\#(strategy.name)</th>"# : ""
            return #"<tr>\#(head)<th scope="row">\#(latency.0)</th>\#(cells(strategy, latency.1))</tr>"#
        }
        return "<tbody>\(rows)</tbody>\n"
    }

    private static func cells(_ strategy: StrategyFigures, _ latency: KeyPath<RunMetrics, LatencyStatistics>)
        -> [Markup]
    {
        let statistics: [KeyPath<LatencyStatistics, Double?>] = [\.mean, \.p50, \.p90, \.p95, \.p99]
        return statistics.map { statistic in
            let value = strategy.mean { $0[keyPath: latency][keyPath: statistic] }
            let text = value.map { Decimal.fixed($0, places: $0 < 100 ? 2 : 0, grouped: true) } ?? "–"
            return #"<td class="n">\#(text)</td>"#
        }
    }
}

/// Outcomes per request class, folded; only where a workload has more than one.
enum ClassTable {
    static func markup(_ figures: [StrategyFigures]) -> Markup {
        guard figures.contains(where: { ($0.runs.first?.record.classes.count ?? 0) > 1 }) else { return "" }
        let heads = ["Offered", "Completed", "Within target", "TTFT p50", "TTFT p99", "TPOT p99", "E2E p99"]
        return #"""
            <details><summary>By request class</summary>
            <div class="scroll"><table>
            <caption>First replication of each strategy; latencies in milliseconds.</caption>
            <thead><tr><th scope="col">Strategy</th><th scope="col">Class</th>\#
            \#(heads.map { #"<th scope="col" class="n">\#($0)</th>"# as Markup })</tr></thead>
            \#(figures.map(body))</table></div>
            </details>
            """#
    }

    private static func body(_ strategy: StrategyFigures) -> Markup {
        let classes = strategy.runs.first?.record.classes ?? []
        let rows = classes.enumerated().map { index, record -> Markup in
            let head: Markup =
                index == 0 ? #"<th scope="rowgroup" rowspan="\#(classes.count)">\#(strategy.name)</th>"# : ""
            return #"<tr>\#(head)<th scope="row">\#(record.name)</th>\#(cells(record))</tr>"#
        }
        return "<tbody>\(rows)</tbody>\n"
    }

    private static func cells(_ record: ClassRecord) -> [Markup] {
        let good = record.offered > 0 ? Wording.percent(Double(record.good) / Double(record.offered)) : "–"
        func quantile(_ histogram: LatencyHistogram, _ q: Double) -> String {
            histogram.quantile(q).map { Decimal.fixed(Double($0) / 1e6, places: 1, grouped: true) } ?? "–"
        }
        let texts = [
            Wording.count(record.offered), Wording.count(record.completed), good, quantile(record.ttft, 0.5),
            quantile(record.ttft, 0.99), quantile(record.tpot, 0.99), quantile(record.e2e, 0.99),
        ]
        return texts.map { #"<td class="n">\#($0)</td>"# }
    }
}

import Planning
import Pricing
import Primitives
import SimulationCore

/// What one group of requests met, all replications together.
private struct GroupSum {
    var record: GroupRecord
    /// Attempts or requests of all groups, for the share.
    var all: UInt64

    var share: String { all > 0 ? Wording.percent(Double(record.offered) / Double(all)) : "–" }

    var attainment: String {
        record.offered > 0 ? Wording.percent(Double(record.good) / Double(record.offered)) : "–"
    }

    static func all(_ groups: KeyPath<RunRecord, [GroupRecord]>, of strategy: StrategyFigures) -> [GroupSum] {
        var sums: [GroupRecord] = []
        for record in strategy.runs.map(\.record) {
            for (index, group) in record[keyPath: groups].enumerated() {
                if index == sums.count { sums.append(GroupRecord(name: group.name)) }
                sums[index].offered += group.offered
                sums[index].completed += group.completed
                sums[index].failed += group.failed
                sums[index].good += group.good
                sums[index].ttft.merge(group.ttft)
                sums[index].e2e.merge(group.e2e)
            }
        }
        let all = sums.reduce(UInt64(0)) { $0 + $1.offered }
        return sums.map { GroupSum(record: $0, all: all) }
    }
}

/// A folded table with one row per group under each strategy.
private struct GroupTable {
    var summary: String
    var caption: String
    var rowHead: String
    var heads: [String]

    func markup(_ bodies: [(strategy: StrategyFigures, rows: [(name: String, cells: [String])])]) -> Markup {
        #"""
        <details><summary>\#(summary)</summary>
        <div class="scroll"><table>
        <caption>\#(caption)</caption>
        <thead><tr><th scope="col">Strategy</th><th scope="col">\#(rowHead)</th>\#
        \#(heads.map { #"<th scope="col" class="n">\#($0)</th>"# as Markup })</tr></thead>
        \#(bodies.map { body($0.strategy, $0.rows) })</table></div>
        </details>
        """#
    }

    private func body(_ strategy: StrategyFigures, _ rows: [(name: String, cells: [String])]) -> Markup {
        guard !rows.isEmpty else { return "" }
        let lines = rows.enumerated().map { index, row -> Markup in
            let head: Markup =
                index == 0 ? #"<th scope="rowgroup" rowspan="\#(rows.count)">\#(strategy.name)</th>"# : ""
            let cells = row.cells.map { #"<td class="n">\#($0)</td>"# as Markup }
            return #"<tr>\#(head)<th scope="row">\#(row.name)</th>\#(cells)</tr>"#
        }
        return "<tbody>\(lines)</tbody>\n"
    }
}

/// What the users of each region met, folded; only where the workload names several.
enum RegionTable {
    static func markup(_ figures: [StrategyFigures]) -> Markup {
        guard figures.contains(where: { ($0.runs.first?.record.regions.count ?? 0) > 1 }) else { return "" }
        let percentiles = ["p50", "p90", "p95", "p99"]
        let table = GroupTable(
            summary: "By region of the users",
            caption: "All replications together; latencies of completed requests in milliseconds.", rowHead: "Region",
            heads: ["Share", "Within target"] + percentiles.map { "TTFT \($0)" } + percentiles.map { "E2E \($0)" })
        return table.markup(
            figures.map { strategy in (strategy, GroupSum.all(\.regions, of: strategy).map(row)) })
    }

    private static func row(_ group: GroupSum) -> (String, [String]) {
        let quantiles = [0.5, 0.9, 0.95, 0.99]
        return (
            group.record.name,
            [group.share, group.attainment]
                + quantiles.map { DetailCell.quantile(group.record.ttft, $0) }
                + quantiles.map { DetailCell.quantile(group.record.e2e, $0) }
        )
    }
}

/// Where requests went, what they met there and what it cost, folded; only where a strategy has several pools.
enum PathTable {
    static func markup(_ figures: [StrategyFigures]) -> Markup {
        let several = figures.filter { ($0.runs.first?.record.pools.count ?? 0) > 1 }
        guard !several.isEmpty else { return "" }
        let table = GroupTable(
            summary: "By path: which pool served how much, how fast, at what cost",
            caption: "All replications together; latencies of completed requests in milliseconds. An attempt that is "
                + "sent again to another pool counts in both.",
            rowHead: "Pool",
            heads: [
                "Share of attempts", "Completed", "TTFT p50", "TTFT p99", "E2E p50", "E2E p99", "Cost per hour",
                "Per 1,000 completed",
            ])
        return table.markup(several.map { ($0, rows($0)) })
    }

    private static func rows(_ strategy: StrategyFigures) -> [(String, [String])] {
        let hours = strategy.runs.reduce(0.0) { $0 + $1.metrics.hours }
        return GroupSum.all(\.pools, of: strategy).map { group in
            let cost = strategy.runs.flatMap(\.invoice.lines).filter { $0.pool == group.record.name }
                .reduce(Money.zero) { $0 + $1.billedCost }.dollars
            let each = group.record.completed > 0 ? Wording.dollars(cost / Double(group.record.completed) * 1_000) : "–"
            return (
                group.record.name,
                [
                    group.share, Wording.count(group.record.completed),
                    DetailCell.quantile(group.record.ttft, 0.5), DetailCell.quantile(group.record.ttft, 0.99),
                    DetailCell.quantile(group.record.e2e, 0.5), DetailCell.quantile(group.record.e2e, 0.99),
                    hours > 0 ? Wording.dollars(cost / hours) : "–", each,
                ]
            )
        }
    }
}

/// Cells that the detail tables share.
enum DetailCell {
    /// A percentile in milliseconds with a tenth; `–` where there is none.
    static func quantile(_ histogram: LatencyHistogram, _ q: Double) -> String {
        histogram.quantile(q).map { Decimal.fixed(Double($0) / 1e6, places: 1, grouped: true) } ?? "–"
    }
}

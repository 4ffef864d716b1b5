import Planning
import Primitives
import SimulationCore

/// Totals taken apart, one picture per strategy and all numbers in a table below.
enum WaterfallSections {
    /// Where the seconds of a request go; only where the runs measured it.
    static func latency(_ figures: [StrategyFigures]) -> Markup {
        let panels = figures.compactMap { strategy in
            Breakdown.latency(strategy.runs.map(\.record)).map { Panel(strategy: strategy, breakdown: $0) }
        }
        let picture = Picture(
            id: "latency-split", heading: "Where the time of a request goes", totalName: "Mean E2E",
            keys: [
                (.work, "computing the answer"), (.waiting, "waiting, or done in vain"), (.around, "under way"),
            ],
            caption: "Mean over the completed requests of all replications; the parts add up to the mean end-to-end "
                + "latency. Cold start: held because no replica served. Retry: from the first sending to that of the "
                + "attempt that was answered.",
            unit: { .latency(upTo: $0) }, exact: { Decimal.exact(Int64(clamping: $0), places: 6) + " ms" })
        return picture.markup(panels)
    }

    /// Where the dollars of a bill go; only where a bill has more to tell than busy and idle.
    static func cost(_ figures: [StrategyFigures]) -> Markup {
        let panels = figures.compactMap { strategy in
            strategy.runs.first.map { run in
                Panel(strategy: strategy, breakdown: .cost(run, pools: strategy.result.pools))
            }
        }
        let tells = panels.contains { panel in
            Breakdown.CostPart.beyondStates.contains { panel.breakdown[$0] != 0 }
                || panel.breakdown.parts.filter { $0.amount != 0 }.count > 2
        }
        guard tells else { return "" }
        let picture = Picture(
            id: "cost-split", heading: "How the bill adds up", totalName: "Invoice",
            keys: [
                (.work, "computing answers"), (.waiting, "paid for, and nothing came of it"),
                (.around, "beside the machines' time"),
            ],
            caption: "Dollars for the whole run; first replication. The parts add up to the invoice exactly.",
            unit: { .dollars(upTo: $0) }, exact: { Wording.exactDollars(Money(nanodollars: Int64(clamping: $0))) })
        return picture.markup(panels)
    }

    private struct Panel {
        var strategy: StrategyFigures
        var breakdown: Breakdown

        var isOverloaded: Bool { strategy.verdict == .overloaded }
    }

    private struct Picture {
        var id: String
        var heading: String
        var totalName: String
        var keys: [(Breakdown.Meaning, String)]
        var caption: String
        /// How charts print amounts up to a total.
        var unit: (Double) -> WaterfallChart.Unit
        /// How the table prints an amount, without rounding.
        var exact: (Int128) -> String

        func markup(_ panels: [Panel]) -> Markup {
            guard !panels.isEmpty else { return "" }
            let rows = rows(panels)
            // What grows with the trace would press all others flat: it has its own scale, and says so.
            let steady = panels.filter { !$0.isOverloaded }
            let common = reach(steady.isEmpty ? panels : steady)
            let pictures = panels.map { panel -> Markup in
                let apart = panel.isOverloaded && !steady.isEmpty
                let domain = apart ? reach([panel]) : common
                let chart = WaterfallChart(
                    title: "\(heading): \(panel.strategy.name)", totalName: totalName, breakdown: panel.breakdown,
                    rows: rows, domain: domain, unit: unit(max(domain.upperBound, -domain.lowerBound)))
                let flag: Markup = apart ? #" <span class="badge bad">✕ overloaded, own scale</span>"# : ""
                return #"""
                    <div><h3>\#(ReportPage.swatch(panel.strategy.style)) \#(panel.strategy.name)\#(flag)</h3>\#
                    \#(chart.svg(width: 358))</div>
                    """#
            }
            return ReportPage.section(
                id, heading,
                [
                    #"""
                    <figure>
                    <div class="grid three">\#(pictures)</div>
                    <ul class="legend">\#(legend(panels))</ul>
                    <figcaption>\#(caption)</figcaption>
                    </figure>
                    """#, table(panels, rows),
                ])
        }

        /// Parts that any strategy has, in order of first appearance.
        private func rows(_ panels: [Panel]) -> [String] {
            panels.flatMap(\.breakdown.parts).reduce(into: []) { names, part in
                guard !names.contains(part.name) else { return }
                if panels.contains(where: { $0.breakdown[part.name] != 0 }) { names.append(part.name) }
            }
        }

        private func reach(_ panels: [Panel]) -> ClosedRange<Double> {
            let all = panels.map(\.breakdown.reach)
            let (low, high) = (all.map(\.lowerBound).min() ?? 0, all.map(\.upperBound).max() ?? 0)
            return low...max(high, low + 1)
        }

        private func legend(_ panels: [Panel]) -> [Markup] {
            let parts = panels.flatMap(\.breakdown.parts).filter { $0.amount != 0 }
            return keys.filter { key in parts.contains { $0.meaning == key.0 } }.map { meaning, name in
                #"""
                <li><svg class="swatch" width="14" height="14" aria-hidden="true"><rect \#
                class="\#(meaning.cssClass)" x="0.5" y="0.5" width="13" height="13"/></svg> \#(name)</li>
                """#
            }
        }

        private func table(_ panels: [Panel], _ rows: [String]) -> Markup {
            let lines = rows.map { name -> Markup in
                let cells = panels.map { #"<td class="n">\#(exact($0.breakdown[name]))</td>"# as Markup }
                return #"<tr><th scope="row">\#(name)</th>\#(cells)</tr>"#
            }
            let totals = panels.map { #"<td class="n">\#(exact($0.breakdown.total))</td>"# as Markup }
            return #"""
                <details><summary>The same in exact numbers</summary>
                <div class="scroll"><table>
                <thead><tr><th scope="col">Part</th>\#
                \#(panels.map { #"<th scope="col" class="n">\#($0.strategy.name)</th>"# as Markup })</tr></thead>
                <tbody>\#(lines)</tbody>
                <tfoot><tr><th scope="row">\#(totalName)</th>\#(totals)</tr></tfoot></table></div>
                </details>
                """#
        }
    }
}

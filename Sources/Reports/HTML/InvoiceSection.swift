import Planning
import Pricing
import Primitives

/// The bill of each strategy's first replication, to the last nano-dollar, grouped by pool.
enum InvoiceSection {
    /// Lines of one pool that differ only in the instance and the period.
    struct Group: Equatable {
        var pool: String
        var description: String
        var unit: String
        var unitPrice: Money
        var lines: Int
        var nanoQuantity: Int64
        var cost: Money
    }

    static func markup(_ figures: [StrategyFigures], _ answer: Answer) -> Markup {
        let bills = figures.compactMap { strategy in
            strategy.runs.first.map { bill(strategy, $0, open: strategy.name == answer.strategy) }
        }
        guard !bills.isEmpty else { return "" }
        return ReportPage.section(
            "invoice", "The invoice",
            [
                """
                <p>First replication of each strategy, whole run. Amounts are exact: lines add up to the total, which \
                is <code>cost_usd</code> in <code>summary.csv</code>. Every line stands in <code>invoice.csv</code>.</p>
                """,
                bills.joined(separator: "\n"),
            ])
    }

    private static func bill(_ strategy: StrategyFigures, _ run: StrategyRun, open: Bool) -> Markup {
        let groups = groups(of: run.invoice)
        let pools = groups.reduce(into: [String]()) { if !$0.contains($1.pool) { $0.append($1.pool) } }
        let attribute: Markup = open ? " open" : ""
        return #"""
            <details\#(attribute)><summary>\#(ReportPage.swatch(strategy.style)) \#(strategy.name): \#
            <b>\#(Wording.exactDollars(run.invoice.total))</b> over \#(hours(run.metrics.hours))</summary>
            <div class="scroll"><table>
            <thead><tr><th scope="col">Charge</th><th scope="col" class="n">Lines</th><th scope="col" \#
            class="n">Quantity</th>\#
            <th scope="col" class="n">Unit price</th><th scope="col" class="n">Amount</th></tr></thead>
            \#(pools.map { pool in body(pool, groups.filter { $0.pool == pool }) })\#
            <tfoot><tr><th scope="row" colspan="4">Total</th><td \#
            class="n">\#(Wording.exactDollars(run.invoice.total))</td></tr></tfoot>
            </table></div></details>
            """#
    }

    private static func body(_ pool: String, _ groups: [Group]) -> Markup {
        let rows = groups.map { group in
            #"""
            <tr><td>\#(group.description)</td><td class="n">\#(Wording.count(UInt64(group.lines)))</td>\#
            <td class="n">\#(Decimal.exact(group.nanoQuantity, places: 9)) \#(group.unit)</td>\#
            <td class="n">\#(Wording.exactDollars(group.unitPrice))</td><td \#
            class="n">\#(Wording.exactDollars(group.cost))</td></tr>

            """# as Markup
        }
        let sum = groups.reduce(Money.zero) { $0 + $1.cost }
        return #"""
            <tbody><tr class="group"><th scope="rowgroup" colspan="4">\#(pool)</th>\#
            <td class="n">\#(Wording.exactDollars(sum))</td></tr>
            \#(rows)</tbody>

            """#
    }

    /// Groups in order of first appearance.
    static func groups(of invoice: Invoice) -> [Group] {
        var groups: [Group] = []
        for line in invoice.lines {
            let index = groups.firstIndex {
                $0.pool == line.pool && $0.description == line.description && $0.unitPrice == line.contractedUnitPrice
                    && $0.unit == line.pricingUnit
            }
            if let index {
                groups[index].lines += 1
                groups[index].nanoQuantity += line.nanoQuantity
                groups[index].cost += line.billedCost
            } else {
                groups.append(
                    Group(
                        pool: line.pool, description: line.description, unit: line.pricingUnit,
                        unitPrice: line.contractedUnitPrice, lines: 1, nanoQuantity: line.nanoQuantity,
                        cost: line.billedCost))
            }
        }
        return groups
    }

    private static func hours(_ hours: Double) -> String { Wording.latency(milliseconds: hours * 3_600_000).tick }
}

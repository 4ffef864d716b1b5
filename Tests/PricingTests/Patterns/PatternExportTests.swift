import Pricing
import Primitives
import Testing

/// The worked bills as a file for cost tools: every figure that can be added up is.
@Suite struct PatternExportTests {
    let context = FocusContext(scenario: "worked", strategy: "by hand", seed: 1)

    func column(_ name: String, _ rows: [[String]]) throws -> [String] {
        let index = try #require(FocusExport.columns.firstIndex(of: name))
        return rows.map { $0[index] }
    }

    func money(_ name: String, _ rows: [[String]]) throws -> [Money] {
        try column(name, rows).map { try #require(Money(decimal: $0), "\($0)") }
    }

    @Test(arguments: WorkedPatterns.all)
    func billedAndEffectiveCostsAddUpToTheBill(_ pattern: WorkedPattern) throws {
        let pools = try pattern.pools()
        let invoice = try pattern.ledger.invoice(pools: pools, plan: pattern.plan(pools))
        let rows = FocusExport.rows(invoice: invoice, context: context)
        #expect(try money("BilledCost", rows).map(\.nanodollars) == pattern.lines.map(\.nanodollars))
        let total = pattern.lines.reduce(0) { $0 + $1.nanodollars }
        #expect(try money("EffectiveCost", rows).reduce(.zero, +).nanodollars == total)
        #expect(try column("ChargeDescription", rows) == pattern.lines.map(\.text))
        // What was bought as a commitment is used or unused, to the nano-dollar.
        let statuses = try zip(column("CommitmentDiscountStatus", rows), money("EffectiveCost", rows))
        let spread = statuses.reduce(Money.zero) { $1.0.isEmpty ? $0 : $0 + $1.1 }
        let bought = try zip(column("ChargeCategory", rows), money("BilledCost", rows))
            .reduce(Money.zero) { $1.0 == "Purchase" ? $0 + $1.1 : $0 }
        #expect(spread == bought)
    }

    /// FOCUS: a contracted cost is the contracted unit price times the pricing quantity. Quantities have nine decimals,
    /// so the product may be off by half of the last of each.
    @Test(arguments: WorkedPatterns.all)
    func contractedCostsAreQuantityTimesPrice(_ pattern: WorkedPattern) throws {
        let pools = try pattern.pools()
        let invoice = try pattern.ledger.invoice(pools: pools, plan: pattern.plan(pools))
        let rows = FocusExport.rows(invoice: invoice, context: context)
        let (units, quantities) = (try money("ContractedUnitPrice", rows), try money("PricingQuantity", rows))
        let (costs, meters) = (try money("ContractedCost", rows), try column("SkuMeter", rows))
        for (index, meter) in meters.enumerated() where !meter.hasPrefix("unused part of") {
            let product = units[index].dollars * quantities[index].dollars
            let slack = (units[index].dollars + quantities[index].dollars + 2) * 1e-9
            #expect(abs(product - costs[index].dollars) <= slack, "\(meter)")
        }
    }

    @Test(arguments: WorkedPatterns.all)
    func nobodyPaysMoreThanTheListPrice(_ pattern: WorkedPattern) throws {
        let pools = try pattern.pools()
        let invoice = try pattern.ledger.invoice(pools: pools, plan: pattern.plan(pools))
        for line in invoice.lines where line.kind == .machine {
            #expect(line.contractedCost <= line.listCost, "\(line.description)")
            #expect(line.billedCost == line.contractedCost || line.billedCost == .zero)
            #expect(line.metered.map { $0 <= line.end - line.start } ?? false, "no more is metered than was rented")
        }
    }
}

import Planning
import Pricing
import Primitives
import Testing

@testable import Reports

@Suite struct InvoiceCSVTests {
    @Test func billedCostsSumToCostExactly() {
        var result = Fixture.result(replications: 2)
        // Amounts that no Double holds exactly.
        result.strategies[0].runs[0].invoice.lines[0].billedCost = Money(nanodollars: 1_234_567_890_123_456_789)
        result.strategies[0].runs[0].invoice.lines[1].billedCost = Money(nanodollars: 1)
        let records = CSVReader.records(InvoiceCSV.text(of: result))
        for run in result.strategies.flatMap(\.runs) {
            let mine = records.filter {
                $0["Tags"]?.contains("\"replication\": \(run.metrics.replication)") == true
                    && $0["SubAccountName"] == run.metrics.strategy
            }
            #expect(mine.count == run.invoice.lines.count)
            #expect(mine.reduce(0) { $0 + nanodollars($1["BilledCost"] ?? "") } == run.invoice.total.nanodollars)
        }
    }

    @Test func everyMandatoryColumnIsThere() {
        let mandatory = [
            "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodStart",
            "BillingPeriodEnd", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodStart",
            "ChargePeriodEnd", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
            "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
        ]
        let header = CSVReader.rows(InvoiceCSV.text(of: Fixture.result()))[0]
        #expect(Set(mandatory).subtracting(header).isEmpty)
        #expect(Set(header).count == header.count)
    }

    @Test func hostileNamesStayInTheirFields() {
        let result = Fixture.result(replications: 1, name: Fixture.hostile)
        let rows = CSVReader.rows(InvoiceCSV.text(of: result))
        #expect(rows.count == 1 + result.strategies.flatMap(\.runs).reduce(0) { $0 + $1.invoice.lines.count })
        #expect(rows.allSatisfy { $0.count == rows[0].count })
    }

    @Test func storedBillsExportTheSameRows() {
        let result = Fixture.result(replications: 1)
        let bills = result.strategies.flatMap(\.runs).map { (run: $0.metrics, invoice: $0.invoice) }
        #expect(InvoiceCSV.text(of: bills) == InvoiceCSV.text(of: result))
    }
}

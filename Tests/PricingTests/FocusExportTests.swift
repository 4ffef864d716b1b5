import Foundation
import Primitives
import Testing

@testable import Pricing

@Suite struct FocusExportTests {
    let context = FocusContext(scenario: "chat \"8b\"", strategy: "spot, then on-demand", seed: .max, replication: 2)

    func cell(_ column: String, _ row: [String]) throws -> String {
        row[try #require(FocusExport.columns.firstIndex(of: column))]
    }

    @Test func columnsAreTheSpecificationsInItsOrder() {
        let mandatory = [
            "BilledCost", "BillingAccountId", "BillingAccountName", "BillingCurrency", "BillingPeriodStart",
            "BillingPeriodEnd", "ChargeCategory", "ChargeClass", "ChargeDescription", "ChargePeriodStart",
            "ChargePeriodEnd", "ContractedCost", "EffectiveCost", "InvoiceIssuerName", "ListCost", "PricingQuantity",
            "PricingUnit", "ProviderName", "PublisherName", "ServiceCategory", "ServiceName",
        ]
        let recommended = ["AvailabilityZone", "ChargeFrequency", "InvoiceId", "ServiceSubcategory"]
        let conditional = [
            "BillingAccountType", "CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName",
            "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType",
            "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit", "ContractedUnitPrice", "ListUnitPrice",
            "PricingCategory", "RegionId", "RegionName", "ResourceId", "ResourceName", "ResourceType", "SkuId",
            "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
        ]
        #expect(FocusExport.columns == (mandatory + recommended + conditional).sorted())
    }

    @Test func aChargeReadsAsTheBillSays() throws {
        let terms = try PoolTerms(pool: "p", offer: PriceBook.bundled.offer("aws/g6e.xlarge"), terms: .spot)
        let used = rental(instance: 3, start: seconds(86_399.5), [.busy: seconds(59.4)])
        let rows = FocusExport.rows(invoice: UsageLedger(rentals: [used]).invoice(pools: [terms]), context: context)
        let row = try #require(rows.first)
        #expect(row.count == FocusExport.columns.count)
        for (column, value) in [
            ("BilledCost", "0.015233333"), ("EffectiveCost", "0.015233333"), ("ContractedCost", "0.015233333"),
            ("ListCost", "0.031016667"), ("ListUnitPrice", "1.861"), ("ContractedUnitPrice", "0.914"),
            ("PricingQuantity", "0.016666667"), ("PricingUnit", "Hours"), ("ConsumedQuantity", "59.4"),
            ("ConsumedUnit", "Seconds"), ("PricingCategory", "Dynamic"), ("ChargeCategory", "Usage"),
            ("ChargeClass", ""), ("ChargeFrequency", "Usage-Based"), ("BillingCurrency", "USD"),
            ("ProviderName", "aws"), ("RegionId", "us-east-1"), ("ServiceCategory", "Compute"),
            ("ResourceId", "p/3"), ("SkuId", "aws/g6e.xlarge/us-east-1"), ("ChargePeriodStart", "2026-01-01T23:59:59Z"),
            ("ChargePeriodEnd", "2026-01-02T00:00:59Z"), ("BillingPeriodStart", "2026-01-01T00:00:00Z"),
            ("BillingPeriodEnd", "2026-02-01T00:00:00Z"), ("SkuPriceDetails", #"{"x_PriceObserved": "2026-07-20"}"#),
            (
                "Tags",
                #"{"pool": "p", "replication": 2, "scenario": "chat \"8b\"", "seed": "18446744073709551615", "#
                    + #""simulated": true, "strategy": "spot, then on-demand"}"#
            ),
        ] { #expect(try cell(column, row) == value, "\(column)") }
    }

    @Test(arguments: 0..<50)
    func billedCostsAddUpExactlyAndTimesStayInTheirPeriod(seed: UInt64) throws {
        let key = RandomKey(seed: seed)
        let pools = try InvoicePropertyTests.pools(key)
        let invoice = InvoicePropertyTests.ledger(key, rentals: 25).invoice(pools: pools)
        let rows = FocusExport.rows(invoice: invoice, context: context)
        let billed = try rows.map { try #require(Money(decimal: cell("BilledCost", $0))) }
        #expect(billed.reduce(.zero, +) == invoice.total)
        for row in rows {
            let (from, to) = (try cell("ChargePeriodStart", row), try cell("ChargePeriodEnd", row))
            #expect(try cell("BillingPeriodStart", row) <= from)
            #expect(from <= to)
            #expect(try to <= cell("BillingPeriodEnd", row))
            let tags = try JSONSerialization.jsonObject(with: Data(cell("Tags", row).utf8)) as? [String: Any]
            #expect(tags?["simulated"] as? Bool == true)
            #expect(tags?["scenario"] as? String == context.scenario)
        }
    }

    /// Hours from the start of January 2026 (744 h long) to the charge's end, and the first day beyond the period.
    @Test(arguments: [(1, "2026-02-01"), (744, "2026-02-01"), (744.001, "2026-03-01"), (8_760, "2027-01-01")])
    func theBillingPeriodIsWholeMonthsThatHoldTheRun(hours: Double, end: String) throws {
        let terms = try PoolTerms(pool: "p", offer: offer("aws", "1"))
        let invoice = UsageLedger(rentals: [rental([.busy: seconds(hours * 3_600)])]).invoice(pools: [terms])
        let row = try #require(FocusExport.rows(invoice: invoice, context: context).first)
        #expect(try cell("BillingPeriodStart", row) == "2026-01-01T00:00:00Z")
        #expect(try cell("BillingPeriodEnd", row) == end + "T00:00:00Z")
    }

    /// One hour: a reserved g6e.xlarge (.630 × 1.861 = 1.17243 $/h) used for a quarter of it, one on demand.
    @Test func commitmentsReadAsTheSpecificationSays() throws {
        let offer = try PriceBook.bundled.offer("aws/g6e.xlarge")
        let pools = [try PoolTerms(pool: "p", offer: offer)]
        let plan = BillingPlan(commitments: [try .reserved(1, of: offer)])
        var ledger = UsageLedger(rentals: [rental([.busy: seconds(900)])])
        ledger.end = SimulatedTime.start + .hours(1)
        let rows = FocusExport.rows(invoice: ledger.invoice(pools: pools, plan: plan), context: context)
        let expected: [[String: String]] = [
            [
                "ChargeCategory": "Usage", "PricingCategory": "Committed", "CommitmentDiscountStatus": "Used",
                "BilledCost": "0", "EffectiveCost": "0.2931075", "ListCost": "0.46525", "ContractedCost": "0.46525",
                "CommitmentDiscountQuantity": "0.25", "CommitmentDiscountUnit": "Hours",
                "ChargeFrequency": "Usage-Based", "ConsumedQuantity": "900",
            ],
            [
                "ChargeCategory": "Purchase", "PricingCategory": "Standard", "CommitmentDiscountStatus": "",
                "BilledCost": "1.17243", "EffectiveCost": "0", "ListCost": "1.17243", "ContractedCost": "1.17243",
                "CommitmentDiscountQuantity": "1", "ChargeFrequency": "Recurring", "ConsumedQuantity": "",
                "ConsumedUnit": "", "CommitmentDiscountType": "Reserved quantity", "ResourceType": "Commitment",
            ],
            [
                "ChargeCategory": "Usage", "PricingCategory": "Committed", "CommitmentDiscountStatus": "Unused",
                "BilledCost": "0", "EffectiveCost": "0.8793225", "CommitmentDiscountQuantity": "0.75",
                "ChargeFrequency": "Usage-Based", "CommitmentDiscountId": "commitment-1",
                "CommitmentDiscountName": "1 x g6e.xlarge, reserved-1y", "CommitmentDiscountCategory": "Usage",
            ],
        ]
        #expect(rows.count == expected.count)
        for (row, cells) in zip(rows, expected) {
            for (column, value) in cells { #expect(try cell(column, row) == value, "\(column)") }
        }
        let effective = try rows.map { try #require(Money(decimal: cell("EffectiveCost", $0))) }
        #expect(effective.reduce(.zero, +) == dollars("1.17243"))
    }

    @Test func anEmptyInvoiceHasNoRows() {
        #expect(FocusExport.rows(invoice: Invoice(), context: context).isEmpty)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (1_767_225_600, "2026-01-01T00:00:00Z"),
        (1_767_225_599, "2025-12-31T23:59:59Z"), (1_709_210_096, "2024-02-29T12:34:56Z"),
        (4_107_542_400, "2100-03-01T00:00:00Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
    ])
    func calendar(seconds: Int64, text: String) {
        #expect(UTCTime.iso8601(seconds) == text)
    }

    @Test func calendarAgreesWithFoundation() {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let key = RandomKey(seed: 3)
        for draw in 0..<UInt64(2_000) {
            let seconds = Int64(key.bits(draw) % 10_000_000_000)
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            #expect(UTCTime.iso8601(seconds) == date.ISO8601Format())
            let parts = calendar.dateComponents([.year, .month], from: date)
            let month = calendar.date(from: parts).map { Int64($0.timeIntervalSince1970) }
            #expect(UTCTime.startOfMonth(holding: seconds) == month)
            let next = UTCTime.startOfMonth(holding: seconds, after: 1)
            #expect(UTCTime.iso8601(next).hasSuffix("-01T00:00:00Z") && next > seconds)
            #expect(next - UTCTime.startOfMonth(holding: seconds) <= 31 * UTCTime.secondsPerDay)
        }
    }

    @Test func jsonStringsAreEscaped() throws {
        let hard = "quote \" slash \\ tab \t line \n return \r bell \u{7} é 🙂"
        let parsed = try JSONSerialization.jsonObject(with: Data("[\(jsonString(hard))]".utf8)) as? [String]
        #expect(parsed == [hard])
        #expect(jsonString("\u{1}") == #""\u0001""#)
    }
}

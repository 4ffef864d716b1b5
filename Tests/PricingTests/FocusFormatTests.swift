import Pricing
import Primitives
import Testing

/// Every cell of random bills obeys the specification's formats.
@Suite struct FocusFormatTests {
    static let decimals: Set<String> = [
        "BilledCost", "ContractedCost", "EffectiveCost", "ListCost", "ContractedUnitPrice", "ListUnitPrice",
        "PricingQuantity",
    ]
    /// Numbers where there are any.
    static let optionalDecimals: Set<String> = ["ConsumedQuantity", "CommitmentDiscountQuantity"]
    static let allowed: [String: Set<String>] = [
        "ChargeCategory": ["Usage", "Purchase", "Tax", "Credit", "Adjustment"], "ChargeClass": ["", "Correction"],
        "ChargeFrequency": ["One-Time", "Recurring", "Usage-Based"], "BillingCurrency": ["USD"],
        "PricingCategory": ["Standard", "Dynamic", "Committed", "Other"],
        "ServiceCategory": ["Compute", "Storage", "Networking", "AI and Machine Learning"],
        "CommitmentDiscountStatus": ["", "Used", "Unused"], "CommitmentDiscountCategory": ["", "Usage", "Spend"],
        "CommitmentDiscountUnit": ["", "Hours", "USD"],
        "ServiceSubcategory": ["Virtual Machines", "Block Storage", "Other (Networking)", "Generative AI"],
    ]
    static let nullable: Set<String> = [
        "AvailabilityZone", "ChargeClass", "InvoiceId", "CommitmentDiscountCategory", "CommitmentDiscountId",
        "CommitmentDiscountName", "CommitmentDiscountQuantity", "CommitmentDiscountStatus", "CommitmentDiscountType",
        "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit",
    ]

    @Test(arguments: 0..<30)
    func cellsAreWellFormed(seed: UInt64) throws {
        let key = RandomKey(seed: seed).derived("focus")
        let pools = try MarketLedger.pools(key)
        let plan = try MarketLedger.plan(key, pools)
        let invoice = MarketLedger.ledger(key, rentals: 20, pools: pools).invoice(pools: pools, plan: plan)
        let context = FocusContext(scenario: "s", strategy: "t", seed: seed, billingAccount: "account")
        for row in FocusExport.rows(invoice: invoice, context: context) {
            #expect(row.count == FocusExport.columns.count)
            for (column, cell) in zip(FocusExport.columns, row) {
                if !Self.nullable.contains(column) { #expect(!cell.isEmpty, "\(column)") }
                if Self.decimals.contains(column) || (Self.optionalDecimals.contains(column) && !cell.isEmpty) {
                    #expect(cell.wholeMatch(of: /-?[0-9]+(\.[0-9]{1,9})?/) != nil, "\(column): \(cell)")
                }
                if column.hasSuffix("PeriodStart") || column.hasSuffix("PeriodEnd") {
                    let time = /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/
                    #expect(cell.wholeMatch(of: time) != nil, "\(column): \(cell)")
                }
                if let values = Self.allowed[column] { #expect(values.contains(cell), "\(column): \(cell)") }
            }
        }
    }

    @Test func creditsPurchasesAndOtherServicesHaveTheirWords() throws {
        var line = try #require(
            PoolTerms(pool: "p", offer: offer("aws", "1")).charges(for: rental([.busy: 1])).first)
        line.chargeCategory = .credit
        line.serviceCategory = .networking
        line.instance = nil
        line.metered = nil
        line.pricingUnit = "GB"
        line.nanoQuantity = -2_500_000_000
        line.billedCost = dollars("-0.225")
        let context = FocusContext(scenario: "s", strategy: "t", seed: 1)
        let row = try #require(FocusExport.rows(invoice: Invoice(lines: [line]), context: context).first)
        let cells = Dictionary(uniqueKeysWithValues: zip(FocusExport.columns, row))
        #expect(cells["ChargeCategory"] == "Credit" && cells["ChargeFrequency"] == "One-Time")
        #expect(cells["ServiceName"] == "Data transfer" && cells["ResourceId"] == "p")
        #expect(cells["ConsumedQuantity"] == "-2.5" && cells["ConsumedUnit"] == "GB")
        #expect(cells["BilledCost"] == "-0.225" && cells["BillingAccountId"] == "isocost-simulation")
    }
}

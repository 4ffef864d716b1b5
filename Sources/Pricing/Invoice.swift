public import Primitives

/// One line of an invoice, with the quantities that FOCUS 1.2 asks for.
public struct InvoiceLine: Sendable, Equatable, Codable {
    public enum ChargeCategory: String, Sendable, Codable { case usage = "Usage", purchase = "Purchase", credit = "Credit" }
    public enum PricingCategory: String, Sendable, Codable {
        case standard = "Standard", dynamic = "Dynamic", committed = "Committed", other = "Other"
    }
    public enum ServiceCategory: String, Sendable, Codable {
        case compute = "Compute", storage = "Storage", networking = "Networking", ai = "AI and Machine Learning"
    }

    /// Name of the pool the charge belongs to.
    public var pool: String
    public var offerID: String
    public var provider: String
    public var region: String
    /// Number of the instance within the run; `nil` for charges of the whole pool.
    public var instance: Int?
    public var description: String
    public var chargeCategory: ChargeCategory
    public var pricingCategory: PricingCategory
    public var serviceCategory: ServiceCategory
    public var start: SimulatedTime
    /// Exclusive.
    public var end: SimulatedTime
    /// What was consumed, in `pricingUnit`s × 10⁹ (nano-units), after the provider's rounding and minimum.
    public var nanoQuantity: Int64
    /// `Hours`, `GB`, `GB-Months`.
    public var pricingUnit: String
    /// Per pricing unit, before discounts.
    public var listUnitPrice: Money
    /// Per pricing unit, as charged.
    public var contractedUnitPrice: Money
    public var billedCost: Money
    public var listCost: Money
    /// Date of the price.
    public var priceObserved: String

    public init(
        pool: String, offerID: String, provider: String, region: String, instance: Int?, description: String,
        chargeCategory: ChargeCategory = .usage, pricingCategory: PricingCategory = .standard,
        serviceCategory: ServiceCategory = .compute, start: SimulatedTime, end: SimulatedTime, nanoQuantity: Int64,
        pricingUnit: String = "Hours", listUnitPrice: Money, contractedUnitPrice: Money, billedCost: Money,
        listCost: Money, priceObserved: String
    ) {
        self.pool = pool
        self.offerID = offerID
        self.provider = provider
        self.region = region
        self.instance = instance
        self.description = description
        self.chargeCategory = chargeCategory
        self.pricingCategory = pricingCategory
        self.serviceCategory = serviceCategory
        self.start = start
        self.end = end
        self.nanoQuantity = nanoQuantity
        self.pricingUnit = pricingUnit
        self.listUnitPrice = listUnitPrice
        self.contractedUnitPrice = contractedUnitPrice
        self.billedCost = billedCost
        self.listCost = listCost
        self.priceObserved = priceObserved
    }
}

/// A bill: lines that add up to the total exactly, in integer nano-dollars.
public struct Invoice: Sendable, Equatable, Codable {
    public var lines: [InvoiceLine]
    public init(lines: [InvoiceLine] = []) { self.lines = lines }
    public var total: Money { lines.reduce(.zero) { $0 + $1.billedCost } }
}

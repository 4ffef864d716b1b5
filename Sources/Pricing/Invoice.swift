public import Primitives

/// One line of an invoice, with the quantities that FOCUS 1.2 asks for.
public struct InvoiceLine: Sendable, Equatable, Codable {
    /// What kind of charge, as FOCUS names it.
    public enum ChargeCategory: String, Sendable, Codable {
        case usage = "Usage", purchase = "Purchase", credit = "Credit"
    }
    /// How the price came about: list price, market price, commitment, or set by hand.
    public enum PricingCategory: String, Sendable, Codable {
        case standard = "Standard", dynamic = "Dynamic", committed = "Committed", other = "Other"
    }
    /// What was charged for, as FOCUS groups services.
    public enum ServiceCategory: String, Sendable, Codable {
        case compute = "Compute", storage = "Storage", networking = "Networking", ai = "AI and Machine Learning"
    }

    /// Name of the pool the charge belongs to.
    public var pool: String
    /// ``Offer/id`` of what was rented.
    public var offerID: String
    /// As in the offer.
    public var provider: String
    /// As in the offer.
    public var region: String
    /// Number of the instance within the run; `nil` for charges of the whole pool.
    public var instance: Int?
    /// What was charged for, in words.
    public var description: String
    /// Usage, purchase or credit.
    public var chargeCategory: ChargeCategory
    /// How the price came about.
    public var pricingCategory: PricingCategory
    /// What was charged for.
    public var serviceCategory: ServiceCategory
    /// When the charged time starts.
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
    /// What is to be paid, rounded once, half to even.
    public var billedCost: Money
    /// The same quantity at the list price.
    public var listCost: Money
    /// Date of the price.
    public var priceObserved: String
    /// Time in billed states before rounding and minimum; `nil` for charges that are not for time.
    public var metered: SimulatedDuration?

    /// A line as charged; nothing is checked here.
    public init(
        pool: String, offerID: String, provider: String, region: String, instance: Int?, description: String,
        chargeCategory: ChargeCategory = .usage, pricingCategory: PricingCategory = .standard,
        serviceCategory: ServiceCategory = .compute, start: SimulatedTime, end: SimulatedTime, nanoQuantity: Int64,
        pricingUnit: String = "Hours", listUnitPrice: Money, contractedUnitPrice: Money, billedCost: Money,
        listCost: Money, priceObserved: String, metered: SimulatedDuration? = nil
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
        self.metered = metered
    }
}

/// A bill: lines that add up to the total exactly, in integer nano-dollars.
public struct Invoice: Sendable, Equatable, Codable {
    /// One per charge, in ledger order.
    public var lines: [InvoiceLine]
    /// A bill of `lines`.
    public init(lines: [InvoiceLine] = []) { self.lines = lines }
    /// The exact sum of the lines.
    public var total: Money { lines.reduce(.zero) { $0 + $1.billedCost } }
}

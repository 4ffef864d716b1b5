public import Primitives

/// How a charge hangs together with a commitment, in the terms of FOCUS 1.2.
public struct CommitmentUse: Sendable, Equatable, Codable {
    /// Whether what was committed to was used; `nil` on the line that buys it.
    public enum Status: String, Sendable, Codable {
        case used = "Used", unused = "Unused"
    }
    /// What was committed to: hours of instances, or dollars of spending.
    public enum Category: String, Sendable, Codable {
        case usage = "Usage", spend = "Spend"
    }

    /// Unique within the bill.
    public var id: String
    /// In words.
    public var name: String
    /// The provider's kind of product, e.g. `Reserved quantity`.
    public var type: String
    /// Hours or dollars.
    public var category: Category
    /// Used, unused, or the purchase itself.
    public var status: Status?
    /// How much of the commitment the line is about, in ``unit``s × 10⁹.
    public var nanoQuantity: Int64
    /// `Hours` or `USD`.
    public var unit: String
    /// Whether it was paid in advance as a whole rather than hour by hour.
    public var isPaidInAdvance: Bool
}

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

    /// What a line is for, in one word; decides where it goes in a ``CostSplit``.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The machine's price.
        case machine
        /// Shares of what owned hardware cost, of its power while busy and while not, and of the place it stands in.
        case capital, busyPower = "power, busy", idlePower = "power, idle", space
        /// Storage that instances hold.
        case disk
        /// Public addresses, load balancers and address translation.
        case address, loadBalancer = "load balancer", nat
        /// Bytes sent, and bytes received.
        case egress, ingress
        /// Tokens of an API.
        case tokens
        /// A platform's share on top.
        case fee
        /// A commitment as bought; the part of it that nothing used.
        case commitment, commitmentWaste = "commitment waste"
    }

    /// Name of the pool the charge belongs to; of the commitment, where several pools may draw on it.
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
    /// What the line is for.
    public var kind: Kind
    /// The quantity at the contracted unit price: differs from what is billed where a commitment or a free first hour
    /// took the charge away.
    public var contractedCost: Money
    /// What the line costs when commitments are spread over what used them: billed cost, less what bought a
    /// commitment, plus the share of a commitment used up. Adds up over an invoice to the billed total exactly.
    public var effectiveCost: Money
    /// The commitment that the line buys, uses or leaves unused; `nil` for all other lines.
    public var commitment: CommitmentUse?

    /// A line as charged; nothing is checked here. Contracted and effective cost are the billed cost unless given.
    public init(
        pool: String, offerID: String, provider: String, region: String, instance: Int?, description: String,
        chargeCategory: ChargeCategory = .usage, pricingCategory: PricingCategory = .standard,
        serviceCategory: ServiceCategory = .compute, start: SimulatedTime, end: SimulatedTime, nanoQuantity: Int64,
        pricingUnit: String = "Hours", listUnitPrice: Money, contractedUnitPrice: Money, billedCost: Money,
        listCost: Money, priceObserved: String, metered: SimulatedDuration? = nil, kind: Kind = .machine,
        contractedCost: Money? = nil, effectiveCost: Money? = nil, commitment: CommitmentUse? = nil
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
        self.kind = kind
        self.contractedCost = contractedCost ?? billedCost
        self.effectiveCost = effectiveCost ?? billedCost
        self.commitment = commitment
    }

    /// Charges `cost`: billed, contracted and effective alike.
    mutating func charge(_ cost: Money) {
        billedCost = cost
        contractedCost = cost
        effectiveCost = cost
    }
}

extension InvoiceLine {
    /// What a line says beyond the columns every bill has, for whoever stores lines in columns.
    public struct Particulars: Sendable, Equatable, Codable {
        /// As in the line.
        public var kind: Kind
        /// As in the line.
        public var contractedCost: Money
        /// As in the line.
        public var effectiveCost: Money
        /// As in the line.
        public var commitment: CommitmentUse?
    }

    /// `nil` where it is the machine, billed at its contracted and effective cost, without a commitment; setting `nil`
    /// makes it so.
    public var particulars: Particulars? {
        get {
            guard kind != .machine || commitment != nil || contractedCost != billedCost || effectiveCost != billedCost
            else { return nil }
            return Particulars(
                kind: kind, contractedCost: contractedCost, effectiveCost: effectiveCost, commitment: commitment)
        }
        set {
            kind = newValue?.kind ?? .machine
            contractedCost = newValue?.contractedCost ?? billedCost
            effectiveCost = newValue?.effectiveCost ?? billedCost
            commitment = newValue?.commitment
        }
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
    /// What was committed to and not used.
    public var commitmentWaste: Money {
        lines.reduce(.zero) { $1.kind == .commitmentWaste ? $0 + $1.effectiveCost : $0 }
    }
}

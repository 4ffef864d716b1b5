public import Primitives

/// A price that replaces the catalogue's: a negotiated rate, a bid, or the cost of owned hardware.
public struct PriceOverride: Sendable, Equatable, Codable {
    /// Whole instance per hour; not negative.
    public var perHour: Money
    /// Where it comes from, e.g. `scenario`.
    public var source: String
    /// ISO date, or what is known of it.
    public var observed: String

    /// A price set by hand; checked when ``PoolTerms`` takes it.
    public init(perHour: Money, source: String = "scenario", observed: String = "undated") {
        self.perHour = perHour
        self.source = source
        self.observed = observed
    }
}

/// What the instances of one pool cost: offer, terms, price and rule, resolved and checked.
public struct PoolTerms: Sendable, Equatable, Codable {
    /// Name of the pool, as it appears on the invoice.
    public let pool: String
    /// What is rented.
    public let offer: Offer
    /// On which terms.
    public let terms: PurchaseTerms
    /// Under whose billing rule.
    public let rule: BillingRule
    /// Disk held by each instance for as long as it is rented, also stopped and paused.
    public private(set) var disk = ByteCount.zero
    /// Whole instance per hour, as charged.
    public let contractedPerHour: Money
    /// Whole instance per hour on demand; the charged price where no on-demand price is known.
    public let listPerHour: Money
    /// Where the charged price comes from.
    public let priceSource: String
    /// Date of the charged price, or what is known of it.
    public let priceObserved: String

    /// The highest price per hour that is taken for one: 10 000 dollars, so that the bill of any real fleet stays
    /// within the range of ``Money``.
    public static let dearest = Money(nanodollars: 10_000_000_000_000)

    /// The price of `offer` on `terms`, or `price` in its place; the provider's own rule unless one is given.
    /// - Throws: ``PriceBookError`` when the offer has no price on these terms and none is set, or when the price is
    ///   negative or above ``dearest``.
    public init(
        pool: String, offer: Offer, terms: PurchaseTerms = .onDemand, price: PriceOverride? = nil,
        rule: BillingRule? = nil
    ) throws(PriceBookError) {
        guard let perHour = price?.perHour ?? offer.pricePerHour(on: terms) else {
            let known = [PurchaseTerms.onDemand, .spot].filter { offer.pricePerHour(on: $0) != nil }
            throw .notOffered(id: offer.id, terms: terms, known: known)
        }
        guard perHour >= .zero, perHour <= Self.dearest else {
            throw .unusablePrice(id: offer.id, price: perHour.description)
        }
        self.pool = pool
        self.offer = offer
        self.terms = terms
        self.rule = rule ?? (terms == .owned ? .owned : .of(provider: offer.provider))
        contractedPerHour = perHour
        listPerHour = terms == .owned ? perHour : offer.onDemandPerHour ?? perHour
        priceSource = price?.source ?? offer.source
        priceObserved = price?.observed ?? offer.observed
    }

    /// The same terms with a disk of `disk` on each instance.
    public func holding(_ disk: ByteCount) -> PoolTerms {
        var terms = self
        terms.disk = disk
        return terms
    }

    /// How FOCUS classes the price.
    public var pricingCategory: InvoiceLine.PricingCategory {
        switch terms {
        case .onDemand: .standard
        case .spot, .interruptible: .dynamic
        case .owned: .other
        }
    }
}

public import Primitives

/// Capacity or spending that is paid for whether it is used or not, in exchange for a lower price.
///
/// Three shapes cover the market: a **reserved quantity** of one offer, a **spend commitment** of dollars an hour at a
/// provider, a **prepaid block** of one offer. All three work alike: each hour of the run brings a budget of
/// ``perHour`` dollars; usage that is eligible draws on it at the committed rate until it is gone; what is left at the
/// hour's end is lost. A reserved instance of rate *r* is a budget of *r* dollars an hour that only its offer may draw on.
public struct Commitment: Sendable, Equatable, Codable {
    /// The shape.
    public enum Kind: String, Sendable, Codable {
        case reserved = "Reserved quantity", prepaid = "Prepaid block", spend = "Spend commitment"
    }

    /// In words, e.g. `2 x g6e.xlarge, reserved-1y`.
    public var name: String
    /// Only for the pool of this name; `nil` = for all that are eligible.
    public var pool: String?
    /// The shape.
    public let kind: Kind
    /// Whose.
    public let provider: String
    /// What every hour costs, used or not.
    public let perHour: Money
    /// Instances that are held at the same time, for a quantity or a block; 0 for spending.
    public let quantity: Int64
    /// The offer, for a quantity or a block.
    public let offerID: String?
    /// The rate card of a spend commitment: shares of the on-demand price, by beginnings of offer ids.
    public let rates: [SpendRate]
    /// Months for which a block was paid in advance; `nil` = hour by hour.
    public let monthsInAdvance: Int64?
    /// Date of the price, or what is known of it.
    public let observed: String

    /// The most that is committed to: a million dollars an hour, so that a year of it stays within the range of ``Money``.
    public static let dearest = Money(nanodollars: 1_000_000_000_000_000)

    /// `quantity` instances of `offer` for one or three years, paid by the hour, at `perHour` each or at the listed ratio.
    /// - Throws: ``PriceBookError`` when no price is known or it is not above zero, or when nothing is reserved.
    public static func reserved(
        _ quantity: Int64, of offer: Offer, on terms: PurchaseTerms = .reservedOneYear, perHour: Money? = nil
    ) throws(PriceBookError) -> Commitment {
        guard let price = perHour ?? offer.pricePerHour(on: terms) else {
            throw .notOffered(id: offer.id, terms: terms, known: offer.onDemandPerHour == nil ? [] : [.onDemand])
        }
        let name = "\(quantity) x \(offer.instanceType), \(terms.rawValue)"
        return try Commitment(name, .reserved, offer, (quantity, price), months: nil)
    }

    /// `quantity` instances of `offer` for `months` of 730 hours, paid in advance at `perHour` each.
    /// - Throws: ``PriceBookError`` when the price is not above zero, or when nothing is bought.
    public static func prepaid(
        _ quantity: Int64, of offer: Offer, months: Int64, perHour: Money
    ) throws(PriceBookError) -> Commitment {
        let name = "\(quantity) x \(offer.instanceType), \(months) month\(months == 1 ? "" : "s") prepaid"
        guard months >= 1 else { throw .unusableCommitment(name: name, reason: "lasts less than a month") }
        return try Commitment(name, .prepaid, offer, (quantity, perHour), months: months)
    }

    /// `perHour` dollars of spending an hour at `provider`, at the rates of a card.
    ///
    /// Usage with the largest discount draws first, then the earliest; usage that no rate names is not eligible.
    /// - Throws: ``PriceBookError`` when nothing is committed or a rate is not between 0.001 and 1.
    public static func spend(
        _ perHour: Money, at provider: String, rates: [SpendRate], observed: String = "as given"
    ) throws(PriceBookError) -> Commitment {
        let name = "\(perHour) $/h of spending at \(provider)"
        guard perHour > .zero, perHour <= dearest, rates.allSatisfy({ (1...1_000).contains($0.thousandths) })
        else { throw .unusableCommitment(name: name, reason: "has a price or a rate out of bounds") }
        return Commitment(
            name: name, kind: .spend, provider: BillingRule.of(provider: provider).provider, perHour: perHour,
            quantity: 0, offerID: nil, rates: rates, monthsInAdvance: nil, observed: observed)
    }

    private init(
        _ name: String, _ kind: Kind, _ offer: Offer, _ block: (quantity: Int64, price: Money), months: Int64?
    ) throws(PriceBookError) {
        guard block.price > .zero, block.price <= PoolTerms.dearest else {
            throw .unusablePrice(id: offer.id, price: block.price.description)
        }
        guard block.quantity >= 1 else { throw .unusableCommitment(name: name, reason: "is for no instance") }
        guard block.quantity <= Self.dearest.nanodollars / block.price.nanodollars else {
            throw .unusableCommitment(name: name, reason: "costs more than \(Self.dearest) $ an hour")
        }
        self.init(
            name: name, kind: kind, provider: offer.provider, perHour: block.price * block.quantity,
            quantity: block.quantity, offerID: offer.id, rates: [], monthsInAdvance: months, observed: offer.observed)
    }

    private init(
        name: String, pool: String? = nil, kind: Kind, provider: String, perHour: Money, quantity: Int64,
        offerID: String?, rates: [SpendRate], monthsInAdvance: Int64?, observed: String
    ) {
        self.name = name
        self.pool = pool
        self.kind = kind
        self.provider = provider
        self.perHour = perHour
        self.quantity = quantity
        self.offerID = offerID
        self.rates = rates
        self.monthsInAdvance = monthsInAdvance
        self.observed = observed
    }

    /// What a pool on committed terms commits to by itself: as many instances as it ever holds at once.
    init(pool: PoolTerms, quantity: Int64) {
        self.init(
            name: "\(quantity) x \(pool.offer.instanceType), \(pool.terms.rawValue)", pool: pool.pool,
            kind: pool.terms == .prepaid ? .prepaid : .reserved, provider: pool.offer.provider,
            perHour: pool.contractedPerHour * quantity, quantity: quantity, offerID: pool.offer.id, rates: [],
            monthsInAdvance: nil, observed: pool.priceObserved)
    }

    /// What an instance-hour of a pool draws from the budget; `nil` = the pool's usage is not eligible.
    ///
    /// Usage at moving prices, by the token, serverless and owned is not eligible.
    public func rate(for terms: PoolTerms) -> Money? {
        guard terms.terms == .onDemand || terms.terms.isCommitted, terms.pricePath == nil,
            pool == nil || pool == terms.pool
        else { return nil }
        if let offerID {
            return offerID == terms.offer.id ? Money(nanodollars: perHour.nanodollars / quantity) : nil
        }
        guard provider == BillingRule.of(provider: terms.offer.provider).provider, !terms.terms.isCommitted,
            let rate = rates.filter({ terms.offer.id.hasPrefix($0.prefix) }).max(by: {
                $0.prefix.count < $1.prefix.count
            })
        else { return nil }
        let price = terms.contractedPerHour.scaled(by: rate.thousandths, over: 1_000)
        return price > .zero ? price : nil
    }

    /// Quantities and blocks come before spending, as providers apply them.
    var rank: Int { kind == .spend ? 1 : 0 }

    /// One row of a spend commitment's rate card.
    public struct SpendRate: Sendable, Equatable, Codable {
        /// Beginning of the offer ids meant, e.g. `aws/` or `aws/g6e.`; the longest that fits holds.
        public var prefix: String
        /// Share of the on-demand price, × 1000.
        public var thousandths: Int64

        /// A row as given.
        public init(prefix: String, thousandths: Int64) {
            self.prefix = prefix
            self.thousandths = thousandths
        }
    }
}

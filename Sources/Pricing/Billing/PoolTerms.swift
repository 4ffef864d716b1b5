public import Primitives

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
    /// What traffic, addresses and load balancers cost.
    public var tariff: NetworkTariff
    /// What each instance holds beside itself, and what the pool does.
    public private(set) var extras = PoolExtras()
    /// Whole instance per hour, as charged; at time zero where the price moves.
    public let contractedPerHour: Money
    /// Whole instance per hour on demand; the charged price where no on-demand price is known.
    public let listPerHour: Money
    /// The price as it moves; `nil` = it stays.
    public private(set) var pricePath: PricePath?
    /// Prices by the token, on ``PurchaseTerms/perToken``.
    public let tokenPrices: TokenPrices?
    /// Capital, power and space of owned machines, where they are told apart.
    public let ownedCost: OwnedCost?
    /// Where the charged price comes from.
    public let priceSource: String
    /// Date of the charged price, or what is known of it.
    public let priceObserved: String

    static let nanosecondsPerHour: Int64 = 3_600_000_000_000
    static let nanosecondsPerMonth: Int64 = 730 * nanosecondsPerHour

    /// The highest price per hour that is taken for one: 10 000 dollars, so that the bill of any real fleet stays
    /// within the range of ``Money``.
    public static let dearest = Money(nanodollars: 10_000_000_000_000)

    /// The price of `offer` on `terms`, or `price` in its place; the provider's own rule unless one is given.
    /// - Throws: ``PriceBookError`` when the offer has no price on these terms and none is set, or when the price is
    ///   negative or above ``dearest``, or of a form that does not go with the terms.
    public init(
        pool: String, offer: Offer, terms: PurchaseTerms = .onDemand, price: PriceOverride? = nil,
        rule: BillingRule? = nil
    ) throws(PriceBookError) {
        let perHour = try Self.price(of: offer, on: terms, price)
        self.pool = pool
        self.offer = offer
        self.terms = terms
        self.rule = rule ?? .of(offer: offer, on: terms)
        tariff = terms == .owned ? .owned : .of(provider: offer.provider)
        contractedPerHour = perHour
        listPerHour = terms == .owned || terms.isServerless ? perHour : offer.onDemandPerHour ?? perHour
        pricePath = price?.path
        tokenPrices = price?.tokens
        ownedCost = price?.owned
        let origin = price.map { ($0.source, $0.observed) } ?? Self.origin(of: offer, on: terms)
        (priceSource, priceObserved) = origin
    }

    /// Where the price of an offer on terms comes from, and when it was read.
    private static func origin(of offer: Offer, on terms: PurchaseTerms) -> (source: String, observed: String) {
        if terms.isServerless { return (ServerlessRate.source, ServerlessRate.observed) }
        guard let ratio = ReservedRatio.of(offer, on: terms)?.ratio else { return (offer.source, offer.observed) }
        return ("\(offer.source); ratio: \(ratio.source)", "\(offer.observed), ratio \(ratio.observed)")
    }

    private static func price(
        of offer: Offer, on terms: PurchaseTerms, _ price: PriceOverride?
    ) throws(PriceBookError) -> Money {
        guard let perHour = price?.perHour ?? offer.pricePerHour(on: terms) else {
            let known = [PurchaseTerms.onDemand, .spot].filter { offer.pricePerHour(on: $0) != nil }
            throw .notOffered(id: offer.id, terms: terms, known: known)
        }
        guard (price?.tokens != nil) == (terms == .perToken), price?.owned == nil || terms == .owned,
            price?.path == nil || terms == .spot || terms == .interruptible || terms == .onDemand
        else { throw .unsuitablePrice(id: offer.id, terms: terms) }
        guard perHour >= .zero, perHour <= dearest, price?.tokens?.isUsable ?? true, price?.owned?.isUsable ?? true,
            !terms.isCommitted || perHour > .zero
        else { throw .unusablePrice(id: offer.id, price: perHour.description) }
        return perHour
    }

    /// Disk held by each instance for as long as it is rented, also stopped and paused.
    public var disk: ByteCount { extras.disk }

    /// The same terms with a disk of `disk` on each instance.
    public func holding(_ disk: ByteCount) -> PoolTerms {
        var terms = self
        terms.extras.disk = disk
        return terms
    }

    /// The same terms with `extras` around the machines.
    public func holding(_ extras: PoolExtras) -> PoolTerms {
        var terms = self
        terms.extras = extras
        return terms
    }

    /// The same terms at the prices of `tariff`.
    public func charging(_ tariff: NetworkTariff) -> PoolTerms {
        var terms = self
        terms.tariff = tariff
        return terms
    }

    /// The same terms at a spot price that moves around the charged one as ``MarketFacts/walk(of:)`` says, drawn under
    /// `seed`; unchanged on other terms, where the price moves already, and where nothing is known of its movement.
    ///
    /// The path is ``PriceWalk/path(of:seed:until:)`` of the offer at the charged price, so whoever reads prices in a run
    /// and whoever bills it see the same ones.
    public func moving(seed: UInt64, until end: SimulatedTime) -> PoolTerms {
        guard terms == .spot, pricePath == nil, let walk = MarketFacts.walk(of: offer) else { return self }
        var (moving, priced) = (self, offer)
        priced.spotPerHour = contractedPerHour
        moving.pricePath = walk.path(of: priced, seed: seed, until: end)
        return moving
    }

    /// How FOCUS classes the price.
    public var pricingCategory: InvoiceLine.PricingCategory {
        switch terms {
        case .onDemand, .serverless, .serverlessActive, .perToken: .standard
        case .spot, .interruptible: .dynamic
        case .reservedOneYear, .reservedThreeYears, .prepaid: .committed
        case .owned: .other
        }
    }
}

/// What is paid for beside the machines of a pool.
public struct PoolExtras: Sendable, Equatable, Codable {
    /// Disk held by each instance for as long as it is rented, also stopped and paused.
    public var disk = ByteCount.zero
    /// Public IPv4 addresses of each instance, held as long as it is.
    public var addresses: Int64 = 0
    /// Load balancers of the pool, from the run's start to its end.
    public var loadBalancers: Int64 = 0
    /// Gateways that translate addresses, from the run's start to its end; traffic to and from outside goes through them.
    public var natGateways: Int64 = 0

    /// Nothing beside the machines, unless given.
    /// - Precondition: nothing is negative, and there are at most 10 000 of anything.
    public init(disk: ByteCount = .zero, addresses: Int64 = 0, loadBalancers: Int64 = 0, natGateways: Int64 = 0) {
        let counts = [addresses, loadBalancers, natGateways]
        precondition(disk >= .zero && counts.allSatisfy { (0...10_000).contains($0) }, "less than nothing, or too much")
        self.disk = disk
        self.addresses = addresses
        self.loadBalancers = loadBalancers
        self.natGateways = natGateways
    }
}

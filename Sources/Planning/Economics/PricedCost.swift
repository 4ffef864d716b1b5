public import Pricing
public import Primitives

/// A bill divided by what moves with the price of machines: the parts add up to it to the nano-dollar.
///
/// With machine prices of a market at `r` times today's, a strategy that does the same costs `r` × that market's part,
/// plus the others. Fees are shares of machine prices and move with them, and so do commitments, capital and prices by
/// the token; disk, traffic, addresses, load balancers, power and space stay. Bids move along with prices: who is outbid
/// when does not change.
public struct PricedCost: Sendable, Equatable, Codable {
    /// Machines of hyperscale providers.
    public var hyperscale = Money.zero
    /// Machines of specialised clouds and marketplaces.
    public var distributed = Money.zero
    /// Owned machines, without power and space.
    public var owned = Money.zero
    /// What does not move with machine prices.
    public var fixed = Money.zero

    /// A division by hand.
    public init(hyperscale: Money = .zero, distributed: Money = .zero, owned: Money = .zero, fixed: Money = .zero) {
        self.hyperscale = hyperscale
        self.distributed = distributed
        self.owned = owned
        self.fixed = fixed
    }

    /// Divides what `invoice` bills. A line belongs to the market of its pool, a commitment that several pools draw on
    /// to that of its provider.
    public init(_ invoice: Invoice, pools: [PoolTerms]) {
        for line in invoice.lines {
            if line.kind.movesWithPrices {
                self[Self.market(of: line, pools)] += line.billedCost
            } else {
                fixed += line.billedCost
            }
        }
    }

    private static func market(of line: InvoiceLine, _ pools: [PoolTerms]) -> Market {
        let own = pools.first { $0.pool == line.pool }
        // What several pools share is rented: an owned machine described by an offer has no part in it.
        let shared = pools.filter { $0.offer.provider == line.provider }
        if own == nil, let pool = shared.first(where: { $0.terms != .owned }) ?? shared.first {
            return pool.offer.market
        }
        guard let pool = own else { return .hyperscale }
        return pool.terms == .owned ? .owned : pool.offer.market
    }

    /// The part that moves with the prices of `market`.
    public subscript(market: Market) -> Money {
        get {
            switch market {
            case .hyperscale: hyperscale
            case .distributed: distributed
            case .owned: owned
            }
        }
        set {
            switch market {
            case .hyperscale: hyperscale = newValue
            case .distributed: distributed = newValue
            case .owned: owned = newValue
            }
        }
    }

    /// What moves when all machine prices do.
    public var moving: Money { hyperscale + distributed + owned }
    /// The whole bill.
    public var total: Money { moving + fixed }
}

extension InvoiceLine.Kind {
    /// Whether the charge is in proportion to the price of machines (or, for an API, of tokens).
    var movesWithPrices: Bool {
        switch self {
        case .machine, .capital, .tokens, .fee, .commitment, .commitmentWaste: true
        case .busyPower, .idlePower, .space, .disk, .address, .loadBalancer, .nat, .egress, .ingress: false
        }
    }
}

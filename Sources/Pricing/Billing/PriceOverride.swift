public import Primitives

/// A price that replaces the catalogue's: a negotiated rate, a bid, a price that moves, prices per token, or the cost of
/// owned hardware.
public struct PriceOverride: Sendable, Equatable, Codable {
    /// Whole instance per hour; not negative.
    public var perHour: Money
    /// Where it comes from, e.g. `scenario`.
    public var source: String
    /// ISO date, or what is known of it.
    public var observed: String
    /// The price as it moves; `nil` = it stays.
    public private(set) var path: PricePath?
    /// Prices by the token; `nil` = by the hour.
    public private(set) var tokens: TokenPrices?
    /// Capital, power and space in place of a price by the hour.
    public private(set) var owned: OwnedCost?

    /// A price set by hand; checked when ``PoolTerms`` takes it.
    public init(perHour: Money, source: String = "scenario", observed: String = "undated") {
        self.perHour = perHour
        self.source = source
        self.observed = observed
    }

    /// A price that moves.
    public init(path: PricePath, source: String = "scenario", observed: String = "undated") {
        self.init(perHour: path.price(at: .start), source: source, observed: observed)
        self.path = path
    }

    /// Prices by the token, for ``PurchaseTerms/perToken``.
    public init(tokens: TokenPrices, source: String = "scenario", observed: String = "undated") {
        self.init(perHour: .zero, source: source, observed: observed)
        self.tokens = tokens
    }

    /// The parts of owned hardware's cost, for ``PurchaseTerms/owned``. The price per hour is that of a busy machine.
    public init(owned: OwnedCost, source: String = "scenario", observed: String = "undated") {
        let hour = SimulatedDuration.hours(1)
        // Unusable figures are refused by the pool's terms, before anything is charged.
        let perHour =
            owned.isUsable
            ? owned.capitalCharge(for: hour) + owned.spaceCharge(for: hour)
                + owned.powerCharge(watts: owned.busyWatts, for: hour) : .zero
        self.init(perHour: perHour, source: source, observed: observed)
        self.owned = owned
    }
}

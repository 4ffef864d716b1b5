public import Primitives

/// How a spot price moves: a random walk of its logarithm that is drawn back to its mean and capped at on-demand.
///
/// Every `interval` the price either stays (with probability `stays`) or takes a normal step; the logarithm of its ratio
/// to the mean is first multiplied by 1 − `reversion`. A walk is a pure function of the key and its own parameters: it
/// consumes draws 2k and 2k + 1 for step k, whatever happened before.
public struct PriceWalk: Sendable, Equatable, Codable {
    /// Time between two possible changes; > 0.
    public var interval: SimulatedDuration
    /// Probability that the price stays where it is, 0 ≤ p < 1.
    public var stays: Double
    /// Standard deviation of a step of the logarithm that is taken; ≥ 0.
    public var sigma: Double
    /// Share of the distance to the mean that is lost at a step that is taken, 0 … 1.
    public var reversion: Double

    /// A walk as described.
    /// - Precondition: the parameters are within their bounds.
    public init(interval: SimulatedDuration, stays: Double, sigma: Double, reversion: Double) {
        precondition(interval > .zero && stays >= 0 && stays < 1 && sigma >= 0 && reversion >= 0 && reversion <= 1)
        self.interval = interval
        self.stays = stays
        self.sigma = sigma
        self.reversion = reversion
    }

    /// Prices are whole multiples of this: a hundredth of a cent, as providers list them.
    static let quantum: Int64 = 100_000

    /// The prices of `offer` from time zero to `end`, drawn under `seed`.
    ///
    /// It starts at the offer's spot price, which is also its mean, and never exceeds the on-demand price where there is
    /// one. `nil` without a spot price.
    /// - Complexity: time to `end` over the interval.
    public func path(of offer: Offer, seed: UInt64, until end: SimulatedTime) -> PricePath? {
        guard let mean = offer.spotPerHour, mean > .zero else { return nil }
        let key = RandomKey(seed: seed).derived("spot price").derived(stableHash(offer.id.utf8))
        return path(from: mean, cap: offer.onDemandPerHour ?? PoolTerms.dearest, key: key, until: end)
    }

    /// The prices around `mean` from time zero to `end`: at least a hundredth of a cent, at most `cap`.
    /// - Precondition: `mean` > 0, `cap` > 0.
    public func path(from mean: Money, cap: Money, key: RandomKey, until end: SimulatedTime) -> PricePath {
        precondition(mean > .zero && cap > .zero, "a price walks above zero")
        var steps = [PricePath.Step(start: .start, perHour: min(mean, cap))]
        var (logarithm, time, counter) = (0.0, SimulatedTime.start + interval, UInt64(0))
        while time < end {
            if key.uniform(2 * counter) >= stays {
                let step = sigma * Mathematics.normalQuantile(key.uniform(2 * counter + 1))
                logarithm = logarithm * (1 - reversion) + step
                let price = Self.price(mean.dollars * Mathematics.exp(logarithm), cap: cap)
                if price != steps[steps.count - 1].perHour { steps.append(.init(start: time, perHour: price)) }
            }
            time += interval
            counter += 1
        }
        return PricePath(steps: steps) ?? PricePath(constant: min(mean, cap))
    }

    private static func price(_ dollars: Double, cap: Money) -> Money {
        // Far above any cap, so that the whole number exists.
        let bounded = min(dollars, PoolTerms.dearest.dollars)
        let units = (bounded * 1e9 / Double(quantum)).rounded(.toNearestOrEven)
        return min(cap, Money(nanodollars: max(quantum, Int64(units) * quantum)))
    }
}

extension PricePath {
    /// A price that never moves.
    /// - Precondition: it is between zero and ``PoolTerms/dearest``.
    public init(constant price: Money) {
        guard let path = PricePath(steps: [Step(start: .start, perHour: price)]) else {
            preconditionFailure("the price \(price) is not between 0 and \(PoolTerms.dearest)")
        }
        self = path
    }
}

public import Primitives

/// What a bill needs to know beside the ledger and the pools' terms.
public struct BillingPlan: Sendable, Equatable, Codable {
    /// Where in a month's volume of traffic the run stands. Tiers and free allowances count by the month.
    public enum MonthlyVolume: Sendable, Equatable, Codable {
        /// This much was sent to the internet this month at each provider before the run; tiers are as listed (times
        /// the months a longer run takes, started ones counted).
        case used(ByteCount)
        /// The run is a typical share of a month: tiers and allowances are narrowed to its share of 730 hours.
        case typical
    }

    /// Commitments, in the order in which they are drawn on within their kind: quantities and blocks before spending.
    public var commitments: [Commitment]
    /// Where in a month's traffic the run stands.
    public var volume: MonthlyVolume

    /// No commitments beyond what pools' own terms bring, and a month that starts with the run, unless given.
    public init(commitments: [Commitment] = [], volume: MonthlyVolume = .used(.zero)) {
        self.commitments = commitments
        self.volume = volume
    }

    /// Sent to the internet this month before the run, at each provider.
    var usedBefore: ByteCount {
        if case .used(let bytes) = volume { return bytes }
        return .zero
    }

    /// By how many months' worth the tiers are widened for a run up to `end`.
    func months(until end: SimulatedTime) -> (numerator: Int64, denominator: Int64) {
        let month = PoolTerms.nanosecondsPerMonth
        switch volume {
        case .used: return (max(1, (end.nanoseconds + month - 1) / month), 1)
        case .typical: return (max(1, end.nanoseconds), month)
        }
    }
}

public import Primitives

/// What a rented instance is doing. Every rented second is in exactly one state.
public enum InstanceState: UInt8, CaseIterable, Sendable, Codable {
    case provisioning, loading, busy, idle, draining, stopped, paused
}

/// One rental of one instance, from the provider's start of the clock to its end.
public struct Rental: Sendable, Equatable, Codable {
    /// Index of the pool (and so of its offer and terms) the instance serves.
    public var pool: Int
    /// Number of the instance within the run, from 0.
    public var instance: Int
    /// When the provider's clock starts.
    public var start: SimulatedTime
    /// When it ends; exclusive.
    public var end: SimulatedTime
    /// Nanoseconds per state, indexed by `InstanceState.rawValue`; their sum is `end - start`.
    public var states: [Int64]

    /// A rental as measured; `states` has one element per `InstanceState`.
    public init(pool: Int, instance: Int, start: SimulatedTime, end: SimulatedTime, states: [Int64]) {
        self.pool = pool
        self.instance = instance
        self.start = start
        self.end = end
        self.states = states
    }

    /// The rented time.
    public var duration: SimulatedDuration { end - start }
    /// The time spent in one state.
    public subscript(state: InstanceState) -> SimulatedDuration {
        SimulatedDuration(nanoseconds: states[Int(state.rawValue)])
    }
}

/// What was held, in which state, when: the physical half of a bill. Prices are applied by ``Invoice`` alone.
public struct UsageLedger: Sendable, Equatable, Codable {
    /// In order of start, ties by instance.
    public var rentals: [Rental]
    /// A ledger of `rentals`.
    public init(rentals: [Rental] = []) { self.rentals = rentals }

    /// Whether every rental's state times sum to its rented time.
    public var balances: Bool {
        rentals.allSatisfy { $0.states.reduce(0, +) == $0.duration.nanoseconds && $0.states.allSatisfy { $0 >= 0 } }
    }
}

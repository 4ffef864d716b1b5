public import Primitives

/// What a rented instance is doing. Every rented second is in exactly one state.
public enum InstanceState: UInt8, CaseIterable, Sendable, Codable {
    case provisioning, loading, busy, idle, draining, stopped, paused
}

/// Why a rental ended. Who ended it decides what some providers charge.
public enum RentalEnding: String, Sendable, Codable, CaseIterable {
    /// Given back by its renter.
    case released
    /// Still held when the run ended.
    case runEnd = "end of run"
    /// Reclaimed by the provider: spot.
    case interrupted
    /// Paused or given up because somebody paid more.
    case outbid
    /// The host left the market.
    case hostLeft = "host left"
    /// The host's longest rental was over.
    case expired
    /// The machine broke, or its zone went down.
    case failed
    /// It never came up.
    case launchFailed = "launch failed"
}

/// A border that bytes cross on their way, which decides what they cost.
public enum Boundary: UInt8, CaseIterable, Sendable, Codable {
    /// Out to the internet.
    case internet
    /// Out to another region of the same provider.
    case interRegion
    /// Out to another zone of the same region.
    case interZone
    /// In from outside.
    case ingress
}

/// Bytes by the boundary they crossed.
public struct Traffic: Sendable, Equatable, Codable {
    /// Indexed by ``Boundary/rawValue``.
    public private(set) var bytes: [Int64]

    /// None at all.
    public init() { bytes = Array(repeating: 0, count: Boundary.allCases.count) }

    /// Bytes across one boundary.
    public subscript(boundary: Boundary) -> Int64 {
        get { bytes[Int(boundary.rawValue)] }
        set { bytes[Int(boundary.rawValue)] = newValue }
    }

    /// Adds boundary by boundary.
    public static func += (a: inout Self, b: Self) {
        for index in a.bytes.indices { a.bytes[index] += b.bytes[index] }
    }
}

/// What a marketplace and its renter agreed on at the start of a rental, where each host has its own prices.
public struct HostTerms: Sendable, Equatable, Codable {
    /// Number of the host in its market.
    public var host: Int
    /// Whole machine per hour: the host's price, or the bid.
    public var perHour: Money
    /// Per gigabyte and month of 730 hours; `nil` = not charged.
    public var storagePerGBMonth: Money?
    /// Per gigabyte received; `nil` = not charged.
    public var ingressPerGB: Money?
    /// Per gigabyte sent; `nil` = not charged.
    public var egressPerGB: Money?

    /// Terms as agreed.
    public init(
        host: Int, perHour: Money, storagePerGBMonth: Money? = nil, ingressPerGB: Money? = nil,
        egressPerGB: Money? = nil
    ) {
        self.host = host
        self.perHour = perHour
        self.storagePerGBMonth = storagePerGBMonth
        self.ingressPerGB = ingressPerGB
        self.egressPerGB = egressPerGB
    }
}

/// One rental of one instance, from the provider's start of the clock to its end. An instance that is paused and goes
/// on has one rental per run and one per pause, in turn.
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
    /// Why it ended.
    public var ending = RentalEnding.runEnd
    /// What was agreed with the host; `nil` where the supplier is one, with the pool's prices.
    public var host: HostTerms?
    /// Whether it goes on where the instance's previous rental ended (after a pause or a stop): not a new machine.
    public var resumes = false
    /// Part of the busy time whose work came to nothing.
    public var lost = SimulatedDuration.zero
    /// Bytes in and out.
    public var traffic = Traffic()

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
    /// The rented time without what the instance was stopped or paused.
    public var runningTime: SimulatedDuration {
        SimulatedDuration(
            nanoseconds: duration.nanoseconds - states[Int(InstanceState.stopped.rawValue)]
                - states[Int(InstanceState.paused.rawValue)])
    }
    /// The time spent in one state.
    public subscript(state: InstanceState) -> SimulatedDuration {
        SimulatedDuration(nanoseconds: states[Int(state.rawValue)])
    }
}

/// Tokens that a pool's answers took, for suppliers who charge by the token.
public struct TokenUse: Sendable, Equatable, Codable {
    /// Prompt tokens that were not in a cache.
    public var input: UInt64 = 0
    /// Prompt tokens found in a cache.
    public var cachedInput: UInt64 = 0
    /// Generated tokens.
    public var output: UInt64 = 0

    /// None at all.
    public init() {}
}

/// What was held, in which state, when: the physical half of a bill. Prices are applied by ``Invoice`` alone.
public struct UsageLedger: Sendable, Equatable, Codable {
    /// In order of start, ties by instance.
    public var rentals: [Rental]
    /// By pool; empty = not counted.
    public var tokens: [TokenUse] = []
    /// The run's end, to which what is paid whether used or not is charged.
    public var end = SimulatedTime.start

    /// A ledger of `rentals`.
    public init(rentals: [Rental] = []) {
        self.rentals = rentals
        end = rentals.map(\.end).max() ?? .start
    }

    /// Whether every rental's state times sum to its rented time.
    public var balances: Bool {
        rentals.allSatisfy { $0.states.reduce(0, +) == $0.duration.nanoseconds && $0.states.allSatisfy { $0 >= 0 } }
    }
}

import Pricing
import Primitives

/// Which replicas exist, in which stage of their life, and since when they are rented.
///
/// stopped → starting → ready → draining → stopped; a starting replica may be given up. A replica that starts again is
/// a new machine: nothing is cached. Replicas of pools without scaling are ready from the start to the end.
struct Provisioner {
    enum Stage: UInt8 { case stopped, starting, ready, draining }

    private struct Slot {
        let pool: Int
        var stage = Stage.stopped
        var rentedAt: Int64 = 0
        var readyAt: Int64 = 0
        /// Busy time of the replica when this rental began, and when it began to drain.
        var busyBefore: Int64 = 0
        var drainedAt: Int64 = 0
        var busyAtDrain: Int64 = 0
    }

    private var slots: [Slot] = []
    private let pools: [PoolConfiguration]
    private let ranges: [Range<Int>]
    private var scalers: [Autoscaler?]
    private var rentals: [Rental] = []
    private(set) var coldStarts: UInt64 = 0
    /// Times at which a scaled pool's wish reversed its previous change.
    private(set) var flaps: UInt64 = 0
    private var lastChange: [Int]

    init(_ pools: [PoolConfiguration]) {
        self.pools = pools
        var start = 0
        ranges = pools.map { pool in
            defer { start += pool.replicas }
            return start..<(start + pool.replicas)
        }
        for (index, pool) in pools.enumerated() {
            let serving = pool.scaling?.initial ?? pool.replicas
            slots += (0..<pool.replicas).map { place in
                var slot = Slot(pool: index)
                slot.stage = place < serving ? .ready : .stopped
                return slot
            }
        }
        scalers = pools.map { pool in
            pool.scaling.map {
                Autoscaler(policy: $0.policy, minimum: $0.minimum, maximum: $0.maximum, initial: $0.initial)
            }
        }
        lastChange = pools.map { _ in 0 }
    }

    /// Whether any pool's size may change.
    var scales: Bool { scalers.contains { $0 != nil } }

    func stage(of index: Int) -> Stage { slots[index].stage }
    func range(of pool: Int) -> Range<Int> { ranges[pool] }
    func count(_ stage: Stage, in pool: Int) -> Int {
        ranges[pool].reduce(0) { $0 + (slots[$1].stage == stage ? 1 : 0) }
    }

    /// Whether some replica serves or will.
    var hasProspect: Bool { slots.contains { $0.stage == .ready || $0.stage == .starting } }

    /// Time between decisions of a pool's autoscaler; `nil` where it has none.
    func period(of pool: Int) -> Int64? { scalers[pool]?.period.nanoseconds }

    /// How many replicas more (or, negative, fewer) the pool's autoscaler wants now.
    mutating func change(of pool: Int, _ signals: PoolSignals) -> Int {
        guard let wanted = scalers[pool]?.decide(signals) else { return 0 }
        let change = wanted - signals.ready - signals.starting
        if change != 0 {
            if lastChange[pool] * change < 0 { flaps += 1 }
            lastChange[pool] = change.signum()
        }
        return change
    }

    // MARK: Stages

    func firstStopped(in pool: Int) -> Int? { ranges[pool].first { slots[$0].stage == .stopped } }

    /// Starts a stopped replica of a scaled pool; returns when it will serve.
    mutating func start(_ index: Int, at now: Int64, busy: Int64) -> Int64 {
        slots[index].stage = .starting
        slots[index].rentedAt = now
        slots[index].readyAt = now + (pools[slots[index].pool].scaling?.startup.total.nanoseconds ?? 0)
        slots[index].busyBefore = busy
        coldStarts += 1
        return slots[index].readyAt
    }

    mutating func becomeReady(_ index: Int) { slots[index].stage = .ready }

    /// The starting replica of the pool that would be ready last.
    func latestStarting(in pool: Int) -> Int? {
        ranges[pool].filter { slots[$0].stage == .starting }.max { (slots[$0].readyAt, $0) < (slots[$1].readyAt, $1) }
    }

    mutating func drain(_ index: Int, at now: Int64, busy: Int64) {
        slots[index].stage = .draining
        slots[index].drainedAt = now
        slots[index].busyAtDrain = busy
    }

    /// Ends the replica's rental.
    mutating func stop(_ index: Int, at now: Int64, busy: Int64) {
        close(index, at: now, busy: busy)
        slots[index].stage = .stopped
    }

    // MARK: The ledger

    /// All rentals, those of replicas that still exist ending at `end`; in order of start, ties by replica.
    func ledger(end: Int64, busy: (Int) -> Int64) -> UsageLedger {
        var copy = self
        for index in slots.indices where slots[index].stage != .stopped {
            copy.close(index, at: max(end, slots[index].rentedAt), busy: busy(index))
        }
        let ordered = copy.rentals.enumerated().sorted {
            ($0.element.start, $0.element.instance, $0.offset) < ($1.element.start, $1.element.instance, $1.offset)
        }
        return UsageLedger(rentals: ordered.map(\.element))
    }

    private mutating func close(_ index: Int, at end: Int64, busy: Int64) {
        let slot = slots[index]
        let pool = pools[slot.pool]
        let length = end - slot.rentedAt
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        if slot.readyAt > slot.rentedAt {
            let provisioning = min(length, pool.scaling?.startup.provision.nanoseconds ?? 0)
            states[Int(InstanceState.provisioning.rawValue)] = provisioning
            states[Int(InstanceState.loading.rawValue)] = min(end, slot.readyAt) - slot.rentedAt - provisioning
        }
        let drains = slot.stage == .draining
        let served = (drains ? slot.busyAtDrain : busy) - slot.busyBefore
        states[Int(InstanceState.busy.rawValue)] = served
        states[Int(InstanceState.draining.rawValue)] = drains ? end - slot.drainedAt : 0
        states[Int(InstanceState.idle.rawValue)] = length - states.reduce(0, +)
        for place in 0..<pool.instancesPerReplica {
            rentals.append(
                Rental(
                    pool: slot.pool, instance: firstInstance(of: index) + place,
                    start: SimulatedTime(nanoseconds: slot.rentedAt), end: SimulatedTime(nanoseconds: end),
                    states: states))
        }
    }

    /// Instances are numbered through the fleet, those of a replica together.
    private func firstInstance(of index: Int) -> Int {
        var first = 0
        for pool in 0..<slots[index].pool { first += ranges[pool].count * pools[pool].instancesPerReplica }
        return first + (index - ranges[slots[index].pool].lowerBound) * pools[slots[index].pool].instancesPerReplica
    }
}

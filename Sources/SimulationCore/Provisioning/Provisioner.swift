import Pricing
import Primitives

/// Which machines exist, in which stage of their life, and what was rented: the fleet's body. The loop decides, this
/// carries out and keeps the books.
///
/// A machine that starts again is a new one, slow or not, unless it was kept or paused. A place that failed is repaired
/// first, one in an outage waits for its end. Machines that are kept stay with their supplier, who may take them away.
struct Provisioner {
    private(set) var slots: [MachineSlot] = []
    let pools: [PoolConfiguration]
    private let ranges: [Range<Int>]
    private let firstInstances: [Int]
    private let wire: WireFormat
    private var scalers: [Autoscaler?]
    private var supplies: [PoolSupply]
    private let failures: [FailureProcess]
    private(set) var outages: OutageSchedule
    private var rentals: [Rental] = []
    private var tokens: [TokenUse]
    /// What each pool's autoscaler last asked for.
    private(set) var wanted: [Int]
    /// Refused starts are not tried again before: by pool and zone.
    private var retryAt: [[Int64]]
    private(set) var coldStarts: UInt64 = 0
    /// Times at which a scaled pool's wish reversed its previous change.
    private(set) var flaps: UInt64 = 0
    private var lastChange: [Int]

    /// - Parameter key: of the world: the same for all strategies.
    init(_ fleet: FleetConfiguration, key: RandomKey) {
        pools = fleet.pools
        wire = fleet.wire
        var (start, instance) = (0, 0)
        (ranges, firstInstances) = fleet.pools.reduce(into: ([], [])) { result, pool in
            result.0.append(start..<(start + pool.replicas))
            result.1.append(instance)
            start += pool.replicas
            instance += pool.replicas * pool.instancesPerReplica
        }
        let keys = Self.keys(of: fleet.pools, key)
        supplies = zip(fleet.pools, keys).map { pool, key in
            PoolSupply(pool.supply, place: pool.place, places: pool.replicas, key: key)
        }
        failures = zip(fleet.pools, keys).map { FailureProcess($0.reliability, key: $1) }
        outages = OutageSchedule(fleet.outages, pools: fleet.pools.map(\.place))
        tokens = fleet.pools.map { _ in TokenUse() }
        wanted = fleet.pools.map { $0.scaling?.initial ?? $0.replicas }
        retryAt = fleet.pools.map { Array(repeating: 0, count: max(1, $0.place.zones.count)) }
        lastChange = fleet.pools.map { _ in 0 }
        scalers = fleet.pools.map { pool in
            pool.scaling.map {
                Autoscaler(policy: $0.policy, minimum: $0.minimum, maximum: $0.maximum, initial: $0.initial)
            }
        }
        for (index, pool) in fleet.pools.enumerated() {
            slots += (0..<pool.replicas).map { MachineSlot(pool: index, place: $0) }
        }
    }

    /// Supplies hang on what is rented, where: strategies meet the same world. Two pools of one strategy do not rent the
    /// same hosts.
    private static func keys(of pools: [PoolConfiguration], _ key: RandomKey) -> [RandomKey] {
        var seen: [String: UInt64] = [:]
        return pools.map { pool in
            defer { seen[pool.offer, default: 0] += 1 }
            return key.derived(stableHash(pool.offer.utf8)).derived(seen[pool.offer, default: 0])
        }
    }

    // MARK: What there is

    func stage(of index: Int) -> MachineStage { slots[index].stage }
    func range(of pool: Int) -> Range<Int> { ranges[pool] }
    func count(_ stage: MachineStage, in pool: Int) -> Int {
        ranges[pool].reduce(0) { $0 + (slots[$1].stage == stage ? 1 : 0) }
    }

    /// Whether a request that reaches the replica finds a server.
    func accepts(_ index: Int) -> Bool { slots[index].stage == .ready || slots[index].stage == .draining }

    /// Whether machines become ready at `now` that are still starting.
    func hasMoreReady(at now: Int64) -> Bool {
        slots.contains { slot in
            slot.stage == .starting && slot.readyAt <= now && slot.launchFailsAt > now && slot.failsAt > now
        }
    }

    /// When something happens to a machine by itself.
    func nextTime(of index: Int) -> Int64 { slots[index].nextTime }
    /// When a pool's supply does something by itself.
    func supplyTime(of pool: Int) -> Int64 { supplies[pool].nextTime }

    /// Whether some replica serves or will, as far as is known at `now`.
    func hasProspect(at now: Int64) -> Bool {
        if slots.contains(where: { $0.stage == .ready || $0.stage == .starting || $0.stage == .paused }) { return true }
        return pools.indices.contains { pool in
            guard wanted[pool] > 0, pools[pool].scaling != nil else { return false }
            // Refused until a time that comes, repaired or back from an outage.
            return retryAt[pool].contains { $0 > now && $0 < .max }
                || ranges[pool].contains {
                    slots[$0].stage == .stopped && availability(of: $0, at: now) < .max
                        && availability(of: $0, at: now) > now
                }
        }
    }

    // MARK: How many

    /// Time between decisions of a pool's autoscaler; `nil` where it has none.
    func period(of pool: Int) -> Int64? { scalers[pool]?.period.nanoseconds }

    /// How many replicas more (or, negative, fewer) the pool's autoscaler wants now.
    mutating func change(of pool: Int, _ signals: PoolSignals) -> Int {
        guard let wish = scalers[pool]?.decide(signals) else { return 0 }
        let change = wish - signals.ready - signals.starting
        // A machine that was lost and is replaced is no change of mind.
        let turn = wish - wanted[pool]
        if turn != 0 {
            if lastChange[pool] * turn < 0 { flaps += 1 }
            lastChange[pool] = turn.signum()
        }
        wanted[pool] = wish
        return change
    }

    /// The machine to start next: one that is kept, else the first that may be started and is not refused just now.
    func nextToStart(in pool: Int, at now: Int64) -> Int? {
        ranges[pool].first { slots[$0].stage == .kept }
            ?? ranges[pool].first {
                slots[$0].stage == .stopped && availability(of: $0, at: now) <= now
                    && retryAt[pool][zone(of: $0)] <= now
            }
    }

    private func zone(of index: Int) -> Int { slots[index].place % retryAt[slots[index].pool].count }

    /// Whether the machine stands in an outage.
    func isStruck(_ index: Int, at now: Int64) -> Bool {
        outages.end(pool: slots[index].pool, place: slots[index].place, at: now) != nil
    }

    /// From when on a stopped machine may be started.
    private func availability(of index: Int, at now: Int64) -> Int64 {
        let slot = slots[index]
        return max(slot.availableAt, outages.end(pool: slot.pool, place: slot.place, at: now) ?? 0)
    }

    /// The starting replica of the pool that would be ready last.
    func latestStarting(in pool: Int) -> Int? {
        ranges[pool].filter { slots[$0].stage == .starting }.max { (slots[$0].readyAt, $0) < (slots[$1].readyAt, $1) }
    }

    /// Whether a machine of the pool that is not needed is kept rather than given back.
    func keepsOne(of pool: Int) -> Bool {
        pools[pool].scaling?.kept.map { count(.kept, in: pool) < $0.limit } ?? false
    }

    // MARK: Supplies

    /// Asks the pool's supplier for the machine of a slot. One that refuses is not asked again for a while: a single
    /// supplier in that zone, a market at all.
    mutating func acquire(_ index: Int, at now: Int64) -> Acquisition {
        let pool = slots[index].pool
        let answer = supplies[pool].acquire(place: slots[index].place, at: now)
        guard case .refused(let time) = answer else { return answer }
        if case .hosts = pools[pool].supply {
            for zone in retryAt[pool].indices { retryAt[pool][zone] = time }
        } else {
            retryAt[pool][zone(of: index)] = time
        }
        return answer
    }

    mutating func advanceSupply(of pool: Int, to now: Int64) -> [SupplyEvent] { supplies[pool].advance(to: now) }

    mutating func advanceOutages(to now: Int64) -> [OutageSchedule.Change] { Array(outages.advance(to: now)) }

    // MARK: Stages

    /// A new machine, as leased, or one that was kept.
    /// - Parameter lease: `nil` = kept or paused: it goes on where it was.
    mutating func start(
        _ index: Int, _ lease: Lease?, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder
    ) {
        let scaling = pools[slots[index].pool].scaling
        let before = slots[index].stage
        if before != .stopped { closeRental(index, ending: .released, at: now, reading, &recorder) }
        openRental(index, resumes: lease == nil, at: now, reading)
        slots[index].stage = .starting
        slots[index].startedAt = now
        slots[index].isCached = lease == nil
        if let lease {
            slots[index].host = lease.host
            slots[index].launchFailsAt = lease.failsAt ?? .max
            slots[index].stages = scaling?.stages(on: lease) ?? StartupStages(provision: .zero)
            download(index, at: lease)
        } else {
            slots[index].stages =
                before == .kept ? scaling?.kept?.startup ?? .none : scaling?.startup.afterPause ?? .none
        }
        slots[index].readyAt =
            slots[index].launchFailsAt < .max ? .max : now + slots[index].stages.total.nanoseconds
        drawFailure(of: index, at: now)
        coldStarts += 1
    }

    /// Serves, or is kept, from the run's start: its time has not begun to count before.
    mutating func open(_ index: Int, _ lease: Lease, as stage: MachineStage) {
        slots[index].host = lease.host
        slots[index].stage = stage
        if stage == .ready { drawFailure(of: index, at: 0) }
    }

    /// What the machine's step times are multiplied by.
    func slowdown(of index: Int, speed: Double) -> Double {
        let slot = slots[index]
        return failures[slot.pool].slowdown(machine: slot.place, start: slot.starts) / speed
    }

    private mutating func drawFailure(of index: Int, at now: Int64) {
        slots[index].starts += 1
        let time = failures[slots[index].pool].timeToFailure(machine: slots[index].place, start: slots[index].starts)
        slots[index].failsAt = time.map { SimulatedClock.sum(now, $0) } ?? .max
    }

    private mutating func download(_ index: Int, at lease: Lease) {
        guard lease.failsAt == nil, let downloads = pools[slots[index].pool].scaling?.downloads else { return }
        slots[index].traffic[.ingress] += downloads.image + downloads.weights
    }

    /// - Precondition: starting.
    mutating func becomeReady(_ index: Int, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder) {
        noteStart(of: index, at: now, succeeded: true, &recorder)
        move(index, to: .ready, at: now, reading, &recorder)
    }

    /// Takes no new requests.
    /// - Parameter limit: when what still runs is cut off; `.max` = never.
    mutating func drain(
        _ index: Int, until limit: Int64, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder
    ) {
        move(index, to: .draining, at: now, reading, &recorder)
        slots[index].drainEndsAt = limit
    }

    /// Will be lost at `time`.
    mutating func announceLoss(of index: Int, at time: Int64, ending: RentalEnding) {
        guard time < slots[index].lossAt else { return }
        (slots[index].lossAt, slots[index].lossEnding) = (time, ending)
    }

    /// Given back by nobody's will but held for a later start.
    mutating func keep(_ index: Int, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder) {
        closeRental(index, ending: .released, at: now, reading, &recorder)
        openRental(index, resumes: true, at: now, reading)
        slots[index].stage = .kept
    }

    /// Stopped by its supplier, its disk kept.
    mutating func pause(
        _ index: Int, ending: RentalEnding, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder
    ) {
        noteAbandonedStart(of: index, at: now, &recorder)
        closeRental(index, ending: ending, at: now, reading, &recorder)
        openRental(index, resumes: true, at: now, reading)
        slots[index].stage = .paused
    }

    /// Ends the machine's rental, whatever its stage, and gives it back.
    mutating func stop(
        _ index: Int, ending: RentalEnding, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder
    ) {
        noteAbandonedStart(of: index, at: now, &recorder)
        closeRental(index, ending: ending, at: now, reading, &recorder)
        slots[index].stage = .stopped
        slots[index].host = nil
        supplies[slots[index].pool].release(place: slots[index].place, at: now)
    }

    /// A machine that broke cannot be started before it is repaired.
    mutating func repair(_ index: Int, at now: Int64) {
        let slot = slots[index]
        let time = failures[slot.pool].repair(machine: slot.place, start: slot.starts)
        slots[index].availableAt = SimulatedClock.sum(now, time)
    }

    private mutating func move(
        _ index: Int, to stage: MachineStage, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder
    ) {
        settle(index, at: now, reading, &recorder)
        slots[index].stage = stage
    }

    private mutating func settle(_ index: Int, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder) {
        let keepsWarm = pools[slots[index].pool].scaling?.kept?.mode == .warm
        for (from, to, series) in slots[index].settle(at: now, busy: reading.busy, keepsWarm: keepsWarm) {
            recorder.timeline.add(from: from, to: to, weight: 1, to: series)
        }
    }

    private func noteAbandonedStart(of index: Int, at now: Int64, _ recorder: inout Recorder) {
        if slots[index].stage == .starting { noteStart(of: index, at: now, succeeded: false, &recorder) }
    }

    private func noteStart(of index: Int, at now: Int64, succeeded: Bool, _ recorder: inout Recorder) {
        let slot = slots[index]
        recorder.started(
            StartRecord(
                pool: slot.pool, replica: index, at: SimulatedTime(nanoseconds: slot.startedAt),
                stages: succeeded ? slot.stages : slot.stages.cut(after: now - slot.startedAt), cached: slot.isCached,
                succeeded: succeeded))
    }

    // MARK: The books

    /// Tokens computed on the machine for nothing.
    mutating func lost(tokens: Int, on index: Int) { slots[index].lostTokens &+= UInt64(tokens) }

    /// Keys and values reach a machine: their bytes belong to the rental that sent them, which may be over.
    mutating func book(_ carried: CarriedBytes, to other: Int) {
        let index = carried.from
        let (here, there) = (place(of: index), place(of: other))
        guard here != there else { return }
        let boundary = here.region == there.region ? Boundary.interZone : .interRegion
        let slot = slots[index]
        if slot.stage != .stopped, slot.rentedAt == carried.rentedAt {
            return slots[index].traffic[boundary] += carried.bytes
        }
        let first = firstInstances[slot.pool] + slot.place * pools[slot.pool].instancesPerReplica
        let start = SimulatedTime(nanoseconds: carried.rentedAt)
        if let rental = rentals.lastIndex(where: { $0.instance == first && $0.start == start }) {
            rentals[rental].traffic[boundary] += carried.bytes
        }
    }

    private func place(of index: Int) -> (region: String, zone: String) {
        let place = pools[slots[index].pool].place
        return (place.region, place.zones.isEmpty ? "" : place.zones[slots[index].place % place.zones.count])
    }

    private mutating func openRental(_ index: Int, resumes: Bool, at now: Int64, _ reading: MachineReading) {
        var fresh = MachineSlot(pool: slots[index].pool, place: slots[index].place)
        fresh.starts = slots[index].starts
        fresh.host = slots[index].host
        fresh.rentedAt = now
        fresh.since = now
        fresh.busyAtStage = reading.busy
        fresh.servedBefore = reading.served
        fresh.resumes = resumes
        slots[index] = fresh
    }

    private mutating func closeRental(
        _ index: Int, ending: RentalEnding, at now: Int64, _ reading: MachineReading, _ recorder: inout Recorder
    ) {
        settle(index, at: now, reading, &recorder)
        let slot = slots[index]
        let pool = pools[slot.pool]
        var rental = Rental(
            pool: slot.pool, instance: 0, start: SimulatedTime(nanoseconds: slot.rentedAt),
            end: SimulatedTime(nanoseconds: now), states: slot.states)
        rental.ending = ending
        rental.host = slot.host
        rental.resumes = slot.resumes
        rental.lost = slot.lostTime(reading.served)
        rental.traffic = traffic(of: slot, reading.served)
        let first = firstInstances[slot.pool] + slot.place * pool.instancesPerReplica
        for instance in first..<(first + pool.instancesPerReplica) {
            rental.instance = instance
            rentals.append(rental)
            // A replica's traffic is counted once.
            rental.traffic = Traffic()
        }
        tokens[slot.pool].add(reading.served, since: slot.servedBefore)
    }

    private func traffic(of slot: MachineSlot, _ served: ServedTokens) -> Traffic {
        var traffic = slot.traffic
        traffic[.ingress] += Int64(served.input - slot.servedBefore.input) * wire.bytesPerInputToken
        traffic[.internet] += Int64(served.output - slot.servedBefore.output) * wire.bytesPerOutputToken
        return traffic
    }

    /// Closes the books at the run's end: all rentals, in order of start, ties by instance.
    mutating func close(at end: Int64, _ readings: [MachineReading], _ recorder: inout Recorder) -> UsageLedger {
        for index in slots.indices where slots[index].stage != .stopped {
            let time = max(end, slots[index].since)
            noteAbandonedStart(of: index, at: time, &recorder)
            closeRental(index, ending: .runEnd, at: time, readings[index], &recorder)
            slots[index].stage = .stopped
        }
        let ordered = rentals.enumerated().sorted {
            ($0.element.start, $0.element.instance, $0.offset) < ($1.element.start, $1.element.instance, $1.offset)
        }
        var ledger = UsageLedger(rentals: ordered.map(\.element))
        ledger.tokens = tokens
        ledger.end = max(ledger.end, SimulatedTime(nanoseconds: end))
        return ledger
    }
}

extension TokenUse {
    fileprivate mutating func add(_ served: ServedTokens, since before: ServedTokens) {
        let cached = served.cached - before.cached
        input += served.input - before.input - cached
        cachedInput += cached
        output += served.output - before.output
    }
}

extension PoolScaling {
    /// What a start takes on a machine with its own downlink: the stages, longer where that is slower.
    func stages(on lease: Lease) -> StartupStages {
        guard let rate = lease.bytesPerSecond, rate > 0 else { return startup }
        var stages = startup
        stages.imagePull = max(stages.imagePull, Self.time(downloads.image, at: rate))
        stages.weightLoad = max(stages.weightLoad, Self.time(downloads.weights, at: rate))
        return stages
    }

    private static func time(_ bytes: Int64, at rate: Double) -> SimulatedDuration {
        SimulatedDuration(nanoseconds: SimulatedClock.after(0, seconds: Double(bytes) / rate))
    }
}

extension StartupStages {
    /// Nothing to wait for.
    static let none = StartupStages(provision: .zero)

    /// After a pause the disk is there, the processes are not.
    var afterPause: StartupStages {
        StartupStages(provision: .zero, weightLoad: weightLoad, compile: compile, warmUp: warmUp)
    }

    /// What had passed of a start that was given up.
    func cut(after nanoseconds: Int64) -> StartupStages {
        var left = SimulatedDuration(nanoseconds: nanoseconds)
        func take(_ stage: SimulatedDuration) -> SimulatedDuration {
            let part = min(stage, left)
            left = SimulatedDuration(nanoseconds: left.nanoseconds - part.nanoseconds)
            return part
        }
        return StartupStages(
            provision: take(provision), imagePull: take(imagePull), weightLoad: take(weightLoad),
            compile: take(compile), warmUp: take(warmUp))
    }
}

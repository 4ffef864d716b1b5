import Pricing
import Primitives

/// The machines of one pool that rents from one supplier's capacity.
///
/// Every machine has one pending time, drawn when it starts or resumes; the zones' runs are generated as far as the
/// latest question. An event costs O(machines).
struct CapacityMachines: Sendable {
    private enum State { case free, running, leaving, paused }

    private struct Machine {
        var state = State.free
        /// Starts and resumptions so far: what its next draws are keyed by.
        var runs: UInt64 = 0
        var starts: UInt64 = 0
        /// When something happens to it by itself; `.max` = nothing.
        var due = Int64.max
    }

    private let policy: CapacitySupply
    private var zones: [ZoneAvailability]
    private var machines: [Machine]
    private let launches: RandomKey
    private let reclaims: RandomKey
    private var held = 0
    private(set) var nextTime = Int64.max

    init(_ policy: CapacitySupply, place: PoolPlace, places: Int, key: RandomKey) {
        self.policy = policy
        let names = place.zones.isEmpty ? [""] : place.zones
        zones = names.indices.map { index in
            switch policy.availability {
            case .process(let process):
                ZoneAvailability(process, region: place.region, zone: names[index], key: key)
            case .replay(let traces) where !traces.isEmpty: ZoneAvailability(traces[index % traces.count])
            case .replay, nil: ZoneAvailability()
            }
        }
        machines = Array(repeating: Machine(), count: places)
        let here = key.derived(stableHash(place.region.utf8))
        launches = here.derived("launch")
        reclaims = here.derived("reclaim")
    }

    mutating func acquire(place: Int, at now: Int64) -> Acquisition {
        precondition(machines[place].state == .free, "a machine that is held is not started")
        let zone = place % zones.count
        zones[zone].advance(to: now)
        guard zones[zone].isUp else { return refused(at: now, notBefore: zones[zone].end) }
        if let depth = policy.depth, held >= depth { return refused(at: now, notBefore: depth > 0 ? now : .max) }
        held += 1
        var lease = Lease()
        if launches.derived(UInt64(place)).uniform(machines[place].starts) >= policy.launchSuccess {
            lease.failsAt = SimulatedClock.sum(now, policy.launchTimeout.nanoseconds)
        }
        machines[place].starts += 1
        run(place, from: now)
        settleNextTime()
        return .granted(lease)
    }

    mutating func release(place: Int) {
        guard machines[place].state != .free else { return }
        machines[place].state = .free
        machines[place].due = .max
        held -= 1
        settleNextTime()
    }

    mutating func advance(to now: Int64) -> [SupplyEvent] {
        var events: [SupplyEvent] = []
        for place in machines.indices where machines[place].due <= now {
            if let event = happen(to: place, at: now) { events.append(event) }
        }
        settleNextTime()
        return events
    }

    /// What a machine's pending time is for.
    private mutating func happen(to place: Int, at now: Int64) -> SupplyEvent? {
        let zone = place % zones.count
        zones[zone].advance(to: now)
        if machines[place].state == .paused {
            guard zones[zone].isUp else {
                machines[place].due = zones[zone].end
                return nil
            }
            run(place, from: now)
            return .resumed(place: place)
        }
        if policy.keepsDisk {
            machines[place].state = .paused
            machines[place].due =
                zones[zone].isUp
                ? SimulatedClock.firstPoll(after: now, every: policy.retryInterval.nanoseconds, notBefore: now)
                : zones[zone].end
            return .paused(place: place)
        }
        machines[place].state = .leaving
        machines[place].due = .max
        let loss = SimulatedClock.sum(now, policy.notice.nanoseconds)
        return .reclaimed(place: place, at: loss, ending: .interrupted)
    }

    /// Draws how long the machine runs unless its zone goes down before.
    private mutating func run(_ place: Int, from now: Int64) {
        var due = zones[place % zones.count].end
        if policy.reclaimsPerHour > 0 {
            let hours = -Mathematics.log(reclaims.derived(UInt64(place)).uniform(machines[place].runs))
            due = min(due, SimulatedClock.after(now, seconds: hours * 3_600 / policy.reclaimsPerHour))
        }
        machines[place].state = .running
        machines[place].due = due
        machines[place].runs += 1
    }

    private func refused(at now: Int64, notBefore time: Int64) -> Acquisition {
        let interval = policy.retryInterval.nanoseconds
        return .refused(retryAt: SimulatedClock.firstPoll(after: now, every: interval, notBefore: time))
    }

    private mutating func settleNextTime() {
        nextTime = machines.reduce(.max) { min($0, $1.due) }
    }
}

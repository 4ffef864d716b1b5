import Pricing
import Primitives
import Workloads

/// Machines that come, go, break and are taken away, and the autoscalers that ask for them.
extension Simulation {
    /// Fills the pools as they stand at the run's start, and sets everything that has a time of its own.
    mutating func openFleet() {
        for index in 0..<replicas.count { openMachine(index) }
        guard actors.hasLife else { return }
        heap.schedule(actors.outages, at: provisioner.outages.nextTime)
        for pool in fleet.pools.indices {
            heap.schedule(actors.supply(pool), at: provisioner.supplyTime(of: pool))
            if let period = provisioner.period(of: pool) { heap.schedule(actors.autoscaler(pool), at: period) }
        }
    }

    /// The first machines serve at once, if their supplier has them; then come those that are kept.
    private mutating func openMachine(_ index: Int) {
        let (pool, place) = (provisioner.slots[index].pool, provisioner.slots[index].place)
        let scaling = fleet.pools[pool].scaling
        let serving = scaling?.initial ?? fleet.pools[pool].replicas
        guard place < serving + (scaling?.kept?.limit ?? 0), !provisioner.isStruck(index, at: 0),
            case .granted(let lease) = provisioner.acquire(index, at: 0)
        else { return router.setServing(index, false) }
        replicas[index].slowdown = provisioner.slowdown(of: index, speed: lease.speed)
        if lease.failsAt == nil {
            provisioner.open(index, lease, as: place < serving ? .ready : .kept)
        } else {
            provisioner.start(index, lease, at: 0, reading(of: index, at: 0), &recorder)
        }
        if provisioner.stage(of: index) != .ready { router.setServing(index, false) }
        setTimes(of: index)
    }

    private func reading(of index: Int, at now: Int64) -> MachineReading { MachineReading(replicas[index], at: now) }

    /// Sets the times of a machine and its supplier anew; after everything that touches it.
    private mutating func setTimes(of index: Int) {
        guard actors.hasLife else { return }
        heap.schedule(actors.machine(index), at: provisioner.nextTime(of: index))
        let pool = provisioner.slots[index].pool
        heap.schedule(actors.supply(pool), at: provisioner.supplyTime(of: pool))
    }

    // MARK: What happens to a machine

    /// It becomes ready, fails to, breaks, is taken away, or has drained long enough.
    mutating func handleMachine(_ index: Int, at now: Int64) {
        let slot = provisioner.slots[index]
        if slot.failsAt <= now {
            recorder.note(.failed, pool: slot.pool, at: now)
            lose(index, .failed, at: now)
            provisioner.repair(index, at: now)
        } else if slot.stage == .starting, slot.launchFailsAt <= now {
            recorder.note(.launchFailed, pool: slot.pool, at: now)
            stop(index, .launchFailed, at: now)
        } else if slot.stage == .starting, slot.readyAt <= now {
            becomeReady(index, at: now)
        } else if slot.stage == .draining, slot.lossAt <= now {
            stop(index, slot.lossEnding, at: now)
        } else if slot.stage == .draining, slot.drainEndsAt <= now {
            settle(empty(index, at: now), from: index, at: now)
            leave(index, at: now)
        } else {
            setTimes(of: index)
        }
    }

    private mutating func becomeReady(_ index: Int, at now: Int64) {
        provisioner.becomeReady(index, at: now, reading(of: index, at: now), &recorder)
        setTimes(of: index)
        router.setServing(index, true)
        // Those that become ready at the same instant share what waits.
        if !held.isEmpty, !provisioner.hasMoreReady(at: now) { releaseHeld(at: now) }
    }

    /// A draining machine on which nothing is left goes.
    mutating func leaveIfDrained(_ index: Int, at now: Int64) {
        guard router.outstanding[index] == 0, provisioner.stage(of: index) == .draining,
            replicas[index].activity == .idle
        else { return }
        leave(index, at: now)
    }

    /// A drained machine is kept or given back.
    private mutating func leave(_ index: Int, at now: Int64) {
        let slot = provisioner.slots[index]
        guard slot.lossAt == .max, provisioner.keepsOne(of: slot.pool) else {
            return stop(index, slot.lossAt < .max ? slot.lossEnding : .released, at: now)
        }
        _ = empty(index, at: now)
        provisioner.keep(index, at: now, reading(of: index, at: now), &recorder)
        setTimes(of: index)
    }

    /// Ends a rental with all that runs on the machine. What starts in its place is a new one: nothing is cached.
    /// What becomes of that is settled first: work that is lost belongs to this rental.
    private mutating func stop(_ index: Int, _ ending: RentalEnding, at now: Int64) {
        settle(empty(index, at: now), from: index, at: now)
        provisioner.stop(index, ending: ending, at: now, reading(of: index, at: now), &recorder)
        setTimes(of: index)
    }

    /// A machine is taken away.
    private mutating func lose(_ index: Int, _ ending: RentalEnding, at now: Int64) {
        recorder.interrupted()
        stop(index, ending, at: now)
    }

    /// Takes everything off a machine, and the machine out of the router.
    private mutating func empty(_ index: Int, at now: Int64) -> [Withdrawal] {
        router.setServing(index, false)
        guard provisioner.accepts(index) else { return [] }
        let left = replicas.pointer(to: index).pointee.evacuate(at: now, &recorder)
        replicas[index].finished = 0
        heap.schedule(actors.replica(index), at: replicas[index].wakeTime)
        return left
    }

    // MARK: Supplies and outages

    mutating func handleSupply(of pool: Int, at now: Int64) {
        let first = provisioner.range(of: pool).lowerBound
        let events = provisioner.advanceSupply(of: pool, to: now)
        // What is taken off one machine does not go to another that is lost at the same instant.
        for case .reclaimed(let place, _, _) in events { router.setServing(first + place, false) }
        for case .paused(let place) in events { router.setServing(first + place, false) }
        for event in events {
            switch event {
            case .reclaimed(let place, let time, let ending): reclaim(first + place, ending, lossAt: time, at: now)
            case .paused(let place): pause(first + place, at: now)
            case .resumed(let place): resume(first + place, at: now)
            case .abandoned(let place, let ending): stop(first + place, ending, at: now)
            case .mayRetry: break
            }
        }
        heap.schedule(actors.supply(pool), at: provisioner.supplyTime(of: pool))
    }

    private func kind(of ending: RentalEnding) -> Incident.Kind {
        switch ending {
        case .hostLeft: .hostLeft
        case .expired: .expired
        case .outbid: .outbid
        default: .reclaimed
        }
    }

    /// A machine is to be lost at `lossAt`: until then it finishes what it can.
    private mutating func reclaim(_ index: Int, _ ending: RentalEnding, lossAt: Int64, at now: Int64) {
        let slot = provisioner.slots[index]
        guard slot.stage != .stopped else { return }
        recorder.note(kind(of: ending), pool: slot.pool, at: now)
        guard provisioner.accepts(index), lossAt > now else { return lose(index, ending, at: now) }
        recorder.interrupted()
        provisioner.announceLoss(of: index, at: lossAt, ending: ending)
        if case .migrated(let rate) = fleet.pools[slot.pool].fate {
            migrate(index, bytesPerSecond: rate, at: now)
        } else if slot.stage == .ready {
            startDraining(index, at: now)
        } else {
            setTimes(of: index)
        }
    }

    /// Sends keys and values of everything on the machine to others, one after the other in running order, as far as
    /// the notice reaches. What has none, or would come too late, is routed anew at once.
    private mutating func migrate(_ index: Int, bytesPerSecond rate: Double, at now: Int64) {
        let slot = provisioner.slots[index]
        let size = fleet.pools[slot.pool].kvBytesPerToken
        let left = empty(index, at: now)
        var bytes: Int64 = 0
        var last = now
        var others: [Withdrawal] = []
        for withdrawal in left {
            let own = Int64(withdrawal.resident) * size
            let arrival = SimulatedClock.after(now, seconds: Double(bytes + own) / max(rate, 1))
            guard withdrawal.resident > 0, arrival <= slot.lossAt else {
                others.append(withdrawal)
                continue
            }
            bytes += own
            last = arrival
            carry(withdrawal, from: index, bytes: own, until: arrival, at: now)
        }
        settle(others, from: index, at: now)
        guard last > now else { return stop(index, slot.lossEnding, at: now) }
        // The machine is needed until the last of them is away.
        if provisioner.stage(of: index) == .ready {
            provisioner.drain(index, until: .max, at: now, reading(of: index, at: now), &recorder)
        }
        provisioner.announceLoss(of: index, at: last, ending: slot.lossEnding)
        setTimes(of: index)
    }

    private mutating func pause(_ index: Int, at now: Int64) {
        let slot = provisioner.slots[index]
        let isBid: Bool = if case .hosts = fleet.pools[slot.pool].supply { true } else { false }
        let ending = isBid ? RentalEnding.outbid : .interrupted
        guard slot.stage != .stopped else { return }
        recorder.note(isBid ? .outbid : .reclaimed, pool: slot.pool, at: now)
        // A machine on its way out is not waited for.
        if slot.stage == .draining || slot.stage == .kept { return lose(index, ending, at: now) }
        recorder.interrupted()
        settle(empty(index, at: now), from: index, at: now)
        provisioner.pause(index, ending: ending, at: now, reading(of: index, at: now), &recorder)
        setTimes(of: index)
    }

    private mutating func resume(_ index: Int, at now: Int64) {
        guard provisioner.stage(of: index) == .paused else { return }
        recorder.note(.resumed, pool: provisioner.slots[index].pool, at: now)
        provisioner.start(index, nil, at: now, reading(of: index, at: now), &recorder)
        setTimes(of: index)
    }

    mutating func handleOutages(at now: Int64) {
        var lost: [Int] = []
        for change in provisioner.advanceOutages(to: now) {
            guard change.downUntil != nil else {
                recorder.note(.outageEnd, pool: change.pool, replicas: 0, at: now)
                continue
            }
            let struck = provisioner.range(of: change.pool).filter {
                change.concerns(provisioner.slots[$0].place) && provisioner.stage(of: $0) != .stopped
            }
            recorder.note(.outage, pool: change.pool, replicas: struck.count, at: now)
            lost += struck
        }
        // What is taken off one machine does not go to another that is lost at the same instant.
        for index in lost { router.setServing(index, false) }
        for index in lost where provisioner.stage(of: index) != .stopped { lose(index, .failed, at: now) }
        heap.schedule(actors.outages, at: provisioner.outages.nextTime)
    }

    // MARK: Scaling

    mutating func scale(_ pool: Int, at now: Int64) {
        guard let period = provisioner.period(of: pool) else { return }
        heap.schedule(actors.autoscaler(pool), at: now + period)
        let change = provisioner.change(of: pool, signals(of: pool, at: now))
        var missing = change
        while missing > 0, startMachine(in: pool, at: now) { missing -= 1 }
        if change < 0 { for _ in 0..<(-change) { retireMachine(in: pool, at: now) } }
        if sourceHasEnded, inSystem == held.count, isHopeless(at: now) { abandonHeld(at: now) }
    }

    /// Nothing is coming, or nothing has come for a week.
    private func isHopeless(at now: Int64) -> Bool {
        !provisioner.hasProspect(at: now) || now - recorder.end > SimulatedDuration.hours(7 * 24).nanoseconds
    }

    /// Whether there was one to start, and its supplier had it.
    private mutating func startMachine(in pool: Int, at now: Int64) -> Bool {
        while let index = provisioner.nextToStart(in: pool, at: now) {
            let reading = reading(of: index, at: now)
            if provisioner.stage(of: index) == .kept {
                provisioner.start(index, nil, at: now, reading, &recorder)
                setTimes(of: index)
                return true
            }
            guard case .granted(let lease) = provisioner.acquire(index, at: now) else {
                // Another zone may have one.
                recorder.note(.refused, pool: pool, at: now)
                continue
            }
            provisioner.start(index, lease, at: now, reading, &recorder)
            replicas[index].slowdown = provisioner.slowdown(of: index, speed: lease.speed)
            setTimes(of: index)
            return true
        }
        return false
    }

    /// Gives up the replica that is furthest from serving; else drains the least loaded, the last of equals.
    private mutating func retireMachine(in pool: Int, at now: Int64) {
        if let index = provisioner.latestStarting(in: pool) { return stop(index, .released, at: now) }
        let ready = provisioner.range(of: pool).filter { provisioner.stage(of: $0) == .ready }
        guard let index = ready.min(by: { (router.outstanding[$0], -$0) < (router.outstanding[$1], -$1) }) else {
            return
        }
        startDraining(index, at: now)
    }

    /// Takes a machine out of service as its pool's policy says.
    private mutating func startDraining(_ index: Int, at now: Int64) {
        router.setServing(index, false)
        let policy = fleet.pools[provisioner.slots[index].pool].scaling?.drain ?? .wait(limit: nil)
        let limit = policy.limit.map { SimulatedClock.sum(now, $0.nanoseconds) } ?? .max
        provisioner.drain(index, until: limit, at: now, reading(of: index, at: now), &recorder)
        setTimes(of: index)
        switch policy {
        case .wait: break
        case .redirect:
            let waiting = replicas.pointer(to: index).pointee.withdrawWaiting(at: now)
            heap.schedule(actors.replica(index), at: replicas[index].wakeTime)
            redirect(waiting, from: index, at: now)
        case .kill:
            settle(empty(index, at: now), from: index, at: now)
            return leave(index, at: now)
        }
        leaveIfDrained(index, at: now)
    }

    private func signals(of pool: Int, at now: Int64) -> PoolSignals {
        let finished = recorder.finished(by: pool)
        var signals = PoolSignals(
            time: SimulatedTime(nanoseconds: now), ready: provisioner.count(.ready, in: pool),
            starting: provisioner.count(.starting, in: pool), outstanding: held.count, waiting: held.count, kvUse: 0,
            arrived: recorder.offeredRequests, tokens: recorder.outputTokens, finished: finished.all,
            late: finished.late)
        if case .fallback(let policy)? = fleet.pools[pool].scaling?.policy {
            signals.primaryWanted = provisioner.wanted[policy.primary]
            signals.primaryReady = provisioner.count(.ready, in: policy.primary)
        }
        for index in provisioner.range(of: pool) where provisioner.stage(of: index) == .ready {
            signals.outstanding += Int(router.outstanding[index])
            signals.waiting += Int(router.outstanding[index]) - replicas[index].table.count
            let replica = replicas.pointer(to: index)
            replica.pointee.catchUp(to: now, afterSteps: true)
            signals.kvUse += Double(replica.pointee.kv.used) / Double(replica.pointee.kv.capacity)
        }
        if signals.ready > 0 { signals.kvUse /= Double(signals.ready) }
        return signals
    }
}

extension DrainPolicy {
    fileprivate var limit: SimulatedDuration? {
        switch self {
        case .wait(let limit), .redirect(let limit): limit
        case .kill: nil
        }
    }
}

import Pricing
public import Primitives
public import Workloads

/// How a run is carried out.
public struct SimulationOptions: Sendable {
    /// Whether decode runs are advanced in closed form or one engine step at a time. The results are identical;
    /// `single` exists for the differential test and to measure the gain.
    public enum Stepping: String, Sendable, Codable, CaseIterable { case leaping, single }

    public var seed: UInt64
    public var stepping: Stepping
    public init(seed: UInt64 = 1, stepping: Stepping = .leaping) {
        self.seed = seed
        self.stepping = stepping
    }
}

/// What a run tells its caller while it goes on. Called on the run's own thread, every few thousand requests.
public protocol RunObserver: AnyObject {
    /// Requests finished since the last call (empty unless `wantsOutcomes`).
    func finished(_ outcomes: [RequestOutcome])
    /// Progress so far; returning `false` stops the run with ``SimulationError/cancelled``.
    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool
    /// Whether per-request outcomes should be collected.
    var wantsOutcomes: Bool { get }
}

/// Why a run could not be carried out.
public enum SimulationError: Error, Equatable {
    case cancelled
    case unsortedArrival(request: UInt64)
    case emptyFleet
}

/// One run: a fleet against a workload. Consumed by ``run()``.
///
/// Events at one instant are handled in the order arrivals at the router, deliveries at a pool, ends of steps, replicas
/// becoming ready, decisions of autoscalers; within a kind by request, pool or replica number. The result is a pure
/// function of fleet, workload and options.
public struct Simulation: ~Copyable {
    private let fleet: FleetConfiguration
    private let observer: (any RunObserver)?
    private let replicas: Replicas
    private var router: Router
    private var arrivals: ArrivalStream
    private var links: [Link]
    private var heap: ActorHeap
    private var recorder: Recorder
    private var provisioner: Provisioner
    /// Requests that wait at the gateway for a replica to serve them, in order.
    private var held: [Request] = []
    /// Requests offered and not finished.
    private var inSystem = 0
    private var events: UInt64 = 0

    /// - Throws: ``SimulationError/emptyFleet``, or what reading the source's first batch throws.
    public init(
        fleet: FleetConfiguration, source: any RequestSource, options: SimulationOptions = .init(),
        observer: (any RunObserver)? = nil
    ) throws {
        guard fleet.pools.contains(where: { $0.replicas > 0 }) else { throw SimulationError.emptyFleet }
        arrivals = try ArrivalStream(source: source, delays: fleet.classDelays.map(\.nanoseconds))
        self.fleet = fleet
        self.observer = observer
        replicas = Replicas(fleet: fleet, stepping: options.stepping, source: source)
        router = Router(fleet: fleet, key: RandomKey(seed: options.seed).derived("router"))
        links = fleet.pools.map { Link(delay: $0.oneWayDelay.nanoseconds) }
        provisioner = Provisioner(fleet.pools)
        // Links, replicas; and, where pools scale, the starts of replicas and the autoscalers.
        heap = ActorHeap(actors: (links.count + replicas.count) * (provisioner.scales ? 2 : 1))
        recorder = Recorder(fleet: fleet, source: source, keepsOutcomes: observer?.wantsOutcomes ?? false)
        openFleet()
    }

    /// Takes the replicas that do not serve yet out of the router and sets the autoscalers' first decisions.
    private mutating func openFleet() {
        for index in 0..<replicas.count where provisioner.stage(of: index) != .ready { router.setServing(index, false) }
        for pool in fleet.pools.indices {
            if let period = provisioner.period(of: pool) { heap.schedule(scalerActor(pool), at: period) }
        }
    }

    private func startActor(_ replica: Int) -> Int { links.count + replicas.count + replica }
    private func scalerActor(_ pool: Int) -> Int { links.count + 2 * replicas.count + pool }

    /// Replays the source to its end and until the last request is answered.
    /// - Throws: ``SimulationError``, or what the source throws.
    public consuming func run() throws -> RunRecord {
        while true {
            let (time, actor) = heap.first
            let arrival = arrivals.nextTime
            if arrival <= time {
                guard arrival != .max else { break }
                try arrive(at: arrival)
            } else {
                // Autoscalers would go on for ever.
                if inSystem == 0, arrival == .max { break }
                handle(actor, at: time)
            }
            events &+= 1
        }
        try report(at: recorder.end)
        return finishedRecord()
    }

    private mutating func handle(_ actor: Int, at now: Int64) {
        if actor < links.count {
            let (replica, request) = links[actor].receive()
            heap.schedule(actor, at: links[actor].nextTime)
            deliver(request, to: replica, at: now)
        } else if actor < links.count + replicas.count {
            wake(actor - links.count, at: now)
        } else if actor < links.count + 2 * replicas.count {
            becomeReady(actor - links.count - replicas.count, at: now)
        } else {
            scale(actor - links.count - 2 * replicas.count, at: now)
        }
    }

    private mutating func arrive(at now: Int64) throws {
        let request = try arrivals.next()
        if arrivals.positionInBatch == 0 { try report(at: now) }
        recorder.offered(request)
        inSystem += 1
        if router.servingCount == 0 {
            held.append(request)
        } else {
            route(request, at: now)
        }
    }

    private mutating func route(_ request: Request, at now: Int64) {
        let index = router.choose(request, at: now, replicas: replicas)
        router.outstanding[index] &+= 1
        let pool = replicas[index].pool
        guard links[pool].delay > 0 else { return deliver(request, to: index, at: now) }
        links[pool].send(request, to: index, at: now)
        heap.schedule(pool, at: links[pool].nextTime)
    }

    private mutating func deliver(_ request: Request, to index: Int, at now: Int64) {
        if let reason = replicas[index].refusal(of: request) {
            router.outstanding[index] &-= 1
            inSystem -= 1
            return recorder.failed(request, reason: reason, replica: index, at: now)
        }
        replicas[index].deliver(request, at: now)
        heap.schedule(links.count + index, at: replicas[index].wakeTime)
    }

    private mutating func wake(_ index: Int, at now: Int64) {
        let replica = replicas.pointer(to: index)
        replica.pointee.wake(at: now, &recorder)
        router.outstanding[index] &-= Int32(replica.pointee.finished)
        inSystem -= replica.pointee.finished
        replica.pointee.finished = 0
        heap.schedule(links.count + index, at: replica.pointee.wakeTime)
        if router.outstanding[index] == 0, provisioner.stage(of: index) == .draining {
            provisioner.stop(index, at: now, busy: replica.pointee.busyTime(at: now))
        }
    }

    // MARK: Scaling

    private mutating func becomeReady(_ index: Int, at now: Int64) {
        heap.schedule(startActor(index), at: .max)
        provisioner.becomeReady(index)
        router.setServing(index, true)
        let waiting = held
        held.removeAll(keepingCapacity: true)
        for request in waiting { route(request, at: now) }
    }

    private mutating func scale(_ pool: Int, at now: Int64) {
        guard let period = provisioner.period(of: pool) else { return }
        heap.schedule(scalerActor(pool), at: now + period)
        let change = provisioner.change(of: pool, signals(of: pool, at: now))
        if change > 0 {
            for _ in 0..<change { startReplica(in: pool, at: now) }
        } else {
            for _ in 0..<(-change) { retireReplica(in: pool, at: now) }
        }
        if arrivals.nextTime == .max, inSystem == held.count, !provisioner.hasProspect { abandonHeld(at: now) }
    }

    private mutating func startReplica(in pool: Int, at now: Int64) {
        guard let index = provisioner.firstStopped(in: pool) else { return }
        let readyAt = provisioner.start(index, at: now, busy: replicas[index].busyTime(at: now))
        heap.schedule(startActor(index), at: readyAt)
    }

    /// Gives up the replica that is furthest from serving; else drains the least loaded, the last of equals.
    private mutating func retireReplica(in pool: Int, at now: Int64) {
        if let index = provisioner.latestStarting(in: pool) {
            heap.schedule(startActor(index), at: .max)
            return provisioner.stop(index, at: now, busy: replicas[index].busyTime(at: now))
        }
        let ready = provisioner.range(of: pool).filter { provisioner.stage(of: $0) == .ready }
        guard let index = ready.min(by: { (router.outstanding[$0], -$0) < (router.outstanding[$1], -$1) }) else {
            return
        }
        router.setServing(index, false)
        let busy = replicas[index].busyTime(at: now)
        provisioner.drain(index, at: now, busy: busy)
        if router.outstanding[index] == 0 { provisioner.stop(index, at: now, busy: busy) }
    }

    private func signals(of pool: Int, at now: Int64) -> PoolSignals {
        var signals = PoolSignals(
            time: SimulatedTime(nanoseconds: now), ready: provisioner.count(.ready, in: pool),
            starting: provisioner.count(.starting, in: pool), outstanding: held.count, waiting: held.count, kvUse: 0,
            arrived: recorder.offeredRequests, tokens: recorder.outputTokens)
        for index in provisioner.range(of: pool) where provisioner.stage(of: index) == .ready {
            signals.outstanding += Int(router.outstanding[index])
            signals.waiting += Int(router.outstanding[index]) - replicas[index].table.count
            let replica = replicas.pointer(to: index)
            replica.pointee.catchUp(to: now)
            signals.kvUse += Double(replica.pointee.kv.used) / Double(replica.pointee.kv.capacity)
        }
        if signals.ready > 0 { signals.kvUse /= Double(signals.ready) }
        return signals
    }

    /// Nobody will come for the requests at the gateway.
    private mutating func abandonHeld(at now: Int64) {
        for request in held { recorder.failed(request, reason: .noReplica, replica: Int(UInt32.max), at: now) }
        inSystem -= held.count
        held.removeAll()
    }

    private mutating func report(at now: Int64) throws {
        guard let observer else { return }
        if observer.wantsOutcomes {
            let outcomes = recorder.takeOutcomes()
            observer.finished(outcomes)
        }
        let finished = recorder.finishedRequests
        guard observer.progressed(requests: finished, to: SimulatedTime(nanoseconds: now)) else {
            throw SimulationError.cancelled
        }
    }

    private func finishedRecord() -> RunRecord {
        var record = recorder.finished()
        record.events = events
        for index in 0..<replicas.count {
            let tally = replicas[index].tally
            record.steps += tally.steps
            record.replicas.append(tally)
        }
        let end = record.end.nanoseconds
        record.ledger = provisioner.ledger(end: end) { replicas[$0].busyTime(at: end) }
        record.coldStarts = provisioner.coldStarts
        record.flaps = provisioner.flaps
        record.judgeLoad()
        return record
    }
}

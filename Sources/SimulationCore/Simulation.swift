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
/// Events at one instant are handled in the order arrivals at the router, deliveries at a pool, ends of steps; within a
/// kind by request, pool or replica number. The result is a pure function of fleet, workload and options.
public struct Simulation: ~Copyable {
    private let fleet: FleetConfiguration
    private let observer: (any RunObserver)?
    private let replicas: Replicas
    private var router: Router
    private var arrivals: ArrivalStream
    private var links: [Link]
    private var heap: ActorHeap
    private var recorder: Recorder
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
        heap = ActorHeap(actors: links.count + replicas.count)
        recorder = Recorder(fleet: fleet, source: source, keepsOutcomes: observer?.wantsOutcomes ?? false)
    }

    /// Replays the source to its end and until the last request is answered.
    /// - Throws: ``SimulationError``, or what the source throws.
    public consuming func run() throws -> RunRecord {
        while true {
            let (time, actor) = heap.first
            let arrival = arrivals.nextTime
            if arrival <= time {
                guard arrival != .max else { break }
                try arrive(at: arrival)
            } else if actor < links.count {
                let (replica, request) = links[actor].receive()
                heap.schedule(actor, at: links[actor].nextTime)
                deliver(request, to: replica, at: time)
            } else {
                wake(actor - links.count, at: time)
            }
            events &+= 1
        }
        try report(at: recorder.end)
        return finishedRecord()
    }

    private mutating func arrive(at now: Int64) throws {
        let request = try arrivals.next()
        if arrivals.positionInBatch == 0 { try report(at: now) }
        recorder.offered(request)
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
            return recorder.failed(request, reason: reason, replica: index, at: now)
        }
        replicas[index].deliver(request, at: now)
        heap.schedule(links.count + index, at: replicas[index].wakeTime)
    }

    private mutating func wake(_ index: Int, at now: Int64) {
        let replica = replicas.pointer(to: index)
        replica.pointee.wake(at: now, &recorder)
        router.outstanding[index] &-= Int32(replica.pointee.finished)
        replica.pointee.finished = 0
        heap.schedule(links.count + index, at: replica.pointee.wakeTime)
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
            let idle = record.end.nanoseconds - tally.busy.nanoseconds
            var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
            states[Int(InstanceState.busy.rawValue)] = tally.busy.nanoseconds
            states[Int(InstanceState.idle.rawValue)] = idle
            for _ in 0..<fleet.pools[tally.pool].instancesPerReplica {
                record.ledger.rentals.append(
                    Rental(
                        pool: tally.pool, instance: record.ledger.rentals.count, start: .start, end: record.end,
                        states: states))
            }
        }
        record.judgeLoad()
        return record
    }
}

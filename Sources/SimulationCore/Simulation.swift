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
    /// Shown the classes' outcomes so far; returning `false` stops the run like ``progressed(requests:to:)``. Not called
    /// after the last arrival.
    func permits(_ classes: [ClassRecord]) -> Bool
}

extension RunObserver {
    /// Lets every run go on.
    public func permits(_ classes: [ClassRecord]) -> Bool { true }
}

/// Why a run could not be carried out.
public enum SimulationError: Error, Equatable {
    case cancelled
    case unsortedArrival(request: UInt64)
    case emptyFleet
}

/// One run: a fleet against a workload. Consumed by ``run()``.
///
/// Events at one instant are handled in the order arrivals at the router, deliveries at a pool, ends of steps, clients'
/// patience and retries, outages, supplies, machines becoming ready or breaking, decisions of autoscalers (``Actors``).
/// The result is a pure function of fleet, workload and options.
public struct Simulation: ~Copyable {
    let fleet: FleetConfiguration
    private let observer: (any RunObserver)?
    let actors: Actors
    let replicas: Replicas
    var router: Router
    private var arrivals: ArrivalStream
    /// By pool, then by row of users.
    private var links: [Link]
    var heap: ActorHeap
    var recorder: Recorder
    var provisioner: Provisioner
    /// Followed requests; `nil` where nobody gives up and nothing is lost: then none has to be.
    var desk: ClientDesk?
    /// Requests that wait at the gateway for a replica to serve them, in order.
    var held: [Request] = []
    /// Requests offered and not finished.
    var inSystem = 0
    /// Whether the ends of steps at the present instant have been handled.
    var afterSteps = false
    private var now: Int64 = 0
    private var events: UInt64 = 0

    /// - Throws: ``SimulationError/emptyFleet``, or what reading the source's first batch throws.
    public init(
        fleet: FleetConfiguration, source: any RequestSource, options: SimulationOptions = .init(),
        observer: (any RunObserver)? = nil
    ) throws {
        guard fleet.pools.contains(where: { $0.replicas > 0 }) else { throw SimulationError.emptyFleet }
        precondition(
            fleet.pools.allSatisfy { $0.scaling != nil || !fleet.mayLoseMachines(of: $0) },
            "a pool that may lose machines says what a start takes")
        let key = RandomKey(seed: options.seed)
        let follows = ClientDesk.isNeeded(for: fleet)
        arrivals = try ArrivalStream(source: source, delays: fleet.classDelays.map(\.nanoseconds))
        self.fleet = fleet
        self.observer = observer
        replicas = Replicas(fleet: fleet, stepping: options.stepping, source: source)
        router = Router(fleet: fleet, key: key.derived("router"))
        recorder = Recorder(
            fleet: fleet, source: source, keepsOutcomes: observer?.wantsOutcomes ?? false, followsRequests: follows)
        let distances = recorder.distances
        links = fleet.pools.indices.flatMap { pool in
            (0..<distances.rows).map { Link(delay: distances.toPool(pool, row: $0)) }
        }
        provisioner = Provisioner(fleet, key: key.derived("world"))
        desk = follows ? ClientDesk(fleet, classes: max(1, source.classes.count), key: key) : nil
        actors = Actors(
            links: links.count, replicas: replicas.count, pools: fleet.pools.count,
            hasLife: follows || fleet.pools.contains { $0.scaling != nil })
        heap = ActorHeap(actors: actors.count)
        openFleet()
    }

    /// Replays the source to its end and until the last request is answered.
    /// - Throws: ``SimulationError``, or what the source throws.
    public consuming func run() throws -> RunRecord {
        while true {
            let (time, actor) = heap.first
            let arrival = arrivals.nextTime
            if arrival <= time {
                guard arrival != .max else { break }
                afterSteps = false
                try arrive(at: arrival)
            } else {
                // Autoscalers would go on for ever.
                if inSystem == 0, arrival == .max { break }
                now = time
                handle(actor, at: time)
            }
            events &+= 1
        }
        try report(at: recorder.end)
        return finishedRecord()
    }

    private mutating func handle(_ actor: Int, at now: Int64) {
        if actor < actors.links {
            afterSteps = false
            let sending = links[actor].receive()
            heap.schedule(actor, at: links[actor].nextTime)
            return deliver(sending.request, number: sending.number, to: sending.replica, at: now)
        }
        afterSteps = true
        if actor < actors.clients { return wake(actor - actors.links, at: now) }
        switch actors.kind(of: actor) {
        case .link, .replica: return
        case .clients: handleClients(at: now)
        case .outages: handleOutages(at: now)
        case .supply(let pool): handleSupply(of: pool, at: now)
        case .machine(let index): handleMachine(index, at: now)
        case .autoscaler(let pool): scale(pool, at: now)
        }
    }

    private mutating func arrive(at now: Int64) throws {
        let request = try arrivals.next()
        if arrivals.positionInBatch == 0 { try reportMidway(at: now) }
        recorder.offered(request)
        inSystem += 1
        if desk == nil { route(request, at: now) } else { open(request, at: now) }
    }

    /// Whether no request is still to come.
    var sourceHasEnded: Bool { arrivals.nextTime == .max }

    // MARK: Requests that nobody follows

    /// Sends a request to a replica; holds it where none serves.
    mutating func route(_ request: Request, at now: Int64) {
        let row = recorder.distances.row(of: request)
        let moment = Moment(time: now, afterSteps: afterSteps)
        guard let index = router.choose(request, row: row, at: moment, replicas: replicas) else {
            guard router.isClosed(row: row) else { return held.append(request) }
            inSystem -= 1
            return recorder.failed(request, reason: .noRoute, replica: Int(UInt32.max), sendings: 0, at: now)
        }
        send(request, row: row, to: index, at: now)
    }

    /// - Parameter number: of the sending, where it is followed.
    mutating func send(_ request: Request, row: Int, number: UInt16 = 0, to index: Int, at now: Int64) {
        router.outstanding[index] &+= 1
        let pool = replicas[index].pool
        recorder.sent(to: pool)
        let link = pool &* recorder.distances.rows &+ row
        guard links[link].delay > 0 else { return deliver(request, number: number, to: index, at: now) }
        links[link].send(request, number: number, to: index, at: now)
        heap.schedule(link, at: links[link].nextTime)
    }

    private mutating func deliver(_ request: Request, number: UInt16, to index: Int, at now: Int64) {
        if desk != nil { return deliverFollowed(request, number: number, to: index, at: now) }
        if let reason = replicas[index].refusal(of: request) {
            router.outstanding[index] &-= 1
            inSystem -= 1
            recorder.lost(tokens: 0, pool: replicas[index].pool)
            return recorder.failed(request, reason: reason, replica: index, at: now)
        }
        replicas[index].deliver(request, at: now, afterSteps: afterSteps)
        heap.schedule(actors.replica(index), at: replicas[index].wakeTime)
    }

    private mutating func wake(_ index: Int, at now: Int64) {
        let replica = replicas.pointer(to: index)
        replica.pointee.wake(at: now, &recorder)
        let finished = replica.pointee.finished
        replica.pointee.finished = 0
        heap.schedule(actors.replica(index), at: replica.pointee.wakeTime)
        if desk == nil {
            router.outstanding[index] &-= Int32(finished)
            inSystem -= finished
        } else {
            settleFollowed(on: index, at: now)
        }
        if actors.hasLife { leaveIfDrained(index, at: now) }
    }

    // MARK: The record

    private mutating func reportMidway(at now: Int64) throws {
        try report(at: now)
        guard observer?.permits(recorder.classes) ?? true else { throw SimulationError.cancelled }
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

    /// Copies that nobody waits for may still be running when the last request ends: they are cut off.
    private mutating func cutOff(_ index: Int) {
        let replica = replicas.pointer(to: index)
        while replica.pointee.wakeTime <= now { replica.pointee.wake(at: replica.pointee.wakeTime, &recorder) }
        if desk != nil { for copy in recorder.takeEnded() { settle(copy, at: now) } }
        settle(replica.pointee.evacuate(at: now, &recorder), from: index, at: now)
    }

    private mutating func finishedRecord() -> RunRecord {
        for index in 0..<replicas.count where replicas[index].activity != .idle { cutOff(index) }
        let end = recorder.end
        let readings = (0..<replicas.count).map { MachineReading(replicas[$0], at: end) }
        let ledger = provisioner.close(at: end, readings, &recorder)
        var record = recorder.finished()
        record.ledger = ledger
        record.events = events
        for index in 0..<replicas.count {
            let tally = replicas[index].tally
            record.steps += tally.steps
            record.replicas.append(tally)
        }
        record.coldStarts = provisioner.coldStarts
        record.flaps = provisioner.flaps
        record.judgeLoad()
        return record
    }
}

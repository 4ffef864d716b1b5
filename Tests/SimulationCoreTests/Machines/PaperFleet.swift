import PerformanceModel
import Pricing
import Primitives
import Testing
import Workloads

@testable import SimulationCore

/// A fleet whose times can be worked out on paper: a step takes 1 s and 0.1 s per prompt token. A prompt of 10 tokens
/// alone makes its first token after 2 s and another each second: n tokens take n + 1 s.
struct PaperFleet {
    var pools: [PoolConfiguration]
    var router = RouterPolicy.leastOutstanding
    var clients: [ClientPolicy] = []
    var users: [UserRegion] = []
    var outages: [Outage] = []
    var classDelays: [SimulatedDuration] = []
    var bounds: [RequestBounds] = []

    init(_ pools: PoolConfiguration...) { self.pools = pools }

    var configuration: FleetConfiguration {
        FleetConfiguration(
            pools: pools, router: router, classDelays: classDelays, bounds: bounds, users: users, clients: clients,
            outages: outages)
    }

    /// Runs it both ways, which must not differ.
    func run(_ requests: [Request], seed: UInt64 = 1) throws -> PaperRun {
        let leaping = try run(requests, .init(seed: seed))
        let single = try run(requests, .init(seed: seed, stepping: .single))
        #expect(leaping.record == single.record && leaping.outcomes == single.outcomes, "leaps differ from steps")
        return leaping
    }

    private func run(_ requests: [Request], _ options: SimulationOptions) throws -> PaperRun {
        let collector = Collector()
        let source = TwoRegions(ListSource(requests, classes: ["first", "second"]))
        var record = try Simulation(
            fleet: configuration, source: source, options: options, observer: collector
        ).run()
        record.events = 0
        return PaperRun(record: record, outcomes: collector.outcomes.sorted { $0.id < $1.id })
    }

    // MARK: Pools

    static let startup = StartupStages(
        provision: .seconds(3), imagePull: .seconds(4), weightLoad: .seconds(5), compile: .seconds(6),
        warmUp: .seconds(7))

    /// Of `replicas` that run so many `sequences` at once.
    static func pool(_ replicas: Int = 1, sequences: Int = 4, delay: Double = 0) -> PoolConfiguration {
        PoolConfiguration(
            name: "paper", replicas: replicas,
            engine: EngineConfiguration(maxBatchedTokens: 1_000, maxSequences: sequences, kvBlocks: 1_000),
            stepCost: LinearStepCost(perStep: 1e9, perPrefillToken: 1e8),
            oneWayDelay: SimulatedDuration(seconds: delay))
    }

    /// Of at most `replicas`, whose starts take 25 s.
    static func pool(
        _ policy: AutoscalerPolicy, _ replicas: Int, initial: Int, sequences: Int = 4, delay: Double = 0
    ) -> PoolConfiguration {
        var pool = pool(replicas, sequences: sequences, delay: delay)
        pool.scaling = PoolScaling(policy: policy, minimum: 0, maximum: replicas, initial: initial, startup: startup)
        return pool
    }

    /// Two replicas in the zones a and b of one region; a is lost at `end`.
    static func twoZones(
        _ fate: InFlightFate, until end: Double = 5.5, notice: Double = 0, delay: Double = 0
    ) -> PoolConfiguration {
        var pool = pool(.always(2, every: 1_000), 2, initial: 2, delay: delay)
        pool.place = PoolPlace(region: "r", zones: ["a", "b"])
        pool.supply = .capacity(
            CapacitySupply(availability: .up([end], []), notice: SimulatedDuration(seconds: notice)))
        pool.fate = fate
        pool.kvBytesPerToken = 100
        return pool
    }
}

extension AutoscalerPolicy {
    static func always(_ replicas: Int, every seconds: Int64 = 10) -> Self {
        .fixed(FixedPolicy(replicas: replicas, period: .seconds(seconds)))
    }

    /// So many from so many seconds on, looked up every 10 s.
    static func plan(_ steps: KeyValuePairs<Int64, Int>) -> Self {
        let steps = steps.map { SchedulePolicy.Step(time: .seconds($0.key), replicas: $0.value) }
        return .schedule(SchedulePolicy(steps: steps, tick: .seconds(10)))
    }
}

extension Availability {
    /// Zones that are up at first and change at these seconds.
    static func up(_ zones: [Double]...) -> Self { .replay(zones.map { .changing($0) }) }
}

extension AvailabilityTrace {
    static func changing(_ seconds: [Double], startsUp: Bool = true) -> Self {
        let changes = seconds.map { SimulatedTime(nanoseconds: SimulatedDuration(seconds: $0).nanoseconds) }
        return AvailabilityTrace(name: "", changes: changes, startsUp: startsUp, length: .hours(24))
    }
}

extension Request {
    /// A prompt of 10 tokens.
    static func paper(_ id: UInt64, at seconds: Double = 0, output: Int32 = 1, class group: UInt16 = 0) -> Request {
        Request(
            id, at: SimulatedDuration(seconds: seconds).nanoseconds, input: 10, output: output, classIndex: group)
    }

    func from(region: UInt16) -> Request {
        var copy = self
        copy.regionIndex = region
        return copy
    }
}

/// What came of it; spans in seconds.
struct PaperRun {
    let record: RunRecord
    /// By request id.
    let outcomes: [RequestOutcome]

    subscript(id: Int) -> RequestOutcome { outcomes[id] }
    var e2e: [Double] { outcomes.map(\.e2e.seconds) }
    var attempts: [UInt16] { outcomes.map(\.attempts) }
    var failures: [FailureReason?] { outcomes.map(\.failure) }

    /// Network, cold start, retry, queue, prefill, decode.
    func parts(_ id: Int) -> [Double] {
        let outcome = outcomes[id]
        return [outcome.network, outcome.coldStart, outcome.retry, outcome.queue, outcome.prefill, outcome.decode]
            .map(\.seconds)
    }

    func rentals(_ instance: Int) -> [Rental] { record.ledger.rentals.filter { $0.instance == instance } }

    /// From when to when an instance was rented, and why not longer.
    func lives(_ instance: Int) -> [String] {
        rentals(instance).map { "\($0.start.seconds)–\($0.end.seconds) \($0.ending.rawValue)" }
    }

    /// Seconds per state of each of an instance's rentals, where there are any.
    func states(_ instance: Int) -> [[InstanceState: Double]] {
        rentals(instance).map { rental in
            let all = InstanceState.allCases.map { ($0, rental[$0].seconds) }
            return Dictionary(uniqueKeysWithValues: all.filter { $0.1 != 0 })
        }
    }

    var incidents: [String] {
        record.incidents.map { "\($0.kind.rawValue) \($0.at.seconds) ×\($0.replicas)" }
    }

    func total(_ series: (TimelineBin) -> Int128) -> Double {
        Double(record.timeline.bins.reduce(Int128(0)) { $0 + series($1) }) / 1e9
    }

    func bytes(_ boundary: Boundary) -> Int64 {
        record.ledger.rentals.reduce(0) { $0 + $1.traffic[boundary] }
    }
}

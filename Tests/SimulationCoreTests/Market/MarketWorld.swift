import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Workloads

/// A small random world in which machines are scarce, break and are taken away, and clients lose patience: all from one
/// seed.
struct MarketWorld {
    let seed: UInt64
    var fleet: FleetConfiguration
    let requests: [Request]
    let prompts: [UInt64: ([PromptSegment], Bool)]

    init(seed: UInt64) {
        self.seed = seed
        let base = RandomWorld(seed: seed)
        var dice = MarketDice(seed: seed)
        // Arrivals spread over minutes, so that machines have time to come and go.
        let stretch = Double(dice.pick([1, 50, 2_000])) * 1e6
        var now: Int64 = 0
        requests = base.requests.map { request in
            var copy = request
            now += Int64(dice.uniform() * 2e3 * stretch / Double(base.requests.count))
            copy.arrival = SimulatedTime(nanoseconds: now)
            copy.regionIndex = UInt16(dice.pick(0...1))
            return copy
        }
        prompts = base.prompts
        let pools = base.fleet.pools.enumerated().map { index, pool in dice.pool(pool, index) }
        fleet = FleetConfiguration(
            pools: pools, router: base.fleet.router, classDelays: base.fleet.classDelays, bounds: base.fleet.bounds,
            users: dice.chance(0.4) ? dice.users(pools.count) : [], clients: dice.chance(0.6) ? dice.clients() : [],
            outages: dice.chance(0.3) ? dice.outages() : [])
    }

    func source() -> ListSource { ListSource(requests, classes: ["gold", "silver", "bronze"], prompts: prompts) }

    func run(_ stepping: SimulationOptions.Stepping = .leaping) throws -> (
        record: RunRecord, outcomes: [RequestOutcome]
    ) {
        let collector = Collector()
        let record = try Simulation(
            fleet: fleet, source: TwoRegions(source()), options: .init(seed: seed, stepping: stepping),
            observer: collector
        ).run()
        return (record, collector.outcomes)
    }
}

/// A source whose users are in two regions.
final class TwoRegions: RequestSource {
    private let inner: ListSource
    init(_ inner: ListSource) { self.inner = inner }
    var classes: [String] { inner.classes }
    let regions = ["east", "west"]
    var contents: PromptContentStore { inner.contents }
    var sharesPrefixes: Bool { inner.sharesPrefixes }
    var skipped: [SkippedRows] { inner.skipped }
    func read(into batch: inout [Request], limit: Int) throws { try inner.read(into: &batch, limit: limit) }
}

/// Draws of one world.
struct MarketDice {
    private var generator: KeyedGenerator

    init(seed: UInt64) { generator = RandomKey(seed: seed).derived("market world").generator() }

    mutating func uniform() -> Double { generator.uniform() }
    mutating func chance(_ p: Double) -> Bool { generator.uniform() < p }
    mutating func pick<T>(_ values: [T]) -> T { values[Int(generator.next() % UInt64(values.count))] }
    mutating func pick(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(generator.next() % UInt64(range.count))
    }
    mutating func seconds(_ range: ClosedRange<Int>) -> SimulatedDuration {
        SimulatedDuration(nanoseconds: Int64(pick(range)) * 1_000_000_000 + Int64(pick(0...999_999_999)))
    }

    mutating func pool(_ base: PoolConfiguration, _ index: Int) -> PoolConfiguration {
        var pool = base
        pool.offer = "offer \(pick(0...1))"
        pool.place = PoolPlace(region: pick(["r1", "r2"]), zones: pick([[], ["z1"], ["z1", "z2"]]))
        pool.fate = pick([.lost, .restarted, .resumed, .migrated(bytesPerSecond: Double(pick(1...1_000_000)))])
        pool.kvBytesPerToken = Int64(pick(1...1_000))
        pool.instancesPerReplica = pick([1, 1, 2])
        guard chance(0.85) else {
            // Machines that are never replaced are never lost.
            pool.place = .nowhere
            return pool
        }
        pool.scaling = scaling(pool.replicas, index)
        if chance(0.7) { pool.supply = supply() }
        if chance(0.4) { pool.reliability = reliability() }
        return pool
    }

    private mutating func scaling(_ maximum: Int, _ index: Int) -> PoolScaling {
        let minimum = pick(0...maximum)
        let policies: [AutoscalerPolicy] = [
            .fixed(FixedPolicy(replicas: max(1, minimum))),
            .targetUtilization(TargetUtilizationPolicy(capacity: Double(pick(1...8)))),
            .knative(KnativePolicy(target: Double(pick(1...6)))),
            .skyServe(SkyServePolicy(targetQPSPerReplica: Double(pick(1...5)) / 10)),
            index > 0
                ? .fallback(FallbackPolicy(primary: 0, base: pick(0...1)))
                : .hpa(HPAPolicy(metrics: [HPAMetric(metric: .outstanding, target: Double(pick(1...9)))])),
        ]
        var scaling = PoolScaling(
            policy: pick(policies), minimum: minimum, maximum: maximum, initial: pick(minimum...maximum),
            startup: StartupStages(
                provision: seconds(0...20), imagePull: seconds(0...20), weightLoad: seconds(0...9),
                compile: seconds(0...9),
                warmUp: seconds(0...3)))
        scaling.downloads = StartupDownloads(image: Int64(pick(0...1_000_000)), weights: Int64(pick(0...9_000_000)))
        if chance(0.4) {
            scaling.kept = KeptMachines(
                mode: pick([.stopped, .warm]), limit: pick(0...2), startup: StartupStages(provision: seconds(0...5)))
        }
        let limit = chance(0.5) ? seconds(0...20) : nil
        scaling.drain = pick([.wait(limit: nil), .wait(limit: limit), .redirect(limit: limit), .kill])
        return scaling
    }

    private mutating func supply() -> SupplyPolicy {
        if chance(0.5) {
            return .capacity(
                CapacitySupply(
                    depth: chance(0.4) ? pick(0...3) : nil, launchSuccess: pick([1, 1, 0.6]),
                    launchTimeout: seconds(5...60), retryInterval: seconds(1...30), availability: availability(),
                    reclaimsPerHour: Double(pick([0, 0, 10, 100])), notice: chance(0.5) ? seconds(0...30) : .zero,
                    keepsDisk: chance(0.4)))
        }
        let price = Money(dollars: 0.5)
        let population = HostPopulation(
            meanOffers: Double(pick(1...8)), meanStay: seconds(20...600), staySigma: 0.8, medianPerHour: price,
            priceSigma: 0.4, bidInterval: seconds(10...100), takeoversPerHour: Double(pick([0, 20, 100])),
            takeoverMean: seconds(5...60), speedSigma: chance(0.5) ? 0.2 : 0, bytesPerSecond: 1e6,
            bandwidthSigma: chance(0.5) ? 0.5 : 0, maximumDuration: chance(0.3) ? seconds(30...200) : nil,
            rentedStay: chance(0.5) ? seconds(30...900) : nil)
        return .hosts(
            HostSupply(
                population: .fitted(population), bid: chance(0.5) ? Money(dollars: 0.4) : nil,
                launchSuccess: pick([1, 1, 0.7]), launchTimeout: seconds(5...60), retryInterval: seconds(1...30),
                patience: chance(0.7) ? seconds(5...100) : nil))
    }

    private mutating func availability() -> Availability? {
        guard chance(0.6) else { return nil }
        if chance(0.3) {
            return .replay([
                AvailabilityTrace(
                    name: "z",
                    changes: [SimulatedTime(nanoseconds: 30_000_000_000), SimulatedTime(nanoseconds: 50_000_000_000)],
                    startsUp: chance(0.7), length: .seconds(120))
            ])
        }
        let up = seconds(20...100)
        let down = seconds(5...50)
        return .process(
            AvailabilityProcess(
                upMedian: up, upMean: up * 2, downMedian: down, downMean: down * 2, regionalShare: pick([0, 0.4]),
                sizePenalty: Double(pick([1, 2]))))
    }

    private mutating func reliability() -> Reliability {
        Reliability(
            meanTimeToFailure: chance(0.8) ? seconds(20...400) : nil, shape: pick([0.7, 1]),
            meanRepair: seconds(0...60),
            stragglers: pick([0, 0.3]), slowdown: 1.7)
    }

    mutating func clients() -> [ClientPolicy] {
        (0..<pick(1...3)).map { _ in
            let base = SimulatedDuration(nanoseconds: Int64(pick(1...2_000)) * 1_000_000)
            return ClientPolicy(
                firstTokenTimeout: chance(0.5) ? base * Int64(pick(1...30)) : nil,
                deadline: chance(0.5) ? base * Int64(pick(1...60)) : nil,
                retry: chance(0.6)
                    ? RetryPolicy(
                        attempts: pick(2...4), base: base, factor: 2, longest: base * 3, jitter: 0.5,
                        budget: chance(0.3) ? 0.3 : nil) : .never,
                hedge: chance(0.4) ? HedgePolicy(delay: base) : nil,
                rateLimit: chance(0.2) ? RateLimit(perSecond: Double(pick(1...20)), burst: Double(pick(1...5))) : nil,
                queueLimit: chance(0.3) ? pick(1...8) : nil)
        }
    }

    mutating func users(_ pools: Int) -> [UserRegion] {
        ["east", "west"].map { name in
            let order = chance(0.5) ? Array(0..<pools) : Array((0..<pools).reversed())
            let tiers = chance(0.2) ? [order] : order.map { [$0] }
            let open = chance(0.15) ? Array(tiers.prefix(1)) : tiers
            return UserRegion(
                name: name, oneWayDelays: (0..<pools).map { _ in SimulatedDuration.milliseconds(Int64(pick(0...90))) },
                route: chance(0.7) ? Route(tiers: open, spillAt: chance(0.5) ? pick(1...5) : nil) : nil)
        }
    }

    mutating func outages() -> [Outage] {
        (0..<pick(1...2)).map { _ in
            let from = SimulatedTime.start + seconds(0...60)
            return Outage(places: [pick(["r1", "r2", "z1", "z2"])], from: from, until: from + seconds(1...60))
        }
    }
}

import Planning
import Pricing
import Primitives
import SimulationCore

@testable import Reports

/// Two markets over one hour: a fixed hyperscale fleet, and a marketplace fleet with a fallback pool that is outbid,
/// loses hosts and meets an outage; three replications, users in two regions.
enum MarketFixture {
    static let minute: Int64 = 60_000_000_000

    static func result(replications: Int = 3, shapes: [Fixture.Shape] = shapes) -> ScenarioResult {
        var result = Fixture.result(replications: replications, shapes: shapes, name: "two-markets")
        guard shapes.count > 1 else { return result }
        for strategy in result.strategies.indices {
            for run in result.strategies[strategy].runs.indices {
                fill(&result.strategies[strategy].runs[run], market: strategy == 1)
            }
        }
        result.strategies[1].pools = marketPools(shapes[1])
        return result
    }

    static let shapes = [
        Fixture.shapes[0],
        Fixture.Shape(
            name: "marketplace, interruptible", offer: "vast/1x-L40S", market: .distributed, terms: .interruptible,
            replicas: 6, hourly: 520_000_000, ttftMedian: 240, tpotMedian: 33, attainment: 0.986, meets: true),
    ]

    private static func marketPools(_ shape: Fixture.Shape) -> [PoolSummary] {
        var bid = Fixture.pool(shape)
        bid.name = "bid"
        bid.scaling = ScalingSummary(
            autoscaler: "target-utilization", minimum: 2, initial: 4,
            startup: StartupStages(
                provision: .seconds(90), imagePull: .seconds(120), weightLoad: .seconds(60), compile: .seconds(25),
                warmUp: .seconds(5)), instancesPerReplica: 1)
        var fallback = Fixture.pool(Fixture.shapes[1])
        fallback.name = "fallback"
        return [bid, fallback]
    }

    private static func fill(_ run: inout StrategyRun, market: Bool) {
        run.record.split = split(market: market)
        run.record.regions = regions(market: market)
        for index in run.record.timeline.bins.indices { stages(&run.record.timeline.bins[index], index, market) }
        guard market else {
            run.record.pools = [group("pool", offered: 1_000, ttft: 180, e2e: 6_400)]
            return
        }
        run.record.completed = 990
        run.metrics.requestsCompleted = 990
        run.record.failures = [.timedOut: 7, .replicaLost: 3]
        run.metrics.requestsFailed = 10
        run.record.interruptions = 9
        run.metrics.interruptions = 9
        run.record.retries = 41
        run.record.lostTokens = 18_250
        run.record.pools = [
            group("bid", offered: 880, ttft: 230, e2e: 6_600), group("fallback", offered: 160, ttft: 310, e2e: 6_900),
        ]
        run.record.starts = starts
        run.record.incidents = incidents
        bill(&run)
    }

    /// Per completed request 20 ms of network, 54 queue, 126 prefill, 6,200 decode; in the market also 35 cold start and
    /// 115 retry.
    private static func split(market: Bool) -> LatencySplit {
        let completed: Int128 = market ? 990 : 1_000
        var split = LatencySplit()
        split.network = 20_000_000 * completed
        split.coldStart = market ? 35_000_000 * completed : 0
        split.retry = market ? 115_000_000 * completed : 0
        split.queue = 54_000_000 * completed
        split.prefill = 126_000_000 * completed
        split.decode = 6_200_000_000 * completed
        return split
    }

    static func group(_ name: String, offered: UInt64, ttft: Int64, e2e: Int64) -> GroupRecord {
        var group = GroupRecord(name: name)
        group.offered = offered
        group.completed = offered - offered / 100
        group.failed = offered / 100
        group.good = offered - offered / 50
        for step in 1...100 as ClosedRange<Int64> {
            group.ttft.record(ttft * 1_000_000 * (50 + step) / 100)
            group.e2e.record(e2e * 1_000_000 * (50 + step) / 100)
        }
        return group
    }

    private static func regions(market: Bool) -> [GroupRecord] {
        [
            group("us-east", offered: 700, ttft: market ? 220 : 170, e2e: 6_500),
            group("eu-west", offered: 300, ttft: market ? 290 : 260, e2e: 6_700),
        ]
    }

    /// Six replicas that serve throughout; in the market four to six, of which some are on their way, and an outage of
    /// three from minute 40 to 46.
    private static func stages(_ bin: inout TimelineBin, _ index: Int, _ market: Bool) {
        let width = Int128(minute)
        guard market else {
            bin.servingTime = 6 * width
            return
        }
        let out = (40..<46).contains(index)
        bin.servingTime = (out ? 2 : index < 12 ? 4 : 5) * width
        bin.busyTime = bin.servingTime * Int128(35 + abs(30 - index)) / 100
        bin.provisioningTime = (10..<12).contains(index) ? width : out ? 2 * width : 0
        bin.loadingTime = index % 17 == 12 ? width : 46..<50 ~= index ? 2 * width : 0
        bin.drainingTime = index % 23 == 20 ? width : 0
        bin.heldTime = 25..<33 ~= index ? width : 0
        bin.failures = out ? 1 : 0
    }

    static let incidents: [Incident] = {
        func at(_ minutes: Int64, _ kind: Incident.Kind, pool: Int? = 0, _ replicas: Int = 1) -> Incident {
            Incident(
                kind: kind, at: SimulatedTime(nanoseconds: minutes * minute), pool: pool, replicas: replicas)
        }
        return [
            at(8, .outbid), at(9, .outbid), at(11, .refused), at(20, .hostLeft), at(25, .outbid), at(33, .resumed),
            at(37, .failed), at(40, .outage, pool: nil, 3), at(46, .outageEnd, pool: nil, 3), at(52, .expired),
            at(55, .launchFailed),
        ]
    }()

    static let starts: [StartRecord] = {
        func start(_ seconds: [Int64], pool: Int = 0, cached: Bool = false, succeeded: Bool = true) -> StartRecord {
            StartRecord(
                pool: pool, replica: 1, at: .start,
                stages: StartupStages(
                    provision: .seconds(seconds[0]), imagePull: .seconds(seconds[1]), weightLoad: .seconds(seconds[2]),
                    compile: .seconds(seconds[3]), warmUp: .seconds(seconds[4])),
                cached: cached, succeeded: succeeded)
        }
        return [
            start([90, 120, 60, 25, 5]), start([75, 140, 66, 25, 5]), start([240, 0, 0, 0, 0], succeeded: false),
            start([110, 100, 58, 25, 5]), start([12, 0, 60, 25, 5], cached: true),
            start([40, 95, 62, 25, 5], pool: 1),
        ]
    }()

    /// The machines of the shape as pool `bid` with ten minutes of lost work in the first two, their disks, traffic, a
    /// fee and a credit; one machine of pool `fallback` for half an hour at 0.86 $/h.
    private static func bill(_ run: inout StrategyRun) {
        for index in run.record.ledger.rentals.indices {
            run.record.ledger.rentals[index].lost = index < 2 ? .seconds(600) : .zero
        }
        var lines = run.invoice.lines.map { line in
            var line = line
            line.pool = "bid"
            return line
        }
        var half = run.record.ledger.rentals[0]
        half.pool = 1
        half.instance = 6
        half.lost = .zero
        half.end = SimulatedTime(nanoseconds: 30 * minute)
        half.states = [0, 0, 10 * minute, 20 * minute, 0, 0, 0]
        run.record.ledger.rentals.append(half)
        var fallback = lines[0]
        fallback.pool = "fallback"
        fallback.instance = 6
        fallback.end = half.end
        fallback.billedCost = Money(nanodollars: 430_000_000)
        func extra(_ description: String, _ cost: Int64, _ edit: (inout InvoiceLine) -> Void) {
            var line = lines[0]
            line.instance = nil
            line.description = description
            line.billedCost = Money(nanodollars: cost)
            edit(&line)
            lines.append(line)
        }
        extra("disk", 41_095_891) { $0.serviceCategory = .storage }
        extra("traffic to the internet", 120_000_007) { $0.serviceCategory = .networking }
        extra("platform fee", 62_400_000) { $0.pricingCategory = .other }
        extra("credit for an outage", -50_000_000) { $0.chargeCategory = .credit }
        run.invoice = Invoice(lines: lines + [fallback])
        run.metrics.cost = run.invoice.total
        run.metrics.costPerRequest = run.invoice.total.dollars / 990
        run.metrics.costPerGoodRequest = run.invoice.total.dollars / 986
    }

    /// The marketplace's prices from a quarter of to four times today's.
    static let breakEven = BreakEvenFigure(
        ratioTitle: "Marketplace prices, as a multiple of today's", costTitle: "Dollars per hour",
        lines: [
            .init(strategy: shapes[0].name, points: ratios.map { BreakEvenFigure.Point(ratio: $0, cost: 11.166) }),
            .init(
                strategy: shapes[1].name,
                points: ratios.map { BreakEvenFigure.Point(ratio: $0, cost: 0.1 + 3.6 * $0) }),
        ],
        crossings: [
            .init(
                point: .init(ratio: 3.0738, cost: 11.166), below: shapes[1].name, above: shapes[0].name)
        ],
        sentences: [
            "`marketplace, interruptible` stays the cheapest until marketplace prices are 3.07 times today's; beyond, "
                + "`hyperscale on-demand` is."
        ])

    /// Eight steps to each doubling.
    private static let ratios: [Double] = (0...32).map { step in
        let octave = Double(1 << (step / 8)) / 4
        return octave * (1 + Double(step % 8) / 8)
    }
}

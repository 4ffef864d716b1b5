import PerformanceModel
import Primitives
import SimulationCore
import Testing

/// Several servers: one replica that serves c sequences at once (M/M/c), and c replicas behind a router.
@Suite struct ManyServersTests {
    /// M/M/c as continuous batching: c sequences at once, each output token takes a constant step of 1/2000 of the
    /// mean service, the batch's size costs nothing.
    ///
    /// A request starts at the next step boundary and its output is a whole number of steps, so it takes at most two
    /// steps longer than in the ideal queue: theory with the mean service, and with two steps more, bound the truth.
    @Test(arguments: [2, 8], [(0.3, 6_000), (0.7, 20_000), (0.9, 60_000)])
    func oneReplicaIsErlangC(servers: Int, point: (load: Double, requests: Int)) throws {
        let steps = 2_000.0
        let engine = EngineConfiguration(
            maxBatchedTokens: 1_024, maxSequences: servers, maxModelLength: Int(Int32.max), blockSize: 1 << 14,
            kvBlocks: 1 << 18, prefixCaching: false)
        let cost = LinearStepCost(perStep: QueueTrial.unit / steps, perPrefillToken: 0)
        let pool = PoolConfiguration(name: "batch", replicas: 1, engine: engine, stepCost: cost)
        let rate = point.load * Double(servers)
        let trial = QueueTrial(
            fleet: FleetConfiguration(pools: [pool], router: .roundRobin), rate: rate, requests: point.requests
        ) { (1, (QueueTrial.exponential(&$0) * steps).rounded(.up)) }
        let interval = try trial.sojourn()
        let ideal = QueueFormula.manyServers(servers, rate: rate)
        let slower = QueueFormula.manyServers(servers, rate: rate, service: 1 + 2 / steps)
        #expect(ideal <= interval.mean + interval.halfWidth, "c = \(servers): \(interval) against \(ideal)")
        #expect(slower >= interval.mean - interval.halfWidth, "c = \(servers): \(interval) against \(slower)")
        #expect(interval.precision < (point.load > 0.8 ? 0.2 : 0.05))
    }

    private func routed(_ router: RouterPolicy, servers: Int, load: Double, requests: Int) throws -> ReplicationInterval
    {
        try QueueTrial(
            fleet: QueueTrial.singleServers(servers, router: router), rate: load * Double(servers), requests: requests
        ) { (QueueTrial.exponential(&$0) * QueueTrial.unit, 1) }.sojourn()
    }

    /// A Poisson stream split at random is independent Poisson streams: each replica is an M/M/1.
    @Test(arguments: [0.3, 0.7, 0.9])
    func randomRoutingIsIndependentQueues(load: Double) throws {
        let interval = try routed(.random, servers: 4, load: load, requests: load > 0.8 ? 80_000 : 20_000)
        #expect(interval.contains(1 / (1 - load)), "\(interval)")
        #expect(interval.precision < 0.25)
    }

    /// Least outstanding over two servers is the classical shortest queue, whose chain is solved numerically.
    @Test(arguments: [(0.5, 40, 20_000), (0.7, 60, 20_000), (0.9, 110, 60_000)])
    func leastOutstandingIsTheShortestQueue(point: (load: Double, limit: Int, requests: Int)) throws {
        let interval = try routed(.leastOutstanding, servers: 2, load: point.load, requests: point.requests)
        let theory = QueueFormula.shortestOfTwo(rate: 2 * point.load, limit: point.limit)
        #expect(interval.contains(theory), "\(interval) against \(theory)")
        let pooled = QueueFormula.manyServers(2, rate: 2 * point.load)
        #expect(pooled < theory && theory < 1 / (1 - point.load))
        #expect(interval.mean + interval.halfWidth < 1 / (1 - point.load), "better than random")
    }

    /// More knowledge, shorter times.
    @Test func policiesRankAsTheyShould() throws {
        func mean(_ router: RouterPolicy) throws -> Double {
            try routed(router, servers: 4, load: 0.85, requests: 10_000).mean
        }
        let (random, cycle) = (try mean(.random), try mean(.roundRobin))
        let (two, all) = (try mean(.powerOfTwoChoices), try mean(.leastOutstanding))
        #expect(random > cycle && cycle > two && two > all)
        #expect(try mean(.weightedBySpeed) == all, "equal speeds make it least outstanding")
    }

    @Test func formulasAtKnownPoints() {
        #expect(abs(QueueFormula.manyServers(1, rate: 0.9) - 10) < 1e-12)
        // Erlang C for c = 2: 1/(1 − ρ²).
        #expect(abs(QueueFormula.manyServers(2, rate: 1.4) - 1 / (1 - 0.49)) < 1e-12)
        #expect(QueueFormula.singleServer(load: 0.5, secondMoment: 1) == 1.5)
        #expect(abs(QueueFormula.shortestOfTwo(rate: 1e-4, limit: 8) - 1) < 1e-7)
    }
}

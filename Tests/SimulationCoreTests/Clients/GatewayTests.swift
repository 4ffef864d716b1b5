import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Who is let in: rate limits, full queues, closed routes.
@Suite struct GatewayTests {
    private func fleet(_ policy: ClientPolicy, sequences: Int = 4) -> PaperFleet {
        var fleet = PaperFleet(PaperFleet.pool(sequences: sequences))
        fleet.clients = [policy]
        return fleet
    }

    /// One at once and one every 2 s after: those at 1 s and 3 s find half a token.
    @Test func aRateLimitRefuses() throws {
        let run = try fleet(ClientPolicy(rateLimit: RateLimit(perSecond: 0.5, burst: 1)))
            .run((0..<4).map { .paper(UInt64($0), at: Double($0)) })
        #expect(run.failures == [nil, .rateLimited, nil, .rateLimited])
        #expect(run.attempts == [1, 0, 1, 0])
        #expect(run[1].replica == .max)
        #expect(run.record.failures == [.rateLimited: 2])
        #expect(run.record.pools[0].offered == 2 && run.record.lostTokens == 0)
    }

    /// Other classes are not limited.
    @Test func aRateLimitIsOfItsClass() throws {
        let run = try fleet(ClientPolicy(rateLimit: RateLimit(perSecond: 0.5, burst: 1)))
            .run([.paper(0), .paper(1, class: 1), .paper(2), .paper(3, class: 1)])
        #expect(run.failures == [nil, nil, .rateLimited, nil])
    }

    /// Refused at 0.25 s, asked again 0.75 s later, when a whole token is there; the replica is in a step until 2 s.
    @Test func whoIsRefusedMayAskAgain() throws {
        let retry = RetryPolicy(attempts: 3, base: .milliseconds(750))
        let run = try fleet(ClientPolicy(retry: retry, rateLimit: RateLimit(perSecond: 1, burst: 1)))
            .run([.paper(0), .paper(1, at: 0.25)])
        #expect(run.e2e == [2, 3.75])
        #expect(run.parts(1) == [0, 0, 0.75, 1, 2, 0])
        #expect(run.attempts == [1, 1] && run.record.retries == 1)
    }

    /// Each refusal costs an attempt: 0, 1 and 3 s, with a bucket that fills too slowly.
    @Test func attemptsRunOut() throws {
        let retry = RetryPolicy(attempts: 3)
        let run = try fleet(ClientPolicy(retry: retry, rateLimit: RateLimit(perSecond: 0.125, burst: 1)))
            .run([.paper(0), .paper(1)])
        #expect(run.failures == [nil, .rateLimited])
        #expect(run.record.retries == 2 && run.record.end.seconds == 3)
        #expect(run.attempts == [1, 0])
    }

    /// One replica with room for two requests. At 3 s one ends, but arrivals come before the ends of steps.
    @Test func aQueueLimitRefusesWhileAllAreFull() throws {
        let run = try fleet(ClientPolicy(queueLimit: 2), sequences: 1).run([
            .paper(0, output: 2), .paper(1, output: 2), .paper(2), .paper(3, at: 3), .paper(4, at: 3.000000001),
        ])
        #expect(run.failures == [nil, nil, .queueFull, .queueFull, nil])
        #expect(run.attempts == [1, 1, 0, 0, 1])
        #expect(run.e2e[1] == 6)
        #expect(run[4].e2e.nanoseconds == 4_999_999_999, "from 6 to 8 s, asked for at 3 s + 1 ns")
    }

    /// It holds for the class that has it, and all replicas have to be full.
    @Test func aQueueLimitLooksAtEveryReplica() throws {
        var fleet = PaperFleet(PaperFleet.pool(2))
        fleet.clients = [.patient, ClientPolicy(queueLimit: 1)]
        let run = try fleet.run([
            .paper(0), .paper(1, class: 1), .paper(2, class: 1), .paper(3),
        ])
        #expect(run.failures == [nil, nil, .queueFull, nil])
    }

    /// A fleet at zero holds requests: its queues are not full.
    @Test func nobodyIsFullAtZero() throws {
        var fleet = PaperFleet(PaperFleet.pool(.always(1), 1, initial: 0))
        fleet.clients = [ClientPolicy(queueLimit: 1)]
        let run = try fleet.run([.paper(0), .paper(1)])
        #expect(run.failures == [nil, nil])
        #expect(run.e2e == [38, 38], "both prompts in one step of 3 s, from 35 s on")
    }

    /// Users of region 0 may go nowhere: refused, whether requests are followed or not.
    @Test func aClosedRegionHasNoRoute() throws {
        var fleet = PaperFleet(PaperFleet.pool())
        fleet.users = [UserRegion(name: "east", route: Route(tiers: [])), UserRegion(name: "west")]
        let requests: [Request] = [.paper(0), .paper(1).from(region: 1)]
        let plain = try fleet.run(requests)
        #expect(plain.failures == [.noRoute, nil])
        #expect(plain.attempts == [0, 1] && plain[0].replica == .max)
        #expect(plain.record.regions.map(\.failed) == [1, 0])
        #expect(plain.record.regions.map(\.completed) == [0, 1])
        fleet.clients = [ClientPolicy(deadline: .hours(1), retry: RetryPolicy(attempts: 5))]
        let followed = try fleet.run(requests)
        #expect(followed.record == plain.record && followed.outcomes == plain.outcomes)
    }

    /// What a replica can never serve is not asked for again.
    @Test func tooLongStaysTooLong() throws {
        var fleet = fleet(ClientPolicy(retry: RetryPolicy(attempts: 4)))
        fleet.pools[0].engine.maxModelLength = 20
        let run = try fleet.run([.paper(0, output: 11), .paper(1, output: 10)])
        #expect(run.failures == [.tooLong, nil])
        #expect(run.attempts == [1, 1] && run.record.retries == 0)
        #expect(run[0].replica == 0 && run.record.pools[0].failed == 1)
    }
}

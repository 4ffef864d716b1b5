import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Second copies of requests that show no token.
@Suite struct HedgeTests {
    private func fleet(_ pools: PoolConfiguration..., after delay: Double, first: ClientPolicy? = nil) -> PaperFleet {
        var fleet = PaperFleet(pools[0])
        fleet.pools = pools
        let hedged = ClientPolicy(hedge: HedgePolicy(delay: SimulatedDuration(seconds: delay)))
        fleet.clients = first.map { [$0, hedged] } ?? [hedged]
        return fleet
    }

    /// A copy goes to replica 1 at 1 s; replica 0 makes the first token at 2 s, and the copy's prompt is in vain.
    @Test func theCopyLoses() throws {
        let run = try fleet(PaperFleet.pool(2), after: 1).run([.paper(0, output: 3)])
        #expect(run.e2e == [4] && run[0].replica == 0 && run.attempts == [2])
        #expect(run.parts(0) == [0, 0, 0, 0, 2, 2])
        #expect(run.record.hedges == 1 && run.record.retries == 0 && run.record.lostTokens == 10)
        #expect(run.record.pools[0].offered == 2 && run.record.pools[0].failed == 1)
        #expect(run.states(1) == [[.busy: 2, .idle: 2]], "it goes on to its step's end at 3 s")
        #expect(run.rentals(1)[0].lost.seconds == 2)
    }

    /// Replica 0 is busy for 21 s, replica 1 for 2 s. The third request waits for 0 and is copied to 1 at 3 s.
    @Test func theCopyWins() throws {
        var fleet = fleet(PaperFleet.pool(2, sequences: 1), after: 3, first: .patient)
        fleet.router = .roundRobin
        let run = try fleet.run([.paper(0, output: 20), .paper(1), .paper(2, output: 2, class: 1)])
        #expect(run.e2e == [21, 2, 6])
        #expect(run[2].replica == 1 && run.attempts == [1, 1, 2])
        #expect(run[2].ttft.seconds == 5)
        #expect(run.parts(2) == [0, 0, 3, 0, 2, 1])
        #expect(run.record.lostTokens == 0, "what waited had computed nothing")
        #expect(run.record.pools[0].failed == 1)
    }

    /// Pool A is 1 s away and B is not: both get the request at 1 s and make its first token at 3 s. The lower replica
    /// goes on, although B's answer would be earlier at the client; B's prompt and the decode under way are in vain.
    @Test func ofSimultaneousTokensTheFirstReplicaGoesOn() throws {
        var fleet = fleet(PaperFleet.pool(delay: 1), PaperFleet.pool(), after: 1)
        fleet.router = .roundRobin
        let run = try fleet.run([.paper(0, output: 3)])
        #expect(run.e2e == [6] && run[0].replica == 0 && run.attempts == [2])
        #expect(run.parts(0) == [2, 0, 0, 0, 2, 2])
        #expect(run.record.hedges == 1 && run.record.lostTokens == 11)
        #expect(run.record.pools.map(\.failed) == [0, 1])
    }

    /// The same with an answer of one token: both copies end at 3 s, and one of them was for nothing.
    @Test func ofSimultaneousAnswersOneIsLost() throws {
        var fleet = fleet(PaperFleet.pool(delay: 1), PaperFleet.pool(), after: 1)
        fleet.router = .roundRobin
        let later = try fleet.run([.paper(0), .paper(1, at: 9)])
        #expect(later.e2e[0] == 4 && later[0].replica == 0)
        #expect(later.record.lostTokens >= 10)
        let run = try fleet.run([.paper(0)])
        #expect(run.e2e == [4] && run[0].replica == 0 && run.attempts == [2])
        #expect(run.record.lostTokens == 10)
        #expect(run.record.pools.map(\.failed) == [0, 1])
    }

    @Test func nobodyElseServes() throws {
        let run = try fleet(PaperFleet.pool(), after: 1).run([.paper(0, output: 3)])
        #expect(run.e2e == [4] && run.attempts == [1] && run.record.hedges == 0)
    }

    /// A token that is made when the copy would be sent makes it needless; one nanosecond before, it is not there yet.
    @Test func aTokenInTimeSparesTheCopy() throws {
        #expect(try fleet(PaperFleet.pool(2), after: 2).run([.paper(0, output: 3)]).record.hedges == 0)
        let early = try fleet(PaperFleet.pool(2), after: 1.999999999).run([.paper(0, output: 3)])
        #expect(early.record.hedges == 1 && early.e2e == [4])
        #expect(early.record.lostTokens == 10)
    }

    /// Copied at 1 s; at 1.5 s the first replica is lost, with the prompt that it was computing. The other copy answers.
    @Test func theOtherCopyOutlivesAMachine() throws {
        let run = try fleet(PaperFleet.twoZones(.lost, until: 1.5), after: 1).run([.paper(0, output: 2)])
        #expect(run.e2e == [4] && run[0].replica == 1 && run.attempts == [2])
        #expect(run.parts(0) == [0, 0, 1, 0, 2, 1])
        #expect(run.record.interruptions == 1 && run.record.retries == 0 && run.record.lostTokens == 10)
    }

    /// Both copies wait when the client gives up: both go, and nothing is left in the way of the next request.
    @Test func aDeadlineEndsBothCopies() throws {
        var fleet = fleet(PaperFleet.pool(2, sequences: 1), after: 1, first: .patient)
        fleet.clients[1].deadline = .seconds(3)
        let run = try fleet.run([
            .paper(0, output: 9), .paper(1, output: 9), .paper(2, output: 2, class: 1), .paper(3, at: 5, output: 1),
        ])
        #expect(run.failures == [nil, nil, .timedOut, nil])
        #expect(run.e2e == [10, 10, 0, 7])
        #expect(run.attempts == [1, 1, 2, 1])
        #expect(run.record.pools[0].offered == 5 && run.record.pools[0].failed == 2 && run.record.lostTokens == 0)
    }
}

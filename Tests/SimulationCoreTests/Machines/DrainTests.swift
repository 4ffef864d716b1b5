import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Two replicas of one request at a time; at 10 s one is to go. Request 0 runs on replica 0 until 31 s and 2 waits there;
/// 1 runs on replica 1 until 21 s and 3 waits there. The loads being equal, the last replica is drained.
@Suite struct DrainTests {
    private func run(_ drain: DrainPolicy, _ fate: InFlightFate = .lost) throws -> PaperRun {
        var pool = PaperFleet.pool(.plan([0: 2, 10: 1]), 2, initial: 2, sequences: 1)
        pool.scaling?.drain = drain
        pool.fate = fate
        return try PaperFleet(pool).run([
            .paper(0, output: 30), .paper(1, output: 20), .paper(2, output: 4), .paper(3, output: 4),
        ])
    }

    @Test func waitingFinishesEverything() throws {
        let run = try run(.wait(limit: nil))
        #expect(run.e2e == [31, 21, 36, 26])
        #expect(run.outcomes.map(\.replica) == [0, 1, 0, 1])
        #expect(run.lives(1) == ["0.0–26.0 released"] && run.states(1) == [[.busy: 10, .draining: 16]])
        #expect(run.total(\.drainingTime) == 16 && run.record.retries == 0)
    }

    /// At 15 s 14 tokens are made: 23 in the cache and one under way.
    @Test func aLimitCutsOff() throws {
        let run = try run(.wait(limit: .seconds(5)))
        #expect(run.failures == [nil, .replicaLost, nil, .replicaLost])
        #expect(run.record.lostTokens == 24 && run.record.interruptions == 0)
        #expect(run.lives(1) == ["0.0–15.0 released"] && run.states(1) == [[.busy: 10, .draining: 5]])
        #expect(run.e2e[0] == 31 && run.e2e[2] == 36)
    }

    /// The request that runs ends in time; only the one behind it is cut off.
    @Test func aLimitIsMetAtItsEdge() throws {
        let run = try run(.wait(limit: .seconds(11)))
        #expect(run.failures == [nil, nil, nil, .replicaLost] && run.e2e[1] == 21)
        #expect(run.record.lostTokens == 10, "its first step is under way")
    }

    /// What waits goes behind what waits elsewhere: from 36 s on.
    @Test func redirectingSendsAwayWhatWaits() throws {
        let run = try run(.redirect(limit: nil))
        #expect(run.e2e == [31, 21, 36, 41])
        #expect(run.outcomes.map(\.replica) == [0, 1, 0, 0] && run.attempts == [1, 1, 1, 2])
        #expect(run.parts(3) == [0, 0, 10, 26, 2, 3])
        #expect(run.lives(1) == ["0.0–21.0 released"] && run.states(1) == [[.busy: 10, .draining: 11]])
        #expect(run.record.retries == 1 && run.record.lostTokens == 0)
    }

    /// At 15 s the one that runs follows: 24 tokens in 3.4 s make the fifteenth, five more the rest.
    @Test func redirectingWithALimitMeetsTheFate() throws {
        let run = try run(.redirect(limit: .seconds(5)), .resumed)
        #expect(run.e2e == [31, 49.4, 36, 41])
        #expect(run.parts(1) == [0, 0, 0, 26, 2, 21.4])
        #expect(run.lives(1) == ["0.0–15.0 released"] && run.record.lostTokens == 1)
        #expect(run.record.recomputedTokens == 23)
    }

    /// All at once from the start again, behind request 2: from 36 s to 57 s, and to 62 s.
    @Test func killingRestartsAtOnce() throws {
        let run = try run(.kill, .restarted)
        #expect(run.e2e == [31, 57, 36, 62])
        #expect(run.parts(1) == [0, 0, 10, 26, 2, 19])
        #expect(run.lives(1) == ["0.0–10.0 released"] && run.states(1) == [[.busy: 10]])
        #expect(run.record.retries == 2 && run.record.lostTokens == 19)
    }

    @Test func killingLosesWhatMayBeLost() throws {
        let run = try run(.kill)
        #expect(run.failures == [nil, .replicaLost, nil, .replicaLost] && run.record.lostTokens == 19)
    }

    /// Of unequal loads the smaller is drained, wherever it is.
    @Test func theLeastLoadedGoes() throws {
        let pool = PaperFleet.pool(.plan([0: 2, 10: 1]), 2, initial: 2)
        let run = try PaperFleet(pool).run([.paper(0), .paper(1, output: 30)])
        #expect(run.lives(0) == ["0.0–10.0 released"] && run.lives(1) == ["0.0–31.0 end of run"])
        #expect(run.e2e == [2, 31])
        #expect(run.record.starts.isEmpty)
    }
}

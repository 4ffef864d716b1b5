import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// A request of 9 tokens runs on a machine of zone a that is lost at 5.5 s, or announced then; another serves in b.
///
/// At 5.5 s four tokens are made (at 2, 3, 4, 5 s): prompt and three of them are in the cache, 13 in all, and a step is
/// under way with one more.
@Suite struct LostMachineTests {
    private func run(_ fate: InFlightFate, notice: Double = 0, output: Int32 = 9) throws -> PaperRun {
        try PaperFleet(PaperFleet.twoZones(fate, notice: notice)).run([.paper(0, output: output)])
    }

    // MARK: Without notice

    @Test func lost() throws {
        let run = try run(.lost)
        #expect(run.failures == [.replicaLost] && run[0].replica == 0 && run.attempts == [1])
        #expect(run.record.end.seconds == 5.5)
        #expect(run.record.lostTokens == 14 && run.record.interruptions == 1 && run.record.retries == 0)
        #expect(run.lives(0) == ["0.0–5.5 interrupted"] && run.states(0) == [[.busy: 5.5]])
        #expect(run.incidents == ["reclaimed 5.5 ×1"])
    }

    /// From the start at 5.5 s on the other: 9 tokens take 10 s.
    @Test func restarted() throws {
        let run = try run(.restarted)
        #expect(run.e2e == [15.5] && run[0].ttft.seconds == 7.5 && run[0].replica == 1)
        #expect(run.parts(0) == [0, 0, 5.5, 0, 2, 8])
        #expect(run.attempts == [2] && run.record.retries == 1 && run.record.lostTokens == 14)
    }

    /// The other computes 14 tokens in a step of 2.4 s, which makes the fifth token, and four more.
    @Test(arguments: [InFlightFate.resumed, .migrated(bytesPerSecond: 1e9)])
    func resumed(fate: InFlightFate) throws {
        let run = try run(fate)
        #expect(run.e2e == [11.9] && run[0].ttft.seconds == 2 && run[0].replica == 1)
        #expect(run.parts(0) == [0, 0, 0, 0, 2, 9.9])
        #expect(run.attempts == [2] && run.record.retries == 1)
        #expect(run.record.lostTokens == 1, "the step under way")
        #expect(run.record.recomputedTokens == 13)
    }

    // MARK: With four seconds of notice

    /// What ends by 9.5 s is finished; then the machine goes, at 9 s.
    @Test(arguments: [InFlightFate.lost, .restarted, .resumed])
    func theNoticeIsUsed(fate: InFlightFate) throws {
        let run = try run(fate, notice: 4, output: 8)
        #expect(run.e2e == [9] && run[0].replica == 0 && run.record.retries == 0 && run.record.lostTokens == 0)
        #expect(run.lives(0) == ["0.0–9.0 interrupted"])
        #expect(run.states(0) == [[.busy: 5.5, .draining: 3.5]])
        #expect(run.record.interruptions == 1)
    }

    /// At 9.5 s eight tokens are made: 17 in the cache and one under way.
    @Test func theNoticeIsTooShort() throws {
        let lost = try run(.lost, notice: 4)
        #expect(lost.failures == [.replicaLost] && lost.record.end.seconds == 9.5 && lost.record.lostTokens == 18)
        #expect(lost.lives(0) == ["0.0–9.5 interrupted"])
        let restarted = try run(.restarted, notice: 4)
        #expect(restarted.e2e == [19.5] && restarted.parts(0) == [0, 0, 9.5, 0, 2, 8])
        // 18 tokens in 2.8 s make the ninth.
        let resumed = try run(.resumed, notice: 4)
        #expect(resumed.e2e == [12.3])
        #expect(resumed.parts(0) == [0, 0, 0, 0, 2, 10.3])
        #expect(resumed.record.recomputedTokens == 17 && resumed.record.lostTokens == 1)
    }

    /// A machine that is to be lost gets nothing new, and one with nothing to do goes at once.
    @Test func aLeavingMachineServesNobodyNew() throws {
        let fleet = PaperFleet(PaperFleet.twoZones(.lost, notice: 100))
        let run = try fleet.run([.paper(0, output: 20), .paper(1, at: 6), .paper(2, at: 6.5), .paper(3, at: 7)])
        #expect(run.outcomes.map(\.replica) == [0, 1, 1, 1])
        #expect(run.e2e[0] == 21 && run.lives(0) == ["0.0–21.0 interrupted"])
        let idle = try fleet.run([.paper(0, at: 6)])
        #expect(idle.lives(0) == ["0.0–5.5 interrupted"] && idle.states(0) == [[.idle: 5.5]])
    }

    // MARK: Clients

    /// 0.25 s each way: learnt at 5.75 s, sent again 1 s later, at replica 1 from 7 to 17 s.
    @Test func theClientAsksAgain() throws {
        var fleet = PaperFleet(PaperFleet.twoZones(.lost, delay: 0.25))
        fleet.clients = [ClientPolicy(retry: RetryPolicy(attempts: 2))]
        let run = try fleet.run([.paper(0, output: 9)])
        #expect(run.e2e == [17.25] && run[0].replica == 1 && run.attempts == [2])
        #expect(run.parts(0) == [0.5, 0, 6.75, 0, 2, 8])
        #expect(run.record.retries == 1 && run.record.lostTokens == 14)
        fleet.clients = []
        let once = try fleet.run([.paper(0, output: 9)])
        #expect(once.failures == [.replicaLost] && once.record.end.seconds == 5.75)
    }

    /// Sent at 5 s to replica 0, 1 s away: nobody is there at 6 s, and the router sends it to the other.
    @Test func whatIsUnderWayIsSentOn() throws {
        let run = try PaperFleet(PaperFleet.twoZones(.lost, delay: 1)).run([.paper(0, at: 5)])
        #expect(run.e2e == [5] && run[0].replica == 1 && run.attempts == [2])
        #expect(run.parts(0) == [2, 0, 1, 0, 2, 0])
        #expect(run.record.retries == 1 && run.record.lostTokens == 0)
        #expect(run.record.pools[0].offered == 2 && run.record.pools[0].failed == 1)
    }

    /// With nobody else to serve they wait at the gateway: in the other zone a start takes from 10 s to 35 s.
    @Test func withoutAnotherMachineTheyAreHeld() throws {
        var pool = PaperFleet.twoZones(.resumed)
        pool.scaling?.initial = 1
        pool.scaling?.policy = .always(1)
        let run = try PaperFleet(pool).run([.paper(0, output: 9)])
        // 14 tokens in 2.4 s from 35 s on, then four more.
        #expect(run.e2e == [41.4] && run[0].replica == 1)
        #expect(run.parts(0) == [0, 29.5, 0, 0, 2, 9.9])
        #expect(run.lives(1) == ["10.0–41.4 end of run"])
    }
}

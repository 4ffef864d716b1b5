import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Whether all that was computed in vain is counted, once, and charged to the machine that computed it.
@Suite struct LossAccountTests {
    /// 5.5 s busy, with nothing to show for it.
    @Test func aLostMachineWasBusyInVain() throws {
        let run = try PaperFleet(PaperFleet.twoZones(.lost)).run([.paper(0, output: 9)])
        #expect(run.record.lostTokens == 14 && run.states(0) == [[.busy: 5.5]])
        #expect(run.rentals(0)[0].lost.seconds == 5.5)
    }

    /// Done for one request, 2 s; then 12 s of 9.5 for another that is lost: of 10 + 14 tokens 14.
    @Test func aPartOfTheBusyTimeWasInVain() throws {
        let run = try PaperFleet(PaperFleet.twoZones(.lost, until: 8)).run([.paper(0), .paper(1, at: 2.5, output: 9)])
        // At 8 s: tokens at 4.5, 5.5, 6.5 and 7.5 s, and a step under way.
        #expect(run.record.lostTokens == 14 && run.states(0) == [[.busy: 7.5, .idle: 0.5]])
        #expect(run.rentals(0)[0].lost.nanoseconds == 7_500_000_000 * 14 / 24)
    }

    /// The machine worked 4 s on an answer that came 0.5 s too late, and on nothing else.
    @Test func aLateAnswerWasWorkInVain() throws {
        var fleet = PaperFleet(PaperFleet.pool(delay: 0.5))
        fleet.clients = [ClientPolicy(deadline: .milliseconds(4_750))]
        let run = try fleet.run([.paper(0, output: 3)])
        #expect(run.failures == [.timedOut] && run.record.lostTokens == 12)
        #expect(run.rentals(0)[0][.busy].seconds == 4)
        #expect(run.rentals(0)[0].lost.seconds == 4)
    }

    /// Resumed after 5.5 s, given up at 9 s: 13 tokens of the first replica, of the second the 14 of its first step and the
    /// one of its second, and one under way on each.
    @Test func whatWasKeptIsLostWithItsRequest() throws {
        var fleet = PaperFleet(PaperFleet.twoZones(.resumed))
        fleet.clients = [ClientPolicy(deadline: .seconds(9))]
        let run = try fleet.run([.paper(0, output: 9)])
        #expect(run.failures == [.timedOut] && run.record.end.seconds == 9)
        #expect(run.record.lostTokens == 14 + 16)
    }

    /// The client has its first token at 2 s. Whether the machine is lost before or after its patience of 5 s would have
    /// ended, it waits for no other first token: the request goes on elsewhere.
    @Test func aTokenThatWasSeenIsSeen() throws {
        func run(lossAt time: Double) throws -> PaperRun {
            var fleet = PaperFleet(PaperFleet.twoZones(.restarted, until: time))
            fleet.clients = [ClientPolicy(firstTokenTimeout: .seconds(5))]
            return try fleet.run([.paper(0, output: 9)])
        }
        #expect(try run(lossAt: 5.5).e2e == [15.5])
        let before = try run(lossAt: 4)
        #expect(before.failures == [nil])
    }

    /// What was cancelled or late was streamed to nobody: a pool that charges by the token serves what it answers.
    @Test func tokensOfAnswersAreCountedOnce() throws {
        var fleet = PaperFleet(PaperFleet.pool(delay: 0.5))
        fleet.clients = [ClientPolicy(deadline: .milliseconds(4_750)), .patient]
        let run = try fleet.run([.paper(0, output: 3), .paper(1, at: 10, output: 3, class: 1)])
        #expect(run.failures == [.timedOut, nil])
        #expect(run.record.inputTokens == 10 && run.record.outputTokens == 3)
        #expect(run.record.ledger.tokens[0].input == 10 && run.record.ledger.tokens[0].output == 3)
    }
}

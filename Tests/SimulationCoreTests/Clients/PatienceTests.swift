import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Clients that wait so long and no longer, to the nanosecond. One replica that runs one request at a time.
@Suite struct PatienceTests {
    private func fleet(_ policy: ClientPolicy, delay: Double = 0) -> PaperFleet {
        var fleet = PaperFleet(PaperFleet.pool(sequences: 1, delay: delay))
        fleet.clients = [policy]
        return fleet
    }

    private func span(_ seconds: Double, less nanoseconds: Int64 = 0) -> SimulatedDuration {
        SimulatedDuration(seconds: seconds) - SimulatedDuration(nanoseconds: nanoseconds)
    }

    // MARK: First tokens

    /// Behind a request that runs for 10 s: given up at 5 s, sent again at 8 s, scheduled at 10 s.
    @Test func whoWaitsTooLongAsksAgain() throws {
        let retry = RetryPolicy(attempts: 2, base: .seconds(3))
        let run = try fleet(ClientPolicy(firstTokenTimeout: .seconds(5), retry: retry))
            .run([.paper(0, output: 9), .paper(1, output: 2)])
        #expect(run.e2e == [10, 13])
        #expect(run[1].ttft.seconds == 12)
        #expect(run.parts(1) == [0, 0, 8, 2, 2, 1])
        #expect(run.attempts == [1, 2])
        #expect(run.record.retries == 1 && run.record.lostTokens == 0)
        #expect(run.record.pools[0].offered == 3)
        #expect(run.record.pools[0].completed == 2 && run.record.pools[0].failed == 1)
    }

    /// Cancelled at 1 s in its first step, which ends at 2 s with the prompt computed in vain; sent again then, and
    /// cancelled for good at 3 s.
    @Test func aCancelledPromptIsComputedInVain() throws {
        let run = try fleet(ClientPolicy(firstTokenTimeout: .seconds(1), retry: RetryPolicy(attempts: 2)))
            .run([.paper(0, output: 5)])
        #expect(run.failures == [.timedOut])
        #expect(run[0].replica == 0 && run.attempts == [2])
        #expect(run.record.end.seconds == 3)
        #expect(run.record.retries == 1 && run.record.lostTokens == 20)
        #expect(run.states(0) == [[.busy: 3]])
        #expect(run.rentals(0)[0].lost.seconds == 3)
    }

    /// 0.25 s to the router and 0.5 s to the pool: sent at 1 s, first token at 3.75 s, which is 3.5 s after the sending
    /// once it is at the client. One nanosecond less patience, and the 11 tokens of prompt and first decode are lost.
    @Test func aFirstTokenInTimeIncludesTheWayBack() throws {
        func run(_ patience: SimulatedDuration) throws -> PaperRun {
            var fleet = fleet(ClientPolicy(firstTokenTimeout: patience), delay: 0.5)
            fleet.classDelays = [.milliseconds(250)]
            return try fleet.run([.paper(0, at: 1, output: 3)])
        }
        let met = try run(span(3.5))
        #expect(met.e2e == [5.5] && met[0].ttft.seconds == 3.5)
        #expect(met.parts(0) == [1.5, 0, 0, 0, 2, 2])
        let missed = try run(span(3.5, less: 1))
        #expect(missed.failures == [.timedOut])
        #expect(missed.record.end.nanoseconds == 4_499_999_999)
        #expect(missed.record.lostTokens == 11)
        #expect(missed.record.offered == 1 && missed.record.completed == 0)
    }

    /// An answer of one token that comes late is no answer, each time.
    @Test func aLateAnswerIsAskedForAgain() throws {
        var fleet = fleet(
            ClientPolicy(firstTokenTimeout: span(3.5, less: 1), retry: RetryPolicy(attempts: 2)), delay: 0.5)
        fleet.classDelays = [.milliseconds(250)]
        let run = try fleet.run([.paper(0, at: 1)])
        #expect(run.failures == [.timedOut] && run.attempts == [2])
        #expect(run.record.lostTokens == 20)
        // Twice 3.5 s − 1 ns, and 1 s between.
        #expect(run.record.end.nanoseconds == 8_999_999_998)
    }

    /// At zero, with the first replica at 35 s: given up at the gateway at 5 s; sent again at 45 s, when one serves.
    @Test func patienceEndsAtTheGatewayToo() throws {
        var fleet = PaperFleet(PaperFleet.pool(.always(1), 1, initial: 0))
        fleet.clients = [
            ClientPolicy(firstTokenTimeout: .seconds(5), retry: RetryPolicy(attempts: 2, base: .seconds(40)))
        ]
        let run = try fleet.run([.paper(0)])
        #expect(run.e2e == [47])
        #expect(run.parts(0) == [0, 0, 45, 0, 2, 0])
        #expect(run.record.retries == 1 && run.attempts == [1], "only the second attempt was sent to a replica")
    }

    // MARK: Deadlines

    @Test func aDeadlineIsMetAtItsEdge() throws {
        let met = try fleet(ClientPolicy(deadline: .seconds(4))).run([.paper(0, output: 3)])
        #expect(met.e2e == [4] && met.record.lostTokens == 0)
        let missed = try fleet(ClientPolicy(deadline: span(4, less: 1))).run([.paper(0, output: 3)])
        #expect(missed.failures == [.timedOut] && missed[0].replica == 0)
        #expect(missed.record.end.nanoseconds == 3_999_999_999)
        #expect(missed.record.lostTokens == 12, "the prompt and two decodes")
        #expect(missed.record.pools[0].failed == 1)
    }

    /// 0.75 s each way: the replica is done at 5.75 s, and the client has it 5.5 s after its sending.
    @Test func aDeadlineIncludesTheWayBack() throws {
        func run(_ deadline: SimulatedDuration) throws -> PaperRun {
            var fleet = fleet(ClientPolicy(deadline: deadline), delay: 0.5)
            fleet.classDelays = [.milliseconds(250)]
            return try fleet.run([.paper(0, at: 1, output: 3)])
        }
        #expect(try run(span(5.5)).e2e == [5.5])
        let missed = try run(span(5.5, less: 1))
        #expect(missed.failures == [.timedOut])
        #expect(missed.record.end.nanoseconds == 6_499_999_999)
        #expect(missed[0].replica == .max, "no replica has it any more")
        #expect(missed.record.lostTokens == 12)
    }

    /// Attempts at 0 and 3 s; at 4 s the deadline and the second first token are due, and the deadline goes first.
    @Test func aDeadlineEndsAllAttempts() throws {
        let retry = RetryPolicy(attempts: 5, base: .seconds(2))
        let policy = ClientPolicy(firstTokenTimeout: .seconds(1), deadline: .seconds(4), retry: retry)
        let run = try fleet(policy).run([.paper(0)])
        #expect(run.failures == [.timedOut] && run.attempts == [2])
        #expect(run.record.end.seconds == 4)
        #expect(run.record.retries == 1 && run.record.lostTokens == 20)
    }

    /// It ends between two attempts as well: the second, due at 3 s, is never sent.
    @Test func aDeadlineEndsTheWaitForARetry() throws {
        let retry = RetryPolicy(attempts: 5, base: .seconds(2))
        let policy = ClientPolicy(firstTokenTimeout: .seconds(1), deadline: .seconds(2), retry: retry)
        let run = try fleet(policy).run([.paper(0), .paper(1, at: 9, class: 1)])
        #expect(run.failures == [.timedOut, nil] && run.attempts == [1, 1])
        #expect(run.record.retries == 0 && run.record.lostTokens == 10)
        #expect(run.e2e[1] == 2)
    }
}

import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// What clients do, counted by hand: a request a second for twenty seconds, at a service that takes 350 ms to the first
/// of 100 tokens and 1,340 ms to the last, at any load; 170 ms of that are the way there, and 170 ms the way back.
@Suite struct ClientPolicyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var clients: String
        var completed: UInt64 = 0
        var failures: [FailureReason: UInt64] = [:]
        var retries: UInt64 = 0
        /// Sent to the pool.
        var sent: UInt64 = 20
        var testDescription: String { clients }
    }

    private static let cases = [
        Case(clients: "{timeout: {deadline: 1340 ms}}", completed: 20),
        Case(clients: "{timeout: {deadline: 1339 ms}}", failures: [.timedOut: 20]),
        Case(clients: "{timeout: {first-token: 350 ms}}", completed: 20),
        Case(clients: "{timeout: {first-token: 349 ms}}", failures: [.timedOut: 20]),
        // Three attempts each, none of which is in time.
        Case(
            clients: "{timeout: {first-token: 300 ms}, retry: {attempts: 3, base: 100 ms}}", failures: [.timedOut: 20],
            retries: 40, sent: 60),
        // One retry for two requests offered.
        Case(
            clients: "{timeout: {first-token: 300 ms}, retry: {attempts: 3, base: 100 ms, budget: 50 %}}",
            failures: [.timedOut: 20], retries: 10, sent: 30),
        // The deadline ends what the attempts have left: the second is under way, a third is never sent.
        Case(
            clients: "{timeout: {first-token: 300 ms, deadline: 700 ms}, retry: {attempts: 9, base: 200 ms}}",
            failures: [.timedOut: 20], retries: 20, sent: 40),
        // A token every other second, the first at once.
        Case(clients: "{rate-limit: {rate: 0.5 /s, burst: 1}}", completed: 10, failures: [.rateLimited: 10], sent: 10),
        // Four at once, then every other: of 20 requests 4 and the 9 tokens of 19 s, as 13.5 ≥ 13.
        Case(clients: "{rate-limit: {rate: 0.5 /s, burst: 4}}", completed: 13, failures: [.rateLimited: 7], sent: 13),
        // It is there for 1,170 ms: every other one finds it taken.
        Case(clients: "{queue-limit: 1}", completed: 10, failures: [.queueFull: 10], sent: 10),
        Case(clients: "{queue-limit: 2}", completed: 20),
        // Of three, the first is let in; the second asks again after 250 ms, when it has gone; the third in vain, twice.
        Case(
            clients: "{queue-limit: 1, retry: {attempts: 2, base: 250 ms}}", completed: 14, failures: [.queueFull: 6],
            retries: 13, sent: 14),
    ]

    @Test(arguments: cases)
    func countsByHand(_ test: Case) throws {
        let trial = try Trial(
            scenarioText(
                workload: constant(output: 100, requests: 20),
                pools: "[{api: {input: 1 $/Mtok, output: 1 $/Mtok, ttft: 350 ms, tokens-per-second: 100}}]",
                more: "clients: \(test.clients)"))
        let record = trial.record()
        #expect(record.offered == 20 && record.completed == test.completed && record.failures == test.failures)
        #expect(record.retries == test.retries && record.pools[0].offered == test.sent)
        for outcome in trial.outcomes() where outcome.failure == nil {
            #expect(
                outcome.e2e - outcome.retry == .milliseconds(1_340)
                    && outcome.ttft - outcome.retry == .milliseconds(350))
        }
    }

    @Test func hedgesGoToAnotherReplica() throws {
        func trial(_ after: String) throws -> Trial {
            try Trial(
                scenarioText(
                    workload: constant(rate: "20 /min", requests: 20),
                    pools: "[{device: L40S, price: 1 $/h, replicas: 2}]",
                    more: "clients: {hedge: {after: \(after)}}"))
        }
        let (soon, never) = (try trial("1 ms"), try trial("1 h"))
        #expect(never.record().hedges == 0 && never.record().pools[0].offered == 20)
        #expect(soon.record().hedges == 20 && soon.record().pools[0].offered == 40)
        #expect(soon.record().completed == 20 && soon.record().retries == 0 && soon.record().lostTokens > 0)
        #expect(soon.outcomes().allSatisfy { $0.attempts == 2 })
        // Alike and alone, the first copy is first: the second changes no latency.
        #expect(zip(soon.outcomes(), never.outcomes()).allSatisfy { $0.ttft == $1.ttft && $0.e2e == $1.e2e })
        #expect(soon.record().replicas[1].busy > .zero && never.record().replicas[1].busy == .zero)
    }

    @Test func patienceBelongsToAClass() throws {
        let workload = """
            {synthetic: {arrivals: {process: constant, rate: 1 /s}, lengths: {input: 400, output: 100}, requests: 40,
              classes: {hasty: {}, patient: {}}}}
            """
        let trial = try Trial(
            scenarioText(
                workload: workload,
                pools: "[{api: {input: 1 $/Mtok, output: 1 $/Mtok, ttft: 350 ms, tokens-per-second: 100}}]",
                more: "classes: {hasty: {clients: {timeout: {deadline: 1 s}}}}"))
        let classes = trial.record().classes
        #expect(classes[0].failed == classes[0].offered && classes[0].offered > 5)
        #expect(classes[1].completed == classes[1].offered && classes[1].offered > 5)
    }
}

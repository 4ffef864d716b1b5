import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Acceptance: load balancing, and a zone that fails.
@Suite struct HighAvailabilityTests {
    @Test(
        """
        Load balancing: on the same trace and fleet, round robin, random, least-outstanding, power-of-two-choices, \
        weighted-by-speed, prefix-aware and cost-aware policies each produce different, reproducible results
        """)
    func policiesDifferAndRepeat() throws {
        let workload = """
            {synthetic: {arrivals: {rate: 9 /s}, lengths: {input: 200, output: 40}, prefix: {groups: 6, tokens: 1200}, requests: 400}}
            """
        let pools =
            "pools: [{offer: aws/g6.xlarge/us-east-1, replicas: 2}, {offer: aws/g6e.xlarge/us-east-1, replicas: 2}]"
        let routers = RouterPolicy.allCases.map(\.rawValue)
        let text = strategiesText(
            workload: workload,
            routers.map { "name: \($0), router: \($0), \(pools)" }
                + ["name: cost, routing: {policy: cheapest, spill-at: 6}, \(pools)"])
        let trial = try Trial(text)
        let prints = (routers + ["cost"]).map { trial.run($0).metrics.fingerprint }
        #expect(Set(prints).count == 7)
        #expect((routers + ["cost"]).allSatisfy { trial.run($0).metrics.requestsCompleted == 400 })
        #expect(Set((routers + ["cost"]).map { trial.record($0).inputTokens }).count == 1, "the same trace")
        let again = try Trial(text)
        #expect((routers + ["cost"]).map { again.run($0).metrics.fingerprint } == prints)
    }

    /// Four requests a second for ten minutes; a zone fails from 3 to 5 minutes, and a new machine takes 10 s.
    private func text(_ replicas: Int, _ zones: String, fate: String = "lost", more: String = "") -> String {
        scenarioText(
            workload: constant(rate: "4 /s", requests: 2_400),
            pools: """
                [{offer: aws/g6e.xlarge/us-east-1, replicas: \(replicas), zones: [\(zones)], fate: \(fate),
                  start: {provision: 10 s, image-pull: 0 s, weight-load: 0 s, compile: 0 s, warm-up: 0 s}}]
                """,
            more: "outages: [{zone: us-east-1a, from: 3 min, for: 2 min}]\nslo: {ttft: {p99: 2 s}}\n\(more)")
    }

    @Test("High availability: killing a zone at a stated time removes exactly the replicas in it")
    func exactlyTheReplicasInIt() throws {
        let trial = try Trial(text(4, "us-east-1a, us-east-1b"))
        // Zones take turns: places 0 and 2 are in the first.
        let failed = trial.rentals().filter { $0.ending == .failed }
        #expect(
            failed.map(\.instance) == [0, 2] && failed.allSatisfy { $0.end == .seconds(180) && $0.start == .start })
        let later = trial.rentals().filter { $0.start > .start }
        #expect(later.map(\.instance) == [0, 2] && later.allSatisfy { $0.start == .seconds(300) })
        #expect(trial.record().starts.map(\.at) == [.seconds(300), .seconds(300)])
        let outage = trial.record().incidents.filter { $0.kind == .outage || $0.kind == .outageEnd }
        #expect(outage.map(\.at) == [.seconds(180), .seconds(300)] && outage.map(\.replicas) == [2, 0])
        #expect(trial.run().metrics.interruptions == 2 && trial.run().metrics.coldStarts == 2)
        // From then until its machines are back nobody is served there.
        for outcome in trial.outcomes() where outcome.failure == nil && [0, 2].contains(outcome.replica) {
            let sent = outcome.arrival
            #expect(sent + outcome.e2e <= .seconds(180) || sent >= .seconds(310), "request \(outcome.id)")
        }
    }

    @Test(
        """
        High availability: in-flight requests follow the declared rule (lost, retried, resumed), the report states \
        availability as successful ÷ offered requests and minutes below SLO
        """)
    func inFlightRequestsFollowTheRule() throws {
        let calm = try Trial(
            text(4, "us-east-1a, us-east-1b").replacingOccurrences(of: "from: 3 min", with: "from: 9 h"))
        let underway = calm.outcomes().filter { outcome in
            outcome.arrival <= .seconds(180) && outcome.arrival + outcome.e2e > .seconds(180)
                && [0, 2].contains(outcome.replica)
        }
        #expect(!underway.isEmpty)
        let lost = try Trial(text(4, "us-east-1a, us-east-1b"))
        #expect(lost.outcomes().filter { $0.failure == .replicaLost }.map(\.id) == underway.map(\.id))
        #expect(lost.run().metrics.requestsFailed == UInt64(underway.count))
        #expect(lost.run().metrics.availability == Double(2_400 - underway.count) / 2_400)
        // Whoever asks again a second later is served after all.
        let retry = "clients: {retry: {attempts: 2, base: 1 s}}"
        let retried = try Trial(text(4, "us-east-1a, us-east-1b", more: retry))
        #expect(retried.run().metrics.availability == 1 && retried.record().retries == UInt64(underway.count))
        for outcome in retried.outcomes() where underway.map(\.id).contains(outcome.id) {
            #expect(outcome.attempts == 2 && outcome.arrival + outcome.retry == .seconds(181))
        }
        // What is resumed computes its prompt anew and loses no token.
        let resumed = try Trial(text(4, "us-east-1a, us-east-1b", fate: "resumed"))
        #expect(resumed.run().metrics.availability == 1 && resumed.record().retries == UInt64(underway.count))
        for (outcome, before) in zip(resumed.outcomes(), calm.outcomes()) where outcome.attempts == 2 {
            #expect(outcome.e2e > before.e2e)
            guard before.arrival + before.ttft <= .seconds(180) else { continue }
            #expect(outcome.ttft == before.ttft && outcome.retry == .zero)
        }
        #expect(resumed.run().metrics.requestsCompleted == 2_400)
    }

    @Test("High availability: minutes below SLO")
    func minutesBelow() throws {
        // One zone: down for 120 s, back 10 s later; those who waited are late.
        let one = try Trial(text(3, "us-east-1a", fate: "restarted"))
        let late = one.outcomes().filter { $0.ttft > .seconds(2) }
        #expect(late.map(\.arrival).min() ?? .start >= .seconds(178))
        #expect(late.map(\.arrival).max() ?? .start <= .seconds(325) && late.count >= 512)
        let below = try #require(one.account().timeBelowSLO)
        #expect(below >= .seconds(130) && below <= .seconds(150), "\(below.seconds) s")
        #expect(one.run().metrics.availability == 1)
        // All three fail at once, and come back at once: nobody is sent to one that fails too, or all to the first.
        #expect(one.outcomes().allSatisfy { $0.attempts <= 2 })
        let shares = (UInt32(0)..<3).map { replica in late.count { $0.replica == replica } }
        #expect((shares.max() ?? 0) - (shares.min() ?? 0) <= 20, "\(shares)")
        let two = try Trial(text(4, "us-east-1a, us-east-1b", fate: "restarted"))
        #expect(try #require(two.account().timeBelowSLO) <= .seconds(10))
    }

    @Test(
        """
        High availability: an N+1 multi-zone plan shows higher availability and higher cost than the single-zone plan \
        for the same trace
        """)
    func theInsurancesPriceAndWorth() throws {
        let patience = "clients: {timeout: {deadline: 20 s}}"
        let one = try Trial(text(3, "us-east-1a", more: patience)).run().metrics
        let two = try Trial(text(4, "us-east-1a, us-east-1b", more: patience)).run().metrics
        let (a, b) = (try #require(one.availability), try #require(two.availability))
        #expect(a < 0.85 && b > 0.99 && two.cost > one.cost)
    }
}

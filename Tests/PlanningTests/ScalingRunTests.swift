import Pricing
import Primitives
import SimulationCore
import Synchronization
import Testing

@testable import Planning

/// Pools that change their size, through engine, ledger and invoice.
@Suite struct ScalingRunTests {
    static let policies = [
        "{kind: hpa, metric: outstanding, target: 2}", "{kind: keda, metric: waiting, target: 1}",
        "{kind: knative, target: 2}", "{kind: ray-serve, upscale-delay: 5 s, downscale-delay: 10 s}",
        "{kind: sky-serve, target-qps-per-replica: 1 /s, upscale-delay: 20 s, downscale-delay: 40 s}",
        "{kind: target-utilization, capacity: 4}", "{kind: schedule, steps: [{at: 0 s, replicas: 2}]}",
        "{kind: holt-winters, requests-per-second-per-replica: 1 /s, interval: 10 s}",
    ]

    private func strategy(
        replicas: String, autoscaler: String? = nil, start: String = "{provision: 20 s, image-pull: 0 s}",
        arrivals: String = "rate: 8 /s", supply: String = "offer: aws/g6e.xlarge/us-east-1"
    ) throws -> StrategyResult {
        let scaling = autoscaler.map { ", autoscaler: \($0), start: \(start)" } ?? ""
        let text = scenarioText(
            workload: "{synthetic: {arrivals: {\(arrivals)}, lengths: {input: 400, output: 60}, requests: 1000}}",
            pools: "[{\(supply), replicas: \(replicas)\(scaling)}]")
        return try scenario(text).resolved().run().strategies[0]
    }

    @Test(arguments: policies)
    func boundsThatLeaveNoChoiceMakeThePlainFleet(autoscaler: String) throws {
        let plain = try strategy(replicas: "2").runs[0]
        let scaled = try strategy(replicas: "{min: 2, max: 2}", autoscaler: autoscaler).runs[0]
        #expect(scaled.metrics == plain.metrics, "\(autoscaler)")
        #expect(scaled.metrics.fingerprint == plain.metrics.fingerprint)
        #expect(scaled.invoice == plain.invoice && scaled.record.ledger == plain.record.ledger)
        #expect(scaled.record.latency == plain.record.latency && scaled.record.timeline == plain.record.timeline)
    }

    @Test(arguments: policies)
    func everythingIsConservedWhateverThePolicyDoes(autoscaler: String) throws {
        let result = try strategy(
            replicas: "{min: 1, max: 6}", autoscaler: autoscaler,
            arrivals: "spike: {base: 1 /s, peak: 30 /s, start: 60 s, duration: 20 s}")
        let run = result.runs[0]
        #expect(run.metrics.requestsCompleted == 1_000 && run.metrics.requestsFailed == 0)
        #expect(run.record.ledger.balances)
        #expect(run.invoice.total == run.metrics.cost)
        let rented = run.record.ledger.rentals.reduce(0.0) { $0 + $1.duration.seconds } / 3_600
        #expect(run.metrics.instanceHours == rented)
        let later = run.record.ledger.rentals.filter { $0.start > .start }
        #expect(UInt64(later.count) == run.metrics.coldStarts)
        #expect(run.record.ledger.rentals.allSatisfy { $0.end <= run.record.end })
        #expect(abs(run.metrics.hours - run.record.end.seconds / 3_600) < 1e-12)
    }

    @Test func aSpikeStartsReplicasAndTheLullEndsThem() throws {
        let run = try strategy(
            replicas: "{min: 1, max: 6}", autoscaler: "{kind: knative, target: 8, stable-window: 20 s}",
            arrivals: "spike: {base: 1 /s, peak: 30 /s, start: 60 s, duration: 20 s}"
        ).runs[0]
        #expect(run.metrics.coldStarts > 0)
        #expect(run.record.ledger.rentals.contains { $0.start > .start && $0.end < run.record.end })
        #expect(run.metrics.instanceHours < 6 * run.metrics.hours)
    }

    @Test func costIsRentedTimeAtThePriceUnderTheProvidersRule() throws {
        for (supply, billsProvisioning) in [
            ("offer: aws/g6e.xlarge/us-east-1", false), ("device: L40S, price: 3.6 $/h", true),
        ] {
            let run = try strategy(
                replicas: "{min: 1, max: 4}", autoscaler: "{kind: knative, target: 4}",
                arrivals: "spike: {base: 1 /s, peak: 30 /s, start: 30 s, duration: 20 s}",
                supply: supply
            ).runs[0]
            #expect(run.metrics.coldStarts > 0)
            var expected = Money.zero
            for rental in run.record.ledger.rentals {
                let free = billsProvisioning ? SimulatedDuration.zero : rental[.provisioning]
                #expect(rental.start == .start || rental[.provisioning] == .seconds(20))
                let metered = (rental.duration - free).nanoseconds
                if billsProvisioning {
                    expected += Money(nanodollars: 3_600_000_000).scaled(by: metered, over: 3_600_000_000_000)
                } else if metered > 0 {
                    // Whole seconds, at least 60 of them, per start.
                    let billed = max(60, (metered + 999_999_999) / 1_000_000_000)
                    expected += Money(nanodollars: 1_861_000_000).scaled(by: billed, over: 3_600)
                }
            }
            #expect(run.metrics.cost == expected, "\(supply)")
        }
    }
}

/// Pools that begin with nothing.
@Suite struct ScaleToZeroTests {
    private final class Outcomes: OutcomeSink, Sendable {
        let all = Mutex<[RequestOutcome]>([])
        func record(_ outcomes: [RequestOutcome]) { all.withLock { $0 += outcomes } }
        func finish() {}
    }

    private func run(
        autoscaler: String, requests: Int = 50, delay: String = "10 ms"
    ) throws -> (StrategyRun, [RequestOutcome]) {
        let start = "{provision: 20 s, image-pull: 30 s, weight-load: 4 s, compile: 3 s, warm-up: 3 s}"
        let text = scenarioText(
            workload: "{synthetic: {arrivals: {process: constant, rate: 1 /s}, lengths: {input: 400, output: 60}, "
                + "requests: \(requests)}}",
            pools: "[{offer: aws/g6e.xlarge/us-east-1, network-delay: \(delay), "
                + "replicas: {min: 0, max: 3, initial: 0}, autoscaler: \(autoscaler), start: \(start)}]")
        let sink = Outcomes()
        var options = RunOptions()
        options.outcomes = { _ in sink }
        let result = try scenario(text).resolved().run(options)
        return (result.strategies[0].runs[0], sink.all.withLock { $0 }.sorted { $0.id < $1.id })
    }

    @Test func theFirstRequestPaysTheStart() throws {
        let (run, outcomes) = try run(autoscaler: "{kind: knative, target: 100}")
        #expect(run.metrics.coldStarts >= 1 && run.metrics.requestsCompleted == 50)
        let first = try #require(outcomes.first)
        // A minute from the decision, and at most one tick of 2 s until it.
        #expect(first.coldStart >= .seconds(60) && first.coldStart <= .seconds(62))
        #expect(first.ttft > first.coldStart && first.network == .milliseconds(20))
        // Those behind it waited less, each by the second it came later.
        #expect(outcomes[10].coldStart == first.coldStart - .seconds(10))
        let rental = try #require(run.record.ledger.rentals.first)
        #expect(rental[.provisioning] == .seconds(20) && rental[.loading] == .seconds(40))
        #expect(rental.start > .start && run.record.ledger.balances)
        // The clock of cost per hour runs while nothing is rented, too.
        #expect(run.metrics.hours > run.metrics.instanceHours)
    }

    @Test func partsOfEveryLatencyAddUp() throws {
        let (_, outcomes) = try run(autoscaler: "{kind: keda, metric: outstanding, target: 8}")
        #expect(outcomes.count == 50)
        for outcome in outcomes {
            let prefill = outcome.ttft - outcome.network - outcome.coldStart - outcome.queue
            #expect(prefill > .zero && outcome.coldStart >= .zero && outcome.queue >= .zero)
        }
    }

    @Test func nobodyComesWhereTheTableSaysSo() throws {
        let (run, outcomes) = try run(
            autoscaler: "{kind: schedule, steps: [{at: 0 s, replicas: 0}]}", requests: 5)
        #expect(run.metrics.requestsFailed == 5 && run.metrics.requestsCompleted == 0)
        #expect(outcomes.map(\.failure) == Array(repeating: .noReplica, count: 5))
        #expect(run.metrics.cost == .zero && run.metrics.instanceHours == 0 && run.metrics.coldStarts == 0)
    }
}

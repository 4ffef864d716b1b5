import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Acceptance: autoscaling, dynamic provisioning, and spikes.
@Suite struct ElasticityTests {
    private static let start = "{provision: 10 s, image-pull: 5 s, weight-load: 3 s, compile: 1 s, warm-up: 1 s}"
    private let spike = """
        {synthetic: {arrivals: {spike: {base: 2 /s, peak: 20 /s, start: 60 s, duration: 40 s}},
          lengths: {input: 800, output: 120}, duration: 240 s}}
        """

    @Test(
        """
        Autoscaling: the same trace run under all of them gives one table of cost, SLO attainment, replica-hours, cold \
        starts and flaps
        """)
    func oneTable() throws {
        let rules = [
            "{kind: hpa, metric: outstanding, target: 6}", "{kind: knative, target: 8, stable-window: 20 s}",
            "{kind: keda, metric: outstanding, target: 6}",
            "{kind: ray-serve, target-ongoing-requests: 6, upscale-delay: 5 s, downscale-delay: 30 s}",
            "{kind: sky-serve, target-qps-per-replica: 3 /s, upscale-delay: 20 s, downscale-delay: 40 s}",
            "{kind: target-utilization, capacity: 8}",
        ]
        let pools = "pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: {min: 1, max: 6}, start: \(Self.start)}]"
        let names = rules.indices.map { "s\($0)" }
        let trial = try Trial(
            strategiesText(
                workload: spike, zip(names, rules).map { "name: \($0), autoscaler: \($1), \(pools)" },
                more: "slo: {ttft: {p99: 2 s}}"))
        #expect(Set(names.map { trial.record($0).lastArrival }).count == 1, "the same trace")
        #expect(Set(names.map { trial.record($0).offered }).count == 1)
        for name in names {
            let (metrics, account) = (trial.run(name).metrics, trial.account(name))
            let attainment =
                Double(trial.outcomes(name).count { $0.ttft <= .seconds(2) }) / Double(metrics.requestsOffered)
            #expect(metrics.cost > .zero && metrics.sloAttainment == attainment, "\(name)")
            let rented = trial.rentals(name).reduce(0.0) { $0 + $1.duration.seconds } / 3_600
            let hours = try #require(account.replicaHours)
            #expect(abs(hours - rented) < 1e-9, "\(name): every replica-hour is a rented hour")
            #expect(metrics.coldStarts == UInt64(trial.record(name).starts.count) && metrics.coldStarts > 0, "\(name)")
            #expect(account.flaps == trial.record(name).flaps)
        }
        #expect(names.contains { trial.record($0).flaps > 0 }, "somebody takes back what was added")
        #expect(Set(names.map { trial.run($0).metrics.cost }).count > 3)
    }

    /// No request is served by a replica that is not ready, and none is cut off by a machine that leaves.
    private func servedByReadyMachines(_ trial: Trial) -> Bool {
        let ready = trial.record().starts.filter(\.succeeded).map { ($0.replica, $0.at + $0.stages.total) }
        return trial.outcomes().filter { $0.failure == nil }.allSatisfy { outcome in
            let replica = Int(outcome.replica)
            let oneWay = SimulatedDuration(nanoseconds: outcome.network.nanoseconds / 2)
            let begun = outcome.arrival + oneWay + outcome.coldStart + outcome.retry
            let ended = outcome.arrival + outcome.e2e - oneWay
            return trial.rentals().contains { rental in
                guard rental.instance == replica, rental.start <= begun, ended <= rental.end else { return false }
                guard rental[.provisioning] > .zero else { return true }
                return ready.contains { $0.0 == replica && $0.1 >= rental.start && $0.1 <= begun }
            }
        }
    }

    private func capacity(_ settings: String, files: [String: String] = [:], requests: Int = 400) throws -> Trial {
        var trial: Trial?
        try withFiles(files) { folder in
            trial = try Trial(
                scenarioText(
                    workload: constant(rate: "4 /s", requests: requests),
                    pools: """
                        [{offer: aws/g6e.xlarge/us-east-1, replicas: {min: 0, max: 4, initial: 0}, capacity: \(settings),
                          autoscaler: {kind: fixed, replicas: 4}, start: \(Self.start)}]
                        """), folder: folder)
        }
        return try #require(trial)
    }

    @Test(
        """
        Dynamic provisioning: capacity requests can be granted late, partly or never according to the availability \
        model, billing starts at the provider's rule, a scale-down releases only after drain, and no request is ever \
        served by a replica that is not ready
        """)
    func lateOrPartlyOrNever() throws {
        // Late: nothing for five minutes; asked again each minute, so at 300 s or just after it.
        let late = try capacity(
            "{availability: {trace: late.json}}",
            files: ["late.json": #"{"metadata": {"gap_seconds": 300}, "data": [0, 4, 4, 4]}"#])
        #expect(late.record().starts.count == 4)
        #expect(late.record().starts.allSatisfy { $0.at >= .seconds(300) && $0.at <= .seconds(360) })
        #expect(
            late.outcomes().allSatisfy {
                $0.failure == nil && $0.arrival + $0.coldStart >= .seconds(320) || $0.coldStart == .zero
            })
        #expect(late.record().incidents.contains { $0.kind == .refused } && servedByReadyMachines(late))
        // The wait for the machine is not billed, its loading is.
        for (line, rental) in zip(late.lines(.machine), late.rentals()) {
            #expect(line.metered == rental.duration - .seconds(10) && rental[.loading] == .seconds(10))
        }
        // Partly: two of four.
        let partly = try capacity("{depth: 2}")
        #expect(Set(partly.rentals().map(\.instance)) == [0, 1] && partly.run().metrics.requestsCompleted == 400)
        #expect(servedByReadyMachines(partly))
        // Never.
        let never = try capacity(
            "{availability: {trace: never.json}}",
            files: ["never.json": #"{"metadata": {"gap_seconds": 300}, "data": [0, 0]}"#],
            requests: 20)
        #expect(never.rentals().isEmpty && never.outcomes().map(\.failure) == Array(repeating: .noReplica, count: 20))
        #expect(never.run().metrics.cost == .zero)
        // Down again only after drain.
        let drained = try Trial(
            scenarioText(
                workload: spike,
                pools: """
                    [{offer: aws/g6e.xlarge/us-east-1, replicas: {min: 1, max: 5}, start: \(Self.start),
                      autoscaler: {kind: knative, target: 8, stable-window: 20 s}}]
                    """))
        #expect(drained.rentals().contains { $0.ending == .released && $0[.draining] > .zero })
        #expect(drained.run().metrics.requestsFailed == 0 && drained.record().retries == 0)
        #expect(servedByReadyMachines(drained))
    }

    @Test(
        """
        Elastic scaling for spikes: for a ten-times spike of stated length the report gives time-to-recover SLO, \
        requests lost or late, extra cost, and the same three for warm-pool, forecast and over-provision strategies
        """)
    func tenTimes() throws {
        let pools = "pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: {min: 1, max: 5}, start: \(Self.start)}]"
        let knative = "autoscaler: {kind: knative, target: 12, stable-window: 20 s}"
        let steps = "[{at: 0 s, replicas: 1}, {at: 60 s, replicas: 5}, {at: 110 s, replicas: 1}]"
        let trial = try Trial(
            strategiesText(
                workload: spike,
                [
                    "name: small, pools: [{offer: aws/g6e.xlarge/us-east-1}]",
                    "name: cold, \(knative), \(pools)",
                    "name: warm, \(knative), kept: {mode: warm, limit: 4}, \(pools)",
                    "name: forecast, autoscaler: {kind: schedule, steps: \(steps), look-ahead: 30 s, tick: 1 s}, \(pools)",
                    "name: over, pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 5}]",
                ], more: "slo: {ttft: {p99: 1 s}}\nclients: {timeout: {deadline: 15 s}}"))
        func recovery(_ name: String) throws -> Double {
            var metrics = trial.run(name).metrics
            metrics.account = trial.account(name)
            return try #require(metrics.secondsToRecover)
        }
        func missed(_ name: String) -> UInt64 {
            let record = trial.record(name)
            return record.offered - record.good
        }
        let cost = Dictionary(uniqueKeysWithValues: trial.result.strategies.map { ($0.name, $0.runs[0].metrics.cost) })
        let recoveries = try ["small", "cold", "warm", "forecast", "over"].map(recovery)
        #expect(recoveries[0] > recoveries[1] && recoveries[1] > recoveries[2], "\(recoveries)")
        #expect(recoveries[3] == 0 && recoveries[4] == 0, "\(recoveries)")
        #expect(missed("small") > missed("cold") && missed("cold") > missed("warm"))
        #expect(missed("forecast") * 100 < trial.record("over").offered)
        // What each costs beyond the machine that is there without any of them.
        let small = try #require(cost["small"])
        let extra = ["cold", "warm", "forecast", "over"].map { ((cost[$0] ?? .zero) - small).dollars }
        #expect(extra.allSatisfy { $0 > 0 } && extra[0] < extra[1] && extra[2] < extra[3], "\(extra)")
        for name in ["small", "cold"] {
            let late = trial.outcomes(name).count { $0.failure == nil && $0.ttft > .seconds(1) }
            let lost = trial.outcomes(name).count { $0.failure != nil }
            #expect(missed(name) == UInt64(late + lost) && trial.run(name).metrics.requestsLost == UInt64(lost))
        }
    }
}

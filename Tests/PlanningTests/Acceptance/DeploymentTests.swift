import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Acceptance: model deployment, and time that is accounted for.
@Suite struct DeploymentTests {
    /// A minute in all, of which 20 s pass before there is a machine.
    private static let stages = "{provision: 20 s, image-pull: 30 s, weight-load: 4 s, compile: 3 s, warm-up: 3 s}"
    private static let cold = StartupStages(
        provision: .seconds(20), imagePull: .seconds(30), weightLoad: .seconds(4), compile: .seconds(3),
        warmUp: .seconds(3))

    /// Three requests a quarter of an hour apart, on a pool that is at zero before each of them.
    private func trial(_ supply: String = "offer: aws/g6e.xlarge/us-east-1", more: String = "") throws -> Trial {
        let pool =
            "{\(supply), replicas: {min: 0, max: 1, initial: 0}, autoscaler: {kind: knative}, start: \(Self.stages)"
            + "\(more)}"
        return try Trial(scenarioText(workload: constant(rate: "4 /h", requests: 3), pools: "[\(pool)]"))
    }

    @Test(
        """
        Model deployment: a new replica serves its first request no earlier than the sum of its five declared stages \
        (machine provision, image pull, weight load, compile/graph capture, warm-up), the report lists those five \
        durations per replica start
        """)
    func aStartTakesItsStages() throws {
        let trial = try trial()
        let (starts, outcomes) = (trial.record().starts, trial.outcomes())
        #expect(starts.map(\.stages) == [Self.cold, Self.cold, Self.cold])
        #expect(starts.allSatisfy { $0.succeeded && !$0.cached && $0.stages.total == .seconds(60) })
        for (start, outcome) in zip(starts, outcomes) {
            // Knative looks every 2 s.
            #expect(start.at >= outcome.arrival && start.at - outcome.arrival <= .seconds(2))
            #expect(outcome.arrival + outcome.coldStart == start.at + .seconds(60))
            #expect(outcome.ttft == outcome.coldStart + outcome.queue + outcome.prefill && outcome.prefill > .zero)
        }
        #expect(trial.rentals().map(\.start) == starts.map(\.at))
        #expect(trial.rentals().allSatisfy { $0[.provisioning] == .seconds(20) && $0[.loading] == .seconds(40) })
    }

    @Test("Model deployment: a second start on the same host skips the stages that are cached there")
    func aKeptMachineSkipsStages() throws {
        let stopped = try trial(more: ", kept: {mode: stopped, limit: 1, start: {weight-load: 4 s}}")
        var expected = Self.cold
        expected.imagePull = .zero
        #expect(stopped.record().starts.map(\.stages) == [expected, expected, expected])
        #expect(stopped.record().starts.map(\.cached) == [true, true, true])
        #expect(stopped.outcomes().allSatisfy { $0.coldStart >= .seconds(30) && $0.coldStart <= .seconds(32) })
        // Between the starts it is stopped, and its rental goes on: one instance, no second machine.
        let rentals = stopped.rentals()
        #expect(Set(rentals.map(\.instance)) == [0] && rentals.dropFirst().allSatisfy(\.resumes))
        #expect(rentals.contains { $0[.stopped] > .seconds(600) && $0[.stopped] == $0.duration })
        // A warm pool moves 16.06 GB of weights from host memory at 25 GB/s.
        let warm = try trial(more: ", kept: {mode: warm, limit: 1}")
        for stages in warm.record().starts.map(\.stages) {
            #expect(stages.total == stages.weightLoad && abs(stages.weightLoad.seconds - 0.642) < 0.001)
        }
        #expect(warm.run().metrics.cost > stopped.run().metrics.cost)
    }

    @Test(
        """
        Model deployment: the invoice charges each stage according to that provider's rule (for example loading billed, \
        creating not billed)
        """,
        arguments: [
            ("aws/g6e.xlarge/us-east-1", 1.861, false, (Int64(1), Int64(60))),
            ("runpod/1x_L40S_SECURE", 0.99, false, (1, 0)),
            ("lambda/gpu_1x_a6000", 1.09, false, (60, 0)), ("coreweave/1x-a6000", 1.28, true, (60, 0)),
        ])
    func stagesAreBilledByTheProvidersRule(offer: String, price: Double, billsCreation: Bool, steps: (Int64, Int64))
        throws
    {
        let trial = try trial("offer: \(offer), price: \(price) $/h")
        let (lines, rentals) = (trial.lines(.machine), trial.rentals())
        #expect(lines.count == 3 && rentals.count == 3)
        for (line, rental) in zip(lines, rentals) {
            let metered = billsCreation ? rental.duration : rental.duration - .seconds(20)
            #expect(line.metered == metered && metered > .seconds(40))
            #expect(
                line.billedCost
                    == Money(dollars: price).hourly(for: max(metered.roundedUp(to: steps.0), .seconds(steps.1))),
                "\(offer)")
        }
    }

    @Test(
        """
        Efficient resource allocation: every second of every billed machine is accounted to exactly one of: \
        provisioning, loading, busy, idle-ready, draining, stopped; the six sums equal the billed time; and \
        utilisation and idle cost are reported from them
        """)
    func everySecondIsInOneState() throws {
        let trial = try Trial(
            scenarioText(
                workload: """
                    {synthetic: {arrivals: {spike: {base: 3 /s, peak: 25 /s, start: 60 s, duration: 20 s}},
                      lengths: {input: 800, output: 120}, duration: 240 s}}
                    """,
                pools: """
                    [{offer: aws/g6e.xlarge/us-east-1, replicas: {min: 1, max: 5}, start: {provision: 15 s, image-pull: 5 s},
                      autoscaler: {kind: knative, target: 8, stable-window: 20 s}, kept: {mode: stopped, limit: 2}}]
                    """))
        let (rentals, run) = (trial.rentals(), trial.run())
        let sums = InstanceState.allCases.map { state in rentals.reduce(Int64(0)) { $0 + $1[state].nanoseconds } }
        let billed = rentals.reduce(Int64(0)) { $0 + $1.duration.nanoseconds }
        let named: [InstanceState] = [.provisioning, .loading, .busy, .idle, .draining, .stopped]
        #expect(run.record.ledger.balances && sums.reduce(0, +) == billed)
        #expect(named.allSatisfy { sums[Int($0.rawValue)] > 0 }, "\(sums)")
        #expect(sums[Int(InstanceState.paused.rawValue)] == 0)
        let held = Double(billed - sums[Int(InstanceState.stopped.rawValue)])
        #expect(abs(run.metrics.utilization - Double(sums[Int(InstanceState.busy.rawValue)]) / held) < 1e-12)
        // The timeline shows the same seconds.
        let bins = run.record.timeline.bins
        func shown(_ time: (TimelineBin) -> Int128) -> Int64 { Int64(bins.reduce(Int128(0)) { $0 + time($1) }) }
        func sum(_ states: InstanceState...) -> Int64 { states.reduce(0) { $0 + sums[Int($1.rawValue)] } }
        #expect(shown(\.provisioningTime) == sum(.provisioning) && shown(\.loadingTime) == sum(.loading))
        #expect(shown(\.servingTime) == sum(.busy, .idle) && shown(\.drainingTime) == sum(.draining))
        #expect(shown(\.heldTime) == sum(.stopped))
        // Idle cost is the machines' cost for their idle seconds, minimums and rounding included.
        let split = trial.bill().split
        let plain = Money(dollars: 1.861).hourly(for: SimulatedDuration(nanoseconds: sum(.idle)))
        #expect(split[.idle] >= plain && split[.idle].dollars < plain.dollars * 1.2 && split[.held] == .zero)
        #expect(split.total == run.metrics.cost)
    }
}

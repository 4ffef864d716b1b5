import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The front, and what stands beside it.
@Suite struct SweepTableTests {
    /// A run with chosen coordinates.
    private func run(
        _ job: SweepJob, cost: Double, latency: Double, answered: UInt64 = 100, verdict: LoadVerdict = .stable
    ) throws -> RunMetrics {
        var run = try #require(Self.template)
        (run.replication, run.costPerMillionTokens, run.ttft.p99) = (job.replication, cost, latency)
        (run.requestsOffered, run.requestsCompleted, run.verdict) = (100, answered, verdict)
        run.seed = UInt64(job.replication)
        return run
    }

    private static let template: RunMetrics? = try? {
        let sweep = try sweep(vary: ["seed=1"])
        return try sweep.carryOut(sweep.jobs[0]).runs[0]
    }()

    private typealias Place = (cost: Double, latency: Double, answered: UInt64, verdict: LoadVerdict)

    /// A table of points at these places, two equal replications each.
    private func table(_ places: [Place]) throws -> SweepTable {
        let sweep = try sweep(vary: ["engine.max-sequences={from: 1, to: \(places.count), step: 1}"])
        let outcomes = try sweep.jobs.map { job in
            let place = places[job.point]
            return SweepOutcome(
                job: job.number,
                runs: [
                    try run(
                        job, cost: place.cost, latency: place.latency, answered: place.answered,
                        verdict: place.verdict)
                ])
        }
        return SweepTable(sweep, outcomes: outcomes.reversed())
    }

    @Test func theFrontIsWhatNobodyDominates() throws {
        let table = try table([
            (1, 900, 100, .stable), (2, 500, 100, .stable), (2, 600, 100, .stable), (3, 500, 100, .stable),
            (4, 800, 100, .stable), (1.5, 950, 90, .stable), (0.5, 1_000, 80, .stable), (0.1, 1, 100, .overloaded),
        ])
        #expect(table.candidates.map(\.isOnFront) == [true, true, false, false, false, false, true, false])
        #expect(table.cheapest?.point == 6, "no SLO is set, so the cheapest that keeps up")
    }

    @Test func equalsAreOnTheFrontTogether() throws {
        let table = try table([(1, 5, 100, .stable), (1, 5, 100, .stable), (2, 4, 100, .stable)])
        #expect(table.candidates.map(\.isOnFront) == [true, true, true])
    }

    /// Against every pair, over random places.
    @Test func theFrontIsTheDefinition() throws {
        var generator = RandomKey(seed: 11).generator()
        for _ in 0..<20 {
            let places = (0..<24).map { _ -> Place in
                (
                    (generator.uniform() * 6).rounded(), (generator.uniform() * 6).rounded(),
                    100 - UInt64(generator.uniform() * 3), generator.uniform() < 0.1 ? .overloaded : .stable
                )
            }
            let table = try table(places)
            for (index, place) in places.enumerated() {
                let isDominated = places.contains { other in
                    other.verdict != .overloaded && other.cost <= place.cost && other.latency <= place.latency
                        && other.answered >= place.answered
                        && (other.cost, other.latency, other.answered) != (place.cost, place.latency, place.answered)
                }
                #expect(table.candidates[index].isOnFront == (place.verdict != .overloaded && !isDominated))
            }
        }
    }

    @Test func labelsNameWhatVaries() throws {
        let sweep = try sweep(
            vary: ["strategies.0.pools.0.replicas=1,2", "workload.scale.rate=1,2"], design: .oneAtATime)
        let table = SweepTable(sweep, outcomes: [])
        #expect((0..<3).map(table.label) == ["as it is", "replicas=1", "replicas=2"])
        #expect(table.cheapest == nil && table.candidates.isEmpty && table.failures.isEmpty)
    }

    @Test(arguments: [
        ("", "ttft_p99_ms"), ("slo: {tpot: {p90: 50 ms}}", "tpot_p90_ms"), ("slo: {e2e: {p50: 5 s}}", "e2e_p50_ms"),
        ("slo: {ttft: {p99.9: 5 s}}", "ttft_p99_ms"), ("slo: {ttft: {p95: 5 s}}", "ttft_p95_ms"),
    ])
    func latencyIsWhatTheSLOSpeaksOf(_ slo: String, _ name: String) throws {
        let table = SweepTable(try sweep(slo, vary: ["seed=1,2"]), outcomes: [])
        #expect(table.latencyFigure.name == name)
    }

    /// Under equal seeds paired, and otherwise not.
    @Test func differencesArePairedWhereSeedsAre() throws {
        let sweep = try sweep(vary: ["engine.max-sequences=1,2"])
        let costs = [1.0, 3, 1.5, 3.5]
        let runs = try sweep.jobs.map {
            SweepOutcome(job: $0.number, runs: [try run($0, cost: costs[$0.number], latency: 1)])
        }
        let table = SweepTable(sweep, outcomes: runs)
        let paired = try #require(table.costDifference(of: table.candidates[1], to: table.candidates[0]))
        #expect(paired.mean == 0.5 && paired.half == 0)
        var other = runs
        other[3].runs[0].seed = 99
        let unpaired = SweepTable(sweep, outcomes: other)
        let welch = try #require(unpaired.costDifference(of: unpaired.candidates[1], to: unpaired.candidates[0]))
        #expect(welch.mean == 0.5 && (welch.half ?? 0) > 1)
    }
}

import PerformanceModel
import Primitives
import SimulationCore
import Testing
import Workloads

@testable import Planning

/// An M/M/1 queue as a fleet: one replica for one sequence, whose requests make one token, so that the prompt's length at
/// 1 ns a token is the service time. Its mean, a millisecond, is the unit of results; the load is 0.3.
private struct SingleQueue {
    static let unit = 1e6
    static let load = 0.3
    /// The time in the system is exponential with this mean.
    static let mean = 1 / (1 - load)

    private static let fleet: FleetConfiguration = {
        let engine = EngineConfiguration(
            maxBatchedTokens: Int(Int32.max), maxSequences: 1, maxModelLength: Int(Int32.max), blockSize: 1 << 14,
            kvBlocks: 1 << 18, prefixCaching: false)
        let cost = LinearStepCost(perStep: 0, perPrefillToken: 1, perDecodeSequence: 1)
        return FleetConfiguration(
            pools: [PoolConfiguration(name: "server", replicas: 1, engine: engine, stepCost: cost)],
            router: .roundRobin)
    }()

    private final class Arrivals: RequestSource {
        private var pending: ArraySlice<Request>
        init(_ requests: [Request]) { pending = requests[...] }
        let classes = ["all"]
        let regions: [String] = []
        let contents = PromptContentStore()
        let sharesPrefixes = false
        let skipped: [SkippedRows] = []
        func read(into batch: inout [Request], limit: Int) throws {
            batch += pending.prefix(limit)
            pending = pending.dropFirst(limit)
        }
    }

    private final class Sojourns: RunObserver {
        var outcomes: [(id: UInt64, time: Double)] = []
        let wantsOutcomes = true
        func finished(_ batch: [RequestOutcome]) {
            outcomes += batch.map { ($0.id, Double($0.e2e.nanoseconds) / SingleQueue.unit) }
        }
        func progressed(requests: UInt64, to time: SimulatedTime) -> Bool { true }
    }

    /// Times in the system, in order of arrival, of a run of the engine.
    static func run(_ count: Int, seed: UInt64) throws -> [Double] {
        var draws = RandomKey(seed: seed).derived("coverage").generator()
        var now = 0.0
        let requests = (0..<UInt64(count)).map { id in
            now -= Mathematics.log(draws.uniform()) * unit / load
            let service = max(1, (-Mathematics.log(draws.uniform()) * unit).rounded())
            return Request(
                id: id, arrival: SimulatedTime(nanoseconds: Int64(now)), inputTokens: Int32(service), outputTokens: 1)
        }
        let observer = Sojourns()
        _ = try Simulation(
            fleet: fleet, source: Arrivals(requests), options: SimulationOptions(seed: seed), observer: observer
        ).run()
        return observer.outcomes.sorted { $0.id < $1.id }.map(\.time)
    }
}

/// How often 95 % intervals cover the truth, in 1,000 repetitions of a queue whose truth is known.
@Suite struct CoverageTests {
    private static let repetitions = 1_000
    private static let perRun = 3_000
    private static let quantile = 0.9
    private static let truthOfQuantile = -Mathematics.log(1 - quantile) * SingleQueue.mean

    /// The repetitions that have an interval, and those of them in which it covers `truth`.
    private static func count(_ intervals: [Estimate?], _ truth: Double) -> (given: Int, covering: Int) {
        let given = intervals.compactMap { $0 }.filter { $0.half != nil }
        return (given.count, given.count { abs($0.mean - truth) <= ($0.half ?? 0) })
    }

    private static func expectCoverage(_ intervals: [Estimate?], _ truth: Double, _ what: Comment) {
        let (given, covering) = count(intervals, truth)
        #expect(intervals.count == repetitions && given > repetitions * 97 / 100, what)
        let share = Double(covering) / Double(given)
        #expect((0.93...0.97).contains(share), "\(what): \(covering) of \(given)")
    }

    @Test func oneRunDividedIntoBatches() throws {
        var (means, quantiles): ([Estimate?], [Estimate?]) = ([], [])
        for seed in 0..<Self.repetitions {
            let times = try SingleQueue.run(Self.perRun, seed: UInt64(seed))
            means.append(BatchMeans.mean(of: times, batches: 10))
            quantiles.append(BatchMeans.quantile(Self.quantile, of: times, batches: 10))
        }
        Self.expectCoverage(means, SingleQueue.mean, "means")
        Self.expectCoverage(quantiles, Self.truthOfQuantile, "90th percentiles")
    }

    /// Mean and quantile of five runs in each repetition; made once.
    private static let replicated: [[(mean: Double, quantile: Double)]] = (0..<repetitions).map { repetition in
        (0..<5).compactMap { index in
            guard let run = try? SingleQueue.run(1_500, seed: UInt64(100_000 + repetition * 5 + index)) else {
                return nil
            }
            let rank = Int((quantile * Double(run.count)).rounded(.up)) - 1
            return (run.reduce(0, +) / Double(run.count), run.sorted()[rank])
        }
    }

    @Test func replications() {
        Self.expectCoverage(
            Self.replicated.map { Estimate(of: $0.map(\.mean)) }, SingleQueue.mean, "means of replications")
        Self.expectCoverage(
            Self.replicated.map { Estimate(of: $0.map(\.quantile)) }, Self.truthOfQuantile, "90th percentiles")
    }

    /// The truth is another in each repetition: a queue whose speed differs from the prediction by an unknown factor.
    /// Intervals with drawn factors cover it; those that take the prediction for the truth do not.
    @Test func modelErrorIsCoveredWhereItIsDrawn() {
        func factor(_ seed: Int) -> Double { ModelError.factor(error: 0.1, device: "d", seed: UInt64(seed)) }
        var (drawn, believed): ([Estimate?], [Estimate?]) = ([], [])
        for (repetition, runs) in Self.replicated.enumerated() {
            // Covering a truth that moves is covering 0 by the difference.
            let truth = SingleQueue.mean * factor(9_000_000 + repetition)
            let means = runs.map { $0.mean - truth }
            let wrong = runs.enumerated().map { $1.mean * factor(repetition * 5 + $0) - truth }
            believed.append(Estimate(of: means))
            drawn.append(Estimate(of: wrong)?.asPrediction(replications: wrong.count))
        }
        Self.expectCoverage(drawn, 0, "with the model's error")
        let (given, covering) = Self.count(believed, 0)
        #expect(covering < given * 7 / 10, "without: \(covering) of \(given)")
    }
}

import PerformanceModel
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Batches, warm-up and model error, by themselves.
@Suite struct EvidenceTests {
    private func noise(_ count: Int, seed: UInt64 = 3) -> [Double] {
        var draws = RandomKey(seed: seed).generator()
        return (0..<count).map { _ in 10 + Mathematics.normalQuantile(draws.uniform()) }
    }

    /// By hand: batches 1 3 | 5 7 … have means 2, 6, 10, 14, 18 around 10, s² = 40, half = 2.776 √(40/5).
    @Test func batchMeansByHand() throws {
        let values = (0..<5).reversed().flatMap { batch in (0..<10).map { Double(batch * 4 + ($0 < 5 ? 1 : 3)) } }
        let shuffled = [2, 0, 4, 1, 3].flatMap { Array(values[($0 * 10)..<($0 * 10 + 10)]) }
        let interval = try #require(BatchMeans.mean(of: shuffled, batches: 5))
        #expect(interval.mean == 10)
        #expect(abs((interval.half ?? 0) - 2.776_445 * 8.0.squareRoot()) < 1e-4)
    }

    @Test func tooShortBatchesGiveNoInterval() {
        #expect(BatchMeans.mean(of: noise(99), batches: 10)?.half == nil)
        #expect(BatchMeans.mean(of: noise(100), batches: 10)?.half != nil)
        #expect(BatchMeans.quantile(0.99, of: noise(990), batches: 10)?.half == nil)
        #expect(BatchMeans.quantile(0.99, of: noise(1_010), batches: 10)?.half != nil)
        #expect(BatchMeans.mean(of: [], batches: 10) == nil && BatchMeans.quantile(0.5, of: [], batches: 5) == nil)
    }

    /// A drift makes neighbours alike: the batches say nothing about chance.
    @Test func dependentBatchesGiveNoInterval() {
        let drifting = noise(2_000).enumerated().map { $1 + Double($0) / 500 }
        #expect(BatchMeans.mean(of: drifting, batches: 20)?.half == nil)
        #expect(BatchMeans.areCorrelated((0..<20).map(Double.init)) && !BatchMeans.areCorrelated([1, 1, 1, 1]))
    }

    @Test func constantsHaveExactIntervals() {
        let values = [Double](repeating: 0.1, count: 500)
        #expect(BatchMeans.mean(of: values, batches: 10) == Estimate(mean: 0.1, half: 0))
        #expect(BatchMeans.quantile(0.9, of: values, batches: 10) == Estimate(mean: 0.1, half: 0))
    }

    @Test func quantilesAreCentredOnTheWholeRun() {
        let values = noise(1_000)
        let sorted = values.sorted()
        #expect(BatchMeans.quantile(0.9, of: values, batches: 10)?.mean == sorted[899])
    }

    /// Against the definition, tried at every cut.
    @Test(arguments: [0, 40, 200, 333])
    func mser5IsItsDefinition(_ transient: Int) throws {
        let values = noise(1_003, seed: UInt64(transient)).enumerated().map { $0 < transient ? $1 + 30 : $1 }
        let means = (0..<200).map { values[($0 * 5)..<($0 * 5 + 5)].reduce(0, +) / 5 }
        let errors = (0...195).map { cut -> Double in
            let kept = means[cut...]
            let mean = kept.reduce(0, +) / Double(kept.count)
            return kept.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(kept.count * kept.count)
        }
        let best = try #require(errors.indices.min { errors[$0] < errors[$1] })
        #expect(WarmUp.mser5(values) == best * 5)
        #expect(abs(best * 5 - transient) <= 25, "what was added in front is found")
    }

    @Test func whatNeverSettlesIsSaid() {
        #expect(WarmUp.mser5((0..<1_000).map { Double($0 < 700 ? 1_000 - $0 : 300) }) == nil)
        #expect(WarmUp.mser5([1, 2, 3]) == nil, "too short to tell")
    }

    /// The stated error is the median of the absolute error, and each device has a factor of its own.
    @Test func factorsHaveTheStatedError() {
        let factors = (0..<4_000).map { ModelError.factor(error: 0.05, device: "L40S", seed: UInt64($0)) }
        let errors = factors.map { abs(Mathematics.log($0)) }.sorted()
        #expect(abs(errors[2_000] - 0.05) < 0.003)
        #expect(abs(factors.sorted()[2_000] - 1) < 0.003)
        #expect(ModelError.factor(error: 0.05, device: "L40S", seed: 7) == factors[7])
        #expect(ModelError.factor(error: 0.05, device: "H100", seed: 7) != factors[7])
        #expect(ModelError.factor(error: 0, device: "L40S", seed: 7) == 1)
    }

    @Test func statedErrorsSurviveAFactor() throws {
        let cost = try #require(try scenario(scenarioText()).resolved().strategies.first).fleet.pools[0].stepCost
        let error = try #require(ModelError.stated(cost))
        #expect(ModelError.stated(ScaledStepCost(cost, factor: 2)) == error)
        #expect(ModelError.stated(LinearStepCost(perStep: 1, perPrefillToken: 1)) == nil)
    }
}

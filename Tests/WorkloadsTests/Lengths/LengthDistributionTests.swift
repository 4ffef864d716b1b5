import Primitives
import Testing

@testable import Workloads

@Suite struct LengthDistributionTests {
    private func sample(_ distribution: LengthDistribution, _ count: Int = 40_000) throws -> [Double] {
        try distribution.validate()
        let sampler = LengthSampler(distribution)
        let key = RandomKey(seed: 21)
        return (0..<UInt64(count)).map { Double(sampler.length(at: key.uniform($0))) }
    }

    private func expectMean(_ distribution: LengthDistribution, _ mean: Double) throws {
        let values = try sample(distribution)
        let found = moments(values)
        let error = found.deviation / Double(values.count).squareRoot()
        #expect(abs(found.mean - mean) <= 4 * error + 1e-12, "\(distribution)")
    }

    @Test func meansAreTheStatedOnes() throws {
        try expectMean(.fixed(17), 17)
        try expectMean(.uniform(low: 3, high: 9), 6)
        try expectMean(.geometric(mean: 1), 1)
        try expectMean(.geometric(mean: 7.5), 7.5)
        // Σ k^(1−s) ÷ Σ k^(−s) for k = 1…4, s = 1: 4 ÷ (25/12).
        try expectMean(.zipf(exponent: 1, low: 1, high: 4), 48.0 / 25)
        try expectMean(.zipf(exponent: 0, low: 10, high: 20), 15)
        // Rounding adds nothing on average; clamping at 2²⁴ is out of reach.
        try expectMean(.logNormal(mean: 900, cv: 1.2), 900)
    }

    @Test func logNormalHasItsMedianAndSpread() throws {
        let values = try sample(.logNormal(median: 1_000, sigma: 0.8, low: 1, high: 1 << 24)).sorted()
        // Standard error of the median: 1.2533·σ·median ÷ √n ≈ 5.
        #expect(abs(values[20_000] - 1_000) < 20)
        let logarithms = moments(values.map { Mathematics.log($0) })
        #expect(abs(logarithms.deviation - 0.8) < 4 * 0.8 / (2.0 * 40_000).squareRoot())
    }

    @Test func boundsHold() throws {
        let clamped = try sample(.logNormal(median: 100, sigma: 3, low: 50, high: 200))
        #expect(clamped.min() == 50)
        #expect(clamped.max() == 200)
        let uniform = try sample(.uniform(low: 3, high: 5), 2_000)
        #expect(Set(uniform) == [3, 4, 5])
        let zipf = try sample(.zipf(exponent: 1.5, low: 7, high: 9), 2_000)
        #expect(Set(zipf) == [7, 8, 9])
    }

    @Test func everySamplerRisesWithItsUniformAndSurvivesTheEdges() throws {
        let table = try #require(QuantileTable(probabilities: [0, 0.5, 1], values: [1, 10, 5_000]))
        let all: [LengthDistribution] = [
            .fixed(5), .uniform(low: 1, high: LengthDistribution.longest),
            .logNormal(median: 5, sigma: 40, low: 1, high: LengthDistribution.longest), .geometric(mean: 1e6),
            .zipf(exponent: 100, low: 1, high: 1 << 20), .quantiles(table),
        ]
        for distribution in all {
            try distribution.validate()
            let sampler = LengthSampler(distribution)
            var previous: Int32 = 1
            for uniform in [0x1p-54, 1e-9, 0.1, 0.5, 0.9, 1 - 1e-9, 1 - 0x1p-53, 1] {
                let length = sampler.length(at: uniform)
                #expect(length >= previous, "\(distribution) at \(uniform)")
                #expect(length <= LengthDistribution.longest)
                previous = length
            }
        }
    }

    @Test func quantilesInterpolateAndRound() throws {
        let table = try #require(QuantileTable(probabilities: [0, 0.5, 1], values: [1, 10, 5_000]))
        let sampler = LengthSampler(.quantiles(table))
        #expect(sampler.length(at: 0.25) == 6)
        #expect(sampler.length(at: 0.5) == 10)
        #expect(sampler.length(at: 0.75) == 2_505)
    }

    @Test func badDistributionsAreRefused() throws {
        let low = try #require(QuantileTable(probabilities: [0, 1], values: [0, 5]))
        let high = try #require(QuantileTable(probabilities: [0, 1], values: [1, 1e9]))
        let bad: [(LengthDistribution, String)] = [
            (.fixed(0), "a length is at least 1, not 0"), (.fixed(-4), "a length is at least 1, not -4"),
            (.fixed(.max), "a length is at most 16777216, not 2147483647"),
            (.uniform(low: 5, high: 4), "the lowest length 5 is above the highest 4"),
            (
                .logNormal(median: 0, sigma: 1, low: 1, high: 2),
                "a log-normal needs a median above 0 and a sigma of at least 0"
            ),
            (.geometric(mean: 0.5), "a geometric length needs a mean from 1 to 1,000,000"),
            (.geometric(mean: .nan), "a geometric length needs a mean from 1 to 1,000,000"),
            (.zipf(exponent: -1, low: 1, high: 2), "a Zipf exponent lies between 0 and 100"),
            (.zipf(exponent: 1, low: 1, high: 1 << 22), "a Zipf length spans at most 1,048,576 values"),
            (.quantiles(low), "quantiles of a length lie between 1 and 16777216"),
            (.quantiles(high), "quantiles of a length lie between 1 and 16777216"),
        ]
        for (distribution, message) in bad {
            let found = #expect(throws: WorkloadError.self) { try distribution.validate() }
            #expect(found?.message == message)
        }
    }
}

@Suite struct LengthModelTests {
    private static func table(_ low: Double, _ high: Double) -> QuantileTable {
        guard let table = QuantileTable(probabilities: [0, 1], values: [low, high]) else {
            preconditionFailure("low is not above high")
        }
        return table
    }

    private static let joint = JointLengths(
        inputs: table(1, 300),
        bands: [
            JointLengths.Band(upTo: 100, outputs: table(10, 10)),
            JointLengths.Band(upTo: 200, outputs: table(20, 20)),
            JointLengths.Band(upTo: 250, outputs: table(30, 30)),
        ])

    @Test func theOutputFollowsTheInputsBand() throws {
        try LengthModel.joint(Self.joint).validate()
        let sampler = LengthModelSampler(.joint(Self.joint))
        for step in 1..<1_000 {
            let lengths = sampler.lengths(at: Double(step) / 1_000, 0.3)
            #expect(lengths.output == (lengths.input <= 100 ? 10 : lengths.input <= 200 ? 20 : 30))
        }
    }

    @Test func independentLengthsUseTheirOwnUniforms() {
        let model = LengthModel.independent(input: .uniform(low: 1, high: 10), output: .uniform(low: 1, high: 100))
        let sampler = LengthModelSampler(model)
        #expect(sampler.lengths(at: 0.05, 0.995) == (1, 100))
        #expect(sampler.lengths(at: 0.95, 0.005) == (10, 1))
    }

    @Test func badModelsNameTheSetting() {
        let unsorted = JointLengths(inputs: Self.table(1, 9), bands: Self.joint.bands.reversed())
        let empty = JointLengths(inputs: Self.table(1, 9), bands: [])
        let zero = JointLengths(
            inputs: Self.table(0, 9), bands: [JointLengths.Band(upTo: 5, outputs: Self.table(1, 1))])
        let zeroBand = JointLengths(
            inputs: Self.table(1, 9), bands: [JointLengths.Band(upTo: 5, outputs: Self.table(0, 1))])
        let bad: [(LengthModel, String)] = [
            (.independent(input: .fixed(0), output: .fixed(1)), "input"),
            (.independent(input: .fixed(1), output: .fixed(0)), "output"),
            (.joint(unsorted), "bands"), (.joint(empty), "bands"), (.joint(zero), "inputs"),
            (.joint(zeroBand), "bands"),
        ]
        for (model, setting) in bad {
            let found = #expect(throws: WorkloadError.self) { try model.validate() }
            #expect(found?.setting == setting)
        }
    }
}

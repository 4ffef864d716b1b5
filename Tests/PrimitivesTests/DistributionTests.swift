import Primitives
import Testing

@Suite struct MathematicsTests {
    @Test func logGammaAtKnownPoints() {
        #expect(abs(Mathematics.logGamma(1)) < 1e-13)
        #expect(abs(Mathematics.logGamma(2)) < 1e-13)
        #expect(abs(Mathematics.logGamma(0.5) - 0.572_364_942_924_700_1) < 1e-13)
        #expect(abs(Mathematics.logGamma(0.1) - 2.252_712_651_734_206) < 1e-12)
        #expect(abs(Mathematics.logGamma(10) - 12.801_827_480_081_469) < 1e-12)
        #expect(abs(Mathematics.logGamma(100.5) / 361.435_540_467_777_6 - 1) < 1e-12)
    }

    @Test func logGammaObeysItsRecurrence() {
        for step in 1..<400 {
            let x = Double(step) * 0.05
            let difference = Mathematics.logGamma(x + 1) - Mathematics.logGamma(x) - Mathematics.log(x)
            #expect(abs(difference) < 1e-11 * max(1, abs(Mathematics.logGamma(x + 1))))
        }
    }

    @Test func normalQuantilesAtKnownPoints() {
        let known = [
            (0.5, 0), (0.975, 1.959_963_984_540_054), (0.99, 2.326_347_874_040_841), (0.9, 1.281_551_565_544_600_4),
            (1e-3, -3.090_232_306_167_813_5), (1e-10, -6.361_340_902_404_056), (1e-20, -9.262_340_089_798_408),
        ]
        for (probability, value) in known {
            #expect(abs(Mathematics.normalQuantile(probability) - value) < 1e-12, "\(probability)")
        }
    }

    @Test func normalQuantilesAreFiniteAtTheEdges() {
        // A 53-bit uniform may round to 1.
        for probability in [0, 0x1p-1074, 0x1p-54, 1 - 0x1p-53, 1, 2] {
            #expect(Mathematics.normalQuantile(probability).isFinite, "\(probability)")
        }
        #expect(Mathematics.normalQuantile(1) == Mathematics.normalQuantile(1 - 0x1p-53))
    }

    @Test func normalQuantilesRiseAndMirror() {
        var previous = -Double.infinity
        for step in 1..<10_000 {
            let probability = Double(step) / 10_000
            let value = Mathematics.normalQuantile(probability)
            #expect(value > previous)
            #expect(abs(value + Mathematics.normalQuantile(1 - probability)) < 1e-9)
            previous = value
        }
    }
}

@Suite struct DistributionTests {
    private static let all: [Distribution] = [
        .constant(3), .uniform(low: 2, high: 10), .exponential(mean: 4), .gamma(shape: 0.3, scale: 5),
        .gamma(shape: 1, scale: 2), .gamma(shape: 7.5, scale: 0.5), .weibull(shape: 0.7, scale: 3),
        .weibull(shape: 3, scale: 2), .logNormal(mu: 1, sigma: 0.6), .normal(mean: -3, standardDeviation: 2),
    ]

    private func samples(_ distribution: Distribution, _ count: Int, residual: Bool = false) -> [Double] {
        var generator = RandomKey(seed: 12).generator()
        return (0..<count).map { _ in
            residual ? distribution.sampleResidual(using: &generator) : distribution.sample(using: &generator)
        }
    }

    /// Mean of values and of squared distances to `centre`, each with its standard error.
    private func mean(_ values: [Double]) -> (value: Double, error: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
        return (mean, (variance / Double(values.count)).squareRoot())
    }

    @Test(arguments: all) func samplesHaveTheStatedMoments(distribution: Distribution) {
        let values = samples(distribution, 60_000)
        let centre = mean(values)
        #expect(abs(centre.value - distribution.mean) <= 4 * centre.error + 1e-12)
        let spread = mean(values.map { ($0 - distribution.mean) * ($0 - distribution.mean) })
        #expect(abs(spread.value - distribution.variance) <= 4 * spread.error + 1e-12)
    }

    /// The mean wait from a random moment to the next event is (variance + mean²) ÷ (2·mean).
    @Test(arguments: all.dropLast()) func residualsAreInEquilibrium(distribution: Distribution) {
        let values = samples(distribution, 60_000, residual: true)
        let expected = (distribution.variance + distribution.mean * distribution.mean) / (2 * distribution.mean)
        let found = mean(values)
        #expect(abs(found.value - expected) <= 4 * found.error)
        #expect(values.allSatisfy { $0 >= 0 })
    }

    /// Kolmogorov's distance of 20,000 samples to the distribution function, whose 0.01 % point is 2.23 ÷ √n.
    @Test func samplesFollowTheirDistributionFunctions() {
        let cases: [(Distribution, (Double) -> Double)] = [
            (.exponential(mean: 4), { 1 - Mathematics.exp(-$0 / 4) }),
            (.gamma(shape: 1, scale: 2), { 1 - Mathematics.exp(-$0 / 2) }),
            (.gamma(shape: 2, scale: 3), { 1 - Mathematics.exp(-$0 / 3) * (1 + $0 / 3) }),
            (.weibull(shape: 0.7, scale: 3), { 1 - Mathematics.exp(-Mathematics.pow($0 / 3, 0.7)) }),
            (.uniform(low: 2, high: 10), { ($0 - 2) / 8 }),
        ]
        for (distribution, function) in cases {
            let sorted = samples(distribution, 20_000).sorted()
            var distance = 0.0
            for (index, value) in sorted.enumerated() {
                distance = max(distance, abs(function(value) - (Double(index) + 0.5) / 20_000))
            }
            #expect(distance < 2.23 / 20_000.0.squareRoot(), "\(distribution)")
        }
    }

    @Test func meanAndVariationBuildTheRightParameters() {
        for cv in [0.2, 0.5, 1, 2, 8] {
            let gamma = Distribution.gamma(mean: 7, cv: cv)
            let weibull = Distribution.weibull(mean: 7, cv: cv)
            for distribution in [gamma, weibull] {
                #expect(abs(distribution.mean - 7) < 1e-9)
                #expect(abs(distribution.variance.squareRoot() / 7 - cv) < 1e-7 * cv, "\(distribution)")
            }
        }
        #expect(abs(Distribution.weibullShape(cv: 1) - 1) < 1e-10)
        let median = Distribution.logNormal(median: 50, sigma: 2)
        #expect(abs(median.mean - 50 * Mathematics.exp(2)) < 1e-9)
    }

    @Test func sameKeySameSamples() {
        for distribution in Self.all { #expect(samples(distribution, 50) == samples(distribution, 50)) }
    }

    @Test func invalidParametersAreFound() {
        let bad: [Distribution] = [
            .constant(.nan), .uniform(low: 1, high: 1), .uniform(low: 0, high: .infinity), .exponential(mean: 0),
            .exponential(mean: -1), .gamma(shape: 0, scale: 1), .gamma(shape: 1, scale: .infinity),
            .weibull(shape: -1, scale: 1), .logNormal(mu: 0, sigma: -1), .normal(mean: .nan, standardDeviation: 1),
        ]
        #expect(bad.allSatisfy { !$0.isValid })
        #expect(Self.all.allSatisfy { $0.isValid })
    }
}

@Suite struct WeightedChoiceTests {
    @Test func indicesFollowTheCumulativeWeights() throws {
        let choice = try #require(WeightedChoice(weights: [1, 0, 2, 1]))
        #expect(choice.count == 4)
        #expect(choice.probability(of: 0) == 0.25)
        #expect(choice.probability(of: 1) == 0)
        #expect(choice.probability(of: 2) == 0.5)
        #expect(choice.index(at: 0x1p-54) == 0)
        #expect(choice.index(at: 0.249) == 0)
        #expect(choice.index(at: 0.25) == 2)
        #expect(choice.index(at: 0.749) == 2)
        #expect(choice.index(at: 0.75) == 3)
        #expect(choice.index(at: 1 - 0x1p-53) == 3)
    }

    @Test func weightsThatAreNoneAreRefused() {
        for weights in [[], [0], [0, 0], [1, -1], [.nan], [.infinity], [1e308, 1e308]] as [[Double]] {
            #expect(WeightedChoice(weights: weights) == nil, "\(weights)")
        }
        #expect(WeightedChoice.zipf(count: 0, exponent: 1) == nil)
        #expect(WeightedChoice.zipf(count: 1, exponent: -1) == nil)
    }

    @Test func zipfFallsAsThePowerOfTheRank() throws {
        let choice = try #require(WeightedChoice.zipf(count: 3, exponent: 2))
        // 1, 1/4, 1/9 over 49/36.
        for (index, expected) in [36.0 / 49, 9.0 / 49, 4.0 / 49].enumerated() {
            #expect(abs(choice.probability(of: index) - expected) < 1e-15)
        }
    }
}

@Suite struct QuantileTableTests {
    @Test func valuesAreLinearBetweenQuantiles() throws {
        let table = try #require(QuantileTable(probabilities: [0, 0.5, 0.9, 1], values: [0, 10, 10, 20]))
        #expect(table.value(at: 0) == 0)
        #expect(table.value(at: 0.25) == 5)
        #expect(table.value(at: 0.5) == 10)
        #expect(table.value(at: 0.7) == 10)
        #expect(abs(table.value(at: 0.95) - 15) < 1e-9)
        #expect(table.value(at: 1) == 20)
        #expect(table.value(at: -1) == 0)
        #expect(table.value(at: 2) == 20)
        // 0.5·5 + 0.4·10 + 0.1·15.
        #expect(abs(table.mean - 8) < 1e-12)
    }

    @Test func tablesOutOfOrderAreRefused() {
        let bad: [([Double], [Double])] = [
            ([0], [1]), ([0, 1], [1]), ([0.1, 1], [1, 2]), ([0, 0.9], [1, 2]), ([0, 0.5, 0.5, 1], [1, 2, 3, 4]),
            ([0, 1], [2, 1]), ([0, 1], [1, .nan]), ([], []),
        ]
        for (probabilities, values) in bad {
            #expect(QuantileTable(probabilities: probabilities, values: values) == nil)
        }
    }
}

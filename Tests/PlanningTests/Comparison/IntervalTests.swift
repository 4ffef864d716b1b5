import Primitives
import Testing

@testable import Planning

/// Intervals worked out by hand on samples of two to five values.
@Suite struct IntervalTests {
    /// Two-sided critical values of Student's t (NIST/SEMATECH e-Handbook 1.3.6.7.2: one tail halved).
    @Test(arguments: [
        (1, 0.80, 3.078), (5, 0.80, 1.476), (30, 0.80, 1.310), (2, 0.90, 2.920), (7, 0.90, 1.895), (60, 0.90, 1.671),
        (6, 0.95, 2.447), (7, 0.95, 2.365), (8, 0.95, 2.306), (15, 0.95, 2.131), (25, 0.95, 2.060), (40, 0.95, 2.021),
        (2, 0.98, 6.965), (10, 0.98, 2.764), (3, 0.99, 5.841), (20, 0.99, 2.845), (2, 0.998, 22.327),
        (20, 0.998, 3.552), (100, 0.998, 3.174),
    ])
    func quantilesMatchThePublishedTable(degrees: Int, probability: Double, expected: Double) {
        #expect(abs(StudentT.quantile(central: probability, degrees: degrees) - expected) < 0.000_6)
    }

    @Test func theQuantileUndoesTheProbability() {
        for degrees in [1, 2, 3, 4, 9, 10, 57, 200] {
            var last = 0.0
            for probability in [0.01, 0.3, 0.5, 0.8, 0.95, 0.99, 0.999] {
                let t = StudentT.quantile(central: probability, degrees: degrees)
                #expect(abs(StudentT.centralProbability(t, degrees: degrees) - probability) < 1e-12)
                #expect(t > last, "more certainty is wider")
                last = t
            }
        }
        // With every degree the tail is thinner, down to the normal distribution's 1.95996.
        let widths = (1...60).map { StudentT.quantile(central: 0.95, degrees: $0) }
        #expect(zip(widths, widths.dropFirst()).allSatisfy { $0 > $1 } && widths[59] > 1.95996)
    }

    @Test(
        arguments: [
            // Values, mean, half: t(n−1) · s / √n.
            // s² = 2, t(1) = 12.70620: 12.70620 · √2 / √2.
            ([4, 6], 5, 12.70620),
            // Deviations ±3, ±1: s² = 20/3, t(3) = 3.182446: 3.182446 · √(20/3) / 2.
            ([1, 3, 5, 7], 4, 4.10851),
            // s² = 2.5, t(4) = 2.776445: 2.776445 · √.5.
            ([1, 2, 3, 4, 5], 3, 1.96324),
            // Far from zero: the same width.
            ([1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4, 1e9 + 5], 1e9 + 3, 1.96324),
        ] as [([Double], Double, Double)])
    func oneSample(_ values: [Double], _ mean: Double, _ half: Double) throws {
        let estimate = try #require(Estimate(of: values))
        #expect(estimate.mean == mean)
        #expect(abs(try #require(estimate.half) - half) < 1e-4)
    }

    // MARK: Two samples

    @Test func pairsAreComparedBySeed() throws {
        let reference = Reference(runs: [], isPaired: true)
        // 10 − 7, 14 − 9, 12 − 11: 3, 5 and 1; s = 2, t(2) = 4.302653: 4.302653 · 2 / √3.
        let difference = try #require(reference.difference([10, 14, 12], [7, 9, 11]))
        #expect(difference.mean == 3)
        #expect(abs(try #require(difference.half) - 4.96828) < 1e-4)
        #expect(difference.excludesZero == false)
        #expect(reference.difference([10, 14], [9, 13]) == Estimate(mean: 1, half: 0), "always one more")
        #expect(reference.difference([10, nil], [9, 13]) == nil && reference.difference([1, 2], [nil, 1]) == nil)
    }

    @Test func welchByHand() throws {
        // 10, 12: mean 11, variance of the mean 2 / 2 = 1. 1, 3, 5: mean 3, 4 / 3. Together 7/3.
        // Degrees: (7/3)² ÷ (1² / 1 + (4/3)² / 2) = 5.4444 / 1.8889 = 2.88, down to 2: 4.302653 · √(7/3).
        let difference = try #require(Estimate(of: [10, 12], minus: [1, 3, 5]))
        #expect(difference.mean == 8)
        #expect(abs(try #require(difference.half) - 6.57242) < 1e-4)
        #expect(difference.excludesZero == true)
        // One sample without spread: degrees of the other alone, (1/3)² ÷ (0 + (1/3)² / 2) = 2.
        let still = try #require(Estimate(of: [5, 5, 5, 5], minus: [1, 2, 3]))
        #expect(still.mean == 3)
        #expect(abs(try #require(still.half) - 2.48414) < 1e-4)
    }

    @Test func welchAtItsEdges() {
        #expect(Estimate(of: [5, 5], minus: [2, 2, 2]) == Estimate(mean: 3, half: 0))
        #expect(Estimate(of: [5], minus: [1, 2]) == Estimate(mean: 3.5, half: nil))
        #expect(Estimate(of: [5, 6], minus: [2]) == Estimate(mean: 3.5, half: nil))
        #expect(Estimate(of: [], minus: [2]) == nil && Estimate(of: [2], minus: []) == nil)
    }

    /// Equal spreads have exactly 2 (n − 1) degrees of freedom, the most there can be: rounding down must not lose one
    /// to the last bit of a sum. With 2 it is 4.302653 · √(.005 / 2 · 2) = .3042435; with 1, three times as much.
    @Test func equalSpreadsHaveAllTheirDegrees() throws {
        let whole = try #require(Estimate(of: [1, 2], minus: [7, 8])?.half)
        #expect(abs(whole - 3.042435) < 1e-4, "in whole numbers nothing is lost")
        let tenths = try #require(Estimate(of: [0.1, 0.2], minus: [0.7, 0.8])?.half)
        #expect(abs(tenths - 0.3042435) < 1e-4)
        let threes = try #require(Estimate(of: [0.1, 0.2, 0.3], minus: [0.2, 0.3, 0.4])?.half)
        // t(4) = 2.776445 · √(2 · .01 / 3).
        #expect(abs(threes - 0.226696) < 1e-5)
    }

    /// A figure that one of the runs lacks is not known; what is left of the runs is another sample.
    @Test func aMissingValueIsNoDifference() {
        let unpaired = Reference(runs: [], isPaired: false)
        #expect(unpaired.difference([4, 6], [1, 2]) != nil)
        #expect(unpaired.difference([4, nil, 6], [1, 2, 3]) == nil)
    }

    @Test func anIntervalThatEndsAtZeroDoesNotExcludeIt() {
        #expect(Estimate(mean: 2, half: 2).excludesZero == false)
        #expect(Estimate(mean: -2, half: 1.999).excludesZero == true)
        #expect(Estimate(mean: 0, half: 0).excludesZero == false && Estimate(mean: 1, half: nil).excludesZero == nil)
    }
}

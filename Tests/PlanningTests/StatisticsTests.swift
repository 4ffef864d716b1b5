import Testing

@testable import Planning

@Suite struct StatisticsTests {
    /// Two-sided critical values from the tables of Student's t (any textbook; NIST/SEMATECH e-Handbook 1.3.6.7.2).
    @Test(arguments: [
        (1, 0.95, 12.706), (2, 0.95, 4.303), (3, 0.95, 3.182), (4, 0.95, 2.776), (5, 0.95, 2.571), (9, 0.95, 2.262),
        (10, 0.95, 2.228), (20, 0.95, 2.086), (29, 0.95, 2.045), (30, 0.95, 2.042), (60, 0.95, 2.000),
        (120, 0.95, 1.980),
        (1, 0.99, 63.657), (2, 0.99, 9.925), (5, 0.99, 4.032), (10, 0.99, 3.169), (30, 0.99, 2.750), (1, 0.90, 6.314),
        (4, 0.90, 2.132), (999, 0.95, 1.962),
    ])
    func quantilesMatchTheTables(degrees: Int, probability: Double, expected: Double) {
        #expect(abs(StudentT.quantile(central: probability, degrees: degrees) - expected) < 0.0006)
    }

    @Test func smallDegreesHaveClosedForms() {
        // One degree is Cauchy: P(|T| ≤ 1) = 1/2. Two degrees: P(|T| ≤ t) = t ÷ √(2 + t²).
        #expect(abs(StudentT.centralProbability(1, degrees: 1) - 0.5) < 1e-15)
        #expect(abs(StudentT.centralProbability(2, degrees: 2) - 2 / 6.0.squareRoot()) < 1e-15)
        #expect(StudentT.centralProbability(0, degrees: 7) == 0)
    }

    @Test func intervalsByHand() throws {
        // 1, 2, 3: mean 2, s = 1, half = 4.30265 / √3 = 2.48414.
        let estimate = try #require(Estimate(of: [1, 2, 3]))
        #expect(estimate.mean == 2)
        #expect(abs(try #require(estimate.half) - 2.484_138) < 1e-5)
        #expect(estimate.excludesZero == false)
        let far = try #require(Estimate(of: [10, 10.5, 9.5]))
        #expect(far.excludesZero == true)
    }

    @Test func equalValuesHaveNoWidth() throws {
        let estimate = try #require(Estimate(of: [0.1, 0.1, 0.1]))
        #expect(estimate.mean == 0.1 && estimate.half == 0)
        #expect(Estimate(of: []) == nil)
        let single = try #require(Estimate(of: [4]))
        #expect(single.half == nil && single.excludesZero == nil)
        #expect(Estimate(ofAll: [1, nil]) == nil)
        #expect(try #require(Estimate(of: [0, 0])).excludesZero == false)
    }
}

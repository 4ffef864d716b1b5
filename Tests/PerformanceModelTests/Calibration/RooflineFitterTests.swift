import Primitives
import Testing

@testable import PerformanceModel

@Suite struct RooflineFitterTests {
    private func rows(_ time: (KernelWork) -> Double) -> [(work: KernelWork, time: Double)] {
        (0..<30).map { index in
            let work = KernelWork(
                operations: Double(1 << (index % 10)) * 1e3, streamed: Double(1 + index / 10) * 4e4,
                rows: Double(index % 7) * 100)
            return (work, time(work))
        }
    }

    /// A pure roof: 40,000 ns of memory time until 2¹⁰ thousands of operations take over.
    @Test func bothSidesOfTheRidgeAreFound() {
        let fitter = RooflineFitter(rows: rows { max(0.2 * $0.operations, 1 * $0.streamed) + 100 })
        let solution = fitter.solve(overlap: .maximum)
        #expect(solution.loss < 1e-6)
        #expect(abs(solution.coefficients[2] / 0.2 - 1) < 1e-3 && abs(solution.coefficients[3] - 1) < 1e-3)
    }

    /// The wrong norm must show in the loss, or the choice between norms would mean nothing.
    @Test func theWrongNormFitsWorse() {
        let fitter = RooflineFitter(rows: rows { max(0.2 * $0.operations, 1 * $0.streamed) + 100 })
        #expect(fitter.solve(overlap: .sum).loss > 100 * fitter.solve(overlap: .maximum).loss + 1e-4)
        let added = RooflineFitter(rows: rows { 0.2 * $0.operations + $0.streamed })
        #expect(added.solve(overlap: .maximum).loss > added.solve(overlap: .sum).loss + 1e-4)
    }

    @Test(arguments: KernelFit.Overlap.allCases)
    func coefficientsAreNeverNegativeNorPredictionsFallingWithSize(overlap: KernelFit.Overlap) {
        let key = RandomKey(seed: 21).derived("times")
        for trial in 0..<20 {
            let noisy = rows { 500 + 0.1 * $0.operations + 0.3 * $0.streamed }.enumerated().map { index, row in
                (row.work, row.time * (0.3 + 1.4 * key.uniform(UInt64(trial * 100 + index))))
            }
            let solution = RooflineFitter(rows: noisy).solve(overlap: overlap)
            #expect(solution.coefficients.allSatisfy { $0 >= 0 && $0.isFinite } && solution.loss.isFinite)
        }
    }

    /// A machine that is twice as slow has coefficients twice as large: errors are relative.
    @Test func scalingTimesScalesCoefficients() {
        let law: (KernelWork) -> Double = { 300 + 0.1 * $0.operations + 0.3 * $0.streamed + 0.7 * $0.rows }
        let one = RooflineFitter(rows: rows(law)).solve(overlap: .sum).coefficients
        let two = RooflineFitter(rows: rows { 2 * law($0) }).solve(overlap: .sum).coefficients
        for (a, b) in zip(one, two) { #expect(abs(b - 2 * a) < 1e-6 * max(1, b)) }
    }

    @Test func oneRowIsFittedExactly() {
        let fitter = RooflineFitter(rows: [(KernelWork(operations: 10, streamed: 20), 50)])
        for overlap in KernelFit.Overlap.allCases {
            let c = fitter.solve(overlap: overlap).coefficients
            #expect(abs(c[0] + overlap.join(10 * c[2], 20 * c[3]) - 50) < 1e-5)
        }
    }
}

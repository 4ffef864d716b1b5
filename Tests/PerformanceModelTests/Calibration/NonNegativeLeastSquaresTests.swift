import Primitives
import Testing

@testable import PerformanceModel

@Suite struct NonNegativeLeastSquaresTests {
    private func close(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-8) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
    }

    @Test func exactSystem() {
        #expect(close(nonNegativeLeastSquares([[1, 0], [0, 2], [1, 1]], [3, 8, 7]), [3, 4]))
    }

    /// Unconstrained the second coefficient is −1; held at 0 the first is the mean of b, 1.5.
    @Test func aNegativeCoefficientIsHeldAtZero() {
        #expect(close(nonNegativeLeastSquares([[1, 0], [1, 1]], [2, 1]), [1.5, 0]))
    }

    @Test func allNegativeMeansAllZero() {
        #expect(nonNegativeLeastSquares([[1, 0], [0, 1]], [-1, -2]) == [0, 0])
    }

    @Test func zeroAndTwinColumns() {
        let solution = nonNegativeLeastSquares([[1, 0, 1], [2, 0, 2]], [2, 4])
        #expect(solution[1] == 0 && abs(solution[0] + solution[2] - 2) < 1e-6)
    }

    @Test func columnsOfDifferentScale() {
        let rows = (1...20).map { [1.0, Double($0 * $0) * 1e12, Double($0) * 1e-6] }
        let target = rows.map { 5 * $0[0] + 3e-12 * $0[1] + 2e6 * $0[2] }
        #expect(close(nonNegativeLeastSquares(rows, target), [5, 3e-12, 2e6], 1e-5))
    }

    /// Karush–Kuhn–Tucker conditions on random problems: x ≥ 0, gradient ≤ 0 where x = 0 and = 0 elsewhere.
    @Test func optimalityOnRandomProblems() {
        var random = RandomKey(seed: 7).derived("nnls").generator()
        for trial in 0..<200 {
            let rows = (0..<12).map { _ in (0..<4).map { _ in random.uniform() } }
            let target = (0..<12).map { _ in random.uniform() * 2 - 0.7 }
            let x = nonNegativeLeastSquares(rows, target)
            let residual = zip(rows, target).map { row, b in b - zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }
            for j in 0..<4 {
                let gradient = zip(rows, residual).reduce(0) { $0 + $1.0[j] * $1.1 }
                #expect(x[j] >= 0 && gradient < 1e-7, "trial \(trial)")
                if x[j] > 1e-9 { #expect(abs(gradient) < 1e-7, "trial \(trial)") }
            }
        }
    }
}

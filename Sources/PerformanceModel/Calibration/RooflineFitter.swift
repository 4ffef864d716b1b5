/// Fits `overhead + row·rows + ‖(op·operations, byte·streamed)‖_p` to times by least squares of relative errors.
struct RooflineFitter {
    /// Counts and measured nanoseconds (> 0).
    let rows: [(work: KernelWork, time: Double)]

    /// Coefficients in the order overhead, row, operation, streamed byte, and Σ(predicted/measured − 1)².
    struct Solution {
        var coefficients: [Double]
        var loss: Double
    }

    /// The best of several descents: which rows sit on which wall is a discrete choice, so one start may end in a poor
    /// valley. Rows are ordered by operations per streamed byte, the quantity that decides the wall, and each start
    /// puts the ridge at another of at most 24 places in that order.
    func solve(overlap: KernelFit.Overlap) -> Solution {
        let flat = linearised(weights: rows.map { _ in (1, 1) }, overlap: overlap)
        guard overlap != .sum else { return flat }
        return ridges().reduce(descend(from: flat, overlap: overlap)) { best, ridge in
            let weights = rows.map { Self.intensity($0.work) > ridge ? (1.0, 0.0) : (0.0, 1.0) }
            let found = descend(from: linearised(weights: weights, overlap: overlap), overlap: overlap)
            return found.loss < best.loss ? found : best
        }
    }

    private static func intensity(_ work: KernelWork) -> Double {
        work.streamed > 0 ? work.operations / work.streamed : .infinity
    }

    private func ridges() -> [Double] {
        let sorted = rows.map { Self.intensity($0.work) }.sorted()
        let count = min(24, sorted.count)
        return (0..<count).map { sorted[$0 * sorted.count / count] }
    }

    /// Solves the problem linearised at the current point, and goes there, halfway or a quarter of the way, whichever
    /// first lowers the true loss; until nothing does.
    private func descend(from start: Solution, overlap: KernelFit.Overlap) -> Solution {
        var best = start
        for _ in 0..<40 {
            let target = linearised(weights: slopes(at: best.coefficients, overlap: overlap), overlap: overlap)
            let steps = [1, 0.5, 0.25].lazy.map { step in
                let mixed = zip(best.coefficients, target.coefficients).map { $0 + step * ($1 - $0) }
                return Solution(coefficients: mixed, loss: loss(mixed, overlap: overlap))
            }
            guard let next = steps.first(where: { $0.loss < best.loss * (1 - 1e-9) }) else { break }
            best = next
        }
        return best
    }

    /// Solves with each wall's term scaled by its weight: the norm's gradient at some point.
    private func linearised(weights: [(Double, Double)], overlap: KernelFit.Overlap) -> Solution {
        let matrix = zip(rows, weights).map { row, weight in
            [1, row.work.rows, weight.0 * row.work.operations, weight.1 * row.work.streamed].map { $0 / row.time }
        }
        let coefficients = nonNegativeLeastSquares(matrix, rows.map { _ in 1 })
        return Solution(coefficients: coefficients, loss: loss(coefficients, overlap: overlap))
    }

    /// The gradient of the p-norm with respect to its two arguments; by homogeneity the norm equals the gradient's
    /// product with the arguments, so the linearised problem agrees with the true one at this point.
    private func slopes(at c: [Double], overlap: KernelFit.Overlap) -> [(Double, Double)] {
        rows.map { row in
            let (a, b) = (c[2] * row.work.operations, c[3] * row.work.streamed)
            let norm = overlap.join(a, b)
            guard norm > 0 else { return (1, 1) }
            return switch overlap {
            case .sum: (1, 1)
            case .square: (a / norm, b / norm)
            case .fourth: (cubed(a / norm), cubed(b / norm))
            case .maximum: a >= b ? (1, 0) : (0, 1)
            }
        }
    }

    private func cubed(_ x: Double) -> Double { x * x * x }

    private func loss(_ c: [Double], overlap: KernelFit.Overlap) -> Double {
        rows.reduce(0) { sum, row in
            let predicted =
                c[0] + c[1] * row.work.rows + overlap.join(c[2] * row.work.operations, c[3] * row.work.streamed)
            let error = predicted / row.time - 1
            return sum + error * error
        }
    }
}

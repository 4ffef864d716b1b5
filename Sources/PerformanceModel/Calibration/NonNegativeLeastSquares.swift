/// The x ≥ 0 that minimises ‖A·x − b‖², by the active-set method of Lawson and Hanson (1974).
///
/// Columns are scaled to unit length first, so that coefficients of wildly different size (nanoseconds per call,
/// nanoseconds per operation) meet the same tolerances. A column of zeros gets coefficient 0.
/// - Parameter matrix: rows of equal length; at least one. Complexity: O(rows·columns²) per active-set change.
func nonNegativeLeastSquares(_ matrix: [[Double]], _ b: [Double]) -> [Double] {
    guard let columns = matrix.first?.count else { return [] }
    let scale = (0..<columns).map { j in matrix.reduce(0) { $0 + $1[j] * $1[j] }.squareRoot() }
    let usable = scale.map { $0 > 0 }
    let gram = (0..<columns).map { i in
        (0..<columns).map { j in
            usable[i] && usable[j] ? matrix.reduce(0) { $0 + $1[i] * $1[j] } / (scale[i] * scale[j]) : 0
        }
    }
    let target = (0..<columns).map { j in
        usable[j] ? zip(matrix, b).reduce(0) { $0 + $1.0[j] * $1.1 } / scale[j] : 0
    }
    let solution = ActiveSet(gram: gram, target: target, usable: usable).solve()
    return zip(solution, scale).map { $1 > 0 ? $0 / $1 : 0 }
}

/// Lawson and Hanson's iteration on the normal equations.
private struct ActiveSet {
    let gram: [[Double]]
    let target: [Double]
    let usable: [Bool]

    func solve() -> [Double] {
        var x = target.map { _ in 0.0 }
        var passive: Set<Int> = []
        for _ in 0..<(10 * target.count) {
            guard let entering = steepest(x, outside: passive) else { break }
            passive.insert(entering)
            while true {
                let order = passive.sorted()
                let trial = solveSymmetric(order)
                guard let step = blockingStep(from: x, to: trial, order) else {
                    x = spread(trial, order)
                    break
                }
                for (slot, j) in order.enumerated() { x[j] += step * (trial[slot] - x[j]) }
                for j in order where x[j] <= 1e-14 {
                    x[j] = 0
                    passive.remove(j)
                }
                if passive.isEmpty { break }
            }
        }
        return x
    }

    /// The bound variable whose release lowers the error fastest, if any lowers it at all.
    private func steepest(_ x: [Double], outside passive: Set<Int>) -> Int? {
        let slopes = target.indices.map { j in target[j] - zip(gram[j], x).reduce(0) { $0 + $1.0 * $1.1 } }
        return target.indices.filter { usable[$0] && !passive.contains($0) && slopes[$0] > 1e-10 }
            .max { slopes[$0] < slopes[$1] }
    }

    /// How far one may go from `x` towards `trial` before a coordinate turns negative; `nil` when none does.
    private func blockingStep(from x: [Double], to trial: [Double], _ order: [Int]) -> Double? {
        let steps = order.enumerated().compactMap { slot, j in
            trial[slot] <= 0 ? x[j] / (x[j] - trial[slot]) : nil
        }
        return steps.filter(\.isFinite).min() ?? (steps.isEmpty ? nil : 0)
    }

    private func spread(_ values: [Double], _ order: [Int]) -> [Double] {
        var x = target.map { _ in 0.0 }
        for (slot, j) in order.enumerated() { x[j] = values[slot] }
        return x
    }

    /// Cholesky solution of the passive part, with a ridge of 1e-12 against collinear columns.
    private func solveSymmetric(_ order: [Int]) -> [Double] {
        let n = order.count
        var lower = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
        for i in 0..<n {
            for j in 0...i {
                var sum = gram[order[i]][order[j]] + (i == j ? 1e-12 : 0)
                for k in 0..<j { sum -= lower[i][k] * lower[j][k] }
                lower[i][j] = i == j ? max(sum, 1e-300).squareRoot() : sum / lower[j][j]
            }
        }
        var y = order.map { target[$0] }
        for i in 0..<n {
            for k in 0..<i { y[i] -= lower[i][k] * y[k] }
            y[i] /= lower[i][i]
        }
        for i in (0..<n).reversed() {
            for k in (i + 1)..<n { y[i] -= lower[k][i] * y[k] }
            y[i] /= lower[i][i]
        }
        return y
    }
}

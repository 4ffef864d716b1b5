/// Root-mean-square normalisation (Zhang and Sennrich 2019, arXiv 1910.07467).
struct Normalisation {
    /// One row of as many elements as the rows that are normalised.
    let weight: Matrix
    let epsilon: Float

    /// For each of `rows` rows x: `output` = x · `weight` ÷ √(mean(x²) + `epsilon`). `output` may be `input`. Rows are
    /// divided over the team.
    func apply(
        _ input: UnsafePointer<Float>, rows: Int, into output: UnsafeMutablePointer<Float>, on team: ThreadTeam
    ) {
        let width = weight.columns
        team.split(rows, grain: Elementwise.rowsPerThread(width)) { part in
            for row in part {
                Self.normalise(input + row * width, weight.pointer, epsilon, width, into: output + row * width)
            }
        }
    }

    @inline(__always) private static func normalise(
        _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ epsilon: Float, _ width: Int,
        into y: UnsafeMutablePointer<Float>
    ) {
        let mean = VectorMath.sumOfSquares(x, count: width) / Float(width)
        let factor = 1 / (mean + epsilon).squareRoot()
        let factors = Lanes(repeating: factor)
        var index = 0
        while index + 16 <= width {
            (Lanes(at: x + index) * factors * Lanes(at: weight + index)).store(to: y + index)
            index += 16
        }
        while index < width {
            y[index] = x[index] * factor * weight[index]
            index += 1
        }
    }
}

/// What the row-wise kernels share.
enum Elementwise {
    /// Rows below which waking another thread costs more than it saves: about 16,000 elements, some microseconds.
    static func rowsPerThread(_ width: Int) -> Int { max(1, 16_384 / max(1, width)) }
}

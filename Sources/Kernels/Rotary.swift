#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Rotary position embedding in the half-rotation layout of GPT-NeoX and Llama (Su et al. 2021, arXiv 2104.09864).
///
/// Element i of the first half of a head turns with element i of the second half by the angle
/// position · base^(−2i ÷ headDim). Angles are computed in double precision and tabulated once per position.
package final class Rotary: @unchecked Sendable {
    let half: Int
    private let inverseFrequencies: [Double]
    private let cosines: Matrix
    private let sines: Matrix

    /// A table for positions 0 ..< `positions`.
    /// - Precondition: `headDim` is even.
    package init(headDim: Int, base: Double, positions: Int) {
        precondition(headDim % 2 == 0, "rotary embedding needs an even head dimension")
        let half = headDim / 2
        self.half = half
        inverseFrequencies = (0..<half).map { pow(base, -2 * Double($0) / Double(headDim)) }
        cosines = Matrix(rows: positions, columns: half)
        sines = Matrix(rows: positions, columns: half)
        for position in 0..<positions {
            for index in 0..<half {
                let angle = Double(position) * inverseFrequencies[index]
                cosines.row(position)[index] = Float(cos(angle))
                sines.row(position)[index] = Float(sin(angle))
            }
        }
    }

    /// Positions in the table.
    package var positions: Int { cosines.rows }

    /// Turns one head at `position` and writes it to `output`, which may be `input`.
    /// - Precondition: `position` < ``positions``.
    @inline(__always) func rotate(
        _ input: UnsafePointer<Float>, position: Int, into output: UnsafeMutablePointer<Float>
    ) {
        let (cosine, sine) = (cosines.row(position), sines.row(position))
        var index = 0
        while index + 16 <= half {
            let (c, s) = (Lanes(at: cosine + index), Lanes(at: sine + index))
            let (x, y) = (Lanes(at: input + index), Lanes(at: input + half + index))
            (x * c - y * s).store(to: output + index)
            (y * c + x * s).store(to: output + half + index)
            index += 16
        }
        while index < half {
            let (x, y) = (input[index], input[half + index])
            output[index] = x * cosine[index] - y * sine[index]
            output[half + index] = y * cosine[index] + x * sine[index]
            index += 1
        }
    }
}

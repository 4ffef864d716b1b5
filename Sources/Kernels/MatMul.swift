/// The layers' matrix product: activations by a weight matrix stored as its rows of outputs, as checkpoints store it.
///
/// Two routes, chosen by the number of rows m of the activations. Few rows go through the register-blocked
/// `NarrowMatMul`, which streams the weights at the memory's rate: `sgemm` first copies them into panels, and that
/// copy costs more than few rows do. More rows go through OpenBLAS' `sgemm`, whose copy they share.
///
/// ``narrowLimit`` is where the two cross. To place it on another machine, time both with `KernelTimer` at m = 1, 2,
/// 4 … 64 on weights larger than the last cache while nothing else runs: the rows of a calibration on either side of
/// the limit show a step where it lies wrong.
public enum MatMul {
    /// Most rows of activations that the narrow product takes: 32 with eight-float instructions, else 8.
    public static var narrowLimit: Int { VectorUnit.best == .wide ? 32 : 8 }

    /// `output` = `input` · `weights`ᵀ.
    ///
    /// `input` is `rows` × k, `weights` n × k, `output` `rows` × n, all contiguous. Each thread computes a contiguous
    /// range of the n output columns. Cost: 2·rows·n·k operations, n·k weights read.
    package static func multiply(
        _ input: UnsafePointer<Float>, rows: Int, by weights: WeightSlice,
        into output: UnsafeMutablePointer<Float>, on team: ThreadTeam
    ) {
        Problem(input: input, output: output, rows: rows, weights: weights, accumulate: false).solve(on: team)
    }

    /// `output` += `input` · `weights`ᵀ: the residual additions of a layer. Otherwise as
    /// ``multiply(_:rows:by:into:on:)``.
    package static func addProduct(
        _ input: UnsafePointer<Float>, rows: Int, by weights: WeightSlice,
        to output: UnsafeMutablePointer<Float>, on team: ThreadTeam
    ) {
        Problem(input: input, output: output, rows: rows, weights: weights, accumulate: true).solve(on: team)
    }

    /// A contiguous n × k block of weights: a whole matrix, or a window of a larger store.
    package struct WeightSlice {
        /// The first weight of the first output.
        package var pointer: UnsafePointer<Float>
        /// Outputs, n.
        package var rows: Int
        /// Inputs, k.
        package var columns: Int

        /// `rows` × `columns` contiguous weights from `pointer` on.
        package init(pointer: UnsafePointer<Float>, rows: Int, columns: Int) {
            self.pointer = pointer
            self.rows = rows
            self.columns = columns
        }
    }

    /// One product, as its threads see it.
    struct Problem {
        var input: UnsafePointer<Float>
        var output: UnsafeMutablePointer<Float>
        var rows: Int
        var weights: WeightSlice
        var accumulate: Bool
        var unit = VectorUnit.best

        func solve(on team: ThreadTeam) {
            guard rows > 0 else { return }
            OpenBLAS.useCallingThreadOnly()
            team.split(weights.rows, grain: 16) { part in
                if rows <= narrowLimit {
                    NarrowMatMul.multiply(self, outputs: part)
                } else {
                    matrixProduct(part)
                }
            }
        }

        /// The columns `part` of all output rows.
        func matrixProduct(_ part: Range<Int>) {
            let k = weights.columns
            OpenBLAS.multiply(
                .init(pointer: input, stride: k),
                .init(pointer: weights.pointer + part.lowerBound * k, stride: k), transposed: true,
                into: .init(pointer: output + part.lowerBound, stride: weights.rows, beta: accumulate ? 1 : 0),
                size: (rows, part.count, k))
        }
    }
}

extension Matrix {
    /// The whole matrix as weights: `rows` outputs, `columns` inputs.
    package var weights: MatMul.WeightSlice { .init(pointer: pointer, rows: rows, columns: columns) }
}

/// The layers' matrix product: activations by a weight matrix stored as its rows of outputs, as checkpoints store it.
///
/// Routes chosen by the number of rows m of the activations and by the format of the weights. Few rows go through the
/// register-blocked `NarrowMatMul`, which streams the weights at the memory's rate: `sgemm` first copies them into
/// panels, and that copy costs more than few rows do. More rows go through OpenBLAS' `sgemm`, whose copy they share.
/// Weights that are not floats are dequantised on the way, in the registers, in the cache, or in panels for `sgemm`:
/// `QuantizedProduct`.
///
/// ``narrowLimit`` is where the two cross. To place it on another machine, time both with `KernelTimer` at m = 1, 2,
/// 4 … 64 on weights larger than the last cache while nothing else runs: the rows of a calibration on either side of
/// the limit show a step where it lies wrong.
public enum MatMul {
    /// Most rows of activations that the narrow product takes: 32 with eight-float instructions, else 8.
    public static var narrowLimit: Int { VectorUnit.best == .baseline ? 8 : 32 }

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

    /// An n × k matrix of weights: a whole one, or a window of a larger store.
    package struct WeightSlice {
        /// The first byte of the first output.
        package var base: UnsafeRawPointer
        /// Format, sides and offsets.
        package var layout: WeightLayout

        /// Weights that lie from `base` on as `layout` says.
        package init(base: UnsafeRawPointer, layout: WeightLayout) {
            self.base = base
            self.layout = layout
        }

        /// The first weight of an fp32 matrix.
        var pointer: UnsafePointer<Float> { base.assumingMemoryBound(to: Float.self) }
        /// Outputs, n.
        package var rows: Int { layout.rows }
        /// Inputs, k.
        package var columns: Int { layout.columns }
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
            let isQuantised = weights.layout.isQuantised
            if isQuantised, rows > narrowLimit { return QuantizedProduct.panels(self, on: team) }
            team.split(weights.rows, grain: 16) { part in
                if isQuantised, rows <= QuantizedProduct.mostRows {
                    QuantizedProduct.fused(self, outputs: part)
                } else if rows <= narrowLimit {
                    NarrowMatMul.multiply(self, outputs: part)
                } else {
                    matrixProduct(by: weights.pointer + part.lowerBound * weights.columns, part)
                }
            }
        }

        /// The columns `part` of all output rows, whose weights lie, as floats, from `panel` on.
        func matrixProduct(by panel: UnsafePointer<Float>, _ part: Range<Int>) {
            let k = weights.columns
            OpenBLAS.multiply(
                .init(pointer: input, stride: k), .init(pointer: panel, stride: k), transposed: true,
                into: .init(pointer: output + part.lowerBound, stride: weights.rows, beta: accumulate ? 1 : 0),
                size: (rows, part.count, k))
        }
    }
}

extension Matrix {
    /// The whole matrix as weights: `rows` outputs, `columns` inputs.
    package var weights: MatMul.WeightSlice {
        .init(base: pointer, layout: .floats(rows: rows, columns: columns))
    }
}

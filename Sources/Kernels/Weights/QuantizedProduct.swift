import CKernels

/// Products with weights that are dequantised on the way: a few activation rows at a time fused with it, more through
/// panels for OpenBLAS.
enum QuantizedProduct {
    /// Most rows of activations that the fused product takes; with more, dequantising once and multiplying from the
    /// cache costs less than dequantising for every four rows.
    static let mostRows = 4
    /// Floats of a dequantised panel: 4 MiB, small enough for the second or third cache level and large enough that
    /// `sgemm` packs the activations seldom.
    static let panelFloats = 1 << 20

    /// The columns `outputs` of `problem`'s result, at most ``mostRows`` rows.
    static func fused(_ problem: MatMul.Problem, outputs: Range<Int>) {
        var weights = problem.weights.described
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 2) { range in
            (range[0], range[1]) = (outputs.lowerBound, outputs.upperBound)
            isocost_product(
                problem.unit.rawValue, &weights, range.baseAddress, problem.input, problem.rows, problem.output,
                problem.weights.rows, problem.accumulate ? 1 : 0)
        }
    }

    /// All columns, each thread's part panel by panel.
    static func panels(_ problem: MatMul.Problem, on team: ThreadTeam) {
        let (n, k) = (problem.weights.rows, problem.weights.columns)
        let panelRows = max(16, min(n, panelFloats / max(1, k)))
        let scratch = team.scratch(floats: panelRows * k)
        let grains = (n + 15) / 16
        team.deal(team.threads) { worker, part in
            let last = min(n, grains * (part + 1) / team.threads * 16)
            for first in stride(from: grains * part / team.threads * 16, to: last, by: panelRows) {
                panel(problem, first..<min(last, first + panelRows), scratch: scratch.row(worker))
            }
        }
    }

    private static func panel(_ problem: MatMul.Problem, _ outputs: Range<Int>, scratch: UnsafeMutablePointer<Float>) {
        let k = problem.weights.columns
        for (row, output) in outputs.enumerated() {
            problem.weights.dequantise(row: output, into: scratch + row * k, unit: problem.unit)
        }
        problem.matrixProduct(by: scratch, outputs)
    }
}

extension MatMul.WeightSlice {
    /// As the C kernels take it. Not for fp32.
    var described: isocost_weights {
        isocost_weights(
            values: base.assumingMemoryBound(to: UInt8.self),
            scales: (base + layout.scaleOffset).assumingMemoryBound(to: UInt16.self),
            zeros: (base + layout.zeroOffset).assumingMemoryBound(to: UInt8.self),
            columns: layout.columns, stride: layout.rowBytes, groups: layout.groups, format: layout.code)
    }

    /// The columns of `row` from `first`, a multiple of the group, on: `count` or, without it, all.
    func dequantise(
        row: Int, first: Int = 0, count: Int? = nil, into target: UnsafeMutablePointer<Float>, unit: VectorUnit
    ) {
        let count = count ?? columns
        guard layout.isQuantised else {
            return target.update(from: pointer + row * columns + first, count: count)
        }
        var weights = described
        isocost_dequantise(unit.rawValue, &weights, row, first, count, target)
    }
}

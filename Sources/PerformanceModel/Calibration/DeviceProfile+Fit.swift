/// Which measurements stay out of a fit, to judge it by.
public enum HoldOut: Hashable, Sendable {
    /// A third of the shapes of each kernel and format, chosen by their index in the order measured: those where the
    /// fractional part of (index + 1)·0.618… is at least ⅔. The golden ratio keeps them evenly spread and out of step
    /// with the periods of a measuring grid, which "every third" would not.
    case third
    /// None: the fit sees everything and has no held-out error.
    case none

    func keepsOut(_ index: Int) -> Bool {
        // 2³²/φ and ⅔·2³² as integers, so that no rounding decides.
        self == .third && UInt32(truncatingIfNeeded: index + 1) &* 2_654_435_769 >= 2_863_311_531
    }
}

extension DeviceProfile {
    /// Fits each kernel and format separately.
    ///
    /// Procedure, deterministic: (1) rows of one kernel and format, in order; a third is held out (``HoldOut``). (2)
    /// For each ``KernelFit/Overlap`` allowed for the kernel, coefficients ≥ 0 minimise the sum of squared *relative*
    /// errors Σ(predicted/measured − 1)². It is linear in the coefficients for p = 1 and is solved by non-negative
    /// least squares; for p > 1 the norm is linearised at the current point and solved again, up to 40 times, from up
    /// to 24 starts that differ in which rows they put on the compute wall; each round keeps only improvements. (3)
    /// The overlap with the smallest fitting error wins, ties to the earlier. Held-out shapes take no part in any
    /// choice. Kernels with one wall (elementwise, all-reduce, host overhead) have p = 1. Decode attention may take
    /// any: both its walls grow with the context alone, so a decode step stays a line in its context.
    public static func fit(measurements: [KernelMeasurement], holdOut: HoldOut = .third) -> [KernelFit] {
        var keys: [(Kernel, NumberFormat)] = []
        for row in measurements where !keys.contains(where: { $0 == (row.shape.kernel, row.format) }) {
            keys.append((row.shape.kernel, row.format))
        }
        return keys.map { kernel, format in
            let rows = measurements.filter { $0.shape.kernel == kernel && $0.format == format }
            return fit(kernel, format, rows: rows, holdOut: rows.count < 3 ? .none : holdOut)
        }
    }

    private static func fit(
        _ kernel: Kernel, _ format: NumberFormat, rows: [KernelMeasurement], holdOut: HoldOut
    ) -> KernelFit {
        let indexed = rows.enumerated()
        let seen = indexed.filter { !holdOut.keepsOut($0.offset) }.map(\.element)
        let kept = indexed.filter { holdOut.keepsOut($0.offset) }.map(\.element)
        let fitter = RooflineFitter(rows: seen.map { ($0.work, $0.medianNanoseconds) })
        let candidates = kernel.overlaps.map { ($0, fitter.solve(overlap: $0)) }
        let best = candidates.dropFirst().reduce(candidates[0]) { $1.1.loss < $0.1.loss ? $1 : $0 }
        let c = best.1.coefficients
        var result = KernelFit(
            kernel: kernel, format: format, overhead: c[0], perOperation: c[2], perByte: c[3], perRowByte: c[1],
            overlap: best.0, fitted: ErrorSummary(count: 0, median: 0, mean: 0, maximum: 0), heldOut: nil)
        result.fitted = ErrorSummary(errors(of: result, on: seen)) ?? result.fitted
        result.heldOut = ErrorSummary(errors(of: result, on: kept))
        return result
    }

    /// |predicted − measured| / measured for each row.
    static func errors(of fit: KernelFit, on rows: [KernelMeasurement]) -> [Double] {
        rows.map { abs(fit.time($0.work) - $0.medianNanoseconds) / $0.medianNanoseconds }
    }
}

extension Kernel {
    /// The joins that a fit of this kernel may choose from.
    var overlaps: [KernelFit.Overlap] {
        switch self {
        case .gemm, .prefillAttention, .decodeAttention: KernelFit.Overlap.allCases
        case .elementwise, .allReduce, .stepOverhead, .requestOverhead: [.sum]
        }
    }
}

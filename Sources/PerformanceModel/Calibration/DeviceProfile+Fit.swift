/// Which measurements stay out of a fit, to judge it by.
public enum HoldOut: Hashable, Sendable {
    /// Every third shape of each kernel and format: those at index 2, 5, 8 … in the order measured.
    case everyThird
    /// None: the fit sees everything and has no held-out error.
    case none

    func keepsOut(_ index: Int) -> Bool { self == .everyThird && index % 3 == 2 }
}

extension DeviceProfile {
    /// Fits each kernel and format separately.
    ///
    /// Procedure, deterministic: (1) rows of one kernel and format, in order; every third is held out. (2) For each
    /// ``KernelFit/Overlap`` allowed for the kernel, coefficients ≥ 0 minimise the sum of squared *relative* errors
    /// Σ(predicted/measured − 1)². The sum is linear in the coefficients for p = 1 and is solved by non-negative least
    /// squares; for p > 1 the norm is linearised at the current point and solved again, up to 40 times (an iteratively
    /// reweighted scheme; each round keeps only improvements). (3) The overlap with the smallest fitting error wins,
    /// ties to the earlier. Held-out shapes take no part in any choice. Kernels with one wall only (elementwise,
    /// all-reduce, host overhead) have p = 1. Decode attention may take any: both its walls grow with the context
    /// alone, so a decode step stays a line in its context.
    public static func fit(measurements: [KernelMeasurement], holdOut: HoldOut = .everyThird) -> [KernelFit] {
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

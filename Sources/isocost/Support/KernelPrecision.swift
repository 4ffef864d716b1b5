import Kernels
import PerformanceModel

/// The precisions that the kernels of this host run: those named after a format of their weights.
enum KernelPrecision {
    /// The precision called `name`.
    /// - Throws: `UnknownName` where there is none, ``InputError/notRun(precision:known:)`` where the kernels lack it.
    static func named(_ name: String) throws -> Precision {
        let precision = try Precision(named: name)
        let known = WeightLayout.formats.map(\.rawValue)
        guard known.contains(precision.name) else { throw InputError.notRun(precision: precision.name, known: known) }
        return precision
    }
}

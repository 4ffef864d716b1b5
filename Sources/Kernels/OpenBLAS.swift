import COpenBLAS

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The linked OpenBLAS: who it is, and the product that the kernels take from it.
public enum OpenBLAS {
    /// Version and build options, e.g. `OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64`.
    public static var configuration: String { string(openblas_get_config()) }

    /// The family of hand-tuned kernels chosen for this processor at load time, e.g. `Haswell`, `SkylakeX`, `Zen`.
    ///
    /// A library older than the processor may fall back to an older family. The environment variable ``coreVariable``,
    /// read while the library is loaded, overrides the choice: also where it was set for other programs or machines.
    public static var coreName: String { string(openblas_get_corename()) }

    /// The environment variable that names a family in place of the library's own choice.
    public static let coreVariable = "OPENBLAS_CORETYPE"

    /// The family that the environment names; `nil` where it names none. A name that the library does not know it
    /// ignores: ``coreName`` is what runs.
    public static var requestedCore: String? { getenv(coreVariable).map { String(cString: $0) } }

    /// Threads that a call may use at present.
    static var threads: Int { Int(openblas_get_num_threads()) }

    /// The version alone, e.g. `0.3.21`; the whole configuration where it has no second word.
    public static var version: String {
        let words = configuration.split(separator: " ")
        return words.count > 1 ? String(words[1]) : configuration
    }

    /// Makes every call run on the calling thread alone; `ThreadTeam` divides the work instead. Process-wide.
    static func useCallingThreadOnly() { openblas_set_num_threads(1) }

    private static func string(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
        pointer.map { String(cString: $0) } ?? "unknown"
    }

    /// C = α·A·op(B) + β·C on row-major strided operands: A is m × k, op(B) is k × n, C is m × n.
    @inline(__always) static func multiply(
        _ a: Operand, _ b: Operand, transposed: Bool, into c: Result, size: (m: Int, n: Int, k: Int)
    ) {
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans,
            blasint(size.m), blasint(size.n), blasint(size.k), c.alpha, a.pointer, blasint(a.stride),
            b.pointer, blasint(b.stride), c.beta, c.pointer, blasint(c.stride))
    }

    /// Where a factor lies: its first element and the distance between its rows, in elements.
    struct Operand {
        var pointer: UnsafePointer<Float>
        var stride: Int
    }

    /// Where a product goes, and the factors α and β.
    struct Result {
        var pointer: UnsafeMutablePointer<Float>
        var stride: Int
        var alpha: Float = 1
        var beta: Float = 0
    }
}

import CKernels
public import PerformanceModel

/// How a matrix of weights lies in memory.
///
/// fp32 and bf16 are rows of numbers. int8 and int4 share a 16-bit scale, int4 also a zero point, among the
/// ``group`` inputs of a group; rows are padded to whole groups, and scales and zero points follow the last row.
/// `CKernels.h` says in which order the bits of a group lie.
public struct WeightLayout: Hashable, Sendable {
    /// The formats that the kernels multiply with.
    public static let formats: [NumberFormat] = [.fp32, .bf16, .int8, .int4]
    /// Inputs that share a scale.
    public static let group = Int(ISOCOST_GROUP)

    /// Format of the weights.
    public let format: NumberFormat
    /// Outputs, n.
    public let rows: Int
    /// Inputs, k.
    public let columns: Int

    /// - Precondition: the format is one of ``formats``, neither side is negative.
    public init(_ format: NumberFormat, rows: Int, columns: Int) {
        precondition(Self.formats.contains(format), "the kernels have no weights in \(format.rawValue)")
        precondition(rows >= 0 && columns >= 0, "a matrix has no negative side")
        self.format = format
        self.rows = rows
        self.columns = columns
    }

    /// A matrix of floats.
    static func floats(rows: Int, columns: Int) -> WeightLayout { WeightLayout(.fp32, rows: rows, columns: columns) }

    /// Whether the weights must be turned into floats before they are multiplied.
    var isQuantised: Bool { format != .fp32 }

    /// The format as the C kernels know it. Not for fp32.
    var code: Int32 {
        switch format {
        case .bf16: Int32(ISOCOST_BF16)
        case .int8: Int32(ISOCOST_INT8)
        default: Int32(ISOCOST_INT4)
        }
    }

    /// The format of what a model of `format` does not quantise: output projection and router.
    static func unquantised(_ format: NumberFormat) -> NumberFormat { format == .fp32 ? .fp32 : .bf16 }

    /// Groups of a row.
    var groups: Int { (columns + Self.group - 1) / Self.group }

    /// Bytes from one row to the next.
    var rowBytes: Int {
        switch format {
        case .int8: groups * Self.group
        case .int4: groups * Self.group / 2
        default: columns * format.bits / 8
        }
    }

    private var isGrouped: Bool { format == .int8 || format == .int4 }
    /// Where the scales begin, `groups` of 16 bits a row.
    var scaleOffset: Int { Self.aligned(rows * rowBytes) }
    /// Where the zero points begin, `groups` bytes a row.
    var zeroOffset: Int { scaleOffset + (isGrouped ? 2 * rows * groups : 0) }
    /// Bytes of the whole matrix, a multiple of 64.
    public var byteCount: Int { Self.aligned(zeroOffset + (format == .int4 ? rows * groups : 0)) }

    private static func aligned(_ bytes: Int) -> Int { (bytes + 63) / 64 * 64 }
}

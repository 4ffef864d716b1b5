/// The fitted time of one kernel in one format:
///
///     t = overhead + perRowByte·rows + ‖(perOperation·operations, perByte·streamed)‖_p     nanoseconds
///
/// The norm joins the two walls of a roofline: p = 1 adds them (no overlap), p = ∞ takes the larger (perfect overlap),
/// p = 2 and 4 lie between. All coefficients are at least 0, so no shape is ever predicted to be faster for being
/// larger.
public struct KernelFit: Hashable, Sendable, Codable {
    /// Which kernel.
    public var kernel: Kernel
    /// In which format its measurements were.
    public var format: NumberFormat
    /// Nanoseconds of an empty call.
    public var overhead: Double
    /// Nanoseconds per operation (hop, for an all-reduce).
    public var perOperation: Double
    /// Nanoseconds per streamed byte.
    public var perByte: Double
    /// Nanoseconds per byte of rows (sequence, for host overhead).
    public var perRowByte: Double
    /// How the two walls of the roofline join.
    public var overlap: Overlap
    /// Error on the shapes the coefficients were fitted on.
    public var fitted: ErrorSummary
    /// Error on the shapes kept out of the fit; `nil` when there were too few to keep any out.
    public var heldOut: ErrorSummary?

    /// The exponent p of the norm that joins compute and memory time.
    public enum Overlap: String, Hashable, Sendable, Codable, CaseIterable {
        /// p = 1.
        case sum
        /// p = 2.
        case square
        /// p = 4.
        case fourth
        /// p = ∞.
        case maximum

        /// The norm of two times of at least 0.
        @inlinable public func join(_ a: Double, _ b: Double) -> Double {
            switch self {
            case .sum: a + b
            case .square: (a * a + b * b).squareRoot()
            case .fourth: (a * a * a * a + b * b * b * b).squareRoot().squareRoot()
            case .maximum: max(a, b)
            }
        }
    }

    public init(
        kernel: Kernel, format: NumberFormat, overhead: Double, perOperation: Double, perByte: Double,
        perRowByte: Double, overlap: Overlap, fitted: ErrorSummary, heldOut: ErrorSummary?
    ) {
        self.kernel = kernel
        self.format = format
        self.overhead = overhead
        self.perOperation = perOperation
        self.perByte = perByte
        self.perRowByte = perRowByte
        self.overlap = overlap
        self.fitted = fitted
        self.heldOut = heldOut
    }

    /// Predicted nanoseconds.
    public func time(_ work: KernelWork) -> Double {
        overhead + perRowByte * work.rows
            + overlap.join(perOperation * work.operations, perByte * work.streamed)
    }

    /// Predicted nanoseconds of a shape in this fit's own format.
    public func time(_ shape: KernelShape) -> Double {
        let row = KernelMeasurement(shape: shape, format: format, medianNanoseconds: 1, samples: 0)
        return time(row.work)
    }
}

/// Absolute relative errors |predicted − measured| / measured over a set of shapes.
public struct ErrorSummary: Hashable, Sendable, Codable {
    /// How many shapes.
    public var count: Int
    /// Middle error, as a share: 0.05 is 5 %.
    public var median: Double
    /// Mean error, as a share.
    public var mean: Double
    /// Largest error, as a share.
    public var maximum: Double

    public init(count: Int, median: Double, mean: Double, maximum: Double) {
        self.count = count
        self.median = median
        self.mean = mean
        self.maximum = maximum
    }

    /// Summarises `errors` (each ≥ 0); `nil` for none. The median of an even count is the mean of the middle two.
    public init?(_ errors: [Double]) {
        guard !errors.isEmpty else { return nil }
        let sorted = errors.sorted()
        let middle = sorted.count / 2
        count = sorted.count
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        mean = sorted.reduce(0, +) / Double(sorted.count)
        maximum = sorted[sorted.count - 1]
    }
}

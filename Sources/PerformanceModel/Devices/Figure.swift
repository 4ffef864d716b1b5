/// One number from outside, with where it comes from and how far to trust it.
public struct Figure: Hashable, Sendable, Codable {
    /// The number, in the unit its owner documents.
    public var value: Double
    /// Publication or measurement it was taken from.
    public var source: String
    /// Day or month on which the source was read or measured, `YYYY-MM` or `YYYY-MM-DD`.
    public var date: String
    /// How well the number is known.
    public var confidence: Confidence

    public init(_ value: Double, source: String, date: String, confidence: Confidence) {
        self.value = value
        self.source = source
        self.date = date
        self.confidence = confidence
    }

    /// The figure divided among parts or multiplied, with the same source.
    func scaled(by factor: Double) -> Figure {
        var copy = self
        copy.value *= factor
        return copy
    }
}

/// How well a figure is known, best first.
public enum Confidence: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
    /// Timed on the machine in question.
    case measured
    /// Coefficients fitted to published timings of this device or its generation.
    case fitted
    /// Quoted by at least one public specification that was read.
    case specified
    /// Computed from specified figures, e.g. channels × transfer rate.
    case derived
    /// Remembered from vendor sheets and not checked against one.
    case recalled
    /// A stated assumption.
    case assumed

    /// Whether `a` is better known than `b`.
    public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// One timed kernel: a raw row of a device profile.
public struct KernelMeasurement: Hashable, Sendable, Codable {
    /// What ran, with its sizes.
    public var shape: KernelShape
    /// Format of the weights (gemm) or of the elements (everything else).
    public var format: NumberFormat
    /// Median over the samples, in nanoseconds.
    public var medianNanoseconds: Double
    /// How many timings the median is over.
    public var samples: Int
    /// Interquartile range of the timings ÷ their median; `nil` where it was not kept.
    public var spread: Double?
    /// Timings that lie far above the others; `nil` where they were not counted.
    public var outliers: Int?

    /// - Parameter medianNanoseconds: positive.
    public init(
        shape: KernelShape, format: NumberFormat, medianNanoseconds: Double, samples: Int, spread: Double? = nil,
        outliers: Int? = nil
    ) {
        self.spread = spread
        self.outliers = outliers
        self.shape = shape
        self.format = format
        self.medianNanoseconds = medianNanoseconds
        self.samples = samples
    }

    /// The counts the fit sees. Integer and four-bit weights are multiplied with 32-bit activations on a CPU; the
    /// activation width only scales a fitted coefficient, so one convention serves all devices.
    var work: KernelWork {
        shape.work(
            weightBytes: format.bytes, elementBytes: shape.kernel == .gemm ? max(format.bytes, 2) : format.bytes)
    }

    private enum Key: String, CodingKey { case kernel, shape, format, medianNanoseconds, samples, spread, outliers }

    private struct Dimension: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(shape.kernel, forKey: .kernel)
        var sizes = row.nestedContainer(keyedBy: Dimension.self, forKey: .shape)
        for (name, value) in shape.dimensions { try sizes.encode(value, forKey: Dimension(stringValue: name)) }
        try row.encode(format, forKey: .format)
        try row.encode(medianNanoseconds, forKey: .medianNanoseconds)
        try row.encode(samples, forKey: .samples)
        try row.encodeIfPresent(spread, forKey: .spread)
        try row.encodeIfPresent(outliers, forKey: .outliers)
    }

    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: Key.self)
        let sizes = try row.nestedContainer(keyedBy: Dimension.self, forKey: .shape)
        shape = try KernelShape(try row.decode(Kernel.self, forKey: .kernel)) { name in
            let key = Dimension(stringValue: name)
            let value = try sizes.decode(Int.self, forKey: key)
            guard (0...1 << 48).contains(value) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: sizes, debugDescription: "`\(value)` is out of range")
            }
            return value
        }
        format = try row.decode(NumberFormat.self, forKey: .format)
        medianNanoseconds = try row.decode(Double.self, forKey: .medianNanoseconds)
        guard medianNanoseconds > 0, medianNanoseconds.isFinite else {
            throw DecodingError.dataCorruptedError(
                forKey: .medianNanoseconds, in: row, debugDescription: "`\(medianNanoseconds)` is not a positive time")
        }
        samples = try row.decode(Int.self, forKey: .samples)
        spread = try row.decodeIfPresent(Double.self, forKey: .spread)
        outliers = try row.decodeIfPresent(Int.self, forKey: .outliers)
    }
}

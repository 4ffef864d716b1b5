/// A number of bytes. Arithmetic traps on overflow (8 exbibytes).
@frozen
public struct ByteCount: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    public var bytes: Int64

    @inlinable public init(bytes: Int64) { self.bytes = bytes }
    @inlinable public static var zero: Self { Self(bytes: 0) }
    /// `value` × 2³⁰ bytes, rounded to the nearest byte.
    @inlinable public static func gibibytes(_ value: Double) -> Self {
        Self(bytes: Int64((value * 1_073_741_824).rounded()))
    }
    /// `value` × 10⁹ bytes, rounded to the nearest byte.
    @inlinable public static func gigabytes(_ value: Double) -> Self { Self(bytes: Int64((value * 1e9).rounded())) }

    @inlinable public var gibibytes: Double { Double(bytes) / 1_073_741_824 }
    @inlinable public var gigabytes: Double { Double(bytes) / 1e9 }

    @inlinable public static func < (a: Self, b: Self) -> Bool { a.bytes < b.bytes }
    @inlinable public static func + (a: Self, b: Self) -> Self { Self(bytes: a.bytes + b.bytes) }
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(bytes: a.bytes - b.bytes) }
    @inlinable public static func * (a: Self, n: Int64) -> Self { Self(bytes: a.bytes * n) }

    /// The count in GiB to two decimals, e.g. `14.96 GiB`; under 1 MiB, in bytes.
    public var description: String {
        guard abs(bytes) >= 1_048_576 else { return "\(bytes) B" }
        let hundredths = Int64((gibibytes * 100).rounded())
        let fraction = abs(hundredths % 100)
        let sign = hundredths < 0 ? "-" : ""
        return "\(sign)\(abs(hundredths / 100)).\(fraction < 10 ? "0" : "")\(fraction) GiB"
    }
}

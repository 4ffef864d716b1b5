import Primitives

/// Counts of token lengths: exact below 1,048,576, in buckets of ±0.1 % above.
public struct TokenCounts: Sendable, Equatable {
    private var exact: [UInt64] = []
    private var long = LatencyHistogram()
    /// How many lengths were counted.
    public private(set) var count: UInt64 = 0
    /// Sum of all lengths.
    public private(set) var total: Int128 = 0
    /// The longest, or `nil` when empty.
    public private(set) var maximum: Int64?

    private static let exactLimit: Int64 = 1 << 20

    /// No lengths yet.
    public init() {}

    /// Adds a length ≥ 0.
    mutating func record(_ length: Int64) {
        if length < Self.exactLimit {
            let index = Int(length)
            if index >= exact.count {
                exact.append(contentsOf: repeatElement(0, count: max(index + 1 - exact.count, exact.count)))
            }
            exact[index] += 1
        } else {
            long.record(length)
        }
        count += 1
        total += Int128(length)
        maximum = max(maximum ?? length, length)
    }

    /// The mean, or `nil` when empty.
    public var mean: Double? { count == 0 ? nil : Double(total) / Double(count) }

    /// The value at nearest rank ⌈q·n⌉, or `nil` when empty.
    public func quantile(_ q: Double) -> Int64? {
        guard count > 0 else { return nil }
        let rank = max(1, min(count, UInt64((q * Double(count)).rounded(.up))))
        var seen: UInt64 = 0
        for (length, number) in exact.enumerated() {
            seen += number
            if seen >= rank { return Int64(length) }
        }
        let longRank = Double(rank - seen) / Double(long.count)
        return long.quantile(longRank)
    }

    /// How many lengths lie in `low` ..< `high`; exact while `high` ≤ 1,048,576.
    func count(from low: Int64, below high: Int64) -> UInt64 {
        let size = Int64(exact.count)
        let short = exact[Int(min(low, size))..<Int(min(max(low, high), size))].reduce(0, +)
        guard high > Self.exactLimit else { return short }
        let before = low > Self.exactLimit ? long.count(atMost: low - 1) : 0
        return short + long.count(atMost: high - 1) - before
    }
}

/// Counts of non-negative integers (nanoseconds) in log-linear buckets: 512 per power of two, so a reported
/// quantile is within ±0.1 % of a recorded value. Count, sum, minimum and maximum are exact.
///
/// Memory: grown by doubling to the largest value seen; at most 460 kB, under 200 kB up to an hour. Merging is commutative and associative.
public struct LatencyHistogram: Sendable, Equatable {
    @usableFromInline static var subBits: Int { 9 }
    @usableFromInline var counts: [UInt64] = []
    public internal(set) var count: UInt64 = 0
    @usableFromInline var sum: Int128 = 0
    @usableFromInline var low: Int64 = .max
    @usableFromInline var high: Int64 = .min

    public init() {}

    /// Largest relative distance between a quantile reported and the value recorded.
    public static var relativeError: Double { 0.001 }

    @inlinable static func bucket(of value: Int64) -> Int {
        let bits = UInt64(bitPattern: value)
        let width = 64 - bits.leadingZeroBitCount
        let shift = width - subBits - 1
        guard shift > 0 else { return Int(bits) }
        return ((shift &+ 1) << subBits) &+ Int(truncatingIfNeeded: (bits >> UInt64(shift)) & 0x1FF)
    }

    /// The smallest value of a bucket.
    @inlinable static func floor(ofBucket index: Int) -> Int64 {
        let block = index >> subBits
        guard block > 1 else { return Int64(index) }
        return Int64(512 + (index & 0x1FF)) << Int64(block - 1)
    }

    /// The first value beyond the bucket that holds `value`.
    @inlinable public static func ceiling(ofBucketHolding value: Int64) -> Int64 {
        floor(ofBucket: bucket(of: value) + 1)
    }

    /// Adds `weight` observations of `value`.
    /// - Precondition: `value` ≥ 0.
    @inlinable public mutating func record(_ value: Int64, weight: UInt64 = 1) {
        precondition(value >= 0, "a latency is never negative")
        guard weight > 0 else { return }
        let index = Self.bucket(of: value)
        if index >= counts.count { grow(to: index) }
        counts[index] &+= weight
        addMoments(count: weight, sum: Int128(value) * Int128(weight), low: value, high: value)
    }

    /// Adds `weight` observations known to share the bucket of `value`, whose exact sum is `sum`.
    @inlinable public mutating func record(
        inBucketOf value: Int64, weight: UInt64, sum: Int128, low: Int64, high: Int64
    ) {
        let index = Self.bucket(of: value)
        if index >= counts.count { grow(to: index) }
        counts[index] &+= weight
        addMoments(count: weight, sum: sum, low: low, high: high)
    }

    @inlinable mutating func addMoments(count weight: UInt64, sum: Int128, low: Int64, high: Int64) {
        addCount(weight)
        self.sum += sum
        if low < self.low { self.low = low }
        if high > self.high { self.high = high }
    }

    @usableFromInline mutating func addCount(_ weight: UInt64) { count &+= weight }

    @usableFromInline mutating func grow(to index: Int) {
        counts.append(contentsOf: repeatElement(0, count: max(index + 1 - counts.count, counts.count)))
    }

    public mutating func merge(_ other: LatencyHistogram) {
        if other.counts.count > counts.count { grow(to: other.counts.count - 1) }
        for (index, weight) in other.counts.enumerated() { counts[index] &+= weight }
        addMoments(count: other.count, sum: other.sum, low: other.low, high: other.high)
    }

    /// Exact mean in nanoseconds, or `nil` when empty.
    public var mean: Double? { count == 0 ? nil : Double(sum) / Double(count) }
    /// Exact smallest value, or `nil` when empty.
    public var minimum: Int64? { count == 0 ? nil : low }
    /// Exact largest value, or `nil` when empty.
    public var maximum: Int64? { count == 0 ? nil : high }
    /// Exact sum of all values in nanoseconds.
    public var total: Int128 { sum }

    /// The value at nearest rank ⌈q·n⌉, within ±0.1 %, clamped to the exact extremes; `nil` when empty.
    public func quantile(_ q: Double) -> Int64? {
        guard count > 0 else { return nil }
        let rank = max(1, min(count, UInt64((q * Double(count)).rounded(.up))))
        var seen: UInt64 = 0
        for (index, weight) in counts.enumerated() where weight > 0 {
            seen += weight
            guard seen >= rank else { continue }
            let floor = Self.floor(ofBucket: index)
            let next = index < Self.bucket(of: .max) ? Self.floor(ofBucket: index + 1) : .max
            let middle = floor + (next - floor - 1) / 2
            return min(max(middle, low), high)
        }
        return high
    }

    /// How many observations are at most `bound`; exact when `bound` ends a bucket, else bucket resolution.
    public func count(atMost bound: Int64) -> UInt64 {
        guard bound >= 0, !counts.isEmpty else { return 0 }
        let last = min(Self.bucket(of: bound), counts.count - 1)
        return counts[...last].reduce(0, &+)
    }

    /// Points (value in nanoseconds, share of observations at most that value) of the distribution function.
    public func distribution(points: Int) -> [(value: Int64, share: Double)] {
        guard count > 0, points > 1 else { return [] }
        return (0..<points).map { step in
            let share = Double(step) / Double(points - 1)
            return (quantile(share) ?? 0, share)
        }
    }

    public static func == (a: Self, b: Self) -> Bool {
        guard a.count == b.count, a.sum == b.sum, a.low == b.low, a.high == b.high else { return false }
        let length = max(a.counts.count, b.counts.count)
        return (0..<length).allSatisfy { index in
            (index < a.counts.count ? a.counts[index] : 0) == (index < b.counts.count ? b.counts[index] : 0)
        }
    }
}

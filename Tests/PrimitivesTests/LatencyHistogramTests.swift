import Testing

@testable import Primitives

@Suite struct LatencyHistogramTests {
    /// Values of every size, from single nanoseconds to hours.
    private func values(_ count: Int, seed: UInt64) -> [Int64] {
        var dice = RandomKey(seed: seed).generator()
        return (0..<count).map { _ in Int64(Mathematics.exp(dice.uniform() * 30)) - 1 }
    }

    private func histogram(_ values: [Int64]) -> LatencyHistogram {
        var histogram = LatencyHistogram()
        for value in values { histogram.record(value) }
        return histogram
    }

    @Test func momentsAreExact() {
        for seed in 0..<5 as Range<UInt64> {
            let values = values(5_000, seed: seed)
            let histogram = histogram(values)
            let total = values.reduce(Int128(0)) { $0 + Int128($1) }
            #expect(histogram.count == 5_000 && histogram.total == total)
            #expect(histogram.mean == Double(total) / 5_000)
            #expect(histogram.minimum == values.min() && histogram.maximum == values.max())
        }
    }

    /// The nearest rank of the sorted values, within 0.1 %; exactly below 1,024 ns.
    @Test(arguments: [1, 2, 10, 999, 20_000])
    func quantilesAreWithinAThousandth(count: Int) throws {
        let sorted = values(count, seed: UInt64(count)).sorted()
        let histogram = histogram(sorted)
        for q in [0, 0.001, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1] {
            let rank = max(1, Int((q * Double(count)).rounded(.up)))
            let exact = sorted[rank - 1]
            let reported = try #require(histogram.quantile(q))
            let allowed = exact < 1_024 ? 0 : Double(exact) * LatencyHistogram.relativeError
            #expect(abs(Double(reported - exact)) <= allowed, "\(q) of \(count)")
        }
        #expect(histogram.quantile(0) == sorted.first && histogram.quantile(1).map { $0 <= sorted.last! } == true)
    }

    @Test func mergingIsConcatenating() {
        let (a, b, c) = (values(700, seed: 1), values(30, seed: 2), values(0, seed: 3))
        var merged = histogram(a)
        merged.merge(histogram(b))
        merged.merge(histogram(c))
        #expect(merged == histogram(a + b + c))
        var other = histogram(c)
        other.merge(histogram(b))
        other.merge(histogram(a))
        #expect(other == merged)
        #expect(merged != histogram(a + b.dropLast()))
    }

    /// Weights are repetitions, and a known sum within a bucket is as good as its values.
    @Test func weightsAreRepetitions() {
        var weighted = LatencyHistogram()
        weighted.record(5_000, weight: 3)
        weighted.record(77, weight: 0)
        weighted.record(inBucketOf: 100_000, weight: 2, sum: 200_001, low: 100_000, high: 100_001)
        #expect(weighted == histogram([5_000, 5_000, 5_000, 100_000, 100_001]))
    }

    @Test func bucketsTileTheNumbers() {
        var dice = RandomKey(seed: 8).generator()
        let chosen = (0..<3_000).map { _ in Int64(dice.next() >> (2 + dice.next() % 60)) }
        for value in Array(0..<3_000) + chosen {
            let (bucket, ceiling) = (
                LatencyHistogram.bucket(of: value), LatencyHistogram.ceiling(ofBucketHolding: value)
            )
            let floor = LatencyHistogram.floor(ofBucket: bucket)
            #expect(floor <= value && value < ceiling)
            #expect(LatencyHistogram.bucket(of: floor) == bucket && LatencyHistogram.bucket(of: ceiling - 1) == bucket)
            #expect(LatencyHistogram.bucket(of: ceiling) == bucket + 1)
            #expect(ceiling - floor == 1 || Double(ceiling - floor) <= Double(floor) / 511)
        }
    }

    @Test func countsBelowABound() {
        let values = values(4_000, seed: 6)
        let histogram = histogram(values)
        for bound in [-1, 0, 1, 500, 1_023, 70_000, 123_456_789, .max] as [Int64] {
            // The bound's bucket counts whole.
            let end = bound < 0 ? 0 : bound == .max ? .max : LatencyHistogram.ceiling(ofBucketHolding: bound)
            #expect(histogram.count(atMost: bound) == UInt64(values.filter { $0 < end }.count), "\(bound)")
        }
    }

    @Test func nothingRecordedHasNoStatistics() {
        let empty = LatencyHistogram()
        #expect(empty.mean == nil && empty.quantile(0.5) == nil && empty.minimum == nil && empty.maximum == nil)
        #expect(empty.count == 0 && empty.total == 0 && empty.count(atMost: 10) == 0)
        #expect(empty.distribution(points: 10).isEmpty)
    }

    @Test func theDistributionRisesFromEndToEnd() {
        let histogram = histogram(values(1_000, seed: 7))
        let points = histogram.distribution(points: 21)
        #expect(points.count == 21 && points[0].share == 0 && points[20].share == 1)
        #expect(zip(points, points.dropFirst()).allSatisfy { $0.value <= $1.value && $0.share < $1.share })
    }
}

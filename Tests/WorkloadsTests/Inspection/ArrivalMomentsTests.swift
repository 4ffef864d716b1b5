import Testing

@testable import Workloads

@Suite struct ArrivalMomentsTests {
    @Test func windowsCountFromZeroAndKeepTheirPeak() {
        var windows = WindowCounts(width: 10)
        #expect(windows.dispersion == nil)
        for time in [0, 1, 9, 10, 35, 36] as [Int64] { windows.record(time) }
        // Whole windows 3, 1, 0: mean 4/3, variance 7/3.
        #expect(windows.peak == 3)
        #expect(abs((windows.dispersion ?? 0) - (7.0 / 3) / (4.0 / 3)) < 1e-12)
    }

    @Test func regularArrivalsHaveNoDispersion() {
        var windows = WindowCounts(width: 100)
        for time in stride(from: 0, to: 10_000, by: 10) as StrideTo<Int64> { windows.record(time) }
        #expect(windows.peak == 10)
        #expect(windows.dispersion == 0)
    }

    @Test func manyEmptyWindowsCostNothing() {
        var windows = WindowCounts(width: 1)
        windows.record(0)
        windows.record(4_000_000_000_000_000_000)
        // One arrival in 4·10¹⁸ windows: mean and variance agree.
        #expect(abs((windows.dispersion ?? 0) - 1) < 1e-9)
    }

    @Test func gapsAreMeasuredWithoutCancellation() {
        var moments = ArrivalMoments()
        // Two alternating gaps far from the origin: mean 2, variance n/(n−1).
        var time: Int64 = 4_000_000_000_000_000_000
        for index in 0..<10_001 {
            moments.record(time)
            time += index % 2 == 0 ? 1 : 3
        }
        let expected = (10_000.0 / 9_999).squareRoot() / 2
        #expect(abs((moments.gapVariation ?? 0) - expected) < 1e-12)
        #expect(moments.count == 10_001)
        #expect(moments.last - moments.first == 20_000)
    }

    @Test func tooFewGapsHaveNoVariation() {
        var moments = ArrivalMoments()
        moments.record(5)
        #expect(moments.gapVariation == nil)
        moments.record(9)
        #expect(moments.gapVariation == nil)
        moments.record(13)
        #expect(moments.gapVariation == 0)
    }
}

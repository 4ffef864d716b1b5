import Primitives

/// Running moments of the gaps between arrivals and of the counts in windows.
struct ArrivalMoments {
    private(set) var count: UInt64 = 0
    private(set) var first: Int64 = 0
    private(set) var last: Int64 = 0
    private var meanGap = 0.0
    private var squaredGaps = 0.0
    var seconds = WindowCounts(width: 1_000_000_000)
    var tenSeconds = WindowCounts(width: 10_000_000_000)
    var minutes = WindowCounts(width: 60_000_000_000)

    mutating func record(_ time: Int64) {
        if count == 0 {
            first = time
        } else {
            // Welford's update: no cancellation however long the trace.
            let gap = Double(time - last)
            let difference = gap - meanGap
            meanGap += difference / Double(count)
            squaredGaps += difference * (gap - meanGap)
        }
        count += 1
        last = time
        seconds.record(time - first)
        tenSeconds.record(time - first)
        minutes.record(time - first)
    }

    /// Standard deviation ÷ mean of the gaps; `nil` below two gaps or without spread in time.
    var gapVariation: Double? {
        guard count > 2, meanGap > 0 else { return nil }
        return (squaredGaps / Double(count - 2)).squareRoot() / meanGap
    }
}

/// Counts of arrivals in consecutive windows of one width from the first arrival on; only whole windows enter the
/// variance.
struct WindowCounts {
    let width: Int64
    private var window: Int64 = 0
    private var current: UInt64 = 0
    private var windows: Int64 = 0
    private var sum = 0.0
    private var squares = 0.0
    private(set) var peak: UInt64 = 0

    init(width: Int64) { self.width = width }

    mutating func record(_ time: Int64) {
        let index = time / width
        if index != window {
            close(upTo: index)
        }
        current += 1
        peak = max(peak, current)
    }

    private mutating func close(upTo index: Int64) {
        // The windows skipped over hold nothing and add nothing but their number.
        windows += index - window
        sum += Double(current)
        squares += Double(current) * Double(current)
        current = 0
        window = index
    }

    /// Variance ÷ mean of the counts of the whole windows (1 for Poisson); `nil` below two windows.
    var dispersion: Double? {
        guard windows >= 2, sum > 0 else { return nil }
        let number = Double(windows)
        let mean = sum / number
        return max(0, (squares - number * mean * mean) / (number - 1)) / mean
    }
}

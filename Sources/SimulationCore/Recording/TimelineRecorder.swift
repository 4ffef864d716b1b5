import Primitives

/// Builds a ``Timeline`` from points and intervals, each in O(1) whatever its length: an interval adds its two partial
/// bins directly and the full bins between them as a pair of differences, summed up when bins merge or the run ends.
struct TimelineRecorder {
    static let capacity = 512
    private static let stride = capacity + 1

    private var width: Int64
    private var bins: [TimelineBin] = []
    /// The bin looked up last and the times it covers: most of what is recorded falls into the present one, and a
    /// comparison is cheaper than a division.
    private var latest = (index: 0, start: Int64(0), end: Int64(0))
    /// Changes of the full-bin level at a bin, series by series; cleared whenever it has been summed into the bins.
    private var levels: [Int64]

    /// What is measured in units × time.
    enum Series: Int, CaseIterable {
        case running, waiting, busy, blocks, provisioning, loading, serving, draining, held
    }

    init(width: SimulatedDuration = .seconds(1)) {
        self.width = width.nanoseconds
        levels = [Int64](repeating: 0, count: Self.stride * Series.allCases.count)
    }

    @inline(__always) mutating func arrival(_ time: Int64) {
        bins[bin(at: time)].arrivals &+= 1
    }

    @inline(__always) mutating func completion(_ time: Int64, tokens: UInt64, good: Bool) {
        let index = bin(at: time)
        bins[index].completions &+= 1
        bins[index].outputTokens &+= tokens
        if good { bins[index].good &+= 1 }
    }

    mutating func failure(_ time: Int64) {
        bins[bin(at: time)].failures &+= 1
    }

    /// Adds `weight` × the interval's length, spread over the bins it covers.
    mutating func add(from start: Int64, to end: Int64, weight: Int64, to series: Series) {
        guard end > start, weight != 0 else { return }
        let last = bin(at: end)
        if start >= latest.start { return bins[last].add(Int128(weight) * Int128(end - start), to: series) }
        let first = Int(start / width)
        bins[first].add(Int128(weight) * Int128(Int64(first + 1) * width - start), to: series)
        bins[last].add(Int128(weight) * Int128(end - Int64(last) * width), to: series)
        guard last > first + 1 else { return }
        let row = series.rawValue * Self.stride
        levels[row + first + 1] += weight
        levels[row + last] -= weight
    }

    func finished() -> Timeline {
        var copy = self
        copy.sumLevels()
        return Timeline(width: SimulatedDuration(nanoseconds: width), bins: copy.bins)
    }

    @inline(__always) private mutating func bin(at time: Int64) -> Int {
        if time < latest.start || time >= latest.end { look(up: time) }
        return latest.index
    }

    /// Finds or makes the bin for `time`, doubling the width until it fits.
    private mutating func look(up time: Int64) {
        while time / width >= Int64(Self.capacity) { merge() }
        let index = Int(time / width)
        while bins.count <= index { bins.append(TimelineBin()) }
        latest = (index, Int64(index) * width, Int64(index + 1) * width)
    }

    private mutating func merge() {
        sumLevels()
        var merged: [TimelineBin] = []
        for pair in Swift.stride(from: 0, to: bins.count, by: 2) {
            merged.append(pair + 1 < bins.count ? bins[pair].merged(with: bins[pair + 1]) : bins[pair])
        }
        bins = merged
        width *= 2
    }

    private mutating func sumLevels() {
        for series in Series.allCases {
            var level: Int64 = 0
            for index in bins.indices {
                level += levels[series.rawValue * Self.stride + index]
                if level != 0 { bins[index].add(Int128(level) * Int128(width), to: series) }
            }
        }
        for index in levels.indices { levels[index] = 0 }
    }
}

extension TimelineBin {
    @inline(__always) fileprivate mutating func add(_ value: Int128, to series: TimelineRecorder.Series) {
        switch series {
        case .running: runningTime += value
        case .waiting: waitingTime += value
        case .busy: busyTime += value
        case .blocks: kvBlockTime += value
        case .provisioning: provisioningTime += value
        case .loading: loadingTime += value
        case .serving: servingTime += value
        case .draining: drainingTime += value
        case .held: heldTime += value
        }
    }

    /// The bin that covers both.
    func merged(with other: TimelineBin) -> TimelineBin {
        var sum = self
        sum.arrivals += other.arrivals
        sum.completions += other.completions
        sum.good += other.good
        sum.outputTokens += other.outputTokens
        sum.failures += other.failures
        sum.runningTime += other.runningTime
        sum.waitingTime += other.waitingTime
        sum.kvBlockTime += other.kvBlockTime
        sum.busyTime += other.busyTime
        sum.provisioningTime += other.provisioningTime
        sum.loadingTime += other.loadingTime
        sum.servingTime += other.servingTime
        sum.drainingTime += other.drainingTime
        sum.heldTime += other.heldTime
        return sum
    }
}

import Primitives

/// Builds a ``Timeline`` from points and intervals, each in O(1) whatever its length: an interval adds its two partial
/// bins directly and the full bins between them as a pair of differences, summed up when bins merge or the run ends.
struct TimelineRecorder {
    static let capacity = 512

    private var width: Int64
    private var bins: [TimelineBin] = []
    /// Changes of the full-bin level at a bin, per series; cleared whenever it has been summed into the bins.
    private var running: [Int64]
    private var waiting: [Int64]
    private var busy: [Int64]
    private var blocks: [Int64]

    enum Series { case running, waiting, busy, blocks }

    init(width: SimulatedDuration = .seconds(1)) {
        self.width = width.nanoseconds
        let level = [Int64](repeating: 0, count: Self.capacity + 1)
        (running, waiting, busy, blocks) = (level, level, level, level)
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

    /// Adds `weight` × the interval's length, spread over the bins it covers.
    mutating func add(from start: Int64, to end: Int64, weight: Int64, to series: Series) {
        guard end > start, weight != 0 else { return }
        let last = bin(at: end)
        let first = Int(start / width)
        if first == last { return amount(first, Int128(weight) * Int128(end - start), series) }
        amount(first, Int128(weight) * Int128(Int64(first + 1) * width - start), series)
        amount(last, Int128(weight) * Int128(end - Int64(last) * width), series)
        if last > first + 1 { level(first + 1, last, weight, series) }
    }

    func finished() -> Timeline {
        var copy = self
        copy.sumLevels()
        return Timeline(width: SimulatedDuration(nanoseconds: width), bins: copy.bins)
    }

    @inline(__always) private mutating func bin(at time: Int64) -> Int {
        var index = Int(time / width)
        if index >= bins.count { index = reach(time) }
        return index
    }

    /// Makes a bin for `time`, doubling the width until it fits.
    private mutating func reach(_ time: Int64) -> Int {
        while time / width >= Int64(Self.capacity) { merge() }
        let index = Int(time / width)
        while bins.count <= index { bins.append(TimelineBin()) }
        return index
    }

    private mutating func merge() {
        sumLevels()
        var merged: [TimelineBin] = []
        for pair in stride(from: 0, to: bins.count, by: 2) {
            merged.append(pair + 1 < bins.count ? bins[pair].merged(with: bins[pair + 1]) : bins[pair])
        }
        bins = merged
        width *= 2
    }

    private mutating func sumLevels() {
        var level: (running: Int64, waiting: Int64, busy: Int64, blocks: Int64) = (0, 0, 0, 0)
        for index in bins.indices {
            level.running += running[index]
            level.waiting += waiting[index]
            level.busy += busy[index]
            level.blocks += blocks[index]
            bins[index].runningTime += Int128(level.running) * Int128(width)
            bins[index].waitingTime += Int128(level.waiting) * Int128(width)
            bins[index].busyTime += Int128(level.busy) * Int128(width)
            bins[index].kvBlockTime += Int128(level.blocks) * Int128(width)
        }
        let zero = [Int64](repeating: 0, count: Self.capacity + 1)
        (running, waiting, busy, blocks) = (zero, zero, zero, zero)
    }

    @inline(__always) private mutating func amount(_ index: Int, _ value: Int128, _ series: Series) {
        switch series {
        case .running: bins[index].runningTime += value
        case .waiting: bins[index].waitingTime += value
        case .busy: bins[index].busyTime += value
        case .blocks: bins[index].kvBlockTime += value
        }
    }

    @inline(__always) private mutating func level(_ from: Int, _ to: Int, _ weight: Int64, _ series: Series) {
        switch series {
        case .running: (running[from], running[to]) = (running[from] + weight, running[to] - weight)
        case .waiting: (waiting[from], waiting[to]) = (waiting[from] + weight, waiting[to] - weight)
        case .busy: (busy[from], busy[to]) = (busy[from] + weight, busy[to] - weight)
        case .blocks: (blocks[from], blocks[to]) = (blocks[from] + weight, blocks[to] - weight)
        }
    }
}

extension TimelineBin {
    /// The bin that covers both.
    func merged(with other: TimelineBin) -> TimelineBin {
        var sum = self
        sum.arrivals += other.arrivals
        sum.completions += other.completions
        sum.good += other.good
        sum.outputTokens += other.outputTokens
        sum.runningTime += other.runningTime
        sum.waitingTime += other.waitingTime
        sum.kvBlockTime += other.kvBlockTime
        sum.busyTime += other.busyTime
        return sum
    }
}

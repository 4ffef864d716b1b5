/// Times of one thing run repeatedly.
public struct TimingSample: Hashable, Sendable {
    /// The middle time in nanoseconds; of an even number of samples the mean of the two middle ones.
    public var medianNanoseconds: Double
    /// Shortest time in nanoseconds.
    public var fastestNanoseconds: Double
    /// Runs timed, the warm-up not counted.
    public var samples: Int
    /// Interquartile range ÷ median: how much the machine disturbed the measurement.
    public var spread: Double
    /// Runs slower than the third quartile by more than 1.5 interquartile ranges (Tukey's rule): somebody else's work.
    /// They count in the median, which they hardly move.
    public var outliers: Int

    /// Summary of one or more times in nanoseconds. A time of 0, below the clock's resolution, counts as 1.
    init(_ times: [Double]) {
        let sorted = times.map { max($0, 1) }.sorted()
        let count = sorted.count
        medianNanoseconds = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
        fastestNanoseconds = sorted[0]
        samples = count
        let (low, high) = (sorted[(count - 1) / 4], sorted[(3 * (count - 1) + 2) / 4])
        spread = (high - low) / medianNanoseconds
        outliers = sorted.count { $0 > high + 1.5 * (high - low) }
    }
}

/// How long and how often to time one thing.
package struct Sampler {
    /// Time to spend, in nanoseconds, warm-up included. The least number of samples is taken even if it is exceeded.
    package var nanoseconds: Double
    /// Least number of timed runs.
    package var fewest = 3
    /// Most timed runs.
    package var most = 41
    /// A monotonic clock, in nanoseconds from anywhere.
    package var clock: () -> Double = Sampler.now

    /// A sampler on the monotonic clock unless told otherwise.
    package init(nanoseconds: Double, fewest: Int = 3, most: Int = 41, clock: @escaping () -> Double = Sampler.now) {
        self.nanoseconds = nanoseconds
        self.fewest = fewest
        self.most = most
        self.clock = clock
    }

    /// Runs `body` once to warm up and then repeatedly; `body` gets the number of the run, from 0 (the warm-up), so
    /// that it can turn to other memory each time.
    package func measure(_ body: (Int) -> Void) -> TimingSample {
        let start = clock()
        body(0)
        var times: [Double] = []
        while times.count < fewest || (times.count < most && clock() - start < nanoseconds) {
            let begin = clock()
            body(times.count + 1)
            times.append(clock() - begin)
        }
        return TimingSample(times)
    }

    /// Nanoseconds on the system's monotonic clock since this program first asked.
    package static func now() -> Double {
        let (seconds, attoseconds) = (ContinuousClock.now - origin).components
        return Double(seconds) * 1e9 + Double(attoseconds) * 1e-9
    }

    private static let origin = ContinuousClock.now
}

/// What this machine can do at best: the two walls that kernels are judged against.
public struct MachineLimits: Hashable, Sendable, Codable {
    /// Rate of a large square single-precision product, in operations per second.
    public var gemmOperationsPerSecond: Double
    /// Bytes read plus bytes written per second by copying arrays larger than the caches (STREAM's "copy" count).
    public var copyBytesPerSecond: Double
    /// Bytes read per second by summing an array larger than the caches.
    public var readBytesPerSecond: Double

    /// All limits; see the properties.
    public init(gemmOperationsPerSecond: Double, copyBytesPerSecond: Double, readBytesPerSecond: Double) {
        self.gemmOperationsPerSecond = gemmOperationsPerSecond
        self.copyBytesPerSecond = copyBytesPerSecond
        self.readBytesPerSecond = readBytesPerSecond
    }

    /// Measures with all threads of `team`. `quick` takes about a quarter of a second, otherwise about two. Rates by
    /// the fastest run: a limit is what the machine can do when nothing disturbs it.
    ///
    /// The arrays of the memory rates exceed the caches where `memoryBytes` leaves room for that: ``LimitProbe``.
    public static func measure(
        on machine: HostMachine, team: ThreadTeam, quick: Bool, memoryBytes: Int = .max
    ) -> MachineLimits {
        let probe = LimitProbe(on: machine, team: team, quick: quick, memoryBytes: memoryBytes)
        let sampler = Sampler(nanoseconds: 0, fewest: quick ? 3 : 9)
        return MachineLimits(
            gemmOperationsPerSecond: probe.operations
                / probe.product(Sampler(nanoseconds: 0, fewest: quick ? 3 : 5)).fastestNanoseconds * 1e9,
            copyBytesPerSecond: probe.copyBytes / probe.copy(sampler).fastestNanoseconds * 1e9,
            readBytesPerSecond: probe.readBytes / probe.read(sampler).fastestNanoseconds * 1e9)
    }
}

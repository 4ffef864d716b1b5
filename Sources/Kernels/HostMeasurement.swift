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

    /// Summary of one or more times in nanoseconds. A time of 0, below the clock's resolution, counts as 1.
    init(_ times: [Double]) {
        let sorted = times.map { max($0, 1) }.sorted()
        let count = sorted.count
        medianNanoseconds = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
        fastestNanoseconds = sorted[0]
        samples = count
        spread = (sorted[(3 * (count - 1) + 2) / 4] - sorted[(count - 1) / 4]) / medianNanoseconds
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
public struct MachineLimits: Hashable, Sendable {
    /// Rate of a large square single-precision product, in operations per second.
    public var gemmOperationsPerSecond: Double
    /// Bytes read plus bytes written per second by copying arrays larger than the caches (STREAM's "copy" count).
    public var copyBytesPerSecond: Double
    /// Bytes read per second by summing an array larger than the caches.
    public var readBytesPerSecond: Double

    /// Measures with all threads of `team`. `quick` takes about a quarter of a second, otherwise about two.
    ///
    /// The two arrays of the memory rates exceed the last cache fourfold (twofold when quick) where `memoryBytes`
    /// leaves room for both; with less the rates are those of a cache.
    public static func measure(
        on machine: HostMachine, team: ThreadTeam, quick: Bool, memoryBytes: Int = .max
    ) -> MachineLimits {
        let wanted = (quick ? 2 : 4) * machine.lastLevelCacheBytes
        let bytes = min(wanted, max(min(memoryBytes, machine.memoryBytes / 4) / 2, 1 << 18))
        let memory = memoryRates(floats: bytes / 4, team: team, samples: quick ? 3 : 9)
        return MachineLimits(
            gemmOperationsPerSecond: gemmRate(size: quick ? 768 : 2048, team: team, samples: quick ? 3 : 5),
            copyBytesPerSecond: memory.copy, readBytesPerSecond: memory.read)
    }

    /// Rates by the fastest run: a limit is what the machine can do when nothing disturbs it.
    private static func gemmRate(size: Int, team: ThreadTeam, samples: Int) -> Double {
        let (a, b) = (Matrix(rows: size, columns: size), Matrix(rows: size, columns: size))
        let c = Matrix(rows: size, columns: size)
        let sample = Sampler(nanoseconds: 0, fewest: samples).measure { _ in
            MatMul.multiply(a.pointer, rows: size, by: b.weights, into: c.pointer, on: team)
        }
        return 2 * Double(size) * Double(size) * Double(size) / sample.fastestNanoseconds * 1e9
    }

    private static func memoryRates(
        floats: Int, team: ThreadTeam, samples: Int
    ) -> (copy: Double, read: Double) {
        let (from, to) = (Matrix(rows: 1, columns: floats), Matrix(rows: 1, columns: floats))
        let sums = Matrix(rows: team.threads, columns: 16)
        let sampler = Sampler(nanoseconds: 0, fewest: samples)
        let copy = sampler.measure { _ in
            team.split(floats, grain: 4096) { part in
                (to.pointer + part.lowerBound).update(from: from.pointer + part.lowerBound, count: part.count)
            }
        }
        let read = sampler.measure { _ in
            team.deal(team.threads) { worker, _ in
                let part = floats * worker / team.threads..<floats * (worker + 1) / team.threads
                sums[worker, 0] = VectorMath.streamingSum(from.pointer + part.lowerBound, count: part.count)
            }
        }
        let bytes = Double(floats) * 4
        return (2 * bytes / copy.fastestNanoseconds * 1e9, bytes / read.fastestNanoseconds * 1e9)
    }
}

import PerformanceModel
import Primitives
import Testing

@testable import Kernels

/// The timer on a clock of the tests' own: what is timed really runs, as often as the sampler says, and nothing else
/// is inside the time.
@Suite struct KernelTimerTests {
    /// Moves on by `step` nanoseconds each time it is asked.
    private final class Clock {
        private(set) var now = 0.0
        var step: Double
        init(step: Double) { self.step = step }
        func read() -> Double {
            now += step
            return now
        }
    }

    private static func points() throws -> [CalibrationGrid.Point] {
        let shape = try tinyShape()
        return [
            .gemm(m: 1, n: 9, k: 21), .gemm(m: 40, n: 9, k: 21), .prefill(shape, tokens: 5, cached: 0),
            .prefill(shape, tokens: 70, cached: 90), .decode(shape, sequences: 1, context: 1),
            .decode(shape, sequences: 5, context: 200), .elementwise(shape, .norm, tokens: 3),
            .elementwise(shape, .rotary, tokens: 3), .elementwise(shape, .activation, tokens: 3), .step(sequences: 1),
            .step(sequences: 6),
        ]
    }

    private func timer(threads: Int, memoryBytes: Int = 1 << 20) throws -> KernelTimer {
        var machine = HostMachine.current()
        machine.lastLevelCacheBytes = 64 << 10
        return KernelTimer(
            try Self.points(), team: ThreadTeam(threads: threads), machine: machine, memoryBytes: memoryBytes)
    }

    /// Each timing reads the clock before and after: the time is one step of the clock, on any number of threads.
    @Test(arguments: [1, 2, 3])
    func everyPointIsTimedBetweenTwoReadings(threads: Int) throws {
        let timer = try timer(threads: threads)
        for point in try Self.points() {
            let clock = Clock(step: 250)
            let sample = timer.measure(point, Sampler(nanoseconds: 1e9, fewest: 2, most: 5, clock: clock.read))
            #expect(sample == TimingSample(Array(repeating: 250, count: 5)), "\(point)")
            // One reading to begin with, two per run, and one before each run beyond the fewest.
            #expect(clock.now == 250 * (1 + 2 * 5 + 3), "\(point)")
        }
    }

    /// With no time left every point is still run the least number of times.
    @Test func noTimeIsTheFewestRuns() throws {
        let timer = try timer(threads: 1)
        for point in try Self.points() {
            let sample = timer.measure(point, Sampler(nanoseconds: 0, clock: Clock(step: 10).read))
            #expect(sample.samples == 3 && sample.medianNanoseconds == 10, "\(point)")
        }
    }

    /// A memory limit below the largest matrix still leaves room for that matrix.
    @Test(arguments: [0, 1, 1 << 10, 1 << 24])
    func anyMemoryLimitHoldsTheLargestMatrix(memoryBytes: Int) throws {
        let timer = try timer(threads: 2, memoryBytes: memoryBytes)
        for point in try Self.points() {
            #expect(timer.measure(point, Sampler(nanoseconds: 0)).medianNanoseconds > 0, "\(point)")
        }
    }

    @Test func weightBytesAreThoseOfTheMatrix() throws {
        #expect(try Self.points().map(\.weightBytes) == [768, 768, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    }

    /// Quartiles by rank: the ranks ⌊(n−1)/4⌋ and ⌊(3(n−1)+2)/4⌋ of the sorted times.
    @Test func samplesAreOrderStatistics() {
        for count in 1...41 {
            let times = (0..<count).map { Double(($0 * 17) % count + 100) }
            let sample = TimingSample(times)
            #expect(sample.fastestNanoseconds == (times.min() ?? 0) && sample.samples == count)
            let below = times.count { $0 < sample.medianNanoseconds }
            let above = times.count { $0 > sample.medianNanoseconds }
            #expect(below == above, "\(count) times")
            #expect(TimingSample(times.sorted()) == sample && TimingSample(times.reversed()) == sample)
            #expect(sample.spread * sample.medianNanoseconds < Double(count))
        }
    }
}

@Suite struct StepTrialTests {
    typealias Chunk = StepTrial.Chunk

    /// The totals of a step by counting every query and key.
    private func counted(_ chunks: [Chunk]) -> StepShape {
        var step = StepShape()
        for chunk in chunks {
            step.sampledSequences += 1
            guard chunk.tokens > 1 else {
                step.decodeSequences += 1
                for _ in 0...chunk.cached { step.decodeContext += 1 }
                continue
            }
            step.prefillSequences += 1
            step.prefillContext += chunk.cached + chunk.tokens
            for query in chunk.cached..<chunk.cached + chunk.tokens {
                step.prefillTokens += 1
                for _ in 0...query { step.prefillPairs += 1 }
            }
        }
        return step
    }

    @Test(arguments: [
        [(1, 0)], [(1, 17)], [(2, 0)], [(9, 4)], [(1, 3), (1, 3), (1, 90)], [(5, 0), (3, 7)],
        [(4, 1), (1, 0), (1, 8), (6, 6)],
    ])
    func shapesCountQueriesAndKeys(chunks: [(Int, Int)]) {
        let chunks = chunks.map { Chunk(tokens: $0.0, cached: $0.1) }
        let step = StepTrial.stepShape(chunks)
        #expect(step == counted(chunks))
        #expect(step.tokens == chunks.reduce(0) { $0 + $1.tokens })
    }

    /// Steps of every kind really run, on more sequences than threads and fewer.
    @Test(arguments: [1, 2, 4])
    func trialsRun(threads: Int) throws {
        for chunks in [
            [Chunk(tokens: 1, cached: 0)], [Chunk(tokens: 70, cached: 3)],
            (0..<7).map { Chunk(tokens: 1, cached: 30 * $0) } + [Chunk(tokens: 20, cached: 5)],
        ] {
            let trial = StepTrial.measure(try tinyShape(), chunks, threads: threads, seconds: 0)
            #expect(trial.step == counted(chunks) && trial.sample.samples == 3)
            #expect(trial.sample.fastestNanoseconds > 0)
        }
    }

    @Test func aSecondsBudgetBuysSamples() throws {
        let trial = StepTrial.measure(try tinyShape(), [Chunk(tokens: 1, cached: 2)], threads: 1, seconds: 60)
        #expect(trial.sample.samples == 41)
    }
}

/// Kernels that deal rows to threads only beyond some thousand elements, with enough of them.
@Suite struct ThreadedRowsTests {
    private func same(_ body: (ThreadTeam) -> Matrix) {
        let alone = body(ThreadTeam(threads: 1))
        for threads in [2, 3, 5] {
            let divided = body(ThreadTeam(threads: threads))
            #expect((0..<alone.count).allSatisfy { alone.pointer[$0] == divided.pointer[$0] }, "\(threads) threads")
        }
    }

    @Test func rowsAreDivided() {
        // 16,384 elements per thread: a row of 1,000 needs sixteen to be worth another thread.
        #expect(Elementwise.rowsPerThread(1000) == 16 && Elementwise.rowsPerThread(1 << 20) == 1)
        #expect(Elementwise.rowsPerThread(0) == 16_384)
    }

    @Test func norms() {
        let (input, weight) = (randomMatrix(70, 1000, seed: 95), randomMatrix(1, 1000, seed: 96))
        same { team in
            let output = Matrix(rows: 70, columns: 1000)
            Normalisation(weight: weight, epsilon: 1e-5)
                .apply(input.pointer, rows: 70, into: output.pointer, on: team)
            return output
        }
    }

    @Test func activations() {
        let gateUp = Matrix(rows: 70, columns: 2002, key: RandomKey(seed: 97), scale: 4)
        same { team in
            let output = Matrix(rows: 70, columns: 1001)
            Activation.gatedSiLU(gateUp.pointer, rows: 70, width: 1001, into: output.pointer, on: team)
            return output
        }
    }

    /// Rotation and cache writes of 300 tokens of 192 elements each.
    @Test func rotations() throws {
        let shape = try tinyShape(hidden: 16, heads: 8, kvHeads: 2, headDim: 16)
        same { team in
            let pass = ForwardPass(shape, maximumTokens: 300, context: 310, team: team)
            let content = randomMatrix(300, shape.projectionWidth, seed: 98)
            pass.projections.pointer.update(from: content.pointer, count: content.count)
            let cache = KeyValueCache(layers: 1, kvHeads: 2, headDim: 16, capacity: 310)
            cache.length = 10
            pass.rotateAndStore([.init(cache, tokens: 300)], layer: 0)
            let result = Matrix(rows: 3, columns: 300 * shape.projectionWidth)
            result.row(0).update(from: pass.projections.pointer, count: content.count)
            result.row(1).update(from: cache.keys(layer: 0, head: 1), count: 310 * 16)
            result.row(2).update(from: cache.values(layer: 0, head: 1), count: 310 * 16)
            #expect((0..<160).allSatisfy { result.row(1)[$0] == 0 } && result.row(1)[160] != 0)
            return result
        }
    }
}

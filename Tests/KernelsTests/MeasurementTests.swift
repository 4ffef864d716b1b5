import PerformanceModel
import Testing

@testable import Kernels

@Suite struct MeasurementTests {
    @Test func summarisesTimes() {
        let odd = TimingSample([5, 1, 3])
        #expect(odd.medianNanoseconds == 3 && odd.fastestNanoseconds == 1 && odd.samples == 3)
        let even = TimingSample([4, 1, 3, 2])
        #expect(even.medianNanoseconds == 2.5)
        #expect(TimingSample([7]).spread == 0)
        #expect(TimingSample([0, 0]).medianNanoseconds == 1)
        #expect(TimingSample([1, 2, 3, 4, 5, 6, 7, 8, 9]).spread == 4.0 / 5)
    }

    @Test func samplerWarmsUpOnceAndCounts() {
        var runs: [Int] = []
        let sample = Sampler(nanoseconds: 0, fewest: 4, most: 9).measure { runs.append($0) }
        #expect(runs == [0, 1, 2, 3, 4])
        #expect(sample.samples == 4 && sample.medianNanoseconds > 0)
        let long = Sampler(nanoseconds: 1e12, fewest: 2, most: 7).measure { _ in }
        #expect(long.samples == 7)
    }

    /// On a clock that only the body moves: a warm-up of 50, then 10, 20, 30, … until 200 are spent.
    @Test func samplerSpendsItsTime() {
        var now = 1000.0
        let sampler = Sampler(nanoseconds: 200, fewest: 1, most: 100) { now }
        let sample = sampler.measure { run in now += run == 0 ? 50 : Double(run) * 10 }
        // 50 + 10 + 20 + 30 + 40 = 150 is not yet 200; 50 more is.
        #expect(sample.samples == 5)
        #expect(sample.medianNanoseconds == 30 && sample.fastestNanoseconds == 10)
        #expect(sample.spread == 20.0 / 30)
    }

    @Test func limitsArePositive() {
        let limits = MachineLimits.measure(
            on: .current(), team: ThreadTeam(threads: 1), quick: true, memoryBytes: 1 << 19)
        #expect(limits.gemmOperationsPerSecond > 1e6)
        #expect(limits.copyBytesPerSecond > 1e6 && limits.readBytesPerSecond > 1e6)
    }

    @Test func streamingSumReadsWholeLines() {
        let values = Matrix(rows: 1, columns: 150)
        for column in 0..<150 { values[0, column] = Float(column) }
        #expect(VectorMath.streamingSum(values.pointer, count: 150) == Float((0..<128).reduce(0, +)))
    }

    @Test func greedyTakesTheFirstOfTheLargest() {
        let logits = randomMatrix(3, 41, seed: 1)
        (logits[0, 40], logits[1, 7], logits[1, 30], logits[2, 0]) = (2, 3, 3, 4)
        #expect(Sampling.greedy(logits, on: ThreadTeam(threads: 2)) == [40, 7, 0])
    }
}

@Suite struct CalibrationGridTests {
    private let fast = MachineLimits(gemmOperationsPerSecond: 1e12, copyBytesPerSecond: 1e11, readBytesPerSecond: 1e11)

    private func grid(_ shapes: [DecoderShape], memory: Int = 1 << 40, longest: Double = 100) -> CalibrationGrid {
        CalibrationGrid(shapes, limits: .init(memoryBytes: memory, longestRun: longest, machine: fast))
    }

    @Test func holdsEveryKernelAndEveryMatrixOfTheModel() throws {
        let shape = try DecoderShape(try ModelCatalogue.model(named: "llama-3.2-1b"))
        let shapes = grid([shape]).points.map(\.shape)
        // Llama-3.2-1B: 32 query and 8 key-value heads of 64, hidden 2048, intermediate 8192, vocabulary 128256.
        for (n, k) in [(3072, 2048), (2048, 2048), (16384, 2048), (2048, 8192)] {
            for m in [1, 2, 4, 8, 16, 512] { #expect(shapes.contains(.gemm(m: m, n: n, k: k))) }
        }
        #expect(shapes.contains(.gemm(m: 32, n: 128_256, k: 2048)))
        #expect(
            shapes.contains(.decodeAttention(sequences: 8, context: 256, heads: 32, kvHeads: 8, headDim: 64)))
        #expect(
            shapes.contains(.prefillAttention(tokens: 128, cached: 256, heads: 32, kvHeads: 8, headDim: 64)))
        #expect(shapes.contains(.elementwise(bytes: 8 * 3 * 8192 * 4)))
        #expect(shapes.contains(.stepOverhead(sequences: 4)))
    }

    @Test func sharedShapesAppearOnce() throws {
        let shape = try tinyShape()
        let once = grid([shape]).points
        #expect(grid([shape, shape]).points == once)
        #expect(Set(once).count == once.count)
    }

    @Test func timeAndMemoryBoundThePoints() throws {
        let shape = try DecoderShape(try ModelCatalogue.model(named: "llama-3.1-8b"))
        let all = grid([shape]).points
        let short = grid([shape], longest: 0.001).points
        #expect(short.count < all.count && Set(short).isSubset(of: all))
        for point in short {
            #expect(point.shape.work(weightBytes: 4, elementBytes: 4).operations <= 1e9)
            #expect(point.footprint <= 100_000_000)
        }
        let memory = 400 << 20
        let small = grid([shape], memory: memory).points
        #expect(small.allSatisfy { $0.footprint <= memory })
        // The output projection of 128256 × 4096 does not fit: it is cut to half the memory, not left out.
        #expect(small.contains(.gemm(m: 1, n: memory / 8 / 4096, k: 4096)))
    }

    @Test func unsupportedModelsAreRefusedByName() throws {
        func message(_ name: String) throws -> String {
            let model = try ModelCatalogue.model(named: name)
            do {
                _ = try calibrateHost(models: [model], budget: .quick, date: "2026-01-01")
                return ""
            } catch { return error.description }
        }
        #expect(
            try message("deepseek-v3")
                == "deepseek-v3 has latent attention, which the kernels of this host do not run yet")
    }

    @Test func biasesMayBeTimedButNotRun() throws {
        let model = try ModelCatalogue.model(named: "qwen2.5-7b")
        #expect(try DecoderShape(calibrating: model).kvHeads == 4)
        #expect(throws: KernelError.self) { try DecoderShape(model) }
    }

    @Test func shapesAreValidated() {
        func message(heads: Int, kvHeads: Int, headDim: Int) -> String {
            do {
                _ = try tinyShape(heads: heads, kvHeads: kvHeads, headDim: headDim)
                return ""
            } catch { return "\(error)" }
        }
        #expect(message(heads: 6, kvHeads: 4, headDim: 4).contains("6 heads, which 4 key-value heads cannot share"))
        #expect(message(heads: 6, kvHeads: 2, headDim: 5).contains("odd head dimension 5"))
        #expect(message(heads: 0, kvHeads: 2, headDim: 4).contains("not positive"))
        #expect(message(heads: 6, kvHeads: 2, headDim: 4) == "")
    }
}

@Suite struct HostCalibrationTests {
    private func tinyModel() -> ModelArchitecture {
        ModelArchitecture(
            name: "tiny", hiddenSize: 16, layers: 2, vocabularySize: 32,
            attention: .grouped(GroupedAttention(heads: 4, kvHeads: 2, headDim: 4)),
            feedForward: FeedForward(intermediateSize: 24), contextLength: 128)
    }

    /// A calibration in miniature, from the kernels to a profile that a step cost accepts.
    @Test func calibratesATinyModel() throws {
        var seen: [CalibrationProgress] = []
        let budget = CalibrationBudget(seconds: 0.2, memoryBytes: 200 << 10)
        let profile = try calibrateHost(models: [tinyModel()], threads: 1, budget: budget, date: "2026-01-02") {
            seen.append($0)
        }
        #expect(seen.map(\.done) == Array(1...seen.count) && seen.allSatisfy { $0.total == seen.count })
        #expect(profile.measurements.map(\.shape) == seen.map(\.shape))
        #expect(profile.measurements.allSatisfy { $0.medianNanoseconds > 0 && $0.samples >= 3 && $0.format == .fp32 })
        for kernel in [Kernel.gemm, .prefillAttention, .decodeAttention, .elementwise, .stepOverhead] {
            #expect(try #require(profile.fit(kernel, .fp32)).heldOut != nil, "\(kernel)")
        }
        #expect(profile.date == "2026-01-02" && profile.machine.threads == 1)
        #expect(profile.machine.copyBytesPerSecond > 0 && profile.machine.peakOperationsPerSecond > 0)
        #expect(profile.provenance.contains("shapes of tiny") && profile.library.contains("OpenBLAS"))
        #expect(try DeviceProfile.decode(profile.encoded(), file: "memory") == profile)
    }

    @Test func refusesWhatItCannotDo() {
        func message(_ models: [ModelArchitecture], threads: Int?, seconds: Double) -> String {
            do {
                let budget = CalibrationBudget(seconds: seconds, memoryBytes: 100 << 10)
                _ = try calibrateHost(models: models, threads: threads, budget: budget, date: "2026-01-02")
                return ""
            } catch { return error.description }
        }
        #expect(message([], threads: 1, seconds: 1).contains("at least one model"))
        #expect(message([tinyModel()], threads: 0, seconds: 1).contains("`0` threads"))
        #expect(message([tinyModel()], threads: 100_000, seconds: 1).contains("`100000` threads"))
        #expect(message([tinyModel()], threads: 1, seconds: 0).contains("leaves no gemm shape"))
    }

    @Test func aStepTrialRunsTheStepItNames() throws {
        let chunks = [
            StepTrial.Chunk(tokens: 3, cached: 2), .init(tokens: 1, cached: 4), .init(tokens: 1, cached: 0),
        ]
        let trial = StepTrial.measure(try tinyShape(), chunks, threads: 2, seconds: 0)
        #expect(trial.sample.samples == 3 && trial.sample.medianNanoseconds > 0)
        #expect(trial.step.prefillTokens == 3 && trial.step.prefillSequences == 1)
        // Three queries after two cached: 3·2 + 3·4/2 pairs.
        #expect(trial.step.prefillPairs == 12 && trial.step.prefillContext == 5)
        #expect(trial.step.decodeSequences == 2 && trial.step.decodeContext == 6)
        #expect(trial.step.sampledSequences == 3)
    }
}

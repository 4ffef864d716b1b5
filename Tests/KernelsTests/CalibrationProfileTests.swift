import Foundation
import PerformanceModel
import Testing

@testable import Kernels

/// A calibration from the kernels to the file that a simulation serves from, on decoders small enough for seconds.
@Suite(.serialized) struct CalibrationProfileTests {
    static func decoder(_ name: String, heads: Int, kvHeads: Int, hidden: Int = 64) -> ModelArchitecture {
        ModelArchitecture(
            name: name, hiddenSize: hidden, layers: 2, vocabularySize: 200,
            attention: .grouped(GroupedAttention(heads: heads, kvHeads: kvHeads, headDim: 16)),
            feedForward: FeedForward(intermediateSize: 96), contextLength: 4096)
    }

    static let models = [decoder("small", heads: 4, kvHeads: 2), decoder("odd", heads: 3, kvHeads: 1, hidden: 40)]

    private func calibrate(threads: Int) throws -> (profile: DeviceProfile, seen: [CalibrationProgress]) {
        var seen: [CalibrationProgress] = []
        let budget = CalibrationBudget(seconds: 2, memoryBytes: 24 << 20)
        let profile = try calibrateHost(models: Self.models, threads: threads, budget: budget, date: "2026-03-04") {
            seen.append($0)
        }
        return (profile, seen)
    }

    @Test func profileIsCompleteAndServes() throws {
        let threads = min(2, HostMachine.current().cores)
        let (profile, seen) = try calibrate(threads: threads)
        checkRows(profile, seen)
        checkFits(profile)
        checkProvenance(profile, threads: threads)
        try checkFile(profile)
        try checkServing(profile)
    }

    /// Row for row what the grid of both models holds, the progress told of each, in order.
    private func checkRows(_ profile: DeviceProfile, _ seen: [CalibrationProgress]) {
        #expect(seen.map(\.done) == Array(1...seen.count) && Set(seen.map(\.total)) == [seen.count])
        #expect(profile.measurements.map(\.shape) == seen.map(\.shape))
        #expect(profile.measurements.map(\.medianNanoseconds) == seen.map(\.sample.medianNanoseconds))
        #expect(profile.measurements.map(\.samples) == seen.map(\.sample.samples))
        #expect(seen.allSatisfy { (3...41).contains($0.sample.samples) && $0.sample.spread >= 0 })
        #expect(seen.allSatisfy { $0.sample.fastestNanoseconds <= $0.sample.medianNanoseconds })
        for shape in [
            KernelShape.gemm(m: 512, n: 128, k: 64), .gemm(m: 1, n: 40, k: 48), .gemm(m: 32, n: 200, k: 40),
            .prefillAttention(tokens: 512, cached: 3072, heads: 3, kvHeads: 1, headDim: 16),
            .decodeAttention(sequences: 16, context: 2048, heads: 4, kvHeads: 2, headDim: 16),
            .stepOverhead(sequences: 32),
        ] { #expect(profile.measurements.contains { $0.shape == shape }, "\(shape)") }
    }

    /// Every kernel has one fit with all its rows, a third of them kept out, and a law that can be used.
    private func checkFits(_ profile: DeviceProfile) {
        let kernels: [Kernel] = [.gemm, .prefillAttention, .decodeAttention, .elementwise, .stepOverhead]
        #expect(profile.fits.map(\.kernel) == kernels)
        for fit in profile.fits {
            let rows = profile.measurements.count { $0.shape.kernel == fit.kernel }
            let out = fit.heldOut?.count ?? 0
            #expect(fit.fitted.count + out == rows && rows >= 6, "\(fit.kernel)")
            #expect(abs(Double(out) - Double(rows) / 3) <= max(2, 0.1 * Double(rows)), "\(fit.kernel)")
            let coefficients = [fit.overhead, fit.perOperation, fit.perByte, fit.perRowByte]
            #expect(coefficients.allSatisfy { $0 >= 0 && $0.isFinite } && coefficients.contains { $0 > 0 })
        }
        // More work takes longer, by factors far beyond what a busy machine adds.
        #expect(
            time(profile, .gemm, .gemm(m: 512, n: 128, k: 64)) > 2 * time(profile, .gemm, .gemm(m: 1, n: 128, k: 64)))
    }

    private func time(_ profile: DeviceProfile, _ kernel: Kernel, _ shape: KernelShape) -> Double {
        profile.fit(kernel, .fp32)?.time(shape) ?? .nan
    }

    /// Who, where, with what, on which shapes, how steady.
    private func checkProvenance(_ profile: DeviceProfile, threads: Int) {
        let machine = HostMachine.current()
        #expect(profile.name == HostCalibration.slug(machine.processor) + "-\(threads)t")
        #expect(profile.date == "2026-03-04" && profile.version == DeviceProfile.currentVersion)
        #expect(profile.library == machine.library(threads: threads) && profile.library.contains(machine.blasCore))
        #expect(profile.machine.processor == machine.processor && profile.machine.cores == machine.cores)
        #expect(profile.machine.threads == threads && profile.machine.memoryBytes == machine.memoryBytes)
        #expect(profile.machine.copyBytesPerSecond > 0 && profile.machine.peakOperationsPerSecond > 0)
        for part in [machine.system, machine.blasConfiguration, "shapes of small, odd", "spread", "shapes"] {
            #expect(profile.provenance.contains(part), "\(part)")
        }
        let chosen = ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"]
        #expect(profile.provenance.contains("OPENBLAS_CORETYPE=\(chosen ?? "")") == (chosen != nil))
    }

    private func checkFile(_ profile: DeviceProfile) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "isocost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "host.json").path
        try profile.save(path)
        #expect(try DeviceProfile.load(path) == profile)
    }

    /// A step cost takes the profile, names the measured library for every part it times, and grows with the work.
    private func checkServing(_ profile: DeviceProfile) throws {
        let cost = try TransformerStepCost(Self.models[0], .fp32, profile: profile, maxBatchedTokens: 512)
        let timed = cost.provenance.filter { $0.source.hasPrefix("measured") }
        #expect(timed.allSatisfy { $0.source.hasSuffix(profile.library) && $0.date == "2026-03-04" })
        let parts = Set(timed.map(\.part))
        #expect(parts.isSuperset(of: [.feedForward, .prefillAttention, .decodeAttention, .elementwise, .hostOverhead]))
        var last = 0.0
        for tokens in [1, 16, 64, 256, 512] {
            var step = StepShape()
            step.addChunk(new: tokens, cached: 0)
            step.sampledSequences = 1
            #expect(cost.stepTime(step) >= last && cost.stepTime(step) > 0)
            last = cost.stepTime(step)
        }
        #expect(throws: ProfileGap.self) { try TransformerStepCost(Self.models[0], .int8, profile: profile) }
    }
}

/// Every sentence that a calibration can refuse with.
@Suite struct KernelErrorTests {
    private func message(_ body: () throws(KernelError) -> Void) -> String {
        do {
            try body()
            return ""
        } catch { return error.description }
    }

    /// The catalogue's models run or are refused, by name and for a reason, in one sentence without a stop.
    @Test(arguments: ModelCatalogue.all.map(\.architecture))
    func everyModelRunsOrIsRefusedByName(model: ModelArchitecture) {
        let timing = message { () throws(KernelError) in _ = try DecoderShape(calibrating: model) }
        let running = message { () throws(KernelError) in _ = try DecoderShape(model) }
        for text in [timing, running] where !text.isEmpty {
            #expect(text.hasPrefix(model.name + " has "))
            #expect(text.hasSuffix("which the kernels of this host do not run yet") && !text.contains("\n"))
        }
        // What can be run can be timed.
        #expect(timing.isEmpty || running == timing)
        let experts = model.feedForward.experts
        let alone = experts.map { $0.sharedIntermediateSize == 0 && $0.denseLayers == 0 } ?? true
        if case .grouped = model.attention, alone, model.feedForward.gated {
            #expect(timing.isEmpty)
        } else {
            #expect(!timing.isEmpty)
        }
    }

    @Test func budgetsThatLeaveNothing() {
        func refusal(seconds: Double, bytes: Int, threads: Int? = 1) -> String {
            message { () throws(KernelError) in
                let budget = CalibrationBudget(seconds: seconds, memoryBytes: bytes)
                let models = [CalibrationProfileTests.models[0]]
                _ = try calibrateHost(models: models, threads: threads, budget: budget, date: "2026-01-02")
            }
        }
        for seconds in [0, -1, .nan] {
            #expect(refusal(seconds: seconds, bytes: 1 << 20).contains("of \(seconds) seconds and 1048576 bytes"))
        }
        #expect(refusal(seconds: 1, bytes: 0) == "a budget of 1.0 seconds and 0 bytes leaves no gemm shape to time")
        #expect(refusal(seconds: 1, bytes: -5).contains("-5 bytes leaves no gemm shape"))
        // Products of one row fit 20 kB (4·(64·64 + 128) bytes do not exceed it), attention over cached keys does not.
        #expect(refusal(seconds: 1, bytes: 8_000).contains("leaves no"))
        #expect(refusal(seconds: 1, bytes: 1 << 20, threads: -3).contains("`-3` threads do not fit this machine"))
    }

    @Test func theFirstRefusedModelIsNamed() throws {
        let models = [CalibrationProfileTests.models[0], try ModelCatalogue.model(named: "deepseek-v3")]
        let text = message { () throws(KernelError) in _ = try calibrateHost(models: models, date: "2026-01-02") }
        #expect(text.hasPrefix("deepseek-v3 has latent attention"))
    }
}

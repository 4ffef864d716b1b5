import Testing

@testable import PerformanceModel

@Suite struct ProfileStepCostTests {
    /// A machine with exact laws: products 0.1 ns per operation or 0.2 ns per byte, attention and copies 0.2 ns per
    /// byte.
    private func profile(host: Bool = true, without missing: Kernel? = nil) -> DeviceProfile {
        var shapes: [(KernelShape, Double)] = []
        for m in [1, 4, 16, 64, 256] {
            for (n, k) in [(1_024, 512), (4_096, 2_048), (512, 2_048)] {
                shapes.append((.gemm(m: m, n: n, k: k), 1_000))
            }
        }
        for context in [128, 1_024, 8_192] {
            for sequences in [1, 4, 32] {
                shapes.append(
                    (.decodeAttention(sequences: sequences, context: context, heads: 8, kvHeads: 2, headDim: 64), 300))
            }
            shapes.append(
                (.prefillAttention(tokens: 64, cached: context, heads: 8, kvHeads: 2, headDim: 64), 500))
            shapes.append((.elementwise(bytes: context * 4_096), 100))
        }
        if host { shapes += (0..<9).map { (.stepOverhead(sequences: $0 * 8), 20_000) } }
        let rows = shapes.filter { $0.0.kernel != missing }.map { shape, overhead in
            var row = KernelMeasurement(shape: shape, format: .fp32, medianNanoseconds: 1, samples: 5)
            let work = row.work
            row.medianNanoseconds =
                shape.kernel == .stepOverhead
                ? overhead + 40 * work.rows : overhead + max(0.1 * work.operations, 0.2 * work.streamed)
            return row
        }
        return DeviceProfile(
            name: "exact-host",
            machine: .init(processor: "p", cores: 2, threads: 2, memoryBytes: 1 << 33, copyBytesPerSecond: 4e9),
            date: "2026-11-24", library: "test", provenance: "synthetic", measurements: rows)
    }

    private func cost(_ profile: DeviceProfile, _ precision: Precision = .fp32) throws -> TransformerStepCost {
        try TransformerStepCost(
            ModelCatalogue.model(named: "qwen2.5-0.5b"), precision, profile: profile, maxBatchedTokens: 256)
    }

    @Test func timesComeStraightFromTheFits() throws {
        let profile = profile()
        let cost = try cost(profile)
        let gemm = try #require(profile.fit(.gemm, .fp32))
        let parts = cost.breakdown(decodeShape(4, context: 400))
        func time(_ part: StepPart) -> Double { parts.first { $0.part == part }?.nanoseconds ?? 0 }
        // Qwen2.5-0.5B: 896 wide, 14 heads and 2 key-value heads of 64, 4,864 feed-forward, 24 layers.
        let projections = gemm.time(.gemm(m: 4, n: 896 + 256, k: 896)) + gemm.time(.gemm(m: 4, n: 896, k: 896))
        #expect(abs(time(.attentionProjections) / (24 * projections) - 1) < 1e-12)
        let feed = gemm.time(.gemm(m: 4, n: 2 * 4_864, k: 896)) + gemm.time(.gemm(m: 4, n: 896, k: 4_864))
        #expect(abs(time(.feedForward) / (24 * feed) - 1) < 1e-12)
        let attention = try #require(profile.fit(.decodeAttention, .fp32))
        let shape = KernelShape.decodeAttention(sequences: 4, context: 100, heads: 14, kvHeads: 2, headDim: 64)
        #expect(abs(time(.decodeAttention) / (24 * attention.time(shape)) - 1) < 1e-9)
        #expect(abs(time(.hostOverhead) - 20_160) < 1)
    }

    @Test func decodeStepsAreStillLines() throws {
        let cost = try cost(profile())
        for sequences in [1, 7, 300] {
            let line = cost.decodeLine(sequences: sequences, context: 5_000)
            #expect(cost.stepTime(decodeShape(sequences, context: 5_000)) == line.fixed + line.perContextToken * 5_000)
        }
    }

    @Test func provenanceIsMeasured() throws {
        let cost = try cost(profile(host: false))
        let product = try #require(cost.provenance.first { $0.part == .feedForward })
        #expect(product.confidence == .measured && product.source == "measured: profile exact-host, test")
        #expect((product.relativeError ?? 1) < 1e-3)
        let host = try #require(cost.provenance.first { $0.part == .hostOverhead })
        #expect(host.confidence == .assumed)
    }

    @Test(arguments: [Kernel.gemm, .decodeAttention, .prefillAttention])
    func gapsAreNamed(missing: Kernel) {
        let error = #expect(throws: ProfileGap.self) { try cost(profile(without: missing)) }
        #expect(error?.description == "profile exact-host has no measurements of \(missing.rawValue) in fp32")
    }

    @Test func otherFormatsAreNotGuessed() {
        let error = #expect(throws: ProfileGap.self) { try cost(profile(), .int8) }
        #expect(
            error?.description == "profile exact-host has no measurements of gemm in int8, only in fp32: serve it with "
                + "`precision: fp32`")
    }

    @Test func elementwiseFallsBackToTheCopyRate() throws {
        let cost = try cost(profile(without: .elementwise))
        let part = try #require(cost.breakdown(decodeShape(1, context: 1)).first { $0.part == .elementwise })
        #expect(part.nanoseconds > 0)
        #expect(cost.provenance.first { $0.part == .elementwise }?.confidence == .assumed)
    }
}

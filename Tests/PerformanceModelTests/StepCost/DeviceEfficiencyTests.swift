import Testing

@testable import PerformanceModel

@Suite struct DeviceEfficiencyTests {
    @Test(arguments: [
        ("H100-SXM", "H100-SXM", Confidence.fitted), ("H100-PCIe", "H100-SXM", .derived),
        ("H100-NVL", "H100-SXM", .derived),
        ("A100-40GB", "A100-80GB", .derived), ("A10G", "A40", .derived), ("L4", "L40S", .derived),
        ("RTX-5090", "RTX-PRO-6000", .derived), ("B300", "B200", .derived), ("V100", "A100-80GB", .assumed),
        ("T4", "A40", .assumed), ("MI300X", "H100-SXM", .assumed), ("EPYC-Genoa", "CPU", .assumed),
        ("Jetson-AGX-Orin-64GB", "A40", .assumed), ("RTX-4090", "RTX-4090", .fitted), ("B200", "B200", .fitted),
    ])
    func proxies(device: String, like: String, confidence: Confidence) throws {
        let found = DeviceEfficiency.of(try Device.named(device))
        #expect(found.efficiency.device == like && found.confidence == confidence)
    }

    /// A device of the user's own falls back on its generation and kind of memory.
    @Test func unknownDevicesFollowTheirGeneration() throws {
        var own = try Device.named("A100-80GB")
        own.name = "A100X"
        #expect(DeviceEfficiency.of(own).efficiency.device == "A100-80GB")
        own.interconnect = try Device.named("A40").interconnect
        #expect(DeviceEfficiency.of(own).efficiency.device == "A40")
        own.generation = .blackwell
        #expect(DeviceEfficiency.of(own).efficiency.device == "RTX-PRO-6000")
    }

    /// No law may promise more than a tenth above the sheet, except elementwise traffic that caches absorb.
    @Test func factorsAreSane() {
        for entry in DeviceEfficiency.table {
            for law in [entry.matrices, entry.experts, entry.prefill, entry.decode]
                + [entry.eightBit].compactMap(\.self)
            {
                #expect(law.launch >= 0 && law.byteFactor >= 0.9 && law.operationFactor >= 0.85, "\(entry.device)")
                #expect(law.byteFactor < 10 && law.operationFactor <= 5 && law.rowFactor >= 0, "\(entry.device)")
                #expect((law.error ?? 0) < 0.2 && !law.source.isEmpty)
            }
            #expect(entry.elementwise.byteFactor > 0.5)
        }
    }

    /// An L4 without an efficiency of its own still takes its times from its own sheet.
    @Test func sheetsDecideScale() throws {
        let shape = KernelShape.gemm(m: 1, n: 8_192, k: 8_192)
        let small = StepKernels(device: try Device.named("L4"), precision: .bf16).matrices.time(shape)
        let large = StepKernels(device: try Device.named("L40S"), precision: .bf16).matrices.time(shape)
        #expect(abs(small / large - 864 / 300) < 0.01)
    }

    /// 1 × 4,096 × 4,096 in bf16 on H100, by hand: the fourth-power norm of both walls, launch and rows.
    @Test func aProductByHand() throws {
        let kernels = StepKernels(device: try Device.named("H100-SXM"), precision: .bf16)
        let compute = 2.0 * 4_096 * 4_096 / 989.4e3 * 1.178
        let memory = 2.0 * 4_096 * 4_096 / 3_350 * 1.188
        let rows = 2.0 * 8_192 / 3_350 * 0.582
        let norm = (compute * compute * compute * compute + memory * memory * memory * memory).squareRoot().squareRoot()
        #expect(abs(kernels.matrices.time(.gemm(m: 1, n: 4_096, k: 4_096)) - (3_860 + rows + norm)) < 1e-6)
    }

    @Test func cacheFormatMovesAttentionOnly() throws {
        let device = try Device.named("H100-SXM")
        let (plain, eight) = (
            StepKernels(device: device, precision: .bf16), StepKernels(device: device, precision: .bf16.caching(.fp8))
        )
        #expect(eight.matrices == plain.matrices && eight.decode.elementBytes == 1 && plain.decode.elementBytes == 2)
        #expect(eight.prefill.perOperation == plain.prefill.perOperation)
    }

    @Test func fourBitWeightsOnlyShrinkTheLayers() throws {
        let kernels = StepKernels(device: try Device.named("L40S"), precision: .int4)
        #expect(kernels.matrices.weightBytes == Precision.int4.weightBytes && kernels.plain.weightBytes == 2)
        #expect(kernels.matrices.perOperation == kernels.plain.perOperation)
        let experts = StepKernels(device: try Device.named("L40S"), precision: .mxfp4)
        #expect(experts.matrices.weightBytes == 2 && experts.experts.weightBytes == Precision.mxfp4.weightBytes)
    }
}

@Suite struct AttentionCoefficientsTests {
    /// Between powers of two the factor is linear in the logarithm; beyond the last it stays.
    @Test func rowCurves() {
        let curve = RowCurve(factors: [1, 2, 4])
        #expect([1, 2, 4, 100].map(curve.factor) == [1, 2, 4, 4])
        #expect(abs(curve.factor(rows: 3) - (2 + 2 * 0.584_962_500_721_156)) < 1e-12)
        #expect(RowCurve.flat.factor(rows: 77) == 1)
    }

    private func kernels() throws -> StepKernels { StepKernels(device: try Device.named("H100-SXM"), precision: .bf16) }

    private func both(_ name: String) throws -> (DecodeCoefficients, PrefillCoefficients) {
        let model = try ModelCatalogue.model(named: name)
        let attention = LayerWork(architecture: model, tensor: 1).attention
        return (
            DecodeCoefficients(model, attention, try kernels()), PrefillCoefficients(model, attention, try kernels())
        )
    }

    @Test func decodeLaunchesOncePerLayer() throws {
        let (decode, _) = try both("llama-3.1-8b")
        #expect(decode.fixed(sequences: 0) == 0 && decode.time(sequences: 0, context: 0) == 0)
        #expect(abs(decode.launch - 32 * 10_120) < 1e-9)
        #expect(decode.window == .max && decode.perWindowed == 0)
    }

    /// Mean context beyond the window: 10 full layers see everything, 52 see 1,024 tokens of each sequence.
    @Test func windowsCapTheMeanContext() throws {
        let (decode, _) = try both("gemma-3-27b")
        let far = decode.time(sequences: 4, context: 40_000) - decode.fixed(sequences: 4)
        #expect(abs(far - (decode.perContext * 40_000 + decode.perWindowed * 4_096)) < 1e-6)
        #expect(abs(decode.perWindowed / decode.perContext - 5.2) < 1e-12)
    }

    /// A model whose layers are all limited still has a rising line.
    @Test func aLineNeverLiesFlat() throws {
        var model = try ModelCatalogue.model(named: "mistral-7b")
        model.slidingWindow = SlidingWindow(tokens: 4_096, layers: 32)
        let decode = DecodeCoefficients(model, LayerWork(architecture: model, tensor: 1).attention, try kernels())
        let line = decode.line(fixed: 1, sequences: 1, context: 10_000)
        #expect(line.perContextToken > 0 && line.perContextToken < 1e-5)
    }

    @Test func hugeBatchesDoNotOverflowTheLimit() throws {
        let (decode, _) = try both("gemma-3-27b")
        #expect(decode.line(fixed: 1, sequences: Int.max / 8, context: 5).contextLimit == Int.max)
    }

    @Test func prefillSharesItsLaunchWithDecode() throws {
        let (decode, prefill) = try both("llama-3.1-8b")
        let alone = prefill.launch(besides: decode, prefillShape([(8, 0)]))
        let mixed = prefill.launch(besides: decode, prefillShape([(8, 0)], decodes: 1, context: 9))
        #expect(abs(alone - 32 * 10_650) < 1e-6 && abs(mixed - 32 * (10_650 - 10_120)) < 1e-6)
    }

    /// 2,048 new tokens: 2,098,176 pairs of 16,384 operations each, 32 layers, on the compute wall.
    @Test func longPromptsAreComputeBound() throws {
        let (_, prefill) = try both("llama-3.1-8b")
        let time = prefill.time(prefillShape([(2_048, 0)]))
        let pairs = 32 * 2_098_176.0 * 16_384 / 989.4e3 * 1.325
        let rows = 32 * 2_048.0 * 8_192 * 2 / 3_350 * 1.931
        #expect(abs(time / (pairs + rows) - 1) < 1e-12)
    }
}

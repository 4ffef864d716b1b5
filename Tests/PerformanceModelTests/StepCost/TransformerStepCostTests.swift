import PerformanceModel
import Primitives
import Testing

/// Shapes for tests of step costs.
func decodeShape(_ sequences: Int, context: Int) -> StepShape {
    var shape = StepShape()
    shape.decodeSequences = sequences
    shape.decodeContext = context
    shape.sampledSequences = sequences
    return shape
}

func prefillShape(_ chunks: [(new: Int, cached: Int)], decodes: Int = 0, context: Int = 0) -> StepShape {
    var shape = decodeShape(decodes, context: context)
    for chunk in chunks { shape.addChunk(new: chunk.new, cached: chunk.cached) }
    shape.sampledSequences += chunks.count
    return shape
}

func stepCost(
    _ model: String, _ device: String, _ precision: Precision = .bf16, tensor: Int = 1, pipeline: Int = 1
) throws -> TransformerStepCost {
    try TransformerStepCost(
        ModelCatalogue.model(named: model), precision, device: Device.named(device),
        split: Parallelism(tensor: tensor, pipeline: pipeline), maxBatchedTokens: 2_048)
}

@Suite struct TransformerStepCostTests {
    private static let served: [(String, String, Int)] = [
        ("llama-3.1-8b", "H100-SXM", 1), ("llama-2-70b", "A100-80GB", 4), ("mixtral-8x7b", "H100-SXM", 2),
        ("deepseek-v3", "H200", 8), ("gpt-oss-20b", "L40S", 1), ("gemma-3-12b", "RTX-4090", 1),
        ("qwen3-30b-a3b", "RTX-PRO-6000", 2), ("qwen2.5-0.5b", "EPYC-Genoa", 1),
        ("tinyllama-1.1b", "Jetson-Orin-NX-16GB", 1),
    ]

    @Test(arguments: served)
    func aDecodeStepIsItsLineToTheLastBit(model: String, device: String, tensor: Int) throws {
        let cost = try stepCost(model, device, tensor: tensor)
        let key = RandomKey(seed: 11).derived("decode")
        for index in 0..<2_000 {
            let sequences = 1 + Int(key.bits(UInt64(2 * index)) % 3_000)
            let context = sequences + Int(key.bits(UInt64(2 * index + 1)) % 4_000_000)
            let line = cost.decodeLine(sequences: sequences, context: context)
            let time = cost.stepTime(decodeShape(sequences, context: context))
            #expect(time == line.fixed + line.perContextToken * Double(context))
            #expect(time > 0 && time.isFinite && line.fixed > 0 && line.perContextToken > 0)
            #expect(context <= line.contextLimit)
            if line.contextLimit < Int.max {
                let edge = cost.decodeLine(sequences: sequences, context: line.contextLimit)
                #expect(edge == line, "a line must hold up to its own limit")
            }
        }
    }

    @Test(arguments: served)
    func partsSumToTheStep(model: String, device: String, tensor: Int) throws {
        let cost = try stepCost(model, device, tensor: tensor)
        let shapes = [
            decodeShape(1, context: 100), decodeShape(200, context: 300_000), prefillShape([(1, 0)]),
            prefillShape([(512, 0), (100, 4_000)], decodes: 30, context: 9_000), prefillShape([(4_000, 0)]),
        ]
        for shape in shapes {
            let parts = cost.breakdown(shape)
            let sum = parts.reduce(0) { $0 + $1.nanoseconds }
            #expect(abs(sum / cost.stepTime(shape) - 1) < 1e-12)
            #expect(parts.allSatisfy { $0.nanoseconds > 0 })
            #expect(Set(parts.map(\.part)).count == parts.count)
            #expect(parts.allSatisfy { part in cost.provenance.contains { $0.part == part.part } })
        }
    }

    @Test(arguments: served)
    func moreWorkIsNeverFaster(model: String, device: String, tensor: Int) throws {
        let cost = try stepCost(model, device, tensor: tensor)
        var last = 0.0
        for tokens in 1...3_000 {
            let time = cost.stepTime(prefillShape([(tokens, 0)]))
            #expect(time >= last, "\(tokens) tokens")
            last = time
        }
        last = 0
        for sequences in 1...600 {
            let time = cost.stepTime(decodeShape(sequences, context: sequences * 100))
            #expect(time >= last, "\(sequences) sequences")
            last = time
        }
        last = 0
        for context in stride(from: 16, to: 200_000, by: 497) {
            let time = cost.stepTime(decodeShape(16, context: context))
            #expect(time >= last * (1 - 1e-12), "context \(context)")
            last = time
        }
    }

    @Test(arguments: served)
    func addingPromptsOrCachedTokensIsNeverFaster(model: String, device: String, tensor: Int) throws {
        let cost = try stepCost(model, device, tensor: tensor)
        let decode = cost.stepTime(decodeShape(32, context: 20_000))
        let mixed = cost.stepTime(prefillShape([(1, 0)], decodes: 32, context: 20_000))
        let longer = cost.stepTime(prefillShape([(1, 2_000)], decodes: 32, context: 20_000))
        let wider = cost.stepTime(prefillShape([(1, 2_000), (300, 0)], decodes: 32, context: 20_000))
        #expect(decode <= mixed && mixed <= longer && longer <= wider)
    }

    @Test func tablesAndDirectComputationAgree() throws {
        let model = try ModelCatalogue.model(named: "mixtral-8x7b")
        let device = try Device.named("H100-SXM")
        let small = try TransformerStepCost(model, .bf16, device: device, maxBatchedTokens: 8)
        let large = try TransformerStepCost(model, .bf16, device: device, maxBatchedTokens: 512)
        for sequences in [1, 8, 9, 300, 512, 700] {
            let shape = decodeShape(sequences, context: sequences * 50)
            #expect(small.stepTime(shape) == large.stepTime(shape))
            let prefill = prefillShape([(sequences, 10)], decodes: 3, context: 80)
            #expect(small.stepTime(prefill) == large.stepTime(prefill))
        }
    }

    @Test func biggerModelsAreSlower() throws {
        let shape = decodeShape(8, context: 4_000)
        let names = [
            "qwen2.5-0.5b", "llama-3.2-1b", "llama-3.2-3b", "llama-3.1-8b", "qwen3-14b", "qwen3-32b", "llama-3.1-70b",
        ]
        let times = try names.map { try stepCost($0, "H200").stepTime(shape) }
        #expect(times == times.sorted())
    }

    @Test func fasterDevicesAreFaster() throws {
        let shape = decodeShape(1, context: 500)
        let times = try ["B200", "H200", "H100-SXM", "A100-80GB", "RTX-4090", "L4", "Xeon-SPR"].map {
            try stepCost("llama-3.1-8b", $0).stepTime(shape)
        }
        #expect(times == times.sorted())
    }

    @Test func moreRanksAreFasterForALargeModel() throws {
        let shape = decodeShape(16, context: 16_000)
        let times = try [1, 2, 4, 8].map { try stepCost("llama-3.1-70b", "H100-SXM", tensor: $0).stepTime(shape) }
        #expect(times == times.sorted(by: >))
        // Never faster than perfect division of the work that is divided.
        #expect(times[3] > times[0] / 8)
    }

    @Test func stagesAddTheirHandOver() throws {
        let shape = prefillShape([(1_000, 0)])
        let one = try stepCost("llama-3.1-8b", "H100-SXM")
        let two = try stepCost("llama-3.1-8b", "H100-SXM", pipeline: 2)
        let sent = try #require(two.breakdown(shape).first { $0.part == .pipelineSend })
        #expect(abs(two.stepTime(shape) - one.stepTime(shape) - sent.nanoseconds) < 1)
        // 4,270 ns, and 8,192,000 B over 450 GB/s at a factor of 1.481.
        #expect(abs(sent.nanoseconds - (4_270 + 8_192_000 / 450 * 1.481)) < 1)
    }

    /// Four bits cut the weights' bytes to 26 %: a lone decode gains; a long prefill multiplies in bf16 as before.
    @Test(arguments: [Precision.int8, .int4])
    func weightOnlyQuantisationHelpsBandwidthNotCompute(precision: Precision) throws {
        let plain = try stepCost("llama-3.1-8b", "A100-80GB")
        let quantised = try stepCost("llama-3.1-8b", "A100-80GB", precision)
        let decode = decodeShape(1, context: 100)
        #expect(quantised.stepTime(decode) < 0.72 * plain.stepTime(decode))
        let prefill = prefillShape([(2_048, 0)])
        #expect(quantised.stepTime(prefill) > 0.9 * plain.stepTime(prefill))
        #expect(quantised.stepTime(prefill) <= plain.stepTime(prefill))
    }

    @Test func eightBitProductsHelpCompute() throws {
        let prefill = prefillShape([(2_048, 0)])
        let plain = try stepCost("llama-3.1-70b", "H100-SXM", tensor: 4).stepTime(prefill)
        let eight = try stepCost("llama-3.1-70b", "H100-SXM", .fp8, tensor: 4).stepTime(prefill)
        // Quantising the activations takes some of it back.
        #expect(eight < 0.85 * plain)
        // No 8-bit floating unit: the weights are narrower, the products are not faster.
        let ampere = try stepCost("llama-3.1-70b", "A100-80GB", .fp8, tensor: 4).stepTime(prefill)
        let ampereBF16 = try stepCost("llama-3.1-70b", "A100-80GB", tensor: 4).stepTime(prefill)
        #expect(ampere > 0.9 * ampereBF16)
    }

    /// Latent attention reads 576 elements a token and layer, not 2·128·128: the slope must not be the standard one.
    @Test func latentDecodeReadsTheCompressedCache() throws {
        let latent = try stepCost("deepseek-v3", "H200", .fp8, tensor: 8).decodeLine(sequences: 8, context: 8_000)
        var model = try ModelCatalogue.model(named: "deepseek-v3")
        model.attention = .grouped(GroupedAttention(heads: 128, kvHeads: 128, headDim: 128))
        let standard = try TransformerStepCost(
            model, .fp8, device: Device.named("H200"), split: Parallelism(tensor: 8)
        ).decodeLine(sequences: 8, context: 8_000)
        #expect(latent.perContextToken < standard.perContextToken / 6)
        // 61 layers · 1,152 B at 4.8 TB/s and a factor of 1.363 is the floor.
        #expect(latent.perContextToken >= 61 * 1_152 / 4_800 * 1.363 * 0.999_999)
    }

    /// Llama-3.1-8B on H100: 32 layers · 2 · 8 · 128 · 2 B = 131,072 B a token; 3,350 B/ns at a factor of 1.136. A byte of
    /// an 8-bit cache takes 1.44 times as long there.
    @Test func decodeSlopeByHand() throws {
        let line = try stepCost("llama-3.1-8b", "H100-SXM").decodeLine(sequences: 1, context: 1)
        #expect(abs(line.perContextToken / (131_072 / 3_350.0 * 1.136) - 1) < 1e-12)
        let half = try stepCost("llama-3.1-8b", "H100-SXM", .bf16.caching(.fp8)).decodeLine(sequences: 1, context: 1)
        #expect(abs(half.perContextToken / line.perContextToken - 0.5 * 1.44) < 1e-12)
    }

    /// gpt-oss-20b: 12 layers see 128 tokens. Beyond that mean context the slope halves, and the line is continuous.
    @Test func slidingWindowsBreakTheLine() throws {
        let cost = try stepCost("gpt-oss-20b", "H100-SXM")
        let inside = cost.decodeLine(sequences: 10, context: 1_280)
        let outside = cost.decodeLine(sequences: 10, context: 1_281)
        #expect(inside.contextLimit == 1_280 && outside.contextLimit == Int.max)
        #expect(abs(outside.perContextToken / inside.perContextToken - 0.5) < 1e-12)
        let gap = (inside.fixed + inside.perContextToken * 1_280) - (outside.fixed + outside.perContextToken * 1_280)
        #expect(abs(gap) < 1e-6)
    }

    @Test func windowsLimitPrefill() throws {
        var open = try ModelCatalogue.model(named: "gemma-3-12b")
        let windowed = try stepCost("gemma-3-12b", "H100-SXM")
        open.slidingWindow = nil
        let full = try TransformerStepCost(open, .bf16, device: Device.named("H100-SXM"))
        let short = prefillShape([(500, 0)])
        #expect(windowed.stepTime(short) == full.stepTime(short))
        let long = prefillShape([(2_000, 30_000)])
        #expect(windowed.stepTime(long) < full.stepTime(long))
    }

    /// 2 · 32 sums of 64 · 4,096 · 2 B over two ranks of an H100: 4,270 + 133 + 524,288·1.481/450 ns each, and 2,000 ns
    /// for the later of the ranks.
    @Test func allReduceByHand() throws {
        let parts = try stepCost("llama-3.1-8b", "H100-SXM", tensor: 2).breakdown(decodeShape(64, context: 64))
        let reduce = try #require(parts.first { $0.part == .allReduce })
        #expect(abs(reduce.nanoseconds / (64 * (6_270 + 133 + 524_288 * 1.481 / 450)) - 1) < 1e-9)
    }

    /// vLLM's own sum for a pair on PCI Express: 15,400 + 3,423 + 524,288·4.2/63.0144 ns, 64 times.
    @Test func pairsOnPCIExpressByHand() throws {
        let parts = try stepCost("llama-3.1-8b", "RTX-PRO-6000", tensor: 2).breakdown(decodeShape(64, context: 64))
        let reduce = try #require(parts.first { $0.part == .allReduce })
        #expect(abs(reduce.nanoseconds / (64 * (15_400 + 3_423 + 524_288 * 4.2 / 63.0144)) - 1) < 1e-9)
        // Four ranks use NCCL's ring instead.
        let four = try stepCost("llama-3.1-8b", "RTX-PRO-6000", tensor: 4).breakdown(decodeShape(64, context: 64))
        let ring = try #require(four.first { $0.part == .allReduce })
        #expect(abs(ring.nanoseconds / (64 * (3_100 + 3 * 3_423 + 1.5 * 524_288 * 2.5 / 63.0144)) - 1) < 1e-9)
    }

    /// Beside a prompt chunk four query heads per KV head read 1 + 0.3·3 times as much as alone; one reads as much.
    @Test(arguments: [("llama-3.1-8b", 1.9), ("llama-2-7b", 1.0)])
    func mixedStepsReadTheCacheMoreOften(model: String, factor: Double) throws {
        let cost = try stepCost(model, "H100-SXM")
        func attention(_ context: Int, chunk: Int) throws -> Double {
            var shape = decodeShape(32, context: context)
            if chunk > 0 { shape.addChunk(new: chunk, cached: 0) }
            return try #require(cost.breakdown(shape).first { $0.part == .decodeAttention }).nanoseconds
        }
        let alone = try attention(64_000, chunk: 0) - attention(32_000, chunk: 0)
        let mixed = try attention(64_000, chunk: 16) - attention(32_000, chunk: 16)
        #expect(abs(mixed / alone - factor) < 1e-9)
    }

    @Test func indivisibleSplitsAreRefused() {
        #expect(throws: ParallelismError.self) { try stepCost("qwen2.5-0.5b", "H100-SXM", tensor: 4) }
    }

    @Test func provenanceSaysWhatIsKnown() throws {
        let known = try stepCost("llama-3.1-8b", "H100-SXM").provenance
        #expect(known.map(\.part).count == StepPart.allCases.count)
        let product = try #require(known.first { $0.part == .feedForward })
        #expect(product.confidence == .fitted && product.relativeError == 0.060)
        #expect(product.source == "fitted from aiconfigurator 095f58a")
        let near = try #require(try stepCost("llama-3.1-8b", "H100-PCIe").provenance.first { $0.part == .feedForward })
        #expect(near.confidence == .derived && near.relativeError == nil)
        #expect(near.source.hasPrefix("derived from spec sheet of H100-PCIe with efficiencies of H100-SXM"))
        let far = try #require(try stepCost("llama-3.1-8b", "MI300X").provenance.first { $0.part == .feedForward })
        #expect(far.confidence == .assumed)
    }

    @Test func anEmptyStepCostsTheHostOnly() throws {
        let cost = try stepCost("llama-3.1-8b", "H100-SXM")
        #expect(cost.stepTime(StepShape()) == 300_000)
    }
}

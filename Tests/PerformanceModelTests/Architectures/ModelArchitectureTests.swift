import PerformanceModel
import Testing

@Suite struct ModelArchitectureTests {
    private func model(_ name: String) throws -> ModelArchitecture { try ModelCatalogue.model(named: name) }

    @Test func weightBytesOfAPlainPrecisionAreParametersTimesBytes() throws {
        for entry in ModelCatalogue.all {
            #expect(entry.architecture.weightBytes(.bf16) == 2 * entry.architecture.parameterCount)
            #expect(entry.architecture.weightBytes(.fp32) == 4 * entry.architecture.parameterCount)
        }
    }

    /// Llama-3.1-8B in W4A16, group 128, by hand: 32 layers of 218,103,808 matrix elements at (4 + 20/128)/8 bytes; the
    /// other 1,050,939,392 parameters (two tables of 525,336,576, 65 norms of 4,096) at 2.
    @Test func fourBitWeightsExcludeTablesAndNorms() throws {
        let quantised = 32 * 218_103_808
        let plain = 2 * 525_336_576 + 65 * 4_096
        let bytes = Double(quantised) * (4 + 20.0 / 128) / 8 + Double(plain) * 2
        #expect(quantised + plain == 8_030_261_248)
        #expect(try model("llama-3.1-8b").weightBytes(.int4) == Int(bytes.rounded(.up)))
    }

    /// The model card gives 60.8 GiB and 12.8 GiB for the MXFP4 checkpoints.
    @Test func gptOSSCheckpointsHaveThePublishedSize() throws {
        let gib = 1_073_741_824.0
        #expect(abs(Double(try model("gpt-oss-120b").weightBytes(.mxfp4)) / gib - 60.8) < 0.2)
        #expect(abs(Double(try model("gpt-oss-20b").weightBytes(.mxfp4)) / gib - 12.8) < 0.1)
    }

    @Test(arguments: ModelCatalogue.all)
    func moreRanksNeverMeanMoreBytesPerDevice(entry: CatalogueModel) throws {
        let model = entry.architecture
        for precision in Precision.all {
            var last = (weights: Int.max, cache: Int.max)
            for ranks in [1, 2, 4, 8] where (try? model.validate(Parallelism(tensor: ranks))) != nil {
                let split = Parallelism(tensor: ranks)
                let now = (model.weightBytes(precision, split: split), model.kvBytesPerToken(precision, split: split))
                #expect(now.0 <= last.weights && now.1 <= last.cache, "\(model.name) \(precision) tp\(ranks)")
                // All ranks together hold everything at least once.
                #expect(now.0 * ranks >= model.weightBytes(precision) - ranks)
                last = now
            }
        }
    }

    /// The split formula must agree with the whole model's count when nothing is split.
    @Test(arguments: ModelCatalogue.all)
    func twoStagesHoldTheWholeModelAndAtMostOneTableMore(entry: CatalogueModel) throws {
        let model = entry.architecture
        let stage = model.weightBytes(.bf16, split: Parallelism(pipeline: 2))
        let whole = model.weightBytes(.bf16)
        #expect(2 * stage >= whole - 4)
        let layerSlack = 2 * (whole / model.layers) + 4 * model.embeddingParameters
        let dense = model.feedForward.experts?.denseLayers ?? 0
        #expect(2 * stage <= whole + layerSlack + dense * 2 * (whole / model.layers))
    }

    /// Llama-3.1-8B over 4 ranks: 218,103,808/4 elements per layer, tables split, norms replicated.
    @Test func fourRanksByHand() throws {
        let elements = 32 * (218_103_808 / 4 + 2 * 4_096) + 2 * 525_336_576 / 4 + 4_096
        #expect(try model("llama-3.1-8b").weightBytes(.bf16, split: Parallelism(tensor: 4)) == 2 * elements)
    }

    /// Qwen3-30B-A3B has 4 key-value heads: 8 ranks hold one each, twice.
    @Test func keyValueHeadsAreCopiedWhenFewerThanRanks() throws {
        let qwen = try model("qwen3-30b-a3b")
        #expect([1, 2, 4, 8].map { qwen.rankKVHeads(tensor: $0) } == [4, 2, 1, 1])
        #expect(qwen.kvBytesPerToken(.bf16, split: Parallelism(tensor: 8)) == 48 * 2 * 128 * 2)
    }

    @Test func latentCacheIsReplicatedNotSplit() throws {
        let deepSeek = try model("deepseek-v3")
        #expect(deepSeek.kvBytesPerToken(.bf16, split: Parallelism(tensor: 8)) == 70_272)
        #expect(deepSeek.kvBytesPerToken(.bf16, split: Parallelism(tensor: 8, pipeline: 2)) == 31 * 576 * 2)
    }

    /// Gemma-3-27B: 10 layers see everything, 52 see 1,024 tokens; a layer's token takes 8,192 bytes.
    @Test func windowedLayersKeepTheirWindow() throws {
        let gemma = try model("gemma-3-27b")
        #expect(gemma.slidingWindow == SlidingWindow(tokens: 1_024, layers: 52))
        #expect(gemma.kvBytes(context: 1_000, .bf16) == 1_000 * gemma.kvBytesPerToken(.bf16))
        #expect(gemma.kvBytes(context: 10_000, .bf16) == 8_192 * (10 * 10_000 + 52 * 1_024))
    }

    @Test func windowedLayersOfThePublishedPatterns() throws {
        #expect(try model("gemma-3-12b").slidingWindow?.layers == 40)
        #expect(try model("gpt-oss-120b").slidingWindow == SlidingWindow(tokens: 128, layers: 18))
        #expect(try model("llama-3.1-8b").slidingWindow == nil)
    }

    /// E·(1 − (1 − k/E)^T): one token visits k; two of 8 experts by two tokens, 8·(1 − 0.75²) = 3.5; many visit all.
    @Test func expectedDistinctExperts() {
        let layer = ExpertLayers(experts: 8, perToken: 2, intermediateSize: 1)
        #expect(layer.expectedActive(tokens: 0) == 0)
        #expect(layer.expectedActive(tokens: 1) == 2)
        #expect(layer.expectedActive(tokens: 2) == 3.5)
        #expect(layer.expectedActive(tokens: 3) == 4.625)
        #expect(abs(layer.expectedActive(tokens: 1_000) - 8) < 1e-12)
        #expect(ExpertLayers(experts: 1, perToken: 1, intermediateSize: 1).expectedActive(tokens: 5) == 1)
    }
}

@Suite struct ParallelismTests {
    @Test func headsMustDivide() throws {
        let qwen = try ModelCatalogue.model(named: "qwen2.5-0.5b")
        let error = #expect(throws: ParallelismError.self) { try qwen.validate(Parallelism(tensor: 4)) }
        #expect(error?.description.contains("14 attention heads, which 4 tensor-parallel devices") == true)
        try qwen.validate(Parallelism(tensor: 2))
    }

    @Test func keyValueHeadsMustDivideOrBeCopied() throws {
        var model = try ModelCatalogue.model(named: "llama-3.1-8b")
        model.attention = .grouped(GroupedAttention(heads: 24, kvHeads: 6, headDim: 128))
        #expect(throws: ParallelismError.self) { try model.validate(Parallelism(tensor: 4)) }
        try model.validate(Parallelism(tensor: 12))
    }

    @Test func noMoreStagesThanLayers() throws {
        let tiny = try ModelCatalogue.model(named: "tinyllama-1.1b")
        #expect(throws: ParallelismError.self) { try tiny.validate(Parallelism(pipeline: 23)) }
        #expect(tiny.stageLayers(Parallelism(pipeline: 4)) == 6)
    }

    @Test func descriptions() {
        #expect(Parallelism.single.description == "1 device")
        #expect(Parallelism(tensor: 2, pipeline: 3).description == "tp2 pp3")
        #expect(Parallelism(tensor: 2, pipeline: 3).devices == 6)
    }
}

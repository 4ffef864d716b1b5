import Testing

@testable import PerformanceModel

@Suite struct LayerWorkTests {
    private func work(_ name: String, tensor: Int = 1) throws -> LayerWork {
        LayerWork(architecture: try ModelCatalogue.model(named: name), tensor: tensor)
    }

    private func sizes(_ matrices: [LayerWork.Matrix]) -> [[Int]] { matrices.map { [$0.inputs, $0.outputs] } }

    /// The matrices multiplied must hold exactly the parameters stored, for every model and for one rank.
    @Test(arguments: ModelCatalogue.all)
    func multipliedMatricesAreTheStoredOnes(entry: CatalogueModel) {
        let model = entry.architecture
        let work = LayerWork(architecture: model, tensor: 1)
        func elements(_ matrices: [LayerWork.Matrix]) -> Int { matrices.reduce(0) { $0 + $1.inputs * $1.outputs } }
        #expect(elements(work.attentionMatrices) == model.attentionMatrixParameters)
        let dense = elements(work.feedForwardMatrices(width: model.feedForward.intermediateSize))
        #expect(dense == 3 * model.hiddenSize * model.feedForward.intermediateSize)
    }

    @Test func llamaByHand() throws {
        #expect(try sizes(work("llama-3.1-8b").attentionMatrices) == [[4_096, 6_144], [4_096, 4_096]])
        #expect(
            try sizes(work("llama-3.1-8b").feedForwardMatrices(width: 14_336)) == [[4_096, 28_672], [14_336, 4_096]])
        #expect(try sizes(work("llama-3.1-8b", tensor: 4).attentionMatrices) == [[4_096, 1_536], [1_024, 4_096]])
        #expect(
            try sizes(work("llama-3.1-8b", tensor: 4).feedForwardMatrices(width: 14_336)) == [
                [4_096, 7_168], [3_584, 4_096],
            ])
    }

    /// 4 key-value heads on 8 ranks: each rank projects one head's keys and values.
    @Test func copiedKeyValueHeadsAreProjectedToo() throws {
        #expect(try sizes(work("qwen3-30b-a3b", tensor: 8).attentionMatrices) == [[2_048, 512 + 256], [512, 2_048]])
    }

    /// Query and key-value compression, query expansion, key-value expansion, output; compression is on every rank.
    @Test func latentByHand() throws {
        #expect(
            try sizes(work("deepseek-v3", tensor: 8).attentionMatrices) == [
                [7_168, 1_536 + 576], [1_536, 16 * 192], [512, 16 * 256], [16 * 128, 7_168],
            ])
    }

    /// Scores and sums in the compressed space: 2·(576 + 512) operations per head and token; 192 + 128 in prefill.
    @Test func latentAttentionByHand() throws {
        let attention = try work("deepseek-v3", tensor: 8).attention
        #expect(attention.decodeOperations == 2 * 16 * (576 + 512))
        #expect(attention.prefillOperations == 2 * 16 * (192 + 128))
        #expect(attention.cachedElements == 576)
        #expect(attention.rowElements == 16 * 320)
    }

    @Test func groupedAttentionByHand() throws {
        let attention = try work("llama-3.1-70b", tensor: 4).attention
        #expect(attention.decodeOperations == 4 * 16 * 128 && attention.prefillOperations == attention.decodeOperations)
        #expect(attention.cachedElements == 2 * 2 * 128 && attention.rowElements == 2 * 16 * 128)
    }

    /// Mixtral, one token on two ranks: 2 experts of 3·4,096·7,168 elements.
    @Test func expertsByHand() throws {
        let one = try #require(
            try work("mixtral-8x7b", tensor: 2).expertWork(tokens: 1, weightBytes: 2, elementBytes: 2))
        let expert = 3.0 * 4_096 * 7_168
        #expect(one.operations == 2 * 2 * expert && one.streamed == 2 * expert * 2)
        #expect(one.rows == 2 * (2 * 4_096 + 3 * 7_168) * 2)
        let many = try #require(
            try work("mixtral-8x7b", tensor: 2).expertWork(tokens: 512, weightBytes: 2, elementBytes: 2))
        #expect(many.operations == 512 * one.operations && abs(many.streamed / (8 * expert * 2) - 1) < 1e-12)
        #expect(try work("llama-3.1-8b").expertWork(tokens: 1, weightBytes: 2, elementBytes: 2) == nil)
    }

    @Test func routersAreNeverQuantised() throws {
        let router = try #require(try work("qwen3-30b-a3b").router)
        #expect(!router.quantised && router.inputs == 2_048 && router.outputs == 128)
        #expect(try work("llama-3.1-8b").router == nil)
    }

    /// Two norms over 4,096 in and out twice, rotation of 4,096 + 1,024, activation of 3·14,336.
    @Test func elementwiseByHand() throws {
        let dense = try work("llama-3.1-8b").elementwise(expert: false)
        #expect(dense.calls == 4 && dense.elements == Double(2 * 4 * 4_096 + 2 * 5_120 + 3 * 14_336))
        // Query-key norms make one more call over the same elements; experts carry their own activation.
        let routed = try work("qwen3-30b-a3b").elementwise(expert: true)
        #expect(routed.calls == 4 && routed.elements == Double(2 * 4 * 2_048 + 4 * (4_096 + 512)))
        // Gemma-3 has four norms.
        #expect(try work("gemma-3-27b").elementwise(expert: false).calls == 7)
    }
}

@Suite struct TokenPartsTests {
    /// A device where everything takes 1 ns per operation or byte moved in rows, nothing else.
    private func parts(_ name: String, tensor: Int = 1, pipeline: Int = 1) throws -> TokenParts {
        let architecture = try ModelCatalogue.model(named: name)
        let split = Parallelism(tensor: tensor, pipeline: pipeline)
        let unit = TimedKernel(
            overhead: 0, perOperation: 1, perByte: 0, perRowByte: 0, overlap: .sum, weightBytes: 2, elementBytes: 2)
        var moving = unit
        (moving.perOperation, moving.perByte) = (0, 1)
        let kernels = StepKernels(
            matrices: unit, plain: unit, experts: unit, prefill: unit, decode: unit, elementwise: moving,
            allReduce: moving, host: (0, 0), provenance: [])
        return TokenParts(
            architecture: architecture, work: LayerWork(architecture: architecture, tensor: tensor), kernels: kernels,
            split: split)
    }

    private func time(_ parts: TokenParts, _ part: StepPart, tokens: Int) -> Double {
        parts.each(tokens: tokens).first { $0.part == part }?.nanoseconds ?? 0
    }

    /// Two operations per token and matrix parameter visited: the rule every estimate of inference starts from.
    @Test(arguments: ModelCatalogue.all)
    func operationsAreTwicePerActiveMatrixParameter(entry: CatalogueModel) throws {
        let parts = try parts(entry.name)
        let model = entry.architecture
        let products: [StepPart] = [.attentionProjections, .feedForward, .experts, .router]
        let operations = products.reduce(0) { $0 + time(parts, $1, tokens: 7) } + parts.output(sequences: 7)
        let sampling = 7 * Double(model.vocabularySize) * 14
        let expected = 2 * 7 * Double(model.activeParameterCount)
        #expect(abs((operations - sampling) / expected - 1) < 0.001, "\(model.name)")
    }

    @Test func ranksShareProductsAndExchangeSums() throws {
        let (one, four) = (try parts("llama-3.1-70b"), try parts("llama-3.1-70b", tensor: 4))
        for part in [StepPart.attentionProjections, .feedForward] {
            #expect(abs(time(one, part, tokens: 3) / time(four, part, tokens: 3) - 4) < 1e-9)
        }
        #expect(time(one, .allReduce, tokens: 3) == 0)
        // 160 sums of 3·8,192·2 B; a ring moves 2·3/4 of each.
        #expect(abs(time(four, .allReduce, tokens: 3) - 160 * 1.5 * 3 * 8_192 * 2) < 1e-6)
    }

    @Test func stagesHandOverTheResidual() throws {
        #expect(try time(parts("llama-3.1-8b", pipeline: 4), .pipelineSend, tokens: 5) == 3 * 5 * 4_096 * 2)
    }

    @Test func nothingCostsNothing() throws {
        let parts = try parts("mixtral-8x7b")
        #expect(parts.total(tokens: 0) == 0 && parts.each(tokens: 0).isEmpty && parts.output(sequences: 0) == 0)
    }
}

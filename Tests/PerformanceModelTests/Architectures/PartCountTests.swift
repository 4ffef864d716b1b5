import Testing

@testable import PerformanceModel

/// Widths and counts of the parts that pages print and others add up, by hand.
@Suite struct PartCountTests {
    @Test func attentionWidths() {
        let grouped = GroupedAttention(heads: 6, kvHeads: 2, headDim: 5)
        #expect(grouped.queryWidth == 30 && grouped.keyWidth == 10)
        let latent = LatentAttention(
            heads: 3, keyValueRank: 7, queryRank: nil, ropeHeadDim: 2, nopeHeadDim: 4, valueHeadDim: 5)
        #expect(latent.cachedWidth == 9 && latent.queryHeadDim == 6)
    }

    /// A tied output projection is the embedding table and counts once.
    @Test(arguments: [false, true])
    func outputsCountOnce(tied: Bool) {
        let model = ModelArchitecture(
            name: "m", hiddenSize: 10, layers: 3, vocabularySize: 100,
            attention: .grouped(GroupedAttention(heads: 2, kvHeads: 1, headDim: 4)),
            feedForward: FeedForward(intermediateSize: 8), tiedEmbeddings: tied, contextLength: 64)
        #expect(model.outputParameters == (tied ? 0 : 1_000) && model.routedExpertParameters == 0)
        // Attention 10·(2·8 + 2·4), feed-forward 3·10·8, two norms of 10; one norm at the end.
        #expect(model.parameterCount == 3 * (240 + 240 + 20) + 1_000 + model.outputParameters + 10)
    }

    @Test(arguments: [(false, 3 * 10 * 4), (true, 3 * 10 * 4 + 2 * 4 + 10)])
    func expertsCountTheirBiases(bias: Bool, expected: Int) {
        var model = ModelArchitecture(
            name: "m", hiddenSize: 10, layers: 3, vocabularySize: 100,
            attention: .grouped(GroupedAttention(heads: 2, kvHeads: 1, headDim: 4)),
            feedForward: FeedForward(intermediateSize: 8), contextLength: 64)
        model.feedForward.experts = ExpertLayers(experts: 6, perToken: 2, intermediateSize: 4, expertBias: bias)
        #expect(model.routedExpertParameters == expected)
        // Three layers, four idle experts each.
        #expect(model.parameterCount - model.activeParameterCount == 3 * 4 * expected + 1_000)
    }

    /// The facts of a page are those of the architecture; parts that a model lacks have no row.
    @Test func factsOfADenseAndASparseModel() throws {
        let dense = try ModelCatalogue.model(named: "llama-3.1-8b")
        let labels = dense.facts.map(\.label)
        #expect(labels.contains("feed-forward") && !labels.contains("experts"))
        let values = Dictionary(uniqueKeysWithValues: dense.facts.map { ($0.label, $0.value) })
        #expect(values["parameters"] == "8,030,261,248" && values["layers"] == "32")
        #expect(values["attention"] == "GQA 32/8×128" && values["feed-forward"] == "14,336, gated")
        let sparse = try ModelCatalogue.model(named: "mixtral-8x7b")
        let experts = sparse.facts.first { $0.label == "experts" }?.value
        #expect(experts == "2 of 8, 14,336 wide, in 32 layers")
        #expect(!sparse.facts.contains { $0.label == "feed-forward" })
        #expect(sparse.facts.first { $0.label == "active per token" }?.value != sparse.facts[0].value)
    }

    /// Scales of a quantisation cost what its groups say: bits of the format and a share of the group's.
    @Test(arguments: Precision.all)
    func groupsHaveBits(precision: Precision) {
        #expect((precision.groupSize == nil) == (precision.groupBits == 0))
        #expect(precision.weights.bits <= precision.activations.bits)
        #expect(precision.scope == (precision.name == "mxfp4" ? .experts : .layers))
    }
}

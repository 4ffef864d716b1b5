/// Parameter counts by part. "Matrix" parameters are those that weight quantisation touches; vectors (norms, biases,
/// sinks), routers, the embedding table and the output projection stay in the activation format.
extension ModelArchitecture {
    /// All parameters of the language model (no vision tower, no multi-token-prediction module).
    public var parameterCount: Int {
        let layerTotal = (0..<2).reduce(0) { sum, kind in
            let expert = kind == 1
            return sum + (expert ? expertLayers : layers - expertLayers) * layerParameters(expert: expert)
        }
        return layerTotal + embeddingParameters + outputParameters + finalNormParameters
    }

    /// Parameters that one token's forward pass multiplies with: the routed experts it visits instead of all, and not
    /// the embedding table, of which a token reads one row.
    public var activeParameterCount: Int {
        guard let experts = feedForward.experts else {
            return parameterCount - (tiedEmbeddings ? 0 : embeddingParameters)
        }
        let idle = expertLayers * (experts.experts - experts.perToken) * routedExpertParameters
        return parameterCount - idle - (tiedEmbeddings ? 0 : embeddingParameters)
    }

    /// Layers that hold experts.
    public var expertLayers: Int { feedForward.experts.map { max(0, layers - $0.denseLayers) } ?? 0 }

    /// Elements of the embedding table.
    public var embeddingParameters: Int { vocabularySize * hiddenSize }

    /// Elements of an output projection of its own; 0 when it is the embedding table.
    public var outputParameters: Int { tiedEmbeddings ? 0 : vocabularySize * hiddenSize }

    var finalNormParameters: Int { hiddenSize * (norms.bias ? 2 : 1) }
    var layerNormParameters: Int { norms.perLayer * hiddenSize * (norms.bias ? 2 : 1) }

    func layerParameters(expert: Bool) -> Int {
        attentionMatrixParameters + attentionVectorParameters + layerNormParameters
            + (expert ? expertBlockParameters : denseBlockParameters)
    }

    /// Elements of the attention block's matrices.
    public var attentionMatrixParameters: Int {
        switch attention {
        case .grouped(let shape):
            return hiddenSize * (2 * shape.queryWidth + 2 * shape.keyWidth)
        case .latent(let shape):
            let queryWidth = shape.heads * shape.queryHeadDim
            let query = shape.queryRank.map { $0 * (hiddenSize + queryWidth) } ?? hiddenSize * queryWidth
            let compressed = hiddenSize * shape.cachedWidth
            let expanded = shape.keyValueRank * shape.heads * (shape.nopeHeadDim + shape.valueHeadDim)
            return query + compressed + expanded + shape.heads * shape.valueHeadDim * hiddenSize
        }
    }

    var attentionVectorParameters: Int {
        switch attention {
        case .grouped(let shape):
            let bias =
                (shape.inputBias ? shape.queryWidth + 2 * shape.keyWidth : 0) + (shape.outputBias ? hiddenSize : 0)
            let norm =
                switch shape.queryKeyNorm {
                case .none: 0
                case .perHead: 2 * shape.headDim
                case .full: shape.queryWidth + shape.keyWidth
                }
            return bias + norm + (shape.sinks ? shape.heads : 0)
        case .latent(let shape):
            return shape.keyValueRank + (shape.queryRank ?? 0)
        }
    }

    var denseBlockParameters: Int {
        feedForward.matrices * hiddenSize * feedForward.intermediateSize
            + (feedForward.bias ? projectionBias(width: feedForward.intermediateSize) : 0)
    }

    /// Bias elements of one feed-forward block: one per output of each projection.
    func projectionBias(width: Int) -> Int { (feedForward.matrices - 1) * width + hiddenSize }

    /// Elements of one routed expert, biases included.
    public var routedExpertParameters: Int {
        guard let experts = feedForward.experts else { return 0 }
        return feedForward.matrices * hiddenSize * experts.intermediateSize
            + (experts.expertBias ? projectionBias(width: experts.intermediateSize) : 0)
    }

    var expertBlockParameters: Int {
        guard let experts = feedForward.experts else { return 0 }
        let shared = feedForward.matrices * hiddenSize * experts.sharedIntermediateSize
        return experts.experts * routedExpertParameters + shared + routerParameters
    }

    /// Elements of one layer's router and shared-expert gate.
    var routerParameters: Int {
        guard let experts = feedForward.experts else { return 0 }
        return experts.experts * hiddenSize + (experts.routerBias ? experts.experts : 0)
            + (experts.sharedGate ? hiddenSize : 0)
    }
}

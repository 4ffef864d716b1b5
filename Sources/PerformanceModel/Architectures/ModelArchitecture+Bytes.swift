/// What the weights and the cache of a model take, in whole bytes.
extension ModelArchitecture {
    /// Bytes of all weights on one device (or summed over ranks, replicated parts once).
    public func weightBytes(_ precision: Precision) -> Int {
        let quantised = Double(quantisedParameters(precision.scope)) * precision.weightBytes
        let plain = Double(parameterCount - quantisedParameters(precision.scope)) * precision.activations.bytes
        return Int((quantised + plain).rounded(.up))
    }

    /// Parameters that a precision of that scope stores in its weight format.
    public func quantisedParameters(_ scope: Precision.Scope) -> Int {
        let experts = expertLayers * routedMatrixParameters
        guard scope == .layers else { return experts }
        let shared = feedForward.experts.map { feedForward.matrices * hiddenSize * $0.sharedIntermediateSize } ?? 0
        let dense = feedForward.matrices * hiddenSize * feedForward.intermediateSize
        return layers * attentionMatrixParameters + (layers - expertLayers) * dense + expertLayers * shared + experts
    }

    /// Matrix elements of all routed experts of one layer.
    var routedMatrixParameters: Int {
        feedForward.experts.map { $0.experts * feedForward.matrices * hiddenSize * $0.intermediateSize } ?? 0
    }

    /// Bytes of weights on the fullest device of a replica.
    ///
    /// Matrices, embeddings and the output projection are split over tensor ranks; norms, routers and the compressing
    /// projections of latent attention are held by every rank, as are key-value heads fewer than the ranks. A stage
    /// holds ⌈layers / stages⌉ layers; the first also holds the embedding table and the last the output projection.
    public func weightBytes(_ precision: Precision, split: Parallelism) -> Int {
        guard split != .single else { return weightBytes(precision) }
        let stage = stageLayers(split)
        // Dense layers come first, so the last stages hold experts only: count the heavier kind first.
        let expert = min(stage, expertLayers)
        let perLayer =
            Double(expert) * layerBytes(expert: true, precision, tensor: split.tensor)
            + Double(stage - expert) * layerBytes(expert: false, precision, tensor: split.tensor)
        let table = Double(embeddingParameters) / Double(split.tensor)
        let ends = split.pipeline == 1 ? table + Double(outputParameters) / Double(split.tensor) : table
        return Int((perLayer + (ends + Double(finalNormParameters)) * precision.activations.bytes).rounded(.up))
    }

    func layerBytes(expert: Bool, _ precision: Precision, tensor: Int) -> Double {
        let ranks = Double(tensor)
        let layerFormat = precision.scope == .layers ? precision.weightBytes : precision.activations.bytes
        let attentionBytes = rankAttentionElements(tensor: tensor) * layerFormat
        let vectors = Double(attentionVectorParameters + layerNormParameters) * precision.activations.bytes
        guard expert, let experts = feedForward.experts else {
            let matrices = Double(feedForward.matrices * hiddenSize * feedForward.intermediateSize)
            return attentionBytes + vectors + matrices / ranks * layerFormat
        }
        let routed = Double(routedMatrixParameters) / ranks * precision.weightBytes
        let shared = Double(feedForward.matrices * hiddenSize * experts.sharedIntermediateSize) / ranks * layerFormat
        let bias = Double(experts.experts * (routedExpertParameters - routedMatrixParameters / experts.experts)) / ranks
        let plain = (Double(routerParameters) + bias) * precision.activations.bytes
        return attentionBytes + vectors + routed + shared + plain
    }

    /// Attention matrix elements on one tensor rank, replicated parts included.
    func rankAttentionElements(tensor: Int) -> Double {
        switch attention {
        case .grouped(let shape):
            let query = 2 * shape.queryWidth / tensor
            return Double(hiddenSize * (query + 2 * rankKVHeads(tensor: tensor) * shape.headDim))
        case .latent(let shape):
            let heads = shape.heads / tensor
            let replicated = hiddenSize * shape.cachedWidth + (shape.queryRank ?? 0) * hiddenSize
            let query = (shape.queryRank ?? hiddenSize) * heads * shape.queryHeadDim
            let expanded = shape.keyValueRank * heads * (shape.nopeHeadDim + shape.valueHeadDim)
            return Double(replicated + query + expanded + heads * shape.valueHeadDim * hiddenSize)
        }
    }

    /// Key-value heads that one tensor rank stores: its share, and never less than one.
    public func rankKVHeads(tensor: Int) -> Int {
        switch attention {
        case .grouped(let shape): max(1, (shape.kvHeads + tensor - 1) / tensor)
        case .latent: 1
        }
    }

    /// Elements that one layer caches per token on one tensor rank. Latent attention caches one shared vector,
    /// replicated and not split.
    public func cachedElements(tensor: Int = 1) -> Int {
        switch attention {
        case .grouped(let shape): 2 * rankKVHeads(tensor: tensor) * shape.headDim
        case .latent(let shape): shape.cachedWidth
        }
    }

    /// Bytes that one token of context takes in the cache of the fullest device. Exact for the block-paged caches of
    /// engines that give every layer the same blocks, sliding-window layers included.
    public func kvBytesPerToken(_ precision: Precision, split: Parallelism = .single) -> Int {
        stageLayers(split) * cachedElements(tensor: split.tensor) * precision.kvCache.bits / 8
    }

    /// Bytes that one sequence of `context` tokens needs at least: sliding-window layers keep only their window.
    public func kvBytes(context: Int, _ precision: Precision, split: Parallelism = .single) -> Int {
        let perLayer = cachedElements(tensor: split.tensor) * precision.kvCache.bits / 8
        guard let window = slidingWindow else { return stageLayers(split) * perLayer * context }
        let limited = min(stageLayers(split), (window.layers + split.pipeline - 1) / split.pipeline)
        return perLayer * ((stageLayers(split) - limited) * context + limited * min(context, window.tokens))
    }
}

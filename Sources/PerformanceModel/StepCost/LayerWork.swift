/// What one tensor rank does in one layer of each kind, and beside the layers.
struct LayerWork: Sendable {
    /// A matrix of `inputs` × `outputs` on this rank.
    struct Matrix: Hashable, Sendable {
        var part: StepPart
        var inputs: Int
        var outputs: Int
        /// Whether weight quantisation touches it.
        var quantised = true
    }

    /// Attention of one layer on this rank, per unit of context.
    struct Attention: Hashable, Sendable {
        /// Operations per query–key pair of prefill, and per cached token and sequence of decode.
        var prefillOperations: Double
        var decodeOperations: Double
        /// Cached elements read per token of context.
        var cachedElements: Double
        /// Query and output elements per new token.
        var rowElements: Double
    }

    let architecture: ModelArchitecture
    let tensor: Int

    /// Matrices of the attention block.
    var attentionMatrices: [Matrix] {
        let hidden = architecture.hiddenSize
        func matrix(_ inputs: Int, _ outputs: Int) -> Matrix {
            Matrix(part: .attentionProjections, inputs: inputs, outputs: outputs)
        }
        switch architecture.attention {
        case .grouped(let shape):
            let query = shape.queryWidth / tensor
            let keys = 2 * architecture.rankKVHeads(tensor: tensor) * shape.headDim
            return [matrix(hidden, query + keys), matrix(query, hidden)]
        case .latent(let shape):
            let heads = shape.heads / tensor
            let compressed = matrix(hidden, shape.cachedWidth + (shape.queryRank ?? 0))
            let query = matrix(shape.queryRank ?? hidden, heads * shape.queryHeadDim)
            let expanded = matrix(shape.keyValueRank, heads * (shape.nopeHeadDim + shape.valueHeadDim))
            return [compressed, query, expanded, matrix(heads * shape.valueHeadDim, hidden)]
        }
    }

    /// Matrices of a dense feed-forward block, or of the shared experts, of `width`: gate and up fused, then down.
    func feedForwardMatrices(width: Int) -> [Matrix] {
        guard width > 0 else { return [] }
        let (hidden, feed) = (architecture.hiddenSize, architecture.feedForward)
        let slice = max(1, width / tensor)
        return [
            Matrix(part: .feedForward, inputs: hidden, outputs: (feed.matrices - 1) * slice),
            Matrix(part: .feedForward, inputs: slice, outputs: hidden),
        ]
    }

    /// The router of an expert layer.
    var router: Matrix? {
        architecture.feedForward.experts.map {
            Matrix(part: .router, inputs: architecture.hiddenSize, outputs: $0.experts, quantised: false)
        }
    }

    /// Grouped products of the routed experts for `tokens` tokens: every activated expert's weights are read once.
    func expertWork(tokens: Int, weightBytes: Double, elementBytes: Double) -> KernelWork? {
        guard let experts = architecture.feedForward.experts else { return nil }
        let matrices = Double(architecture.feedForward.matrices)
        let (hidden, width) = (Double(architecture.hiddenSize), Double(experts.intermediateSize) / Double(tensor))
        let visits = Double(tokens) * Double(experts.perToken)
        return KernelWork(
            operations: 2 * visits * matrices * hidden * width,
            streamed: experts.expectedActive(tokens: tokens) * matrices * hidden * width * weightBytes,
            rows: visits * (2 * hidden + matrices * width) * elementBytes)
    }

    /// Attention's work per unit of context.
    ///
    /// Latent attention decodes in its compressed space: every head multiplies with the one cached vector (rank +
    /// rotary for scores, rank for sums), so many operations share few bytes.
    var attention: Attention {
        switch architecture.attention {
        case .grouped(let shape):
            let width = Double(shape.queryWidth / tensor)
            return Attention(
                prefillOperations: 4 * width, decodeOperations: 4 * width,
                cachedElements: Double(architecture.cachedElements(tensor: tensor)), rowElements: 2 * width)
        case .latent(let shape):
            let heads = Double(shape.heads / tensor)
            let compressed = Double(2 * shape.keyValueRank + shape.ropeHeadDim)
            return Attention(
                prefillOperations: 2 * heads * Double(shape.queryHeadDim + shape.valueHeadDim),
                decodeOperations: 2 * heads * compressed, cachedElements: Double(shape.cachedWidth),
                rowElements: heads * Double(shape.queryHeadDim + shape.valueHeadDim))
        }
    }

    /// Calls and elements moved per token by norms (residual in and out twice), rotary embedding and activation.
    func elementwise(expert: Bool) -> (calls: Int, elements: Double) {
        let hidden = Double(architecture.hiddenSize)
        var calls = architecture.norms.perLayer + 1
        var elements = 4 * hidden * Double(architecture.norms.perLayer)
        switch architecture.attention {
        case .grouped(let shape):
            let rotated = shape.queryWidth / tensor + architecture.rankKVHeads(tensor: tensor) * shape.headDim
            elements += 2 * Double(rotated)
            if shape.queryKeyNorm != .none {
                calls += 1
                elements += 2 * Double(rotated)
            }
        case .latent(let shape):
            calls += 1
            elements +=
                2 * Double(shape.heads / tensor * shape.ropeHeadDim + shape.cachedWidth + (shape.queryRank ?? 0))
        }
        let shared = architecture.feedForward.experts?.sharedIntermediateSize ?? 0
        let width = expert ? shared : architecture.feedForward.intermediateSize
        if width > 0 {
            calls += 1
            elements += Double(architecture.feedForward.matrices) * Double(width) / Double(tensor)
        }
        return (calls, elements)
    }
}

/// The shape of a decoder-only transformer: everything that decides its bytes and its operations.
///
/// Sizes are elements, never bytes; ``Precision`` turns them into bytes.
public struct ModelArchitecture: Hashable, Sendable {
    /// Canonical lower-case hyphenated name, or the name a configuration file gives.
    public var name: String
    /// Width of the residual stream.
    public var hiddenSize: Int
    /// Decoder layers.
    public var layers: Int
    /// Rows of the embedding table.
    public var vocabularySize: Int
    /// The attention block that every layer shares.
    public var attention: AttentionLayer
    /// The feed-forward block, dense or mixture of experts.
    public var feedForward: FeedForward
    /// Whether the output projection reuses the embedding table.
    public var tiedEmbeddings: Bool
    /// Normalisation vectors in and around the layers.
    public var norms: Normalization
    /// Layers whose attention sees only the latest tokens; `nil` when all layers see everything.
    public var slidingWindow: SlidingWindow?
    /// Longest sequence the model was made for, in tokens.
    public var contextLength: Int
    /// Number format the weights were published in.
    public var nativeFormat: NumberFormat

    /// All sizes in elements; the defaults are those of a Llama-like model.
    public init(
        name: String, hiddenSize: Int, layers: Int, vocabularySize: Int, attention: AttentionLayer,
        feedForward: FeedForward, tiedEmbeddings: Bool = false, norms: Normalization = Normalization(),
        slidingWindow: SlidingWindow? = nil, contextLength: Int, nativeFormat: NumberFormat = .bf16
    ) {
        self.name = name
        self.hiddenSize = hiddenSize
        self.layers = layers
        self.vocabularySize = vocabularySize
        self.attention = attention
        self.feedForward = feedForward
        self.tiedEmbeddings = tiedEmbeddings
        self.norms = norms
        self.slidingWindow = slidingWindow
        self.contextLength = contextLength
        self.nativeFormat = nativeFormat
    }
}

/// The attention block of a layer.
public enum AttentionLayer: Hashable, Sendable {
    /// Multi-head, grouped-query or multi-query attention: keys and values are cached per key-value head.
    case grouped(GroupedAttention)
    /// Multi-head latent attention: one compressed vector per token is cached, shared by all heads.
    case latent(LatentAttention)

    /// Query heads.
    public var heads: Int {
        switch self {
        case .grouped(let shape): shape.heads
        case .latent(let shape): shape.heads
        }
    }
}

/// Attention with `heads` query heads that share `kvHeads` key-value heads.
public struct GroupedAttention: Hashable, Sendable {
    /// Query heads.
    public var heads: Int
    /// Key-value heads, each shared by heads / kvHeads query heads.
    public var kvHeads: Int
    /// Elements of one head's query, key and value.
    public var headDim: Int
    /// Bias vectors on the query, key and value projections (Qwen2, gpt-oss).
    public var inputBias: Bool
    /// Bias vector on the output projection.
    public var outputBias: Bool
    /// Normalisation of queries and keys before the product.
    public var queryKeyNorm: QueryKeyNorm
    /// One learned attention sink per head (gpt-oss).
    public var sinks: Bool

    /// Which vectors a query-key norm is learned over.
    public enum QueryKeyNorm: Hashable, Sendable {
        case none
        /// One vector of `headDim` for queries and one for keys (Qwen3, Gemma-3).
        case perHead
        /// One vector over all query heads and one over all key heads (OLMo-2).
        case full
    }

    public init(
        heads: Int, kvHeads: Int, headDim: Int, inputBias: Bool = false, outputBias: Bool = false,
        queryKeyNorm: QueryKeyNorm = .none, sinks: Bool = false
    ) {
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.inputBias = inputBias
        self.outputBias = outputBias
        self.queryKeyNorm = queryKeyNorm
        self.sinks = sinks
    }

    /// Elements of all queries of one token.
    public var queryWidth: Int { heads * headDim }
    /// Elements of all keys (or values) of one token.
    public var keyWidth: Int { kvHeads * headDim }
}

/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434).
public struct LatentAttention: Hashable, Sendable {
    /// Query heads.
    public var heads: Int
    /// Rank of the compressed keys and values, cached once per token.
    public var keyValueRank: Int
    /// Rank of the compressed query; `nil` when queries are projected directly.
    public var queryRank: Int?
    /// Rotary part of a key, cached once per token, and of each head's query.
    public var ropeHeadDim: Int
    /// Non-rotary part of each head's query and key.
    public var nopeHeadDim: Int
    /// Elements of each head's value.
    public var valueHeadDim: Int

    public init(
        heads: Int, keyValueRank: Int, queryRank: Int?, ropeHeadDim: Int, nopeHeadDim: Int, valueHeadDim: Int
    ) {
        self.heads = heads
        self.keyValueRank = keyValueRank
        self.queryRank = queryRank
        self.ropeHeadDim = ropeHeadDim
        self.nopeHeadDim = nopeHeadDim
        self.valueHeadDim = valueHeadDim
    }

    /// Elements cached per token and layer.
    public var cachedWidth: Int { keyValueRank + ropeHeadDim }
    /// Elements of one head's query.
    public var queryHeadDim: Int { nopeHeadDim + ropeHeadDim }
}

/// The feed-forward block of a layer.
public struct FeedForward: Hashable, Sendable {
    /// Width of the dense block; unused when every layer holds experts.
    public var intermediateSize: Int
    /// Whether gate and up projections are multiplied (three matrices) or only up and down exist (two).
    public var gated: Bool
    /// Bias vectors on every projection of the dense block.
    public var bias: Bool
    /// The experts, or `nil` for a dense model.
    public var experts: ExpertLayers?

    public init(intermediateSize: Int, gated: Bool = true, bias: Bool = false, experts: ExpertLayers? = nil) {
        self.intermediateSize = intermediateSize
        self.gated = gated
        self.bias = bias
        self.experts = experts
    }

    /// Matrices of hidden × intermediate size in one block.
    public var matrices: Int { gated ? 3 : 2 }
}

/// The layers whose feed-forward block is a mixture of experts.
public struct ExpertLayers: Hashable, Sendable {
    /// Routed experts per layer.
    public var experts: Int
    /// Routed experts that each token visits.
    public var perToken: Int
    /// Width of one routed expert.
    public var intermediateSize: Int
    /// Width of all shared experts together, which every token visits; 0 when there are none.
    public var sharedIntermediateSize: Int
    /// Layers that keep the dense block.
    public var denseLayers: Int
    /// A bias per expert on the router.
    public var routerBias: Bool
    /// Bias vectors on each expert's projections.
    public var expertBias: Bool
    /// A learned scalar gate on the shared experts (Qwen2-MoE): one more hidden-wide vector.
    public var sharedGate: Bool

    public init(
        experts: Int, perToken: Int, intermediateSize: Int, sharedIntermediateSize: Int = 0, denseLayers: Int = 0,
        routerBias: Bool = false, expertBias: Bool = false, sharedGate: Bool = false
    ) {
        self.experts = experts
        self.perToken = perToken
        self.intermediateSize = intermediateSize
        self.sharedIntermediateSize = sharedIntermediateSize
        self.denseLayers = denseLayers
        self.routerBias = routerBias
        self.expertBias = expertBias
        self.sharedGate = sharedGate
    }

    /// Distinct experts that a step of `tokens` tokens activates in expectation when every token picks `perToken`
    /// different experts uniformly: E·(1 − (1 − k/E)^tokens).
    public func expectedActive(tokens: Int) -> Double {
        guard experts > perToken else { return tokens > 0 ? Double(experts) : 0 }
        let missed = 1 - Double(perToken) / Double(experts)
        return Double(experts) * (1 - power(missed, tokens))
    }

    /// `base` to a non-negative whole exponent by repeated squaring, so that no platform's `pow` decides a bit.
    private func power(_ base: Double, _ exponent: Int) -> Double {
        var (result, factor, left) = (1.0, base, exponent)
        while left > 0 {
            if left & 1 == 1 { result *= factor }
            factor *= factor
            left >>= 1
        }
        return result
    }
}

/// Learned normalisation vectors.
public struct Normalization: Hashable, Sendable {
    /// Hidden-wide vectors in each layer: 2 in most models, 4 in Gemma-2 and -3.
    public var perLayer: Int
    /// Whether each carries a bias (LayerNorm) besides its scale (RMSNorm).
    public var bias: Bool

    public init(perLayer: Int = 2, bias: Bool = false) {
        self.perLayer = perLayer
        self.bias = bias
    }
}

/// Layers whose attention is limited to a window.
public struct SlidingWindow: Hashable, Sendable {
    /// Latest tokens such a layer sees, the new one included.
    public var tokens: Int
    /// How many layers are limited.
    public var layers: Int

    public init(tokens: Int, layers: Int) {
        self.tokens = tokens
        self.layers = layers
    }
}

public import PerformanceModel

/// The Llama-like decoder that the kernels run: RMS norm, rotary grouped-query attention, SwiGLU, dense or as a mixture
/// of experts.
public struct DecoderShape: Hashable, Sendable {
    /// Width of the residual stream.
    public var hiddenSize: Int
    /// Query heads.
    public var heads: Int
    /// Key-value heads; divides `heads`.
    public var kvHeads: Int
    /// Elements of one head; even.
    public var headDim: Int
    /// Width of the feed-forward block, or of one expert.
    public var intermediateSize: Int
    /// Decoder layers.
    public var layers: Int
    /// Rows of the embedding table and of the output projection.
    public var vocabularySize: Int
    /// Experts of a layer; 0 for a dense block.
    public private(set) var experts = 0
    /// Experts that each token visits.
    public private(set) var expertsPerToken = 0
    /// Base of the rotary frequencies.
    public var ropeBase: Double = 10_000
    /// Added to the mean square under the root of a norm.
    public var normEpsilon: Float = 1e-5

    /// - Throws: ``KernelError`` when a size is not positive, `heads` is no multiple of `kvHeads`, or `headDim` is odd.
    public init(
        hiddenSize: Int, heads: Int, kvHeads: Int, headDim: Int, intermediateSize: Int, layers: Int,
        vocabularySize: Int
    ) throws(KernelError) {
        self.hiddenSize = hiddenSize
        self.heads = heads
        self.kvHeads = kvHeads
        self.headDim = headDim
        self.intermediateSize = intermediateSize
        self.layers = layers
        self.vocabularySize = vocabularySize
        try validate(name: "the decoder")
    }

    /// The same decoder with `count` experts instead of each dense block, of which a token visits `perToken`.
    /// - Throws: ``KernelError`` when a token visits none or more than there are.
    public func mixing(experts count: Int, perToken: Int) throws(KernelError) -> DecoderShape {
        guard perToken > 0, perToken <= count else {
            throw KernelError("a token cannot visit \(perToken) of \(count) experts")
        }
        var shape = self
        (shape.experts, shape.expertsPerToken) = (count, perToken)
        return shape
    }

    /// The shape of `architecture`.
    /// - Throws: ``KernelError`` naming the part that these kernels do not run: latent attention, shared experts, ungated
    ///   feed-forward blocks, sliding windows, biases, query-key norms, attention sinks, other norms.
    public init(_ architecture: ModelArchitecture) throws(KernelError) {
        try self.init(calibrating: architecture)
        if let obstacle = Self.obstacle(architecture) { throw KernelError(architecture.name, lacks: obstacle) }
    }

    /// The matrices and heads of `architecture`, whose products and attention cost what these kernels cost even where
    /// the model adds biases, query-key norms, sinks, further norms or windows that the kernels do not run.
    /// - Throws: ``KernelError`` for latent attention, shared experts, and feed-forward blocks without gate.
    public init(calibrating architecture: ModelArchitecture) throws(KernelError) {
        guard case .grouped(let attention) = architecture.attention else {
            throw KernelError(architecture.name, lacks: "latent attention")
        }
        let experts = architecture.feedForward.experts
        if let experts, experts.sharedIntermediateSize > 0 || experts.denseLayers > 0 {
            throw KernelError(architecture.name, lacks: "experts beside dense blocks")
        }
        guard architecture.feedForward.gated else {
            throw KernelError(architecture.name, lacks: "a feed-forward block without gate")
        }
        hiddenSize = architecture.hiddenSize
        heads = attention.heads
        kvHeads = attention.kvHeads
        headDim = attention.headDim
        intermediateSize = experts?.intermediateSize ?? architecture.feedForward.intermediateSize
        layers = architecture.layers
        vocabularySize = architecture.vocabularySize
        try validate(name: architecture.name)
        if let experts { self = try mixing(experts: experts.experts, perToken: experts.perToken) }
    }

    private static func obstacle(_ model: ModelArchitecture) -> String? {
        guard case .grouped(let attention) = model.attention else { return "latent attention" }
        if model.slidingWindow != nil { return "sliding-window attention" }
        if let experts = model.feedForward.experts, experts.routerBias || experts.expertBias {
            return "biases on experts"
        }
        if attention.inputBias || attention.outputBias || model.feedForward.bias { return "biases on projections" }
        if attention.queryKeyNorm != .none { return "query-key norms" }
        if attention.sinks { return "attention sinks" }
        if model.norms.bias || model.norms.perLayer != 2 { return "norms other than two RMS norms per layer" }
        return nil
    }

    private func validate(name: String) throws(KernelError) {
        let sizes = [hiddenSize, heads, kvHeads, headDim, intermediateSize, layers, vocabularySize]
        guard sizes.allSatisfy({ $0 > 0 }) else { throw KernelError("\(name) has a size that is not positive") }
        guard heads % kvHeads == 0 else {
            throw KernelError("\(name) has \(heads) heads, which \(kvHeads) key-value heads cannot share equally")
        }
        guard headDim % 2 == 0 else {
            throw KernelError("\(name) has the odd head dimension \(headDim), which rotary embedding cannot turn")
        }
    }

    /// Elements of all queries of one token.
    public var queryWidth: Int { heads * headDim }
    /// Elements of queries, keys and values of one token.
    public var projectionWidth: Int { (heads + 2 * kvHeads) * headDim }
    /// Weights of one layer, norms included.
    public var layerParameters: Int {
        hiddenSize * (projectionWidth + queryWidth + 3 * intermediateSize * max(1, experts) + experts + 2)
    }

    /// One layer, every size as small as it can be.
    static let smallest = DecoderShape()

    private init() {
        (hiddenSize, heads, kvHeads, headDim, intermediateSize, layers, vocabularySize) = (2, 1, 1, 2, 1, 1, 1)
    }

    var attention: Attention.Shape { .init(heads: heads, kvHeads: kvHeads, headDim: headDim) }
}

/// What a user asked the kernels for and they cannot do, in one sentence.
public struct KernelError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence without a final stop.
    public let description: String

    init(_ description: String) { self.description = description }

    init(_ model: String, lacks feature: String) {
        description = "\(model) has \(feature), which the kernels of this host do not run yet"
    }
}

/// The parts that a step's time is the sum of.
public enum StepPart: String, Hashable, Sendable, Codable, CaseIterable {
    /// Query, key, value and output projections.
    case attentionProjections
    /// Dense feed-forward products, shared experts included.
    case feedForward
    /// Routed experts, grouped products.
    case experts
    /// Scores of tokens for experts.
    case router
    /// Causal attention of prompt chunks.
    case prefillAttention
    /// Attention of one new token per sequence.
    case decodeAttention
    /// Norms, rotary embedding, activation, embedding rows.
    case elementwise
    /// Output projection, logits and sampling, for sequences that emit a token.
    case outputProjection
    /// Sums over tensor-parallel ranks.
    case allReduce
    /// Hand-over between pipeline stages.
    case pipelineSend
    /// Scheduling, launching and bookkeeping on the host.
    case hostOverhead
}

/// Where a part's time comes from and how wrong it is known to be.
public struct PartProvenance: Hashable, Sendable {
    /// Which part.
    public var part: StepPart
    /// `measured: …`, `fitted from …` or `derived from spec sheet: …`.
    public var source: String
    /// Day or month of the source.
    public var date: String
    /// How well it is known.
    public var confidence: Confidence
    /// Median absolute relative error against measurements of the same kernel on the same device: on held-out shapes
    /// for a profile, over the published table for a fit to one; `nil` where nothing was compared.
    public var relativeError: Double?

    public init(
        part: StepPart, source: String, date: String, confidence: Confidence, relativeError: Double? = nil
    ) {
        self.part = part
        self.source = source
        self.date = date
        self.confidence = confidence
        self.relativeError = relativeError
    }
}

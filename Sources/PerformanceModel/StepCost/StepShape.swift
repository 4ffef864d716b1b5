/// What one engine step executes, summed over its sequences.
@frozen
public struct StepShape: Hashable, Sendable {
    /// New prompt tokens computed in this step.
    public var prefillTokens: Int = 0
    /// Sequences that compute prompt tokens in this step.
    public var prefillSequences: Int = 0
    /// Query–key pairs of causal prefill attention: Σ over chunks of n·cached + n(n+1)/2.
    public var prefillPairs: Double = 0
    /// KV entries read by prefill attention: Σ over chunks of cached + n tokens.
    public var prefillContext: Int = 0
    /// Sequences that compute exactly one generated token.
    public var decodeSequences: Int = 0
    /// Σ of context tokens those sequences attend to (the new one included).
    public var decodeContext: Int = 0
    /// Sequences that emit a token in this step: rows through the output projection.
    public var sampledSequences: Int = 0

    /// An empty step.
    public init() {}

    /// Rows through the layers' matrix products.
    @inlinable public var tokens: Int { prefillTokens + decodeSequences }

    /// Adds one prompt chunk of `new` tokens after `cached` already computed ones.
    @inlinable public mutating func addChunk(new: Int, cached: Int) {
        prefillTokens += new
        prefillSequences += 1
        prefillPairs += Double(new) * Double(cached) + Double(new) * Double(new + 1) / 2
        prefillContext += cached + new
    }
}

/// The cost of a decode-only step of a fixed set of sequences as a line in their summed context:
/// `fixed + perContextToken · context` nanoseconds, valid while context ≤ `contextLimit`.
///
/// Each further step adds one token per sequence to the context, so a run of k steps is an arithmetic series.
@frozen
public struct DecodeLine: Hashable, Sendable {
    /// Nanoseconds that do not depend on the context.
    public var fixed: Double
    /// Nanoseconds per token of summed context.
    public var perContextToken: Double
    /// Largest summed context at which this piece of the line holds.
    public var contextLimit: Int

    @inlinable public init(fixed: Double, perContextToken: Double, contextLimit: Int = .max) {
        self.fixed = fixed
        self.perContextToken = perContextToken
        self.contextLimit = contextLimit
    }
}

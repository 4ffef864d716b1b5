/// What one engine step costs on one replica. Implementations are immutable values shared by all runs.
///
/// Contract: for every decode-only shape, `stepTime(shape)` equals
/// `line.fixed + line.perContextToken · context` with `line = decodeLine(sequences:context:)` to the last bit, and
/// both are positive. `stepTime` is called once per prefill step and must cost tens of nanoseconds (tables, not
/// loops); `decodeLine` is called once per change of a batch.
public protocol StepCostModel: Sendable {
    /// Nanoseconds for one step.
    func stepTime(_ shape: StepShape) -> Double
    /// The line of decode-only steps for `sequences` sequences whose summed context is now `context`.
    func decodeLine(sequences: Int, context: Int) -> DecodeLine
}

/// Costs set by hand: a fixed part plus a price per prompt token and per decoding sequence and context token.
/// The engine of queueing-theory tests, and of services whose times the owner has measured end to end.
public struct LinearStepCost: StepCostModel {
    /// Nanoseconds of any step.
    public var perStep: Double
    /// Nanoseconds per new prompt token.
    public var perPrefillToken: Double
    /// Nanoseconds per sequence that decodes.
    public var perDecodeSequence: Double
    /// Nanoseconds per token of decode context.
    public var perContextToken: Double

    /// All parts in nanoseconds.
    public init(
        perStep: Double, perPrefillToken: Double, perDecodeSequence: Double = 0, perContextToken: Double = 0
    ) {
        self.perStep = perStep
        self.perPrefillToken = perPrefillToken
        self.perDecodeSequence = perDecodeSequence
        self.perContextToken = perContextToken
    }

    public func stepTime(_ shape: StepShape) -> Double {
        let line = decodeLine(sequences: shape.decodeSequences, context: shape.decodeContext)
        let decode = line.fixed + line.perContextToken * Double(shape.decodeContext)
        return shape.prefillTokens == 0 ? decode : decode + perPrefillToken * Double(shape.prefillTokens)
    }

    public func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        DecodeLine(
            fixed: perStep + perDecodeSequence * Double(sequences), perContextToken: perContextToken)
    }
}

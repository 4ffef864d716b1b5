/// Another model's costs times a factor: what a step would take were the prediction wrong by it.
public struct ScaledStepCost: StepCostModel {
    private let base: any StepCostModel
    private let factor: Double

    /// - Precondition: `factor` > 0 and finite.
    public init(_ base: any StepCostModel, factor: Double) {
        precondition(factor > 0 && factor.isFinite, "a step takes time")
        self.base = base
        self.factor = factor
    }

    /// As the base states it; `nil` where it states none.
    public var relativeError: Double? { (base as? TransformerStepCost)?.relativeError }

    public func stepTime(_ shape: StepShape) -> Double {
        guard shape.prefillTokens == 0 else { return base.stepTime(shape) * factor }
        // From the scaled line, so that both agree to the last bit.
        let line = decodeLine(sequences: shape.decodeSequences, context: shape.decodeContext)
        return line.fixed + line.perContextToken * Double(shape.decodeContext)
    }

    public func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        var line = base.decodeLine(sequences: sequences, context: context)
        line.fixed *= factor
        line.perContextToken *= factor
        return line
    }
}

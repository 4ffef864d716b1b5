extension TransformerStepCost {
    /// The parts of a step, in the order of ``StepPart``, zero ones left out. Their sum is ``stepTime(_:)`` to
    /// rounding.
    public func breakdown(_ shape: StepShape) -> [(part: StepPart, nanoseconds: Double)] {
        let sampled = shape.prefillTokens > 0 ? shape.sampledSequences : shape.decodeSequences
        let sequences = shape.prefillSequences + shape.decodeSequences
        var time: [StepPart: Double] = [:]
        for (part, nanoseconds) in parts.each(tokens: shape.tokens) { time[part, default: 0] += nanoseconds }
        time[.outputProjection] = parts.output(sequences: sampled)
        time[.decodeAttention] = decode.time(sequences: shape.decodeSequences, context: shape.decodeContext)
        if shape.prefillTokens > 0 {
            time[.decodeAttention] = decode.mixedTime(
                sequences: shape.decodeSequences, context: shape.decodeContext)
            time[.prefillAttention] = prefill.time(shape) + prefill.launch(besides: decode, shape)
        }
        time[.hostOverhead] = kernels.host.perStep + kernels.host.perSequence * Double(sequences)
        return StepPart.allCases.compactMap { part in
            time[part].flatMap { $0 > 0 ? (part, $0) : nil }
        }
    }
}

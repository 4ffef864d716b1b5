extension TransformerStepCost {
    /// How wrong a step's time is known to be: the stated median errors of its parts, weighted by their shares of a step
    /// of 32 sequences with 1,000 tokens of context each and a chunk of 512 prompt tokens. Errors of the parts are taken
    /// to go together, and a part without a stated one to be as wrong as the others; `nil` where no part states one.
    public var relativeError: Double? {
        var shape = StepShape()
        shape.addChunk(new: 512, cached: 0)
        shape.decodeSequences = 32
        shape.decodeContext = 32_000
        shape.sampledSequences = 33
        let errors = Dictionary(provenance.map { ($0.part, $0.relativeError) }, uniquingKeysWith: { first, _ in first })
        var (weighted, time) = (0.0, 0.0)
        for (part, nanoseconds) in breakdown(shape) {
            guard let error = errors[part] ?? nil else { continue }
            weighted += error * nanoseconds
            time += nanoseconds
        }
        return time > 0 ? weighted / time : nil
    }
}

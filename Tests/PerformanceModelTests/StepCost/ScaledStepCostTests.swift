import Testing

@testable import PerformanceModel

/// Costs times a factor keep the contract of step costs.
@Suite struct ScaledStepCostTests {
    private let base = LinearStepCost(
        perStep: 1_234.5, perPrefillToken: 7.25, perDecodeSequence: 0.3, perContextToken: 0.11)

    @Test(arguments: [0.37, 0.9, 1, 1.1, 3])
    func everyStepTakesTheFactor(_ factor: Double) {
        let scaled = ScaledStepCost(base, factor: factor)
        for sequences in [1, 7, 64] {
            for context in [sequences, 1_000, 99_999] {
                var shape = StepShape()
                (shape.decodeSequences, shape.decodeContext) = (sequences, context)
                let line = scaled.decodeLine(sequences: sequences, context: context)
                #expect(
                    scaled.stepTime(shape) == line.fixed + line.perContextToken * Double(context), "to the last bit")
                #expect(abs(scaled.stepTime(shape) / base.stepTime(shape) - factor) < 1e-12)
                shape.addChunk(new: 100, cached: 0)
                #expect(scaled.stepTime(shape) == base.stepTime(shape) * factor)
            }
        }
    }

    @Test func theLimitOfALineStays() throws {
        let model = try stepCost("llama-3.1-8b", "L40S")
        let scaled = ScaledStepCost(model, factor: 2)
        let (line, other) = (
            model.decodeLine(sequences: 4, context: 900), scaled.decodeLine(sequences: 4, context: 900)
        )
        #expect(other.contextLimit == line.contextLimit && other.fixed == line.fixed * 2)
    }
}

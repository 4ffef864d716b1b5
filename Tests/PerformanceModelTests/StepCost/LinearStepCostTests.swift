import PerformanceModel
import Testing

@Suite struct LinearStepCostTests {
    private let cost = LinearStepCost(perStep: 100, perPrefillToken: 3, perDecodeSequence: 5, perContextToken: 0.5)

    @Test func partsByHand() {
        #expect(cost.stepTime(decodeShape(2, context: 40)) == 100 + 10 + 20)
        #expect(cost.stepTime(prefillShape([(10, 0)], decodes: 2, context: 40)) == 130 + 30)
    }

    @Test func chunksCountPairsAndContext() {
        let shape = prefillShape([(4, 6), (2, 0)])
        // 4·6 + 4·5/2 = 34 pairs, and 2·3/2 = 3; 10 and 2 tokens of context.
        #expect(shape.prefillPairs == 37 && shape.prefillContext == 12 && shape.prefillTokens == 6)
        #expect(shape.prefillSequences == 2 && shape.tokens == 6)
    }
}

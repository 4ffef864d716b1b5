import Primitives
import Testing

@testable import Kernels

@Suite struct ForwardPassTests {
    static let tokens = [3, 17, 0, 22, 9, 9, 14, 1, 5]

    /// Rounding of the longest sum of a layer, once per sum on the way through all layers (seven per layer).
    private func logitTolerance(_ shape: DecoderShape) -> Double {
        tolerance(terms: max(shape.hiddenSize, shape.intermediateSize), magnitude: 2) * Double(7 * shape.layers)
    }

    private func makePass(_ shape: DecoderShape, threads: Int = 2) -> ForwardPass {
        ForwardPass(shape, maximumTokens: 16, context: 32, team: ThreadTeam(threads: threads))
    }

    @Test(arguments: [(6, 2, 6), (4, 4, 8), (5, 1, 10)], [1, 2])
    func prefillAgreesWithDoublePrecision(heads: (Int, Int, Int), threads: Int) throws {
        let shape = try tinyShape(heads: heads.0, kvHeads: heads.1, headDim: heads.2)
        let model = DecoderModel(shape, key: RandomKey(seed: 1))
        let expected = ReferenceDecoder(shape: shape).logits(model, tokens: Self.tokens)
        let logits = model.forwardPrefill(
            Self.tokens, cache: model.makeCache(capacity: 9), pass: makePass(shape, threads: threads))
        #expect(largestDifference(expected[8], doubles(logits, row: 0)) <= logitTolerance(shape))
    }

    @Test func decodingStepByStepEqualsPrefill() throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 2))
        let expected = ReferenceDecoder(shape: shape).logits(model, tokens: Self.tokens)
        let (pass, cache) = (makePass(shape), model.makeCache(capacity: 9))
        for (index, token) in Self.tokens.enumerated() {
            let logits = model.forwardDecode([token], caches: [cache], pass: pass)
            #expect(cache.length == index + 1)
            #expect(largestDifference(expected[index], doubles(logits, row: 0)) <= logitTolerance(shape))
        }
    }

    @Test(arguments: [1, 4, 7])
    func aCachedPrefixChangesNothing(split: Int) throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 3))
        let expected = ReferenceDecoder(shape: shape).logits(model, tokens: Self.tokens)
        let (pass, cache) = (makePass(shape), model.makeCache(capacity: 12))
        _ = model.forwardPrefill(Array(Self.tokens[..<split]), cache: cache, pass: pass)
        let logits = model.forwardPrefill(Array(Self.tokens[split...]), cache: cache, pass: pass)
        #expect(largestDifference(expected[8], doubles(logits, row: 0)) <= logitTolerance(shape))
    }

    /// A step of an engine: a prompt chunk between decoding sequences of different lengths.
    @Test func aMixedStepEqualsItsSequencesAlone() throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 4))
        let reference = ReferenceDecoder(shape: shape)
        let prompts = [[1, 2, 3], [4], [5, 6, 7, 8], [9, 10]]
        let pass = makePass(shape)
        let caches = prompts.map { prompt in
            let cache = model.makeCache(capacity: 16)
            _ = model.forwardPrefill(prompt, cache: cache, pass: pass)
            return cache
        }
        let next = [[11], [12, 13, 14], [15], [16]]
        let logits = model.forward(zip(next, caches).map { .init(tokens: $0, cache: $1) }, pass: pass)
        for row in 0..<4 {
            let expected = reference.logits(model, tokens: prompts[row] + next[row])
            #expect(
                largestDifference(expected[prompts[row].count + next[row].count - 1], doubles(logits, row: row))
                    <= logitTolerance(shape), "sequence \(row)")
        }
        #expect(caches.map(\.length) == [4, 4, 5, 3])
    }

    @Test func truncationForgets() throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 5))
        let (pass, cache) = (makePass(shape), model.makeCache(capacity: 9))
        let first = doubles(model.forwardPrefill(Self.tokens, cache: cache, pass: pass), row: 0)
        cache.truncate(to: 4)
        let again = doubles(model.forwardPrefill(Array(Self.tokens[4...]), cache: cache, pass: pass), row: 0)
        #expect(largestDifference(first, again) <= logitTolerance(shape))
    }

    /// More rows than the narrow product takes, so that every product goes through OpenBLAS.
    @Test func aWiderBatchThanTheNarrowLimitAgrees() throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 6))
        let count = MatMul.narrowLimit + 3
        let pass = ForwardPass(shape, maximumTokens: count, context: 2, team: ThreadTeam(threads: 2))
        let caches = (0..<count).map { _ in model.makeCache(capacity: 2) }
        _ = model.forwardDecode((0..<count).map { $0 % 23 }, caches: caches, pass: pass)
        let logits = model.forwardDecode((0..<count).map { $0 % 11 }, caches: caches, pass: pass)
        let reference = ReferenceDecoder(shape: shape)
        for row in 0..<count {
            let expected = reference.logits(model, tokens: [row % 23, row % 11])[1]
            #expect(largestDifference(expected, doubles(logits, row: row)) <= logitTolerance(shape))
        }
    }

    @Test func theSameKeyGivesTheSameModel() throws {
        let shape = try tinyShape()
        let models = [7, 7, 8].map { DecoderModel(shape, key: RandomKey(seed: $0)) }
        let rows = models.map { doubles($0.layers[1].feedForward.down, row: 2) }
        #expect(rows[0] == rows[1])
        #expect(rows[0] != rows[2])
        #expect(doubles(models[0].layers[0].feedForward.down, row: 2) != rows[0])
    }
}

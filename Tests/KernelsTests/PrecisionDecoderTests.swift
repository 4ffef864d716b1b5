import PerformanceModel
import Primitives
import Testing

@testable import Kernels

/// Whole models in every precision, dense and with experts, against double precision.
@Suite struct PrecisionDecoderTests {
    static let tokens = [3, 17, 0, 22, 9, 9, 14, 1, 5]

    /// Inputs of more than a group and of no whole number of groups.
    private static func dense() throws -> DecoderShape {
        try tinyShape(hidden: 144, heads: 6, kvHeads: 2, headDim: 24, feed: (200, 2))
    }

    private static func mixture() throws -> DecoderShape {
        try tinyShape(hidden: 132, heads: 4, kvHeads: 2, headDim: 20, feed: (136, 2)).mixing(experts: 5, perToken: 2)
    }

    private func logitTolerance(_ shape: DecoderShape) -> Double {
        // Nibbles are summed before their zero point is taken off, which doubles what a sum rounds.
        2 * tolerance(terms: max(shape.hiddenSize, shape.intermediateSize), magnitude: 2) * Double(7 * shape.layers)
    }

    private func check(_ shape: DecoderShape, format: NumberFormat, threads: Int) {
        let model = DecoderModel(shape, key: RandomKey(seed: 41), format: format)
        let expected = ReferenceDecoder(shape: shape).logits(model, tokens: Self.tokens)
        let pass = ForwardPass(shape, maximumTokens: 40, context: 40, team: ThreadTeam(threads: threads))
        let whole = model.forwardPrefill(Self.tokens, cache: model.makeCache(capacity: 9), pass: pass)
        #expect(largestDifference(expected[8], doubles(whole, row: 0)) <= logitTolerance(shape), "prefill")
        let cache = model.makeCache(capacity: 9)
        _ = model.forwardPrefill(Array(Self.tokens[..<4]), cache: cache, pass: pass)
        for (index, token) in Self.tokens.enumerated().dropFirst(4) {
            let logits = model.forwardDecode([token], caches: [cache], pass: pass)
            #expect(largestDifference(expected[index], doubles(logits, row: 0)) <= logitTolerance(shape), "\(index)")
        }
    }

    @Test(arguments: WeightLayout.formats, [1, 2])
    func aDenseModel(format: NumberFormat, threads: Int) throws {
        check(try Self.dense(), format: format, threads: threads)
    }

    @Test(arguments: WeightLayout.formats, [1, 2])
    func aMixtureOfExperts(format: NumberFormat, threads: Int) throws {
        check(try Self.mixture(), format: format, threads: threads)
    }

    /// More tokens than the narrow products take, so that panels are dequantised for OpenBLAS.
    @Test(arguments: WeightLayout.formats)
    func longPrompts(format: NumberFormat) throws {
        for shape in [try Self.dense(), try Self.mixture()] {
            let model = DecoderModel(shape, key: RandomKey(seed: 42), format: format)
            let prompt = (0..<MatMul.narrowLimit + 5).map { ($0 * 7 + 2) % 23 }
            let pass = ForwardPass(shape, maximumTokens: 40, context: 40, team: ThreadTeam(threads: 2))
            let logits = model.forwardPrefill(prompt, cache: model.makeCache(capacity: 40), pass: pass)
            let expected = ReferenceDecoder(shape: shape).logits(model, tokens: prompt)
            #expect(
                largestDifference(expected[prompt.count - 1], doubles(logits, row: 0)) <= logitTolerance(shape))
        }
    }

    /// The coarser the format, the further from fp32, and by about as much as its step says: a product of k weights
    /// of variance 1/k and errors uniform within half a step has an error of step ÷ √12 · √k, and layers add up.
    @Test func formatsStepAway() throws {
        let shape = try Self.dense()
        let logits = WeightLayout.formats.map { format -> [Double] in
            let model = DecoderModel(shape, key: RandomKey(seed: 43), format: format)
            let pass = ForwardPass(shape, maximumTokens: 9, context: 9, team: ThreadTeam(threads: 1))
            return doubles(model.forwardPrefill(Self.tokens, cache: model.makeCache(capacity: 9), pass: pass), row: 0)
        }
        let off = logits.map { zip($0, logits[0]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 23 }
            .map { $0.squareRoot() }
        #expect(off[0] == 0 && off[1] > 0 && off[1] < off[2] && off[2] < off[3])
        // Relative steps of uniform weights: 2⁻⁸, 2 ÷ 254, 2 ÷ 15 of the largest, which is √3 deviations.
        for (format, step) in [(1, 1.0 / 256), (2, 2.0 / 254), (3, 2.0 / 15)] {
            #expect(off[format] < 3.squareRoot() * step / 12.squareRoot() * Double(7 * shape.layers), "\(format)")
        }
    }

    @Test func unquantisedPartsKeepSixteenBits() throws {
        let shape = try Self.mixture()
        for format in WeightLayout.formats {
            let model = DecoderModel(shape, key: RandomKey(seed: 44), format: format)
            let plain: NumberFormat = format == .fp32 ? .fp32 : .bf16
            #expect(model.outputProjection.layout.format == plain)
            #expect(model.layers[0].experts?.router.layout.format == plain)
            #expect(model.layers[1].queryKeyValue.layout.format == format)
            #expect(model.layers[1].experts?.feedForwards.count == 5)
        }
    }
}

@Suite struct ExpertRoutingTests {
    @Test func byHand() {
        let scores = Matrix(rows: 3, columns: 3)
        for (index, value) in [1, 1, 0, -5, 2, 2, 9, 0, 0].enumerated() { scores.pointer[index] = Float(value) }
        let visits = ExpertRouting.visits(scores, tokens: 3, perToken: 2)
        // Token 0: experts 0 and 1, equal. Token 1: 1 and 2, equal. Token 2: expert 0 almost alone, and 1, the first.
        #expect(visits.map { $0.map(\.token) } == [[0, 2], [0, 1, 2], [1]])
        #expect(visits[0][0].weight == 0.5 && visits[2][0].weight == 0.5)
        #expect(abs(visits[0][1].weight - 0.999_876_6) < 1e-6)
        #expect(ExpertRouting.visits(scores, tokens: 1, perToken: 1).map(\.count) == [1, 0, 0])
    }

    /// Every token visits as many different experts as it may, with weights that sum to one.
    @Test(arguments: [1, 2, 5, 8])
    func everyTokenVisits(perToken: Int) {
        let scores = randomMatrix(50, 8, seed: 51)
        let visits = ExpertRouting.visits(scores, tokens: 50, perToken: perToken)
        for token in 0..<50 {
            let weights = visits.flatMap { $0.filter { $0.token == token } }.map(\.weight)
            #expect(weights.count == perToken)
            #expect(abs(weights.reduce(0, +) - 1) < 1e-6)
        }
        for expert in visits { #expect(expert.map(\.token) == expert.map(\.token).sorted()) }
    }

    @Test func sizesAndRefusals() throws {
        let shape = try tinyShape()
        for (count, perToken) in [(4, 0), (4, 5), (0, 1)] {
            #expect(throws: KernelError.self) { try shape.mixing(experts: count, perToken: perToken) }
        }
        let mixed = try shape.mixing(experts: 4, perToken: 1)
        #expect(mixed.layerParameters == shape.layerParameters + 3 * 3 * 19 * 21 + 4 * 21)
        let mixtral = try DecoderShape(try ModelCatalogue.model(named: "mixtral-8x7b"))
        #expect(mixtral.experts == 8 && mixtral.expertsPerToken == 2 && mixtral.intermediateSize == 14_336)
    }
}

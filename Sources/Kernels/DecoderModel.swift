public import PerformanceModel
public import Primitives

/// A whole decoder with random weights: embedding, layers, final norm, output projection.
public final class DecoderModel: Sendable {
    /// Sizes of the decoder.
    public let shape: DecoderShape
    /// The layers' weights, in order.
    public let layers: [DecoderLayer]
    let embedding: Matrix
    let finalNorm: Matrix
    let outputProjection: WeightMatrix

    /// Random weights under `key`, the layers' matrices in `format`. Output projection and routers are in bf16 where
    /// those are not floats; the embedding, of which a step reads a row per token, and the norms always are.
    /// - Precondition: `format` is one of ``WeightLayout/formats``.
    public init(_ shape: DecoderShape, key: RandomKey, format: NumberFormat = .fp32) {
        self.shape = shape
        layers = (0..<shape.layers).map {
            DecoderLayer(shape, key: key.derived("layer").derived(UInt64($0)), format: format)
        }
        embedding = Matrix(
            rows: shape.vocabularySize, columns: shape.hiddenSize, key: key.derived("embedding"), scale: 1)
        finalNorm = DecoderLayer.norm(shape, key.derived("final norm"))
        outputProjection = DecoderLayer.matrix(
            WeightLayout(
                WeightLayout.unquantised(format), rows: shape.vocabularySize, columns: shape.hiddenSize),
            key.derived("output"))
    }

    /// An empty cache for one sequence of up to `capacity` tokens.
    public func makeCache(capacity: Int) -> KeyValueCache {
        KeyValueCache(
            layers: shape.layers, kvHeads: shape.kvHeads, headDim: shape.headDim, capacity: capacity)
    }

    /// Computes the next `tokens` of one sequence.
    /// - Returns: logits after the last of them, 1 × vocabulary.
    public func forwardPrefill(_ tokens: [Int], cache: KeyValueCache, pass: ForwardPass) -> Matrix {
        forward([Input(tokens: tokens, cache: cache)], pass: pass)
    }

    /// Computes one next token of each of several sequences.
    /// - Returns: logits, one row per sequence.
    public func forwardDecode(_ tokens: [Int], caches: [KeyValueCache], pass: ForwardPass) -> Matrix {
        precondition(tokens.count == caches.count, "one token per sequence")
        return forward(zip(tokens, caches).map { Input(tokens: [$0], cache: $1) }, pass: pass)
    }

    /// The next tokens of one sequence and what it has cached.
    public struct Input {
        /// Token numbers; at least one.
        public var tokens: [Int]
        /// What the sequence has computed before.
        public var cache: KeyValueCache
        /// Whether the step is to give logits after the last of the tokens.
        public var isSampled: Bool

        /// The tokens that follow what `cache` holds.
        public init(tokens: [Int], cache: KeyValueCache, isSampled: Bool = true) {
            self.isSampled = isSampled
            self.tokens = tokens
            self.cache = cache
        }
    }

    /// One step of an engine: prompt chunks and single decode tokens of different sequences together.
    /// - Returns: logits after the last new token of each sequence that is sampled, a row for each.
    /// - Precondition: every sequence has a new token, every token is in the vocabulary, no two share a cache.
    public func forward(_ inputs: [Input], pass: ForwardPass) -> Matrix {
        precondition(inputs.allSatisfy { !$0.tokens.isEmpty }, "a sequence in a step has at least one new token")
        let hidden = embed(inputs.flatMap(\.tokens))
        let batch = inputs.map { ForwardPass.Chunk($0.cache, tokens: $0.tokens.count) }
        for (index, layer) in layers.enumerated() { pass.run(layer, layer: index, hidden: hidden, batch: batch) }
        pass.advance(batch)
        return project(hidden, inputs, pass: pass)
    }

    private func embed(_ tokens: [Int]) -> Matrix {
        let hidden = Matrix(rows: tokens.count, columns: shape.hiddenSize)
        for (row, token) in tokens.enumerated() {
            precondition(token >= 0 && token < shape.vocabularySize, "a token outside the vocabulary")
            hidden.row(row).update(from: embedding.row(token), count: shape.hiddenSize)
        }
        return hidden
    }

    /// Final norm and output projection of the last row of each sampled sequence.
    private func project(_ hidden: Matrix, _ inputs: [Input], pass: ForwardPass) -> Matrix {
        let last = Matrix(rows: inputs.count(where: \.isSampled), columns: shape.hiddenSize)
        var (end, row) = (0, 0)
        for input in inputs {
            end += input.tokens.count
            guard input.isSampled else { continue }
            last.row(row).update(from: hidden.row(end - 1), count: shape.hiddenSize)
            row += 1
        }
        Normalisation(weight: finalNorm, epsilon: shape.normEpsilon)
            .apply(last.pointer, rows: last.rows, into: last.pointer, on: pass.team)
        let logits = Matrix(rows: last.rows, columns: shape.vocabularySize)
        MatMul.multiply(
            last.pointer, rows: last.rows, by: outputProjection.slice, into: logits.pointer, on: pass.team)
        return logits
    }
}

public import Primitives

/// The weights of one decoder layer, each matrix stored as its rows of outputs. Immutable after creation.
public final class DecoderLayer: Sendable {
    let attentionNorm: Matrix
    /// Rows: all queries, then all keys, then all values.
    let queryKeyValue: Matrix
    let attentionOutput: Matrix
    let feedForwardNorm: Matrix
    /// Rows: gate, then up.
    let gateUp: Matrix
    let down: Matrix

    /// Random weights: matrices uniform with the variance 1 ÷ inputs, norms in (0.5, 1.5), so that activations
    /// neither vanish nor explode. The same key gives the same layer.
    public init(_ shape: DecoderShape, key: RandomKey) {
        attentionNorm = Self.norm(shape, key.derived("attention norm"))
        queryKeyValue = Self.matrix(shape.projectionWidth, shape.hiddenSize, key.derived("query key value"))
        attentionOutput = Self.matrix(shape.hiddenSize, shape.queryWidth, key.derived("attention output"))
        feedForwardNorm = Self.norm(shape, key.derived("feed-forward norm"))
        gateUp = Self.matrix(2 * shape.intermediateSize, shape.hiddenSize, key.derived("gate up"))
        down = Self.matrix(shape.hiddenSize, shape.intermediateSize, key.derived("down"))
    }

    static func matrix(_ rows: Int, _ columns: Int, _ key: RandomKey) -> Matrix {
        Matrix(rows: rows, columns: columns, key: key, scale: (3 / Float(columns)).squareRoot())
    }

    static func norm(_ shape: DecoderShape, _ key: RandomKey) -> Matrix {
        let weights = Matrix(rows: 1, columns: shape.hiddenSize, key: key, scale: 0.5)
        for column in 0..<weights.columns { weights.pointer[column] += 1 }
        return weights
    }
}

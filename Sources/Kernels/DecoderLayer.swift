public import PerformanceModel
public import Primitives

/// The weights of one decoder layer, each matrix stored as its rows of outputs. Immutable after creation.
public final class DecoderLayer: Sendable {
    let attentionNorm: Matrix
    /// Rows: all queries, then all keys, then all values.
    let queryKeyValue: WeightMatrix
    let attentionOutput: WeightMatrix
    let feedForwardNorm: Matrix
    /// The dense block, or the experts' blocks.
    private let blocks: [FeedForward]
    private let router: WeightMatrix?

    /// A gated feed-forward block.
    struct FeedForward: Sendable {
        /// Rows: gate, then up.
        let gateUp: WeightMatrix
        let down: WeightMatrix
    }

    /// The experts of a layer and who sends tokens to them.
    struct Experts: Sendable {
        /// A row of scores for each expert.
        let router: WeightMatrix
        let feedForwards: [FeedForward]
    }

    /// The dense block; of a mixture the first expert.
    var feedForward: FeedForward { blocks[0] }
    /// The experts; `nil` for a dense layer.
    var experts: Experts? { router.map { Experts(router: $0, feedForwards: blocks) } }

    /// Random weights: matrices uniform with the variance 1 ÷ inputs, norms in (0.5, 1.5), so that activations
    /// neither vanish nor explode. The same key gives the same layer, in another `format` the same but for rounding.
    public init(_ shape: DecoderShape, key: RandomKey, format: NumberFormat = .fp32) {
        func matrix(_ rows: Int, _ columns: Int, _ key: RandomKey) -> WeightMatrix {
            Self.matrix(WeightLayout(format, rows: rows, columns: columns), key)
        }
        attentionNorm = Self.norm(shape, key.derived("attention norm"))
        queryKeyValue = matrix(shape.projectionWidth, shape.hiddenSize, key.derived("query key value"))
        attentionOutput = matrix(shape.hiddenSize, shape.queryWidth, key.derived("attention output"))
        feedForwardNorm = Self.norm(shape, key.derived("feed-forward norm"))
        blocks = (0..<max(1, shape.experts)).map { index in
            let key = shape.experts > 0 ? key.derived("expert").derived(UInt64(index)) : key
            return FeedForward(
                gateUp: matrix(2 * shape.intermediateSize, shape.hiddenSize, key.derived("gate up")),
                down: matrix(shape.hiddenSize, shape.intermediateSize, key.derived("down")))
        }
        let plain = WeightLayout(
            WeightLayout.unquantised(format), rows: shape.experts, columns: shape.hiddenSize)
        router = shape.experts > 0 ? Self.matrix(plain, key.derived("router")) : nil
    }

    static func matrix(_ layout: WeightLayout, _ key: RandomKey) -> WeightMatrix {
        WeightMatrix(layout, key: key, scale: (3 / Float(layout.columns)).squareRoot())
    }

    static func norm(_ shape: DecoderShape, _ key: RandomKey) -> Matrix {
        let weights = Matrix(rows: 1, columns: shape.hiddenSize, key: key, scale: 0.5)
        for column in 0..<weights.columns { weights.pointer[column] += 1 }
        return weights
    }
}

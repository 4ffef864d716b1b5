/// What a kernel does, in the three counts that its time is fitted on.
@frozen
public struct KernelWork: Hashable, Sendable {
    /// Multiplications and additions; for an all-reduce, ranks − 1 hops.
    public var operations: Double
    /// Bytes streamed once whatever the number of rows: weights, cached keys and values, a message's payload.
    public var streamed: Double
    /// Bytes that grow with the rows: activations in and out; for host overhead, sequences.
    public var rows: Double

    /// Counts that are not given are 0.
    public init(operations: Double = 0, streamed: Double = 0, rows: Double = 0) {
        self.operations = operations
        self.streamed = streamed
        self.rows = rows
    }
}

extension KernelShape {
    /// The counts of this shape: operations 2·m·n·k for a product, 4·pairs·heads·headDim for attention (two products);
    /// bytes with `weightBytes` per weight and `elementBytes` per activation and cached element.
    public func work(weightBytes: Double, elementBytes: Double) -> KernelWork {
        switch self {
        case .gemm(let m, let n, let k):
            return KernelWork(
                operations: 2 * Double(m) * Double(n) * Double(k), streamed: Double(n) * Double(k) * weightBytes,
                rows: Double(m) * Double(n + k) * elementBytes)
        case .prefillAttention(let tokens, let cached, let heads, let kvHeads, let headDim):
            let pairs = Double(tokens) * Double(cached) + Double(tokens) * Double(tokens + 1) / 2
            return Self.attention(
                pairs: pairs, context: cached + tokens, queries: tokens,
                width: (heads * headDim, kvHeads * headDim), elementBytes: elementBytes)
        case .decodeAttention(let sequences, let context, let heads, let kvHeads, let headDim):
            let total = sequences * context
            return Self.attention(
                pairs: Double(total), context: total, queries: sequences,
                width: (heads * headDim, kvHeads * headDim), elementBytes: elementBytes)
        case .elementwise(let bytes): return KernelWork(streamed: Double(bytes))
        case .allReduce(let ranks, let bytes):
            // A ring moves 2·(r−1)/r of the message over every link.
            return KernelWork(
                operations: Double(ranks - 1), streamed: 2 * Double(ranks - 1) / Double(ranks) * Double(bytes))
        case .stepOverhead(let sequences): return KernelWork(rows: Double(sequences))
        case .requestOverhead: return KernelWork()
        }
    }

    static func attention(
        pairs: Double, context: Int, queries: Int, width: (query: Int, key: Int), elementBytes: Double
    ) -> KernelWork {
        KernelWork(
            operations: 4 * pairs * Double(width.query),
            streamed: 2 * Double(context) * Double(width.key) * elementBytes,
            rows: 2 * Double(queries) * Double(width.query) * elementBytes)
    }
}

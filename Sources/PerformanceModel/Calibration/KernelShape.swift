/// The kinds of work that an engine step is made of.
public enum Kernel: String, Hashable, Sendable, Codable, CaseIterable {
    /// Matrix product C[m,n] = A[m,k]·B[k,n], B being weights.
    case gemm
    /// Causal attention of one prompt chunk.
    case prefillAttention
    /// Attention of one new token in each of several sequences.
    case decodeAttention
    /// Norm, rotary embedding, activation, residual: bound by the bytes moved.
    case elementwise
    /// Sum over tensor-parallel ranks.
    case allReduce
    /// Host work per step: scheduling, launching, sampling.
    case stepOverhead
    /// Host work per request: tokenising, admission, detokenising.
    case requestOverhead
}

/// One kernel with its sizes. Sizes are elements (never bytes) except where named `bytes`.
public enum KernelShape: Hashable, Sendable {
    /// A product of `m` rows with a weight matrix of `k` inputs and `n` outputs.
    case gemm(m: Int, n: Int, k: Int)
    /// A chunk of `tokens` new tokens after `cached` ones, causal.
    case prefillAttention(tokens: Int, cached: Int, heads: Int, kvHeads: Int, headDim: Int)
    /// `sequences` sequences of `context` tokens each (the new one included), one query each.
    case decodeAttention(sequences: Int, context: Int, heads: Int, kvHeads: Int, headDim: Int)
    /// `bytes` read and written in total.
    case elementwise(bytes: Int)
    /// A message of `bytes` on each of `ranks` devices.
    case allReduce(ranks: Int, bytes: Int)
    /// A step with `sequences` sequences.
    case stepOverhead(sequences: Int)
    /// One request.
    case requestOverhead

    /// Which kernel this is a shape of.
    public var kernel: Kernel {
        switch self {
        case .gemm: .gemm
        case .prefillAttention: .prefillAttention
        case .decodeAttention: .decodeAttention
        case .elementwise: .elementwise
        case .allReduce: .allReduce
        case .stepOverhead: .stepOverhead
        case .requestOverhead: .requestOverhead
        }
    }

    /// Names and values of the sizes, in declaration order: the columns of a profile's rows.
    public var dimensions: [(name: String, value: Int)] {
        switch self {
        case .gemm(let m, let n, let k): [("m", m), ("n", n), ("k", k)]
        case .prefillAttention(let tokens, let cached, let heads, let kvHeads, let headDim):
            [("tokens", tokens), ("cached", cached), ("heads", heads), ("kvHeads", kvHeads), ("headDim", headDim)]
        case .decodeAttention(let sequences, let context, let heads, let kvHeads, let headDim):
            [
                ("sequences", sequences), ("context", context), ("heads", heads), ("kvHeads", kvHeads),
                ("headDim", headDim),
            ]
        case .elementwise(let bytes): [("bytes", bytes)]
        case .allReduce(let ranks, let bytes): [("ranks", ranks), ("bytes", bytes)]
        case .stepOverhead(let sequences): [("sequences", sequences)]
        case .requestOverhead: []
        }
    }

    /// The shape of `kernel` whose sizes `value` gives by name.
    init(_ kernel: Kernel, value: (String) throws -> Int) rethrows {
        switch kernel {
        case .gemm: self = .gemm(m: try value("m"), n: try value("n"), k: try value("k"))
        case .prefillAttention:
            self = .prefillAttention(
                tokens: try value("tokens"), cached: try value("cached"), heads: try value("heads"),
                kvHeads: try value("kvHeads"), headDim: try value("headDim"))
        case .decodeAttention:
            self = .decodeAttention(
                sequences: try value("sequences"), context: try value("context"), heads: try value("heads"),
                kvHeads: try value("kvHeads"), headDim: try value("headDim"))
        case .elementwise: self = .elementwise(bytes: try value("bytes"))
        case .allReduce: self = .allReduce(ranks: try value("ranks"), bytes: try value("bytes"))
        case .stepOverhead: self = .stepOverhead(sequences: try value("sequences"))
        case .requestOverhead: self = .requestOverhead
        }
    }
}

/// Runs decoder layers on a batch of sequences, each with one or more new tokens.
///
/// Owns the scratch memory and the rotary table, so one forward pass at a time. Not safe to use from two threads;
/// the threads of its team are its own affair.
public final class ForwardPass {
    /// Sizes of the decoder whose layers this runs.
    public let shape: DecoderShape
    /// The threads that the kernels run on.
    public let team: ThreadTeam
    /// New tokens that one call may carry.
    public let maximumTokens: Int
    let rotary: Rotary
    let attention: Attention.Workspace
    let normed: Matrix
    let projections: Matrix
    let attended: Matrix
    let gateUp: Matrix
    let activated: Matrix
    private let routerLogits: Matrix
    private let gathered: Matrix

    /// Room for `maximumTokens` new tokens per call and sequences of up to `context` tokens.
    public init(_ shape: DecoderShape, maximumTokens: Int, context: Int, team: ThreadTeam) {
        self.shape = shape
        self.team = team
        self.maximumTokens = maximumTokens
        rotary = Rotary(headDim: shape.headDim, base: shape.ropeBase, positions: context)
        attention = Attention.Workspace(shape.attention, context: context, team: team)
        normed = Matrix(rows: maximumTokens, columns: shape.hiddenSize)
        projections = Matrix(rows: maximumTokens, columns: shape.projectionWidth)
        attended = Matrix(rows: maximumTokens, columns: shape.queryWidth)
        gateUp = Matrix(rows: maximumTokens, columns: 2 * shape.intermediateSize)
        activated = Matrix(rows: maximumTokens, columns: shape.intermediateSize)
        routerLogits = Matrix(rows: maximumTokens, columns: shape.experts)
        gathered = Matrix(rows: shape.experts > 0 ? maximumTokens : 0, columns: shape.hiddenSize)
    }

    /// A sequence and how many new tokens of it a call computes.
    public struct Chunk {
        /// What the sequence has computed so far. The call writes the new keys and values behind it but leaves
        /// `length` alone, because the other layers still need it; ``advance(_:)`` moves it.
        public var cache: KeyValueCache
        /// New tokens, at least one.
        public var tokens: Int

        /// The next `tokens` after what `cache` holds.
        public init(_ cache: KeyValueCache, tokens: Int) {
            self.cache = cache
            self.tokens = tokens
        }
    }

    /// One layer on the new tokens of `batch`, in place: row r of `hidden` is the r-th new token, sequence by
    /// sequence. Sequences with one new token go through the decode kernel, the others through the prefill kernel.
    ///
    /// `layer` is the index under which the keys and values are cached.
    /// - Precondition: the new tokens are not more than ``maximumTokens`` and fit the caches and the rotary table.
    public func run(_ weights: DecoderLayer, layer: Int, hidden: Matrix, batch: [Chunk]) {
        let tokens = batch.reduce(0) { $0 + $1.tokens }
        precondition(tokens <= maximumTokens && tokens <= hidden.rows, "more new tokens than the pass has room for")
        attend(weights, layer: layer, hidden: hidden, batch: batch, tokens: tokens)
        feedForward(weights, hidden: hidden, tokens: tokens)
    }

    /// Records that all layers have computed the new tokens of `batch`.
    public func advance(_ batch: [Chunk]) {
        for chunk in batch { chunk.cache.length += chunk.tokens }
    }

    private func attend(
        _ weights: DecoderLayer, layer: Int, hidden: Matrix, batch: [Chunk], tokens: Int
    ) {
        Normalisation(weight: weights.attentionNorm, epsilon: shape.normEpsilon)
            .apply(hidden.pointer, rows: tokens, into: normed.pointer, on: team)
        MatMul.multiply(
            normed.pointer, rows: tokens, by: weights.queryKeyValue.slice, into: projections.pointer, on: team)
        rotateAndStore(batch, layer: layer)
        attendRows(batch, layer: layer)
        MatMul.addProduct(
            attended.pointer, rows: tokens, by: weights.attentionOutput.slice, to: hidden.pointer, on: team)
    }

    private func feedForward(_ weights: DecoderLayer, hidden: Matrix, tokens: Int) {
        Normalisation(weight: weights.feedForwardNorm, epsilon: shape.normEpsilon)
            .apply(hidden.pointer, rows: tokens, into: normed.pointer, on: team)
        if let experts = weights.experts {
            return mix(experts, into: hidden, tokens: tokens)
        }
        activate(weights.feedForward, normed.pointer, rows: tokens)
        MatMul.addProduct(
            activated.pointer, rows: tokens, by: weights.feedForward.down.slice, to: hidden.pointer, on: team)
    }

    /// Gate, up and activation of `rows` normed rows, into ``activated``.
    private func activate(_ weights: DecoderLayer.FeedForward, _ input: UnsafePointer<Float>, rows: Int) {
        MatMul.multiply(input, rows: rows, by: weights.gateUp.slice, into: gateUp.pointer, on: team)
        Activation.gatedSiLU(
            gateUp.pointer, rows: rows, width: shape.intermediateSize, into: activated.pointer, on: team)
    }

    /// Adds to each token what its experts make of it, expert by expert: the rows that visit one are gathered, go
    /// through its products together, and are added back with their weights.
    private func mix(_ experts: DecoderLayer.Experts, into hidden: Matrix, tokens: Int) {
        MatMul.multiply(
            normed.pointer, rows: tokens, by: experts.router.slice, into: routerLogits.pointer, on: team)
        let visits = ExpertRouting.visits(routerLogits, tokens: tokens, perToken: shape.expertsPerToken)
        let width = shape.hiddenSize
        for (visits, weights) in zip(visits, experts.feedForwards) where !visits.isEmpty {
            for (row, visit) in visits.enumerated() {
                gathered.row(row).update(from: normed.row(visit.token), count: width)
            }
            activate(weights, gathered.pointer, rows: visits.count)
            MatMul.multiply(
                activated.pointer, rows: visits.count, by: weights.down.slice, into: gathered.pointer, on: team)
            for (row, visit) in visits.enumerated() {
                let (target, source) = (hidden.row(visit.token), gathered.row(row))
                for column in 0..<width { target[column] += visit.weight * source[column] }
            }
        }
    }

    /// Turns queries in place, and writes turned keys and plain values behind the cached ones.
    func rotateAndStore(_ batch: [Chunk], layer: Int) {
        let width = shape.projectionWidth
        var first = 0
        for chunk in batch {
            let cached = chunk.cache.length
            precondition(cached + chunk.tokens <= chunk.cache.capacity, "the cache is too small for the new tokens")
            precondition(cached + chunk.tokens <= rotary.positions, "the sequence outgrows the rotary table")
            let base = projections.row(first)
            team.split(chunk.tokens, grain: Elementwise.rowsPerThread(width)) { part in
                for token in part {
                    store(base + token * width, of: chunk.cache, layer: layer, position: cached + token)
                }
            }
            first += chunk.tokens
        }
    }

    private func store(
        _ row: UnsafeMutablePointer<Float>, of cache: KeyValueCache, layer: Int, position: Int
    ) {
        for head in 0..<shape.heads {
            rotary.rotate(row + head * shape.headDim, position: position, into: row + head * shape.headDim)
        }
        let (keys, values) = (row + shape.queryWidth, row + shape.queryWidth + shape.kvHeads * shape.headDim)
        for head in 0..<shape.kvHeads {
            let offset = cache.offset(of: position)
            rotary.rotate(
                keys + head * shape.headDim, position: position,
                into: cache.blocks.keys(layer: layer, head: head) + offset)
            (cache.blocks.values(layer: layer, head: head) + offset)
                .update(from: values + head * shape.headDim, count: shape.headDim)
        }
    }

    /// Attention of every chunk; runs of single-token chunks form one decode batch.
    private func attendRows(_ batch: [Chunk], layer: Int) {
        var (index, first) = (0, 0)
        while index < batch.count {
            let single = batch[index...].prefix { $0.tokens == 1 }
            var queries = Attention.Queries(pointer: projections.row(first), stride: projections.columns)
            if single.isEmpty {
                queries.count = batch[index].tokens
                Attention.prefill(
                    queries, of: batch[index].cache, layer: layer, into: attended.row(first), workspace: attention)
                first += batch[index].tokens
                index += 1
            } else {
                Attention.decode(
                    queries, batch: single.map(\.cache), layer: layer, into: attended.row(first),
                    workspace: attention)
                first += single.count
                index = single.endIndex
            }
        }
    }
}

extension Attention {
    /// Attention of the newest n = `queries.count` tokens of `cache`, whose keys and values layer `layer` already holds
    /// at positions `cache.length` ..< `cache.length` + n.
    ///
    /// `queries` and `output` are n × (heads·headDim), rotated queries, contiguous; the distance between query rows is
    /// `queries.stride`. Tiles of 64 queries of one head are dealt to the threads, each two `sgemm` calls
    /// around a softmax over the keys that the tile's last query sees, so that about half of the square is never
    /// computed. Cost: 4·headDim·heads operations per query-key pair.
    package static func prefill(
        _ queries: Queries, of cache: KeyValueCache, layer: Int, into output: UnsafeMutablePointer<Float>,
        workspace: Workspace
    ) {
        let (shape, tokens) = (workspace.shape, queries.count)
        OpenBLAS.useCallingThreadOnly()
        workspace.reserve(context: cache.length + tokens)
        if !cache.isContiguous { gather(cache, through: cache.length + tokens, layer: layer, workspace) }
        let tiles = (tokens + queryTile - 1) / queryTile
        func keys(_ head: Int) -> UnsafePointer<Float> {
            UnsafePointer(cache.isContiguous ? cache.keys(layer: layer, head: head) : workspace.gathered.row(head))
        }
        func values(_ head: Int) -> UnsafePointer<Float> {
            let row = shape.kvHeads + head
            return UnsafePointer(
                cache.isContiguous ? cache.values(layer: layer, head: head) : workspace.gathered.row(row))
        }
        workspace.team.deal(shape.heads * tiles) { worker, item in
            // The longest tiles, those of the last queries, come first.
            let tile = tiles - 1 - item / shape.heads
            let rows = tile * queryTile..<min((tile + 1) * queryTile, tokens)
            let head = item % shape.heads
            prefillTile(
                PrefillTile(
                    queries: queries.pointer + head * shape.headDim, queryStride: queries.stride, rows: rows,
                    keys: keys(head / shape.group), values: values(head / shape.group), cached: cache.length,
                    rowStride: cache.rowStride, output: output + head * shape.headDim, shape: shape),
                scores: workspace.scores.row(worker))
        }
    }

    /// Copies the keys and values of the first `tokens` tokens together, for `sgemm`, which wants them in one piece: a
    /// copy per chunk, against two products per query head.
    private static func gather(_ cache: KeyValueCache, through tokens: Int, layer: Int, _ workspace: Workspace) {
        workspace.reserve(gathering: tokens)
        let (kvHeads, stride) = (workspace.shape.kvHeads, cache.rowStride)
        workspace.team.deal(2 * kvHeads) { _, row in
            let head = row % kvHeads
            let source =
                row < kvHeads
                ? cache.blocks.keys(layer: layer, head: head) : cache.blocks.values(layer: layer, head: head)
            var first = 0
            while first < tokens {
                let count = cache.run(from: first, to: tokens)
                (workspace.gathered.row(row) + first * stride)
                    .update(from: source + cache.offset(of: first), count: count * stride)
                first += count
            }
        }
    }

    /// Where the queries of successive tokens lie.
    package struct Queries {
        /// The first token's first query.
        package var pointer: UnsafePointer<Float>
        /// Elements from one token's queries to the next token's.
        package var stride: Int
        /// Tokens.
        package var count: Int

        /// Queries of `count` tokens from `pointer` on, one token's every `stride` elements.
        package init(pointer: UnsafePointer<Float>, stride: Int, count: Int = 1) {
            self.pointer = pointer
            self.stride = stride
            self.count = count
        }
    }

    /// Some query rows of one head.
    private struct PrefillTile {
        var queries: UnsafePointer<Float>
        var queryStride: Int
        var rows: Range<Int>
        var keys: UnsafePointer<Float>
        var values: UnsafePointer<Float>
        var cached: Int
        var rowStride: Int
        var output: UnsafeMutablePointer<Float>
        var shape: Shape
    }

    private static func prefillTile(_ tile: PrefillTile, scores: UnsafeMutablePointer<Float>) {
        let (shape, count) = (tile.shape, tile.rows.count)
        let context = tile.cached + tile.rows.upperBound
        OpenBLAS.multiply(
            .init(pointer: tile.queries + tile.rows.lowerBound * tile.queryStride, stride: tile.queryStride),
            .init(pointer: tile.keys, stride: tile.rowStride), transposed: true,
            into: .init(pointer: scores, stride: context, alpha: shape.scale), size: (count, context, shape.headDim))
        for row in 0..<count {
            softmax(scores + row * context, visible: tile.cached + tile.rows.lowerBound + row + 1, of: context)
        }
        OpenBLAS.multiply(
            .init(pointer: scores, stride: context), .init(pointer: tile.values, stride: tile.rowStride),
            transposed: false,
            into: .init(pointer: tile.output + tile.rows.lowerBound * shape.queryWidth, stride: shape.queryWidth),
            size: (count, shape.headDim, context))
    }

    /// Turns the first `visible` scores into weights that sum to one and the rest of `count` into zeros.
    @inline(__always) static func softmax(_ scores: UnsafeMutablePointer<Float>, visible: Int, of count: Int) {
        let largest = VectorMath.maximum(scores, count: visible)
        let sum = VectorMath.exponentiate(scores, count: visible, shift: largest)
        VectorMath.scale(scores, count: visible, by: 1 / sum)
        (scores + visible).update(repeating: 0, count: count - visible)
    }
}

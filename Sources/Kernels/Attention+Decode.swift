import CKernels

extension Attention {
    /// Attention of one new token of each sequence in `batch`, whose key and value layer `layer` already holds at
    /// position `cache.length`.
    ///
    /// Row i of `queries` and of `output` (`batch.count` × heads·headDim) belongs to `batch[i]`. Each (sequence,
    /// key-value head) is one item dealt to the threads; its keys and values are read once for all query heads that
    /// share them, in tiles of ``keyTile``, block by block where blocks are apart, with the running maximum and sum of
    /// Milakov and Gimelshein (2018, arXiv 1805.02867). A batch with fewer items than threads leaves threads idle.
    package static func decode(
        _ queries: Queries, batch: [KeyValueCache], layer: Int, into output: UnsafeMutablePointer<Float>,
        workspace: Workspace
    ) {
        let shape = workspace.shape
        workspace.team.deal(batch.count * shape.kvHeads) { worker, item in
            let (row, head) = (item / shape.kvHeads, item % shape.kvHeads)
            let cache = batch[row]
            let offset = head * shape.group * shape.headDim
            let state = DecodeState(workspace, worker: worker)
            state.begin(queries.pointer + row * queries.stride + offset, shape: shape)
            let rows = CachedRows(cache, layer: layer, head: head)
            var first = 0
            while first <= cache.length {
                let tile = first..<min(first + keyTile, cache.length + 1)
                rows.forEachRun(tile) { state.score($0) }
                state.rescale(count: tile.count)
                rows.forEachRun(tile) { state.accumulate($0) }
                first += tile.count
            }
            state.finish(into: output + row * shape.queryWidth + offset, shape: shape)
        }
    }
}

/// The keys and values of one layer and head of a sequence, in the pieces in which they lie in memory.
private struct CachedRows {
    let cache: KeyValueCache
    let keys: UnsafePointer<Float>
    let values: UnsafePointer<Float>

    init(_ cache: KeyValueCache, layer: Int, head: Int) {
        self.cache = cache
        keys = UnsafePointer(cache.blocks.keys(layer: layer, head: head))
        values = UnsafePointer(cache.blocks.values(layer: layer, head: head))
    }

    /// Tokens of a tile that lie one after the other.
    struct Run {
        var keys: UnsafePointer<Float>
        var values: UnsafePointer<Float>
        var count: Int
        /// Place of the first in its tile.
        var place: Int
        /// Where the keys after these lie.
        var next: UnsafePointer<Float>
    }

    /// Calls `body` for the pieces of `tile` in order.
    @inline(__always) func forEachRun(_ tile: Range<Int>, _ body: (Run) -> Void) {
        var first = tile.lowerBound
        while first < tile.upperBound {
            let (count, offset) = (cache.run(from: first, to: tile.upperBound), cache.offset(of: first))
            let after = first + count
            let next =
                after <= cache.length && !cache.isContiguous
                ? cache.offset(of: after) : offset + count * cache.rowStride
            body(
                Run(
                    keys: keys + offset, values: values + offset, count: count, place: first - tile.lowerBound,
                    next: keys + next))
            first = after
        }
    }
}

/// One thread's running softmax and weighted sum for the query heads of one key-value head.
///
/// The heads of a group are padded to an even number with zero queries, head rows to multiples of four elements.
private struct DecodeState {
    let heads: Int
    let rowStride: Int
    let unit: VectorUnit
    let queries: UnsafeMutablePointer<Float>
    let sums: UnsafeMutablePointer<Float>
    let scores: UnsafeMutablePointer<Float>
    let maxima: UnsafeMutablePointer<Float>
    let totals: UnsafeMutablePointer<Float>

    init(_ workspace: Attention.Workspace, worker: Int) {
        heads = workspace.paddedGroup
        rowStride = workspace.rowStride
        unit = workspace.unit
        queries = workspace.decode.row(worker)
        sums = queries + heads * rowStride
        scores = sums + heads * rowStride
        maxima = scores + heads * Attention.keyTile
        totals = maxima + heads
    }

    /// Takes the group's queries, scaled by 1 ÷ √headDim, and forgets everything else.
    func begin(_ source: UnsafePointer<Float>, shape: Attention.Shape) {
        queries.update(repeating: 0, count: 2 * heads * rowStride)
        for head in 0..<shape.group {
            let (from, to) = (source + head * shape.headDim, queries + head * rowStride)
            for index in 0..<shape.headDim { to[index] = from[index] * shape.scale }
        }
        maxima.update(repeating: -.infinity, count: heads)
        totals.update(repeating: 0, count: heads)
    }

    /// Scores of a run's keys for every head, four keys by two heads at a time. The up to three rows read past its
    /// end are the rest of its block, padding or later tokens; their scores are never used. The first pass over the
    /// run asks for keys sixteen rows ahead, in the next run at last, and for the run's values, which are read next.
    @inline(__always) func score(_ run: CachedRows.Run) {
        let keys = run.keys
        for head in stride(from: 0, to: heads, by: 2) {
            let (q, r) = (queries + head * rowStride, queries + (head + 1) * rowStride)
            let row = scores + head * Attention.keyTile + run.place
            var key = 0
            while key < run.count {
                if head == 0 {
                    let ahead =
                        key + 16 < run.count
                        ? keys + (key + 16) * rowStride : run.next + (key + 16 - run.count) * rowStride
                    prefetch(ahead, run.values + key * rowStride)
                }
                if unit != .baseline {
                    score4Wide(keys + key * rowStride, q, r, into: row + key)
                } else {
                    score4(keys + key * rowStride, q, r, into: row + key)
                }
                key += 4
            }
        }
    }

    /// Asks for four rows of keys and of values.
    @inline(__always) private func prefetch(_ keys: UnsafePointer<Float>, _ values: UnsafePointer<Float>) {
        for index in stride(from: 0, to: 4 * rowStride, by: 16) {
            isocost_prefetch(keys + index)
            isocost_prefetch(values + index)
        }
    }

    @inline(__always) private func score4Wide(
        _ k: UnsafePointer<Float>, _ q: UnsafePointer<Float>, _ r: UnsafePointer<Float>,
        into row: UnsafeMutablePointer<Float>
    ) {
        let sums = WideProduct.fourByTwo(
            (k, k + rowStride, k + 2 * rowStride, k + 3 * rowStride), (q, r), count: rowStride, ahead: 0)
        sums.evenHalf.store(to: row)
        sums.oddHalf.store(to: row + Attention.keyTile)
    }

    @inline(__always) private func score4(
        _ k: UnsafePointer<Float>, _ q: UnsafePointer<Float>, _ r: UnsafePointer<Float>,
        into row: UnsafeMutablePointer<Float>
    ) {
        var (a0, a1, a2, a3) = (Quad.zero, Quad.zero, Quad.zero, Quad.zero)
        var (b0, b1, b2, b3) = (Quad.zero, Quad.zero, Quad.zero, Quad.zero)
        var index = 0
        while index < rowStride {
            let (u, v) = (Quad(at: q + index), Quad(at: r + index))
            let (k0, k1) = (Quad(at: k + index), Quad(at: k + rowStride + index))
            a0 += u * k0
            b0 += v * k0
            a1 += u * k1
            b1 += v * k1
            let (k2, k3) = (Quad(at: k + 2 * rowStride + index), Quad(at: k + 3 * rowStride + index))
            a2 += u * k2
            b2 += v * k2
            a3 += u * k3
            b3 += v * k3
            index += 4
        }
        let first = Quad(a0.horizontalSum, a1.horizontalSum, a2.horizontalSum, a3.horizontalSum)
        let second = Quad(b0.horizontalSum, b1.horizontalSum, b2.horizontalSum, b3.horizontalSum)
        first.store(to: row)
        second.store(to: row + Attention.keyTile)
    }

    /// Turns the tile's scores into weights relative to the new maximum, and brings the sums so far to it.
    @inline(__always) func rescale(count: Int) {
        for head in 0..<heads {
            let row = scores + head * Attention.keyTile
            let largest = max(maxima[head], VectorMath.maximum(row, count: count))
            if largest > maxima[head] {
                let factor = VectorMath.exponential(Lanes(repeating: maxima[head] - largest))[0]
                totals[head] *= factor
                VectorMath.scale(sums + head * rowStride, count: rowStride, by: factor)
                maxima[head] = largest
            }
            totals[head] += VectorMath.exponentiate(row, count: count, shift: largest)
        }
    }

    /// Adds a run's weighted values to every head's sums, two heads by sixteen elements at a time.
    @inline(__always) func accumulate(_ run: CachedRows.Run) {
        let (values, count) = (run.values, run.count)
        for head in stride(from: 0, to: heads, by: 2) {
            let p = scores + head * Attention.keyTile + run.place
            let r = p + Attention.keyTile
            let (s, t) = (sums + head * rowStride, sums + (head + 1) * rowStride)
            var index = 0
            while unit != .baseline, index + 32 <= rowStride {
                isocost_accumulate_2x32(values + index, rowStride, count, p, r, s + index, t + index)
                index += 32
            }
            while index + 16 <= rowStride {
                accumulate16(values + index, count: count, weights: (p, r), sums: (s + index, t + index))
                index += 16
            }
            while index < rowStride {
                accumulate4(values + index, count: count, weights: (p, r), sums: (s + index, t + index))
                index += 4
            }
        }
    }

    @inline(__always) private func accumulate16(
        _ v: UnsafePointer<Float>, count: Int, weights: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>),
        sums: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    ) {
        var (a0, a1) = (Quad(at: sums.0), Quad(at: sums.0 + 4))
        var (a2, a3) = (Quad(at: sums.0 + 8), Quad(at: sums.0 + 12))
        var (b0, b1) = (Quad(at: sums.1), Quad(at: sums.1 + 4))
        var (b2, b3) = (Quad(at: sums.1 + 8), Quad(at: sums.1 + 12))
        var row = v
        for key in 0..<count {
            let (p, r) = (Quad(repeating: weights.0[key]), Quad(repeating: weights.1[key]))
            let (v0, v1) = (Quad(at: row), Quad(at: row + 4))
            a0 += p * v0
            b0 += r * v0
            a1 += p * v1
            b1 += r * v1
            let (v2, v3) = (Quad(at: row + 8), Quad(at: row + 12))
            a2 += p * v2
            b2 += r * v2
            a3 += p * v3
            b3 += r * v3
            row += rowStride
        }
        store(a0, a1, a2, a3, to: sums.0)
        store(b0, b1, b2, b3, to: sums.1)
    }

    @inline(__always) private func store(
        _ a: Quad, _ b: Quad, _ c: Quad, _ d: Quad, to pointer: UnsafeMutablePointer<Float>
    ) {
        a.store(to: pointer)
        b.store(to: pointer + 4)
        c.store(to: pointer + 8)
        d.store(to: pointer + 12)
    }

    @inline(__always) private func accumulate4(
        _ v: UnsafePointer<Float>, count: Int, weights: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>),
        sums: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>)
    ) {
        var (a, b) = (Quad(at: sums.0), Quad(at: sums.1))
        for key in 0..<count {
            let value = Quad(at: v + key * rowStride)
            a += Quad(repeating: weights.0[key]) * value
            b += Quad(repeating: weights.1[key]) * value
        }
        a.store(to: sums.0)
        b.store(to: sums.1)
    }

    /// Writes each real head's weighted mean.
    func finish(into output: UnsafeMutablePointer<Float>, shape: Attention.Shape) {
        for head in 0..<shape.group {
            let (from, to) = (sums + head * rowStride, output + head * shape.headDim)
            let factor = 1 / totals[head]
            for index in 0..<shape.headDim { to[index] = from[index] * factor }
        }
    }
}

import Primitives
import Testing

@testable import Kernels

/// Attention over long and oddly shared caches.
@Suite struct LongAttentionTests {
    /// Heads, key-value heads, cached tokens: groups of 1, 2, 3, 5, 7, 8 and 16 heads, one or many tiles of keys.
    static let shapes = [
        (4, 4, 1023), (4, 2, 1024), (6, 2, 1025), (5, 1, 2000), (14, 2, 640), (8, 1, 383), (16, 1, 385), (3, 3, 0),
        (32, 8, 129),
    ]

    private func fixture(_ shape: (Int, Int, Int), tokens: Int, headDim: Int = 12) -> AttentionFixture {
        AttentionFixture(
            .init(shape: .init(heads: shape.0, kvHeads: shape.1, headDim: headDim), cached: shape.2, tokens: tokens))
    }

    private func prefill(_ fixture: AttentionFixture, threads: Int = 2, context: Int = 1) -> Matrix {
        let problem = fixture.problem
        let output = Matrix(rows: problem.tokens, columns: problem.shape.queryWidth)
        Attention.prefill(
            fixture.input, of: fixture.cache, layer: 1, into: output.pointer,
            workspace: .init(problem.shape, context: context, team: ThreadTeam(threads: threads)))
        return output
    }

    private func decode(_ fixtures: [AttentionFixture], threads: Int, unit: VectorUnit = .best) -> Matrix {
        let shape = fixtures[0].problem.shape
        let queries = Matrix(rows: fixtures.count, columns: shape.queryWidth)
        for (row, fixture) in fixtures.enumerated() {
            queries.row(row).update(from: fixture.queries.pointer, count: shape.queryWidth)
        }
        let output = Matrix(rows: fixtures.count, columns: shape.queryWidth)
        let workspace = Attention.Workspace(shape, context: 1, team: ThreadTeam(threads: threads))
        workspace.unit = unit
        Attention.decode(
            .init(pointer: queries.pointer, stride: queries.columns), batch: fixtures.map(\.cache), layer: 1,
            into: output.pointer, workspace: workspace)
        return output
    }

    @Test(arguments: shapes, VectorUnit.available)
    func oneTokenAfterALongPrefix(shape: (Int, Int, Int), unit: VectorUnit) throws {
        let fixture = fixture(shape, tokens: 1)
        let expected = try fixture.expected(0)
        let limit = tolerance(terms: shape.2 + 1, magnitude: 2)
        #expect(largestDifference(expected, doubles(decode([fixture], threads: 2, unit: unit), row: 0)) <= limit)
        #expect(largestDifference(expected, doubles(prefill(fixture), row: 0)) <= limit)
    }

    /// A chunk of more than one tile of queries after a long prefix: its first, last and tile-border rows.
    @Test(arguments: [(6, 2, 700), (4, 1, 1025)], [1, 3])
    func aChunkAfterALongPrefix(shape: (Int, Int, Int), threads: Int) throws {
        let fixture = fixture(shape, tokens: 2 * Attention.queryTile + 3)
        let output = prefill(fixture, threads: threads)
        for row in [0, 1, 63, 64, 65, 127, 128, 130] {
            let error = largestDifference(try fixture.expected(row), doubles(output, row: row))
            #expect(error <= tolerance(terms: shape.2 + row + 1, magnitude: 2), "row \(row)")
        }
    }

    /// Sequences of very different lengths in one batch get what they get alone, to the last bit, on any threads.
    @Test(arguments: [1, 2, 5])
    func aRaggedBatchIsItsSequences(threads: Int) {
        let fixtures = [0, 1, 127, 128, 129, 600].map { fixture((6, 2, $0), tokens: 1) }
        let together = decode(fixtures, threads: threads)
        for (row, fixture) in fixtures.enumerated() {
            #expect(doubles(together, row: row) == doubles(decode([fixture], threads: 1), row: 0), "sequence \(row)")
        }
    }

    /// A token that comes later changes nothing for those before it, to the last bit.
    @Test func theFutureIsHidden() {
        let (a, b) = (fixture((4, 2, 5), tokens: 100), fixture((4, 2, 5), tokens: 100))
        for head in 0..<2 {
            b.cache.keys(layer: 1, head: head)[80 * b.cache.rowStride] += 50
            b.cache.values(layer: 1, head: head)[80 * b.cache.rowStride] -= 50
        }
        let (before, after) = (prefill(a), prefill(b))
        // Position 80 is the new token 75.
        for row in 0..<75 { #expect(doubles(before, row: row) == doubles(after, row: row), "token \(row)") }
        for row in 75..<100 { #expect(doubles(before, row: row) != doubles(after, row: row), "token \(row)") }
    }

    /// What a workspace was made for or used for before does not show.
    @Test func aWorkspaceForgets() {
        let (large, small) = (fixture((6, 2, 300), tokens: 70), fixture((6, 2, 3), tokens: 5))
        let workspace = Attention.Workspace(large.problem.shape, context: 1, team: ThreadTeam(threads: 2))
        let outputs = [large, small].map { fixture in
            let output = Matrix(rows: fixture.problem.tokens, columns: fixture.problem.shape.queryWidth)
            Attention.prefill(
                fixture.input, of: fixture.cache, layer: 1, into: output.pointer,
                workspace: workspace)
            return output
        }
        #expect(workspace.scores.columns >= Attention.queryTile * 370)
        for row in 0..<5 { #expect(doubles(outputs[1], row: row) == doubles(prefill(small, context: 999), row: row)) }
    }

    /// One key outscores all others by far, at another place for each key-value head: every query head must return the
    /// value at its own head's place, exactly.
    @Test(arguments: [(1, 1), (8, 8), (6, 2), (12, 4), (7, 1), (16, 2)], VectorUnit.available)
    func queryHeadsReadTheirKeyValueHead(heads: (Int, Int), unit: VectorUnit) {
        let shape = Attention.Shape(heads: heads.0, kvHeads: heads.1, headDim: 8)
        let cache = KeyValueCache(layers: 1, kvHeads: heads.1, headDim: 8, capacity: 300)
        cache.length = 299
        for head in 0..<heads.1 {
            cache.keys(layer: 0, head: head)[(37 * head + 5) * cache.rowStride] = 10_000
            for token in 0..<300 { cache.values(layer: 0, head: head)[token * cache.rowStride] = Float(token) }
        }
        let queries = Matrix(rows: 1, columns: shape.queryWidth)
        for head in 0..<heads.0 { queries[0, head * 8] = 1 }
        let (decoded, prefilled) = (
            Matrix(rows: 1, columns: shape.queryWidth), Matrix(rows: 1, columns: shape.queryWidth)
        )
        let input = Attention.Queries(pointer: queries.pointer, stride: queries.columns)
        let workspace = Attention.Workspace(shape, context: 300, team: ThreadTeam(threads: 2))
        workspace.unit = unit
        Attention.decode(input, batch: [cache], layer: 0, into: decoded.pointer, workspace: workspace)
        Attention.prefill(
            input, of: cache, layer: 0, into: prefilled.pointer, workspace: workspace)
        for head in 0..<heads.0 {
            let place = Float(37 * (head / (heads.0 / heads.1)) + 5)
            #expect(decoded[0, head * 8] == place && prefilled[0, head * 8] == place, "head \(head)")
        }
    }

    /// Attention is over a set: the order of the cached tokens shows in the rounding alone.
    @Test func theOrderOfTheCacheDoesNotMatter() {
        let (a, b) = (fixture((6, 2, 400), tokens: 1), fixture((6, 2, 400), tokens: 1))
        for head in 0..<2 {
            // 7·token + 3 passes through every residue of 401 once.
            for token in 0...400 {
                let (from, to) = (token * a.cache.rowStride, (token * 7 + 3) % 401 * a.cache.rowStride)
                (b.cache.keys(layer: 1, head: head) + to)
                    .update(from: a.cache.keys(layer: 1, head: head) + from, count: 12)
                (b.cache.values(layer: 1, head: head) + to)
                    .update(from: a.cache.values(layer: 1, head: head) + from, count: 12)
            }
        }
        let (first, second) = (doubles(decode([a], threads: 2), row: 0), doubles(decode([b], threads: 2), row: 0))
        #expect(largestDifference(first, second) <= tolerance(terms: 401, magnitude: 2))
        #expect(first != second)
    }
}

import Primitives
import Testing

@testable import Kernels

@Suite struct AttentionTests {
    /// Heads, key-value heads, head dimension, cached tokens, new tokens.
    struct Case: CustomTestStringConvertible {
        var shape: Attention.Shape
        var cached: Int
        var tokens: Int
        var testDescription: String {
            "\(shape.heads)/\(shape.kvHeads) heads of \(shape.headDim), \(tokens) after \(cached)"
        }
    }

    static let cases = [
        (1, 1, 2, 0, 1), (4, 4, 8, 0, 5), (6, 2, 6, 3, 4), (5, 1, 10, 7, 3), (2, 1, 16, 0, 70), (4, 2, 20, 66, 2),
        (3, 3, 5, 130, 1), (4, 1, 36, 259, 1), (2, 2, 4, 127, 1), (2, 2, 4, 128, 1), (4, 2, 68, 5, 1),
    ].map {
        Case(shape: .init(heads: $0.0, kvHeads: $0.1, headDim: $0.2), cached: $0.3, tokens: $0.4)
    }

    @Test(arguments: cases, [1, 2])
    func prefillAgreesWithTheFormula(_ problem: Case, threads: Int) throws {
        let fixture = AttentionFixture(problem)
        let output = Matrix(rows: problem.tokens, columns: problem.shape.queryWidth)
        Attention.prefill(
            fixture.input, of: fixture.cache, layer: 1, into: output.pointer,
            workspace: .init(problem.shape, context: 1, team: ThreadTeam(threads: threads)))
        for token in 0..<problem.tokens {
            let error = largestDifference(try fixture.expected(token), doubles(output, row: token))
            #expect(error <= tolerance(terms: problem.cached + problem.tokens, magnitude: 2), "token \(token)")
        }
    }

    /// The newest token alone, through the other kernel.
    @Test(arguments: cases, VectorUnit.available)
    func decodeAgreesWithTheFormula(_ problem: Case, unit: VectorUnit) throws {
        let fixture = AttentionFixture(problem)
        let last = problem.tokens - 1
        fixture.cache.length += last
        let output = Matrix(rows: 1, columns: problem.shape.queryWidth)
        let workspace = Attention.Workspace(problem.shape, context: 1, team: ThreadTeam(threads: 2))
        workspace.unit = unit
        let queries = Attention.Queries(pointer: fixture.queries.row(last), stride: fixture.queries.columns)
        Attention.decode(
            queries, batch: [fixture.cache], layer: 1, into: output.pointer, workspace: workspace)
        let error = largestDifference(try fixture.expected(last), doubles(output, row: 0))
        #expect(error <= tolerance(terms: problem.cached + problem.tokens, magnitude: 2))
    }

    /// Large scores: the running maximum moves between tiles and the answer is the value of the largest key.
    @Test func decodeFollowsTheMaximumAcrossTiles() {
        let shape = Attention.Shape(heads: 1, kvHeads: 1, headDim: 4)
        let cache = KeyValueCache(layers: 1, kvHeads: 1, headDim: 4, capacity: 400)
        cache.length = 399
        for token in 0..<400 {
            cache.keys(layer: 0, head: 0)[token * 4] = Float(token == 300 ? 1000 : token)
            cache.values(layer: 0, head: 0)[token * 4] = Float(token)
        }
        let query = Matrix(rows: 1, columns: 4)
        query[0, 0] = 2
        let output = Matrix(rows: 1, columns: 4)
        Attention.decode(
            .init(pointer: query.pointer, stride: 4), batch: [cache], layer: 0, into: output.pointer,
            workspace: .init(shape, context: 1, team: ThreadTeam(threads: 1)))
        #expect(output[0, 0] == 300)
    }
}

/// Random queries, keys and values in layer 1 of a two-layer cache, and the exact answer.
struct AttentionFixture {
    let problem: AttentionTests.Case
    let cache: KeyValueCache
    let queries: Matrix

    init(_ problem: AttentionTests.Case) {
        let shape = problem.shape
        self.problem = problem
        let total = problem.cached + problem.tokens
        cache = KeyValueCache(layers: 2, kvHeads: shape.kvHeads, headDim: shape.headDim, capacity: total)
        cache.length = problem.cached
        queries = Matrix(
            rows: problem.tokens, columns: shape.queryWidth + 3, key: RandomKey(seed: 11), scale: 2)
        for head in 0..<shape.kvHeads {
            let keys = randomMatrix(total, shape.headDim, seed: UInt64(head * 2 + 100))
            let values = randomMatrix(total, shape.headDim, seed: UInt64(head * 2 + 101))
            for token in 0..<total {
                let offset = token * cache.rowStride
                (cache.keys(layer: 1, head: head) + offset).update(from: keys.row(token), count: shape.headDim)
                (cache.values(layer: 1, head: head) + offset).update(from: values.row(token), count: shape.headDim)
            }
        }
    }

    var input: Attention.Queries {
        .init(pointer: queries.pointer, stride: queries.columns, count: problem.tokens)
    }

    func expected(_ token: Int) throws -> [Double] {
        let (d, group) = (problem.shape.headDim, problem.shape.group)
        let reference = ReferenceDecoder(shape: try tinyShape())
        return (0..<problem.shape.heads).flatMap { head -> [Double] in
            let query = (0..<d).map { Double(queries[token, head * d + $0]) }
            return reference.attention(
                query, keys: rows(cache.keys(layer: 1, head: head / group), through: problem.cached + token),
                values: rows(cache.values(layer: 1, head: head / group), through: problem.cached + token))
        }
    }

    private func rows(_ pointer: UnsafePointer<Float>, through last: Int) -> [[Double]] {
        (0...last).map { token in
            (0..<problem.shape.headDim).map { Double(pointer[token * cache.rowStride + $0]) }
        }
    }
}

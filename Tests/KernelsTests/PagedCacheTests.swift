import Primitives
import Testing

@testable import Kernels

@Suite struct PagedCacheTests {
    private let shape = try? tinyShape(heads: 6, kvHeads: 2, headDim: 6)

    /// Blocks of which every second one is taken, so that a cache's blocks are apart.
    private func scattered(_ shape: DecoderShape, blocks: Int) -> (KeyValueBlocks, keepers: [KeyValueCache]) {
        let pool = KeyValueBlocks(shape, count: 2 * blocks)
        let caches = (0..<2 * blocks).map { _ in KeyValueCache(in: pool) }
        for cache in caches { #expect(cache.reserve(1)) }
        return (pool, caches.enumerated().filter { $0.offset % 2 == 0 }.map(\.element))
    }

    /// The same text and the same logits to the last bit, whether the blocks lie together, apart or backwards.
    @Test(arguments: [1, 15, 16, 17, 40, 130])
    func pagedEqualsContiguous(prompt: Int) throws {
        let shape = try #require(shape)
        let model = DecoderModel(shape, key: RandomKey(seed: 61))
        let tokens = (0..<prompt).map { ($0 * 5 + 1) % 23 }
        func logits(_ cache: KeyValueCache) -> [[Double]] {
            let pass = ForwardPass(shape, maximumTokens: 200, context: 200, team: ThreadTeam(threads: 2))
            #expect(cache.reserve(prompt))
            var rows = [doubles(model.forwardPrefill(tokens, cache: cache, pass: pass), row: 0)]
            for token in [4, 8, 15, 16, 20] {
                #expect(cache.reserve(cache.length + 1))
                rows.append(doubles(model.forwardDecode([token], caches: [cache], pass: pass), row: 0))
            }
            // A further chunk, so that prefill reads what decoding wrote.
            #expect(cache.reserve(cache.length + 3))
            rows.append(doubles(model.forwardPrefill([1, 2, 3], cache: cache, pass: pass), row: 0))
            return rows
        }
        let contiguous = logits(model.makeCache(capacity: prompt + 8))
        let (pool, keepers) = scattered(shape, blocks: 12)
        let paged = KeyValueCache(in: pool)
        let apart = logits(paged)
        #expect(paged.isContiguous == (paged.table.count == 1))
        #expect(apart == contiguous)
        #expect(logits(KeyValueCache(in: KeyValueBlocks(shape, count: 12))) == contiguous)
        #expect(keepers.count == 12)
    }

    /// Two sequences that grow in turns hold each other's neighbours, and neither sees the other.
    @Test func interleavedSequences() throws {
        let shape = try #require(shape)
        let model = DecoderModel(shape, key: RandomKey(seed: 62))
        let pool = KeyValueBlocks(shape, count: 8)
        let pass = ForwardPass(shape, maximumTokens: 2, context: 64, team: ThreadTeam(threads: 2))
        let caches = [KeyValueCache(in: pool), KeyValueCache(in: pool)]
        var last: [[Double]] = []
        let written = (0..<50).map { [$0 * 3 % 23, $0 * 7 % 23] }
        for tokens in written {
            for cache in caches { #expect(cache.reserve(cache.length + 1)) }
            let logits = model.forwardDecode(tokens, caches: caches, pass: pass)
            last = [doubles(logits, row: 0), doubles(logits, row: 1)]
        }
        #expect(pool.freeCount == 0 && caches.allSatisfy { !$0.isContiguous && $0.capacity == 64 })
        for side in 0..<2 {
            let expected = ReferenceDecoder(shape: shape).logits(model, tokens: written.map { $0[side] })
            let bound = tolerance(terms: 50, magnitude: 2) * 14
            #expect(largestDifference(expected[49], last[side]) <= bound)
        }
    }

    @Test func blocksAreTakenAndGivenBack() throws {
        let shape = try #require(shape)
        let pool = KeyValueBlocks(shape, count: 5)
        #expect(pool.freeCount == 5)
        do {
            let (a, b) = (KeyValueCache(in: pool), KeyValueCache(in: pool))
            #expect(a.reserve(17) && a.table == [0, 1] && a.capacity == 32 && pool.freeCount == 3)
            #expect(a.reserve(32) && a.table.count == 2)
            #expect(b.reserve(33) && b.table == [2, 3, 4] && pool.freeCount == 0)
            #expect(!a.reserve(33) && a.capacity == 32 && a.reserve(20))
            #expect(a.byteCount == 2 * pool.byteCount / 5)
        }
        #expect(pool.freeCount == 5)
        let again = KeyValueCache(in: pool)
        #expect(again.reserve(80) && Set(again.table) == Set(0..<5))
        #expect(!again.reserve(81))
    }

    @Test func runsEndWhereBlocksPart() throws {
        let (pool, keepers) = scattered(try #require(shape), blocks: 4)
        let cache = KeyValueCache(in: pool)
        #expect(cache.reserve(64) && keepers.count == 4)
        for (first, last, count) in [(0, 64, 16), (3, 64, 13), (16, 20, 4), (50, 64, 14)] {
            #expect(cache.run(from: first, to: last) == count)
        }
        let whole = KeyValueCache(layers: 1, kvHeads: 1, headDim: 4, capacity: 64)
        #expect(whole.run(from: 5, to: 60) == 55 && whole.offset(of: 37) == 37 * 4)
        #expect(cache.offset(of: 17) == (16 * cache.table[1] + 1) * cache.rowStride)
    }
}

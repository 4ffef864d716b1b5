import Primitives
import Testing

@testable import Kernels

/// Whole decoders that write text: what an engine relies on from one step to the next.
@Suite struct GenerationTests {
    /// Greedy continuation of `prompts`, all sequences in one batch, and every logit on the way.
    private func generate(
        _ model: DecoderModel, _ prompts: [[Int]], steps: Int, threads: Int
    ) -> (tokens: [[Int]], logits: [[Double]]) {
        let team = ThreadTeam(threads: threads)
        let pass = ForwardPass(model.shape, maximumTokens: 64, context: 64, team: team)
        let caches = prompts.map { model.makeCache(capacity: $0.count + steps) }
        var last = model.forward(zip(prompts, caches).map { .init(tokens: $0, cache: $1) }, pass: pass)
        var (tokens, logits) = (prompts.map { _ in [Int]() }, [[Double]]())
        for _ in 0..<steps {
            let next = Sampling.greedy(last, on: team)
            for (index, token) in next.enumerated() { tokens[index].append(token) }
            last = model.forwardDecode(next, caches: caches, pass: pass)
            logits += prompts.indices.map { doubles(last, row: $0) }
        }
        #expect(zip(prompts, caches).allSatisfy { $1.length == $0.count + steps })
        return (tokens, logits)
    }

    private static let prompts = [[3, 1, 4, 1, 5, 9, 2, 6], [20], [8, 8, 8], [0, 22, 11, 7, 13]]

    /// No sum is divided among threads, so the text and every logit are the same to the last bit on any number.
    @Test(arguments: [2, 3, 4, 7])
    func textDoesNotDependOnTheThreads(threads: Int) throws {
        let model = DecoderModel(
            try tinyShape(heads: 4, kvHeads: 2, headDim: 8, feed: (50, 2)), key: .init(seed: 81))
        let alone = generate(model, Self.prompts, steps: 12, threads: 1)
        let together = generate(model, Self.prompts, steps: 12, threads: threads)
        #expect(alone.tokens == together.tokens)
        #expect(alone.logits == together.logits)
        #expect(generate(model, Self.prompts, steps: 12, threads: threads).logits == together.logits)
    }

    /// The continuation is that of the double-precision reference, wherever its choice is not a near tie.
    @Test(arguments: [82, 83, 84] as [UInt64])
    func textIsTheReferences(seed: UInt64) throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: seed))
        let reference = ReferenceDecoder(shape: shape)
        let written = generate(model, Self.prompts, steps: 6, threads: 2).tokens
        for (prompt, text) in zip(Self.prompts, written) {
            for step in text.indices {
                let logits = reference.logits(model, tokens: prompt + text[..<step]).last ?? []
                let best = logits.max() ?? 0
                #expect(logits[text[step]] > best - 1e-4, "token \(step) after \(prompt)")
            }
        }
    }

    /// Sequences do not see each other: alone or in any company, the same text.
    @Test func companyDoesNotMatter() throws {
        let model = DecoderModel(try tinyShape(), key: RandomKey(seed: 85))
        let together = generate(model, Self.prompts, steps: 8, threads: 2).tokens
        for (index, prompt) in Self.prompts.enumerated() {
            #expect(generate(model, [prompt], steps: 8, threads: 2).tokens == [together[index]])
        }
    }

    /// Scratch memory that a large step filled shows in no later step.
    @Test func aPassForgets() throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 86))
        func logits(usedBefore: Bool) -> [Double] {
            let pass = ForwardPass(shape, maximumTokens: 40, context: 48, team: ThreadTeam(threads: 2))
            if usedBefore {
                _ = model.forwardPrefill((0..<40).map { $0 % 23 }, cache: model.makeCache(capacity: 40), pass: pass)
            }
            return doubles(model.forwardPrefill([4, 5, 6], cache: model.makeCache(capacity: 3), pass: pass), row: 0)
        }
        #expect(logits(usedBefore: true) == logits(usedBefore: false))
    }

    /// However a prompt is cut into chunks, the logits after it are the same to rounding.
    @Test(arguments: [[10], [1, 9], [9, 1], [3, 3, 4], [1, 1, 1, 7], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]])
    func chunksJoin(chunks: [Int]) throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 87))
        let prompt = (0..<10).map { ($0 * 5 + 2) % 23 }
        let pass = ForwardPass(shape, maximumTokens: 10, context: 10, team: ThreadTeam(threads: 2))
        let cache = model.makeCache(capacity: 10)
        var (first, last) = (0, [Double]())
        for count in chunks {
            last = doubles(
                model.forwardPrefill(Array(prompt[first..<first + count]), cache: cache, pass: pass), row: 0)
            first += count
            #expect(cache.length == first)
        }
        let expected = ReferenceDecoder(shape: shape).logits(model, tokens: prompt)[9]
        #expect(largestDifference(expected, last) <= 14 * tolerance(terms: 21, magnitude: 2))
    }
}

@Suite struct KeyValueCacheUseTests {
    private let shape = try? tinyShape(heads: 4, kvHeads: 2, headDim: 6)

    private func pass(_ shape: DecoderShape) -> ForwardPass {
        ForwardPass(shape, maximumTokens: 16, context: 16, team: ThreadTeam(threads: 2))
    }

    /// Everything that a cache holds of its first `length` tokens.
    private func content(_ cache: KeyValueCache) -> [Float] {
        (0..<cache.layers).flatMap { layer in
            (0..<cache.kvHeads).flatMap { head in
                (0..<cache.length * cache.rowStride).flatMap {
                    [cache.keys(layer: layer, head: head)[$0], cache.values(layer: layer, head: head)[$0]]
                }
            }
        }
    }

    /// After a truncation other tokens are appended: the cache equals one that never held the forgotten ones.
    @Test(arguments: [0, 1, 3, 7])
    func appendingAfterATruncation(kept: Int) throws {
        let shape = try #require(shape)
        let model = DecoderModel(shape, key: RandomKey(seed: 91))
        let (pass, used, fresh) = (pass(shape), model.makeCache(capacity: 12), model.makeCache(capacity: 12))
        let prompt = [1, 2, 3, 4, 5, 6, 7]
        for token in prompt { _ = model.forwardDecode([token], caches: [used], pass: pass) }
        used.truncate(to: kept)
        for token in prompt[..<kept] { _ = model.forwardDecode([token], caches: [fresh], pass: pass) }
        for token in [20, 21] {
            let a = model.forwardDecode([token], caches: [used], pass: pass)
            let b = model.forwardDecode([token], caches: [fresh], pass: pass)
            #expect(doubles(a, row: 0) == doubles(b, row: 0))
        }
        #expect(used.length == kept + 2 && content(used) == content(fresh))
    }

    /// Appending leaves what was there: the first tokens' rows never change, in any layer.
    @Test func appendingLeavesThePast() throws {
        let shape = try #require(shape)
        let model = DecoderModel(shape, key: RandomKey(seed: 92))
        let (pass, cache) = (pass(shape), model.makeCache(capacity: 16))
        _ = model.forwardPrefill([1, 2, 3, 4, 5], cache: cache, pass: pass)
        let before = content(cache)
        _ = model.forwardPrefill([6, 7, 8], cache: cache, pass: pass)
        _ = model.forwardDecode([9], caches: [cache], pass: pass)
        #expect(cache.length == 9)
        cache.truncate(to: 5)
        #expect(content(cache) == before)
    }

    /// The kernels rely on zeros between a row's end and the next row's beginning, and behind the last row.
    @Test func paddingStaysZero() throws {
        let shape = try #require(shape)
        let model = DecoderModel(shape, key: RandomKey(seed: 93))
        let cache = model.makeCache(capacity: 5)
        _ = model.forwardPrefill([1, 2, 3, 4, 5], cache: cache, pass: pass(shape))
        #expect(cache.rowStride == 8)
        for layer in 0..<2 {
            for head in 0..<2 {
                let (keys, values) = (cache.keys(layer: layer, head: head), cache.values(layer: layer, head: head))
                let padding = (0..<64).filter { $0 % 8 >= 6 || $0 >= 40 }
                #expect(padding.allSatisfy { keys[$0] == 0 && values[$0] == 0 })
                #expect((0..<5).allSatisfy { keys[8 * $0] != 0 && values[8 * $0] != 0 })
            }
        }
    }

    /// The first key of a sequence is not turned, and a value never is: both are the plain projection.
    @Test func cachedRowsAreTheProjections() throws {
        let shape = try #require(shape)
        let model = DecoderModel(shape, key: RandomKey(seed: 94))
        let (pass, cache) = (pass(shape), model.makeCache(capacity: 2))
        _ = model.forwardPrefill([5, 5], cache: cache, pass: pass)
        let (first, second) = (0, cache.rowStride)
        for head in 0..<2 {
            let (keys, values) = (cache.keys(layer: 0, head: head), cache.values(layer: 0, head: head))
            // The same token twice: equal values, keys turned by one position against each other.
            #expect((0..<6).allSatisfy { values[first + $0] == values[second + $0] })
            let reference = ReferenceDecoder(shape: shape)
            let turned = reference.rotated((0..<6).map { Double(keys[first + $0]) }, position: 1)
            #expect(largestDifference(turned, (0..<6).map { Double(keys[second + $0]) }) < 1e-6)
        }
    }
}

@Suite struct SamplingTests {
    private func greedy(_ rows: [[Float]], threads: Int = 1) -> [Int] {
        let logits = Matrix(rows: rows.count, columns: rows[0].count)
        for (row, values) in rows.enumerated() {
            for (column, value) in values.enumerated() { logits[row, column] = value }
        }
        return Sampling.greedy(logits, on: ThreadTeam(threads: threads))
    }

    @Test func byHand() {
        #expect(greedy([[1, 3, 2]]) == [1])
        #expect(greedy([[-5, -2, -3]]) == [1])
        #expect(greedy([[7]]) == [0])
        #expect(greedy([[-.infinity, -.infinity]]) == [0])
        #expect(greedy([[0, .infinity, .infinity]]) == [1])
        #expect(greedy([[-0.0, 0.0]]) == [0])
    }

    /// A lone largest element at every place of rows that end inside, at and after a vector of sixteen.
    @Test(arguments: [1, 15, 16, 17, 31, 33, 64])
    func everyPlace(width: Int) {
        let rows = (0..<width).map { place in (0..<width).map { $0 == place ? Float(1) : Float(-1) } }
        for threads in [1, 3] { #expect(greedy(rows, threads: threads) == Array(0..<width)) }
    }

    @Test func equalsTheFirstMaximumOnAnyThreads() {
        let logits = ExactProductTests.integers(50, 37, salt: 9)
        let expected = (0..<50).map { row in
            let values = (0..<37).map { logits[row, $0] }
            return values.firstIndex(of: values.max() ?? 0)
        }
        for threads in 1...4 { #expect(Sampling.greedy(logits, on: ThreadTeam(threads: threads)) == expected) }
    }
}

import PerformanceModel
import Primitives
import Testing

@testable import Kernels

@Suite struct DecoderShapeTests {
    @Test func followsTheArchitecture() throws {
        let model = try ModelCatalogue.model(named: "llama-3.1-8b")
        let shape = try DecoderShape(model)
        #expect(shape.hiddenSize == 4096 && shape.layers == 32 && shape.vocabularySize == 128_256)
        #expect(shape.heads == 32 && shape.kvHeads == 8 && shape.headDim == 128)
        #expect(shape.intermediateSize == 14_336)
        #expect(shape.projectionWidth == 4096 + 2 * 1024 && shape.queryWidth == 4096)
    }

    /// Layers, embedding, output projection and final norm are all the parameters there are.
    @Test(arguments: ["llama-2-7b", "llama-3.1-8b", "mistral-7b", "llama-3.1-70b"])
    func parametersAddUp(name: String) throws {
        let model = try ModelCatalogue.model(named: name)
        let shape = try DecoderShape(model)
        let total =
            shape.layers * shape.layerParameters + 2 * shape.vocabularySize * shape.hiddenSize + shape.hiddenSize
        #expect(total == model.parameterCount)
    }

    @Test func refusalsNameTheReason() throws {
        func message(_ change: (inout ModelArchitecture) -> Void) throws -> String {
            var model = try ModelCatalogue.model(named: "llama-3.1-8b")
            change(&model)
            do {
                _ = try DecoderShape(model)
                return ""
            } catch { return error.description }
        }
        #expect(try message { _ in } == "")
        #expect(try message { $0.feedForward.gated = false }.contains("without gate"))
        #expect(try message { $0.feedForward.bias = true }.contains("biases"))
        #expect(try message { $0.norms.perLayer = 4 }.contains("norms other than two"))
        #expect(try message { $0.slidingWindow = SlidingWindow(tokens: 10, layers: 1) }.contains("sliding-window"))
        #expect(
            try message {
                $0.attention = .grouped(GroupedAttention(heads: 4, kvHeads: 2, headDim: 8, sinks: true))
            }.contains("attention sinks"))
        #expect(
            try message {
                $0.attention = .grouped(GroupedAttention(heads: 4, kvHeads: 2, headDim: 8, queryKeyNorm: .perHead))
            }.contains("query-key norms"))
        #expect(try message { $0.layers = 0 }.contains("not positive"))
        let shared = ExpertLayers(experts: 4, perToken: 2, intermediateSize: 8, sharedIntermediateSize: 16)
        #expect(try message { $0.feedForward.experts = shared }.contains("experts beside dense blocks"))
        let biased = ExpertLayers(experts: 4, perToken: 2, intermediateSize: 8, expertBias: true)
        #expect(try message { $0.feedForward.experts = biased }.contains("biases on experts"))
    }
}

@Suite struct DecoderLayerTests {
    /// One layer alone against the formulas, every hidden row.
    @Test(arguments: [1, 2, 5, 9])
    func aLayerAgreesWithDoublePrecision(tokens: Int) throws {
        let shape = try tinyShape(hidden: 16, heads: 4, kvHeads: 2, headDim: 4, feed: (30, 2))
        let layer = DecoderLayer(shape, key: RandomKey(seed: 31))
        let hidden = randomMatrix(tokens, 16, seed: 32)
        let expected = ReferenceDecoder(shape: shape).run(layer, hidden: (0..<tokens).map { doubles(hidden, row: $0) })
        let pass = ForwardPass(shape, maximumTokens: tokens, context: tokens, team: ThreadTeam(threads: 1))
        let cache = KeyValueCache(layers: 1, kvHeads: 2, headDim: 4, capacity: tokens)
        pass.run(layer, layer: 0, hidden: hidden, batch: [.init(cache, tokens: tokens)])
        for row in 0..<tokens {
            let error = largestDifference(expected[row], doubles(hidden, row: row))
            #expect(error <= 7 * tolerance(terms: 30, magnitude: 2), "row \(row)")
        }
        #expect(cache.length == 0)
        pass.advance([.init(cache, tokens: tokens)])
        #expect(cache.length == tokens)
    }

    /// Activations of a random decoder neither vanish nor explode over many layers.
    @Test func randomWeightsKeepTheirScale() throws {
        let shape = try tinyShape(hidden: 32, heads: 4, kvHeads: 4, headDim: 8, feed: (48, 12))
        let model = DecoderModel(shape, key: RandomKey(seed: 33))
        let pass = ForwardPass(shape, maximumTokens: 6, context: 6, team: ThreadTeam(threads: 1))
        let logits = model.forwardPrefill([1, 2, 3, 4, 5, 6], cache: model.makeCache(capacity: 6), pass: pass)
        let values = doubles(logits, row: 0).map(abs)
        #expect(values.allSatisfy { $0.isFinite } && (values.max() ?? 0) < 50 && (values.max() ?? 0) > 0.05)
    }

    /// The order of a batch changes whose row is whose and nothing else, to the last bit.
    @Test func theOrderOfABatchDoesNotMatter() throws {
        let shape = try tinyShape()
        let model = DecoderModel(shape, key: RandomKey(seed: 34))
        let pass = ForwardPass(shape, maximumTokens: 8, context: 8, team: ThreadTeam(threads: 2))
        func logits(_ order: [Int]) -> [Int: [Double]] {
            let inputs = order.map { id -> DecoderModel.Input in
                let cache = model.makeCache(capacity: 8)
                _ = model.forwardPrefill([id, id + 1, id + 2], cache: cache, pass: pass)
                return .init(tokens: [id + 5], cache: cache)
            }
            let result = model.forward(inputs, pass: pass)
            return Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, doubles(result, row: $0)) })
        }
        let forward = logits([0, 1, 2, 3])
        let backward = logits([3, 2, 1, 0])
        for id in 0..<4 {
            #expect(largestDifference(forward[id] ?? [], backward[id] ?? []) == 0, "sequence \(id)")
        }
    }

    /// Threads divide rows, columns and heads, never a sum: up to OpenBLAS' own blocking the results agree closely.
    @Test func threadsAgree() throws {
        let shape = try tinyShape(hidden: 40, heads: 4, kvHeads: 2, headDim: 10, feed: (50, 2))
        let model = DecoderModel(shape, key: RandomKey(seed: 35))
        let results = [1, 2, 5].map { threads in
            let pass = ForwardPass(shape, maximumTokens: 20, context: 20, team: ThreadTeam(threads: threads))
            let cache = model.makeCache(capacity: 20)
            return doubles(model.forwardPrefill(Array(0..<20), cache: cache, pass: pass), row: 0)
        }
        for result in results { #expect(largestDifference(results[0], result) < 1e-5) }
    }
}

@Suite struct KeyValueCacheTests {
    @Test(arguments: [(4, 4), (5, 8), (6, 8), (64, 64)])
    func rowsArePadded(headDim: Int, stride: Int) {
        let cache = KeyValueCache(layers: 3, kvHeads: 2, headDim: headDim, capacity: 5)
        #expect(cache.rowStride == stride)
        // Five rows take a block: 2 stores × 3 layers × 2 heads × 16 rows × stride × 4 bytes.
        #expect(cache.byteCount == 2 * 3 * 2 * 16 * stride * 4)
        #expect(cache.length == 0 && cache.capacity == 5)
    }

    @Test func layersAndHeadsDoNotOverlap() {
        let cache = KeyValueCache(layers: 2, kvHeads: 3, headDim: 4, capacity: 4)
        var starts: Set<UInt> = []
        for layer in 0..<2 {
            for head in 0..<3 {
                starts.insert(UInt(bitPattern: cache.keys(layer: layer, head: head)))
                starts.insert(UInt(bitPattern: cache.values(layer: layer, head: head)))
            }
        }
        let sorted = starts.sorted()
        #expect(sorted.count == 12)
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 >= 64 })
    }

    @Test func truncation() {
        let cache = KeyValueCache(layers: 1, kvHeads: 1, headDim: 2, capacity: 8)
        cache.length = 6
        cache.truncate(to: 6)
        #expect(cache.length == 6)
        cache.truncate(to: 0)
        #expect(cache.length == 0)
    }
}

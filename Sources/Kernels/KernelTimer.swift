import Primitives

/// Times the points of a grid on memory that a real forward pass would find cold.
///
/// A layer's weights and cached keys are read once per step, between those of all other layers, so they are never
/// in the cache when their turn comes. Timing one matrix over and over would measure the cache. Each run therefore
/// turns to the next window of a store larger than the last cache; activations stay warm, as they do in a pass.
final class KernelTimer {
    private let team: ThreadTeam
    private let store: Matrix
    /// Bytes after which a reused window has left the caches.
    private let coldBytes: Int
    private let memoryBytes: Int

    /// Takes up to `memoryBytes` for the weights' store.
    init(_ points: [CalibrationGrid.Point], team: ThreadTeam, machine: HostMachine, memoryBytes: Int) {
        self.team = team
        self.memoryBytes = memoryBytes
        coldBytes = 4 * machine.lastLevelCacheBytes
        let largest = points.map(\.weightBytes).max() ?? 0
        store = Matrix(rows: 1, columns: (min(max(coldBytes, 2 * largest), max(memoryBytes, largest)) + 63) / 64 * 16)
        Self.fill(store, on: team)
    }

    /// One block of random numbers, repeated. Each half of a float is a bf16 of magnitude 1 … 2 and either sign, so
    /// that the same bits are ordinary weights and scales in every format.
    private static func fill(_ store: Matrix, on team: ThreadTeam) {
        let block = Matrix(rows: 1, columns: 1 << 16)
        let key = RandomKey(seed: 1)
        for index in 0..<block.columns {
            let bits = UInt32(truncatingIfNeeded: key.bits(UInt64(index)))
            block.pointer[index] = Float(bitPattern: bits & 0x807F_807F | 0x3F80_3F80)
        }
        team.split(store.columns, grain: block.columns) { part in
            for first in stride(from: part.lowerBound, to: part.upperBound, by: block.columns) {
                (store.pointer + first)
                    .update(from: block.pointer, count: min(block.columns, part.upperBound - first))
            }
        }
    }

    /// Times `point`.
    func measure(_ point: CalibrationGrid.Point, _ sampler: Sampler) -> TimingSample {
        switch point {
        case .gemm(let m, let n, let k, let format): gemm(m: m, WeightLayout(format, rows: n, columns: k), sampler)
        case .prefill(let shape, let tokens, let cached): prefill(shape, tokens: tokens, cached: cached, sampler)
        case .decode(let shape, let sequences, let context):
            decode(shape, sequences: sequences, context: context, sampler)
        case .elementwise(let shape, let kernel, let tokens): elementwise(shape, kernel, tokens: tokens, sampler)
        case .step(let sequences): step(sequences: sequences, sampler)
        }
    }

    private func gemm(m: Int, _ layout: WeightLayout, _ sampler: Sampler) -> TimingSample {
        let (input, output) = (activations(m, layout.columns), Matrix(rows: m, columns: layout.rows))
        let windows = max(1, store.count * 4 / layout.byteCount)
        return sampler.measure { run in
            let slice = MatMul.WeightSlice(
                base: UnsafeRawPointer(store.pointer) + run % windows * layout.byteCount, layout: layout)
            MatMul.multiply(input.pointer, rows: m, by: slice, into: output.pointer, on: team)
        }
    }

    private func prefill(_ shape: DecoderShape, tokens: Int, cached: Int, _ sampler: Sampler) -> TimingSample {
        let cache = caches(shape, sequences: 1, context: cached + tokens)[0]
        cache.length = cached
        let (queries, output) = (activations(tokens, shape.queryWidth), activations(tokens, shape.queryWidth))
        let workspace = Attention.Workspace(shape.attention, context: cached + tokens, team: team)
        return sampler.measure { run in
            Attention.prefill(
                .init(pointer: queries.pointer, stride: queries.columns, count: tokens), of: cache,
                layer: run % cache.layers, into: output.pointer, workspace: workspace)
        }
    }

    private func decode(_ shape: DecoderShape, sequences: Int, context: Int, _ sampler: Sampler) -> TimingSample {
        let batch = caches(shape, sequences: sequences, context: context)
        for cache in batch { cache.length = context - 1 }
        let queries = activations(sequences, shape.queryWidth)
        let output = activations(sequences, shape.queryWidth)
        let workspace = Attention.Workspace(shape.attention, context: 1, team: team)
        return sampler.measure { run in
            Attention.decode(
                .init(pointer: queries.pointer, stride: queries.columns), batch: batch,
                layer: run % batch[0].layers, into: output.pointer, workspace: workspace)
        }
    }

    private func elementwise(
        _ shape: DecoderShape, _ kernel: CalibrationGrid.ElementwiseKernel, tokens: Int, _ sampler: Sampler
    ) -> TimingSample {
        switch kernel {
        case .norm: norm(width: shape.hiddenSize, tokens: tokens, sampler)
        case .rotary: rotary(shape, tokens: tokens, sampler)
        case .activation: activation(width: shape.intermediateSize, tokens: tokens, sampler)
        }
    }

    private func norm(width: Int, tokens: Int, _ sampler: Sampler) -> TimingSample {
        let (input, weight) = (activations(tokens, width), activations(1, width))
        let output = Matrix(rows: tokens, columns: width)
        return sampler.measure { _ in
            Normalisation(weight: weight, epsilon: 1e-5)
                .apply(input.pointer, rows: tokens, into: output.pointer, on: team)
        }
    }

    private func rotary(_ shape: DecoderShape, tokens: Int, _ sampler: Sampler) -> TimingSample {
        let pass = ForwardPass(shape, maximumTokens: tokens, context: tokens, team: team)
        let batch = [ForwardPass.Chunk(caches(shape, sequences: 1, context: tokens)[0], tokens: tokens)]
        return sampler.measure { run in pass.rotateAndStore(batch, layer: run % batch[0].cache.layers) }
    }

    private func activation(width: Int, tokens: Int, _ sampler: Sampler) -> TimingSample {
        let (input, output) = (activations(tokens, 2 * width), Matrix(rows: tokens, columns: width))
        return sampler.measure { _ in
            Activation.gatedSiLU(input.pointer, rows: tokens, width: width, into: output.pointer, on: team)
        }
    }

    private func step(sequences: Int, _ sampler: Sampler) -> TimingSample {
        let model = DecoderModel(.smallest, key: RandomKey(seed: 3))
        let pass = ForwardPass(.smallest, maximumTokens: sequences, context: 1, team: team)
        let caches = (0..<sequences).map { _ in model.makeCache(capacity: 1) }
        let tokens = [Int](repeating: 0, count: sequences)
        return sampler.measure { _ in
            _ = Sampling.greedy(model.forwardDecode(tokens, caches: caches, pass: pass), on: team)
            for cache in caches { cache.truncate(to: 0) }
        }
    }

    private func activations(_ rows: Int, _ columns: Int) -> Matrix {
        Matrix(rows: rows, columns: columns, key: RandomKey(seed: 2), scale: 1)
    }

    /// Caches with as many layers as it takes to leave the processor's caches, within the memory limit.
    private func caches(_ shape: DecoderShape, sequences: Int, context: Int) -> [KeyValueCache] {
        let layerBytes = max(1, 8 * sequences * context * shape.kvHeads * shape.headDim)
        let layers = max(1, min((coldBytes + layerBytes - 1) / layerBytes, memoryBytes / layerBytes, 64))
        return (0..<sequences).map { _ in
            KeyValueCache(layers: layers, kvHeads: shape.kvHeads, headDim: shape.headDim, capacity: context)
        }
    }
}

extension CalibrationGrid.Point {
    /// Bytes of the weight matrix that the point streams; 0 where it has none.
    var weightBytes: Int {
        guard case .gemm(_, let n, let k, let format) = self else { return 0 }
        return WeightLayout(format, rows: n, columns: k).byteCount
    }
}

public import PerformanceModel
import Primitives

/// A whole engine step of a model, really run and timed: what a prediction from a profile is held against.
public struct StepTrial: Sendable {
    /// What the step computes, in the terms of step-cost models.
    public var step: StepShape
    /// Times of the whole step: embedding, layers, output projection of each sequence's last token, greedy choice.
    public var sample: TimingSample

    /// New tokens of one sequence after those it has cached.
    public struct Chunk: Hashable, Sendable {
        /// New tokens; 1 is a decode step.
        public var tokens: Int
        /// Tokens computed before.
        public var cached: Int

        /// `tokens` new tokens after `cached` ones.
        public init(tokens: Int, cached: Int) {
            self.tokens = tokens
            self.cached = cached
        }
    }

    /// Builds `shape` with random weights and times a step over `chunks`, warm-up first.
    ///
    /// Takes 4 bytes per parameter; give `shape` fewer layers than the model has to time a part of a large one.
    /// - Parameters:
    ///   - seconds: time to spend on timing; at least three steps are timed.
    /// - Precondition: `chunks` is not empty and every chunk has a new token.
    public static func measure(
        _ shape: DecoderShape, _ chunks: [Chunk], threads: Int, seconds: Double
    ) -> StepTrial {
        precondition(!chunks.isEmpty && chunks.allSatisfy { $0.tokens > 0 && $0.cached >= 0 }, "a step needs tokens")
        let model = DecoderModel(shape, key: RandomKey(seed: 1))
        let inputs = chunks.enumerated().map { index, chunk in
            let cache = model.makeCache(capacity: chunk.cached + chunk.tokens)
            cache.length = chunk.cached
            let tokens = (0..<chunk.tokens).map { ($0 * 7 + index) % shape.vocabularySize }
            return DecoderModel.Input(tokens: tokens, cache: cache)
        }
        let pass = ForwardPass(
            shape, maximumTokens: chunks.reduce(0) { $0 + $1.tokens },
            context: chunks.map { $0.cached + $0.tokens }.max() ?? 1, team: ThreadTeam(threads: threads))
        let sample = Sampler(nanoseconds: seconds * 1e9).measure { _ in
            _ = Sampling.greedy(model.forward(inputs, pass: pass), on: pass.team)
            for (input, chunk) in zip(inputs, chunks) { input.cache.truncate(to: chunk.cached) }
        }
        return StepTrial(step: stepShape(chunks), sample: sample)
    }

    /// A chunk of one token counts as decoding, all others as prompt; every sequence emits a token.
    static func stepShape(_ chunks: [Chunk]) -> StepShape {
        var step = StepShape()
        for chunk in chunks {
            if chunk.tokens == 1 {
                step.decodeSequences += 1
                step.decodeContext += chunk.cached + 1
            } else {
                step.addChunk(new: chunk.tokens, cached: chunk.cached)
            }
        }
        step.sampledSequences = chunks.count
        return step
    }
}

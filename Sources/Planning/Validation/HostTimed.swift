import PerformanceModel

/// Step costs of a server whose host works between steps instead of beside them.
///
/// The step costs themselves hold what asynchronous scheduling (vLLM from 0.15 on) leaves of the host's work.
struct HostTimed: StepCostModel {
    /// Generations of vLLM by how they schedule.
    enum Engine: Hashable, Sendable {
        /// The first engine, up to 0.7: scheduling, input preparation and detokenisation in one process, and steps with
        /// prompts launched kernel by kernel, which takes them `launching` nanoseconds at least.
        case v0(launching: Double)
        /// The second engine before asynchronous scheduling was the default: 0.8 to 0.14.
        case synchronous
    }

    let base: any StepCostModel
    let engine: Engine

    /// Nanoseconds per step, and per sequence in it, that the GPU waits beyond what an asynchronous engine makes it
    /// wait.
    private var added: (perStep: Double, perSequence: Double) {
        switch engine {
        case .v0: (2_700_000, 360_000)
        case .synchronous: (700_000, 5_000)
        }
    }

    func stepTime(_ shape: StepShape) -> Double {
        guard shape.prefillTokens > 0 else {
            let line = decodeLine(sequences: shape.decodeSequences, context: shape.decodeContext)
            return line.fixed + line.perContextToken * Double(shape.decodeContext)
        }
        let (perStep, perSequence) = added
        var device = base.stepTime(shape)
        if case .v0(let launching) = engine { device = max(device, launching) }
        return device + perStep + perSequence * Double(shape.decodeSequences + shape.prefillSequences)
    }

    func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        var line = base.decodeLine(sequences: sequences, context: context)
        line.fixed += added.perStep + added.perSequence * Double(sequences)
        return line
    }
}

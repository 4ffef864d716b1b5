import PerformanceModel
import Synchronization

/// What bounded the engines' steps: busy time by the resource that it waited for.
public struct StepBounds: Sendable, Equatable {
    /// A resource, or the reason for having none.
    public enum Resource: String, Sendable, CaseIterable {
        /// Multiplying: time that grows with the tokens of a step.
        case compute = "compute"
        /// Reading weights: what a step of one token would take too.
        case weights = "weight bandwidth"
        /// Reading keys and values of the sequences that decode.
        case cache = "KV bandwidth"
        /// Sums over ranks and hand-over between stages.
        case links = "links"
        /// Scheduling and launching.
        case host = "host"
    }

    /// Nanoseconds by resource, in the order of ``Resource/allCases``.
    public var nanoseconds = [Double](repeating: 0, count: Resource.allCases.count)
    /// Steps with prompt tokens, and without.
    public var promptSteps: UInt64 = 0
    /// Steps that only decode.
    public var decodeSteps: UInt64 = 0
    /// Mean sequences of a step that only decodes.
    public var meanDecodeBatch = 0.0
    /// Busy time that the steps as they were put together do not account for, as a share of it.
    public var unexplainedShare = 0.0

    /// Share of all time attributed to `resource`.
    public func share(_ resource: Resource) -> Double {
        let total = nanoseconds.reduce(0, +)
        guard total > 0, let place = Resource.allCases.firstIndex(of: resource) else { return 0 }
        return nanoseconds[place] / total
    }

    /// Adds the time of a step of `shape`, `times` times.
    mutating func add(_ shape: StepShape, of cost: TransformerStepCost, times: Double = 1) {
        var single = StepShape()
        single.decodeSequences = 1
        single.decodeContext = 1
        single.sampledSequences = 1
        let alone = Dictionary(
            cost.breakdown(single).map { ($0.part, $0.nanoseconds) }, uniquingKeysWith: { first, _ in first })
        for (part, time) in cost.breakdown(shape) {
            switch part {
            case .attentionProjections, .feedForward, .experts, .router, .elementwise, .outputProjection:
                let weights = min(time, alone[part] ?? 0)
                self[.weights] += weights * times
                self[.compute] += (time - weights) * times
            case .prefillAttention: self[.compute] += time * times
            case .decodeAttention: self[.cache] += time * times
            case .allReduce, .pipelineSend: self[.links] += time * times
            case .hostOverhead: self[.host] += time * times
            }
        }
    }

    private subscript(resource: Resource) -> Double {
        get { nanoseconds[Resource.allCases.firstIndex(of: resource) ?? 0] }
        set { nanoseconds[Resource.allCases.firstIndex(of: resource) ?? 0] = newValue }
    }
}

/// A step cost that remembers every step with prompt tokens that was asked of it; the times are the inner one's to the
/// last bit.
final class RecordingStepCost: StepCostModel {
    let inner: TransformerStepCost
    private let state = Mutex(State())

    /// What was asked for so far.
    struct State {
        var bounds = StepBounds()
        var time = 0.0
        var decodeTokens = 0
        var decodeContext = 0.0
    }

    init(_ inner: TransformerStepCost) { self.inner = inner }

    func stepTime(_ shape: StepShape) -> Double {
        let time = inner.stepTime(shape)
        guard shape.prefillTokens > 0 else { return time }
        state.withLock { state in
            state.bounds.add(shape, of: inner)
            state.bounds.promptSteps += 1
            state.time += time
            state.decodeTokens += shape.decodeSequences
            state.decodeContext += Double(shape.decodeContext)
        }
        return time
    }

    func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        inner.decodeLine(sequences: sequences, context: context)
    }

    var recorded: State { state.withLock { $0 } }
}

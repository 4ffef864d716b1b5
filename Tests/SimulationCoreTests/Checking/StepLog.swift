import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// A linear cost that writes down every engine step: `[prompt tokens, decoding sequences]`.
///
/// Each decode line it hands out holds for one step only, so that the engine has to ask again before the next.
final class StepLog: StepCostModel, @unchecked Sendable {
    private let base: LinearStepCost
    private(set) var shapes: [StepShape] = []

    init(_ base: LinearStepCost = LinearStepCost(perStep: 100, perPrefillToken: 10)) { self.base = base }

    var steps: [[Int]] { shapes.map { [$0.prefillTokens, $0.decodeSequences] } }
    func clear() { shapes = [] }

    func stepTime(_ shape: StepShape) -> Double {
        shapes.append(shape)
        return base.stepTime(shape)
    }

    func decodeLine(sequences: Int, context: Int) -> DecodeLine {
        var shape = StepShape()
        (shape.decodeSequences, shape.decodeContext) = (sequences, context)
        shapes.append(shape)
        var line = base.decodeLine(sequences: sequences, context: context)
        line.contextLimit = context
        return line
    }
}

/// One replica under a step log: what a person can follow on paper. A step takes 100 ns and 10 ns per prompt token.
struct LoggedRun {
    let steps: [[Int]]
    let record: RunRecord
    /// By request id.
    let outcomes: [RequestOutcome]

    init(_ engine: EngineConfiguration, _ requests: [Request], prompts: [UInt64: ([PromptSegment], Bool)] = [:]) throws
    {
        let log = StepLog()
        let collector = Collector()
        let pool = PoolConfiguration(name: "one", replicas: 1, engine: engine, stepCost: log)
        let simulation = try Simulation(
            fleet: FleetConfiguration(pools: [pool], router: .roundRobin),
            source: ListSource(requests, prompts: prompts), observer: collector)
        log.clear()  // The router asked for a decode rate.
        record = try simulation.run()
        steps = log.steps
        outcomes = collector.outcomes.sorted { $0.id < $1.id }
    }

    func ttft(_ id: Int) -> Int64 { outcomes[id].ttft.nanoseconds }
    func e2e(_ id: Int) -> Int64 { outcomes[id].e2e.nanoseconds }
    func queue(_ id: Int) -> Int64 { outcomes[id].queue.nanoseconds }
}

extension Request {
    /// A request at `at` nanoseconds.
    init(_ id: UInt64, at: Int64 = 0, input: Int32, output: Int32, priority: Int32 = 0, classIndex: UInt16 = 0) {
        self.init(
            id: id, arrival: SimulatedTime(nanoseconds: at), inputTokens: input, outputTokens: output,
            classIndex: classIndex, priority: priority)
    }
}

import Kernels
import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// What the simulator says of a ``LiveServer``: one replica with the same limits and the machine's profile.
struct LivePrediction {
    private let stepCost: TransformerStepCost
    private let engine: EngineConfiguration

    /// - Throws: `ProfileGap` when the profile lacks a kernel in the precision's formats.
    init(
        _ model: ModelArchitecture, _ precision: Precision, profile: DeviceProfile, limits: LiveLimits
    ) throws(ProfileGap) {
        stepCost = try TransformerStepCost(model, precision, profile: profile, maxBatchedTokens: limits.batchedTokens)
        engine = EngineConfiguration(
            maxBatchedTokens: limits.batchedTokens, maxSequences: limits.sequences, maxModelLength: limits.length,
            kvBlocks: limits.blocks, prefixCaching: false)
    }

    /// The answers, in the order of `requests`, which is that of their arrival.
    func serve(_ requests: [LiveRequest]) throws -> [LiveAnswer] {
        let outcomes = Outcomes()
        let pool = PoolConfiguration(name: "live", replicas: 1, engine: engine, stepCost: stepCost)
        let simulation = try Simulation(
            fleet: FleetConfiguration(pools: [pool], router: .leastOutstanding), source: LiveSource(requests),
            observer: outcomes)
        _ = try simulation.run()
        return outcomes.all.sorted { $0.id < $1.id }.map { outcome in
            let request = requests[Int(outcome.id)]
            return LiveAnswer(
                arrival: request.arrival, firstToken: request.arrival + outcome.ttft.seconds,
                lastToken: request.arrival + outcome.e2e.seconds, outputTokens: request.outputTokens)
        }
    }
}

/// The requests as the simulator reads them.
private final class LiveSource: RequestSource {
    let classes = ["live"]
    let regions = ["none"]
    let contents = PromptContentStore()
    let sharesPrefixes = false
    let skipped: [SkippedRows] = []
    private let requests: [LiveRequest]
    private var position = 0

    init(_ requests: [LiveRequest]) { self.requests = requests }

    func read(into batch: inout [Request], limit: Int) {
        let end = min(position + limit, requests.count)
        for index in position..<end {
            let request = requests[index]
            batch.append(
                Request(
                    id: UInt64(index),
                    arrival: SimulatedTime(nanoseconds: Int64((request.arrival * 1e9).rounded())),
                    inputTokens: Int32(request.inputTokens), outputTokens: Int32(request.outputTokens)))
        }
        position = end
    }
}

private final class Outcomes: RunObserver {
    private(set) var all: [RequestOutcome] = []
    var wantsOutcomes: Bool { true }
    func finished(_ outcomes: [RequestOutcome]) { all += outcomes }
    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool { true }
}

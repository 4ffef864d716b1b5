import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// A list of requests as a source.
final class ReplaySource: RequestSource {
    let classes = ["measured"]
    let regions = ["none"]
    let contents: PromptContentStore
    let sharesPrefixes: Bool
    let skipped: [SkippedRows] = []
    private let requests: [Request]
    private var position = 0

    /// - Parameter prompts: requests in order of arrival with the segments of their prompts; none = unique.
    init(_ prompts: [ReplayPrompt]) {
        let contents = PromptContentStore()
        self.contents = contents
        sharesPrefixes = prompts.contains { !$0.segments.isEmpty }
        requests = prompts.enumerated().map { index, prompt in
            Request(
                id: UInt64(index), arrival: SimulatedTime(nanoseconds: Int64((prompt.arrival * 1e9).rounded())),
                inputTokens: Int32(prompt.inputTokens), outputTokens: Int32(prompt.outputTokens),
                content: prompt.segments.isEmpty ? .unique : contents.insert(prompt.segments))
        }
    }

    func read(into batch: inout [Request], limit: Int) {
        let end = min(position + limit, requests.count)
        batch.append(contentsOf: requests[position..<end])
        position = end
    }
}

/// One request of a measured run.
struct ReplayPrompt: Hashable, Sendable {
    /// Seconds since the run's start.
    var arrival: Double
    var inputTokens: Int
    var outputTokens: Int
    /// What the prompt shares with others; empty = nothing.
    var segments: [PromptSegment] = []
}

/// A measured run replayed through the simulator's engine.
struct EngineReplay {
    var engine: EngineConfiguration
    var stepCost: any StepCostModel
    var replicas = 1

    /// Serves `prompts`, which must be in order of arrival; those that failed are left out.
    func serve(_ prompts: [ReplayPrompt]) throws -> [RequestTiming] {
        let collector = OutcomeCollector()
        let pool = PoolConfiguration(name: "measured", replicas: replicas, engine: engine, stepCost: stepCost)
        let simulation = try Simulation(
            fleet: FleetConfiguration(pools: [pool], router: .leastOutstanding), source: ReplaySource(prompts),
            observer: collector)
        _ = try simulation.run()
        return collector.outcomes.filter { $0.failure == nil }.sorted { $0.id < $1.id }.map { outcome in
            RequestTiming(outcome, prompt: prompts[Int(outcome.id)])
        }
    }
}

/// What the replay says about one request, in seconds since the run's start.
struct RequestTiming: Hashable, Sendable {
    /// Position among the prompts.
    var index: Int
    var arrival: Double
    var firstToken: Double
    var lastToken: Double
    var outputTokens: Int

    init(_ outcome: RequestOutcome, prompt: ReplayPrompt) {
        index = Int(outcome.id)
        arrival = prompt.arrival
        firstToken = prompt.arrival + outcome.ttft.seconds
        lastToken = prompt.arrival + outcome.e2e.seconds
        outputTokens = prompt.outputTokens
    }
}

/// How long a step takes over time: the mean TPOT of the requests that decode at a moment.
struct StepProfile: Sendable {
    /// Moments, ascending, and the sum over all values up to and including each.
    private struct Sums: Sendable {
        private let times: [Double]
        private let sums: [Double]

        init(_ values: [(time: Double, value: Double)]) {
            let sorted = values.sorted { $0.time < $1.time }
            times = sorted.map(\.time)
            var sum = 0.0
            sums = sorted.map { entry in
                sum += entry.value
                return sum
            }
        }

        func upTo(_ time: Double) -> (count: Int, sum: Double) {
            var (low, high) = (0, times.count)
            while low < high {
                let middle = (low + high) / 2
                if times[middle] <= time { low = middle + 1 } else { high = middle }
            }
            return (low, low == 0 ? 0 : sums[low - 1])
        }
    }

    private let begun: Sums
    private let ended: Sums

    init(_ timings: [RequestTiming]) {
        let decodes = timings.filter { $0.outputTokens > 1 }.map { timing in
            (timing, (timing.lastToken - timing.firstToken) / Double(timing.outputTokens - 1))
        }
        begun = Sums(decodes.map { ($0.firstToken, $1) })
        ended = Sums(decodes.map { ($0.lastToken, $1) })
    }

    /// Seconds of a step at `time`; 0 where nobody decodes.
    func stepTime(at time: Double) -> Double {
        let (begun, ended) = (begun.upTo(time), ended.upTo(time))
        return begun.count > ended.count ? (begun.sum - ended.sum) / Double(begun.count - ended.count) : 0
    }
}

private final class OutcomeCollector: RunObserver {
    private(set) var outcomes: [RequestOutcome] = []
    var wantsOutcomes: Bool { true }
    func finished(_ outcomes: [RequestOutcome]) { self.outcomes += outcomes }
    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool { true }
}

public import Primitives

/// Perfect knowledge: what will be needed is known, and asked for just early enough to be ready in time.
///
/// No scaler can hold the same table with fewer replica-hours, so its cost and its latencies bound the others': regret
/// is what a policy costs beyond it. Wanted at a decision is the most that the table needs from now until what the
/// next decision asks for can be ready: now ..< now + lead + tick.
public struct ClairvoyantPolicy: Sendable, Equatable, Codable {
    /// From a moment of the run on, so many replicas.
    public struct Step: Sendable, Equatable, Codable {
        /// Included.
        public var time: SimulatedTime
        /// Needed from then on.
        public var replicas: Int

        public init(time: SimulatedTime, replicas: Int) {
            self.time = time
            self.replicas = replicas
        }
    }

    /// In order of time. Before the first nothing is needed; the last holds to the end.
    public var steps: [Step]
    /// From asking for a replica to its serving: the pool's start-up time.
    public var lead: SimulatedDuration
    /// Time between decisions. Default 10 s.
    public var tick: SimulatedDuration

    /// Traps unless the steps are in order of time.
    public init(steps: [Step], lead: SimulatedDuration, tick: SimulatedDuration = .seconds(10)) {
        precondition(zip(steps, steps.dropFirst()).allSatisfy { $0.time <= $1.time }, "steps are in order of time")
        self.steps = steps
        self.lead = lead
        self.tick = tick
    }

    /// The replicas that the arrivals need: for each bin ceil(arrivals ÷ (capacity × bin)), from the run's start on;
    /// equal neighbours are one step.
    /// - Parameters:
    ///   - arrivals: Requests in each bin.
    ///   - capacity: Requests per second that one replica takes, above 0.
    ///   - bin: Length of a bin, above 0.
    public static func table(arrivals: [Int], capacity: Double, bin: SimulatedDuration) -> [Step] {
        precondition(capacity > 0 && bin > .zero, "a replica takes something, a bin takes some time")
        var steps: [Step] = []
        for (index, count) in arrivals.enumerated() {
            let replicas = wholeReplicas(Double(count) / (capacity * bin.seconds))
            guard replicas != steps.last?.replicas else { continue }
            steps.append(Step(time: .start + bin * Int64(index), replicas: replicas))
        }
        return steps
    }
}

struct ClairvoyantController: ReplicaController {
    private let policy: ClairvoyantPolicy
    /// The last step not after the present.
    private var place = -1

    init(policy: ClairvoyantPolicy) { self.policy = policy }

    var period: SimulatedDuration { policy.tick }

    mutating func decide(_ signals: PoolSignals) -> Int {
        let steps = policy.steps
        while place + 1 < steps.count, steps[place + 1].time <= signals.time { place += 1 }
        var most = place >= 0 ? steps[place].replicas : 0
        let horizon = signals.time + policy.lead + policy.tick
        var next = place + 1
        while next < steps.count, steps[next].time < horizon {
            most = max(most, steps[next].replicas)
            next += 1
        }
        return most
    }
}

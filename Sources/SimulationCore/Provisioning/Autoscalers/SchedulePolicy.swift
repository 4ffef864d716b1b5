public import Primitives

/// Replicas by the time of day.
///
/// From each step's time on, its replicas are wanted; before the first step of a cycle the last one of the cycle
/// before holds. With a look-ahead a rise comes that much earlier, so that its replicas are ready when the step says;
/// a fall never comes early: what is wanted is the most that any moment from now to now + look-ahead asks for.
public struct SchedulePolicy: Sendable, Equatable, Codable {
    /// From a time of the cycle on, so many replicas.
    public struct Step: Sendable, Equatable, Codable {
        /// Since the cycle's start; taken modulo the cycle.
        public var time: SimulatedDuration
        /// Wanted from then on.
        public var replicas: Int

        public init(time: SimulatedDuration, replicas: Int) {
            self.time = time
            self.replicas = replicas
        }
    }

    /// In any order. With no step nothing is wanted beyond the minimum.
    public var steps: [Step]
    /// After which the table repeats. Default 24 h; 168 h makes it a table of the week.
    public var cycle: SimulatedDuration
    /// The time of the cycle at the run's start. Default midnight.
    public var phase: SimulatedDuration
    /// How much earlier rises come. Default none.
    public var lookAhead: SimulatedDuration
    /// Time between looks at the table. Default 60 s, the resolution of a cron table.
    public var tick: SimulatedDuration

    public init(
        steps: [Step], cycle: SimulatedDuration = .hours(24), phase: SimulatedDuration = .zero,
        lookAhead: SimulatedDuration = .zero, tick: SimulatedDuration = .seconds(60)
    ) {
        self.steps = steps
        self.cycle = cycle
        self.phase = phase
        self.lookAhead = lookAhead
        self.tick = tick
    }
}

struct ScheduleController: ReplicaController {
    private let steps: [SchedulePolicy.Step]
    private let policy: SchedulePolicy
    private let cycle: Int64

    init(policy: SchedulePolicy) {
        self.policy = policy
        let cycle = max(policy.cycle.nanoseconds, 1)
        self.cycle = cycle
        // Where two steps share a time the later one in the table holds: a stable order by index.
        let placed = policy.steps.enumerated().map { index, step in
            (time: positive(step.time.nanoseconds, modulo: cycle), index: index, replicas: step.replicas)
        }
        steps = placed.sorted { ($0.time, $0.index) < ($1.time, $1.index) }
            .map { SchedulePolicy.Step(time: SimulatedDuration(nanoseconds: $0.time), replicas: $0.replicas) }
    }

    var period: SimulatedDuration { policy.tick }

    mutating func decide(_ signals: PoolSignals) -> Int {
        guard !steps.isEmpty else { return 0 }
        let start = positive(signals.time.nanoseconds + policy.phase.nanoseconds, modulo: cycle)
        let span = min(max(policy.lookAhead.nanoseconds, 0), cycle)
        var most = replicas(at: start)
        for step in steps {
            let wait = positive(step.time.nanoseconds - start, modulo: cycle)
            if wait > 0, wait <= span { most = max(most, replicas(at: step.time.nanoseconds)) }
        }
        return most
    }

    private func replicas(at time: Int64) -> Int {
        (steps.last { $0.time.nanoseconds <= time } ?? steps[steps.count - 1]).replicas
    }
}

/// The remainder in 0 ..< modulus.
private func positive(_ value: Int64, modulo modulus: Int64) -> Int64 {
    let rest = value % modulus
    return rest < 0 ? rest + modulus : rest
}

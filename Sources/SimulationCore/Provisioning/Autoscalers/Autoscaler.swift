public import Primitives

/// A controller that decides how many replicas a pool should have, from what it has seen of the pool.
///
/// Deterministic: the same policy and the same signals give the same decisions.
public struct Autoscaler: Sendable {
    private var controller: any ReplicaController
    private let bounds: ReplicaBounds

    /// A controller of a pool that starts with `initial` replicas; it never asks for fewer than `minimum` or more
    /// than `maximum`. Traps unless 0 ≤ minimum ≤ maximum.
    public init(policy: AutoscalerPolicy, minimum: Int, maximum: Int, initial: Int) {
        bounds = ReplicaBounds(minimum: minimum, maximum: maximum)
        let start = bounds.clamp(initial)
        controller =
            switch policy {
            case .fixed(let policy): FixedController(policy: policy)
            case .schedule(let policy): ScheduleController(policy: policy)
            case .hpa(let policy): HPAController(policy: policy, bounds: bounds, initial: start)
            case .knative(let policy): KnativeController(policy: policy, initial: start)
            case .keda(let policy): KEDAController(policy: policy, bounds: bounds, initial: start)
            case .rayServe(let policy): RayServeController(policy: policy, bounds: bounds, initial: start)
            case .skyServe(let policy): SkyServeController(policy: policy, bounds: bounds, initial: start)
            case .fallback(let policy): FallbackController(policy: policy)
            case .targetUtilization(let policy): TargetUtilizationController(policy: policy, initial: start)
            case .holtWinters(let policy): HoltWintersController(policy: policy, initial: start)
            case .clairvoyant(let policy): ClairvoyantController(policy: policy)
            }
    }

    /// Time between calls of `decide` (the controller's tick; metrics are scraped at each call). Constant, at least
    /// one nanosecond.
    public var period: SimulatedDuration { max(controller.period, SimulatedDuration(nanoseconds: 1)) }

    /// The number of replicas wanted (ready + starting) from now on. Called every `period`, in order of time.
    public mutating func decide(_ signals: PoolSignals) -> Int { bounds.clamp(controller.decide(signals)) }
}

/// The state behind one policy.
protocol ReplicaController: Sendable {
    var period: SimulatedDuration { get }
    /// May leave the bounds; the caller clamps.
    mutating func decide(_ signals: PoolSignals) -> Int
}

/// The closed range that decisions stay in.
struct ReplicaBounds: Sendable, Equatable {
    var minimum: Int
    var maximum: Int

    init(minimum: Int, maximum: Int) {
        precondition(minimum >= 0 && minimum <= maximum, "an autoscaler's bounds are 0 ≤ minimum ≤ maximum")
        self.minimum = minimum
        self.maximum = maximum
    }

    func clamp(_ replicas: Int) -> Int { min(max(replicas, minimum), maximum) }
}

/// The smallest whole number of replicas that is at least `quotient`; 0 for what is not a positive number, at most
/// 2³¹ − 1.
///
/// A quotient within a relative 1e-9 above a whole number is that number: 3 × 1.1 is 3.3000000000000003 in binary,
/// and such noise must not rent a machine.
func wholeReplicas(_ quotient: Double) -> Int {
    guard quotient > 0 else { return 0 }
    guard quotient < Double(Int32.max) else { return Int(Int32.max) }
    return Int((quotient - max(1, quotient) * 1e-9).rounded(.up))
}

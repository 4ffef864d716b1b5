public import Primitives

/// SkyServe's on-demand fallback: an on-demand pool behind a spot pool, the primary.
///
/// Of a final target of T replicas, `base` are always on demand and the primary wants the other T − base (and its
/// over-provision). Where `dynamic`, every replica that the primary wants and does not have is rented on demand
/// meanwhile, and given back once the primary has it. Wanted = base + max(0, primary's wanted − primary's ready), at
/// most T: over-provision is not backed.
///
/// Rules: skypilot-org/skypilot, `sky/serve/autoscalers.py` (`FallbackRequestRateAutoscaler`).
public struct FallbackPolicy: Sendable, Equatable, Codable {
    /// Index of the pool that this one stands in for: ``PoolSignals/primaryWanted`` and ``PoolSignals/primaryReady``
    /// speak of it.
    public var primary: Int
    /// Replicas that are always on demand (`base_ondemand_fallback_replicas`). Default 0.
    public var base: Int
    /// Whether missing primaries are stood in for (`dynamic_ondemand_fallback`). Default true: without it, and without
    /// a base, the pool is empty.
    public var dynamic: Bool
    /// Of the replicas that the primary wants, those on top of its target (`num_overprovision`). Default 0.
    public var overprovision: Int
    /// Time between decisions. Default 20 s.
    public var decisionInterval: SimulatedDuration
    /// The same while no replica of either pool is ready. Default 5 s.
    public var idleDecisionInterval: SimulatedDuration

    public init(
        primary: Int, base: Int = 0, dynamic: Bool = true, overprovision: Int = 0,
        decisionInterval: SimulatedDuration = .seconds(20), idleDecisionInterval: SimulatedDuration = .seconds(5)
    ) {
        self.primary = primary
        self.base = base
        self.dynamic = dynamic
        self.overprovision = overprovision
        self.decisionInterval = decisionInterval
        self.idleDecisionInterval = idleDecisionInterval
    }
}

struct FallbackController: ReplicaController {
    private let policy: FallbackPolicy
    private var wanted = 0
    private var nextDecision: SimulatedTime?

    init(policy: FallbackPolicy) { self.policy = policy }

    var period: SimulatedDuration { commonTick(policy.decisionInterval, policy.idleDecisionInterval) }

    mutating func decide(_ signals: PoolSignals) -> Int {
        if let nextDecision, signals.time < nextDecision { return wanted }
        let idle = signals.ready + signals.primaryReady == 0
        nextDecision = signals.time + (idle ? policy.idleDecisionInterval : policy.decisionInterval)
        let missing = policy.dynamic ? max(0, signals.primaryWanted - signals.primaryReady) : 0
        let target = policy.base + max(0, signals.primaryWanted - policy.overprovision)
        wanted = min(policy.base + missing, target)
        return wanted
    }
}

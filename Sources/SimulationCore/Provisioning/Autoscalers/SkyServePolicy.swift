public import Primitives

/// SkyServe's request-rate autoscaler. Its on-demand fallback is a pool of its own (``FallbackPolicy``).
///
/// Defaults and rules: skypilot-org/skypilot, `sky/serve/autoscalers.py` and `sky/serve/constants.py`.
public struct SkyServePolicy: Sendable, Equatable, Codable {
    /// Requests per second a replica should get, above 0. No default.
    public var targetQPSPerReplica: Double
    /// The window of the request rate; always divided by its whole length. Default 60 s.
    public var qpsWindow: SimulatedDuration
    /// Time between decisions. Default 20 s.
    public var decisionInterval: SimulatedDuration
    /// The same while no replica is ready. Default 5 s.
    public var idleDecisionInterval: SimulatedDuration
    /// Growth has to be asked for in delay ÷ decision interval decisions in a row. Default 300 s.
    public var upscaleDelay: SimulatedDuration
    /// The same for shrinking. Default 1,200 s.
    public var downscaleDelay: SimulatedDuration
    /// Replicas on top of the target (`num_overprovision`), as far as the pool's maximum allows. Default 0.
    public var overprovision: Int
    /// Of the target, the replicas that another pool always holds on demand (``FallbackPolicy/base``): this one wants
    /// the rest. Default 0.
    public var onDemandBase: Int
    /// The target's own upper bound (`max_replicas`). Default nil: the pool's maximum.
    public var targetMaximum: Int?
    /// Time between reports of the load balancer's requests. Default 20 s.
    public var loadBalancerSync: SimulatedDuration

    public init(
        targetQPSPerReplica: Double, qpsWindow: SimulatedDuration = .seconds(60),
        decisionInterval: SimulatedDuration = .seconds(20), idleDecisionInterval: SimulatedDuration = .seconds(5),
        upscaleDelay: SimulatedDuration = .seconds(300), downscaleDelay: SimulatedDuration = .seconds(1_200),
        overprovision: Int = 0, targetMaximum: Int? = nil, loadBalancerSync: SimulatedDuration = .seconds(20),
        onDemandBase: Int = 0
    ) {
        self.targetQPSPerReplica = targetQPSPerReplica
        self.qpsWindow = qpsWindow
        self.decisionInterval = decisionInterval
        self.idleDecisionInterval = idleDecisionInterval
        self.upscaleDelay = upscaleDelay
        self.downscaleDelay = downscaleDelay
        self.overprovision = overprovision
        self.targetMaximum = targetMaximum
        self.loadBalancerSync = loadBalancerSync
        self.onDemandBase = onDemandBase
    }
}

struct SkyServeController: ReplicaController {
    private struct Count: Sendable {
        var time: SimulatedTime
        var arrived: UInt64
    }

    private let policy: SkyServePolicy
    private let bounds: ReplicaBounds
    private var target: Int
    private var counts: [Count] = []
    private var reported: UInt64 = 0
    private var report = TickTimer()
    private var nextDecision: SimulatedTime?
    private var growing: Int64 = 0
    private var shrinking: Int64 = 0

    init(policy: SkyServePolicy, bounds: ReplicaBounds, initial: Int) {
        self.policy = policy
        self.bounds = bounds
        target = initial
    }

    var period: SimulatedDuration { commonTick(policy.decisionInterval, policy.idleDecisionInterval) }

    mutating func decide(_ signals: PoolSignals) -> Int {
        observe(signals)
        if nextDecision.map({ $0 <= signals.time }) ?? true {
            step(towards: proposal())
            let interval = signals.ready == 0 ? policy.idleDecisionInterval : policy.decisionInterval
            nextDecision = signals.time + interval
        }
        return max(0, target + policy.overprovision - policy.onDemandBase)
    }

    /// Notes the arrivals, and reports them when the load balancer does.
    private mutating func observe(_ signals: PoolSignals) {
        counts.append(Count(time: signals.time, arrived: signals.arrived))
        let opening = signals.time - policy.qpsWindow
        if let start = counts.lastIndex(where: { $0.time <= opening }) { counts.removeFirst(start) }
        if report.isDue(at: signals.time, every: policy.loadBalancerSync) { reported = signals.arrived }
        // Requests from before the window's start are out of it; before the first window nothing is.
        if counts[0].time > opening { counts[0] = Count(time: counts[0].time, arrived: 0) }
    }

    private func proposal() -> Int {
        let first = min(counts[0].arrived, reported)
        let qps = Double(reported - first) / policy.qpsWindow.seconds
        let clipped = min(wholeReplicas(qps / policy.targetQPSPerReplica), policy.targetMaximum ?? bounds.maximum)
        return max(clipped, bounds.minimum)
    }

    /// Hysteresis; from a target of zero the change is immediate.
    private mutating func step(towards proposal: Int) {
        growing = proposal > target ? growing + 1 : 0
        shrinking = proposal < target ? shrinking + 1 : 0
        let due =
            target == 0 || (growing > 0 && growing >= decisions(policy.upscaleDelay))
            || (shrinking > 0 && shrinking >= decisions(policy.downscaleDelay))
        guard due else { return }
        target = proposal
        growing = 0
        shrinking = 0
    }

    private func decisions(_ delay: SimulatedDuration) -> Int64 {
        delay.nanoseconds / max(policy.decisionInterval.nanoseconds, 1)
    }
}

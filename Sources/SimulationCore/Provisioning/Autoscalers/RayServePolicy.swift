public import Primitives

/// Ray Serve's request-based autoscaler.
///
/// Defaults and rules: ray-project/ray, `python/ray/serve/autoscaling_policy.py`, and the `AutoscalingConfig` API page.
/// `min_replicas` (Ray: 1) and `max_replicas` (1; 100 with `num_replicas: auto`) are the pool's bounds.
public struct RayServePolicy: Sendable, Equatable, Codable {
    /// Ongoing requests (queued and running) a replica should have. Default 2 (1 before Ray 2.32).
    public var targetOngoingRequests: Double
    /// Multiplies growth. Default 1.
    public var upscalingFactor: Double
    /// Multiplies shrinking. Default 1.
    public var downscalingFactor: Double
    /// How long growth has to be asked for. Default 30 s.
    public var upscaleDelay: SimulatedDuration
    /// How long shrinking has to be asked for. Default 600 s.
    public var downscaleDelay: SimulatedDuration
    /// The same for the step from one to zero. Default nil: as `downscaleDelay`.
    public var downscaleToZeroDelay: SimulatedDuration?
    /// Time between samples of the number of ongoing requests. Default 10 s.
    public var metricsInterval: SimulatedDuration
    /// Decisions use the mean of the samples of this window. Default 30 s.
    public var lookBackPeriod: SimulatedDuration
    /// Time between decisions, of which delays are counted in. Default 0.1 s (`CONTROL_LOOP_INTERVAL_S`).
    public var controlLoopInterval: SimulatedDuration
    /// Decisions use samples at least this old. Default none.
    public var metricsDelay: SimulatedDuration

    public init(
        targetOngoingRequests: Double = 2, upscalingFactor: Double = 1, downscalingFactor: Double = 1,
        upscaleDelay: SimulatedDuration = .seconds(30), downscaleDelay: SimulatedDuration = .seconds(600),
        downscaleToZeroDelay: SimulatedDuration? = nil, metricsInterval: SimulatedDuration = .seconds(10),
        lookBackPeriod: SimulatedDuration = .seconds(30),
        controlLoopInterval: SimulatedDuration = .milliseconds(100), metricsDelay: SimulatedDuration = .zero
    ) {
        self.targetOngoingRequests = targetOngoingRequests
        self.upscalingFactor = upscalingFactor
        self.downscalingFactor = downscalingFactor
        self.upscaleDelay = upscaleDelay
        self.downscaleDelay = downscaleDelay
        self.downscaleToZeroDelay = downscaleToZeroDelay
        self.metricsInterval = metricsInterval
        self.lookBackPeriod = lookBackPeriod
        self.controlLoopInterval = controlLoopInterval
        self.metricsDelay = metricsDelay
    }
}

struct RayServeController: ReplicaController {
    private let policy: RayServePolicy
    private let bounds: ReplicaBounds
    private var feed: MetricFeed
    private var metrics = TickTimer()
    private var wanted: Int
    /// Decisions in a row to grow (above 0) or to shrink (below).
    private var streak: Int64 = 0

    init(policy: RayServePolicy, bounds: ReplicaBounds, initial: Int) {
        self.policy = policy
        self.bounds = bounds
        feed = MetricFeed(delay: policy.metricsDelay, retention: policy.lookBackPeriod)
        wanted = initial
    }

    var period: SimulatedDuration { policy.controlLoopInterval }

    mutating func decide(_ signals: PoolSignals) -> Int {
        if metrics.isDue(at: signals.time, every: policy.metricsInterval) { feed.scrape(signals) }
        guard signals.ready > 0 else { return coldStart(signals) }
        let load = feed.average(of: .outstanding, over: policy.lookBackPeriod, at: signals.time)
        if let load { apply(bounds.clamp(desired(load: load, running: signals.ready))) }
        return wanted
    }

    /// With nothing running, delays do not count; a router with requests queued reports them at once.
    private mutating func coldStart(_ signals: PoolSignals) -> Int {
        if signals.outstanding > 0 { wanted = bounds.clamp(max(wanted, wholeReplicas(policy.upscalingFactor))) }
        return wanted
    }

    /// running × (1 + (error ratio − 1) × gain), where running × error ratio = load ÷ target.
    private func desired(load: Double, running: Int) -> Int {
        let deserved = load / policy.targetOngoingRequests
        let gain = deserved > Double(running) ? policy.upscalingFactor : policy.downscalingFactor
        let scaled = wholeReplicas(Double(running) + (deserved - Double(running)) * gain)
        // A small gain may round a deserved step down away.
        return wholeReplicas(deserved) < running && scaled == running ? scaled - 1 : scaled
    }

    private mutating func apply(_ desired: Int) {
        if desired > wanted {
            streak = max(streak, 0) + 1
            if streak > ticks(policy.upscaleDelay) { settle(desired) }
        } else if desired < wanted {
            streak = min(streak, 0) - 1
            let last = wanted == 1
            let delay = last ? policy.downscaleToZeroDelay ?? policy.downscaleDelay : policy.downscaleDelay
            if -streak > ticks(delay) { settle(last ? desired : max(1, desired)) }
        } else {
            streak = 0
        }
    }

    private mutating func settle(_ desired: Int) {
        wanted = desired
        streak = 0
    }

    private func ticks(_ delay: SimulatedDuration) -> Int64 {
        delay.nanoseconds / max(policy.controlLoopInterval.nanoseconds, 1)
    }
}

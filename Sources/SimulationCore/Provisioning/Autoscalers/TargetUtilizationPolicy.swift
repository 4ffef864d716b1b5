public import Primitives

/// The plainest feedback: as many replicas as hold the present load at the target utilisation,
/// desired = ceil(load ÷ (target × capacity)). No memory, no tolerance.
public struct TargetUtilizationPolicy: Sendable, Equatable, Codable {
    /// Default `outstanding`.
    public var metric: ScalingMetric
    /// The share of its capacity that a replica should be at, above 0. Default 0.7, which is Knative's
    /// `container-concurrency-target-percentage` (config/core/configmaps/autoscaler.yaml).
    public var target: Double
    /// What one replica carries at full use, in the metric's unit: concurrent requests, requests per second, …; 1 for
    /// the cache use. No default: it belongs to model and machine.
    public var capacity: Double
    /// Time between decisions. Default 15 s, the sync period of Kubernetes' controller.
    public var tick: SimulatedDuration
    /// Decisions use the newest sample at least this old. Default none.
    public var metricsDelay: SimulatedDuration
    /// The window of rates. Default 60 s.
    public var rateWindow: SimulatedDuration

    public init(
        metric: ScalingMetric = .outstanding, target: Double = 0.7, capacity: Double,
        tick: SimulatedDuration = .seconds(15), metricsDelay: SimulatedDuration = .zero,
        rateWindow: SimulatedDuration = .seconds(60)
    ) {
        self.metric = metric
        self.target = target
        self.capacity = capacity
        self.tick = tick
        self.metricsDelay = metricsDelay
        self.rateWindow = rateWindow
    }
}

struct TargetUtilizationController: ReplicaController {
    private let policy: TargetUtilizationPolicy
    private var feed: MetricFeed
    private var wanted: Int

    init(policy: TargetUtilizationPolicy, initial: Int) {
        self.policy = policy
        feed = MetricFeed(delay: policy.metricsDelay, retention: policy.rateWindow)
        wanted = initial
    }

    var period: SimulatedDuration { policy.tick }

    /// Without a reading the last decision stands.
    mutating func decide(_ signals: PoolSignals) -> Int {
        feed.scrape(signals)
        if let load = feed.total(of: policy.metric, window: policy.rateWindow, at: signals.time) {
            wanted = wholeReplicas(load / (policy.target * policy.capacity))
        }
        return wanted
    }
}

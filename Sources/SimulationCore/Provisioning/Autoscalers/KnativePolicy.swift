public import Primitives

/// Knative's pod autoscaler (KPA).
///
/// Defaults: knative/serving, `config/core/configmaps/autoscaler.yaml`; rules: `pkg/autoscaler/scaling/autoscaler.go`.
/// `min-scale` (Knative: 0), `max-scale` (unlimited) and `initial-scale` (1) are the pool's.
public struct KnativePolicy: Sendable, Equatable, Codable {
    /// Default `outstanding`, which is Knative's `concurrency`.
    public var metric: ScalingMetric
    /// Per replica, before utilisation. Default 100 (`container-concurrency-target-default`), or 200
    /// (`requests-per-second-target-default`) for requests per second; a hard container concurrency goes here too.
    public var target: Double
    /// The share of `target` to aim for. Default 0.7 (`container-concurrency-target-percentage`).
    public var targetUtilization: Double
    /// What is averaged for decisions in calm. Default 60 s.
    public var stableWindow: SimulatedDuration
    /// The panic window as a share of the stable one, in percent. Default 10.
    public var panicWindowPercentage: Double
    /// Panic begins where the panic window asks for this many percent of the ready replicas. Default 200.
    public var panicThresholdPercentage: Double
    /// Desired ≤ ceil(ready × this). Default 1,000.
    public var maxScaleUpRate: Double
    /// Desired ≥ floor(ready ÷ this). Default 2.
    public var maxScaleDownRate: Double
    /// How long zero has to be wanted before the last replica goes. Default 30 s.
    public var scaleToZeroGracePeriod: SimulatedDuration
    /// The same, for the last pod; the longer of both counts. Default 0.
    public var scaleToZeroPodRetention: SimulatedDuration
    /// Over this window the most ever wanted counts. Default 0: off.
    public var scaleDownDelay: SimulatedDuration
    /// From zero, at least so many. Default 1 (`activation-scale`).
    public var activationScale: Int
    /// Requests the activator keeps room for; negative: always in the path, 0: never. For `excessBurstCapacity` only: no
    /// decision reads it. Default 211.
    public var targetBurstCapacity: Double
    /// Time between decisions. Default 2 s.
    public var tick: SimulatedDuration
    /// Decisions use samples at least this old. Default none.
    public var metricsDelay: SimulatedDuration

    /// With `target` nil, the metric's default.
    public init(
        metric: ScalingMetric = .outstanding, target: Double? = nil, targetUtilization: Double = 0.7,
        stableWindow: SimulatedDuration = .seconds(60), panicWindowPercentage: Double = 10,
        panicThresholdPercentage: Double = 200, maxScaleUpRate: Double = 1_000, maxScaleDownRate: Double = 2,
        scaleToZeroGracePeriod: SimulatedDuration = .seconds(30), scaleToZeroPodRetention: SimulatedDuration = .zero,
        scaleDownDelay: SimulatedDuration = .zero, activationScale: Int = 1, targetBurstCapacity: Double = 211,
        tick: SimulatedDuration = .seconds(2), metricsDelay: SimulatedDuration = .zero
    ) {
        self.metric = metric
        self.target = target ?? (metric == .requestsPerSecond ? 200 : 100)
        self.targetUtilization = targetUtilization
        self.stableWindow = stableWindow
        self.panicWindowPercentage = panicWindowPercentage
        self.panicThresholdPercentage = panicThresholdPercentage
        self.maxScaleUpRate = maxScaleUpRate
        self.maxScaleDownRate = maxScaleDownRate
        self.scaleToZeroGracePeriod = scaleToZeroGracePeriod
        self.scaleToZeroPodRetention = scaleToZeroPodRetention
        self.scaleDownDelay = scaleDownDelay
        self.activationScale = activationScale
        self.targetBurstCapacity = targetBurstCapacity
        self.tick = tick
        self.metricsDelay = metricsDelay
    }

    /// What one replica is to carry: target × utilisation.
    public var aim: Double { target * targetUtilization }

    /// The length of the panic window.
    public var panicWindow: SimulatedDuration {
        SimulatedDuration(seconds: stableWindow.seconds * panicWindowPercentage / 100)
    }

    /// The room left for a burst, floor(ready × target − burst target − load in the panic window); the activator is in
    /// the path, and buffers, while it is negative (or the burst target is).
    public func excessBurstCapacity(ready: Int, panicAverage: Double) -> Double {
        if targetBurstCapacity == 0 { return 0 }
        if targetBurstCapacity < 0 { return -1 }
        return (Double(ready) * target - targetBurstCapacity - panicAverage).rounded(.down)
    }
}

struct KnativeController: ReplicaController {
    private let policy: KnativePolicy
    private var feed: MetricFeed
    private var wanted: Int
    /// When the panic threshold was last reached; nil while calm.
    private var panicked: SimulatedTime?
    /// The most wanted since the panic began.
    private var panicReplicas: Int
    private var begun = false
    private var zeroSince: SimulatedTime?
    private var recent: [(time: SimulatedTime, replicas: Int)] = []

    init(policy: KnativePolicy, initial: Int) {
        self.policy = policy
        feed = MetricFeed(delay: policy.metricsDelay, retention: policy.stableWindow)
        wanted = initial
        panicReplicas = 0
    }

    var period: SimulatedDuration { policy.tick }

    mutating func decide(_ signals: PoolSignals) -> Int {
        feed.scrape(signals)
        begin(signals)
        let now = signals.time
        guard let stable = feed.average(of: policy.metric, over: policy.stableWindow, at: now),
            let panic = feed.average(of: policy.metric, over: policy.panicWindow, at: now)
        else { return wanted }
        let stableReplicas = wholeReplicas(stable / policy.aim)
        let panicReplicas = wholeReplicas(panic / policy.aim)
        updatePanic(over: panicReplicas, ready: signals.ready, at: now)
        var desired = rated(stableReplicas, ready: signals.ready)
        if panicked != nil {
            self.panicReplicas = max(self.panicReplicas, desired, rated(panicReplicas, ready: signals.ready))
            desired = self.panicReplicas
        }
        wanted = heldAboveZero(delayed(desired, at: now), at: now)
        return wanted
    }

    /// A controller that finds more than one replica ready starts in panic, so that it keeps them until it has data.
    private mutating func begin(_ signals: PoolSignals) {
        if begun { return }
        begun = true
        guard signals.ready > 1 else { return }
        panicked = signals.time
        panicReplicas = signals.ready
    }

    /// Within what the ready replicas allow in one decision.
    private func rated(_ replicas: Int, ready: Int) -> Int {
        let present = Double(max(1, ready))
        let most = wholeReplicas(present * policy.maxScaleUpRate)
        let fewest = Int(min((present / policy.maxScaleDownRate).rounded(.down), Double(Int32.max)))
        let within = min(max(replicas, fewest), most)
        return replicas > 0 ? max(within, policy.activationScale) : within
    }

    /// The panic lasts until more than a stable window has gone by since the threshold was last reached.
    private mutating func updatePanic(over replicas: Int, ready: Int, at now: SimulatedTime) {
        if Double(replicas) * 100 >= policy.panicThresholdPercentage * Double(max(1, ready)) {
            panicked = now
        } else if let since = panicked, since + policy.stableWindow < now {
            panicked = nil
            panicReplicas = 0
        }
    }

    private mutating func delayed(_ desired: Int, at now: SimulatedTime) -> Int {
        guard policy.scaleDownDelay > .zero else { return desired }
        recent.removeAll { $0.time <= now - policy.scaleDownDelay }
        recent.append((now, desired))
        return recent.reduce(desired) { max($0, $1.replicas) }
    }

    /// The last replica stays until zero has been wanted for the grace period; at zero there is nothing to keep.
    private mutating func heldAboveZero(_ desired: Int, at now: SimulatedTime) -> Int {
        guard desired == 0, wanted > 0 else {
            zeroSince = nil
            return desired
        }
        let since = zeroSince ?? now
        zeroSince = since
        return since + max(policy.scaleToZeroGracePeriod, policy.scaleToZeroPodRetention) <= now ? 0 : 1
    }
}

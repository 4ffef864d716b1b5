public import Primitives

/// Kubernetes' HorizontalPodAutoscaler (autoscaling/v2).
///
/// Defaults and rules: kubernetes/website, `horizontal-pod-autoscale.md`, and the API reference.
public struct HPAPolicy: Sendable, Equatable, Codable {
    /// The largest proposal of all metrics wins; while one is missing nothing scales down; while all are, nothing moves.
    public var metrics: [HPAMetric]
    /// How growth is held back. Default no window; 100 % or 4 replicas per 15 s, the larger.
    public var scaleUp: HPAScalingRules
    /// How shrinking is held back. Default a window of 300 s; 100 % per 15 s.
    public var scaleDown: HPAScalingRules
    /// No growth while metric ÷ target ≤ 1 + this. Default 0.1.
    public var scaleUpTolerance: Double
    /// No shrinking while metric ÷ target ≥ 1 − this. Default 0.1.
    public var scaleDownTolerance: Double
    /// Time between decisions. Default 15 s.
    public var syncPeriod: SimulatedDuration
    /// What `pods` metrics assume of replicas that do not serve yet. Default `notReady`.
    public var startingReplicas: HPAStartingReplicas
    /// Decisions use the newest sample at least this old. Default none: add the scrape interval and the adapter's.
    public var metricsDelay: SimulatedDuration
    /// The window of rates. Default 60 s.
    public var rateWindow: SimulatedDuration
    /// When metrics cannot be read. Default never.
    public var metricsOutages: [MetricsOutage]

    public init(
        metrics: [HPAMetric], scaleUp: HPAScalingRules = .scaleUpDefault,
        scaleDown: HPAScalingRules = .scaleDownDefault, scaleUpTolerance: Double = 0.1,
        scaleDownTolerance: Double = 0.1, syncPeriod: SimulatedDuration = .seconds(15),
        startingReplicas: HPAStartingReplicas = .notReady, metricsDelay: SimulatedDuration = .zero,
        rateWindow: SimulatedDuration = .seconds(60), metricsOutages: [MetricsOutage] = []
    ) {
        self.metrics = metrics
        self.scaleUp = scaleUp
        self.scaleDown = scaleDown
        self.scaleUpTolerance = scaleUpTolerance
        self.scaleDownTolerance = scaleDownTolerance
        self.syncPeriod = syncPeriod
        self.startingReplicas = startingReplicas
        self.metricsDelay = metricsDelay
        self.rateWindow = rateWindow
        self.metricsOutages = metricsOutages
    }

    /// Whether a ratio of metric to target asks for no change. Both edges belong to the tolerance.
    func tolerates(_ ratio: Double) -> Bool {
        // Room for rounding, so that 0.33 ÷ 0.3 counts as the 1.1 it is on paper.
        ratio >= 1 - scaleDownTolerance - 1e-9 && ratio <= 1 + scaleUpTolerance + 1e-9
    }
}

/// One metric of a HorizontalPodAutoscaler and what it should be.
public struct HPAMetric: Sendable, Equatable, Codable {
    /// How the metric is compared with its target.
    public enum Form: String, Sendable, Equatable, Codable {
        /// Type `Pods`: the mean over the ready replicas, with assumptions about the others. Missing with none ready.
        case pods
        /// Type `External`, `AverageValue`: the pool's total ÷ target; replicas that start count as replicas. A share of
        /// late requests has no total to divide, and is taken as `externalValue`.
        case externalAverage = "external-average"
        /// Type `External`, `Value`: the pool's total (of a mean: the mean) against the target, times ready replicas.
        case externalValue = "external-value"
    }

    /// What is measured.
    public var metric: ScalingMetric
    /// In the metric's unit, above 0: per replica, but for `externalValue`.
    public var target: Double
    /// Default `pods`.
    public var form: Form

    public init(metric: ScalingMetric, target: Double, form: Form = .pods) {
        self.metric = metric
        self.target = target
        self.form = form
    }
}

/// What a `pods` metric assumes of replicas that are wanted and do not serve yet.
public enum HPAStartingReplicas: String, Sendable, Equatable, Codable {
    /// Pods not ready: at 0 % of the target when it would grow, left out when it would shrink.
    case notReady = "not-ready"
    /// Pods whose metric is missing: at 0 % when it would grow, at 100 % of the target when it would shrink.
    case missing
}

/// How one direction of scaling is held back (`behavior.scaleUp`, `behavior.scaleDown`).
public struct HPAScalingRules: Sendable, Equatable, Codable {
    /// A bound on the change within the last `period`.
    public struct Limit: Sendable, Equatable, Codable {
        /// Replicas, or percent of the replicas at the period's start.
        public enum Unit: String, Sendable, Equatable, Codable { case pods, percent }

        public var unit: Unit
        /// So many of the unit, at least 0.
        public var value: Int
        /// The span the change is counted over; a change exactly that old has left it.
        public var period: SimulatedDuration

        public init(_ unit: Unit, _ value: Int, per period: SimulatedDuration) {
            self.unit = unit
            self.value = value
            self.period = period
        }
    }

    /// Which of several limits holds.
    public enum Selection: String, Sendable, Equatable, Codable {
        /// The one that allows the largest change.
        case max
        /// The one that allows the smallest change.
        case min
        /// None: this direction is forbidden.
        case disabled
    }

    /// The window over which the most cautious recommendation counts: the lowest for growth, the highest for shrinking.
    public var stabilization: SimulatedDuration
    /// Bounds on the change; none: no bound.
    public var limits: [Limit]
    /// Which of them holds.
    public var select: Selection

    public init(stabilization: SimulatedDuration, limits: [Limit], select: Selection = .max) {
        self.stabilization = stabilization
        self.limits = limits
        self.select = select
    }

    /// No window; 100 % per 15 s or 4 replicas per 15 s, whichever is more.
    public static var scaleUpDefault: Self {
        Self(
            stabilization: .zero, limits: [Limit(.pods, 4, per: .seconds(15)), Limit(.percent, 100, per: .seconds(15))])
    }

    /// A window of 300 s; 100 % per 15 s.
    public static var scaleDownDefault: Self {
        Self(stabilization: .seconds(300), limits: [Limit(.percent, 100, per: .seconds(15))])
    }
}

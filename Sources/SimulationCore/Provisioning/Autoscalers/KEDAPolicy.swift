public import Primitives

/// KEDA v2.21: it moves between 0 and 1 itself and leaves 1 ↔ N to a HorizontalPodAutoscaler of its own making.
///
/// Defaults and rules: kedacore/keda-docs, `reference/scaledobject-spec.md` and `concepts/scaling-deployments.md`.
/// `minReplicaCount` (KEDA: 0) and `maxReplicaCount` (KEDA: 100) are the pool's bounds.
public struct KEDAPolicy: Sendable, Equatable, Codable {
    /// Any active trigger keeps the pool above zero; the largest proposal wins.
    public var triggers: [KEDATrigger]
    /// Time between checks of whether a trigger is active. Default 30 s.
    public var pollingInterval: SimulatedDuration
    /// From the last check that found a trigger active to the step to zero, and for that step only. It has to be
    /// exceeded, not just reached. Default 300 s.
    public var cooldownPeriod: SimulatedDuration
    /// After the start, while no trigger has been active yet, the same. Default 0.
    public var initialCooldownPeriod: SimulatedDuration
    /// The fewest replicas while active: `minReplicaCount` where `idleReplicaCount` is 0. Default 1.
    public var activeMinimum: Int
    /// What to do when a trigger cannot be read. Default nothing.
    public var fallback: KEDAFallback?
    /// The inner autoscaler's behaviour. Defaults are Kubernetes'.
    public var scaleUp: HPAScalingRules
    /// See `scaleUp`.
    public var scaleDown: HPAScalingRules
    /// The inner autoscaler's tolerance, both ways. Default 0.1.
    public var tolerance: Double
    /// Time between the inner autoscaler's decisions. Default 15 s.
    public var syncPeriod: SimulatedDuration
    /// Decisions use the newest sample at least this old. Default none.
    public var metricsDelay: SimulatedDuration
    /// The window of rates. Default 60 s.
    public var rateWindow: SimulatedDuration
    /// When metrics cannot be read. Default never.
    public var metricsOutages: [MetricsOutage]

    public init(
        triggers: [KEDATrigger], pollingInterval: SimulatedDuration = .seconds(30),
        cooldownPeriod: SimulatedDuration = .seconds(300), initialCooldownPeriod: SimulatedDuration = .zero,
        activeMinimum: Int = 1, fallback: KEDAFallback? = nil, scaleUp: HPAScalingRules = .scaleUpDefault,
        scaleDown: HPAScalingRules = .scaleDownDefault, tolerance: Double = 0.1,
        syncPeriod: SimulatedDuration = .seconds(15), metricsDelay: SimulatedDuration = .zero,
        rateWindow: SimulatedDuration = .seconds(60), metricsOutages: [MetricsOutage] = []
    ) {
        self.triggers = triggers
        self.pollingInterval = pollingInterval
        self.cooldownPeriod = cooldownPeriod
        self.initialCooldownPeriod = initialCooldownPeriod
        self.activeMinimum = activeMinimum
        self.fallback = fallback
        self.scaleUp = scaleUp
        self.scaleDown = scaleDown
        self.tolerance = tolerance
        self.syncPeriod = syncPeriod
        self.metricsDelay = metricsDelay
        self.rateWindow = rateWindow
        self.metricsOutages = metricsOutages
    }
}

/// A metric that KEDA watches.
public struct KEDATrigger: Sendable, Equatable, Codable {
    /// What is measured.
    public var metric: ScalingMetric
    /// In the metric's unit, above 0; per replica with `externalAverage`.
    public var target: Double
    /// Default `externalAverage`, KEDA's `AverageValue`.
    public var form: HPAMetric.Form
    /// The trigger is active above this total of the pool. Default 0.
    public var activationThreshold: Double

    public init(
        metric: ScalingMetric, target: Double, form: HPAMetric.Form = .externalAverage, activationThreshold: Double = 0
    ) {
        self.metric = metric
        self.target = target
        self.form = form
        self.activationThreshold = activationThreshold
    }
}

/// The replica count to report in place of a trigger that cannot be read; for `externalAverage` triggers only.
public struct KEDAFallback: Sendable, Equatable, Codable {
    /// Which count is reported.
    public enum Behavior: String, Sendable, Equatable, Codable {
        /// `replicas`.
        case `static`
        /// The present count.
        case currentReplicas
        /// The larger of both.
        case currentReplicasIfHigher
        /// The smaller of both.
        case currentReplicasIfLower
    }

    /// So many failures in a row are borne; the next one falls back.
    public var failureThreshold: Int
    /// To report, as `behavior` says.
    public var replicas: Int
    /// Default `static`.
    public var behavior: Behavior

    public init(failureThreshold: Int, replicas: Int, behavior: Behavior = .static) {
        self.failureThreshold = failureThreshold
        self.replicas = replicas
        self.behavior = behavior
    }

    func replicas(current: Int) -> Int {
        switch behavior {
        case .static: replicas
        case .currentReplicas: current
        case .currentReplicasIfHigher: max(current, replicas)
        case .currentReplicasIfLower: min(current, replicas)
        }
    }
}

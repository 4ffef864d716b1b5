import Primitives
import SimulationCore

extension AutoscalerSettings.Kind {
    /// The parameters each kind has, in the words of the software it is taken from.
    var keys: [String] {
        switch self {
        case .hpa:
            ["metric", "target", "form", "metrics", "starting-replicas", "scale-up-tolerance", "scale-down-tolerance"]
                + Self.hpaKeys
        case .keda:
            ["metric", "target", "form", "activation-threshold", "triggers", "polling-interval", "cooldown-period"]
                + ["initial-cooldown-period", "active-min", "fallback", "tolerance"] + Self.hpaKeys
        case .knative:
            [
                "metric", "target", "target-utilization", "stable-window", "panic-window-percentage",
                "panic-threshold-percentage", "max-scale-up-rate", "max-scale-down-rate", "scale-to-zero-grace-period",
                "scale-to-zero-pod-retention", "scale-down-delay", "activation-scale", "target-burst-capacity", "tick",
                "metrics-delay",
            ]
        case .rayServe:
            [
                "target-ongoing-requests", "upscaling-factor", "downscaling-factor", "upscale-delay", "downscale-delay",
                "downscale-to-zero-delay", "metrics-interval", "look-back-period", "control-loop-interval",
                "metrics-delay",
            ]
        case .skyServe:
            [
                "target-qps-per-replica", "qps-window", "decision-interval", "idle-decision-interval", "upscale-delay",
                "downscale-delay", "overprovision", "target-max", "load-balancer-sync",
            ]
        case .targetUtilization: ["metric", "target", "capacity", "tick", "metrics-delay", "rate-window"]
        case .schedule: ["steps", "cycle", "phase", "look-ahead", "tick"]
        case .holtWinters:
            [
                "requests-per-second-per-replica", "interval", "season", "look-ahead", "level-smoothing",
                "trend-smoothing", "season-smoothing", "follows-present", "history",
            ]
        case .fixed: ["replicas", "period"]
        case .clairvoyant: ["requests-per-second-per-replica", "bin", "tick"]
        }
    }

    private static let hpaKeys = [
        "scale-up", "scale-down", "sync-period", "metrics-delay", "rate-window", "metrics-outages",
    ]

    /// Reads this kind's parameters; those left out have the defaults of the policy.
    func policy(_ map: SettingMap) throws -> AutoscalerPolicy {
        switch self {
        case .hpa: .hpa(try HPAPolicy(settings: map))
        case .knative: .knative(try KnativePolicy(settings: map))
        case .keda: .keda(try KEDAPolicy(settings: map))
        case .rayServe: .rayServe(try RayServePolicy(settings: map))
        case .skyServe: .skyServe(try SkyServePolicy(settings: map))
        case .targetUtilization: .targetUtilization(try TargetUtilizationPolicy(settings: map))
        case .schedule: .schedule(try SchedulePolicy(settings: map))
        case .holtWinters: .holtWinters(try HoltWintersPolicy(settings: map))
        case .fixed: .fixed(try FixedPolicy(settings: map))
        case .clairvoyant: .clairvoyant(try ClairvoyantPolicy(settings: map))
        }
    }

    /// Whose rules and defaults they are.
    var origin: String {
        switch self {
        case .hpa: "Kubernetes' autoscaling/v2 defaults where the scenario is silent"
        case .knative: "Knative Serving's defaults where the scenario is silent"
        case .keda: "KEDA v2.21's defaults where the scenario is silent"
        case .rayServe: "Ray Serve's defaults where the scenario is silent"
        case .skyServe: "SkyServe's defaults where the scenario is silent"
        case .targetUtilization: "load ÷ (target × capacity), rounded up"
        case .schedule: "the scenario's own table"
        case .holtWinters: "arrivals forecast by additive Holt–Winters, ÷ what a replica takes"
        case .fixed: "the scenario's own number"
        case .clairvoyant:
            "the run's own arrivals ÷ what a replica takes, known in advance: a bound, not a policy to use"
        }
    }
}

extension AutoscalerPolicy {
    /// What the pool is measured by; empty where nothing is.
    var metrics: [ScalingMetric] {
        switch self {
        case .hpa(let policy): policy.metrics.map(\.metric)
        case .keda(let policy): policy.triggers.map(\.metric)
        case .knative(let policy): [policy.metric]
        case .targetUtilization(let policy): [policy.metric]
        case .rayServe: [.outstanding]
        case .skyServe, .holtWinters: [.requestsPerSecond]
        case .schedule, .fixed, .fallback, .clairvoyant: []
        }
    }
}

extension SettingMap {
    /// Puts what `key` says in place of a default, where it is there.
    func assign<Value>(_ key: String, to target: inout Value, _ read: (SettingNode) throws -> Value) throws {
        if let node = self[key] { target = try read(node) }
    }
}

extension SettingNode {
    /// One of `choices`, by its raw value.
    func choice<Choice: RawRepresentable>(among choices: [Choice]) throws -> Choice where Choice.RawValue == String {
        let text = try string()
        if let value = choices.first(where: { $0.rawValue == text }) { return value }
        throw error(
            .unknownName, "\(label) cannot be `\(text)`\(suggestion(for: text, among: choices.map(\.rawValue)))")
    }

    /// What `metric` should be, in its unit: a share of the KV cache, a rate, or a number of requests.
    func target(of metric: ScalingMetric) throws -> Double {
        switch metric {
        case .kvUse, .lateShare: return try positiveShare()
        case .requestsPerSecond, .tokensPerSecond: return try rate()
        case .outstanding, .waiting: return try positiveNumber()
        }
    }

    /// A share above 0.
    func positiveShare() throws -> Double {
        let value = try share()
        guard value > 0 else { throw error(.outOfRange, "\(label) must be greater than 0, not \(shown)") }
        return value
    }

    /// A span in which metrics cannot be read.
    func outage() throws -> MetricsOutage {
        let map = try SettingMap(self, keys: ["from", "until"])
        let (from, until) = (try map.required("from").window(), try map.required("until").window())
        guard from < until else { throw error(.outOfRange, "`until` must be later than `from`") }
        return MetricsOutage(from: .start + from, until: .start + until)
    }
}

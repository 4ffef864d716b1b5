import Primitives
import SimulationCore

extension HPAPolicy {
    init(settings map: SettingMap) throws {
        let (key, value) = try map.exactlyOne(of: ["metric", "metrics"])
        self.init(
            metrics: key == "metric"
                ? [try HPAMetric(settings: map)] : try value.items().map { try HPAMetric(item: $0) })
        try map.assign("scale-up", to: &scaleUp) { try HPAScalingRules($0, over: .scaleUpDefault) }
        try map.assign("scale-down", to: &scaleDown) { try HPAScalingRules($0, over: .scaleDownDefault) }
        try map.assign("scale-up-tolerance", to: &scaleUpTolerance) { try $0.share() }
        try map.assign("scale-down-tolerance", to: &scaleDownTolerance) { try $0.share() }
        try map.assign("sync-period", to: &syncPeriod) { try $0.tick() }
        try map.assign("starting-replicas", to: &startingReplicas) { try $0.choice(among: [.notReady, .missing]) }
        try map.assign("metrics-delay", to: &metricsDelay) { try $0.memory() }
        try map.assign("rate-window", to: &rateWindow) { try $0.tick(upTo: .hours(1)) }
        try map.assign("metrics-outages", to: &metricsOutages) { try $0.items().map { try $0.outage() } }
    }
}

extension HPAMetric {
    fileprivate static let forms: [Form] = [.pods, .externalAverage, .externalValue]

    fileprivate init(item: SettingNode) throws {
        let map = try SettingMap(item, keys: ["metric", "target", "form"])
        try self.init(settings: map)
        try map.finish()
    }

    /// From a mapping that has `metric`, `target` and `form`.
    fileprivate init(settings map: SettingMap) throws {
        let metric: ScalingMetric = try map.required("metric").choice()
        self.init(metric: metric, target: try map.required("target").target(of: metric))
        try map.assign("form", to: &form) { try $0.choice(among: Self.forms) }
    }
}

extension HPAScalingRules {
    /// `{stabilization: 300 s, limits: [{percent: 100, per: 15 s}], select: max}`, all optional.
    fileprivate init(_ node: SettingNode, over defaults: HPAScalingRules) throws {
        let map = try SettingMap(node, keys: ["stabilization", "limits", "select"])
        self = defaults
        try map.assign("stabilization", to: &stabilization) { try $0.window() }
        try map.assign("limits", to: &limits) { try $0.items().map(Self.limit) }
        try map.assign("select", to: &select) { try $0.choice(among: [.max, .min, .disabled]) }
        try map.finish()
    }

    private static func limit(_ node: SettingNode) throws -> Limit {
        let map = try SettingMap(node, keys: ["pods", "percent", "per"])
        let (key, value) = try map.exactlyOne(of: ["pods", "percent"])
        let limit = Limit(
            key == "pods" ? .pods : .percent, try value.integer(in: 1...1_000_000),
            per: try map.required("per").tick())
        try map.finish()
        return limit
    }
}

extension KEDAPolicy {
    init(settings map: SettingMap) throws {
        let (key, value) = try map.exactlyOne(of: ["metric", "triggers"])
        self.init(
            triggers: key == "metric"
                ? [try KEDATrigger(settings: map)] : try value.items().map { try KEDATrigger(item: $0) })
        try map.assign("polling-interval", to: &pollingInterval) { try $0.tick() }
        try map.assign("cooldown-period", to: &cooldownPeriod) { try $0.window() }
        try map.assign("initial-cooldown-period", to: &initialCooldownPeriod) { try $0.window() }
        try map.assign("active-min", to: &activeMinimum) { try $0.integer(in: 1...100_000) }
        try map.assign("fallback", to: &fallback) { try KEDAFallback($0) }
        try map.assign("scale-up", to: &scaleUp) { try HPAScalingRules($0, over: .scaleUpDefault) }
        try map.assign("scale-down", to: &scaleDown) { try HPAScalingRules($0, over: .scaleDownDefault) }
        try map.assign("tolerance", to: &tolerance) { try $0.share() }
        try map.assign("sync-period", to: &syncPeriod) { try $0.tick() }
        try map.assign("metrics-delay", to: &metricsDelay) { try $0.memory() }
        try map.assign("rate-window", to: &rateWindow) { try $0.tick(upTo: .hours(1)) }
        try map.assign("metrics-outages", to: &metricsOutages) { try $0.items().map { try $0.outage() } }
    }
}

extension KEDATrigger {
    fileprivate init(item: SettingNode) throws {
        let map = try SettingMap(item, keys: ["metric", "target", "form", "activation-threshold"])
        try self.init(settings: map)
        try map.finish()
    }

    fileprivate init(settings map: SettingMap) throws {
        let metric: ScalingMetric = try map.required("metric").choice()
        self.init(metric: metric, target: try map.required("target").target(of: metric))
        try map.assign("form", to: &form) { try $0.choice(among: HPAMetric.forms) }
        try map.assign("activation-threshold", to: &activationThreshold) {
            // Unlike a target it may be 0, for which no unit is needed.
            if let zero = try? $0.number(in: 0...0) { return zero }
            return try $0.target(of: metric)
        }
    }
}

extension KEDAFallback {
    fileprivate init(_ node: SettingNode) throws {
        let map = try SettingMap(node, keys: ["failure-threshold", "replicas", "behavior"])
        self.init(
            failureThreshold: try map.required("failure-threshold").integer(in: 0...1_000_000),
            replicas: try map.required("replicas").integer(in: 0...100_000))
        try map.assign("behavior", to: &behavior) {
            try $0.choice(
                among: [.static, .currentReplicas, .currentReplicasIfHigher, .currentReplicasIfLower])
        }
        try map.finish()
    }
}

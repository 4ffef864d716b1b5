package import Primitives
import SimulationCore

extension KnativePolicy {
    init(settings map: SettingMap) throws {
        let metric: ScalingMetric = try map["metric"]?.choice() ?? .outstanding
        if metric == .tokensPerSecond || metric == .kvUse, map["target"] == nil {
            throw map.node.error(.missingKey, "`target` has no default for the metric `\(metric.rawValue)`")
        }
        self.init(metric: metric, target: try map["target"]?.target(of: metric))
        try map.assign("target-utilization", to: &targetUtilization) { try $0.positiveShare() }
        try map.assign("stable-window", to: &stableWindow) { try $0.tick(upTo: .hours(1)) }
        try map.assign("panic-window-percentage", to: &panicWindowPercentage) { try $0.number(in: 1...100) }
        try map.assign("panic-threshold-percentage", to: &panicThresholdPercentage) { try $0.number(in: 110...1_000) }
        try map.assign("max-scale-up-rate", to: &maxScaleUpRate) { try $0.number(in: 1.01...1e6) }
        try map.assign("max-scale-down-rate", to: &maxScaleDownRate) { try $0.number(in: 1.01...1e6) }
        try map.assign("scale-to-zero-grace-period", to: &scaleToZeroGracePeriod) { try $0.window() }
        try map.assign("scale-to-zero-pod-retention", to: &scaleToZeroPodRetention) { try $0.window() }
        try map.assign("scale-down-delay", to: &scaleDownDelay) { try $0.window() }
        try map.assign("activation-scale", to: &activationScale) { try $0.integer(in: 1...100_000) }
        try map.assign("target-burst-capacity", to: &targetBurstCapacity) { try $0.number(in: -1...1e6) }
        try map.assign("tick", to: &tick) { try $0.tick() }
        try map.assign("metrics-delay", to: &metricsDelay) { try $0.memory() }
    }
}

extension RayServePolicy {
    init(settings map: SettingMap) throws {
        self.init()
        try map.assign("target-ongoing-requests", to: &targetOngoingRequests) { try $0.positiveNumber() }
        try map.assign("upscaling-factor", to: &upscalingFactor) { try $0.positiveNumber() }
        try map.assign("downscaling-factor", to: &downscalingFactor) { try $0.positiveNumber() }
        try map.assign("upscale-delay", to: &upscaleDelay) { try $0.window() }
        try map.assign("downscale-delay", to: &downscaleDelay) { try $0.window() }
        try map.assign("downscale-to-zero-delay", to: &downscaleToZeroDelay) { try $0.window() }
        try map.assign("metrics-interval", to: &metricsInterval) { try $0.tick() }
        try map.assign("look-back-period", to: &lookBackPeriod) { try $0.tick(upTo: .hours(1)) }
        try map.assign("control-loop-interval", to: &controlLoopInterval) { try $0.tick() }
        try map.assign("metrics-delay", to: &metricsDelay) { try $0.memory() }
    }
}

extension SkyServePolicy {
    init(settings map: SettingMap) throws {
        self.init(targetQPSPerReplica: try map.required("target-qps-per-replica").rate())
        try map.assign("qps-window", to: &qpsWindow) { try $0.tick(upTo: .hours(1)) }
        try map.assign("decision-interval", to: &decisionInterval) { try $0.tick() }
        try map.assign("idle-decision-interval", to: &idleDecisionInterval) { try $0.tick() }
        try map.assign("upscale-delay", to: &upscaleDelay) { try $0.window() }
        try map.assign("downscale-delay", to: &downscaleDelay) { try $0.window() }
        try map.assign("overprovision", to: &overprovision) { try $0.integer(in: 0...100_000) }
        try map.assign("target-max", to: &targetMaximum) { try $0.integer(in: 1...100_000) }
        try map.assign("load-balancer-sync", to: &loadBalancerSync) { try $0.tick() }
    }
}

extension TargetUtilizationPolicy {
    init(settings map: SettingMap) throws {
        let metric: ScalingMetric = try map["metric"]?.choice() ?? .outstanding
        let capacity = try map["capacity"]?.target(of: metric)
        guard let capacity = capacity ?? (metric == .kvUse ? 1 : nil) else {
            throw map.node.error(
                .missingKey, "`target-utilization` needs `capacity`: what one replica carries of `\(metric.rawValue)`")
        }
        self.init(metric: metric, capacity: capacity)
        try map.assign("target", to: &target) { try $0.positiveShare() }
        try map.assign("tick", to: &tick) { try $0.tick() }
        try map.assign("metrics-delay", to: &metricsDelay) { try $0.memory() }
        try map.assign("rate-window", to: &rateWindow) { try $0.tick(upTo: .hours(1)) }
    }
}

extension SchedulePolicy {
    init(settings map: SettingMap) throws {
        self.init(steps: try map.required("steps").items().map(Self.step))
        try map.assign("cycle", to: &cycle) { try $0.tick(upTo: .hours(8_760)) }
        try map.assign("phase", to: &phase) { try $0.window() }
        try map.assign("look-ahead", to: &lookAhead) { try $0.window() }
        try map.assign("tick", to: &tick) { try $0.tick() }
    }

    private static func step(_ node: SettingNode) throws -> Step {
        let map = try SettingMap(node, keys: ["at", "replicas"])
        let step = Step(
            time: try map.required("at").window(), replicas: try map.required("replicas").integer(in: 0...100_000))
        try map.finish()
        return step
    }
}

extension HoltWintersPolicy {
    init(settings map: SettingMap) throws {
        self.init(requestsPerSecondPerReplica: try map.required("requests-per-second-per-replica").rate())
        try map.assign("interval", to: &interval) { try $0.tick() }
        try map.assign("season", to: &season) { try $0.tick(upTo: .hours(8_760)) }
        guard season.nanoseconds / interval.nanoseconds <= 100_000 else {
            throw map.node.error(.outOfRange, "a `season` has at most 100000 times the `interval`")
        }
        try map.assign("look-ahead", to: &lookAhead) { try $0.duration(upTo: .hours(24)) }
        try map.assign("level-smoothing", to: &levelSmoothing) { try $0.share() }
        try map.assign("trend-smoothing", to: &trendSmoothing) { try $0.share() }
        try map.assign("season-smoothing", to: &seasonSmoothing) { try $0.share() }
        try map.assign("follows-present", to: &followsPresent) { try $0.boolean() }
        try map.assign("history", to: &history) { try $0.items().map { try $0.rateOrZero() } }
    }
}

extension FixedPolicy {
    init(settings map: SettingMap) throws {
        self.init(replicas: try map.required("replicas").integer(in: 0...100_000))
        try map.assign("period", to: &period) { try $0.tick() }
    }
}

extension ClairvoyantPolicy {
    /// Without its table, which every run has of its own.
    init(settings map: SettingMap) throws {
        self.init(steps: [], lead: .zero)
        try map.assign("tick", to: &tick) { try $0.tick() }
    }
}

/// What a clairvoyant autoscaler makes a run's arrivals into replicas with.
package struct Foresight: Sendable, Equatable {
    /// What one replica takes.
    package var requestsPerSecondPerReplica: Double
    /// Arrivals are counted in spans of this length.
    package var bin: SimulatedDuration

    init(_ map: SettingMap) throws {
        requestsPerSecondPerReplica = try map.required("requests-per-second-per-replica").rate()
        bin = try map["bin"]?.tick(upTo: .hours(1)) ?? .seconds(60)
    }
}

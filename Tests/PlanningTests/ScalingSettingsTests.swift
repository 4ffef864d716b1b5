import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// What `replicas` with bounds, `autoscaler` and `start` decode to.
@Suite struct ScalingSettingsTests {
    private func strategies() throws -> [StrategySettings] {
        let file = try #require(try corpus("valid").first { $0.name == "autoscalers.yaml" })
        return try scenario(String(decoding: file.bytes, as: UTF8.self)).strategies
    }

    private func policy(_ name: String) throws -> AutoscalerPolicy {
        let strategy = try #require(try strategies().first { $0.name.value == name })
        return try #require(strategy.autoscaler ?? strategy.pools[0].autoscaler).policy
    }

    private func policy(of autoscaler: String) throws -> AutoscalerPolicy {
        let text = scenarioText(
            pools: "[{offer: aws/g6e.xlarge, replicas: {min: 1, max: 4}, autoscaler: \(autoscaler)}]")
        return try #require(try scenario(text).strategies[0].pools[0].autoscaler).policy
    }

    @Test func everyKeyOfTheKubernetesAutoscalersArrives() throws {
        var hpa = HPAPolicy(metrics: [
            HPAMetric(metric: .outstanding, target: 24),
            HPAMetric(metric: .kvUse, target: 0.7, form: .externalValue),
        ])
        hpa.scaleUp = HPAScalingRules(
            stabilization: .seconds(30),
            limits: [.init(.pods, 2, per: .seconds(30)), .init(.percent, 50, per: .seconds(60))], select: .min)
        hpa.scaleDown.select = .disabled
        (hpa.scaleUpTolerance, hpa.scaleDownTolerance) = (0.05, 0.2)
        (hpa.syncPeriod, hpa.startingReplicas) = (.seconds(10), .missing)
        (hpa.metricsDelay, hpa.rateWindow) = (.seconds(15), .seconds(120))
        hpa.metricsOutages = [MetricsOutage(from: .start + .seconds(600), until: .start + .seconds(720))]
        #expect(try policy("hpa") == .hpa(hpa))
        let keda = KEDAPolicy(
            triggers: [
                KEDATrigger(metric: .waiting, target: 4, activationThreshold: 1),
                KEDATrigger(metric: .kvUse, target: 0.8, form: .pods),
            ], pollingInterval: .seconds(20), cooldownPeriod: .seconds(120), initialCooldownPeriod: .seconds(30),
            activeMinimum: 2,
            fallback: KEDAFallback(failureThreshold: 3, replicas: 2, behavior: .currentReplicasIfHigher),
            tolerance: 0.05, syncPeriod: .seconds(20))
        #expect(try policy("keda") == .keda(keda))
    }

    @Test func everyKeyOfTheServingAutoscalersArrives() throws {
        let knative = KnativePolicy(
            metric: .requestsPerSecond, target: 5, targetUtilization: 0.8, stableWindow: .seconds(120),
            panicWindowPercentage: 20, panicThresholdPercentage: 150, maxScaleUpRate: 10, maxScaleDownRate: 3,
            scaleToZeroGracePeriod: .seconds(20), scaleToZeroPodRetention: .seconds(60), scaleDownDelay: .seconds(300),
            activationScale: 2, targetBurstCapacity: -1, tick: .seconds(4), metricsDelay: .seconds(1))
        #expect(try policy("knative") == .knative(knative))
        let ray = RayServePolicy(
            targetOngoingRequests: 16, upscalingFactor: 0.5, downscalingFactor: 0.25, upscaleDelay: .seconds(20),
            downscaleDelay: .seconds(300), downscaleToZeroDelay: .seconds(600), metricsInterval: .seconds(5),
            lookBackPeriod: .seconds(20), controlLoopInterval: .seconds(1))
        #expect(try policy("ray") == .rayServe(ray))
        let sky = SkyServePolicy(
            targetQPSPerReplica: 2, qpsWindow: .seconds(120), decisionInterval: .seconds(10),
            idleDecisionInterval: .seconds(2), upscaleDelay: .seconds(60), downscaleDelay: .seconds(600),
            overprovision: 1, targetMaximum: 3, loadBalancerSync: .seconds(10))
        #expect(try policy("sky") == .skyServe(sky))
    }

    @Test func everyKeyOfTheOthersArrives() throws {
        let utilization = TargetUtilizationPolicy(
            metric: .tokensPerSecond, target: 0.6, capacity: 900, tick: .seconds(30), metricsDelay: .seconds(10),
            rateWindow: .seconds(30))
        #expect(try policy("utilization") == .targetUtilization(utilization))
        let schedule = SchedulePolicy(
            steps: [.init(time: .hours(8), replicas: 4), .init(time: .hours(20), replicas: 1)], cycle: .hours(168),
            phase: .hours(9), lookAhead: .seconds(600), tick: .seconds(30))
        #expect(try policy("schedule") == .schedule(schedule))
        let forecast = HoltWintersPolicy(
            requestsPerSecondPerReplica: 1.5, interval: .seconds(60), season: .hours(1), lookAhead: .seconds(300),
            levelSmoothing: 0.3, trendSmoothing: 0.02, seasonSmoothing: 0.1, followsPresent: false, history: [1, 0, 2])
        #expect(try policy("forecast") == .holtWinters(forecast))
    }

    @Test func silenceLeavesThePoliciesDefaults() throws {
        #expect(try policy(of: "{kind: knative}") == .knative(KnativePolicy()))
        #expect(try policy(of: "{kind: ray-serve}") == .rayServe(RayServePolicy()))
        #expect(
            try policy(of: "{kind: sky-serve, target-qps-per-replica: 3 /s}")
                == .skyServe(SkyServePolicy(targetQPSPerReplica: 3)))
        #expect(
            try policy(of: "{kind: hpa, metric: waiting, target: 2}")
                == .hpa(HPAPolicy(metrics: [HPAMetric(metric: .waiting, target: 2)])))
        #expect(
            try policy(of: "{kind: keda, metric: waiting, target: 2}")
                == .keda(KEDAPolicy(triggers: [KEDATrigger(metric: .waiting, target: 2)])))
        #expect(
            try policy(of: "{kind: target-utilization, capacity: 32}")
                == .targetUtilization(TargetUtilizationPolicy(capacity: 32)))
        #expect(
            try policy(of: "{kind: target-utilization, metric: kv-use}")
                == .targetUtilization(TargetUtilizationPolicy(metric: .kvUse, capacity: 1)))
        #expect(
            try policy(of: "{kind: schedule, steps: [{at: 0 s, replicas: 2}]}")
                == .schedule(SchedulePolicy(steps: [.init(time: .zero, replicas: 2)])))
        #expect(
            try policy(of: "{kind: holt-winters, requests-per-second-per-replica: 2 /s}")
                == .holtWinters(HoltWintersPolicy(requestsPerSecondPerReplica: 2)))
    }

    @Test func theInnermostSettingCounts() throws {
        let keda = try #require(try strategies().first { $0.name.value == "keda" })
        let pools = keda.pools.map { $0.scaled(by: keda) }
        #expect(pools.map { $0.autoscaler?.kind } == [.keda, .keda])
        #expect(pools.map { $0.start?.provision } == [.seconds(40), .seconds(20)])
        #expect(pools.map { $0.start?.imagePull } == [.zero, .zero])
        #expect(pools.map { $0.start?.compile } == [nil, nil])
        // A pool of fixed size takes nothing from its strategy.
        let mixed = try #require(try strategies().first { $0.name.value == "hpa" })
        #expect(mixed.pools.map { $0.scaled(by: mixed).autoscaler?.kind } == [.hpa, nil])
    }

    @Test(
        arguments: [
            ("{kind: hpa}", "`autoscaler` needs one of `metric`, `metrics`"),
            ("{kind: hpa, metric: outstanding}", "`autoscaler` needs the key `target`"),
            ("{kind: hpa, metrics: [{metric: outstanding, target: 3}], target: 4}", "`target` has no effect"),
            ("{kind: hpa, metric: load, target: 3}", "`metric` cannot be `load`"),
            ("{kind: hpa, metric: kv-use, target: 120 %}", "from 0 % to 100 %"),
            ("{kind: hpa, metric: outstanding, target: 0}", "must be greater than 0"),
            ("{kind: hpa, metric: outstanding, target: 3, scale-up: {limits: [{pods: 1, percent: 2}]}}", "not both"),
            ("{kind: keda, metric: waiting, target: 1, form: pod}", "`form` cannot be `pod`; did you mean `pods`?"),
            ("{kind: knative, metric: kv-use}", "`target` has no default for the metric `kv-use`"),
            ("{kind: knative, panic-window-percentage: 0}", "must be from 1 to 100"),
            ("{kind: sky-serve}", "`autoscaler` needs the key `target-qps-per-replica`"),
            ("{kind: sky-serve, target-qps-per-replica: 3}", "needs a unit"),
            ("{kind: target-utilization}", "needs `capacity`"),
            ("{kind: schedule}", "needs the key `steps`"),
            ("{kind: schedule, steps: []}", "must not be empty"),
            ("{kind: holt-winters, requests-per-second-per-replica: 1 /s, interval: 100 ms}", "100000 times"),
            ("{kind: ray-serve, look-back-period: 2 h}", "must be at most 1 h"),
            ("{kind: hpa, metric: waiting, target: 1, rate-window: 0 s}", "at least one"),
            ("{kind: ray-serve, upscale-delay: 400 d}", "must be at most 8760 h"),
            (
                "{kind: hpa, metric: waiting, target: 1, metrics-outages: [{from: 2 s, until: 1 s}]}",
                "`until` must be later than `from`"
            ),
        ])
    func mistakesAreNamed(autoscaler: String, part: String) throws {
        let error = scenarioError("\(autoscaler)") { _ = try policy(of: autoscaler) }
        #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        #expect(error?.line == 7 && (error?.column ?? 0) > 60)
    }

    @Test(arguments: [
        "{kind: keda, metric: kv-use, target: 0.7}", "{kind: keda, metric: tokens-per-second, target: 100 /s}",
        "{kind: target-utilization, metric: kv-use}", "{kind: knative, metric: kv-use, target: 0.7}",
    ])
    func metricsThatStayAtZeroCannotLeaveIt(autoscaler: String) {
        let pools = "[{offer: aws/g6e.xlarge, replicas: {min: 0, max: 4}, autoscaler: \(autoscaler)}]"
        let error = scenarioError { _ = try scenario(scenarioText(pools: pools)) }
        #expect(error?.message.contains("stays at 0 while there are no replicas") == true)
        #expect(error?.kind == .conflict)
    }
}

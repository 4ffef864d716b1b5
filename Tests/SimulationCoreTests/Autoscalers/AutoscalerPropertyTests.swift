import Primitives
import SimulationCore
import Testing

/// What holds for every policy, on random signals.
@Suite struct AutoscalerPropertyTests {
    static let policies: [AutoscalerPolicy] = [
        .schedule(SchedulePolicy(steps: [.init(time: .zero, replicas: 40), .init(time: .seconds(60), replicas: 0)])),
        .hpa(
            HPAPolicy(metrics: [HPAMetric(metric: .outstanding, target: 10), HPAMetric(metric: .kvUse, target: 0.6)])),
        .knative(KnativePolicy(target: 10)), .knative(KnativePolicy(metric: .tokensPerSecond)),
        .keda(
            KEDAPolicy(
                triggers: [KEDATrigger(metric: .kvUse, target: 0.5), KEDATrigger(metric: .waiting, target: 3)],
                fallback: KEDAFallback(failureThreshold: 1, replicas: 90))),
        .rayServe(RayServePolicy(upscaleDelay: .milliseconds(300), downscaleDelay: .milliseconds(500))),
        .skyServe(SkyServePolicy(targetQPSPerReplica: 1, upscaleDelay: .seconds(10), overprovision: 3)),
        .targetUtilization(TargetUtilizationPolicy(capacity: 4)),
        .holtWinters(HoltWintersPolicy(requestsPerSecondPerReplica: 1, season: .seconds(1_200))),
        .fixed(FixedPolicy(replicas: 7)), .fallback(FallbackPolicy(primary: 0, base: 2)),
        .hpa(HPAPolicy(metrics: [HPAMetric(metric: .lateShare, target: 0.05, form: .externalValue)])),
        .clairvoyant(
            ClairvoyantPolicy(
                steps: [.init(time: .start, replicas: 3), .init(time: .start + .seconds(90), replicas: 30)],
                lead: .seconds(45))),
    ]

    /// Signals of a pool whose load wanders; replicas follow what is wanted after a while.
    private func walk(_ policy: AutoscalerPolicy, seed: UInt64, _ bounds: ClosedRange<Int>) -> [Int] {
        var scaler = Autoscaler(
            policy: policy, minimum: bounds.lowerBound, maximum: bounds.upperBound, initial: Int(seed % 30))
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func draw(_ below: UInt64) -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state >> 33) % below
        }
        var signals = PoolSignals(
            time: .start, ready: 0, starting: 0, outstanding: 0, waiting: 0, kvUse: 0, arrived: 0, tokens: 0)
        var wanted: [Int] = []
        for _ in 0..<400 {
            let decision = scaler.decide(signals)
            wanted.append(decision)
            signals.time += scaler.period
            signals.ready = min(decision, signals.ready + Int(draw(4)))
            signals.starting = decision - signals.ready
            signals.outstanding = draw(5) == 0 ? 0 : Int(draw(draw(9) == 0 ? 100_000 : 300))
            signals.waiting = signals.outstanding / 2
            signals.kvUse = draw(7) == 0 ? .nan : Double(draw(101)) / 100
            signals.arrived += draw(1_000)
            signals.tokens += draw(90_000)
            signals.primaryWanted = Int(draw(40))
            signals.primaryReady = Int(draw(40))
            let finished = draw(3) * draw(500)
            signals.finished += finished
            signals.late += draw(finished + 1)
        }
        return wanted
    }

    @Test(arguments: policies)
    func staysWithinBoundsAndRepeats(policy: AutoscalerPolicy) {
        for seed in 1...40 as ClosedRange<UInt64> {
            let bounds = Int(seed % 4)...Int(seed % 4 + seed % 23)
            let wanted = walk(policy, seed: seed, bounds)
            #expect(wanted.allSatisfy { bounds.contains($0) }, "seed \(seed)")
            #expect(wanted == walk(policy, seed: seed, bounds), "seed \(seed)")
        }
    }

    /// With nothing remembered, more load never asks for fewer replicas.
    @Test func moreLoadNeverLowersAStatelessDecision() {
        let free = HPAScalingRules(stabilization: .zero, limits: [])
        let policies: [AutoscalerPolicy] = [
            .targetUtilization(TargetUtilizationPolicy(capacity: 9)),
            .hpa(HPAPolicy(metrics: [HPAMetric(metric: .outstanding, target: 7)], scaleUp: free, scaleDown: free)),
            .knative(KnativePolicy(target: 9)),
            .rayServe(RayServePolicy(upscaleDelay: .zero, downscaleDelay: .zero)),
        ]
        for policy in policies {
            for ready in 1...12 {
                var last = 0
                for load in 0...400 {
                    var scaler = Autoscaler(policy: policy, minimum: 0, maximum: 60, initial: ready)
                    let wanted = scaler.decide(Decision(0, ready: ready, load: load, wants: 0).signals)
                    #expect(wanted >= last, "\(policy) with \(ready) ready at \(load)")
                    last = wanted
                }
            }
        }
    }

    @Test func periodsArePositiveAndExtremesHarmless() {
        let broken = TargetUtilizationPolicy(target: 0, capacity: 0, tick: .zero)
        #expect(Autoscaler(policy: .targetUtilization(broken), minimum: 0, maximum: 3, initial: 9).period > .zero)
        check(.targetUtilization(broken), 0...3, [Decision(0, load: 5, wants: 3), Decision(1, load: 0, wants: 0)])
        for policy in Self.policies {
            #expect(Autoscaler(policy: policy, minimum: 1, maximum: 1, initial: 0).period > .zero)
        }
    }
}

import Primitives
import SimulationCore
import Testing

extension Decision {
    /// The same with so many requests finished so far, and late among them.
    func late(_ late: UInt64, of finished: UInt64) -> Decision {
        var copy = self
        copy.signals.late = late
        copy.signals.finished = finished
        return copy
    }
}

/// Latency against its objective as a signal: at most 5 % of the requests finished within a minute may be late.
@Suite struct LateShareTests {
    private func hpa(_ form: HPAMetric.Form) -> AutoscalerPolicy {
        let free = HPAScalingRules(stabilization: .zero, limits: [])
        let metric = HPAMetric(metric: .lateShare, target: 0.05, form: form)
        return .hpa(HPAPolicy(metrics: [metric], scaleUp: free, scaleDown: free))
    }

    /// desired = ceil(ready × share ÷ 0.05), in every form: an average value of a share is the share.
    @Test(arguments: [HPAMetric.Form.pods, .externalValue, .externalAverage])
    func horizontalPodAutoscaler(form: HPAMetric.Form) {
        check(
            hpa(form), 1...50, initial: 4,
            [
                Decision(0, ready: 4, load: 9, wants: 4).late(0, of: 0),  // one sample has no share
                Decision(15, ready: 4, load: 9, wants: 8).late(10, of: 100),  // 10 % ÷ 5 % × 4
                Decision(30, ready: 8, load: 9, wants: 8).late(10, of: 200),  // 5 %
                Decision(45, ready: 8, load: 9, wants: 8).late(14, of: 256),  // 5.47 %: within the tolerance of 10 %
                Decision(60, ready: 8, load: 9, wants: 11).late(20, of: 300),  // 6.67 % × 8 ÷ 5 % = 10.7
                // The minute since 15 s: 12 of 600 = 2 %: 11 × 0.4 = 4.4.
                Decision(75, ready: 11, load: 9, wants: 5).late(22, of: 700),
                // Since 30 s: 13 of 800 = 1.625 %: 5 × 0.325.
                Decision(90, ready: 5, load: 9, wants: 2).late(23, of: 1_000),
                // Since 90 s none finished, and some are outstanding: missing.
                Decision(150, ready: 2, load: 9, wants: 2).late(23, of: 1_000),
            ])
    }

    /// Nobody late where nobody was served is good news only where nobody waits.
    @Test func nothingFinished() {
        let free = HPAScalingRules(stabilization: .zero, limits: [])
        let policy = HPAPolicy(
            metrics: [HPAMetric(metric: .lateShare, target: 0.05, form: .externalValue)], scaleUp: free, scaleDown: free
        )
        check(
            .hpa(policy), 1...50, initial: 6,
            [
                Decision(0, ready: 6, load: 5, wants: 6).late(1, of: 10),
                Decision(15, ready: 6, load: 5, wants: 6).late(1, of: 10),  // missing
                Decision(30, ready: 6, load: 0, wants: 1).late(1, of: 10),  // 0
            ])
    }

    /// KEDA: active while anybody is late; its default average value is taken as the share.
    @Test func keda() {
        let policy = KEDAPolicy(
            triggers: [KEDATrigger(metric: .lateShare, target: 0.05)], pollingInterval: .seconds(15),
            cooldownPeriod: .seconds(30))
        check(
            .keda(policy), 0...50, initial: 2,
            [
                Decision(0, ready: 2, load: 5, wants: 2).late(0, of: 0),
                Decision(15, ready: 2, load: 5, wants: 4).late(10, of: 100),  // 2 × 0.1 ÷ 0.05
                Decision(30, ready: 4, load: 5, wants: 4).late(10, of: 200),  // 5 %
            ])
    }

    /// ceil(ready × share ÷ (0.05 × 1)), and as before where it is missing.
    @Test func targetUtilization() {
        let policy = TargetUtilizationPolicy(metric: .lateShare, target: 0.05, capacity: 1)
        check(
            .targetUtilization(policy), 1...50, initial: 3,
            [
                Decision(0, ready: 3, load: 2, wants: 3).late(0, of: 0),
                Decision(15, ready: 3, load: 2, wants: 6).late(10, of: 100),
                Decision(75, ready: 6, load: 2, wants: 6).late(10, of: 100),  // since 15 s none: missing
                Decision(90, ready: 6, load: 2, wants: 3).late(15, of: 300),  // 5 of 200 = 2.5 %
                Decision(150, ready: 3, load: 0, wants: 1).late(15, of: 300),  // idle: 0
            ])
    }
}

import Primitives
import SimulationCore
import Testing

@Suite struct FixedTests {
    @Test func documentedDefaults() {
        #expect(FixedPolicy(replicas: 3).period == .seconds(10))
        let quick = AutoscalerPolicy.fixed(FixedPolicy(replicas: 3, period: .seconds(1)))
        #expect(Autoscaler(policy: quick, minimum: 0, maximum: 9, initial: 3).period == .seconds(1))
        let broken = AutoscalerPolicy.fixed(FixedPolicy(replicas: 3, period: .zero))
        #expect(Autoscaler(policy: broken, minimum: 0, maximum: 9, initial: 3).period > .zero)
    }

    /// Load, losses and starts change nothing; the bounds do.
    @Test func alwaysTheSame() {
        check(
            .fixed(FixedPolicy(replicas: 3)), 0...9, initial: 1,
            [
                Decision(0, ready: 1, wants: 3), Decision(10, ready: 1, starting: 2, wants: 3),
                Decision(20, ready: 3, load: 10_000, waiting: 9_000, kv: 1, wants: 3),
                Decision(30, ready: 2, wants: 3), Decision(40, ready: 0, wants: 3), Decision(50, ready: 9, wants: 3),
                Decision(60, ready: 3, kv: .nan, wants: 3), Decision(70, ready: 3, load: 0, wants: 3),
            ])
        check(.fixed(FixedPolicy(replicas: 3)), 4...9, [Decision(0, wants: 4)])
        check(.fixed(FixedPolicy(replicas: 3)), 0...2, [Decision(0, wants: 2)])
        check(.fixed(FixedPolicy(replicas: 0)), 0...2, [Decision(0, ready: 2, load: 50, wants: 0)])
    }
}

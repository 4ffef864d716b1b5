import Primitives
import SimulationCore
import Testing

@Suite struct KEDATests {
    private func keda(_ change: (inout KEDAPolicy) -> Void = { _ in }) -> AutoscalerPolicy {
        var policy = KEDAPolicy(triggers: [KEDATrigger(metric: .outstanding, target: 10)])
        change(&policy)
        return .keda(policy)
    }

    @Test func documentedDefaults() {
        let policy = KEDAPolicy(triggers: [])
        #expect(policy.pollingInterval == .seconds(30) && policy.cooldownPeriod == .seconds(300))
        #expect(policy.initialCooldownPeriod == .zero && policy.fallback == nil)
        #expect(Autoscaler(policy: .keda(policy), minimum: 0, maximum: 100, initial: 0).period == .seconds(15))
    }

    @Test func wakesGrowsAndSleeps() {
        var table = [
            Decision(0, ready: 0, wants: 0),
            // Between polls nobody looks.
            Decision(15, ready: 0, load: 60, wants: 0),
            // Poll: active → 1.
            Decision(30, ready: 0, load: 60, wants: 1),
            // The inner autoscaler: 60 ÷ 10 = 6, limit max(1 + 4, 2) = 5.
            Decision(45, ready: 1, load: 60, wants: 5),
            // 6 ≤ 9.
            Decision(60, ready: 5, load: 60, wants: 6),
        ]
        // Load gone; 60 s was the last active poll. Shrinking waits for 300 s after the last 6 at 60 s: at 345 s that
        // is 285 s old, at 360 s it has left the window: 0 ÷ 10 → the inner minimum 1. At the poll of 360 s the
        // cooldown is exactly over, which is not exceeded; at 390 s it is.
        for second in stride(from: 75.0, through: 345, by: 15) { table.append(Decision(second, ready: 6, wants: 6)) }
        table += [
            Decision(360, ready: 6, wants: 1), Decision(375, ready: 1, wants: 1), Decision(390, ready: 1, wants: 0),
            Decision(405, ready: 0, wants: 0),
        ]
        check(keda(), 0...100, initial: 0, table)
    }

    @Test func activationThreshold() {
        let policy = keda { $0.triggers[0].activationThreshold = 5 }
        check(
            policy, 0...100, initial: 0,
            [
                Decision(0, ready: 0, load: 5, wants: 0),  // not above
                Decision(30, ready: 0, load: 6, wants: 1),
            ])
    }

    @Test func startsIdle() {
        // Never active: the initial cooldown has to be exceeded.
        check(keda(), 0...9, initial: 1, [Decision(0, wants: 1), Decision(15, wants: 1), Decision(30, wants: 0)])
        let patient = keda { $0.initialCooldownPeriod = .seconds(60) }
        check(patient, 0...9, initial: 1, [0, 30, 60].map { Decision($0, wants: 1) } + [Decision(90, wants: 0)])
        check(keda(), 1...9, initial: 1, [Decision(0, wants: 1), Decision(900, wants: 1)])
    }

    @Test func idleCountWithActiveMinimum() {
        let policy = keda { $0.activeMinimum = 3 }
        check(
            policy, 0...9, initial: 0,
            [
                Decision(0, ready: 0, load: 1, wants: 3), Decision(15, ready: 3, load: 1, wants: 3),
                Decision(30, ready: 3, wants: 3), Decision(300, ready: 3, wants: 3), Decision(315, ready: 3, wants: 3),
                Decision(330, ready: 3, wants: 0),
            ])
    }

    private func failing(_ fallback: KEDAFallback?) -> AutoscalerPolicy {
        .keda(KEDAPolicy(triggers: [KEDATrigger(metric: .kvUse, target: 0.5)], fallback: fallback))
    }

    @Test func fallback() {
        // Three failures are borne; the fourth reports 0.5 × 6 = 3, and 3 ÷ 0.5 = 6 (limit 2 + 4).
        check(
            failing(KEDAFallback(failureThreshold: 3, replicas: 6)), 1...9, initial: 2,
            [
                Decision(0, ready: 2, kv: .nan, wants: 2), Decision(15, ready: 2, kv: .nan, wants: 2),
                Decision(30, ready: 2, kv: .nan, wants: 2), Decision(45, ready: 2, kv: .nan, wants: 6),
                // 6 × 0.75 ÷ 0.5 = 9 (limit 12): back on its own metric, the failures are forgotten …
                Decision(60, ready: 6, kv: 0.75, wants: 9),
                // … so one more is borne.
                Decision(75, ready: 9, kv: .nan, wants: 9),
            ])
        let borne = [0.0, 15].map { Decision($0, ready: 2, kv: .nan, wants: 2) }
        check(failing(nil), 0...9, initial: 2, borne + [Decision(600, ready: 2, kv: .nan, wants: 2)])
        for (behavior, wants) in [
            (KEDAFallback.Behavior.static, 4), (.currentReplicas, 2), (.currentReplicasIfHigher, 4),
            (.currentReplicasIfLower, 2),
        ] {
            let policy = failing(KEDAFallback(failureThreshold: 1, replicas: 4, behavior: behavior))
            check(policy, 1...9, initial: 2, [borne[0], Decision(15, ready: 2, kv: .nan, wants: wants)])
        }
    }

    @Test func failuresAtZero() {
        check(
            failing(KEDAFallback(failureThreshold: 1, replicas: 4)), 0...9, initial: 0,
            [
                Decision(0, ready: 0, kv: .nan, wants: 0), Decision(15, ready: 0, kv: .nan, wants: 0),
                Decision(30, ready: 0, kv: .nan, wants: 4),
            ])
    }
}

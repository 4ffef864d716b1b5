import Primitives
import SimulationCore
import Testing

/// Kubernetes' HPA: target 10 outstanding per replica, unless said otherwise.
@Suite struct HPATests {
    private static let ten = HPAMetric(metric: .outstanding, target: 10)
    private func hpa(_ change: (inout HPAPolicy) -> Void = { _ in }) -> AutoscalerPolicy {
        var policy = HPAPolicy(metrics: [Self.ten])
        change(&policy)
        return .hpa(policy)
    }
    /// Nothing between the metric and the scale.
    private static let free = HPAScalingRules(stabilization: .zero, limits: [])

    @Test func documentedDefaults() {
        let policy = HPAPolicy(metrics: [])
        #expect(policy.syncPeriod == .seconds(15))
        #expect(policy.scaleUpTolerance == 0.1 && policy.scaleDownTolerance == 0.1)
        #expect(policy.scaleDown.stabilization == .seconds(300) && policy.scaleUp.stabilization == .zero)
        #expect(Autoscaler(policy: .hpa(policy), minimum: 1, maximum: 9, initial: 1).period == .seconds(15))
    }

    @Test func defaultBehaviour() {
        check(
            hpa(), 1...50,
            [
                // 1 replica, 11 ÷ 10 = 1.1: the tolerance's edge belongs to it.
                Decision(0, load: 11, wants: 1),
                // 12 ÷ 10 = 1.2 → ceil 1.2 = 2.
                Decision(15, load: 12, wants: 2),
                // 300 ÷ 10 = 30, but 2 replicas 15 s ago (that change has left the period): max(2 + 4, 2 × 2) = 6.
                Decision(30, ready: 2, load: 300, wants: 6),
                // 30 again: max(6 + 4, 6 × 2) = 12.
                Decision(45, ready: 6, load: 300, wants: 12),
                // max(12 + 4, 24) = 24.
                Decision(60, ready: 12, load: 300, wants: 24),
                // 30 ≤ 48.
                Decision(75, ready: 24, load: 300, wants: 30),
                // 900 ÷ 10 = 90: max(34, 60) = 60, maximum 50.
                Decision(90, ready: 30, load: 900, wants: 50),
                // 500 ÷ 500 = 1: none. Recommended 50 at 105 s.
                Decision(105, ready: 50, load: 500, wants: 50),
                // 100 ÷ 10 = 10, but 90 was recommended at 90 s and 50 at 105 s: stays.
                Decision(120, ready: 50, load: 100, wants: 50),
                // 105 s is 285 s ago: stays.
                Decision(390, ready: 50, load: 100, wants: 50),
                // 105 s is exactly 300 s ago: out of the window, the highest since is 10. 100 % per 15 s allows it.
                Decision(405, ready: 50, load: 100, wants: 10),
            ])
    }

    @Test func toleranceEdges() {
        let policy = hpa { $0.scaleDown = Self.free }
        check(
            policy, initial: 10,
            [
                Decision(0, ready: 10, load: 110, wants: 10),  // 1.1: within
                Decision(15, ready: 10, load: 90, wants: 10),  // 0.9: within
                Decision(30, ready: 10, load: 111, wants: 12),  // 1.11 → ceil 11.1
                Decision(45, ready: 12, load: 107, wants: 11),  // 107 ÷ 120 = 0.89 → ceil 10.7
                Decision(60, ready: 11, load: 0, wants: 1),  // 0 → minimum
            ])
        let split = hpa {
            $0.scaleDown = Self.free
            $0.scaleUpTolerance = 0
            $0.scaleDownTolerance = 0.5
        }
        check(
            split, initial: 10,
            [
                Decision(0, ready: 10, load: 50, wants: 10),  // 0.5 ≥ 1 − 0.5
                Decision(15, ready: 10, load: 101, wants: 11),  // 1.01 > 1
                Decision(30, ready: 11, load: 49, wants: 5),  // 0.445 → ceil 4.9
            ])
    }

    @Test func startingReplicas() {
        let policy = hpa { $0.scaleDown = Self.free }
        check(
            policy, initial: 6,
            [
                // 4 ready: 60 ÷ 40 = 1.5; with 2 at zero 60 ÷ 60 = 1: within the tolerance.
                Decision(0, ready: 4, starting: 2, load: 60, wants: 6),
                // 45 ÷ 40 = 1.125; with the others 45 ÷ 60 = 0.75 turns the direction.
                Decision(15, ready: 4, starting: 2, load: 45, wants: 6),
                // 90 ÷ 40; with the others 1.5 → ceil 9.
                Decision(30, ready: 4, starting: 2, load: 90, wants: 9),
                // Shrinking leaves the 5 others out: 4 × 0.5 = 2.
                Decision(45, ready: 4, starting: 5, load: 20, wants: 2),
                // None ready: the metric is missing.
                Decision(60, ready: 0, starting: 2, load: 900, wants: 2),
            ])
        let missing = hpa {
            $0.scaleDown = Self.free
            $0.startingReplicas = .missing
        }
        check(
            missing, initial: 6,
            [
                // 20 ÷ 40 = 0.5; with 2 at target (20 + 20) ÷ 60 = 0.67 → 4.
                Decision(0, ready: 4, starting: 2, load: 20, wants: 4),
                // 4 ready: 38 ÷ 40 = 0.95: within.
                Decision(15, ready: 4, load: 38, wants: 4),
                // 2 ready, 2 wanted besides: 16 ÷ 20 = 0.8; (16 + 20) ÷ 40 = 0.9: within.
                Decision(30, ready: 2, starting: 2, load: 16, wants: 4),
            ])
    }

    @Test func severalMetricsAndMissingOnes() {
        let policy = hpa {
            $0.scaleDown = Self.free
            $0.metrics.append(HPAMetric(metric: .kvUse, target: 0.5))
        }
        check(
            policy, initial: 4,
            [
                // 5 and 4 × 0.8 ÷ 0.5 = 6.4 → 7: the larger.
                Decision(0, ready: 4, load: 50, kv: 0.8, wants: 7),
                // 14 and 7 × 0.1 ÷ 0.5 = 1.4: the larger; limit max(7 + 4, 14) = 14.
                Decision(15, ready: 7, load: 140, kv: 0.1, wants: 14),
                // 5, the cache use is missing: no shrinking.
                Decision(30, ready: 14, load: 50, kv: .nan, wants: 14),
                // 20, the cache use is missing: growth may proceed.
                Decision(45, ready: 14, load: 200, kv: .nan, wants: 20),
                // Both readable again: 5 and 2.
                Decision(60, ready: 20, load: 50, kv: 0.05, wants: 5),
            ])
    }

    @Test func limitsAndSelection() {
        let minute = HPAScalingRules(
            stabilization: .zero, limits: [.init(.pods, 2, per: .seconds(60)), .init(.percent, 50, per: .seconds(60))],
            select: .min)
        let slow = hpa {
            $0.scaleUp = minute
            $0.scaleDown = minute
        }
        check(
            slow, initial: 10,
            [
                Decision(0, ready: 10, load: 400, wants: 12),  // min(10 + 2, 15)
                Decision(15, ready: 12, load: 400, wants: 12),  // 60 s ago still 10
                Decision(45, ready: 12, load: 400, wants: 12),
                Decision(60, ready: 12, load: 400, wants: 14),  // the change is exactly 60 s old: start 12
                Decision(75, ready: 14, load: 10, wants: 10),  // start 12: the smaller change of 12 − 2 and 6: 10
                Decision(90, ready: 10, load: 10, wants: 10),  // start 10 + 4 − 2 = 12 → 10
            ])
        let frozen = hpa { $0.scaleDown.select = .disabled }
        check(frozen, initial: 9, [Decision(0, ready: 9, wants: 9), Decision(900, ready: 9, wants: 9)])
        let capped = hpa { $0.scaleUp.select = .disabled }
        check(capped, initial: 2, [Decision(0, ready: 2, load: 900, wants: 2)])
        let odd = hpa {
            $0.scaleDown = HPAScalingRules(stabilization: .zero, limits: [.init(.percent, 10, per: .seconds(15))])
        }
        // 15 × 0.9 = 13.5 is truncated: 13.
        check(odd, initial: 15, [Decision(0, ready: 15, wants: 13)])
    }

    @Test func limitsOfDifferentPeriods() {
        let policy = hpa {
            $0.scaleUp = HPAScalingRules(
                stabilization: .zero,
                limits: [.init(.pods, 1, per: .seconds(15)), .init(.pods, 2, per: .seconds(60))], select: .min)
        }
        check(
            policy, initial: 1,
            [
                Decision(0, ready: 1, load: 90, wants: 2),  // min(1 + 1, 1 + 2)
                Decision(15, ready: 2, load: 90, wants: 3),  // the change of 0 s left the 15 s: min(2 + 1, 1 + 2)
                Decision(30, ready: 3, load: 90, wants: 3),  // min(3 + 1, 1 + 2)
                Decision(45, ready: 3, load: 90, wants: 3),
                Decision(60, ready: 3, load: 90, wants: 4),  // min(3 + 1, 2 + 2): the change of 0 s left the 60 s
                Decision(75, ready: 4, load: 90, wants: 5),  // min(4 + 1, 3 + 2)
                Decision(90, ready: 5, load: 90, wants: 5),  // min(5 + 1, 3 + 2)
            ])
    }

    @Test func startIsARecommendation() {
        // Nothing to do from the start: the initial 8 holds for the window's 300 s, exactly.
        check(
            hpa(), initial: 8,
            [
                Decision(0, ready: 8, load: 10, wants: 8), Decision(285, ready: 8, load: 10, wants: 8),
                Decision(299, ready: 8, load: 10, wants: 8), Decision(300, ready: 8, load: 10, wants: 1),
            ])
    }

    @Test func growthWindowTakesTheLowest() {
        let policy = hpa { $0.scaleUp.stabilization = .seconds(60) }
        check(
            policy, initial: 2,
            [
                Decision(0, ready: 2, load: 50, wants: 2),  // the start counts as a recommendation of 2
                Decision(30, ready: 2, load: 40, wants: 2),
                Decision(45, ready: 2, load: 60, wants: 2),
                Decision(60, ready: 2, load: 60, wants: 4),  // window (0, 60]: lowest of 4, 6, 6
            ])
    }

    @Test func delayedMetrics() {
        let policy = hpa { $0.metricsDelay = .seconds(30) }
        check(
            policy, initial: 2,
            [
                Decision(0, ready: 2, load: 40, wants: 2),  // nothing is 30 s old
                Decision(15, ready: 2, load: 20, wants: 2),
                Decision(30, ready: 2, load: 20, wants: 4),  // sees the 40 of 0 s
                Decision(45, ready: 4, load: 20, wants: 4),  // sees 20: the window holds
            ])
    }

    @Test func outage() {
        let policy = hpa { $0.metricsOutages = [MetricsOutage(from: .start, until: .start + .seconds(30))] }
        check(
            policy, initial: 2,
            [
                Decision(0, ready: 2, load: 40, wants: 2), Decision(15, ready: 2, load: 40, wants: 2),
                Decision(30, ready: 2, load: 40, wants: 4),
            ])
    }

    @Test func ratesAndExternalForms() {
        let rate = AutoscalerPolicy.hpa(
            HPAPolicy(metrics: [HPAMetric(metric: .requestsPerSecond, target: 2, form: .externalAverage)]))
        check(
            rate, 1...100, initial: 2,
            [
                Decision(0, ready: 2, wants: 2),  // one sample: no rate
                Decision(15, ready: 0, arrived: 90, wants: 3),  // 90 ÷ 15 = 6; 6 ÷ 2, ready or not
                Decision(60, ready: 3, arrived: 480, wants: 4),  // 480 ÷ 60 = 8
            ])
        let value = AutoscalerPolicy.hpa(
            HPAPolicy(metrics: [HPAMetric(metric: .waiting, target: 5, form: .externalValue)], scaleDown: Self.free))
        check(
            value, initial: 3,
            [
                Decision(0, ready: 3, waiting: 10, wants: 6),  // 10 ÷ 5 = 2, times 3
                Decision(15, ready: 6, waiting: 5, wants: 6),
                Decision(30, ready: 6, waiting: 2, wants: 3),  // 0.4 × 6 = 2.4
            ])
        let zero = AutoscalerPolicy.hpa(
            HPAPolicy(
                metrics: [HPAMetric(metric: .outstanding, target: 10, form: .externalAverage)], scaleDown: Self.free))
        check(
            zero, 0...9, initial: 0,
            [
                Decision(0, ready: 0, wants: 0), Decision(15, ready: 0, load: 1, wants: 1),
                Decision(30, ready: 1, load: 0, wants: 0), Decision(45, ready: 0, load: 200, wants: 4),
            ])
    }
}

import Primitives
import SimulationCore
import Testing

/// Knative's KPA with its default aim of 100 × 70 % = 70 concurrent requests per replica.
@Suite struct KnativeTests {
    private func knative(_ change: (inout KnativePolicy) -> Void = { _ in }) -> AutoscalerPolicy {
        var policy = KnativePolicy()
        change(&policy)
        return .knative(policy)
    }

    @Test func documentedDefaults() {
        let policy = KnativePolicy()
        #expect(policy.aim == 70 && policy.panicWindow == .seconds(6) && policy.stableWindow == .seconds(60))
        #expect(KnativePolicy(metric: .requestsPerSecond).target == 200)
        #expect(Autoscaler(policy: .knative(policy), minimum: 0, maximum: 9, initial: 1).period == .seconds(2))
    }

    @Test func stableAverage() {
        check(
            knative(), 0...9, initial: 1,
            [
                Decision(0, load: 70, wants: 1),  // 70 ÷ 70 = 1
                Decision(2, load: 72, wants: 2),  // mean 71 → 1.01 → 2; panic needs 2 ÷ 1 ≥ 2: yes
                // In panic, never down: mean (70 + 72 + 8) ÷ 3 = 50 → 1, but 2 was reached.
                Decision(4, ready: 2, load: 8, wants: 2),
            ])
        check(
            knative { $0.panicThresholdPercentage = 400 }, 0...9, initial: 1,
            [
                Decision(0, load: 70, wants: 1), Decision(2, load: 72, wants: 2),
                Decision(4, load: 8, wants: 1),  // calm: 50 → 1
                Decision(6, load: 150, wants: 2),  // 300 ÷ 4 = 75 → 2 (panic window 230 ÷ 3 → 2)
            ])
    }

    @Test func panicEntryAndExit() {
        var table = [
            Decision(0, load: 10, wants: 1), Decision(2, load: 10, wants: 1),
            // Panic window: (10 + 10 + 400) ÷ 3 = 140 → 2 ≥ 200 % of 1: panic, 2 replicas.
            Decision(4, load: 400, wants: 2),
            // (10 + 400 + 400) ÷ 3 = 270 → 4.
            Decision(6, load: 400, wants: 4),
            // The panic window excludes its start: samples of 4, 6, 8 s: 400 → 6.
            Decision(8, load: 400, wants: 6),
            // 6 ready; (400 + 400 + 70) ÷ 3 = 290 → 5, 5 ÷ 6 is below the threshold: 8 s was the last; stays at 6.
            Decision(10, ready: 6, load: 70, wants: 6),
        ]
        for second in stride(from: 12.0, through: 66, by: 2) {
            table.append(Decision(second, ready: 6, load: 70, wants: 6))
        }
        // 68 s: exactly a stable window since 8 s: still in panic. 70 s: over; 70 → 1, but floor(6 ÷ 2) = 3.
        table.append(Decision(68, ready: 6, load: 70, wants: 6))
        table.append(Decision(70, ready: 6, load: 70, wants: 3))
        table.append(Decision(72, ready: 3, load: 70, wants: 1))
        check(knative(), 0...9, initial: 1, table)
    }

    @Test func startsInPanicWithSeveralReady() {
        // Four found ready are kept for more than 60 s, then at most halved.
        let table = stride(from: 0.0, through: 60, by: 2).map { Decision($0, ready: 4, load: 7, wants: 4) }
        check(knative(), 0...9, initial: 4, table + [Decision(62, ready: 4, load: 7, wants: 2)])
    }

    @Test func rates() {
        let policy = knative {
            $0.maxScaleUpRate = 1.5
            $0.panicThresholdPercentage = 10_000
        }
        check(
            policy, 0...99, initial: 1,
            [
                Decision(0, load: 7_000, wants: 2),  // 100, at most ceil(1 × 1.5)
                Decision(2, ready: 1, load: 7_000, wants: 2),
            ])
        check(knative(), 0...99, initial: 1, [Decision(0, load: 7_001, wants: 99)])  // 101, maximum 99
        check(
            knative { $0.activationScale = 3 }, 0...99, initial: 0,
            [Decision(0, ready: 0, load: 0, wants: 0), Decision(2, ready: 0, load: 1, wants: 3)])
    }

    @Test func toZeroAfterTheGracePeriod() {
        var table = [Decision(0, load: 1, wants: 1)]
        // The request of 0 s stays in the stable window until 60 s, when it is exactly a window old: zero is wanted
        // from 60 s on, and granted 30 s later.
        for second in stride(from: 2.0, through: 88, by: 2) { table.append(Decision(second, wants: 1)) }
        table += [Decision(90, wants: 0), Decision(92, ready: 0, wants: 0), Decision(94, ready: 0, load: 1, wants: 1)]
        check(knative(), 0...9, initial: 1, table)
        let retention = knative { $0.scaleToZeroPodRetention = .seconds(40) }
        check(
            retention, 0...9, initial: 1,
            [Decision(0, wants: 1), Decision(30, wants: 1), Decision(38, wants: 1), Decision(40, wants: 0)])
        check(knative(), 1...9, initial: 1, [Decision(0, wants: 1), Decision(40, wants: 1)])
    }

    @Test func scaleDownDelay() {
        let policy = knative {
            $0.scaleDownDelay = .seconds(10)
            $0.stableWindow = .seconds(2)
            $0.panicWindowPercentage = 100
            $0.panicThresholdPercentage = 10_000
        }
        check(
            policy, 0...9, initial: 1,
            [
                Decision(0, load: 140, wants: 2), Decision(2, ready: 1, load: 70, wants: 2),
                Decision(8, ready: 1, load: 70, wants: 2), Decision(10, ready: 1, load: 70, wants: 1),
            ])
    }

    @Test func requestsPerSecond() {
        // 200 × 70 % = 140 per replica; one sample has no rate.
        check(
            .knative(KnativePolicy(metric: .requestsPerSecond)), 0...9, initial: 1,
            [Decision(0, wants: 1), Decision(2, arrived: 280, wants: 1), Decision(4, arrived: 564, wants: 2)])
    }

    @Test func burstCapacity() {
        let policy = KnativePolicy()
        // 3 × 100 − 211 − 40.5 = 48.5; 2 × 100 − 211 − 0 = −11: the activator buffers.
        #expect(policy.excessBurstCapacity(ready: 3, panicAverage: 40.5) == 48)
        #expect(policy.excessBurstCapacity(ready: 2, panicAverage: 0) == -11)
        #expect(KnativePolicy(targetBurstCapacity: 0).excessBurstCapacity(ready: 0, panicAverage: 9) == 0)
        #expect(KnativePolicy(targetBurstCapacity: -1).excessBurstCapacity(ready: 99, panicAverage: 0) == -1)
    }
}

import Primitives
import SimulationCore
import Testing

/// Two requests per second and replica, a window of 60 s: 120 requests in the window ask for one replica.
@Suite struct SkyServeTests {
    private func sky(_ change: (inout SkyServePolicy) -> Void = { _ in }) -> AutoscalerPolicy {
        var policy = SkyServePolicy(targetQPSPerReplica: 2)
        change(&policy)
        return .skyServe(policy)
    }

    @Test func documentedDefaults() {
        let policy = SkyServePolicy(targetQPSPerReplica: 1)
        #expect(policy.qpsWindow == .seconds(60) && policy.decisionInterval == .seconds(20))
        #expect(policy.upscaleDelay == .seconds(300) && policy.downscaleDelay == .seconds(1_200))
        #expect(policy.overprovision == 0)
        // Decisions every 20 s, or 5 s with nothing ready: both are multiples of the tick.
        #expect(Autoscaler(policy: sky(), minimum: 1, maximum: 2, initial: 1).period == .seconds(5))
    }

    @Test func growsAfterFifteenDecisions() {
        // 5 requests per second: the window fills at 60 s. (100, 200, 300) ÷ 60 ÷ 2 = 0.83, 1.67, 2.5 at 20, 40, 60 s:
        // above 1 from the decision of 40 s on, the 15th of which is that of 320 s.
        var table: [Decision] = []
        for second in stride(from: 0.0, through: 300, by: 20) {
            table.append(Decision(second, arrived: UInt64(second) * 5, wants: 1))
        }
        table.append(Decision(320, arrived: 1_600, wants: 3))
        table.append(Decision(340, ready: 3, arrived: 1_700, wants: 3))
        check(sky(), 1...100, table)
    }

    @Test func oneQuietDecisionStartsOver() {
        let policy = sky { $0.upscaleDelay = .seconds(40) }
        check(
            policy, 1...100,
            [
                Decision(0, wants: 1),
                Decision(20, arrived: 130, wants: 1),  // 130 ÷ 120 → 2: first
                Decision(40, arrived: 130, wants: 1 + 1),  // second of 40 ÷ 20: up
                Decision(60, ready: 2, arrived: 130, wants: 2),  // the 130 came after 0 s: still 2
                Decision(80, ready: 2, arrived: 400, wants: 2),  // 400 − 130 = 270 → 3: first
                Decision(100, ready: 2, arrived: 400, wants: 3),  // 270 → 3 since 40 s: second
                Decision(120, ready: 3, arrived: 770, wants: 3),  // 770 − 130 = 640 → 6: first
                Decision(140, ready: 3, arrived: 770, wants: 4),  // 770 − 400 = 370 → 4: second, the present proposal
            ])
    }

    @Test func shrinksAfterSixtyDecisions() {
        let table = (0...59).map { Decision(Double($0) * 20, ready: 4, wants: $0 < 59 ? 4 : 1) }
        check(sky(), initial: 4, table)
    }

    @Test func fromZeroAtOnceAndEveryFiveSeconds() {
        let policy = sky { $0.loadBalancerSync = .seconds(5) }
        check(
            policy, 0...4, initial: 0,
            [
                Decision(0, ready: 0, wants: 0), Decision(5, ready: 0, arrived: 1, wants: 1),
                Decision(10, ready: 0, arrived: 600, wants: 1),  // from 1 on there is hysteresis
            ])
        // With the balancer's reports every 20 s the request of 5 s is known at 20 s.
        check(
            sky(), 0...4, initial: 0,
            [Decision(0, ready: 0, wants: 0)] + [5.0, 10, 15].map { Decision($0, ready: 0, arrived: 1, wants: 0) }
                + [Decision(20, ready: 0, arrived: 900, wants: 4)])
    }

    @Test func decisionsAreTwentySecondsApartWhileServing() {
        let policy = sky { $0.upscaleDelay = .zero }
        check(
            policy, 1...100,
            [Decision(0, arrived: 0, wants: 1)]
                // Up to 15 s nothing is decided.
                + [5.0, 10, 15].map { Decision($0, arrived: 500, wants: 1) }
                // 500 ÷ 120 → 5; without a delay the first decision counts.
                + [Decision(20, arrived: 500, wants: 5)])
    }

    @Test func overprovisionAndBounds() {
        let policy = sky {
            $0.overprovision = 2
            $0.upscaleDelay = .zero
            $0.targetMaximum = 4
        }
        check(policy, 1...10, [Decision(0, wants: 3), Decision(20, arrived: 9_999, wants: 6)])
        check(policy, 1...5, [Decision(0, wants: 3), Decision(20, arrived: 9_999, wants: 5)])
    }
}

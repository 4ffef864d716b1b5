import Primitives
import SimulationCore
import Testing

/// Ray Serve, target 2 ongoing requests per replica.
@Suite struct RayServeTests {
    /// No delays, every call a sample of its own.
    private func ray(_ change: (inout RayServePolicy) -> Void = { _ in }) -> AutoscalerPolicy {
        var policy = RayServePolicy(
            upscaleDelay: .zero, downscaleDelay: .zero, metricsInterval: .seconds(1), lookBackPeriod: .seconds(1),
            controlLoopInterval: .seconds(1))
        change(&policy)
        return .rayServe(policy)
    }

    @Test func documentedDefaults() {
        let policy = RayServePolicy()
        #expect(policy.targetOngoingRequests == 2 && policy.upscalingFactor == 1 && policy.downscalingFactor == 1)
        #expect(policy.upscaleDelay == .seconds(30) && policy.downscaleDelay == .seconds(600))
        #expect(policy.metricsInterval == .seconds(10) && policy.lookBackPeriod == .seconds(30))
        let scaler = Autoscaler(policy: .rayServe(policy), minimum: 1, maximum: 9, initial: 1)
        #expect(scaler.period == .milliseconds(100))
    }

    @Test func errorRatio() {
        check(
            ray(), 1...20,
            [
                Decision(0, load: 2, wants: 1),  // 2 ÷ (2 × 1) = 1
                Decision(1, load: 3, wants: 2),  // 1.5 → ceil 1.5
                Decision(2, ready: 2, load: 12, wants: 6),  // ratio 3
                Decision(3, ready: 6, load: 7, wants: 4),  // 7 ÷ 12 × 6 = 3.5
                Decision(4, ready: 4, load: 99, wants: 20),  // 49.5, maximum
                Decision(5, ready: 20, load: 0, wants: 1),  // 0, minimum
            ])
    }

    @Test func factors() {
        let eager = ray { $0.upscalingFactor = 2 }
        check(eager, 1...20, [Decision(0, ready: 1, load: 4, wants: 3)])  // 1 × (1 + (2 − 1) × 2)
        let timid = ray {
            $0.upscalingFactor = 0.5
            $0.downscalingFactor = 0.25
        }
        check(
            timid, 1...20, initial: 4,
            [
                Decision(0, ready: 4, load: 16, wants: 6),  // 4 × (1 + 1 × 0.5)
                Decision(1, ready: 6, load: 4, wants: 5),  // 6 × (1 − 2⁄3 × 0.25) = 5
                // 3 × (1 − 1⁄3 × 0.25) = 2.75 → 3: blocked, though 2 are deserved: one less.
                Decision(2, ready: 3, load: 4, wants: 2),
                // 3 × (1 − 1⁄6 × 0.25) → 3, and 2.5 deserve 3: no step.
                Decision(3, ready: 3, load: 5, wants: 3),
            ])
    }

    @Test func delaysCountTicks() {
        let policy = ray {
            $0.upscaleDelay = .seconds(2)
            $0.downscaleDelay = .seconds(3)
        }
        check(
            policy, 1...20, initial: 2,
            [
                Decision(0, ready: 2, load: 8, wants: 2), Decision(1, ready: 2, load: 8, wants: 2),
                Decision(2, ready: 2, load: 8, wants: 4),  // the third is more than 2 ticks' worth
                Decision(3, ready: 4, load: 2, wants: 4), Decision(4, ready: 4, load: 2, wants: 4),
                Decision(5, ready: 4, load: 2, wants: 4),
                Decision(6, ready: 4, load: 8, wants: 4),  // equal: starts over
                Decision(7, ready: 4, load: 2, wants: 4), Decision(8, ready: 4, load: 2, wants: 4),
                Decision(9, ready: 4, load: 2, wants: 4), Decision(10, ready: 4, load: 2, wants: 1),
                Decision(11, ready: 1, load: 4, wants: 1), Decision(12, ready: 1, load: 4, wants: 1),
                Decision(13, ready: 1, load: 2, wants: 1),  // equal
                Decision(14, ready: 1, load: 4, wants: 1), Decision(15, ready: 1, load: 4, wants: 1),
                Decision(16, ready: 1, load: 4, wants: 2),
            ])
    }

    @Test func defaultUpscaleDelayIsThreeHundredTicks() {
        // The 301st consecutive decision, at 30.0 s.
        let table = (0...300).map { Decision(Double($0) / 10, load: 8, wants: $0 < 300 ? 1 : 4) }
        check(.rayServe(RayServePolicy()), 1...20, table)
    }

    @Test func zero() {
        let policy = ray {
            $0.downscaleToZeroDelay = .seconds(2)
            $0.upscalingFactor = 2.5
        }
        check(
            policy, 0...20, initial: 3,
            [
                Decision(0, ready: 3, wants: 1),  // to zero only from one
                Decision(1, ready: 1, wants: 1), Decision(2, ready: 1, wants: 1),
                Decision(3, ready: 1, wants: 0),  // the third is more than 2 ticks' worth
                Decision(4, ready: 0, wants: 0),
                Decision(5, ready: 0, load: 1, wants: 3),  // ceil(2.5) at once
                Decision(6, ready: 0, starting: 3, load: 50, wants: 3),
            ])
    }

    @Test func lookBackIsAMean() {
        let policy = ray {
            $0.metricsInterval = .seconds(10)
            $0.lookBackPeriod = .seconds(30)
        }
        check(
            policy, 1...20,
            [
                Decision(0, load: 2, wants: 1), Decision(5, load: 50, wants: 1),  // not sampled
                Decision(10, load: 6, wants: 2),  // (2 + 6) ÷ 2 ÷ 2
                Decision(20, load: 10, wants: 3),  // 18 ÷ 3 ÷ 2
                Decision(30, load: 14, wants: 5),  // the sample of 0 s is exactly 30 s old: 30 ÷ 3 ÷ 2
            ])
    }
}

import Primitives
import SimulationCore
import Testing

@Suite struct TargetUtilizationTests {
    @Test func quotients() {
        // 0.7 × 10 = 7 per replica.
        check(
            .targetUtilization(TargetUtilizationPolicy(capacity: 10)), 0...5,
            [
                Decision(0, load: 0, wants: 0), Decision(15, load: 1, wants: 1), Decision(30, load: 7, wants: 1),
                Decision(45, load: 8, wants: 2), Decision(60, load: 14, wants: 2), Decision(75, load: 15, wants: 3),
                Decision(90, load: 21, wants: 3),  // 21 ÷ 7 = 3 although 0.7 × 10 × 3 is not 21 in binary
                Decision(105, load: 900, wants: 5), Decision(120, load: 0, wants: 0),
            ])
        check(.targetUtilization(TargetUtilizationPolicy(capacity: 10)), 2...5, [Decision(0, load: 0, wants: 2)])
    }

    @Test func otherMetrics() {
        let cache = TargetUtilizationPolicy(metric: .kvUse, target: 0.8, capacity: 1)
        check(
            .targetUtilization(cache), initial: 2,
            [
                Decision(0, ready: 4, kv: 0.6, wants: 3),  // 4 × 0.6 ÷ 0.8 = 3
                Decision(15, ready: 3, kv: .nan, wants: 3),  // no reading: as before
            ])
        let tokens = TargetUtilizationPolicy(metric: .tokensPerSecond, target: 0.5, capacity: 100)
        check(
            .targetUtilization(tokens), initial: 2,
            [
                Decision(0, wants: 2),  // no rate from one sample
                Decision(15, tokens: 1_500, wants: 2),  // 100 ÷ 50
                Decision(75, tokens: 13_500, wants: 4),  // 12,000 ÷ 60 = 200 ÷ 50
            ])
        let late = TargetUtilizationPolicy(capacity: 10, metricsDelay: .seconds(15))
        check(
            .targetUtilization(late), initial: 3,
            [Decision(0, load: 70, wants: 3), Decision(15, load: 0, wants: 10), Decision(30, load: 0, wants: 1)])
    }
}

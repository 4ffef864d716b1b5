import Primitives
import SimulationCore
import Testing

extension Decision {
    /// The same with so many replicas of the primary pool wanted and serving.
    func primary(_ wanted: Int, ready: Int) -> Decision {
        var copy = self
        copy.signals.primaryWanted = wanted
        copy.signals.primaryReady = ready
        return copy
    }
}

/// SkyServe's on-demand fallback: wanted = base + (the primary's wanted − ready), at most the target.
@Suite struct FallbackTests {
    @Test func documentedDefaults() {
        let policy = FallbackPolicy(primary: 4)
        #expect(policy.primary == 4 && policy.base == 0 && policy.dynamic && policy.overprovision == 0)
        #expect(policy.decisionInterval == .seconds(20) && policy.idleDecisionInterval == .seconds(5))
        #expect(Autoscaler(policy: .fallback(policy), minimum: 0, maximum: 9, initial: 0).period == .seconds(5))
    }

    @Test func standsInForWhatIsMissing() {
        check(
            .fallback(FallbackPolicy(primary: 0)), 0...20, initial: 0,
            [
                Decision(0, ready: 0, wants: 6).primary(6, ready: 0),
                Decision(5, ready: 0, starting: 6, wants: 6).primary(6, ready: 0),
                Decision(10, ready: 0, starting: 6, wants: 4).primary(6, ready: 2),  // ready now: the next in 20 s
                Decision(15, ready: 2, starting: 2, wants: 4).primary(6, ready: 6),
                Decision(25, ready: 4, wants: 4).primary(6, ready: 6),
                Decision(30, ready: 4, wants: 0).primary(6, ready: 6),
                Decision(50, wants: 1).primary(6, ready: 5),  // one was reclaimed
                Decision(70, wants: 0).primary(3, ready: 5),  // more than wanted: nothing to stand in for
                Decision(90, wants: 20).primary(90, ready: 5),  // the maximum
                Decision(110, wants: 0).primary(0, ready: 0),
            ])
    }

    @Test func theBaseIsAlwaysOnDemand() {
        check(
            .fallback(FallbackPolicy(primary: 0, base: 2)), 0...20, initial: 0,
            [
                Decision(0, wants: 6).primary(4, ready: 0), Decision(20, wants: 5).primary(4, ready: 1),
                Decision(40, wants: 2).primary(4, ready: 4), Decision(60, wants: 2).primary(0, ready: 0),
            ])
        check(
            .fallback(FallbackPolicy(primary: 0, base: 2, dynamic: false)), 0...20, initial: 0,
            [Decision(0, wants: 2).primary(4, ready: 0), Decision(20, wants: 2).primary(9, ready: 1)])
        check(
            .fallback(FallbackPolicy(primary: 0, dynamic: false)), 0...20, initial: 3,
            [Decision(0, wants: 0).primary(4, ready: 0)])
    }

    /// Target 4, 2 more on top, 1 always on demand: the primary wants 5; never more than 4 on demand.
    @Test func overprovisionIsNotBacked() {
        check(
            .fallback(FallbackPolicy(primary: 0, base: 1, overprovision: 2)), 0...20, initial: 0,
            [
                Decision(0, wants: 4).primary(5, ready: 0), Decision(20, wants: 4).primary(5, ready: 1),
                Decision(40, wants: 4).primary(5, ready: 2), Decision(60, wants: 3).primary(5, ready: 3),
                Decision(80, wants: 1).primary(5, ready: 5),
            ])
    }

    /// The pair: a target of ceil(5 ÷ 1) = 5, of which the primary leaves 2 to the fallback.
    @Test func thePrimaryLeavesTheBaseOut() {
        let primary = SkyServePolicy(targetQPSPerReplica: 1, upscaleDelay: .zero, onDemandBase: 2)
        check(
            .skyServe(primary), 0...20, initial: 0,
            [
                Decision(0, ready: 0, wants: 0),
                Decision(60, ready: 0, arrived: 300, wants: 3), Decision(65, ready: 3, arrived: 300, wants: 3),
            ])
    }
}

import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Pools that follow another pool, or their own lateness.
@Suite struct FollowingPoolTests {
    /// The primary is lost from 10 s to 40 s and back at 65 s. The fallback is asked for at 10 s, serves from 35 s, and
    /// goes when the primary is back.
    @Test func aFallbackStandsInForItsPrimary() throws {
        var primary = PaperFleet.pool(.always(1), 1, initial: 1)
        primary.supply = .capacity(CapacitySupply(retryInterval: .seconds(10), availability: .up([10, 40])))
        let policy = FallbackPolicy(
            primary: 0, decisionInterval: .seconds(5), idleDecisionInterval: .seconds(5))
        let fallback = PaperFleet.pool(.fallback(policy), 1, initial: 0)
        let run = try PaperFleet(primary, fallback).run([.paper(0), .paper(1, at: 20), .paper(2, at: 80)])
        #expect(run.lives(0) == ["0.0–10.0 interrupted", "40.0–82.0 end of run"])
        #expect(run.lives(1) == ["10.0–65.0 released"])
        #expect(run.outcomes.map(\.replica) == [0, 1, 0] && run.e2e == [2, 17, 2])
        #expect(run.record.pools.map(\.completed) == [2, 1])
        #expect(run.incidents == ["reclaimed 10.0 ×1", "refused 10.0 ×1"])
    }

    /// Every answer is beyond its bound. Shares are known from the second look, at 30 s, on; then the pool grows.
    @Test func anAutoscalerSeesLateRequests() throws {
        let metric = HPAMetric(metric: .lateShare, target: 0.5, form: .externalValue)
        var fleet = PaperFleet(PaperFleet.pool(.hpa(HPAPolicy(metrics: [metric])), 2, initial: 1))
        let requests = (0..<20).map { Request.paper(UInt64($0), at: Double($0) * 5) }
        fleet.bounds = [RequestBounds(ttft: .seconds(1))]
        let late = try fleet.run(requests)
        #expect(late.record.good == 0 && late.record.starts.map { $0.at.seconds } == [30])
        fleet.bounds = [RequestBounds(ttft: .seconds(2))]
        let good = try fleet.run(requests)
        #expect(good.record.good == 20 && good.record.starts.isEmpty)
    }
}

import Primitives
import SimulationCore
import Testing
import Workloads

/// What each region's users and each pool's machines met.
@Suite struct GroupRecordTests {
    /// The east is 1 s from its pool, the west 0.25 s from its own, where one request runs at a time. Bounds of 5 s.
    private func run(_ requests: [Request]) throws -> PaperRun {
        var fleet = PaperFleet(PaperFleet.pool(sequences: 1), PaperFleet.pool(sequences: 1))
        fleet.users = [
            UserRegion(name: "east", oneWayDelays: [.seconds(1), .seconds(3)], route: Route(tiers: [[0], [1]])),
            UserRegion(
                name: "west", oneWayDelays: [.seconds(9), .milliseconds(250)], route: Route(tiers: [[1]])),
        ]
        fleet.bounds = [RequestBounds(e2e: .seconds(5))]
        fleet.clients = [ClientPolicy(deadline: .milliseconds(6_500))]
        return try fleet.run(requests)
    }

    /// East: 4 s, and one that waits 2 s more, good no longer. West: 2.5 s, 4.5 s, and one that is not done in time: from
    /// 4.25 to 6.25 s, at 6.5 s it is; the fourth, until 8.25 s, is not.
    @Test func groupsAddUp() throws {
        let west = (2..<6).map { Request.paper(UInt64($0)).from(region: 1) }
        let run = try run([.paper(0), .paper(1)] + west)
        #expect(run.e2e == [4, 6, 2.5, 4.5, 6.5, 0])
        #expect(run.failures == [nil, nil, nil, nil, nil, .timedOut])
        let regions = run.record.regions
        #expect(regions.map(\.name) == ["east", "west"])
        #expect(regions.map(\.offered) == [2, 4] && regions.map(\.completed) == [2, 3])
        #expect(regions.map(\.failed) == [0, 1] && regions.map(\.good) == [1, 2])
        #expect(regions.map(\.e2e.total) == [10_000_000_000, 13_500_000_000])
        #expect(regions.map(\.ttft.total) == [10_000_000_000, 13_500_000_000])
        let pools = run.record.pools
        #expect(pools.map(\.offered) == [2, 4] && pools.map(\.completed) == [2, 3])
        #expect(pools.map(\.failed) == [0, 1] && pools.map(\.good) == [1, 2])
        #expect(pools.map(\.e2e.total) == [10_000_000_000, 13_500_000_000])
        #expect(run.record.good == 3 && run.record.latency.e2e.total == 23_500_000_000)
    }

    /// In random markets: regions, pools, classes and the whole say the same.
    @Test func randomGroupsAddUp() throws {
        var failed: UInt64 = 0
        for seed in 910_000..<910_100 as Range<UInt64> {
            let record = try MarketWorld(seed: seed).run().record
            for groups in [record.regions, record.pools] {
                #expect(groups.reduce(0) { $0 + $1.completed } == record.completed, "seed \(seed)")
                #expect(groups.reduce(0) { $0 + $1.good } == record.good, "seed \(seed)")
                #expect(groups.reduce(0) { $0 + $1.e2e.total } == record.latency.e2e.total, "seed \(seed)")
                #expect(groups.reduce(0) { $0 + $1.ttft.total } == record.latency.ttft.total, "seed \(seed)")
            }
            #expect(record.regions.reduce(0) { $0 + $1.offered } == record.offered, "seed \(seed)")
            #expect(record.regions.reduce(0) { $0 + $1.failed } == record.failed, "seed \(seed)")
            #expect(record.classes.reduce(0) { $0 + $1.failed } == record.failed, "seed \(seed)")
            failed += record.failed
        }
        #expect(failed > 50)
    }
}

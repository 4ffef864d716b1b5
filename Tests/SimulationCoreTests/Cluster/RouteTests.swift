import Primitives
import Testing
import Workloads

@testable import SimulationCore

/// Tiers of pools. Pool 0 holds replicas 0 and 1, pool 1 replicas 2 to 4, pool 2 replica 5.
@Suite struct RouteTests {
    private func fleet(_ policy: RouterPolicy, _ routes: [Route?]) -> FleetConfiguration {
        var fleet = PaperFleet(PaperFleet.pool(2), PaperFleet.pool(3), PaperFleet.pool(1))
        fleet.router = policy
        fleet.users = routes.map { UserRegion(name: "", route: $0) }
        return fleet.configuration
    }

    /// What users of `row` get, one after the other, each choice added to the loads on demand; −1 = nobody.
    private func choices(
        _ fleet: FleetConfiguration, rows: [Int], filling: Bool = false, _ prepare: (inout Router) -> Void = { _ in }
    ) -> [Int] {
        let replicas = Replicas(fleet: fleet, stepping: .leaping, source: ListSource([]))
        var router = Router(fleet: fleet, key: RandomKey(seed: 1))
        prepare(&router)
        return rows.enumerated().map { id, row in
            let now = Moment(time: 0, afterSteps: false)
            let choice = router.choose(.paper(UInt64(id)), row: row, at: now, replicas: replicas)
            if filling, let choice { router.outstanding[choice] += 1 }
            return choice ?? -1
        }
    }

    private func router(_ route: Route?, _ prepare: (inout Router) -> Void) -> Router {
        var router = Router(fleet: fleet(.leastOutstanding, [route]), key: RandomKey(seed: 1))
        prepare(&router)
        return router
    }

    @Test func theFirstTierServesWhileItCan() {
        let fleet = fleet(.leastOutstanding, [Route(tiers: [[1], [0], [2]])])
        #expect(choices(fleet, rows: Array(repeating: 0, count: 7), filling: true) == [2, 3, 4, 2, 3, 4, 2])
        let without = choices(fleet, rows: [0, 0, 0], filling: true) { router in
            for index in 2...4 { router.setServing(index, false) }
        }
        #expect(without == [0, 1, 0])
    }

    /// Two replicas with room for three each: five requests in all leave room, six do not, however they are spread.
    @Test(
        arguments: [
            ([0, 5], 0), ([5, 0], 1), ([3, 2], 1), ([3, 3], 5), ([6, 0], 5), ([0, 6], 5), ([9, 9], 5),
        ] as [([Int32], Int)])
    func aTierSpillsOverAtItsThreshold(loads: [Int32], expected: Int) {
        let fleet = fleet(.leastOutstanding, [Route(tiers: [[0], [2]], spillAt: 3)])
        let choice = choices(fleet, rows: [0]) { router in
            for index in loads.indices { router.outstanding[index] = loads[index] }
        }
        #expect(choice == [expected])
    }

    /// One after the other: 2 × 2 in the first tier, 2 in the second, then the first again for good.
    @Test func fullTiersFallBackToTheFirst() {
        let fleet = fleet(.leastOutstanding, [Route(tiers: [[0], [2]], spillAt: 2)])
        #expect(choices(fleet, rows: Array(repeating: 0, count: 9), filling: true) == [0, 1, 0, 1, 5, 5, 0, 1, 0])
        let without = choices(fleet, rows: [0, 0, 0, 0], filling: true) { router in
            router.setServing(0, false)
            router.setServing(1, false)
        }
        #expect(without == [5, 5, 5, 5], "full or not, it is the first that serves at all")
    }

    /// A threshold counts the replicas that serve, not those there might be.
    @Test func aSmallerTierIsFullSooner() {
        let fleet = fleet(.leastOutstanding, [Route(tiers: [[0], [2]], spillAt: 2)])
        let choice = choices(fleet, rows: [0, 0, 0], filling: true) { $0.setServing(1, false) }
        #expect(choice == [0, 0, 5])
    }

    @Test func poolsOfOneTierAreAlike() {
        let fleet = fleet(.leastOutstanding, [Route(tiers: [[0, 2]])])
        #expect(choices(fleet, rows: [0, 0, 0, 0], filling: true) == [0, 1, 5, 0])
    }

    /// Every tier of every route has its own turn; so has the whole fleet.
    @Test func turnsAreTakenByTier() {
        let fleet = fleet(.roundRobin, [Route(tiers: [[0], [1]]), Route(tiers: [[1]]), nil])
        #expect(choices(fleet, rows: [0, 1, 2, 0, 1, 2, 0, 1, 2, 1]) == [0, 2, 0, 1, 3, 1, 0, 4, 2, 2])
        // Row 3 is everybody else: free, and of the whole fleet's turn.
        #expect(choices(fleet, rows: [2, 3, 2, 3]) == [0, 1, 2, 3])
    }

    /// In turn until 2 requests a replica, then the second tier in its own turn.
    @Test func turnsSpillOver() {
        let fleet = fleet(.roundRobin, [Route(tiers: [[0], [1]], spillAt: 2)])
        let rows = Array(repeating: 0, count: 10)
        #expect(choices(fleet, rows: rows, filling: true) == [0, 1, 0, 1, 2, 3, 4, 2, 3, 4])
    }

    @Test func besidesLeavesOneOut() {
        let fleet = fleet(.leastOutstanding, [Route(tiers: [[0], [2]]), nil])
        let replicas = Replicas(fleet: fleet, stepping: .leaping, source: ListSource([]))
        var router = Router(fleet: fleet, key: RandomKey(seed: 1))
        let now = Moment(time: 0, afterSteps: false)
        func other(_ row: Int, _ index: Int, _ router: inout Router) -> Int? {
            router.choose(.paper(0), row: row, besides: index, at: now, replicas: replicas)
        }
        #expect(other(0, 0, &router) == 1 && other(1, 0, &router) == 1)
        router.setServing(1, false)
        #expect(other(0, 0, &router) == 5, "the next tier, where the first has nobody else")
        for index in 2...5 { router.setServing(index, false) }
        #expect(other(0, 0, &router) == nil && other(1, 0, &router) == nil)
    }

    @Test func closedUsersHaveNoTier() {
        func isClosed(_ route: Route?, row: Int = 0) -> Bool { router(route, { _ in }).isClosed(row: row) }
        #expect(isClosed(Route(tiers: [])) && isClosed(Route(tiers: [[], []])))
        #expect(!isClosed(Route(tiers: [[], [1]])) && !isClosed(nil))
        #expect(!isClosed(Route(tiers: []), row: 1), "others are free")
    }

    /// Full: all that serve and may be used have the limit; with nobody there, nothing is full.
    @Test func fullnessLooksAtEveryTier() {
        func isFull(_ loads: [Int32], limit: Int, serving: Set<Int> = [0, 1, 5]) -> Bool {
            let router = router(Route(tiers: [[0], [2]])) { router in
                for index in 0..<6 { router.setServing(index, serving.contains(index)) }
                for (index, load) in zip([0, 1, 5], loads) { router.outstanding[index] = load }
            }
            return router.isFull(row: 0, limit: limit)
        }
        #expect(isFull([2, 2, 2], limit: 2) && isFull([2, 3, 9], limit: 2))
        #expect(!isFull([2, 2, 1], limit: 2) && !isFull([1, 2, 2], limit: 2))
        #expect(isFull([2, 0, 2], limit: 2, serving: [0, 5]), "who does not serve has no room")
        #expect(isFull([2, 2, 2], limit: 2, serving: [0, 1, 2, 5]), "nor has a closed pool")
        #expect(!isFull([2, 2, 2], limit: 2, serving: []))
    }
}

import Primitives
import Testing
import Workloads

@testable import SimulationCore

@Suite struct DistancesTests {
    /// Two pools, 10 and 20 ms behind the router; class 0 is 1 ms before it; the east is 3 ms further from the first.
    private func distances() -> Distances {
        var fleet = PaperFleet(PaperFleet.pool(delay: 0.01), PaperFleet.pool(delay: 0.02))
        fleet.classDelays = [.milliseconds(1)]
        fleet.users = [
            UserRegion(name: "east", oneWayDelays: [.milliseconds(3)]),
            UserRegion(name: "west", oneWayDelays: [.milliseconds(7), .milliseconds(8)]),
        ]
        return Distances(fleet.configuration, classes: 2)
    }

    @Test func rowsTellUsersApart() {
        let distances = distances()
        #expect(distances.rows == 3)
        #expect([0, 1, 2, 9].map { distances.row(of: Request.paper(0).from(region: $0)) } == [0, 1, 2, 2])
    }

    @Test func poolsAddToRegions() {
        let distances = distances()
        let table = (0..<3).map { row in (0..<2).map { distances.toPool($0, row: row) / 1_000_000 } }
        #expect(table == [[13, 20], [17, 28], [10, 20]])
    }

    @Test func classesAddToBoth() {
        let distances = distances()
        #expect(distances.toRouter(.paper(0)) == 1_000_000)
        #expect(distances.toRouter(.paper(0, class: 1)) == 0)
        #expect(distances.oneWay(.paper(0), to: 0) == 14_000_000)
        #expect(distances.oneWay(Request.paper(0, class: 1).from(region: 1), to: 1) == 28_000_000)
        #expect(distances.oneWay(Request.paper(0).from(region: 2), to: 1) == 21_000_000)
    }

    /// One way there and one way back: 2 s of prompt, at the distance of each class and region.
    @Test func aRunPaysThemTwice() throws {
        var fleet = PaperFleet(PaperFleet.pool(delay: 0.5))
        fleet.classDelays = [.seconds(1), .zero]
        fleet.users = [UserRegion(name: "east", oneWayDelays: [.seconds(2)])]
        let run = try fleet.run([
            .paper(0), .paper(1, at: 10, class: 1), Request.paper(2, at: 20).from(region: 1),
            Request.paper(3, at: 30, class: 1).from(region: 1),
        ])
        #expect(run.outcomes.map(\.network.seconds) == [7, 5, 3, 1])
        #expect(run.e2e == [9, 7, 5, 3])
    }

    /// Links deliver in order of sending, a constant delay later.
    @Test func linksKeepTheirOrder() {
        var link = Link(delay: 7)
        #expect(link.nextTime == .max)
        for id in 0..<5_000 as Range<UInt64> {
            link.send(.paper(id), number: UInt16(id % 9), to: Int(id % 4), at: Int64(2 * id))
            guard id % 2 == 1 else { continue }
            let first = link.receive()
            #expect(first.request.id == id / 2 && first.time == Int64(2 * (id / 2) + 7))
            #expect(first.replica == Int(id / 2 % 4) && first.number == UInt16(id / 2 % 9))
        }
        #expect(link.nextTime == 5_007)
        for id in 2_500..<5_000 as Range<UInt64> { #expect(link.receive().request.id == id) }
        #expect(link.nextTime == .max)
    }
}

import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Zones and regions that are down at stated times.
@Suite struct OutageRunTests {
    private func outage(_ place: String, _ from: Double, _ until: Double) -> Outage {
        Outage(
            places: [place], from: .start + SimulatedDuration(seconds: from),
            until: .start + SimulatedDuration(seconds: until))
    }

    /// Zone a holds replicas 0 and 2. They are lost at 10 s and started as soon as it is over, at 30 s.
    @Test func aZoneTakesItsReplicas() throws {
        var pool = PaperFleet.pool(.always(4, every: 5), 4, initial: 4)
        pool.place = PoolPlace(region: "r", zones: ["a", "b"])
        var fleet = PaperFleet(pool)
        fleet.outages = [outage("a", 10, 30)]
        let run = try fleet.run([.paper(0), .paper(1, at: 80)])
        for index in [0, 2] {
            #expect(run.lives(index) == ["0.0–10.0 failed", "30.0–82.0 end of run"])
            #expect(run.states(index)[1][.loading] == 22)
        }
        for index in [1, 3] { #expect(run.lives(index) == ["0.0–82.0 end of run"]) }
        #expect(run.incidents == ["outage 10.0 ×2", "outageEnd 30.0 ×0"])
        #expect(run.record.starts.map(\.replica) == [0, 2] && run.record.starts.allSatisfy { $0.at.seconds == 30 })
        #expect(run.record.interruptions == 2 && run.record.flaps == 0)
    }

    /// A region takes its pool and no other; what ran there starts again in the other at 5.5 s.
    @Test func aRegionTakesItsPool() throws {
        var first = PaperFleet.pool(.always(1), 1, initial: 1)
        (first.place, first.fate) = (PoolPlace(region: "r", zones: ["a"]), .restarted)
        var second = PaperFleet.pool()
        second.place = PoolPlace(region: "s", zones: ["a2"])
        var fleet = PaperFleet(first, second)
        fleet.outages = [outage("r", 5.5, 5.75)]
        let run = try fleet.run([.paper(0, output: 9)])
        #expect(run.e2e == [15.5] && run[0].replica == 1)
        #expect(run.lives(0) == ["0.0–5.5 failed", "10.0–15.5 end of run"])
        #expect(run.lives(1) == ["0.0–15.5 end of run"])
        #expect(run.record.pools.map(\.offered) == [1, 1] && run.record.pools.map(\.failed) == [1, 0])
    }

    /// The last token at the instant of the outage is made; the request behind it is lost.
    @Test func stepsThatEndWithTheOutageCount() throws {
        var pool = PaperFleet.pool(.always(1, every: 100), 1, initial: 1, sequences: 1)
        pool.place = PoolPlace(region: "r")
        var fleet = PaperFleet(pool)
        fleet.outages = [outage("r", 10, 20)]
        let run = try fleet.run([.paper(0, output: 9), .paper(1)])
        #expect(run.failures == [nil, .replicaLost] && run.e2e[0] == 10)
        #expect(run.record.lostTokens == 10, "its prompt, in the step that began at 10 s")
    }

    /// A start is lost like a machine that serves, and begins again after it.
    @Test func aStartIsLostToo() throws {
        var pool = PaperFleet.pool(.always(1), 1, initial: 0)
        pool.place = PoolPlace(region: "r")
        var fleet = PaperFleet(pool)
        fleet.outages = [outage("r", 12, 18), outage("r", 18, 31)]
        let run = try fleet.run([.paper(0)])
        #expect(run.lives(0) == ["10.0–12.0 failed", "40.0–67.0 end of run"])
        #expect(run.parts(0) == [0, 65, 0, 0, 2, 0])
        #expect(run.incidents == ["outage 12.0 ×1", "outageEnd 31.0 ×0"], "touching outages are one")
    }

    /// "What began before the run is down from 0": nothing serves there, and nothing is lost.
    @Test func anOutageFromTheStartFindsNothing() throws {
        var pool = PaperFleet.pool(.always(1), 1, initial: 1)
        pool.place = PoolPlace(region: "r")
        var fleet = PaperFleet(pool)
        fleet.outages = [outage("r", 0, 15)]
        let run = try fleet.run([.paper(0)])
        #expect(run.failures == [nil])
        #expect(run.record.interruptions == 0)
    }
}

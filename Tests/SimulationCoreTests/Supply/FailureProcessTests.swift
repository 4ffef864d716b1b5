import Primitives
import Testing

@testable import SimulationCore

@Suite struct FailureProcessTests {
    private static let key = RandomKey(seed: 11)

    @Test func perfectMachinesNeverFail() {
        let process = FailureProcess(.perfect, key: Self.key)
        for machine in 0..<100 {
            #expect(process.timeToFailure(machine: machine, start: 0) == nil)
            #expect(process.slowdown(machine: machine, start: 0) == 1)
        }
    }

    /// Weibull of mean 1 h: the coefficient of variation is 1 at shape 1 and √5 at shape ½, where the median is
    /// (ln 2)² ÷ 2 of the mean. Four standard errors of 40,000 are 2 % and 4.5 %.
    @Test(arguments: [(1.0, 0.02, 0.6931), (0.5, 0.045, 0.2402)])
    func timesToFailureAreWeibull(shape: Double, tolerance: Double, median: Double) {
        let process = FailureProcess(
            Reliability(meanTimeToFailure: .hours(1), shape: shape), key: Self.key)
        let times = (0..<40_000).compactMap { process.timeToFailure(machine: $0 % 200, start: $0 / 200) }
            .map { Double($0) / Double(hour) }
        #expect(times.count == 40_000)
        #expect(times.sampleMean.error(to: 1) < tolerance)
        #expect(times.sampleMedian.error(to: median) < 0.05)
        #expect(times.allSatisfy { $0 > 0 })
    }

    @Test func repairsAreExponential() {
        let process = FailureProcess(
            Reliability(meanTimeToFailure: .hours(1), meanRepair: .seconds(600)), key: Self.key)
        let times = (0..<40_000).map { Double(process.repair(machine: $0, start: 3)) / 1e9 }
        #expect(times.sampleMean.error(to: 600) < 0.02)
        #expect(abs(times.share(above: 600) - 0.3679) < 0.01)
        let instant = FailureProcess(Reliability(meanRepair: .zero), key: Self.key)
        #expect(instant.repair(machine: 0, start: 0) == 0)
    }

    @Test func theShareOfStragglersIsAsStated() {
        let process = FailureProcess(Reliability(stragglers: 0.1, slowdown: 1.6), key: Self.key)
        let speeds = (0..<40_000).map { process.slowdown(machine: $0, start: 0) }
        #expect(Set(speeds) == [1, 1.6])
        #expect(abs(speeds.share(above: 1) - 0.1) < 0.006)
    }

    /// A draw is a function of its names: asked again, in any order, it is the same.
    @Test func drawsAreKeyed() {
        let process = FailureProcess(Reliability(meanTimeToFailure: .hours(5)), key: Self.key)
        let forward = (0..<50).map { process.timeToFailure(machine: $0, start: 1) }
        let backward = (0..<50).reversed().map { process.timeToFailure(machine: $0, start: 1) }
        #expect(forward == backward.reversed())
        #expect(Set(forward).count == 50)
        #expect(process.timeToFailure(machine: 1, start: 0) != process.timeToFailure(machine: 0, start: 1))
    }

    /// A mean beyond the clock's range is never, not a trap.
    @Test func endlessLivesAreNever() {
        let process = FailureProcess(
            Reliability(meanTimeToFailure: SimulatedDuration(nanoseconds: .max), shape: 0.3), key: Self.key)
        for machine in 0..<200 {
            if let time = process.timeToFailure(machine: machine, start: 0) { #expect(time > 0) }
        }
    }
}

@Suite struct OutageScheduleTests {
    private static let east = PoolPlace(region: "east", zones: ["east-a", "east-b", "east-c"])
    private static let west = PoolPlace(region: "west")

    private static func outage(_ places: [String], _ from: Int64, _ until: Int64) -> Outage {
        Outage(places: places, from: SimulatedTime(nanoseconds: from), until: SimulatedTime(nanoseconds: until))
    }

    @Test func aZoneTakesItsOwnMachinesOnly() {
        var schedule = OutageSchedule([Self.outage(["east-b"], 10, 20)], pools: [Self.west, Self.east])
        #expect(schedule.nextTime == 10)
        let start = schedule.advance(to: 10)
        #expect(start == [.init(time: 10, pool: 1, zone: 1, zones: 3, downUntil: 20)])
        #expect((0..<7).filter { start.first?.concerns($0) == true } == [1, 4])
        #expect(schedule.nextTime == 20)
        #expect(schedule.advance(to: 20) == [.init(time: 20, pool: 1, zone: 1, zones: 3, downUntil: nil)])
        #expect(schedule.nextTime == .max)
        #expect(schedule.end(pool: 1, place: 4, at: 9) == nil)
        #expect(schedule.end(pool: 1, place: 4, at: 10) == 20)
        #expect(schedule.end(pool: 1, place: 4, at: 19) == 20)
        #expect(schedule.end(pool: 1, place: 4, at: 20) == nil)
        #expect(schedule.end(pool: 1, place: 3, at: 15) == nil)
        #expect(schedule.end(pool: 0, place: 0, at: 15) == nil)
    }

    @Test func aRegionTakesAllOfIt() {
        var schedule = OutageSchedule([Self.outage(["west", "east"], 5, .max)], pools: [Self.east, Self.west])
        #expect(schedule.advance(to: 5).map { [$0.pool, $0.zone] } == [[0, 0], [0, 1], [0, 2], [1, 0]])
        #expect(schedule.nextTime == .max)
        #expect(schedule.end(pool: 1, place: 12, at: 1_000) == .max)
    }

    /// Overlapping, touching and contained outages of one place are one; others come in order of time.
    @Test func outagesAreMerged() {
        var schedule = OutageSchedule(
            [
                Self.outage(["west"], 30, 40), Self.outage(["west"], 10, 20), Self.outage(["west"], 20, 25),
                Self.outage(["west"], 12, 15), Self.outage(["west"], 50, 50), Self.outage(["nowhere"], 0, 99),
            ], pools: [Self.west])
        var seen: [[Int64]] = []
        while schedule.nextTime < .max {
            seen += schedule.advance(to: schedule.nextTime).map { [$0.time, $0.downUntil ?? -1] }
        }
        #expect(seen == [[10, 25], [25, -1], [30, 40], [40, -1]])
    }

    @Test func anOutageThatBeganBeforeTheRunIsThereFromTheStart() {
        var schedule = OutageSchedule(
            [Self.outage(["west"], -5, 7), Self.outage(["west"], -9, -8)], pools: [Self.west])
        #expect(schedule.nextTime == 0)
        #expect(schedule.advance(to: 0).map(\.downUntil) == [7])
        #expect(schedule.end(pool: 0, place: 0, at: 0) == 7)
    }

    /// Against a reading of the list second by second.
    @Test func randomOutagesAgreeWithTheList() {
        let key = RandomKey(seed: 5)
        let names = ["east", "east-a", "east-b", "west", "east-c"]
        let outages = (0..<60).map { index -> Outage in
            let draw = key.derived(UInt64(index))
            let from = Int64(draw.bits(0) % 900)
            return Self.outage([names[Int(draw.bits(1) % 5)]], from, from + Int64(draw.bits(2) % 40))
        }
        let schedule = OutageSchedule(outages, pools: [Self.east, Self.west])
        for time in Int64(0)..<1_000 {
            for machine in 0..<6 {
                let wanted = outages.contains {
                    $0.from.nanoseconds <= time && time < $0.until.nanoseconds
                        && ($0.places == ["east"] || $0.places == [Self.east.zones[machine % 3]])
                }
                #expect((schedule.end(pool: 0, place: machine, at: time) != nil) == wanted)
            }
        }
    }
}

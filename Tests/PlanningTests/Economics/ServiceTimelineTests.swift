import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Times below the SLO on timelines drawn by hand: `.` is a bin at its target, `#` one below.
@Suite struct ServiceTimelineTests {
    static func time(_ seconds: Double) -> SimulatedTime { .start + SimulatedDuration(seconds: seconds) }

    /// Bins of 10 s; the run ends with the last of them unless said.
    static func timeline(_ bins: String, end: Double? = nil) -> ServiceTimeline {
        ServiceTimeline(
            width: .seconds(10), target: 0.9, isBelow: bins.map { $0 == "#" },
            end: time(end ?? Double(bins.count) * 10))
    }

    static func words(_ episodes: [ServiceTimeline.Episode]) -> [String] {
        episodes.map { "\($0.start.seconds)-\($0.end.seconds)\($0.recovered ? "" : " and on")" }
    }

    @Test(arguments: [
        ("........", 80.0, 0.0), (".##...#.", 80, 30), ("#", 10, 10), ("#", 4, 4), ("..#", 22.5, 2.5),
        ("..#", 17, 0), ("", 0, 0), ("###", 1_000, 30),
    ])
    func timeBelowCountsBinsUpToTheRunsEnd(_ bins: String, _ end: Double, _ seconds: Double) {
        #expect(Self.timeline(bins, end: end).timeBelow == SimulatedDuration(seconds: seconds))
    }

    @Test(arguments: [
        // Back after three bins in a row, or at the end of the run.
        (".##...#.", ["10.0-30.0", "60.0-70.0"]), ("#..#....", ["0.0-40.0"]), ("#...#...", ["0.0-10.0", "40.0-50.0"]),
        ("..##", ["20.0-40.0 and on"]), ("#..#", ["0.0-40.0 and on"]), ("##..", ["0.0-20.0"]),
        ("#.#.#.#.", ["0.0-70.0"]), ("......", []), ("", []), ("#...#", ["0.0-10.0", "40.0-50.0 and on"]),
    ])
    func episodesEndWhereTheServiceStands(_ bins: String, _ episodes: [String]) {
        #expect(Self.words(Self.timeline(bins).episodes()) == episodes)
    }

    @Test func aShorterHoldMakesMoreEpisodes() {
        let line = Self.timeline("#.#..#")
        #expect(Self.words(line.episodes(hold: 1)) == ["0.0-10.0", "20.0-30.0", "50.0-60.0 and on"])
        #expect(Self.words(line.episodes(hold: 2)) == ["0.0-30.0", "50.0-60.0 and on"])
        #expect(Self.words(line.episodes(hold: 3)) == ["0.0-60.0 and on"])
        #expect(line.episodes(hold: 0) == line.episodes(hold: 1), "a bin at least")
        #expect(line.episodes() == line.episodes(hold: ServiceTimeline.hold) && ServiceTimeline.hold == 3)
    }

    @Test func anEpisodeThatLastsEndsWithTheRun() {
        let cut = Self.timeline("...#", end: 33)
        #expect(Self.words(cut.episodes()) == ["30.0-33.0 and on"] && cut.timeBelow == .seconds(3))
        // A run that ends on the edge of its last bin has no time in it.
        #expect(Self.words(Self.timeline("...#", end: 30).episodes()) == ["30.0-30.0 and on"])
    }

    @Test func theLongestEpisodeIsTheFirstOfEquals() {
        let line = Self.timeline("#...##...##...#")
        #expect(line.longestEpisode?.start == Self.time(40) && line.longestEpisode?.duration == .seconds(20))
        #expect(Self.timeline("....").longestEpisode == nil)
    }

    /// End of a surge, and seconds until the service is back; below 0 = it is not.
    @Test(arguments: [
        (".##...#.", 20.0, 10.0), (".##...#.", 25, 5), (".##...#.", 29.5, 0.5), (".##...#.", 30, 0),
        // Within a bin at its target that stands already.
        (".##...#.", 37, 0),
        // At its target for now, but not for three bins in a row.
        (".##.....", 5, 25), (".##...#.", 45, 25),
        ("..##", 25, -1), ("..##", 15, -1), ("....", 12, 0), ("..##", 40, 0), ("", 3, 0),
    ])
    func recoveryIsFromTheSurgesEnd(_ bins: String, _ surge: Double, _ seconds: Double) {
        let recovery = Self.timeline(bins).recovery(after: Self.time(surge))
        #expect(recovery == (seconds < 0 ? nil : SimulatedDuration(seconds: seconds)))
    }

    @Test func recoveryLooksOnlyAsFarAsAsked() {
        let line = Self.timeline("#.#..#...")
        #expect(line.recovery(after: .start, hold: 1) == .seconds(10))
        #expect(line.recovery(after: .start, hold: 2) == .seconds(30))
        #expect(line.recovery(after: .start) == .seconds(60))
    }

    // MARK: Judging bins

    static func bin(_ good: UInt64, of completed: UInt64, failed: UInt64 = 0, waiting: Int128 = 0) -> TimelineBin {
        var bin = TimelineBin()
        (bin.good, bin.completions, bin.failures, bin.waitingTime) = (good, completed, failed, waiting)
        return bin
    }

    static func judged(_ bins: [TimelineBin], _ quantiles: [Double] = [0.9]) -> String? {
        var record = RunRecord()
        record.timeline = Timeline(width: .seconds(10), bins: bins)
        record.end = time(Double(bins.count) * 10)
        let objectives = quantiles.map { ServiceObjective(quantity: .ttft, quantile: $0, bound: .seconds(1)) }
        return ServiceTimeline(record, objectives: objectives).map { line in
            String(line.isBelow.map { $0 ? "#" : "." })
        }
    }

    @Test func aBinIsBelowWhereTooFewOfItsRequestsWereGood() {
        let bins = [
            Self.bin(9, of: 10), Self.bin(8, of: 10), Self.bin(9, of: 9, failed: 1), Self.bin(9, of: 9, failed: 2),
            Self.bin(0, of: 0, failed: 1), Self.bin(1, of: 1),
        ]
        #expect(Self.judged(bins) == ".#.##.")
        #expect(Self.judged(bins, []) == nil, "no SLO, nothing to be below of")
        // The smallest percentile is the share of requests that should be good.
        #expect(Self.judged(bins, [0.99, 0.5]) == "....#.")
    }

    @Test func whoeverWaitsSharesTheFateOfWhoeverEndsNext() {
        let (bad, good) = (Self.bin(0, of: 1), Self.bin(1, of: 1))
        let (empty, waiting) = (Self.bin(0, of: 0), Self.bin(0, of: 0, waiting: 1))
        var running = empty
        running.runningTime = 5
        #expect(Self.judged([waiting, running, bad, waiting, good]) == "###..")
        #expect(Self.judged([empty, waiting, empty, waiting, bad, empty]) == ".#.##.")
        #expect(Self.judged([good, empty, empty]) == "...")
    }

    /// A share that is exactly the percentile is not below, however it is written in binary.
    @Test(arguments: [(0.5, 2), (0.9, 10), (0.95, 20), (0.99, 100), (0.999, 1_000)] as [(Double, UInt64)])
    func exactlyTheTargetIsEnough(_ quantile: Double, _ step: UInt64) {
        for factor in 1...300 as ClosedRange<UInt64> {
            let (offered, bad) = (step * factor, factor)
            let bins = [Self.bin(offered - bad, of: offered), Self.bin(offered - bad - 1, of: offered)]
            #expect(Self.judged(bins, [quantile]) == ".#", "\(offered - bad) of \(offered)")
        }
    }
}

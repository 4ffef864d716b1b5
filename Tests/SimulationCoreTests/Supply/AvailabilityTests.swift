import Primitives
import Testing

@testable import SimulationCore

/// Runs of one zone in seconds, the first (cut off) one left out.
private struct WalkedRuns {
    var ups: [Double] = []
    var downs: [Double] = []

    init(_ zone: ZoneAvailability, cycles: Int) {
        var zone = zone
        var start = zone.end
        zone.advance(to: start)
        while zone.end < .max, downs.count < cycles || ups.count < cycles {
            let length = Double(zone.end - start) / 1e9
            if zone.isUp { ups.append(length) } else { downs.append(length) }
            start = zone.end
            zone.advance(to: start)
        }
    }

    var availability: Double { ups.reduce(0, +) / (ups.reduce(0, +) + downs.reduce(0, +)) }
}

/// Share of time that one and the other are up, and both are.
private func overlap(_ a: ZoneAvailability, _ b: ZoneAvailability, until end: Int64) -> (Double, Double, Double) {
    var (a, b, now) = (a, b, Int64(0))
    var (first, second, both) = (0.0, 0.0, 0.0)
    while now < end {
        let next = min(a.end, b.end, end)
        let span = Double(next - now) / Double(end)
        if a.isUp { first += span }
        if b.isUp { second += span }
        if a.isUp, b.isUp { both += span }
        now = next
        a.advance(to: now)
        b.advance(to: now)
    }
    return (first, second, both)
}

private func correlation(_ shares: (Double, Double, Double)) -> Double {
    let (a, b, both) = shares
    return (both - a * b) / (a * (1 - a) * b * (1 - b)).squareRoot()
}

@Suite struct AvailabilityTests {
    /// Up 100 s and down 40 s in the median, 200 s and 80 s in the mean: σ² = 2 ln 2, coefficient of variation √3.
    static let process = AvailabilityProcess(
        upMedian: .seconds(100), upMean: .seconds(200), downMedian: .seconds(40), downMean: .seconds(80))
    static let key = RandomKey(seed: 7)

    static func zone(_ name: String, _ process: AvailabilityProcess = process) -> ZoneAvailability {
        ZoneAvailability(process, region: "r", zone: name, key: key)
    }

    static func shared(_ share: Double, _ process: AvailabilityProcess = process) -> AvailabilityProcess {
        var process = process
        process.regionalShare = share
        return process
    }

    /// Standard error of a mean of n: √3 ÷ √n = 0.39 %; of a median: 1.2533 σ ÷ √n = 0.33 %. Four of them are allowed.
    @Test func runsHaveTheMedianAndMeanOfTheirParameters() {
        let runs = WalkedRuns(Self.zone("a"), cycles: 200_000)
        #expect(runs.ups.sampleMean.error(to: 200) < 0.0156)
        #expect(runs.downs.sampleMean.error(to: 80) < 0.0156)
        #expect(runs.ups.sampleMedian.error(to: 100) < 0.0132)
        #expect(runs.downs.sampleMedian.error(to: 40) < 0.0132)
        #expect(abs(runs.availability - 200.0 / 280) < 0.006)
        #expect(Self.process.availability == 200.0 / 280)
    }

    /// The shock changes neither availability nor mean runs nor medians, though that of down-runs is not exact.
    @Test(arguments: [0.25, 0.43, 0.8]) func aRegionalShockKeepsAZonesRuns(share: Double) {
        let runs = WalkedRuns(Self.zone("a", Self.shared(share)), cycles: 200_000)
        #expect(runs.ups.sampleMean.error(to: 200) < 0.02)
        #expect(runs.downs.sampleMean.error(to: 80) < 0.02)
        #expect(runs.ups.sampleMedian.error(to: 100) < 0.015)
        #expect(runs.downs.sampleMedian.error(to: 40) < 0.03, "\(runs.downs.sampleMedian)")
        #expect(abs(runs.availability - 200.0 / 280) < 0.008)
    }

    @Test(arguments: [0, 0.25, 0.43, 0.8]) func zonesOfARegionCorrelateAsAsked(share: Double) {
        let process = Self.shared(share)
        let shares = overlap(Self.zone("a", process), Self.zone("b", process), until: 280 * 100_000 * 1_000_000_000)
        #expect(abs(shares.0 - 200.0 / 280) < 0.01)
        #expect(abs(correlation(shares) - share) < 0.025, "\(correlation(shares))")
    }

    @Test func zonesOfARegionAreOneWhereAllIsRegional() {
        let process = Self.shared(1)
        let shares = overlap(Self.zone("a", process), Self.zone("b", process), until: 10_000_000 * 1_000_000_000)
        #expect(shares.0 == shares.1)
        #expect(shares.0 == shares.2)
    }

    @Test func regionsAreIndependent() {
        let process = Self.shared(0.6)
        let there = ZoneAvailability(process, region: "s", zone: "a", key: Self.key)
        let shares = overlap(Self.zone("a", process), there, until: 280 * 100_000 * 1_000_000_000)
        #expect(abs(correlation(shares)) < 0.025)
    }

    /// At a random moment, thus at the run's start, a zone is up with its availability: the mean over keys.
    @Test func theStartIsStationary() {
        for (share, keys) in [(0, 20_000), (0.43, 2_000)] {
            var (up, upLater) = (0, 0)
            for seed in 0..<keys {
                let key = RandomKey(seed: UInt64(seed))
                var zone = ZoneAvailability(Self.shared(share), region: "r", zone: "a", key: key)
                up += zone.isUp ? 1 : 0
                zone.advance(to: 150_000_000_000)
                upLater += zone.isUp ? 1 : 0
            }
            // Four standard errors of a share: 4 √(.714 · .286 ÷ keys).
            let tolerance = 4 * (0.714 * 0.286 / Double(keys)).squareRoot()
            #expect(abs(Double(up) / Double(keys) - 200.0 / 280) < tolerance)
            #expect(abs(Double(upLater) / Double(keys) - 200.0 / 280) < tolerance)
        }
    }

    @Test func largeMachinesHaveShorterUpRunsOnly() {
        var process = Self.process
        process.sizePenalty = 4
        let runs = WalkedRuns(Self.zone("a", process), cycles: 100_000)
        #expect(runs.ups.sampleMean.error(to: 50) < 0.022)
        #expect(runs.ups.sampleMedian.error(to: 25) < 0.019)
        #expect(runs.downs.sampleMean.error(to: 80) < 0.022)
        #expect(process.availability == 50.0 / 130)
    }

    /// Equal mean and median: every run has that length.
    @Test func runsOfOneLength() {
        let process = AvailabilityProcess(
            upMedian: .seconds(10), upMean: .seconds(10), downMedian: .seconds(3), downMean: .seconds(3))
        let runs = WalkedRuns(Self.zone("a", process), cycles: 50)
        #expect(runs.ups.allSatisfy { abs($0 - 10) < 1e-6 })
        #expect(runs.downs.allSatisfy { abs($0 - 3) < 1e-6 })
    }

    @Test func withoutDownOrUpTimeNothingEverChanges() {
        var process = Self.process
        process.downMean = .zero
        let up = Self.zone("a", process)
        #expect(up.isUp)
        #expect(up.end == .max)
        process = Self.process
        process.upMean = .zero
        let down = Self.zone("a", process)
        #expect(!down.isUp)
        #expect(down.end == .max)
    }

    /// For the parts that medianOfParts finds, and the chance of a common run of any length.
    @Test func theSurvivalOfCommonRunsIsOne() {
        let composite = CompositeUpRun(means: (400, 900))
        #expect(abs(composite.survival(of: 1e-9, median: 100) - 1) < 1e-9)
        var last = 1.0
        for time in stride(from: 1.0, through: 3_000, by: 50) {
            let survival = composite.survival(of: time, median: 100)
            #expect(survival < last)
            last = survival
        }
        let median = composite.medianOfParts(for: 80)
        #expect(abs(composite.survival(of: 80, median: median) - 0.5) < 1e-9)
        // Parts of one length that must be cut: no shape makes the common median longer.
        #expect(composite.medianOfParts(for: 390) == 400)
    }

    @Test func aZoneHangsOnNamesAlone() {
        let one = WalkedRuns(Self.zone("a"), cycles: 100)
        #expect(one.ups == WalkedRuns(Self.zone("a"), cycles: 100).ups)
        #expect(one.ups != WalkedRuns(Self.zone("b"), cycles: 100).ups)
    }

    /// However far a question leaps, it meets the runs that small steps meet.
    @Test func leapsMeetTheSameRuns() {
        for share in [0, 0.43] {
            let process = Self.shared(share)
            var leaping = Self.zone("a", process)
            var stepping = Self.zone("a", process)
            var now: Int64 = 0
            for leap in 1..<2_000 {
                for _ in 0..<leap % 7 {
                    now += 13_000_000_000
                    stepping.advance(to: now)
                }
                leaping.advance(to: now)
                #expect(leaping.isUp == stepping.isUp)
                #expect(leaping.end == stepping.end)
            }
        }
    }
}

@Suite struct ReplayTests {
    private static func states(_ trace: AvailabilityTrace, _ times: Range<Int64>) -> String {
        var zone = ZoneAvailability(trace)
        return times.map { time -> String in
            zone.advance(to: time)
            return zone.isUp ? "1" : "0"
        }.joined()
    }

    private static func trace(_ changes: [Int64], startsUp: Bool, length: Int64 = 8) -> AvailabilityTrace {
        AvailabilityTrace(
            name: "t", changes: changes.map { SimulatedTime(nanoseconds: $0) }, startsUp: startsUp,
            length: SimulatedDuration(nanoseconds: length))
    }

    @Test func aReplayIsTheTraceAgainAndAgain() {
        #expect(Self.states(Self.trace([3, 5], startsUp: true), 0..<24) == "111001111110011111100111")
        #expect(Self.states(Self.trace([3], startsUp: true), 0..<24) == "111000001110000011100000")
        #expect(Self.states(Self.trace([3], startsUp: false), 0..<16) == "0001111100011111")
        #expect(Self.states(Self.trace([0, 2], startsUp: true), 0..<16) == "0011111100111111")
        #expect(Self.states(Self.trace([0, 2, 6], startsUp: true), 0..<16) == "0011110000111100")
    }

    @Test func tracesWithoutAChangeNeverEnd() {
        for trace in [
            Self.trace([], startsUp: true), Self.trace([8, 9], startsUp: true), Self.trace([4, 4], startsUp: true),
            Self.trace([0], startsUp: false), Self.trace([], startsUp: true, length: 0),
        ] {
            let zone = ZoneAvailability(trace)
            #expect(zone.isUp)
            #expect(zone.end == .max)
        }
        #expect(!ZoneAvailability(Self.trace([], startsUp: false)).isUp)
    }

    @Test func theSeamIsARunLikeOthers() {
        var zone = ZoneAvailability(Self.trace([3, 5], startsUp: true))
        zone.advance(to: 5)
        #expect(zone.end == 11)
        zone.advance(to: 100)
        #expect(!zone.isUp)
        #expect(zone.end == 101)
    }
}

import Primitives
import Testing

@testable import Workloads

@Suite struct ArrivalProcessTests {
    private func arrivals(_ process: ArrivalProcess, seed: UInt64 = 1, seconds: Double) throws -> [Double] {
        try process.validate()
        var stream = ArrivalStream(process, key: RandomKey(seed: seed), horizon: SimulatedDuration(seconds: seconds))
        var times: [Double] = []
        while let time = stream.next() { times.append(time.seconds) }
        return times
    }

    private func gaps(_ times: [Double]) -> [Double] { zip(times.dropFirst(), times).map { $0 - $1 } }

    /// Means and coefficients of variation of 40,000 gaps. The mean's standard error is cv ÷ √n; that of the CV is
    /// estimated from 20 groups.
    @Test(arguments: [
        (ArrivalProcess.poisson(rate: 50), 1.0), (.gamma(rate: 50, cv: 0.5), 0.5), (.gamma(rate: 50, cv: 3), 3),
        (.weibull(rate: 50, shape: 2), 0.522_723_2), (.weibull(rate: 50, cv: 2), 2),
    ])
    func gapsHaveTheStatedMeanAndVariation(process: ArrivalProcess, cv: Double) throws {
        let gaps = gaps(try arrivals(process, seconds: 800))
        #expect(gaps.count > 30_000)
        let all = moments(gaps)
        #expect(abs(all.mean - 0.02) < 4 * 0.02 * cv / Double(gaps.count).squareRoot())
        let size = gaps.count / 20
        let squares = (0..<20).map { group in
            let part = gaps[(group * size)..<((group + 1) * size)]
            return part.reduce(0) { $0 + ($1 - 0.02) * ($1 - 0.02) } / Double(size)
        }
        let variance = moments(squares)
        #expect(abs(variance.mean - 0.0004 * cv * cv) < 4 * variance.deviation / 20.0.squareRoot())
    }

    /// A stationary start: counts in a short window have mean rate × length from the very first moment, however
    /// bursty. An ordinary start would give (cv² − 1) ÷ 2 = 4 more.
    @Test(arguments: [
        ArrivalProcess.gamma(rate: 2, cv: 3), .weibull(rate: 2, cv: 3), .gamma(rate: 2, cv: 0.3), .poisson(rate: 2),
    ])
    func theFirstWindowIsLikeAnyOther(process: ArrivalProcess) throws {
        let counts = try (0..<4_000).map { Double(try arrivals(process, seed: $0, seconds: 5).count) }
        let found = moments(counts)
        #expect(abs(found.mean - 10) < 4 * found.deviation / Double(counts.count).squareRoot())
    }

    @Test func constantArrivalsAreEvenlySpacedFromZero() throws {
        #expect(try arrivals(.constant(rate: 4), seconds: 1) == [0, 0.25, 0.5, 0.75])
        let stepped = ArrivalProcess(
            gaps: .constant,
            rate: .steps([RatePoint(seconds: 0, rate: 1), RatePoint(seconds: 2, rate: 4)], period: nil))
        #expect(try arrivals(stepped, seconds: 3) == [0, 1, 2, 2.25, 2.5, 2.75])
    }

    @Test func constantArrivalsUnderARampInvertTheSquare() throws {
        // Integrated rate t²/2 · 2 = t²: arrival n at √n.
        let ramp = ArrivalProcess(gaps: .constant, rate: .ramp(from: 0, to: 20, duration: 10))
        let times = try arrivals(ramp, seconds: 10)
        #expect(times.count == 100)
        for (number, time) in times.enumerated() {
            #expect(abs(time - Double(number).squareRoot()) < 2e-9)
        }
    }

    @Test func poissonCountsFollowTheIntegratedRate() throws {
        let curve = RateCurve.linear(
            [RatePoint(seconds: 0, rate: 0), RatePoint(seconds: 100, rate: 60), RatePoint(seconds: 150, rate: 10)],
            period: 200)
        let times = try arrivals(ArrivalProcess(gaps: .poisson, rate: curve), seed: 9, seconds: 2_000)
        var counts = [Double](repeating: 0, count: 4)
        for time in times { counts[min(3, Int(time.truncatingRemainder(dividingBy: 200) / 50))] += 1 }
        // Areas of the four quarters: 750, 2250, 1750 and 250 per period (back from 10 to 0), ten periods.
        for (count, area) in zip(counts, [7_500.0, 22_500, 17_500, 2_500]) {
            #expect(abs(count - area) < 4 * area.squareRoot())
        }
    }

    @Test func countsInWindowsArePoisson() throws {
        let times = try arrivals(.poisson(rate: 30), seconds: 2_000)
        var counts = [Double](repeating: 0, count: 2_000)
        for time in times { counts[Int(time)] += 1 }
        let found = moments(counts)
        // The index of dispersion of n Poisson counts has a standard error of √(2/n).
        #expect(abs(found.deviation * found.deviation / found.mean - 1) < 4 * (2.0 / 2_000).squareRoot())
    }

    @Test func burstsKeepTheirMeanRateAndAreBurstier() throws {
        let curve = RateCurve.bursts([
            BurstState(rate: 5, meanDwell: 8), BurstState(rate: 50, meanDwell: 2), BurstState(rate: 0, meanDwell: 5),
        ])
        let process = ArrivalProcess(gaps: .poisson, rate: curve)
        let counts = try (0..<400).map { Double(try arrivals(process, seed: $0, seconds: 100).count) }
        let found = moments(counts)
        // (5·8 + 50·2 + 0·5) ÷ 15 requests per second.
        let expected = 140.0 / 15 * 100
        #expect(abs(found.mean - expected) < 4 * found.deviation / 20)
        #expect(found.deviation * found.deviation > 10 * found.mean)
    }

    @Test func arrivalsNeverFallAndDependOnTheKeyAlone() throws {
        let process = ArrivalProcess(gaps: .gamma(cv: 8), rate: .diurnal(mean: 40, peakToTrough: 5, period: 100))
        let first = try arrivals(process, seed: 4, seconds: 300)
        #expect(first.count > 1_000)
        #expect(zip(first, first.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(try arrivals(process, seed: 4, seconds: 300) == first)
        #expect(try arrivals(process, seed: 5, seconds: 300) != first)
        // A shorter horizon is a prefix.
        let short = try arrivals(process, seed: 4, seconds: 100)
        #expect(short == Array(first.prefix(short.count)))
    }
}

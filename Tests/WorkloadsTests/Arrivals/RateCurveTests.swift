import Primitives
import Testing

@testable import Workloads

@Suite struct RateCurveTests {
    private func seconds(_ curve: RateCurve, at target: Double, horizon: Double = .infinity) -> Double? {
        var clock = RateClock(curve, key: RandomKey(seed: 1))
        return clock.seconds(at: target, horizon: horizon)
    }

    @Test func constantRatesDivide() {
        #expect(seconds(.constant(4), at: 10) == 2.5)
        #expect(seconds(.constant(4), at: 10, horizon: 2.5) == nil)
        #expect(seconds(.constant(4), at: 10, horizon: 2.51) == 2.5)
    }

    @Test func stepsInvertPieceByPiece() {
        let steps = RateCurve.steps(
            [RatePoint(seconds: 0, rate: 2), RatePoint(seconds: 10, rate: 0), RatePoint(seconds: 20, rate: 5)],
            period: nil)
        #expect(seconds(steps, at: 19) == 9.5)
        #expect(seconds(steps, at: 20) == 10)
        #expect(seconds(steps, at: 20.5) == 20.1)
        #expect(seconds(steps, at: 1_020) == 220)
    }

    @Test func aRateThatEndsAtZeroEndsTheStream() {
        let steps = RateCurve.steps([RatePoint(seconds: 0, rate: 2), RatePoint(seconds: 10, rate: 0)], period: nil)
        #expect(seconds(steps, at: 19.9) == 9.95)
        #expect(seconds(steps, at: 20.1) == nil)
        let ramp = RateCurve.ramp(from: 4, to: 0, duration: 10)
        #expect(seconds(ramp, at: 20.1) == nil)
    }

    @Test func periodsRepeat() throws {
        let steps = RateCurve.steps(
            [RatePoint(seconds: 0, rate: 1), RatePoint(seconds: 10, rate: 3)], period: 20)
        // 40 per period.
        #expect(seconds(steps, at: 405) == 205)
        #expect(seconds(steps, at: 413) == 211)
        let linear = RateCurve.linear([RatePoint(seconds: 0, rate: 0), RatePoint(seconds: 10, rate: 4)], period: 20)
        let middle = try #require(seconds(linear, at: 20))
        let late = try #require(seconds(linear, at: 60))
        #expect(abs(middle - 10) < 1e-12)
        #expect(abs(late - 30) < 1e-12)
    }

    @Test func spikeAndRampAndDiurnalHaveTheirAreas() throws {
        let spike = RateCurve.spike(base: 1, peak: 11, start: 10, duration: 5)
        #expect(seconds(spike, at: 10) == 10)
        #expect(seconds(spike, at: 65) == 15)
        #expect(seconds(spike, at: 75) == 25)
        #expect(seconds(.spike(base: 1, peak: 11, start: 0, duration: 5), at: 55) == 5)
        #expect(seconds(.ramp(from: 1, to: 3, duration: 10), at: 23) == 11)
        let day = RateCurve.diurnal(mean: 2, peakToTrough: 4)
        try day.validate()
        let end = try #require(seconds(day, at: 2 * 86_400))
        #expect(abs(end - 86_400) < 1e-6)
        guard case .linear(let points, _) = day else {
            Issue.record("a diurnal curve is linear between points")
            return
        }
        let rates = points.map(\.rate)
        let highest = try #require(rates.max())
        let lowest = try #require(rates.min())
        #expect(abs(highest / lowest - 4) < 1e-12)
        #expect(points.first { $0.rate == highest }?.seconds == 50_400)
    }

    @Test func inversionIsExactOnEveryPiece() throws {
        let curve = RateCurve.linear(
            [
                RatePoint(seconds: 0, rate: 5), RatePoint(seconds: 3, rate: 0), RatePoint(seconds: 4, rate: 0),
                RatePoint(seconds: 9, rate: 1e-6), RatePoint(seconds: 12, rate: 1_000),
            ], period: 15)
        func area(_ t: Double) -> Double {
            // Rates at the points, and back to 5 at the period's end.
            let points = [(0.0, 5.0), (3, 0), (4, 0), (9, 1e-6), (12, 1_000), (15, 5)]
            var sum = 0.0
            for (one, other) in zip(points, points.dropFirst()) where t > one.0 {
                let stop = min(t, other.0)
                let rate = one.1 + (other.1 - one.1) * (stop - one.0) / (other.0 - one.0)
                sum += (one.1 + rate) / 2 * (stop - one.0)
            }
            return sum
        }
        var clock = RateClock(curve, key: RandomKey(seed: 1))
        for step in 1..<3_000 {
            let target = Double(step)
            let next = clock.seconds(at: target, horizon: 15)
            let found = try #require(next)
            #expect(abs(area(found) - target) < 1e-6, "\(target)")
        }
    }

    @Test func badCurvesAreRefused() {
        let bad: [(RateCurve, String)] = [
            (.constant(0), "a rate lies above 0 and at most 1000000 requests/s"),
            (.constant(.nan), "a rate lies above 0 and at most 1000000 requests/s"),
            (.constant(1e7), "a rate lies above 0 and at most 1000000 requests/s"),
            (.steps([], period: nil), "the first point of a rate curve is at 0 s"),
            (.steps([RatePoint(seconds: 1, rate: 1)], period: nil), "the first point of a rate curve is at 0 s"),
            (.steps([RatePoint(seconds: 0, rate: -1)], period: nil), "rates lie between 0 and 1000000 requests/s"),
            (.steps([RatePoint(seconds: 0, rate: 0)], period: nil), "the rate is zero throughout"),
            (
                .linear([RatePoint(seconds: 0, rate: 1), RatePoint(seconds: 0, rate: 1)], period: nil),
                "the points of a rate curve rise in time"
            ),
            (
                .linear([RatePoint(seconds: 0, rate: 1), RatePoint(seconds: 5, rate: 1)], period: 5),
                "the period lies after the last point and is at least 1 ms"
            ),
            (.bursts([BurstState(rate: 1, meanDwell: 1)]), "bursts need at least two states"),
            (
                .bursts([BurstState(rate: 0, meanDwell: 1), BurstState(rate: 0, meanDwell: 1)]),
                "rates lie between 0 and 1000000 requests/s and are not all zero"
            ),
            (
                .bursts([BurstState(rate: 1, meanDwell: 0), BurstState(rate: 0, meanDwell: 1)]),
                "a state's mean stay is at least 1 ms"
            ),
        ]
        for (curve, message) in bad {
            let found = #expect(throws: WorkloadError.self) { try curve.validate() }
            #expect(found?.message == message)
        }
        for gaps in [ArrivalProcess.Gaps.gamma(cv: 0), .gamma(cv: .nan), .weibull(shape: 0.01), .weibull(shape: 300)] {
            let process = ArrivalProcess(gaps: gaps, rate: .constant(1))
            let found = #expect(throws: WorkloadError.self) { try process.validate() }
            #expect(found?.setting == "gaps")
        }
        let nested = ArrivalProcess.poisson(rate: -1)
        let found = #expect(throws: WorkloadError.self) { try nested.validate() }
        #expect(found?.description == "rate: a rate lies above 0 and at most 1000000 requests/s")
    }
}

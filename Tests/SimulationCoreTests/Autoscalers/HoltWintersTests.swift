import Primitives
import SimulationCore
import Testing

/// Intervals of 10 s, four to a season; one replica per 0.01 requests per second shows two decimals of the forecast.
@Suite struct HoltWintersTests {
    private func policy(_ change: (inout HoltWintersPolicy) -> Void = { _ in }) -> AutoscalerPolicy {
        var policy = HoltWintersPolicy(
            requestsPerSecondPerReplica: 0.01, interval: .seconds(10), season: .seconds(40), lookAhead: .seconds(10),
            levelSmoothing: 0.5, trendSmoothing: 0.5, seasonSmoothing: 0.5, followsPresent: false)
        change(&policy)
        return .holtWinters(policy)
    }

    @Test func smoothing() {
        check(
            policy(), 0...5_000, initial: 7,
            [
                Decision(0, wants: 7),  // no interval yet
                Decision(10, arrived: 10, wants: 100),  // y = 1: the last rate, until the season is complete
                Decision(20, arrived: 30, wants: 200),  // y = 2
                Decision(30, arrived: 90, wants: 600),  // y = 6
                // y = 3. Level (1 + 2 + 6 + 3) ÷ 4 = 3, s = −2, −1, 3, 0. Forecast 3 − 2 = 1.
                Decision(40, arrived: 120, wants: 100),
                // y = 3: l = ½(3 + 2) + ½·3 = 4, b = ½·1 = 0.5, s₁ = ½(3 − 3) + ½(−2) = −1. Next: 4 + 0.5 − 1 = 3.5.
                Decision(50, arrived: 150, wants: 350),
                // y = 5: l = ½(5 + 1) + ½·4.5 = 5.25, b = ½·1.25 + ½·0.5 = 0.875, s₂ = ½(5 − 4.5) − ½ = −0.25.
                // Next: 5.25 + 0.875 + 3 = 9.125.
                Decision(60, arrived: 200, wants: 913),
                // y = 8: l = ½(8 − 3) + ½·6.125 = 5.5625, b = ½·0.3125 + ½·0.875 = 0.59375. Next: + 0 = 6.15625.
                Decision(70, arrived: 280, wants: 616),
                // y = 0: l = ½·0 + ½·6.15625 = 3.078125, b = ½(−2.484375) + ½·0.59375 = −0.9453125.
                // Next: 3.078125 − 0.9453125 + s₁ = −1: 1.1328125.
                Decision(80, arrived: 280, wants: 114),
            ])
    }

    @Test func lookAheadTakesTheHighest() {
        let season = [1.0, 2, 6, 3]
        // After a known season: forecasts 1, 2, 6 of the next three intervals; the third is within 21 s.
        let table = [Decision(0, wants: 600)]
        let ahead = policy {
            $0.history = season
            $0.lookAhead = .seconds(21)
        }
        check(ahead, 0...5_000, table)
        let near = policy {
            $0.history = season; $0.lookAhead = .seconds(20)
        }
        check(near, 0...5_000, [Decision(0, wants: 200)])
        let present = policy {
            $0.history = season; $0.followsPresent = true
        }
        check(present, 0...5_000, [Decision(0, wants: 300)])
        check(ahead, 0...50, [Decision(0, wants: 50)])
    }

    @Test func perfectSeasonIsForeseenExactly() {
        let season = [1.0, 2, 6, 3]
        let known = policy { $0.history = season }
        var table = [Decision(0, wants: 100)]
        var arrived: UInt64 = 0
        for interval in 1...20 {
            arrived += UInt64(season[(interval - 1) % 4]) * 10
            table.append(Decision(Double(interval) * 10, arrived: arrived, wants: Int(season[interval % 4]) * 100))
        }
        check(known, 0...5_000, table)
    }
}

import Primitives
import Testing

@testable import SimulationCore

@Suite struct MetricFeedTests {
    private func time(_ seconds: Double) -> SimulatedTime { .start + SimulatedDuration(seconds: seconds) }

    /// Load 10, 20, 30, … and one request more per second each time, every 10 s from 0 s on.
    private func feed(until last: Int, delay: SimulatedDuration = .zero, outages: [MetricsOutage] = []) -> MetricFeed {
        var feed = MetricFeed(delay: delay, retention: .seconds(60), outages: outages)
        var arrived: UInt64 = 0
        for step in 0...last {
            arrived += UInt64(step) * 10
            feed.scrape(
                Decision(Double(step) * 10, ready: 2, load: (step + 1) * 10, kv: 0.25, arrived: arrived, wants: 0)
                    .signals)
        }
        return feed
    }

    @Test func gaugesAreTheNewestSample() {
        let feed = feed(until: 3)
        #expect(feed.total(of: .outstanding, window: .seconds(60), at: time(30)) == 40)
        #expect(feed.total(of: .outstanding, window: .seconds(60), at: time(29)) == 30)
        // The cache use is a mean of 0.25 over two ready replicas.
        #expect(feed.total(of: .kvUse, window: .seconds(60), at: time(30)) == 0.5)
    }

    @Test func delayHidesTheYoungest() {
        let feed = feed(until: 3, delay: .seconds(15))
        #expect(feed.newest(at: time(14)) == nil)
        #expect(feed.newest(at: time(15))?.outstanding == 10)
        // 30 − 15 = 15: the sample of 10 s; one exactly as old as the delay is seen.
        #expect(feed.total(of: .outstanding, window: .seconds(60), at: time(30)) == 20)
        #expect(feed.total(of: .outstanding, window: .seconds(60), at: time(35)) == 30)
    }

    @Test func rates() {
        let feed = feed(until: 6)
        // Arrivals at 10 … 60 s: 10, 30, 60, 100, 150, 210. One sample has no rate.
        #expect(feed.total(of: .requestsPerSecond, window: .seconds(60), at: time(0)) == nil)
        #expect(feed.total(of: .requestsPerSecond, window: .seconds(60), at: time(20)) == 1.5)
        #expect(feed.total(of: .requestsPerSecond, window: .seconds(20), at: time(60)) == 5.5)
        // Between samples the window starts at the sample before it: 40 s for 45 s.
        #expect(feed.total(of: .requestsPerSecond, window: .seconds(15), at: time(60)) == 5.5)
        #expect(feed.average(of: .requestsPerSecond, over: .seconds(10), at: time(60)) == 6)
    }

    @Test func averagesExcludeTheirStart() {
        let feed = feed(until: 6)
        // (40, 60]: 60 and 70.
        #expect(feed.average(of: .outstanding, over: .seconds(20), at: time(60)) == 65)
        #expect(feed.average(of: .outstanding, over: .seconds(21), at: time(60)) == 60)
        // Of a window longer than the history, what there is.
        #expect(feed.average(of: .outstanding, over: .seconds(60), at: time(20)) == 20)
    }

    @Test func outagesHideTheirMoments() {
        let gap = MetricsOutage(from: time(10), until: time(30))
        let feed = feed(until: 3, outages: [gap])
        #expect(feed.newest(at: time(9))?.outstanding == 10)
        #expect(feed.newest(at: time(10)) == nil)
        #expect(feed.newest(at: time(29)) == nil)
        #expect(feed.newest(at: time(30))?.outstanding == 40)
        #expect(feed.average(of: .outstanding, over: .seconds(60), at: time(30)) == 25)
    }

    @Test func forgetsWhatNoWindowReaches() {
        let feed = feed(until: 500)
        // Rates reach back 60 s and no further: between 4,940 and 5,000 s arrivals came at 495 … 500 a second.
        #expect(feed.total(of: .requestsPerSecond, window: .hours(1), at: time(5_000)) == 497.5)
    }

    @Test func wholeNumbersOfReplicas() {
        let table: [(Double, Int)] = [
            (0, 0), (-3, 0), (.nan, 0), (0.000_01, 1), (1, 1), (1.000_1, 2), (3 * 1.1 * 10, 33), (0.6 / 0.2, 3),
            (6.999_999_999_999_999, 7), (.infinity, Int(Int32.max)), (1e300, Int(Int32.max)),
        ]
        for (quotient, replicas) in table { #expect(wholeReplicas(quotient) == replicas, "\(quotient)") }
    }

    @Test func ticks() {
        #expect(commonTick(.seconds(30), .seconds(15)) == .seconds(15))
        #expect(commonTick(.seconds(20), .seconds(12)) == .seconds(4))
        #expect(commonTick(.zero, .seconds(5)) == .seconds(5))
        var timer = TickTimer()
        let due = [0.0, 5, 10, 12, 19, 22, 30].map { timer.isDue(at: time($0), every: .seconds(10)) }
        #expect(due == [true, false, true, false, false, true, false])
    }

    @Test func namesInFiles() {
        let names = ["outstanding", "waiting", "kv-use", "requests-per-second", "tokens-per-second", "late-share"]
        #expect(ScalingMetric.allCases.map(\.rawValue) == names)
        #expect(HPAMetric.Form(rawValue: "external-average") == .externalAverage)
        #expect(HPAStartingReplicas(rawValue: "not-ready") == .notReady)
    }
}

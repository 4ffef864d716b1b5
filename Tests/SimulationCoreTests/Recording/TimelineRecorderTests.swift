import Primitives
import Testing

@testable import SimulationCore

@Suite struct TimelineRecorderTests {
    private let second: Int64 = 1_000_000_000

    /// Intervals and points in any order, across merges, against integration bin by bin.
    @Test(arguments: [40, 511, 512, 3_000, 100_000] as [Int64])
    func agreesWithPlainIntegration(span: Int64) {
        var dice = RandomKey(seed: UInt64(span)).generator()
        var recorder = TimelineRecorder()
        var intervals: [(start: Int64, end: Int64, weight: Int64, series: Int)] = []
        var ends: [(time: Int64, tokens: UInt64, good: Bool)] = []
        let series: [TimelineRecorder.Series] = [.running, .waiting, .busy, .blocks]
        for step in 1...600 as ClosedRange<Int64> {
            // Time goes on, as in a run; intervals begin anywhere before.
            let now = span * second * step / 601
            let start = dice.next() % 5 == 0 ? now / second * second : Int64(dice.uniform() * Double(now))
            intervals.append((start, now, Int64(dice.next() % 9), Int(dice.next() % 4)))
            recorder.add(from: start, to: now, weight: intervals.last!.weight, to: series[intervals.last!.series])
            ends.append((now, dice.next() % 100, dice.next() % 2 == 0))
            recorder.arrival(start)
            recorder.completion(now, tokens: ends.last!.tokens, good: ends.last!.good)
        }
        let timeline = recorder.finished()
        let width = timeline.width.nanoseconds
        #expect(timeline.bins.count <= TimelineRecorder.capacity)
        #expect(width == second || span * second > width / 2 * Int64(TimelineRecorder.capacity) * 600 / 601)
        for (index, bin) in timeline.bins.enumerated() {
            let range = Int64(index) * width..<Int64(index + 1) * width
            func time(_ number: Int) -> Int128 {
                intervals.filter { $0.series == number }.reduce(0) { sum, interval in
                    let overlap = min(interval.end, range.upperBound) - max(interval.start, range.lowerBound)
                    return sum + Int128(interval.weight) * Int128(max(0, overlap))
                }
            }
            #expect([bin.runningTime, bin.waitingTime, bin.busyTime, bin.kvBlockTime] == (0..<4).map(time))
            let within = ends.filter { range.contains($0.time) }
            #expect(bin.arrivals == UInt64(intervals.filter { range.contains($0.start) }.count))
            #expect(bin.completions == UInt64(within.count))
            #expect(bin.good == UInt64(within.filter(\.good).count))
            #expect(bin.outputTokens == within.reduce(0) { $0 + $1.tokens })
        }
        #expect(timeline.bins.reduce(0) { $0 + $1.completions } == 600)
    }

    @Test func widthDoublesWithTheRun() {
        for (seconds, width) in [(0, 1), (511, 1), (512, 2), (1_023, 2), (1_024, 4), (604_800, 2_048)]
            as [(Int64, Int64)]
        {
            var recorder = TimelineRecorder()
            recorder.arrival(seconds * second)
            let timeline = recorder.finished()
            #expect(timeline.width == .seconds(width))
            #expect(timeline.bins.count == Int(seconds / width) + 1)
            #expect(timeline.bins.last?.arrivals == 1)
        }
    }

    @Test func emptyIntervalsLeaveNothing() {
        var recorder = TimelineRecorder()
        recorder.add(from: 5, to: 5, weight: 3, to: .busy)
        recorder.add(from: 5, to: 9, weight: 0, to: .busy)
        #expect(recorder.finished().bins.isEmpty)
    }
}

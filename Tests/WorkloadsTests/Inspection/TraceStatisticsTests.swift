import Primitives
import Testing

@testable import Workloads

@Suite struct TraceStatisticsTests {
    private func statistics(_ rows: [(Double, Int, Int)]) throws -> TraceStatistics {
        let text = rows.map { "\($0.0),\($0.1),\($0.2)\n" }.joined()
        let folder = try TemporaryFolder()
        let path = try folder.file("t", "arrived_at,num_prefill_tokens,num_decode_tokens\n" + text)
        return try TraceStatistics(of: try openTrace(at: path))
    }

    @Test func handComputedValues() throws {
        let found = try statistics([(1, 10, 1), (2, 20, 2), (4, 30, 3), (8, 40, 10)])
        #expect(found.requests == 4)
        #expect(found.span == .seconds(7))
        #expect(found.meanRate == 3.0 / 7)
        #expect(found.peakMinute == 4)
        // Gaps 1, 2, 4: mean 7/3, variance 7/3.
        #expect(abs((found.gapVariation ?? 0) - (3.0 / 7).squareRoot()) < 1e-12)
        #expect(found.input.mean == 25)
        #expect(found.input.quantile(0.5) == 20)
        #expect(found.input.quantile(0.51) == 30)
        #expect(found.input.maximum == 40)
        #expect(found.output.total == 16)
        #expect(found.sharedPrefixShare == nil)
        #expect(found.classes.map(\.requests) == [4])
    }

    @Test func dispersionCountsEmptyWindows() throws {
        // Seconds from the first arrival hold 2, 0, 1, 0, 0 and an unfinished 1: mean 0.6, variance 0.8.
        let found = try statistics([(0, 1, 1), (0.5, 1, 1), (2, 1, 1), (5, 1, 1)])
        #expect(abs((found.dispersion.oneSecond ?? 0) - 0.8 / 0.6) < 1e-12)
        #expect(found.dispersion.tenSeconds == nil)
        #expect(found.dispersion.oneMinute == nil)
    }

    @Test func poissonTrafficHasDispersionOne() throws {
        let workload = SyntheticWorkload(
            arrivals: .poisson(rate: 20), lengths: .independent(input: .fixed(10), output: .fixed(10)),
            duration: .hours(3))
        let found = try TraceStatistics(of: try workload.source(seed: 2))
        #expect(abs((found.gapVariation ?? 0) - 1) < 0.01)
        #expect(abs((found.dispersion.oneSecond ?? 0) - 1) < 4 * (2.0 / 10_800).squareRoot())
        #expect(abs((found.dispersion.tenSeconds ?? 0) - 1) < 4 * (2.0 / 1_080).squareRoot())
        #expect(abs((found.dispersion.oneMinute ?? 0) - 1) < 4 * (2.0 / 180).squareRoot())
    }

    @Test func degenerateStreams() throws {
        let empty = try statistics([])
        #expect(empty.requests == 0)
        #expect(empty.meanRate == nil)
        #expect(empty.input.mean == nil)
        #expect(empty.input.quantile(0.5) == nil)
        #expect(empty.text.hasPrefix("requests      0\n"))
        let single = try statistics([(3, 7, 8)])
        #expect(single.span == .zero)
        #expect(single.gapVariation == nil)
        #expect(single.peakMinute == 1)
        let together = try statistics([(3, 7, 8), (3, 7, 8), (3, 7, 8)])
        #expect(together.gapVariation == nil)
        #expect(together.meanRate == nil)
    }

    @Test func prefixShareOfAMooncakeTrace() throws {
        // 1,100 tokens new; 1,024 all seen before; 5 unique: 1,024 of 2,129.
        let found = try TraceStatistics(of: try openTrace(at: Corpus.path("mooncake-valid.jsonl")))
        #expect(found.sharedPrefixShare == 1_024.0 / 2_129)
        #expect(!found.isSharedPrefixShareLowerBound)
    }

    @Test func prefixShareFollowsTheTokensNotTheNames() {
        let store = PromptContentStore()
        var sharing = PrefixSharing()
        func record(_ segments: [(UInt64, Int32)], output: Int32 = 1, continues: Bool = false) -> Int {
            let content = store.insert(
                segments.map { PromptSegment(key: $0.0, tokens: $0.1) }, outputContinuesLastSegment: continues)
            let input = segments.reduce(0) { $0 + $1.1 }
            let before = sharing.sharedTokens
            sharing.record(
                Request(id: 0, arrival: .start, inputTokens: input, outputTokens: output, content: content), in: store)
            return Int(sharing.sharedTokens - before)
        }
        #expect(record([(1, 100), (2, 50)]) == 0)
        #expect(record([(1, 100), (3, 50)]) == 100)
        #expect(record([(1, 60)]) == 60)
        // Segment 2 after 60 tokens of segment 1 is another prefix than after 100.
        #expect(record([(1, 60), (2, 50)]) == 60)
        #expect(record([(1, 100), (2, 80)]) == 150)
        // A conversation: the output is part of what the next turn finds.
        #expect(record([(9, 10)], output: 5, continues: true) == 0)
        #expect(record([(9, 40)], output: 5, continues: true) == 15)
        #expect(record([(9, 50)]) == 45)
    }

    @Test func theTextIsAlignedAndNarrow() throws {
        let workload = SyntheticWorkload(
            arrivals: .poisson(rate: 20),
            classes: [
                RequestClass(
                    name: String(repeating: "a long name ", count: 10),
                    lengths: .independent(input: .logNormal(mean: 4_000, cv: 3), output: .geometric(mean: 100)),
                    prefixes: SharedPrefixes(groups: 5, tokens: .fixed(1_000))),
                RequestClass(name: "b", lengths: .independent(input: .fixed(16_777_216), output: .fixed(1))),
            ], limit: 10_000)
        let text = try TraceStatistics(of: try workload.source(seed: 3)).text
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count <= 80 })
        #expect(lines.last?.isEmpty == true)
        #expect(lines.contains { $0.hasPrefix("shared prefix") && $0.hasSuffix("% of input tokens") })
        #expect(lines.contains { $0.hasSuffix("…") })
        let header = try #require(lines.first { $0.hasPrefix("tokens") })
        for name in ["input  ", "output  "] {
            let row = try #require(lines.first { $0.hasPrefix(name) })
            #expect(row.count == header.count)
        }
        #expect(lines.contains { $0.contains("█") })
    }

    @Test func theTextOfAKnownTrace() throws {
        let text = try statistics([(0, 1, 1), (30, 3, 1), (60, 3, 1), (90, 200, 1)]).text
        #expect(
            text == """
                requests      4
                span          90.000 s
                mean rate     0.033 requests/s
                peak minute   2 (0.033 requests/s)
                gap CV        0.000 (Poisson: 1)
                dispersion    0.98 / 0.75 / – (1 s / 10 s / 60 s; Poisson: 1)

                tokens               mean        p50        p90        p95        p99        max
                input                51.8          3        200        200        200        200
                output                1.0          1          1          1          1          1

                input tokens
                               1–1  25.0 % ██████████████████████
                               2–3  50.0 % ████████████████████████████████████████████
                               4–7   0.0 %
                              8–15   0.0 %
                             16–31   0.0 %
                             32–63   0.0 %
                            64–127   0.0 %
                           128–255  25.0 % ██████████████████████

                output tokens
                               1–1 100.0 % ████████████████████████████████████████████

                """)
    }

    @Test func tokenCountsAreExactAndThenClose() {
        var counts = TokenCounts()
        for length in 1...1_000 as ClosedRange<Int64> { counts.record(length) }
        #expect(counts.quantile(0) == 1)
        #expect(counts.quantile(0.5) == 500)
        #expect(counts.quantile(0.999) == 999)
        #expect(counts.quantile(1) == 1_000)
        #expect(counts.count(from: 10, below: 20) == 10)
        for _ in 0..<1_000 { counts.record(5_000_000) }
        #expect(counts.maximum == 5_000_000)
        #expect(counts.total == 500_500 + 5_000_000_000)
        let high = counts.quantile(0.75) ?? 0
        #expect(abs(high - 5_000_000) <= 5_000)
        #expect(counts.count(from: 4_194_304, below: 8_388_608) == 1_000)
    }

    @Test func numbersAreGroupedAndFixed() {
        #expect(TraceStatistics.grouped(0) == "0")
        #expect(TraceStatistics.grouped(999) == "999")
        #expect(TraceStatistics.grouped(1_234_567) == "1,234,567")
        #expect(TraceStatistics.fixed(0.0456, 2) == "0.05")
        #expect(TraceStatistics.fixed(12, 3) == "12.000")
        #expect(TraceStatistics.fixed(99.96, 1) == "100.0")
        #expect(TraceStatistics.fixed(7.5, 0) == "8")
    }
}

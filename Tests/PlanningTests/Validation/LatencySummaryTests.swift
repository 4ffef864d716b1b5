import Testing

@testable import Planning

/// The definitions that predictions and measurements are compared under.
@Suite struct LatencySummaryTests {
    /// Position p/100·(n − 1), linear between neighbours: 99 % of ten values lies at 8.91.
    @Test func percentilesInterpolateLinearly() throws {
        let summary = try #require(LatencySummary([10, 1, 2, 3, 4, 5, 6, 7, 8, 9]))
        #expect(summary.mean == 5.5)
        #expect(summary.percentile(0) == 1 && summary.percentile(100) == 10)
        #expect(summary.percentile(50) == 5.5)
        #expect(abs(summary.percentile(90) - 9.1) < 1e-12)
        #expect(abs(summary.percentile(99) - 9.91) < 1e-12)
    }

    @Test func oneValueIsEveryPercentile() throws {
        let summary = try #require(LatencySummary([7]))
        #expect([0, 50, 99, 100].map(summary.percentile) == [7, 7, 7, 7])
        #expect(LatencySummary([]) == nil)
    }

    /// TTFT and E2E run from the set's own start; TPOT leaves the first token out.
    @Test func latenciesOfOneRequest() {
        let request = ServedRequest(start: 1, firstToken: 1.5, lastToken: 2.5, outputTokens: 11)
        #expect(request.ttft == 500 && request.e2e == 1_500 && request.tpot == 100)
        #expect(ServedRequest(start: 0, firstToken: 1, lastToken: 1, outputTokens: 1).tpot == nil)
    }

    /// 11 + 1 tokens from the first start at 1 s to the last token at 5 s.
    @Test func statisticsOfARun() {
        let run = ServedRun(requests: [
            ServedRequest(start: 1, firstToken: 1.5, lastToken: 2.5, outputTokens: 11),
            ServedRequest(start: 3, firstToken: 5, lastToken: 5, outputTokens: 1),
        ])
        #expect(run.statistic("tokens/s") == 3)
        #expect(run.statistic("mean ttft") == 1_250 && run.statistic("p50 e2e") == 1_750)
        #expect(run.statistic("p99 tpot") == 100)
        #expect(run.statistic("mean itl") == nil && run.statistic("nonsense") == nil)
        #expect(ServedRun(requests: []).statistic("mean ttft") == nil)
    }

    @Test func errorsAreSignedAndCondensedByAbsoluteValue() {
        func line(_ simulated: Double) -> ValidationComparison {
            ValidationComparison(configuration: "c", statistic: "mean e2e", simulated: simulated, measured: 100)
        }
        let lines = [line(90), line(102), line(104)]
        #expect(lines.map(\.error) == [-0.1, 0.02, 0.04])
        #expect(abs((lines.error("mean e2e", .median) ?? 0) - 0.04) < 1e-12)
        #expect(abs((lines.error("mean e2e", .worst) ?? 0) - 0.1) < 1e-12)
        #expect(abs((lines.error("mean e2e", .mean) ?? 0) - 0.16 / 3) < 1e-12)
        #expect(lines.error("p99 ttft", .mean) == nil)
    }
}

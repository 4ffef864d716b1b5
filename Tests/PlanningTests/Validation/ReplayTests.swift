import Foundation
import PerformanceModel
import SimulationCore
import Testing

@testable import Planning

/// Replays with step costs set by hand, and the regression gate over real measurements.
@Suite struct ReplayTests {
    private let cost = LinearStepCost(perStep: 1e6, perPrefillToken: 1e3)

    private func replay(asynchronous: Bool) -> EngineReplay {
        EngineReplay(
            engine: EngineConfiguration(
                maxBatchedTokens: 2_048, maxSequences: 8, kvBlocks: 1_000, asynchronousScheduling: asynchronous),
            stepCost: cost)
    }

    /// 100 prompt tokens: a step of 1.1 ms, then nine of 1 ms.
    @Test func aLoneRequestTakesItsSteps() throws {
        let prompts = [ReplayPrompt(arrival: 2, inputTokens: 100, outputTokens: 10)]
        for asynchronous in [false, true] {
            let timing = try replay(asynchronous: asynchronous).serve(prompts)[0]
            #expect(abs(timing.firstToken - 2.0011) < 1e-9 && abs(timing.lastToken - 2.0101) < 1e-9)
            #expect(timing.outputTokens == 10)
        }
    }

    /// With scheduling one step ahead, a request that meets a busy engine waits one step longer.
    @Test func asynchronousSchedulingCostsOneStep() throws {
        let prompts = [
            ReplayPrompt(arrival: 0, inputTokens: 100, outputTokens: 2_000),
            ReplayPrompt(arrival: 1.0004, inputTokens: 100, outputTokens: 5),
        ]
        let plain = try replay(asynchronous: false).serve(prompts)[1]
        let ahead = try replay(asynchronous: true).serve(prompts)[1]
        #expect(abs(ahead.firstToken - plain.firstToken - 0.001) < 1e-9)
    }

    @Test func stepProfilesKnowWhenTheEngineIsIdle() throws {
        let prompts = [
            ReplayPrompt(arrival: 0, inputTokens: 100, outputTokens: 1_001),
            ReplayPrompt(arrival: 10, inputTokens: 100, outputTokens: 1_001),
        ]
        let profile = StepProfile(try replay(asynchronous: false).serve(prompts))
        #expect(abs(profile.stepTime(at: 0.5) - 0.001) < 1e-9)
        #expect(profile.stepTime(at: 5) == 0 && profile.stepTime(at: 100) == 0)
    }

    /// One user: prompt step and nine decodes per request, one after the other.
    @Test func aClosedLoopOfOneUser() {
        let loop = ClosedLoop(cost: cost, users: 1, maxBatchedTokens: 2_048, maxSequences: 8, kvTokens: 10_000)
        let served = loop.serve(Array(repeating: .init(inputTokens: 100, outputTokens: 10), count: 3))
        #expect(served.count == 3)
        for (index, request) in served.enumerated() {
            #expect(abs(request.start - 0.0101 * Double(index)) < 1e-9)
            #expect(abs(request.ttft - 1.1) < 1e-6 && abs(request.e2e - 10.1) < 1e-6)
        }
    }

    /// Two users at once, 150 + 150 prompt tokens through a budget of 200: the second waits for the second step.
    @Test func aClosedLoopCutsPromptsAtTheBudget() {
        let loop = ClosedLoop(cost: cost, users: 2, maxBatchedTokens: 200, maxSequences: 8, kvTokens: 10_000)
        let served = loop.serve(Array(repeating: .init(inputTokens: 150, outputTokens: 1), count: 2))
        #expect(served.map { ($0.ttft * 1_000).rounded() } == [1_200, 2_300])
    }

    @Test func aClosedLoopNeverRunsMoreThanItsUsersOrItsCache() {
        let works = Array(repeating: ClosedLoop.Work(inputTokens: 100, outputTokens: 50), count: 40)
        let wide = ClosedLoop(cost: cost, users: 4, maxBatchedTokens: 2_048, maxSequences: 8, kvTokens: 10_000)
        let narrow = ClosedLoop(cost: cost, users: 4, maxBatchedTokens: 2_048, maxSequences: 8, kvTokens: 150)
        let (free, tight) = (wide.serve(works), narrow.serve(works))
        #expect(free.count == 40 && tight.count == 40)
        #expect((tight.map(\.lastToken).max() ?? 0) > 2 * (free.map(\.lastToken).max() ?? 0))
    }

    @Test func ranksShareExperts() throws {
        let model = try ModelCatalogue.model(named: "qwen3-30b-a3b")
        let device = try Device.named("RTX-PRO-6000")
        let alone = try TransformerStepCost(model, .bf16, device: device, maxBatchedTokens: 256)
        let rank = try ExpertRankStepCost(model, .bf16, device: device, ranks: 2, maxBatchedTokens: 256)
        var shape = StepShape()
        shape.decodeSequences = 64
        shape.decodeContext = 64_000
        #expect(rank.stepTime(shape) < alone.stepTime(shape))
        let line = rank.decodeLine(sequences: 64, context: 64_000)
        #expect(rank.stepTime(shape) == line.fixed + line.perContextToken * 64_000)
    }

    // MARK: The gate

    static let folder: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["ISOCOST_SHARED"] ?? root.appendingPathComponent("../shared").path
        let folder = URL(fileURLWithPath: shared).appendingPathComponent("data/validation").standardizedFileURL.path
        return FileManager.default.fileExists(atPath: folder) ? folder : nil
    }()

    /// Bounds slightly above what is reached: a change that makes predictions worse must say so here.
    @Test(
        .enabled(if: folder != nil, "needs the shared validation data (ISOCOST_SHARED)"),
        arguments: [
            (ValidationSet.servingSim, "mean tpot", 0.012), (.servingSim, "mean e2e", 0.015),
            (.servingSim, "tokens/s", 0.015), (.aggregates, "mean e2e", 0.06), (.aggregates, "mean ttft", 0.14),
            (.loadPoints, "tpot", 0.08), (.loadPoints, "ttft", 0.10),
        ])
    func predictionsStayClose(set: ValidationSet, statistic: String, bound: Double) throws {
        let report = try set.compare(in: try #require(Self.folder), quick: true)
        let error = try #require(report.comparisons.error(statistic, .mean))
        #expect(error < bound, "\(set.rawValue) \(statistic): \(error)")
    }

    @Test func reportsAreAlignedOrMarkdown() {
        let report = ValidationReport(
            set: .servingSim,
            comparisons: [
                ValidationComparison(configuration: "one", statistic: "mean e2e", simulated: 95, measured: 100)
            ],
            summaries: [
                ValidationSummary(target: "T1", statistic: "mean e2e", error: 0.05, published: nil, bar: 0.06)
            ], omissions: ["x: why"])
        #expect(report.text.contains("one            mean e2e        95.0     100.0  −5.0 %\n"))
        #expect(report.markdown.contains("| one | mean e2e | 95.0 | 100.0 | −5.0 % |\n"))
        #expect(report.markdown.contains("| T1 | mean e2e | 5.0 % | – | 6.0 % | yes |\n"))
        #expect(report.text.contains("  left out: x: why\n"))
    }

    /// Long sets are condensed in documents: one line per group and statistic, the worst error with its sign.
    @Test func longReportsAreCondensedInMarkdown() {
        let lines = (0..<501).map { index in
            ValidationComparison(
                configuration: "gpu model, \(index) users", statistic: "tpot", simulated: index == 7 ? 50 : 110,
                measured: 100)
        }
        let report = ValidationReport(set: .loadPoints, comparisons: lines, summaries: [], omissions: [])
        #expect(report.markdown.contains("| gpu model | tpot | 501 | +9.9 % | 10.1 % | −50.0 % |\n"))
        #expect(report.text.contains("gpu model, 500 users"))
        let unlicensed = ValidationReport(
            set: .aggregates, comparisons: [lines[7]], summaries: [], omissions: [])
        #expect(unlicensed.markdown.contains("| gpu model, 7 users | tpot | −50.0 % |\n"))
        #expect(!unlicensed.markdown.contains("100.0"))
    }
}

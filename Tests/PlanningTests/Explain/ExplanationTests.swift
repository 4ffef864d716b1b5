import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Runs made again and taken apart.
@Suite struct ExplanationTests {
    /// A surge of a minute that four fifths of a fleet would be too small for.
    static let surge = """
        version: 1
        name: surge
        workload:
          synthetic:
            arrivals: {spike: {base: 4 /s, peak: 60 /s, start: 3 min, duration: 1 min}}
            lengths: {input: 500, output: 80}
            duration: 8 min
        model: llama-3.1-8b
        slo: {ttft: {p95: 500 ms}}
        strategies: [{name: a, pools: [{offer: aws/g6.xlarge/us-east-1, replicas: 2}]}]
        """

    private func explained(_ text: String, strategy: String = "a") throws -> (RunExplanation, StrategyRun) {
        let scenario = try scenario(text)
        let plain = try scenario.resolved().run().strategies.first { $0.name == strategy }
        let run = try #require(plain?.runs.first)
        return (
            try scenario.explained(
                strategy: strategy, seed: run.metrics.seed, fingerprint: run.metrics.fingerprint), run
        )
    }

    @Test func watchingChangesNothing() throws {
        let (explanation, run) = try explained(Self.surge)
        #expect(explanation.isSame)
        #expect(explanation.run.record.fingerprint == run.record.fingerprint)
        #expect(explanation.run.invoice == run.invoice)
        #expect(explanation.outcomes.count == Int(run.record.offered))
        #expect(explanation.outcomes.map(\.id) == Array(0..<run.record.offered))
    }

    @Test func anotherRunIsSaidToBe() throws {
        let scenario = try scenario(Self.surge)
        #expect(try !scenario.explained(strategy: "a", seed: 1, fingerprint: 0).isSame)
        #expect(throws: RunError.self) { _ = try scenario.explained(strategy: "b", seed: 1, fingerprint: 0) }
    }

    @Test func busyTimeIsDividedAmongResources() throws {
        let (explanation, run) = try explained(Self.surge)
        let bounds = try #require(explanation.bounds.first ?? nil)
        let shares = StepBounds.Resource.allCases.map(bounds.share)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
        #expect(bounds.promptSteps + bounds.decodeSteps == run.record.steps)
        #expect(abs(bounds.unexplainedShare) < 0.03, "\(bounds)")
        #expect(bounds.share(.weights) > 0.2 && bounds.share(.links) == 0)
        #expect(bounds.meanDecodeBatch > 1)
    }

    /// Long prompts multiply; single long answers read weights.
    @Test func loadsAreBoundByWhatTheyDo() throws {
        func share(_ input: Int, _ output: Int, _ resource: StepBounds.Resource) throws -> Double {
            let text = strategiesText(
                workload: constant(rate: "1 /s", input: input, output: output, requests: 40),
                ["name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]"])
            return try #require(try explained(text).0.bounds.first ?? nil).share(resource)
        }
        #expect(try share(8_000, 2, .compute) > 0.7)
        #expect(try share(16, 300, .weights) > 0.7)
    }

    @Test func theMoneyAddsUpToTheBill() throws {
        let (explanation, run) = try explained(Self.surge)
        let sum = explanation.money.reduce(Money.zero) { $0 + $1.amount }
        #expect(sum == run.metrics.cost)
        #expect(explanation.money.map(\.purpose).contains("idle"))
        #expect(zip(explanation.money, explanation.money.dropFirst()).allSatisfy { $0.amount >= $1.amount })
        #expect(abs(explanation.money.reduce(0) { $0 + $1.share } - 1) < 1e-9)
    }

    @Test func theSurgeIsFoundAndItsCauseNamed() throws {
        let (explanation, _) = try explained(Self.surge)
        let episode = try #require(explanation.episodes.first)
        #expect(episode.episode.start >= .start + .seconds(150) && episode.episode.start <= .start + .seconds(260))
        #expect(episode.good < episode.ended)
        #expect(episode.causes.contains { $0.hasPrefix("arrivals: ") }, "\(episode.causes)")
        #expect(episode.causes.contains { $0.hasPrefix("queue: ") }, "\(episode.causes)")
    }

    @Test func aQuietRunHasNoEpisode() throws {
        let (explanation, _) = try explained(scenarioText(more: "slo: {ttft: {p99: 10 s}}"))
        #expect(explanation.episodes.isEmpty)
    }
}

import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

@Suite struct KeptRunsTests {
    private static let workload = "workload: {preset: azure-conv-2023}\n"

    private func run(
        _ id: Int64, _ strategy: String, seed: UInt64 = 1, cost: Double = 1,
        _ change: (inout KeptRun) -> Void = { _ in }
    ) -> KeptRun {
        var metrics = fakeMetrics(cost: cost)
        metrics.strategy = strategy
        metrics.seed = seed
        metrics.replication = Int(seed) - 1
        let context = ScenarioResult(
            name: "s", text: "version: 1\n" + Self.workload, workload: "w", model: "m", precision: "p", objectives: [],
            strategies: [], comparison: [], assumptions: [], warnings: [], version: "1")
        var run = KeptRun(
            id: id, resultID: 1, metrics: metrics, invoice: Invoice(), router: .roundRobin, pools: [], context: context)
        change(&run)
        return run
    }

    @Test func replicationsArePairedBySeedWhateverTheirOrder() throws {
        let comparison = try KeptComparison([
            run(1, "a", seed: 1, cost: 4), run(2, "a", seed: 2, cost: 6), run(4, "b", seed: 2, cost: 4),
            run(3, "b", seed: 1, cost: 3),
        ])
        #expect(comparison.notes.isEmpty)
        #expect(comparison.result.strategies.map(\.name) == ["a", "b"])
        #expect(comparison.result.comparison[0].isBaseline)
        let difference = try #require(comparison.result.comparison[1].difference("cost_per_hour_usd"))
        // −1 and −2, as pairs.
        #expect(difference.mean == -1.5)
        #expect(abs(try #require(difference.half) - 6.3531) < 1e-3)
    }

    /// Welch: means 5 and 4, variances of the means 1 and 1/3 over 2 and 3 runs.
    @Test func otherSeedsOrWorkloadsAreSaidToBeUnpaired() throws {
        let base = [run(1, "a", seed: 1, cost: 4), run(2, "a", seed: 2, cost: 6)]
        let seeds = try KeptComparison(
            base + [(3, 3.0), (4, 4.0), (5, 5.0)].map { run($0.0, "b", seed: UInt64($0.0), cost: $0.1) })
        let difference = try #require(seeds.result.comparison[1].difference("cost_per_hour_usd"))
        #expect(difference.mean == -1)
        // Degrees of freedom (4/3)² ÷ (1²/1 + (1/3)²/2) = 1.68, rounded down to 1: 12.7062 · √(4/3).
        #expect(abs(try #require(difference.half) - 12.7062 * (4.0 / 3).squareRoot()) < 1e-3)
        #expect(
            seeds.notes == ["The differences of `b` to the baseline are unpaired (Welch's interval): the seeds differ."]
        )

        let other = ([(3, 1), (4, 2)] as [(Int64, UInt64)]).map { id, seed in
            run(id, "b", seed: seed) { $0.context.text = "workload: {preset: azure-code-2023}\n" }
        }
        let workloads = try KeptComparison(base + other)
        #expect(workloads.notes.first?.contains("the workloads differ") == true)
        let counts = try KeptComparison(
            base + [run(3, "b", seed: 1), run(4, "b", seed: 2) { $0.metrics.requestsOffered = 11 }])
        #expect(counts.notes.first?.contains("numbers of requests differ") == true)
    }

    /// What is not workload or users may differ: prices and fleets are what is compared.
    @Test func otherPricesOfOneWorkloadArePaired() throws {
        let dear = Self.workload + "prices: [{path: x.csv}]\n"
        let comparison = try KeptComparison([
            run(1, "a", cost: 4),
            run(2, "a", cost: 6) {
                $0.resultID = 2
                $0.context.text = dear
            },
        ])
        #expect(comparison.notes.isEmpty)
        #expect(comparison.result.strategies.map(\.name) == ["a (run 1)", "a (run 2)"])
        #expect(comparison.result.comparison[1].difference("cost_per_hour_usd") == Estimate(mean: 2, half: nil))
    }

    @Test func theBaselineMayBeNamed() throws {
        let runs = [run(1, "a", cost: 4), run(2, "b", cost: 3)]
        let rows = try KeptComparison(runs, baseline: "b").result.comparison
        #expect(rows.map(\.isBaseline) == [false, true])
        #expect(throws: KeptRunsError(description: "none of the runs is of a strategy `c`; did you mean `a`?")) {
            try KeptComparison(runs, baseline: "c")
        }
    }

    @Test func oneStrategyOrAnOldRunIsNoComparison() {
        #expect(throws: KeptRunsError.self) { try KeptComparison([run(1, "a"), run(2, "a", seed: 2)]) }
        var old = run(2, "b")
        old.metrics.account = nil
        #expect(throws: KeptRunsError.self) { try KeptComparison([run(1, "a"), old]) }
    }
}

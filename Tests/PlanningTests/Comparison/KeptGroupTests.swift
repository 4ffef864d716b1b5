import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Stored runs put together: names, order, and what the reader is told.
@Suite struct KeptGroupTests {
    private static func run(
        _ id: Int64, _ strategy: String, result: Int64 = 1, replication: Int = 0,
        _ change: (inout KeptRun) -> Void = { _ in }
    ) -> KeptRun {
        var metrics = fakeMetrics(cost: 1)
        metrics.strategy = strategy
        metrics.seed = UInt64(replication) + 10
        metrics.replication = replication
        let context = ScenarioResult(
            name: "s", text: "workload: {preset: azure-conv-2023}\n", workload: "w", model: "m", precision: "p",
            objectives: [], strategies: [], comparison: [], assumptions: [], warnings: [], version: "1")
        var run = KeptRun(
            id: id, resultID: result, metrics: metrics, invoice: Invoice(), router: .roundRobin, pools: [],
            context: context)
        change(&run)
        return run
    }

    private static func names(_ runs: [KeptRun]) throws -> [String] {
        try KeptComparison(runs).result.strategies.map(\.name)
    }

    @Test func strategiesOfOneNameAreToldApartByTheirRuns() throws {
        let first = (1...3).map { Self.run($0, "a", result: 1, replication: Int($0)) }
        let second = [7, 5].map { Self.run($0, "a", result: 2, replication: Int($0)) }
        #expect(try Self.names(first + second) == ["a (runs 1–3)", "a (runs 5, 7)"])
        #expect(try Self.names(first + [Self.run(9, "a", result: 3)]) == ["a (runs 1–3)", "a (run 9)"])
        #expect(try Self.names(second + [Self.run(9, "b", result: 2)]) == ["a", "b"], "no need to")
        let both = try KeptComparison(first + second, baseline: "a (runs 5, 7)").result
        #expect(both.comparison.map(\.isBaseline) == [false, true])
        #expect(
            both.strategies.flatMap(\.runs).map(\.metrics.strategy).prefix(3) == [
                "a (runs 1–3)", "a (runs 1–3)", "a (runs 1–3)",
            ])
    }

    @Test func replicationsAreInTheirOrder() throws {
        let result = try KeptComparison([
            Self.run(1, "a", replication: 1).costing(5), Self.run(2, "b", replication: 0).costing(7),
            Self.run(3, "a", replication: 0).costing(3), Self.run(4, "b", replication: 1).costing(10),
        ]).result
        #expect(result.strategies.map { $0.runs.map(\.metrics.replication) } == [[0, 1], [0, 1]])
        // 7 − 3 and 10 − 5: 4.5 ± 12.7062 · .5.
        let difference = try #require(result.comparison[1].difference("cost_per_hour_usd"))
        #expect(difference.mean == 4.5)
        #expect(abs(try #require(difference.half) - 6.3531) < 1e-3)
        #expect(result.comparison.map(\.replications) == [2, 2])
    }

    @Test func oneRunThatMissesTheSLOIsEnough() throws {
        func met(_ met: Bool?, _ replication: Int) -> KeptRun {
            Self.run(Int64(replication), "a", replication: replication) { $0.metrics.account?.meetsSLO = met }
        }
        let others = [Self.run(8, "b", replication: 1), Self.run(9, "b", replication: 2)]
        #expect(try KeptComparison([met(true, 1), met(false, 2)] + others).result.comparison[0].meetsSLO == false)
        #expect(try KeptComparison([met(true, 1), met(nil, 2)] + others).result.comparison[0].meetsSLO)
    }

    @Test func othersAreNamedAmongTheNotes() throws {
        let bound = ServiceObjective(quantity: .ttft, quantile: 0.99, bound: .seconds(2))
        let comparison = try KeptComparison([
            Self.run(1, "a"),
            Self.run(2, "b", result: 2) {
                $0.context.model = "llama"
                $0.context.objectives = [bound]
                $0.context.version = "2"
                $0.metrics.scenario = "other"
            },
        ])
        #expect(comparison.notes.count == 3)
        #expect(comparison.notes.first == "The runs are of different models: m; llama.")
        #expect(comparison.notes[1].hasPrefix("The runs were held against different SLOs: none; "))
        #expect(comparison.notes[2] == "The runs were made by different versions of Isocost: 1; 2.")
        #expect(comparison.result.name == "s, other" && comparison.result.model == "m", "the baseline's")
    }

    /// Where one has fewer replications, the seeds differ: nothing is paired by position.
    @Test func anotherNumberOfRunsIsUnpaired() throws {
        let comparison = try KeptComparison([
            Self.run(1, "a", replication: 0).costing(2), Self.run(2, "a", replication: 1).costing(4),
            Self.run(3, "b", replication: 0).costing(9),
        ])
        #expect(comparison.notes.map { $0.hasSuffix(": the seeds differ.") } == [true])
        #expect(comparison.result.comparison[1].difference("cost_per_hour_usd") == Estimate(mean: 6, half: nil))
    }

    /// The same demand in another spelling is the same; one that cannot be read counts as it stands.
    @Test func workloadsAreComparedAsTheyRead() throws {
        func texts(_ a: String, _ b: String) throws -> Bool {
            try KeptComparison([
                Self.run(1, "a") { $0.context.text = a }, Self.run(2, "b") { $0.context.text = b },
            ]).notes.isEmpty
        }
        #expect(try texts("workload:\n  preset: x\nname: one\n", "# again\nname: two\nworkload: {preset: x}\n"))
        #expect(try !texts("workload: {preset: x}\n", "workload: {preset: x}\nusers: [{region: eu}]\n"))
        #expect(try texts("{{", "{{") && !texts("{{", "{{ "))
    }
}

extension KeptRun {
    /// The same run at another cost.
    fileprivate func costing(_ dollars: Double) -> KeptRun {
        var copy = self
        copy.metrics = fakeMetrics(cost: dollars)
        copy.metrics.strategy = metrics.strategy
        copy.metrics.seed = metrics.seed
        copy.metrics.replication = metrics.replication
        return copy
    }
}

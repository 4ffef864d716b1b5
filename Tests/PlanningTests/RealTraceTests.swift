import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Real traces, where this machine has them.
@Suite(.enabled(if: sharedFolder != nil, "needs real traces: set ISOCOST_SHARED to the folder that has data/traces"))
struct RealTraceTests {
    private func trace(_ name: String) throws -> String {
        try #require(sharedFolder).appendingPathComponent("data/traces/\(name)").path
    }

    private func resolved(_ name: String, _ options: String, scale: String = "{}", pools: String, more: String = "")
        throws -> ResolvedScenario
    {
        let workload = "{trace: {path: \(try trace(name))\(options)}, scale: \(scale)}"
        return try scenario(scenarioText(workload: workload, pools: pools, more: more)).resolved()
    }

    @Test func everyRequestOfTheTraceIsAccountedFor() throws {
        let resolved = try resolved(
            "azure-2023-conv.csv", ", format: azure-llm", pools: "[{offer: aws/g6e.xlarge, replicas: 4}]",
            more: "slo: {ttft: {p99: 5 s}}")
        let result = try resolved.run()
        let run = try #require(result.strategies.first?.runs.first)
        #expect(run.metrics.requestsOffered == 19_366)
        #expect(run.metrics.requestsCompleted + run.metrics.requestsFailed == 19_366)
        #expect(run.record.ledger.balances && run.record.ledger.rentals.count == 4)
        #expect(run.invoice.total == run.metrics.cost)
        #expect(try resolved.run(RunOptions(threads: 2)) == result)
        #expect(result.workload == "19,366 requests over 58.4 min from azure-2023-conv.csv (azure-llm)")
    }

    @Test func theCodeTraceServesFromItsHeaderAlone() throws {
        let result = try resolved("azure-2023-code.csv", "", pools: "[{offer: aws/g6e.xlarge, replicas: 4}]").run()
        let metrics = try #require(result.strategies.first?.runs.first?.metrics)
        #expect(metrics.requestsOffered == 8_819 && metrics.requestsFailed == 0)
        #expect(result.warnings.isEmpty, "\(result.warnings)")
    }

    @Test func doublingTheRateRaisesUtilizationAndLowersCostPerToken() throws {
        func metrics(_ rate: Int) throws -> RunMetrics {
            let result = try resolved(
                "azure-2023-conv.csv", "", scale: "{rate: \(rate), requests: 4000}",
                pools: "[{offer: aws/g6e.xlarge, replicas: 8}]"
            ).run()
            return try #require(result.strategies.first?.runs.first?.metrics)
        }
        let (slow, fast) = (try metrics(1), try metrics(2))
        #expect(fast.requestsCompleted == slow.requestsCompleted)
        #expect(try #require(fast.costPerMillionTokens) < #require(slow.costPerMillionTokens))
        #expect(try #require(fast.ttft.p99) >= #require(slow.ttft.p99))
    }

    @Test func hashedPrefixesHitTheCache() throws {
        let resolved = try resolved(
            "mooncake-conversation.jsonl", ", format: mooncake", scale: "{requests: 300}",
            pools: "[{device: H200, price: 3 $/h, replicas: 4}]", more: "engine: {max-model-length: 131072}")
        #expect(!resolved.assumptions.contains { $0.subject == "shared prefixes" })
        let run = try #require(try resolved.run().strategies.first?.runs.first)
        #expect(run.record.cachedTokens > 0 && run.record.cachedTokens < run.record.prefixQueries)
        #expect(run.metrics.requestsOffered == 300)
    }

    @Test func replicationsOfATraceAreEqualAndSaidToBe() throws {
        let resolved = try resolved(
            "azure-2023-code.csv", "", scale: "{requests: 500}", pools: "[{offer: aws/g6e.xlarge, replicas: 2}]",
            more: "compare: {replications: 3}")
        #expect(
            resolved.warnings == [
                "The trace is the same in every replication, so all replications are equal: the intervals say nothing about other traffic."
            ])
        let runs = try #require(try resolved.run().strategies.first?.runs)
        #expect(Set(runs.map(\.metrics.fingerprint)).count == 1 && Set(runs.map(\.metrics.seed)).count == 3)
    }
}

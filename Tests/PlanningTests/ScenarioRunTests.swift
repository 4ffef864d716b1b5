import Foundation
import Pricing
import Primitives
import SimulationCore
import Synchronization
import Testing

@testable import Planning

/// Whole scenarios through resolution, engine, ledger and invoice.
@Suite struct ScenarioRunTests {
    private let twoStrategies = """
        version: 1
        name: two
        seed: 5
        workload: {synthetic: {arrivals: {rate: 8 /s}, lengths: {input: {log-normal: {median: 400, sigma: 0.8, to: 4000}}, output: 40}, requests: 300}}
        model: llama-3.1-8b
        slo: {ttft: {p99: 5 s}, tpot: {p99: 200 ms}}
        strategies:
          - name: rented
            pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 2}]
          - name: owned
            pools: [{device: L40S, price: 0.5 $/h, replicas: 2, network-delay: 5 ms}]
            router: random
          - name: packed
            pools: [{offer: aws/p5.48xlarge, replicas: 3, tensor-parallel: 2}]
        compare: {baseline: rented, replications: 3}
        """

    private func run(_ text: String, _ options: RunOptions = RunOptions()) throws -> ScenarioResult {
        try scenario(text).resolved().run(options)
    }

    @Test func whatTheBillsRestOnIsSaidOnce() throws {
        let result = try run(twoStrategies)
        let billing = result.assumptions.filter { $0.subject == "billing" }
        #expect(billing.contains { $0.value.hasPrefix("aws: disk as gp3") && $0.confidence == .assumed })
        #expect(Set(billing.map(\.value)).count == billing.count, "three strategies, three replications, each once")
    }

    @Test func everyNumberIsTheSameOnAnyNumberOfThreads() throws {
        let one = try run(twoStrategies, RunOptions(threads: 1))
        #expect(try run(twoStrategies, RunOptions(threads: 1)) == one)
        #expect(try run(twoStrategies, RunOptions(threads: 4)) == one)
        var single = try run(twoStrategies, RunOptions(threads: 2, stepping: .single))
        // Stepping changes how many events it takes, and nothing else.
        for strategy in single.strategies.indices {
            for run in single.strategies[strategy].runs.indices {
                let events = one.strategies[strategy].runs[run].record.events
                single.strategies[strategy].runs[run].record.events = events
            }
        }
        #expect(single.strategies.map { $0.runs.map(\.metrics) } == one.strategies.map { $0.runs.map(\.metrics) })
        #expect(single.comparison == one.comparison)
    }

    @Test func requestsTokensTimeAndMoneyAreConserved() throws {
        let result = try run(twoStrategies)
        #expect(result.strategies.map(\.name) == ["rented", "owned", "packed"])
        for run in result.strategies.flatMap(\.runs) {
            #expect(run.metrics.requestsOffered == 300)
            #expect(run.metrics.requestsCompleted + run.metrics.requestsFailed == 300)
            #expect(run.record.outputTokens == run.metrics.requestsCompleted * 40)
            #expect(run.record.ledger.balances)
            #expect(run.invoice.total == run.metrics.cost)
            #expect(run.invoice.lines.reduce(Money.zero) { $0 + $1.billedCost } == run.metrics.cost)
        }
        // Every strategy meets the same requests in the same replication.
        for replication in 0..<3 {
            let runs = result.strategies.map { $0.runs[replication] }
            #expect(Set(runs.map(\.metrics.seed)).count == 1)
            #expect(Set(runs.map(\.record.inputTokens)).count == 1)
            #expect(Set(runs.map(\.record.lastArrival)).count == 1)
        }
        #expect(Set(result.strategies[0].runs.map(\.record.inputTokens)).count == 3)
    }

    @Test func packedReplicasShareOneRental() throws {
        let result = try run(twoStrategies)
        let packed = try #require(result.strategies.last?.runs.first)
        #expect(packed.record.ledger.rentals.count == 1 && packed.record.replicas.count == 3)
        // Three of four places: the mean busy time is a quarter of the replicas' sum, rounded down.
        let busy = packed.record.replicas.reduce(Int64(0)) { $0 + $1.busy.nanoseconds }
        #expect(packed.record.ledger.rentals[0][.busy].nanoseconds == busy / 4)
        #expect(result.strategies[0].runs[0].record.ledger.rentals.count == 2)
    }

    @Test func comparisonAndAnswerComeWithTheResult() throws {
        let result = try run(twoStrategies)
        #expect(result.comparison.map(\.strategy) == ["rented", "owned", "packed"])
        #expect(result.comparison[0].isBaseline && result.comparison[0].replications == 3)
        #expect(result.recommendation.strategy == "owned")
        #expect(result.workload.hasPrefix("300 requests over 0."))
        #expect(result.version == isocostVersion)
        #expect(try scenario(result.text).strategyNames == result.strategies.map(\.name))
    }

    private final class Collector: OutcomeSink {
        let identity: RunIdentity
        let store: @Sendable (RunIdentity, [RequestOutcome]) -> Void
        var outcomes: [RequestOutcome] = []
        init(_ identity: RunIdentity, store: @escaping @Sendable (RunIdentity, [RequestOutcome]) -> Void) {
            self.identity = identity
            self.store = store
        }
        func record(_ outcomes: [RequestOutcome]) { self.outcomes += outcomes }
        func finish() { store(identity, outcomes) }
    }

    @Test func outcomesReachTheirSinks() throws {
        let taken = Mutex<[String: [RequestOutcome]]>([:])
        let options = RunOptions(threads: 2) { _ in
        } outcomes: { identity in
            guard identity.strategy != "packed" else { return nil }
            return Collector(identity) { identity, outcomes in
                taken.withLock { $0["\(identity.strategy) \(identity.replication)"] = outcomes }
            }
        }
        let result = try run(twoStrategies, options)
        let outcomes = taken.withLock { $0 }
        #expect(outcomes.count == 6)
        for strategy in result.strategies.prefix(2) {
            for (replication, run) in strategy.runs.enumerated() {
                let own = try #require(outcomes["\(strategy.name) \(replication)"])
                #expect(own.count == 300)
                #expect(Set(own.map(\.id)).count == 300)
                #expect(own.reduce(Int64(0)) { $0 + $1.e2e.nanoseconds } == Int64(run.record.latency.e2e.total))
            }
        }
        #expect(try run(twoStrategies) == result, "watching changes nothing")
    }

    private final class FullDisk: OutcomeSink {
        struct Fault: Error {}
        func record(_ outcomes: [RequestOutcome]) throws { throw Fault() }
        func finish() throws {}
    }

    @Test func aFailingSinkEndsTheRuns() {
        let options = RunOptions(outcomes: { _ in FullDisk() })
        #expect(throws: FullDisk.Fault.self) { _ = try run(twoStrategies, options) }
    }

    @Test func cancellingEndsTheRuns() {
        let flag = CancellationFlag()
        flag.cancel()
        #expect(throws: RunError.cancelled) { _ = try run(twoStrategies, RunOptions(cancellation: flag)) }
        let later = CancellationFlag()
        let options = RunOptions(cancellation: later) { _ in later.cancel() }
        #expect(throws: RunError.cancelled) { _ = try run(twoStrategies, options) }
    }

    @Test func progressEndsAtTheNumberOfRequests() throws {
        let last = Mutex<RunProgress?>(nil)
        _ = try run(twoStrategies, RunOptions(threads: 2) { progress in last.withLock { $0 = progress } })
        let progress = try #require(last.withLock { $0 })
        #expect(progress == RunProgress(runsFinished: 9, runs: 9, requests: 2_700, expectedRequests: 2_700))
    }

    @Test func onlyThePriceChangesTheMoney() throws {
        let dear = try run(twoStrategies.replacingOccurrences(of: "price: 0.5 $/h", with: "price: 50 $/h"))
        let cheap = try run(twoStrategies)
        #expect(dear.strategies[1].runs.map(\.record) == cheap.strategies[1].runs.map(\.record))
        let costs = zip(dear.strategies[1].runs, cheap.strategies[1].runs).map {
            ($0.metrics.cost.dollars, $1.metrics.cost.dollars)
        }
        #expect(costs.allSatisfy { abs($0 / $1 - 100) < 1e-3 })
    }

    @Test func overloadIsSaidAndNeverRecommended() throws {
        let text = scenarioText(
            workload: "{synthetic: {arrivals: {rate: 400 /s}, lengths: {input: 1500, output: 200}, requests: 6000}}",
            pools: "[{offer: aws/g6e.xlarge, replicas: 1}]", more: "slo: {ttft: {p99: 2 s}}")
        let result = try run(text)
        #expect(result.comparison[0].verdict == .overloaded)
        #expect(result.recommendation.strategy == nil)
        #expect(result.recommendation.sentence.hasPrefix("Every strategy is overloaded"))
        #expect(result.warnings.contains { $0.contains("is overloaded") })
    }

    @Test func requestsTooLongForTheEngineFailAndCount() throws {
        let text = scenarioText(
            workload:
                "{synthetic: {arrivals: {rate: 5 /s}, lengths: {input: {uniform: {from: 100, to: 3000}}, output: 10}, requests: 200}}",
            more: "engine: {max-model-length: 2048}\nslo: {ttft: {p50: 10 s}}")
        let result = try run(text)
        let metrics = try #require(result.strategies.first?.runs.first?.metrics)
        #expect(metrics.requestsFailed > 20 && metrics.requestsFailed < 120)
        #expect(metrics.sloAttainment == Double(metrics.requestsCompleted) / 200)
        #expect(result.warnings.contains { $0.contains("could not serve") })
    }

    /// Nothing costs nothing and meets every target: no result, whoever asks for it.
    @Test func aWorkloadWithoutRequestsIsNoAnswer() throws {
        let empty = scenarioText(workload: "{preset: azure-conv-2023, scale: {from: 9 h}}")
        #expect(throws: RunError.noRequests(scenario: "test")) { _ = try run(empty) }
    }

    /// At 0.3 requests expected, some seeds draw none: the others still answer, and the gap is said.
    @Test func aReplicationWithoutRequestsIsSaid() throws {
        let rare = "{synthetic: {arrivals: {rate: 0.03 /s}, lengths: {input: 200, output: 30}, duration: 10 s}}"
        let result = try run(scenarioText(workload: rare, more: "compare: {replications: 20}"))
        let offered = result.strategies[0].runs.map(\.metrics.requestsOffered)
        #expect(offered.contains(0) && offered.contains { $0 > 0 })
        #expect(result.warnings.contains { $0.hasPrefix("In some replication the workload has no request") })
    }
}

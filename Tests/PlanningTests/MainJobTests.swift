import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The main job on a real trace: an hour of Azure conversations on four replicas of one small model.
@Suite(
    .enabled(if: sharedFolder != nil, "needs real traces: set ISOCOST_SHARED to the folder that has data/traces"))
struct MainJobTests {
    private static func resolved() throws -> ResolvedScenario {
        let trace = try #require(sharedFolder).appendingPathComponent("data/traces/azure-2023-conv.csv").path
        let text = """
            version: 1
            name: main-job
            seed: 7
            workload: {trace: {path: "\(trace)", format: azure-llm}}
            model: llama-3.1-8b
            slo: {ttft: {p99: 2 s}, tpot: {p99: 100 ms}}
            strategies:
              - name: rented
                pools: [{offer: aws/g6e.xlarge, replicas: 4}]
                router: least-outstanding
            compare: {replications: 2}
            """
        return try scenario(text).resolved()
    }

    /// Run once for all tests that only look at it.
    private static let result = Result { try resolved().run() }

    private func run() throws -> StrategyRun { try #require(try Self.result.get().strategies.first?.runs.first) }

    /// Rows, prompt tokens and output tokens, read by nothing but this.
    private func sums() throws -> (rows: UInt64, input: UInt64, output: UInt64) {
        let file = try #require(sharedFolder).appendingPathComponent("data/traces/azure-2023-conv.csv")
        var sums: (rows: UInt64, input: UInt64, output: UInt64) = (0, 0, 0)
        for line in try String(contentsOf: file, encoding: .utf8).split(whereSeparator: \.isNewline).dropFirst() {
            let cells = line.split(separator: ",")
            sums.rows += 1
            sums.input += try #require(UInt64(cells[1]))
            sums.output += try #require(UInt64(cells[2]))
        }
        return sums
    }

    @Test func everyRequestAndTokenIsAccountedFor() throws {
        let (run, sums) = (try run(), try sums())
        #expect(sums.rows == 19_366 && run.metrics.requestsOffered == sums.rows)
        #expect(run.metrics.requestsCompleted + run.metrics.requestsFailed == sums.rows)
        #expect(run.metrics.requestsFailed == 0 && run.record.failures.isEmpty)
        #expect(run.record.inputTokens == sums.input && run.record.outputTokens == sums.output)
        #expect(run.record.replicas.map(\.completed).reduce(0, +) == sums.rows)
        #expect(run.record.classes.map(\.offered).reduce(0, +) == sums.rows)
        #expect(run.record.timeline.bins.map(\.arrivals).reduce(0, +) == sums.rows)
        #expect(run.record.timeline.bins.map(\.outputTokens).reduce(0, +) == sums.output)
        #expect(run.record.latency.e2e.count == sums.rows)
        // Every token after a request's first follows a gap.
        #expect(run.record.latency.itl.count == sums.output - sums.rows)
    }

    @Test func theLedgerBalancesAndTheInvoiceIsTheCost() throws {
        let run = try run()
        let ledger = run.record.ledger
        #expect(ledger.balances && ledger.rentals.count == 4)
        #expect(ledger.rentals.allSatisfy { $0.start == .start && $0.end == run.record.end })
        let busy = ledger.rentals.reduce(Int64(0)) { $0 + $1[.busy].nanoseconds }
        #expect(busy == run.record.replicas.reduce(Int64(0)) { $0 + $1.busy.nanoseconds })
        #expect(run.invoice.total == run.metrics.cost)
        #expect(run.invoice.lines.count { $0.kind == .machine } == 4)
        // AWS bills whole seconds, from a minute on: 1.861 $/h on each of four machines, rounded to the nano-dollar.
        let seconds = (run.record.end.nanoseconds + 999_999_999) / 1_000_000_000
        let one = Money(nanodollars: 1_861_000_000).scaled(by: seconds, over: 3_600)
        #expect(run.metrics.cost == one * 4, "\(run.metrics.cost) for \(seconds) s")
    }

    @Test func aSecondRunAndAnotherNumberOfThreadsChangeNothing() throws {
        let first = try Self.result.get()
        let again = try Self.resolved().run(RunOptions(threads: 2))
        #expect(again == first)
        #expect(again.strategies[0].runs.map(\.metrics) == first.strategies[0].runs.map(\.metrics))
        #expect(try Self.resolved().run(RunOptions(threads: 1)) == first)
        #expect(Set(first.strategies[0].runs.map(\.metrics.fingerprint)).count == 1, "a trace has one course")
    }

    @Test func leapsAndSingleStepsAgreeToTheNanosecond() throws {
        let leaping = try Self.result.get()
        var single = try Self.resolved().run(RunOptions(threads: 2, stepping: .single))
        #expect(single.strategies[0].runs[0].record.events > leaping.strategies[0].runs[0].record.events)
        // How many events it took is the one difference allowed.
        for index in single.strategies[0].runs.indices {
            single.strategies[0].runs[index].record.events = leaping.strategies[0].runs[index].record.events
        }
        #expect(single == leaping)
    }
}

import Foundation
import Pricing
import Primitives
import SimulationCore
import Synchronization

@testable import Planning

/// A scenario run whole, with what became of its requests in the first replication.
struct Trial {
    let resolved: ResolvedScenario
    let result: ScenarioResult
    private let taken: [String: [RequestOutcome]]

    /// - Parameter folder: where files of the scenario lie.
    init(_ text: String, folder: String = "/tmp", overrides: ScenarioOverrides = ScenarioOverrides()) throws {
        try self.init(scenario(text, overrides: overrides, folder: folder))
    }

    init(_ scenario: Scenario) throws {
        let resolved = try scenario.resolved()
        let taken = Mutex<[String: [RequestOutcome]]>([:])
        let options = RunOptions(outcomes: { identity in
            guard identity.replication == 0 else { return nil }
            return Taker { batch in taken.withLock { $0[identity.strategy, default: []] += batch } }
        })
        self.resolved = resolved
        result = try resolved.run(options)
        self.taken = taken.withLock { $0 }
    }

    private final class Taker: OutcomeSink {
        let take: @Sendable ([RequestOutcome]) -> Void
        init(_ take: @escaping @Sendable ([RequestOutcome]) -> Void) { self.take = take }
        func record(_ outcomes: [RequestOutcome]) { take(outcomes) }
        func finish() {}
    }

    private func index(_ strategy: String) -> Int { resolved.strategies.firstIndex { $0.name == strategy } ?? 0 }

    /// The first run of a strategy.
    func run(_ strategy: String = "a") -> StrategyRun { result.strategies[index(strategy)].runs[0] }
    func record(_ strategy: String = "a") -> RunRecord { run(strategy).record }
    func rentals(_ strategy: String = "a") -> [Rental] { record(strategy).ledger.rentals }
    func lines(_ kind: InvoiceLine.Kind, _ strategy: String = "a") -> [InvoiceLine] {
        run(strategy).invoice.lines.filter { $0.kind == kind }
    }
    /// Outcomes in order of request.
    func outcomes(_ strategy: String = "a") -> [RequestOutcome] {
        (taken[strategy] ?? []).sorted { $0.id < $1.id }
    }

    /// The bill of a strategy's first run, and what its service was worth.
    func bill(_ strategy: String = "a") -> Bill {
        let (own, ledger) = (resolved.strategies[index(strategy)], record(strategy).ledger)
        return ledger.bill(pools: own.terms(seed: run(strategy).metrics.seed, until: ledger.end), plan: own.billing)
    }
    func account(_ strategy: String = "a") -> RunAccount {
        RunAccount(
            record(strategy), bill: bill(strategy), pools: resolved.strategies[index(strategy)].terms,
            objectives: result.objectives)
    }
}

/// A scenario of several strategies, each the inside of `{…}`.
func strategiesText(
    workload: String, _ strategies: [String], model: String = "llama-3.1-8b", more: String = ""
) -> String {
    let list = strategies.map { "  - {\($0)}\n" }.joined()
    return "version: 1\nname: test\nworkload: \(workload)\nmodel: \(model)\nstrategies:\n\(list)\(more)"
}

/// Requests of one size at a constant rate, so that sums can be done by hand.
func constant(rate: String = "1 /s", input: Int = 400, output: Int = 60, requests: Int = 60) -> String {
    "{synthetic: {arrivals: {process: constant, rate: \(rate)}, lengths: {input: \(input), output: \(output)}, "
        + "requests: \(requests)}}"
}

/// A folder with `files`, for as long as `body` runs.
func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
    try body(folder.path)
}

extension SimulatedTime {
    static func seconds(_ seconds: Int64) -> SimulatedTime { SimulatedTime(nanoseconds: seconds * 1_000_000_000) }
}

extension Money {
    /// This price an hour, for `time`, rounded once.
    func hourly(for time: SimulatedDuration) -> Money { scaled(by: time.nanoseconds, over: 3_600_000_000_000) }
}

extension SimulatedDuration {
    /// The next whole number of `seconds`.
    func roundedUp(to seconds: Int64) -> SimulatedDuration {
        .seconds((nanoseconds + seconds * 1_000_000_000 - 1) / (seconds * 1_000_000_000) * seconds)
    }
}

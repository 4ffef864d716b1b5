import Foundation
import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

@testable import Planning

/// Every scenario that comes with the product, shortened, held against laws of time, money, tokens, requests and hosts.
@Suite struct ScenarioLawsTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("scenarios")

    private static let files: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    /// About so many requests: the first of them, or as many spread over the whole time, so that what happens late happens.
    private enum Shortening: String, CaseIterable { case first, thinned }

    private func trial(_ file: String, _ shortening: Shortening) throws -> Trial {
        let path = Self.folder.appendingPathComponent(file).path
        var settings = ["workload.scale.requests=800"]
        if shortening == .thinned {
            let whole = try Scenario.load(path).resolved().workload
            let source = try whole.makeSource(seed: 1)
            var (count, batch) = (0, [Request]())
            repeat {
                batch.removeAll(keepingCapacity: true)
                try source.read(into: &batch, limit: 4_096)
                for request in batch { source.contents.release(request.content) }
                count += batch.count
            } while !batch.isEmpty
            settings.append("workload.scale.rate=\(min(1, 800 / Double(max(1, count))))")
        }
        return try Trial(
            Scenario.load(path, overrides: ScenarioOverrides(settings: settings, replications: 1)))
    }

    @Test func thereAreScenarios() { #expect(Self.files.count >= 15) }

    @Test(arguments: files, Shortening.allCases)
    private func lawsHold(file: String, shortening: Shortening) throws {
        let trial = try trial(file, shortening)
        for strategy in trial.resolved.strategies {
            let laws = ScenarioLaws(trial: trial, strategy: strategy)
            #expect(laws.violations == [], "\(file), \(shortening.rawValue), \(strategy.name)")
        }
        let offered = Set(trial.result.strategies.map { $0.runs[0].record.offered })
        #expect(offered.count == 1, "strategies meet the same requests")
        expectTighterIsDearer(trial.result, file)
    }

    /// Latency requirement: tightening the SLO never lowers the cost of the cheapest feasible fleet.
    private func expectTighterIsDearer(_ result: ScenarioResult, _ file: String) {
        var last = 0.0
        for share in [16.0, 4, 1, 0.25, 0.0625] {
            let objectives = result.objectives.map { objective in
                var tightened = objective
                tightened.bound = SimulatedDuration(seconds: objective.bound.seconds * share)
                return tightened
            }
            let rows = StrategyComparison.compare(
                result.strategies, baseline: result.strategies[0].name, objectives: objectives)
            let feasible = zip(rows, result.strategies).filter { $0.0.meetsSLO && $0.0.verdict != .overloaded }
            let cheapest = feasible.map { $0.1.runs[0].metrics.cost.dollars }.min() ?? .infinity
            #expect(cheapest >= last, "\(file) at \(share) of its bounds")
            last = cheapest
        }
    }
}

/// What must hold of any run of any strategy.
private struct ScenarioLaws {
    let trial: Trial
    let strategy: ResolvedStrategy

    private typealias Law = (name: String, holds: Bool)
    private var run: StrategyRun { trial.run(strategy.name) }
    private var record: RunRecord { run.record }

    var violations: [String] {
        (requestLaws + latencyLaws + groupLaws + timeLaws + rentalLaws + moneyLaws).filter { !$0.holds }.map(\.name)
    }

    private var requestLaws: [Law] {
        let outcomes = trial.outcomes(strategy.name)
        let served = outcomes.filter { $0.failure == nil }
        return [
            ("every request ends once", Set(outcomes.map(\.id)).count == outcomes.count),
            ("all that were offered end", UInt64(outcomes.count) == record.offered),
            ("offered = completed + failed", record.offered == record.completed + record.failed),
            ("completed are the served", record.completed == UInt64(served.count)),
            ("good are completed", record.good <= record.completed),
            ("input tokens are the served's", record.inputTokens == served.reduce(0) { $0 + UInt64($1.inputTokens) }),
            (
                "output tokens are the served's",
                record.outputTokens == served.reduce(0) { $0 + UInt64($1.outputTokens) }
            ),
            (
                "tokens of the ledger are all that was answered",
                record.ledger.tokens.reduce(0) { $0 + $1.output } >= record.outputTokens
            ),
            ("arrivals are on the timeline", record.timeline.bins.reduce(0) { $0 + $1.arrivals } == record.offered),
            ("completions too", record.timeline.bins.reduce(0) { $0 + $1.completions } == record.completed),
            ("failures too", record.timeline.bins.reduce(0) { $0 + $1.failures } == record.failed),
        ]
    }

    private func parts(_ outcome: RequestOutcome) -> [SimulatedDuration] {
        [outcome.network, outcome.coldStart, outcome.retry, outcome.queue, outcome.prefill, outcome.decode]
    }

    private var latencyLaws: [Law] {
        let served = trial.outcomes(strategy.name).filter { $0.failure == nil }
        let sums = (0..<6).map { part in served.reduce(Int128(0)) { $0 + Int128(parts($1)[part].nanoseconds) } }
        let split = record.split
        return [
            ("the parts of a latency are its whole", served.allSatisfy { parts($0).reduce(.zero, +) == $0.e2e }),
            ("no part is negative", served.allSatisfy { parts($0).allSatisfy { $0 >= .zero } }),
            (
                "the split sums the parts",
                [split.network, split.coldStart, split.retry, split.queue, split.prefill, split.decode] == sums
            ),
            ("latency split sums to the summed E2E", split.total == record.latency.e2e.total),
            (
                "the mean's parts add up to the mean",
                record.completed == 0
                    || trial.account(strategy.name).latency?.total.nanoseconds
                        == Int64(split.total / Int128(record.completed))
            ),
        ]
    }

    private var groupLaws: [Law] {
        func total(_ field: (GroupRecord) -> UInt64, _ groups: [GroupRecord]) -> UInt64 {
            groups.reduce(0) { $0 + field($1) }
        }
        let (pools, regions) = (record.pools, record.regions)
        return [
            ("pools completed what was completed", total(\.completed, pools) == record.completed),
            ("pools' good are the good", total(\.good, pools) == record.good),
            ("no more copies end than were sent", pools.allSatisfy { $0.offered >= $0.completed + $0.failed }),
            (
                "replicas completed what was completed",
                record.replicas.reduce(0) { $0 + $1.completed } >= record.completed
            ),
            ("regions are offered what was offered", regions.isEmpty || total(\.offered, regions) == record.offered),
            ("regions complete what was completed", regions.isEmpty || total(\.completed, regions) == record.completed),
            ("regions fail what failed", regions.isEmpty || total(\.failed, regions) == record.failed),
            ("classes are offered what was offered", record.classes.reduce(0) { $0 + $1.offered } == record.offered),
            ("classes fail what failed", record.classes.reduce(0) { $0 + $1.failed } == record.failed),
        ]
    }

    private var timeLaws: [Law] {
        let rentals = record.ledger.rentals
        return [
            ("the ledger balances", record.ledger.balances),
            (
                "every rental is within the run",
                rentals.allSatisfy { $0.start >= .start && $0.end <= record.ledger.end }
            ),
            ("no rental ends before it starts", rentals.allSatisfy { $0.start <= $0.end }),
            ("the ledger ends with the run, or later", record.ledger.end >= record.end),
            ("the run ends after its last arrival", record.end >= record.lastArrival),
            ("lost time is busy time", rentals.allSatisfy { $0.lost >= .zero && $0.lost <= $0[.busy] }),
            (
                "starts end by the end",
                record.starts.allSatisfy { !$0.succeeded || $0.at + $0.stages.total <= record.ledger.end }
            ),
            (
                "incidents are in order",
                zip(record.incidents, record.incidents.dropFirst()).allSatisfy { $0.at <= $1.at }
            ),
            ("every pool has its tokens", record.ledger.tokens.count == strategy.pools.count),
        ]
    }

    private func apart(_ rentals: [Rental]) -> Bool {
        let sorted = rentals.filter { $0.duration > .zero }.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
        return zip(sorted, sorted.dropFirst()).allSatisfy { $0.end <= $1.start }
    }

    private var rentalLaws: [Law] {
        let rentals = record.ledger.rentals
        let instances = Dictionary(grouping: rentals, by: \.instance)
        let hosts = Dictionary(grouping: rentals.filter { $0.host != nil }) { [$0.pool, $0.host?.host ?? -1] }
        let most = strategy.packings.reduce(0) { $0 + $1.instances }
        return [
            ("one instance is not rented twice at a time", instances.values.allSatisfy { apart($0) }),
            ("an instance is of one pool", instances.values.allSatisfy { Set($0.map(\.pool)).count == 1 }),
            ("there are no more instances than there may be", instances.count <= most),
            ("no host is rented twice at a time", hosts.values.allSatisfy { apart($0) }),
            (
                "what goes on follows at once",
                instances.values.allSatisfy { group in
                    zip(group, group.dropFirst()).allSatisfy { !$1.resumes || $0.end == $1.start }
                        && group.first?.resumes != true
                }
            ),
        ]
    }

    private var moneyLaws: [Law] {
        let (bill, cost) = (trial.bill(strategy.name), run.metrics.cost)
        let lines = run.invoice.lines
        let context = FocusContext(scenario: "s", strategy: strategy.name, seed: run.metrics.seed)
        let column = FocusExport.columns.firstIndex(of: "BilledCost") ?? 0
        let billed = FocusExport.rows(invoice: run.invoice, context: context).reduce(Decimal(0)) {
            $0 + (Decimal(string: $1[column]) ?? .nan)
        }
        return [
            ("the bill is the run's", bill.invoice == run.invoice),
            ("invoice lines sum to the cost", lines.reduce(Money.zero) { $0 + $1.billedCost } == cost),
            ("the cost split sums to the bill", bill.split.total == cost),
            ("pools' splits sum to the bill", bill.poolSplits.reduce(bill.shared.total) { $0 + $1.total } == cost),
            ("effective costs sum to the cost", lines.reduce(Money.zero) { $0 + $1.effectiveCost } == cost),
            ("FOCUS's BilledCost sums to the cost", billed == Decimal(cost.nanodollars) / 1_000_000_000),
            ("prices' parts sum to the cost", trial.account(strategy.name).priced?.total == cost),
            ("nothing is paid back", lines.allSatisfy { $0.billedCost >= .zero }),
            (
                "a served run costs something",
                record.completed == 0 || cost > .zero
            ),
        ]
    }
}

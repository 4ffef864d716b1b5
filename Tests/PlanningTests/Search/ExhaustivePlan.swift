import Primitives
import SimulationCore

@testable import Planning

/// Every fleet with fixed numbers that a plan allows, run to its end in every replication: slow, and right.
struct ExhaustivePlan {
    /// Dollars of a run of the cheapest that meets the SLO; `nil` = none does.
    private(set) var cost: Double?
    private(set) var winner: String?
    private(set) var fleets = 0
    private(set) var requests: UInt64 = 0

    init(_ scenario: Scenario, threads: Int = 2) throws {
        let plan = scenario.plan!
        let resolver = try StrategyResolver(scenario)
        let groundwork = try PlanGroundwork(scenario, plan, resolver, PlanOptions())
        let trials = try groundwork.search(PlanOptions()).trials
        let shapes = plan.steadyShapes(among: groundwork.usable)
        let candidates = shapes.enumerated().flatMap { index, shape in
            Self.counts(plan.replicas, of: shape.variants.count).map {
                plan.candidate(shape, index: index, counts: $0)
            }
        }
        let outcomes = try inParallel(candidates.count, threads: threads) { index in
            try (0..<groundwork.replications).map { replication in
                Outcome(try trials.runWhole(candidates[index], replication: replication))
            }
        }
        fleets = candidates.count
        for (candidate, runs) in zip(candidates, outcomes) {
            requests += runs.reduce(0) { $0 + $1.requests }
            guard runs.allSatisfy(\.passes) else { continue }
            let total = runs.reduce(0) { $0 + $1.cost } / Double(runs.count)
            if total < cost ?? .infinity { (cost, winner) = (total, candidate.name) }
        }
    }

    /// What counts of a run, without its record.
    private struct Outcome: Sendable {
        var passes: Bool
        var cost: Double
        var requests: UInt64

        init(_ outcome: TrialOutcome) {
            passes = outcome.failure == nil
            cost = outcome.runs[0].metrics.cost.dollars
            requests = outcome.requests
        }
    }

    private static func counts(_ range: ClosedRange<Int>, of pools: Int) -> [[Int]] {
        (0..<pools).reduce([[]]) { lists, _ in lists.flatMap { list in range.map { list + [$0] } } }
    }
}

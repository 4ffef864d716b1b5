import Primitives

/// A fleet that was tried, and what came of it.
struct TriedFleet: Sendable {
    var candidate: FleetCandidate
    var outcome: TrialOutcome

    /// Met every objective in every replication.
    var passes: Bool { outcome.failure == nil }
    /// Dollars of a run, mean over replications; infinite for fleets that failed.
    var cost: Double {
        guard passes, !outcome.runs.isEmpty else { return .infinity }
        return outcome.runs.reduce(0) { $0 + $1.metrics.cost.dollars } / Double(outcome.runs.count)
    }
}

/// How far a plan has come.
public struct PlanProgress: Sendable, Equatable {
    /// Fleets simulated so far.
    public var fleetsTried: Int
    /// Requests simulated so far.
    public var requests: UInt64
    /// Dollars of a run of the cheapest fleet that met the SLO so far.
    public var bestCost: Double?
}

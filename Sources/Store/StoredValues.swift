public import Planning
public import Pricing
public import SimulationCore

/// A stored run's number, age and figures: one line of `isocost runs`.
public struct StoredRun: Sendable, Equatable {
    /// Names the run in commands; never reused within a file.
    public var id: Int64
    /// The scenario result the run belongs to.
    public var resultID: Int64
    /// When it was saved, as the caller gave it.
    public var created: String
    public var metrics: RunMetrics
}

/// A stored run with all that was kept of it.
public struct StoredRunDetail: Sendable, Equatable {
    public var run: StoredRun
    public var invoice: Invoice
    /// How requests found a replica.
    public var router: RouterPolicy
    public var pools: [PoolSummary]
    /// The result the run is a part of.
    public var result: StoredResult
}

/// What the runs of one scenario result share.
public struct StoredResult: Sendable, Equatable {
    public var id: Int64
    public var created: String
    public var name: String
    /// The scenario file's text, as run.
    public var text: String
    public var workload: String
    public var model: String
    public var precision: String
    /// Version of Isocost that made it.
    public var version: String
    public var objectives: [ServiceObjective]
    /// Where the inputs came from, and how well they are known.
    public var assumptions: [Assumption]
    public var warnings: [String]
    public var comparison: [StrategyComparison]
    /// As ``Planning/ScenarioResult/priceReaders``.
    public var priceReaders: [String]?
}

/// What ``ResultStore/save(_:created:)`` did.
public struct SavedResult: Sendable, Equatable {
    public var resultID: Int64
    /// Numbers of its runs: strategies in order, replications within them.
    public var runIDs: [Int64]
    /// The same result was stored before; nothing was written.
    public var wasKnown: Bool
}

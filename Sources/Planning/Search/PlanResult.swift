/// The answer of a plan: values only.
public struct PlanResult: Sendable {
    /// The scenario's name.
    public var name: String
    /// The cheapest fleet that met the SLO in every replication; `nil` = none did.
    public var winner: PlannedFleet?
    /// The next best, cheapest first, of other shapes than the winner's.
    public var runnersUp: [PlannedFleet]
    /// The scenario's own strategies, in its order.
    public var given: [PlannedFleet]
    /// What no fleet can cost less than.
    public var certificate: PlanCertificate
    /// What keeps the winner from being smaller, a sentence for each pool.
    public var binding: [String]
    /// Where no fleet meets the SLO: what came closest, and what would help.
    public var miss: PlanMiss?
    /// What the search did.
    public var effort: PlanEffort
    /// Every fleet tried, in order.
    public var trials: [PlanTrial]
    /// The objectives.
    public var objectives: [ServiceObjective]
    /// Winner, runners-up and given strategies compared, the winner as baseline; `nil` = nobody to compare.
    public var result: ScenarioResult?
    /// A scenario with these strategies, ready to run; `nil` with ``result``.
    public var scenarioText: String?
    /// Settings that were left out, and what they were taken to be.
    public var defaults: [Assumption]
}

/// A fleet with what it costs.
public struct PlannedFleet: Sendable, Equatable {
    /// As the strategy is called in reports.
    public var name: String
    /// What decides its numbers: `fixed numbers`, or a kind of autoscaler.
    public var policy: String
    /// Whether it met the SLO in every replication.
    public var meetsSLO: Bool
    /// Dollars of a run.
    public var cost: Estimate
    /// Dollars per hour of a run.
    public var costPerHour: Estimate
    /// Dollars of a run above the winner's, paired over replications; `nil` for the winner, and where there is none.
    public var aboveWinner: Estimate?
}

/// A proof that no fleet of the plan's offers costs less.
public struct PlanCertificate: Sendable, Equatable {
    /// Dollars of a run: every request's least work, on the offer where it costs the least, billed by the nanosecond, with
    /// no instance idle, started or rounded up: what a clairvoyant with instant scaling could reach at best.
    public var dollars: Double
    /// Of that, by offer.
    public var shares: [Share]

    /// What of the bound falls to one offer.
    public struct Share: Sendable, Equatable {
        /// The variant's label.
        public var label: String
        /// Dollars of a run.
        public var dollars: Double
    }

    /// What `dollars` of a run are above the bound, as a share of the bound; `nil` where the bound is 0.
    public func regret(of cost: Double) -> Double? { dollars > 0 ? cost / dollars - 1 : nil }
}

/// The nearest to an SLO that nothing meets.
public struct PlanMiss: Sendable, Equatable {
    /// The fleet that came closest.
    public var fleet: String
    /// Its cost of a run, in dollars.
    public var cost: Double
    /// Each objective it misses, with what it reaches: `TTFT p99 ≤ 2 s: 3.1 s`.
    public var missed: [String]
    /// Sentences on what would help.
    public var advice: [String]
}

/// What a search did.
public struct PlanEffort: Sendable, Equatable {
    /// Fleets that the plan allows.
    public var candidates: Int
    /// Ways to serve that fit.
    public var variants: Int
    /// Ways that do not, and why.
    public var leftOut: [String]
    /// Fleets that were simulated.
    public var tried: Int
    /// Requests that were simulated, the last comparison's included.
    public var requests: UInt64
    /// Requests of one run.
    public var requestsPerRun: UInt64
    /// Runs of a fleet that passes.
    public var replications: Int
}

/// A fleet that was tried.
public struct PlanTrial: Sendable, Equatable {
    /// The fleet.
    public var name: String
    /// Whether it met the SLO in every replication.
    public var passed: Bool
    /// Dollars of a run; `nil` where it did not pass.
    public var cost: Double?
    /// What it failed on: an objective, or being overloaded.
    public var failure: String?
}

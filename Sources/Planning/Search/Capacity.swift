import Primitives
import SimulationCore

/// The highest rate at which a strategy meets the SLO.
public struct StrategyCapacity: Sendable, Equatable {
    /// The strategy.
    public var strategy: String
    /// Requests per second at which every percentile is only just within its bound: mean over replications, with its 95 %
    /// interval. `nil` where no rate down to a thousandth of the scenario's does.
    public var rate: Estimate?
    /// The same by MLPerf Server's rule, with its early stopping: late requests are so few that 99 % confidence is
    /// reached. `nil` where no rate proves that much, for want of requests.
    public var provenRate: Estimate?
    /// The rates as multiples of the scenario's mean rate.
    public var factor: Double?
    /// Requests of a run, and how many a run without a single late one needs for MLPerf's rule.
    public var requests: UInt64
    /// For the objective that needs most.
    public var requestsNeeded: UInt64
    /// Objectives missed at the next higher rate tried, by how many replications.
    public var limits: [Limit]
    /// Runs made.
    public var runs: Int

    /// What ends a strategy's capacity.
    public struct Limit: Sendable, Equatable {
        /// The objective's text, or `the load`.
        public var text: String
        /// Replications that it ended.
        public var replications: Int
    }
}

extension ResolvedScenario {
    /// Rates are bracketed by doubling or halving and then bisected until their ends are this close in ratio.
    static let capacityPrecision = 1.005

    /// The capacity of every strategy.
    ///
    /// Each replication has its own rate, on its own requests closer together or further apart (common random numbers:
    /// strategies and rates meet the same ones).
    /// - Throws: ``ScenarioError`` without an SLO; what ``run(_:)`` does.
    public func capacities(_ options: RunOptions = RunOptions()) throws -> [StrategyCapacity] {
        guard !scenario.objectives.isEmpty else {
            throw ScenarioError(
                .missingKey, "`slo` is missing: without one there is no highest rate", at: scenario.position)
        }
        try scenario.evidence.refuse(for: "capacity")
        let demands = try inParallel(workload.dependsOnSeed ? replications : 1, threads: options.threads) {
            try WorkloadDemand(workload.makeSource(seed: seed(ofReplication: $0)))
        }
        guard demands.allSatisfy({ $0.requests > 0 }) else { throw RunError.noRequests(scenario: scenario.name) }
        let found = try inParallel(strategies.count * replications, threads: options.threads) { index in
            let replication = index % replications
            var search = CapacitySearch(
                strategy: strategies[index / replications], workload: workload, objectives: scenario.objectives,
                seed: seed(ofReplication: replication), offered: demands[min(replication, demands.count - 1)].offered,
                cancellation: options.cancellation)
            return try search.found()
        }
        return strategies.indices.map { index in
            capacity(
                of: strategies[index].name, Array(found[index * replications..<(index + 1) * replications]), demands)
        }
    }

    private func capacity(
        of name: String, _ found: [CapacitySearch.Found], _ demands: [WorkloadDemand]
    ) -> StrategyCapacity {
        /// Mean rates of the replications' own requests.
        func rates(_ factors: [Double?]) -> [Double?] {
            factors.indices.map { index in
                let demand = demands[min(index, demands.count - 1)]
                let span = demand.span.seconds
                return factors[index].map { span > 0 ? $0 * Double(demand.requests) / span : 0 }
            }
        }
        let texts = found.compactMap { result in
            result.factor == nil ? nil : result.limit.map { scenario.objectives[$0].text } ?? "the load"
        }
        let factors = found.compactMap(\.factor)
        return StrategyCapacity(
            strategy: name, rate: Estimate(ofAll: rates(found.map(\.factor))),
            provenRate: Estimate(ofAll: rates(found.map(\.provenFactor))),
            factor: factors.count == found.count ? factors.reduce(0, +) / Double(factors.count) : nil,
            requests: demands.map(\.requests).min() ?? 0,
            requestsNeeded: scenario.objectives.map { EarlyStopping(onTimeShare: $0.quantile).queries(late: 0) }.max()
                ?? 0,
            limits: texts.unique.map { text in .init(text: text, replications: texts.count { $0 == text }) },
            runs: found.reduce(0) { $0 + $1.runs })
    }
}

/// The bisection of one strategy on one replication's requests.
struct CapacitySearch {
    struct Found: Sendable {
        var factor: Double?
        var provenFactor: Double?
        /// Objective that is missed above, by index; `nil` = overloaded.
        var limit: Int?
        var runs = 0
    }

    let strategy: ResolvedStrategy
    let workload: ResolvedWorkload
    let objectives: [ServiceObjective]
    let seed: UInt64
    let offered: [UInt64]
    let cancellation: CancellationFlag
    private var runs = 0
    private var limit: Int?
    /// Rates known to pass by MLPerf's rule, and known not to.
    private var proven = 0.0
    private var unproven = Double.infinity

    init(
        strategy: ResolvedStrategy, workload: ResolvedWorkload, objectives: [ServiceObjective], seed: UInt64,
        offered: [UInt64], cancellation: CancellationFlag
    ) {
        self.strategy = strategy
        self.workload = workload
        self.objectives = objectives
        self.seed = seed
        self.offered = offered
        self.cancellation = cancellation
    }

    mutating func found() throws -> Found {
        let plain = try highest(from: 1) { try $0.passes($1) }
        var result = Found(factor: plain, limit: limit)
        if let plain, proven < plain {
            unproven = min(unproven, plain * ResolvedScenario.capacityPrecision)
            result.provenFactor = try highest(from: proven > 0 ? proven : plain) { search, factor in
                _ = try search.passes(factor)
                return search.proven >= factor
            }
        } else {
            result.provenFactor = plain
        }
        result.runs = runs
        return result
    }

    /// The highest factor that passes, to ``ResolvedScenario/capacityPrecision``; `nil` down to a thousandth.
    private mutating func highest(
        from start: Double, _ passes: (inout CapacitySearch, Double) throws -> Bool
    ) throws -> Double? {
        var low = start
        var high = start
        if try passes(&self, start) {
            repeat {
                low = high
                high *= 2
                guard high < 1e6 else { return low }
            } while try passes(&self, high)
        } else {
            repeat {
                high = low
                low /= 2
                guard low > 1e-3 else { return nil }
            } while try !passes(&self, low)
        }
        while high / low > ResolvedScenario.capacityPrecision {
            let middle = (low * high).squareRoot()
            if try passes(&self, middle) { low = middle } else { high = middle }
        }
        return low
    }

    /// Whether the SLO is met at `factor` times the rate; also keeps whether MLPerf's rule proves it.
    private mutating func passes(_ factor: Double) throws -> Bool {
        if factor <= proven { return true }
        runs += 1
        let faster = workload.scaled(rate: factor)
        let budget = ViolationBudget(objectives, classes: workload.classes, offered: offered)
        let monitor = TrialMonitor(budget, cancellation)
        let record: RunRecord
        do {
            record = try strategy.prepared(for: faster, seed: seed).simulated(
                faster.makeSource(seed: seed), SimulationOptions(seed: seed), observer: monitor)
        } catch SimulationError.cancelled {
            guard !cancellation.isCancelled else { throw RunError.cancelled }
            limit = monitor.lost
            unproven = min(unproven, factor)
            return false
        }
        let missed = objectives.indices.first {
            !ObjectiveCheck(objectives[$0], on: record, among: objectives).isMet
        }
        if missed == nil, record.verdict != .overloaded, factor < unproven, budget.proves(record.classes) {
            proven = max(proven, factor)
        } else {
            unproven = min(unproven, factor)
        }
        guard missed != nil || record.verdict == .overloaded else { return true }
        limit = missed
        return false
    }
}

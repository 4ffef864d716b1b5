import Primitives
import SimulationCore
import Workloads

/// How a plan is carried out. None of it changes a result.
public struct PlanOptions: Sendable {
    /// Runs carried out at the same time, ≥ 1.
    public var threads: Int
    /// Raise it to stop.
    public var cancellation: CancellationFlag
    /// Called after every fleet that was tried.
    public var progress: (@Sendable (PlanProgress) -> Void)?

    /// Sequential and silent unless said otherwise.
    public init(
        threads: Int = 1, cancellation: CancellationFlag = CancellationFlag(),
        progress: (@Sendable (PlanProgress) -> Void)? = nil
    ) {
        self.threads = max(1, threads)
        self.cancellation = cancellation
        self.progress = progress
    }
}

extension Scenario {
    /// Finds the cheapest fleet of the `plan` that meets the SLO in every replication, and the next best.
    ///
    /// Memory and splits rule variants out; the work bound and rents rule counts out; what is left is tried as
    /// ``FleetSearch`` says. The result depends on the scenario alone.
    /// - Throws: ``ScenarioError`` where there is no `plan` or no `slo`, or as ``resolved()``; what reading the
    ///   workload throws; ``RunError``.
    public func plan(_ options: PlanOptions = PlanOptions()) throws -> PlanResult {
        guard let plan else {
            throw ScenarioError(.missingKey, "`plan` is missing: it says what to choose from", at: position)
        }
        guard !objectives.isEmpty else {
            throw ScenarioError(
                .missingKey, "`slo` is missing: without one the cheapest fleet is none at all", at: plan.position)
        }
        try evidence.refuse(for: "plan")
        let resolver = try StrategyResolver(self)
        let groundwork = try PlanGroundwork(self, plan, resolver, options)
        var search = try groundwork.search(options)
        try search.searchSingles()
        try search.searchMixes()
        try search.raceScaled(floor: groundwork.leastCost)
        try search.searchRunnersUp()
        let given = try groundwork.runGiven(search, options)
        return try PlanResult(self, groundwork, search, given: given, options)
    }
}

/// What a search rests on: the variants that can serve at all, and the requests weighed on them.
struct PlanGroundwork {
    let scenario: Scenario
    let plan: PlanSettings
    let resolver: StrategyResolver
    let replications: Int
    let seeds: [UInt64]
    let demands: [WorkloadDemand]
    /// By variant; `nil` = it cannot serve.
    let facts: [VariantFacts?]
    /// Why variants cannot serve, by label.
    private(set) var leftOut: [String] = []
    /// By demand.
    let tallies: [WorkTally]
    /// Variants that can serve.
    let usable: [Int]

    init(_ scenario: Scenario, _ plan: PlanSettings, _ resolver: StrategyResolver, _ options: PlanOptions) throws {
        self.scenario = scenario
        self.plan = plan
        self.resolver = resolver
        let varies = resolver.workload.dependsOnSeed || plan.drawsLots
        replications =
            varies ? plan.replications ?? scenario.replications ?? PlanSettings.defaultReplications : 1
        let seeds = (0..<replications).map(scenario.seed(ofReplication:))
        self.seeds = seeds
        let workload = resolver.workload
        let distinct = workload.dependsOnSeed ? replications : 1
        let demands = try inParallel(distinct, threads: options.threads) {
            try WorkloadDemand(workload.makeSource(seed: seeds[$0]))
        }
        self.demands = demands
        guard demands.allSatisfy({ $0.requests > 0 }) else { throw RunError.noRequests(scenario: scenario.name) }
        let outcomes = try inParallel(plan.variants.count, threads: options.threads) { index in
            try Self.lookUp(index, plan, resolver, (demands, seeds))
        }
        var leftOut: [String] = []
        facts = outcomes.indices.map { index in
            switch outcomes[index] {
            case .success(let facts): return facts
            case .failure(let error):
                leftOut.append("\(plan.variants[index].label): \(error.message)")
                return nil
            }
        }
        usable = facts.indices.filter { [facts] in facts[$0] != nil }
        guard let first = usable.first, let model = facts[first] else {
            throw ScenarioError(
                .doesNotFit, "none of the plan's offers can serve: \(leftOut.joined(separator: "; "))",
                at: plan.position)
        }
        self.leftOut = leftOut
        let floors = facts.map { $0?.floor ?? model.floor }
        let prices = facts.map { $0?.leastPerNanosecond ?? .infinity }
        tallies = try inParallel(distinct, threads: options.threads) { index in
            var tally = WorkTally(floors, prices: prices, sharesPrefixes: demands[index].sharesPrefixes)
            _ = try WorkloadDemand(workload.makeSource(seed: seeds[index])) { tally.add($0) }
            return tally
        }
    }

    /// One replica of a variant alone, or why there cannot be one: too little memory, a split that does not divide.
    private static func lookUp(
        _ index: Int, _ plan: PlanSettings, _ resolver: StrategyResolver, _ work: ([WorkloadDemand], [UInt64])
    ) throws -> Result<VariantFacts, ScenarioError> {
        let shape = FleetShape(variants: [index], router: plan.routers[0].rawValue)
        do {
            let strategy = try resolver.resolve(plan.candidate(shape, index: 0, counts: [1]).node)
            return .success(VariantFacts(strategy, work.0, seeds: work.1, most: plan.replicas.upperBound))
        } catch let error as ScenarioError where [.doesNotFit, .conflict].contains(error.kind) {
            return .failure(error)
        }
    }

    func search(_ options: PlanOptions) throws -> FleetSearch {
        let shapes = plan.steadyShapes(among: usable) + plan.scaledShapes(among: usable)
        let trials = FleetTrials(
            resolver: resolver, objectives: scenario.objectives, seeds: seeds, demands: demands,
            cancellation: options.cancellation)
        return FleetSearch(
            plan: plan, trials: trials, facts: facts,
            needs: NeedBound(tallies[0], demands[0], scenario.objectives), shapes: shapes,
            replications: replications, threads: options.threads,
            states: shapes.map { _ in FleetSearch.ShapeState() }, report: options.progress)
    }

    /// What no fleet of the usable variants can cost less than: the mean over replications.
    var certificate: PlanCertificate {
        let count = Double(tallies.count)
        let shares = plan.variants.indices.map { index in
            PlanCertificate.Share(
                label: plan.variants[index].label,
                dollars: tallies.reduce(0) { $0 + $1.clairvoyantShares[index] } / count)
        }
        return PlanCertificate(
            dollars: tallies.reduce(0) { $0 + $1.clairvoyantCost } / count, shares: shares.filter { $0.dollars > 0 })
    }

    /// The same of fleets of these variants alone, a little lower where they are several: each kind of token where it
    /// costs the least.
    func leastCost(_ variants: [Int]) -> Double {
        let known = variants.compactMap { facts[$0] }
        func least(_ part: (WorkFloor) -> Double) -> Double {
            known.reduce(Double.infinity) { min($0, part($1.floor) * $1.leastPerNanosecond) }
        }
        let sums = demands.map {
            least(\.prompt) * $0.promptTokens + least(\.decode) * $0.decodeTokens + least(\.context) * $0.contextTokens
        }
        return sums.reduce(0, +) / Double(sums.count)
    }

    /// Runs the scenario's own strategies to their end, for comparison.
    func runGiven(_ search: FleetSearch, _ options: PlanOptions) throws -> [GivenStrategy] {
        let trials = search.trials
        let replications = replications
        let strategies = try scenario.strategies.map { try resolver.resolve($0) }
        let runs = try inParallel(strategies.count * replications, threads: options.threads) { index in
            try trials.runWhole(strategies[index / replications], replication: index % replications)
        }
        return strategies.indices.map { index in
            GivenStrategy(
                strategy: strategies[index],
                runs: runs[index * replications..<(index + 1) * replications].flatMap(\.runs))
        }
    }
}

extension PlanSettings {
    /// Whether fleets draw lots of their own, so that replications differ even on one trace.
    var drawsLots: Bool {
        routers.contains { [.random, .powerOfTwoChoices].contains($0) }
            || variants.contains { variant in
                variant.isLossy
                    || variant.entries.contains {
                        ["market", "spot", "capacity", "reliability"].contains($0.key)
                    }
            }
    }
}

import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Workloads

extension Scenario {
    /// Looks up models, devices, offers and workload, plans memory, and fills in defaults.
    /// - Throws: ``ScenarioError`` at the setting that cannot be carried out; `TraceError` where a trace's own first
    ///   lines are malformed, `CatalogueError` where an imported price catalogue is.
    public func resolved() throws -> ResolvedScenario {
        if let plan, strategies.isEmpty {
            throw ScenarioError(
                .missingKey, "there are no `strategies` to run: `isocost plan` finds them", at: plan.position)
        }
        var log = AssumptionLog()
        let workload = try ResolvedWorkload(self.workload, scenario: self, log: &log)
        try checkClasses(against: workload.classes)
        let geography = try ResolvedGeography(self, names: workload.regions, log: &log)
        let context = ResolutionContext(
            scenario: self, model: try ResolvedModel(model, folder: folder, log: &log), prices: try priceBook(&log))
        let strategies = try self.strategies.map { strategy in
            try resolve(strategy, classes: workload.classes, context, geography, &log)
        }
        try checkOutages(against: strategies)
        let baseline = log.value(
            self.baseline?.value, default: strategies[0].name, "baseline", source: "the first strategy")
        let replications = log.value(self.replications, default: 1, "replications", source: "one run per strategy")
        noteReplications(replications, workload, strategies, &log)
        try noteModelError(strategies, &log)
        if sweep != nil { log.warn("The `sweep` block is carried out by `isocost sweep` alone.") }
        noteWhatIsLeftOut(&log)
        return ResolvedScenario(
            scenario: self, model: context.model.architecture.name,
            precision: strategies.flatMap(\.precisions).unique.joined(separator: ", "),
            workload: workload, strategies: strategies, baseline: baseline, replications: replications,
            assumptions: log.assumptions, warnings: log.warnings)
    }

    /// Class settings must speak of classes that the workload has.
    func checkClasses(against known: [String]) throws {
        for settings in classes where !known.contains(settings.name.value) {
            let name = settings.name.value
            throw settings.name.error(
                .unknownName,
                "the workload has no class `\(name)`\(suggestion(for: name, among: known))"
            )
        }
    }

    func resolve(
        _ strategy: StrategySettings, classes known: [String], _ context: ResolutionContext,
        _ geography: ResolvedGeography, _ log: inout AssumptionLog
    ) throws -> ResolvedStrategy {
        let pools = try resolvedPools(of: strategy, context, &log)
        if strategy.router == nil {
            log.add(default: "router", RouterPolicy.leastOutstanding.rawValue, source: "the usual choice of gateways")
        }
        let fleet = FleetConfiguration(
            pools: pools.map(\.configuration), router: strategy.router ?? .leastOutstanding,
            classDelays: known.map { name in settings(of: name)?.networkDelay ?? .zero },
            bounds: known.map { bounds(ofClass: $0) },
            users: try geography.users(
                pools.map(\.outlook), routing: strategy.routing, strategy: strategy.name.value, log: &log),
            clients: try clients(of: strategy, classes: known, &log), outages: outages.map(\.outage))
        var resolved = ResolvedStrategy(
            name: strategy.name.value, fleet: fleet, pools: pools.map(\.summary), terms: pools.map(\.terms),
            packings: pools.map(\.packing))
        resolved.precisions = pools.map(\.precision)
        resolved.billing = BillingPlan(commitments: pools.flatMap(\.commitments))
        resolved.movingPrices = Set(pools.indices.filter { pools[$0].priceMoves })
        resolved.foresights = pools.indices.reduce(into: [:]) { $0[$1] = pools[$1].foresight }
        return resolved
    }

    private func resolvedPools(
        of strategy: StrategySettings, _ context: ResolutionContext, _ log: inout AssumptionLog
    ) throws -> [ResolvedPool] {
        var pools: [ResolvedPool] = []
        for pool in strategy.pools.map({ $0.scaled(by: strategy) }) {
            let name = try Self.poolName(pool, taken: pools.map(\.configuration.name))
            if case .api(let api) = pool.supply {
                pools.append(try ResolvedPool(api: api, of: pool, name: name, in: context, log: &log))
            } else {
                let serving = pool.serving.over(strategy.engine, self.serving)
                pools.append(try ResolvedPool(pool, serving: serving, name: name, in: context, log: &log))
            }
            try Self.checkBill(of: pools, at: pool.position)
        }
        return pools
    }

    /// What clients of each class do; empty where nobody says anything.
    private func clients(
        of strategy: StrategySettings, classes known: [String], _ log: inout AssumptionLog
    ) throws -> [ClientPolicy] {
        let wide = try strategy.clients?.over(clients) ?? clients
        guard wide != nil || classes.contains(where: { $0.clients != nil }) else { return [] }
        return try known.map { name in
            guard let settings = try settings(of: name)?.clients?.over(wide) ?? wide else { return .patient }
            log.note(settings.defaults, of: "clients")
            return settings.policy
        }
    }

    /// An outage must strike somebody.
    private func checkOutages(against strategies: [ResolvedStrategy]) throws {
        let places = strategies.flatMap { $0.fleet.pools.map(\.place) }.flatMap { [$0.region] + $0.zones }
        for place in outages.flatMap(\.places) where !places.contains(place.value) {
            throw place.error(
                .unknownName, "no pool stands in `\(place.value)`\(suggestion(for: place.value, among: places.unique))"
            )
        }
    }

    /// Money is exact up to 9.2 billion dollars; a fleet that could not run for hours within that is a slip of the pen.
    private static func checkBill(of pools: [ResolvedPool], at position: SettingPosition) throws {
        let perHour = pools.reduce(0.0) { $0 + $1.terms.contractedPerHour.dollars * Double($1.packing.instances) }
        guard perHour <= 100_000_000 else {
            throw ScenarioError(
                .outOfRange,
                "the fleet would cost \(number(perHour, digits: 0)) $/h; at most 100 million can be billed",
                at: position)
        }
    }

    /// The pool's own name, or its offer as written (or the device), with a number where a strategy has it twice.
    private static func poolName(_ pool: PoolSettings, taken: [String]) throws -> String {
        let base = pool.title
        guard taken.contains(base) else { return base }
        if let name = pool.name {
            throw name.error(.duplicateKey, "there is already a pool `\(base)` in this strategy")
        }
        return (2...).lazy.map { "\(base) #\($0)" }.first { !taken.contains($0) } ?? base
    }

    private func settings(of name: String) -> ClassSettings? { classes.first { $0.name.value == name } }

    /// What makes one request of a class good: on each latency the bound of the highest percentile that is bounded, for
    /// the class itself, else for all.
    private func bounds(ofClass name: String) -> RequestBounds {
        func bound(_ quantity: ServiceObjective.Quantity) -> SimulatedDuration? {
            let own = objectives.filter { $0.quantity == quantity && $0.requestClass == name }
            let all = objectives.filter { $0.quantity == quantity && $0.requestClass == nil }
            return (own.isEmpty ? all : own).max { $0.quantile < $1.quantile }?.bound
        }
        return RequestBounds(ttft: bound(.ttft), tpot: bound(.tpot), e2e: bound(.e2e))
    }

    /// What this version takes for granted, whatever the scenario.
    private func noteWhatIsLeftOut(_ log: inout AssumptionLog) {
        if objectives.isEmpty { log.add(default: "slo", "none", source: "every completed request counts as good") }
        if !objectives.isEmpty {
            log.add(
                default: "a good request", "within the bound of the highest percentile given for each latency",
                source: "SLO attainment and goodput count such requests")
        }
        let hasDelays =
            classes.contains { $0.networkDelay != nil }
            || strategies.flatMap(\.pools).contains { $0.networkDelay != nil }
        if !hasDelays, users.isEmpty { log.add(default: "network-delay", "0 s", source: "clients beside the servers") }
        let scales = strategies.flatMap(\.pools).contains { $0.range != nil }
        log.add(
            default: "instances", "ready at time 0, rented until the last answer",
            source: scales
                ? "fixed pools and initial replicas; those started later go through `start`"
                : "start-up is not simulated")
        let wire = WireFormat.streamedText
        log.add(
            default: "traffic",
            "\(wire.bytesPerInputToken) B received per prompt token, \(wire.bytesPerOutputToken) B sent per output token",
            source:
                "1,000 tokens are 4–8 kB of text and 20–50 kB as a stream of events; billed by the provider's tariff")
        if !strategies.flatMap(\.pools).contains(where: { $0.extras != nil }) {
            log.add(default: "disks", "not billed", source: "their size is given with `extras`")
        }
    }

    private func noteReplications(
        _ replications: Int, _ workload: ResolvedWorkload, _ strategies: [ResolvedStrategy], _ log: inout AssumptionLog
    ) {
        guard replications > 1, !workload.dependsOnSeed else { return }
        let drawing = strategies.filter { [.random, .powerOfTwoChoices].contains($0.fleet.router) }
        let what = drawing.isEmpty ? "all replications are equal" : "only random routing differs between replications"
        log.warn(
            "The trace is the same in every replication, so \(what): the intervals say nothing about other traffic.")
    }
}

extension Array where Element: Equatable {
    /// Each element once, in order of first appearance.
    var unique: [Element] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

import SimulationCore

/// Looks up strategies of one scenario one after another: model, prices and workload are looked up once.
struct StrategyResolver: Sendable {
    let scenario: Scenario
    let workload: ResolvedWorkload
    private let geography: ResolvedGeography
    private let context: ResolutionContext

    /// - Throws: as ``Scenario/resolved()``.
    init(_ scenario: Scenario) throws {
        var log = AssumptionLog()
        self.scenario = scenario
        workload = try ResolvedWorkload(scenario.workload, scenario: scenario, log: &log)
        try scenario.checkClasses(against: workload.classes)
        geography = try ResolvedGeography(scenario, names: workload.regions, log: &log)
        context = ResolutionContext(
            scenario: scenario, model: try ResolvedModel(scenario.model, folder: scenario.folder, log: &log),
            prices: try scenario.priceBook(&log))
    }

    /// A strategy as a scenario would write it.
    /// - Throws: ``ScenarioError`` where it cannot be carried out.
    func resolve(_ node: SettingNode) throws -> ResolvedStrategy {
        let strategy = try StrategySettings(node, in: scenario.folder)
        try strategy.checkScaling(mayFail: !scenario.outages.isEmpty)
        return try resolve(strategy)
    }

    func resolve(_ strategy: StrategySettings) throws -> ResolvedStrategy {
        var log = AssumptionLog()
        return try scenario.resolve(strategy, classes: workload.classes, context, geography, &log)
    }
}

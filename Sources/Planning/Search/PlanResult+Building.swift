import Primitives
import SimulationCore

extension PlanResult {
    init(
        _ scenario: Scenario, _ groundwork: PlanGroundwork, _ search: FleetSearch, given: [GivenStrategy],
        _ options: PlanOptions
    ) throws {
        let plan = groundwork.plan
        let best = search.best
        name = scenario.name
        objectives = scenario.objectives
        var effort = search.effort(groundwork)
        effort.requests += given.flatMap(\.runs).reduce(0) { $0 + $1.record.offered }
        let next = search.runnersUp
        winner = best.map { PlannedFleet($0, plan, search, against: nil) }
        runnersUp = next.map { PlannedFleet($0, plan, search, against: best) }
        self.given = given.map { PlannedFleet($0, scenario.objectives, against: best) }
        certificate = groundwork.certificate
        (binding, miss) = ([], nil)
        if let best {
            let (sentences, requests) = try search.binding(best, scenario.objectives)
            binding = sentences
            effort.requests += requests
        } else {
            let (found, requests) = try search.closestMiss(scenario.objectives)
            miss = found
            effort.requests += requests
        }
        self.effort = effort
        trials = search.tried.map { PlanTrial($0, scenario.objectives) }
        defaults = plan.defaults.map {
            Assumption(subject: "plan \($0.key)", value: $0.value, source: $0.source, confidence: .assumed)
        }
        guard let best else { return }
        let text = scenario.planned([best] + next, replications: groundwork.replications)
        let planned = try Scenario(text: text, path: "\(scenario.name).yaml", folder: scenario.folder).resolved()
        let runs = ([best] + next).map(\.outcome.runs) + given.map(\.runs)
        let results = zip(planned.strategies, runs).map { strategy, runs in
            StrategyResult(
                name: strategy.name, router: strategy.fleet.router, pools: strategy.pools, runs: runs)
        }
        scenarioText = text
        result = planned.result(of: results, skipped: [])
    }
}

/// A strategy of the scenario, as it was run beside the plan.
struct GivenStrategy: Sendable {
    var strategy: ResolvedStrategy
    var runs: [StrategyRun]
}

extension PlannedFleet {
    fileprivate init(_ fleet: TriedFleet, _ plan: PlanSettings, _ search: FleetSearch, against best: TriedFleet?) {
        self.init(fleet.candidate.name, fleet.outcome.runs, meetsSLO: fleet.passes, against: best)
        policy = plan.policy(of: search.shapes[fleet.candidate.shape])
    }

    fileprivate init(_ given: GivenStrategy, _ objectives: [ServiceObjective], against best: TriedFleet?) {
        let meets = given.runs.allSatisfy { run in
            run.record.verdict != .overloaded
                && objectives.allSatisfy { ObjectiveCheck($0, on: run.record, among: objectives).isMet }
        }
        self.init(given.strategy.name, given.runs, meetsSLO: meets, against: best)
        policy = given.strategy.pools.compactMap(\.scaling?.autoscaler).first ?? PlanSettings.fixedPolicy
    }

    private init(_ name: String, _ runs: [StrategyRun], meetsSLO: Bool, against best: TriedFleet?) {
        let none = Estimate(mean: 0, half: nil)
        self.name = name
        policy = PlanSettings.fixedPolicy
        self.meetsSLO = meetsSLO
        cost = Estimate(of: runs.map(\.metrics.cost.dollars)) ?? none
        costPerHour = Estimate(of: runs.map { $0.metrics.cost.dollars / max($0.metrics.hours, 1e-9) }) ?? none
        aboveWinner = best.flatMap { best in
            Estimate(of: zip(runs, best.outcome.runs).map { $0.metrics.cost.dollars - $1.metrics.cost.dollars })
        }
    }
}

extension PlanSettings {
    static let fixedPolicy = "fixed numbers"

    /// What decides the numbers of a shape's fleets.
    func policy(of shape: FleetShape) -> String {
        guard let scaler = shape.scaler else { return Self.fixedPolicy }
        guard case .map(let entries) = autoscalers[scaler].content,
            case .scalar(let kind, _)? = entries.first(where: { $0.key == "kind" })?.value.content
        else { return "autoscaler" }
        return kind
    }
}

extension PlanTrial {
    fileprivate init(_ fleet: TriedFleet, _ objectives: [ServiceObjective]) {
        self.init(
            name: fleet.candidate.name, passed: fleet.passes, cost: fleet.passes ? fleet.cost : nil,
            failure: fleet.outcome.failure?.words(objectives))
    }
}

extension TrialFailure {
    /// E.g. `TTFT p99 ≤ 2 s`, with what was reached where the run was seen to its end.
    func words(_ objectives: [ServiceObjective]) -> String {
        guard let objective else { return "overloaded" }
        let text = objectives[objective].text
        return reached.map { "\(text): \(latencyText($0))" } ?? text
    }
}

/// Three significant digits or so: `3.12 s`, `84.1 ms`.
func latencyText(_ duration: SimulatedDuration) -> String {
    let seconds = duration.seconds
    if seconds >= 100 { return "\(number(seconds, digits: 0)) s" }
    if seconds >= 1 { return "\(number(seconds, digits: 2)) s" }
    return "\(number(seconds * 1_000, digits: 1)) ms"
}

extension FleetSearch {
    fileprivate func effort(_ groundwork: PlanGroundwork) -> PlanEffort {
        let range = plan.replicas.count
        let candidates = shapes.reduce(0) { sum, shape in
            let fixed = shape.scaler == nil ? shape.variants.count : shape.variants.count - 1
            let sizes = (0..<fixed).reduce(1) { product, _ in product * range }
            return sum + sizes * (shape.scaler == nil ? 1 : plan.floors.count)
        }
        return PlanEffort(
            candidates: candidates, variants: groundwork.usable.count, leftOut: groundwork.leftOut,
            tried: tried.count, requests: requests, requestsPerRun: trials.demands[0].requests,
            replications: replications)
    }

    /// The cheapest fleet that passed of every other shape (a shape of the same variants counts once), cheapest first.
    fileprivate var runnersUp: [TriedFleet] {
        guard let best else { return [] }
        var found: [TriedFleet] = []
        var taken = [shapes[best.candidate.shape].key]
        for fleet in tried.filter(\.passes).sorted(by: { $0.cost < $1.cost }) {
            let key = shapes[fleet.candidate.shape].key
            guard !taken.contains(key), found.count < plan.runnersUp else { continue }
            taken.append(key)
            found.append(fleet)
        }
        return found
    }
}

extension FleetShape {
    /// Of shapes that differ in the router or an autoscaler's parameters alone, the same.
    fileprivate var key: String { "\(variants) \(scaler != nil)" }
}

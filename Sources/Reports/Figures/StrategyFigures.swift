import Planning
import Pricing
import Primitives
import SimulationCore

/// A strategy's numbers as tables and charts show them: means over its replications, the comparison's intervals
/// where it has them.
struct StrategyFigures {
    /// Position in the scenario: the strategy's look in every chart.
    var index: Int
    var result: StrategyResult
    var comparison: StrategyComparison?
    /// All of the scenario.
    var objectives: [ServiceObjective]

    /// All strategies of a result, in its order.
    static func all(of result: ScenarioResult) -> [StrategyFigures] {
        result.strategies.enumerated().map { index, strategy in
            StrategyFigures(
                index: index, result: strategy,
                comparison: result.comparison.first { $0.strategy == strategy.name }, objectives: result.objectives)
        }
    }

    var name: String { result.name }
    var style: SeriesStyle { SeriesStyle(index) }
    var runs: [StrategyRun] { result.runs }
    var isBaseline: Bool { comparison?.isBaseline ?? false }
    var dominated: Bool { comparison?.dominated ?? false }

    /// The worst verdict of any replication.
    var verdict: LoadVerdict {
        let verdicts = runs.map(\.metrics.verdict) + (comparison.map { [$0.verdict] } ?? [])
        return verdicts.contains(.overloaded) ? .overloaded : verdicts.contains(.backlogged) ? .backlogged : .stable
    }

    /// Meets every bound and kept up: an overloaded fleet meets nothing, whatever a short trace shows.
    var meetsSLO: Bool { (comparison?.meetsSLO ?? false) && verdict != .overloaded }

    /// Evidence for the verdict from the first replication that has it.
    var verdictReason: String { runs.first { $0.metrics.verdict == verdict }?.metrics.verdictReason ?? "" }

    /// The comparison's metric, or the mean over the runs where the comparison lacks it.
    func estimate(_ name: String, or value: (RunMetrics) -> Double?) -> Estimate? {
        comparison?[name] ?? mean(value).map { Estimate(mean: $0, half: nil) }
    }

    /// Mean over the replications that have the value.
    func mean(_ value: (RunMetrics) -> Double?) -> Double? {
        let values = runs.compactMap { value($0.metrics) }
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    var costPerHour: Estimate? {
        estimate("cost_per_hour_usd") { $0.hours > 0 ? $0.cost.dollars / $0.hours : nil }
    }
    var costPerMillionTokens: Estimate? { estimate("cost_per_million_tokens_usd") { $0.costPerMillionTokens } }
    var attainment: Estimate? { estimate("slo_attainment") { $0.sloAttainment } }
    var utilization: Estimate? { estimate("utilization") { $0.utilization } }

    /// What it costs more than the baseline per hour (negative: less), paired over seeds.
    var costDifference: Estimate? { comparison?.difference("cost_per_hour_usd") }

    /// The objective's percentile in milliseconds: the comparison's estimate where it speaks of the same requests, else
    /// the mean over the replications; `nil` where it falls on failed requests.
    func latency(_ objective: ServiceObjective) -> Estimate? {
        let failed = runs.contains { $0.metrics.requestsFailed > 0 }
        if objective.quantile == 0.99, objective.requestClass == nil, !objective.excludesClasses(objectives), !failed,
            let known = comparison?["\(objective.quantity.rawValue)_p99_ms"]
        {
            return known
        }
        let reached = checks(objective).compactMap { $0.reached?.milliseconds }
        guard !reached.isEmpty, reached.count == runs.count else { return nil }
        return Estimate(mean: reached.reduce(0, +) / Double(reached.count), half: nil)
    }

    /// Whether the objective holds in every replication of a fleet that keeps up.
    func meets(_ objective: ServiceObjective) -> Bool {
        verdict != .overloaded && checks(objective).allSatisfy(\.isMet)
    }

    private func checks(_ objective: ServiceObjective) -> [ObjectiveCheck] {
        runs.map { ObjectiveCheck(objective, on: $0.record, among: objectives) }
    }

    /// All replications' observations of one latency together.
    func histogram(_ latency: KeyPath<LatencyRecord, LatencyHistogram>) -> LatencyHistogram {
        runs.reduce(into: LatencyHistogram()) { $0.merge($1.record.latency[keyPath: latency]) }
    }

    /// `6 × aws/g6e.xlarge/us-east-1, on-demand`, one per pool.
    var hardware: [String] {
        result.pools.map { pool in
            let parallel = [
                pool.tensorParallel > 1 ? "TP \(pool.tensorParallel)" : nil,
                pool.pipelineParallel > 1 ? "PP \(pool.pipelineParallel)" : nil,
            ].compactMap { $0 }
            let scaling = pool.scaling.map { [$0.autoscaler] } ?? []
            return (["\(pool.replicasText) × \(pool.offerID)", pool.terms.rawValue] + parallel + scaling)
                .joined(separator: ", ")
        }
    }
}

extension ServiceObjective {
    /// Whether some classes have a bound of their own on this quantity, which this objective then leaves out.
    fileprivate func excludesClasses(_ all: [ServiceObjective]) -> Bool {
        all.contains { $0.quantity == quantity && $0.requestClass != nil }
    }
}

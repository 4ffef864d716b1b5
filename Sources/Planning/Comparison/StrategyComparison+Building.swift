import Primitives
import SimulationCore

extension StrategyComparison {
    /// The compared metrics in their fixed order, lower-is-better ones marked.
    private static let compared: [(name: String, value: @Sendable (RunMetrics) -> Double?)] = [
        ("cost_per_hour_usd", { $0.hours > 0 ? $0.cost.dollars / $0.hours : nil }),
        ("cost_per_million_tokens_usd", { $0.costPerMillionTokens }),
        ("slo_attainment", { $0.sloAttainment }),
        ("ttft_p99_ms", { $0.ttft.p99 }),
        ("tpot_p99_ms", { $0.tpot.p99 }),
        ("e2e_p99_ms", { $0.e2e.p99 }),
        ("utilization", { $0.utilization }),
    ]

    /// The estimate of the metric `name`, if every replication has one.
    public subscript(name: String) -> Estimate? { metrics.first { $0.name == name }?.value }

    /// The paired difference of the metric `name` to the baseline; `nil` for the baseline itself.
    public func difference(_ name: String) -> Estimate? { metrics.first { $0.name == name }?.difference }

    /// Compares strategies over equal seeds: replication r of one is paired with replication r of the baseline.
    /// - Precondition: all strategies have the same number of runs, and one is called `baseline`.
    public static func compare(
        _ strategies: [StrategyResult], baseline: String, objectives: [ServiceObjective]
    ) -> [StrategyComparison] {
        let reference = strategies.first { $0.name == baseline }?.runs.map(\.metrics) ?? []
        var rows = strategies.map { strategy in
            row(of: strategy, isBaseline: strategy.name == baseline, reference, objectives)
        }
        for index in rows.indices {
            rows[index].dominated = rows.indices.contains { $0 != index && rows[$0].dominates(rows[index]) }
        }
        return rows
    }

    private static func row(
        of strategy: StrategyResult, isBaseline: Bool, _ reference: [RunMetrics], _ objectives: [ServiceObjective]
    ) -> StrategyComparison {
        let runs = strategy.runs.map(\.metrics)
        let metrics = compared.map { name, value in
            let pairs = zip(runs, reference).map { run, base in
                value(run).flatMap { mine in value(base).map { mine - $0 } }
            }
            return Metric(
                name: name, value: Estimate(ofAll: runs.map(value)),
                difference: isBaseline ? nil : Estimate(ofAll: pairs))
        }
        let meets = strategy.runs.allSatisfy { run in
            objectives.allSatisfy { ObjectiveCheck($0, on: run.record, among: objectives).isMet }
        }
        return StrategyComparison(
            strategy: strategy.name, isBaseline: isBaseline, replications: runs.count, metrics: metrics,
            meetsSLO: meets, dominated: false, verdict: worst(runs.map(\.verdict)))
    }

    /// Overloaded before backlogged before stable.
    private static func worst(_ verdicts: [LoadVerdict]) -> LoadVerdict {
        if verdicts.contains(.overloaded) { return .overloaded }
        return verdicts.contains(.backlogged) ? .backlogged : .stable
    }

    /// At least as good as `other` in cost per hour, SLO attainment and the 99th percentiles of TTFT and TPOT, and
    /// better in one. A metric that either lacks does not count; an overloaded strategy dominates nobody.
    private func dominates(_ other: StrategyComparison) -> Bool {
        guard verdict != .overloaded else { return false }
        var isBetter = false
        for (name, sign) in [
            ("cost_per_hour_usd", 1.0), ("slo_attainment", -1), ("ttft_p99_ms", 1), ("tpot_p99_ms", 1),
        ] {
            guard let mine = self[name]?.mean, let theirs = other[name]?.mean else { continue }
            if sign * mine > sign * theirs { return false }
            if mine != theirs { isBetter = true }
        }
        return isBetter
    }
}

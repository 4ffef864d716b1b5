import Primitives
import SimulationCore

extension StrategyComparison {
    /// The estimate of the metric `name`, if every replication has one.
    public subscript(name: String) -> Estimate? { metrics.first { $0.name == name }?.value }

    /// The paired difference of the metric `name` to the baseline; `nil` for the baseline itself.
    public func difference(_ name: String) -> Estimate? { metrics.first { $0.name == name }?.difference }

    /// Compares strategies over equal seeds: replication r of one is paired with replication r of the baseline.
    /// - Precondition: all strategies have the same number of runs, and one is called `baseline`.
    public static func compare(
        _ strategies: [StrategyResult], baseline: String, objectives: [ServiceObjective]
    ) -> [StrategyComparison] {
        compare(
            strategies.map { strategy in
                ComparedRuns(
                    strategy: strategy.name, runs: strategy.runs.map(\.metrics),
                    meetsSLO: strategy.runs.allSatisfy { run in
                        objectives.allSatisfy { ObjectiveCheck($0, on: run.record, among: objectives).isMet }
                    })
            }, baseline: baseline)
    }

    /// Compares runs by their figures alone.
    /// - Precondition: one of the strategies is called `baseline`; the runs of paired ones are as many as its, in the
    ///   same order of seeds.
    static func compare(_ strategies: [ComparedRuns], baseline: String) -> [StrategyComparison] {
        let reference = strategies.first { $0.strategy == baseline }?.runs ?? []
        let figures = ComparedFigure.common + ComparedFigure.byClass(strategies.flatMap(\.runs))
        var rows = strategies.map { row(of: $0, isBaseline: $0.strategy == baseline, reference, figures) }
        for index in rows.indices {
            rows[index].dominated = rows.indices.contains { $0 != index && rows[$0].dominates(rows[index]) }
        }
        return rows
    }

    private static func row(
        of strategy: ComparedRuns, isBaseline: Bool, _ reference: [RunMetrics], _ figures: [ComparedFigure]
    ) -> StrategyComparison {
        let runs = strategy.runs
        let base = isBaseline ? nil : Reference(runs: reference, isPaired: strategy.isPaired)
        let metrics = figures.map { figure in
            let values = runs.map(figure.value)
            return Metric(
                name: figure.name, value: Estimate(ofAll: values),
                difference: base.flatMap { $0.difference(values, $0.runs.map(figure.value)) })
        }
        let splits = [ExactSplit.cost, .latency].flatMap { $0.metrics(runs, against: base) }
        return StrategyComparison(
            strategy: strategy.strategy, isBaseline: isBaseline, replications: runs.count,
            metrics: metrics + splits + [priceRatio(runs, base)], meetsSLO: strategy.meetsSLO, dominated: false,
            verdict: worst(runs.map(\.verdict)))
    }

    /// Name of ``priceRatio(_:_:)``, and what it means.
    static let priceRatioName = "break_even_price_ratio"

    /// The multiple of the strategy's own machine prices (fees and commitments with them) at which an hour of it costs
    /// as much as an hour of the baseline, everything else staying as it was.
    private static func priceRatio(_ runs: [RunMetrics], _ base: Reference?) -> Metric {
        guard let base else { return Metric(name: priceRatioName, value: nil, difference: nil) }
        let price = base.isPaired ? nil : Estimate(ofAll: base.runs.map(\.costPerHour))?.mean
        let ratios = zip(runs, base.isPaired ? base.runs : runs).map { run, other -> Double? in
            guard let priced = run.account?.priced, priced.moving > .zero, let target = price ?? other.costPerHour
            else { return nil }
            return (target * run.hours - priced.fixed.dollars) / priced.moving.dollars
        }
        return Metric(name: priceRatioName, value: Estimate(ofAll: ratios), difference: nil)
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

/// The runs of one strategy, to be compared.
struct ComparedRuns: Sendable {
    var strategy: String
    var runs: [RunMetrics]
    /// Every bound of the SLO holds in every run.
    var meetsSLO: Bool
    /// Whether run r met the same requests as run r of the baseline.
    var isPaired = true
}

extension StrategyComparison {
    /// Every compared figure's name and definition, in the order of the metrics of `rows`.
    public static func definitions(of rows: [StrategyComparison]) -> [(name: String, definition: String)] {
        let names = rows.flatMap { $0.metrics.map(\.name) }.unique
        let splits = [ExactSplit.cost, .latency].flatMap { zip($0.names, $0.definitions) }
        let own = [
            (
                priceRatioName,
                "The multiple of this strategy's own machine prices at which an hour of it costs as much as an hour of "
                    + "the baseline; disk, traffic, power and what the strategy does stay as they are."
            ),
            (RateBreakEven.metricName, RateBreakEven.definition),
        ]
        let known = Dictionary(
            ComparedFigure.common.map { ($0.name, $0.definition) } + splits + own,
            uniquingKeysWith: { first, _ in first })
        return names.map { name in
            (name, known[name] ?? "Requests of this class within all their bounds ÷ those offered.")
        }
    }
}

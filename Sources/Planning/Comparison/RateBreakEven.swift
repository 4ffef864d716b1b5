import Primitives
import SimulationCore

/// The request rate at which another strategy becomes the answer: found by running the two best strategies again and
/// again, on the same requests closer together or further apart.
public struct RateBreakEven: Sendable, Equatable {
    /// Who wins at a rate.
    public struct Trial: Sendable, Equatable {
        /// Rate as a multiple of the scenario's.
        public var factor: Double
        /// The cheaper per hour of those that meet the SLO and keep up; `nil` where neither does.
        public var winner: String?
        /// Dollars per hour, in the order of ``RateBreakEven/rivals``.
        public var costs: [Double]
    }

    /// A rate at which the winner changes, known to ``RateBreakEven/precision``.
    public struct Change: Sendable, Equatable {
        /// The highest rate tried at which the winner is `below`, as a multiple of the scenario's.
        public var low: Double
        /// The lowest rate tried at which it is `above`.
        public var high: Double
        /// The winner below; `nil` where neither meets the SLO.
        public var below: String?
        /// The winner above.
        public var above: String?
        /// The middle of the two, in ratios.
        public var factor: Double { (low * high).squareRoot() }
    }

    /// The one or two strategies that were tried, the better one first.
    public let rivals: [String]
    /// Mean requests per second of the scenario as it is.
    public let rate: Double
    /// In the order in which they were made.
    public let trials: [Trial]
    /// The change next below the scenario's rate; `nil` where there is none down to a sixteenth.
    public let below: Change?
    /// The change next above it; `nil` where there is none up to sixteen times.
    public let above: Change?

    /// A bracket is halved until its ends are this close in ratio.
    public static let precision = 1.01
    /// The furthest multiple tried.
    public static let reach = 16.0

    /// As in `comparison.csv`, and what it means.
    static let metricName = "break_even_rate_per_s"
    static let definition =
        "Mean requests per second, on the same requests closer together or further apart, from which another of the "
        + "two best strategies (or none) is the cheapest that meets the SLO: the next change above the scenario's rate, "
        + "else below it; runs made at doubled or halved rates until the winner changes, then bisected to 1 %."

    /// The change above the scenario's rate, else the one below it.
    public var next: Change? { above ?? below }
}

extension ResolvedScenario {
    /// Searches for the rates at which the winner of the two best strategies of `result` changes.
    ///
    /// Upwards and downwards the rate is doubled or halved until the winner is another one, then the bracket is bisected
    /// in ratios. A second change within one doubling would not be seen. Costs up to 22 × 2 × replications runs.
    /// - Parameter result: of this scenario; its trial at the rate 1 is not run again.
    /// - Throws: what ``run(_:)`` does.
    public func breakEvenRate(of result: ScenarioResult, _ options: RunOptions = RunOptions()) throws -> RateBreakEven {
        var search = RateSearch(scenario: self, rivals: result.closestRivals, options: options)
        let today = search.judge(result, factor: 1)
        let above = try search.change(from: today, doubling: 2)
        let below = try search.change(from: today, doubling: 0.5)
        let record = result.strategies.first?.runs.first?.record ?? RunRecord()
        let span = (record.lastArrival - record.firstArrival).seconds
        return RateBreakEven(
            rivals: search.rivals, rate: span > 0 ? Double(record.offered) / span : 0, trials: search.trials,
            below: below, above: above)
    }

    /// The scenario with only `names`, at `factor` times the rate.
    fileprivate func atRate(_ factor: Double, only names: [String]) -> ResolvedScenario {
        ResolvedScenario(
            scenario: scenario, model: model, precision: precision, workload: workload.scaled(rate: factor),
            strategies: strategies.filter { names.contains($0.name) }, baseline: names[0],
            replications: replications, assumptions: [], warnings: [])
    }
}

extension ScenarioResult {
    /// The two best: those that meet the SLO and keep up by cost per hour, then the others by attainment.
    fileprivate var closestRivals: [String] {
        func cost(_ row: StrategyComparison) -> Double { row["cost_per_hour_usd"]?.mean ?? .infinity }
        let (able, others) = (comparison.filter(\.isAble), comparison.filter { !$0.isAble })
        let ranked =
            able.sorted { cost($0) < cost($1) }
            + others.sorted { ($0["slo_attainment"]?.mean ?? 0) > ($1["slo_attainment"]?.mean ?? 0) }
        return ranked.prefix(2).map(\.strategy)
    }

    /// The same with the change of rate as a figure of the strategies that were tried.
    public func noting(_ rate: RateBreakEven) -> ScenarioResult {
        var result = self
        for index in comparison.indices {
            let isRival = rate.rivals.contains(comparison[index].strategy)
            let value = isRival ? rate.next.map { Estimate(mean: $0.factor * rate.rate, half: nil) } : nil
            result.comparison[index].metrics.append(
                .init(name: RateBreakEven.metricName, value: value, difference: nil))
        }
        return result
    }
}

extension StrategyComparison {
    /// Meets the SLO and keeps up.
    fileprivate var isAble: Bool { meetsSLO && verdict != .overloaded }
}

private struct RateSearch {
    let scenario: ResolvedScenario
    let rivals: [String]
    let options: RunOptions
    var trials: [RateBreakEven.Trial] = []

    init(scenario: ResolvedScenario, rivals: [String], options: RunOptions) {
        self.scenario = scenario
        self.rivals = rivals
        self.options = options
    }

    /// Keeps who wins in `result`; of equal costs the first of the rivals.
    mutating func judge(_ result: ScenarioResult, factor: Double) -> RateBreakEven.Trial {
        let rows = rivals.compactMap { name in result.comparison.first { $0.strategy == name } }
        func cost(_ row: StrategyComparison) -> Double { row["cost_per_hour_usd"]?.mean ?? .infinity }
        let winner = rows.filter(\.isAble).min { cost($0) < cost($1) }
        let trial = RateBreakEven.Trial(factor: factor, winner: winner?.strategy, costs: rows.map(cost))
        trials.append(trial)
        return trial
    }

    private mutating func run(_ factor: Double) throws -> RateBreakEven.Trial {
        try judge(scenario.atRate(factor, only: rivals).run(options), factor: factor)
    }

    /// The change nearest to `today` in the direction of `step` (2 or ½).
    mutating func change(from today: RateBreakEven.Trial, doubling step: Double) throws -> RateBreakEven.Change? {
        var inside = today
        while true {
            let factor = inside.factor * step
            guard max(factor, 1 / factor) <= RateBreakEven.reach else { return nil }
            let trial = try run(factor)
            if trial.winner != today.winner { return try bisected(inside, trial) }
            inside = trial
        }
    }

    /// - Parameters:
    ///   - inside: on the side of today's rate, with today's winner.
    ///   - outside: with another winner.
    private mutating func bisected(
        _ inside: RateBreakEven.Trial, _ outside: RateBreakEven.Trial
    ) throws -> RateBreakEven.Change {
        var (inside, outside) = (inside, outside)
        while max(inside.factor / outside.factor, outside.factor / inside.factor) > RateBreakEven.precision {
            let trial = try run((inside.factor * outside.factor).squareRoot())
            if trial.winner == inside.winner { inside = trial } else { outside = trial }
        }
        let (low, high) = inside.factor < outside.factor ? (inside, outside) : (outside, inside)
        return RateBreakEven.Change(low: low.factor, high: high.factor, below: low.winner, above: high.winner)
    }
}

public import Planning
import SimulationCore

/// The scenario's answer in plain sentences: what the page opens with and the terminal ends with.
///
/// Which strategy it names is ``Planning/ScenarioResult/recommendation``'s decision; here it is only put into words.
public struct Answer: Sendable, Equatable {
    /// The strategy to take; `nil` where none can be recommended.
    public var strategy: String?
    /// The answer, e.g. `Take six L40S. At $3.72 an hour it meets every latency target.`
    public var sentence: String
    /// What goes with it: the saving with its interval, what to be careful with.
    public var details: [String]
    /// Which strategies are overloaded, and so not comparable; `nil` for none, or where the answer says so already.
    public var overloadNote: String?

    /// Words the recommendation of `result`.
    public init(_ result: ScenarioResult) {
        let figures = StrategyFigures.all(of: result)
        let recommendation = result.recommendation
        let best = figures.first { $0.name == recommendation.strategy }
        let closest = figures.first { $0.name == recommendation.closest }
        strategy = best?.name
        sentence = best.map { Self.answer($0, result) } ?? Self.refusal(figures, closest)
        details = best.map { Self.saving($0, figures) } ?? []
        details += Self.note("Fell behind for a part of the run", figures.filter { $0.verdict == .backlogged })
        let overloaded = figures.filter { $0.verdict == .overloaded }
        overloadNote =
            overloaded.count < figures.count
            ? Self.note("Overloaded, so not to be compared", overloaded).first : nil
    }

    private static func answer(_ best: StrategyFigures, _ result: ScenarioResult) -> String {
        let targets =
            result.objectives.isEmpty
            ? "keeps up with the load; no latency target was set" : "meets every latency target"
        return "Take \(best.name). At \(price(best)) it \(targets)."
    }

    private static func price(_ figures: StrategyFigures) -> String {
        let hourly = "\(Wording.dollars(figures.costPerHour?.mean ?? 0)) an hour"
        guard let tokens = figures.costPerMillionTokens else { return hourly }
        return "\(hourly) (\(Wording.dollars(tokens.mean)) per million tokens)"
    }

    private static func refusal(_ figures: [StrategyFigures], _ closest: StrategyFigures?) -> String {
        guard let closest else { return "The scenario has no strategies to choose from." }
        if figures.allSatisfy({ $0.verdict == .overloaded }) {
            return "No fleet keeps up with this load: every strategy is overloaded."
        }
        let share = closest.attainment.map { Wording.percent($0.mean) } ?? "an unknown share"
        return "No strategy meets the target in every replication. Closest is \(closest.name): "
            + "\(share) of all requests within their bounds, at \(price(closest))."
    }

    private static func note(_ text: String, _ strategies: [StrategyFigures]) -> [String] {
        strategies.isEmpty ? [] : ["\(text): \(Wording.list(strategies.map(\.name)))."]
    }

    private static func saving(_ best: StrategyFigures, _ figures: [StrategyFigures]) -> [String] {
        guard let baseline = figures.first(where: \.isBaseline) else { return [] }
        if best.index == baseline.index {
            guard figures.count > 1 else { return [] }
            let saving = figures.contains { other in
                guard let cost = other.costPerHour, let own = best.costPerHour else { return false }
                return other.meetsSLO && other.verdict != .overloaded && cost.mean < own.mean
            }
            let word = saving ? "a thousandth less" : "less"
            return ["It is the baseline; no other strategy that meets the target costs \(word)."]
        }
        guard let difference = best.costDifference, let cost = baseline.costPerHour, cost.mean > 0 else { return [] }
        let share = Wording.percent(abs(difference.mean) / cost.mean, places: 0)
        let verb = difference.mean <= 0 ? "less" : "more"
        let amount = "\(Wording.dollars(abs(difference.mean))) an hour \(verb) than \(baseline.name)"
        return ["That is \(share) or \(amount)\(interval(difference))."] + standing(of: baseline)
    }

    private static func interval(_ difference: Estimate) -> String {
        guard let half = difference.half else { return ", from one replication, which gives no interval" }
        let centre = abs(difference.mean)
        let (low, high) = (Wording.dollars(centre - half), Wording.dollars(centre + half))
        if low == high { return ", the same in every replication to the digits shown" }
        let ends = "\(low) to \(high)"
        let doubt = half >= centre && half > 0 ? ", which does not exclude that there is no difference" : ""
        return "; 95 % interval \(ends)\(doubt)"
    }

    /// A saving against a fleet that does not do the job is not a saving.
    private static func standing(of baseline: StrategyFigures) -> [String] {
        if baseline.verdict == .overloaded {
            return ["The baseline itself is overloaded: read the difference with care."]
        }
        return baseline.meetsSLO ? [] : ["The baseline itself does not meet the target."]
    }
}

import SimulationCore

/// The answer in a sentence, and what it rests on.
public struct Recommendation: Sendable, Equatable {
    /// One or two sentences for a reader who reads nothing else.
    public let sentence: String
    /// The strategy recommended; `nil` where none meets the SLO under this load.
    public let strategy: String?
    /// The strategy nearest to the SLO where none meets it.
    public let closest: String?
    /// Whether the saving to the baseline is beyond chance; `nil` where there is no saving or no interval to judge.
    public let isSignificant: Bool?
}

extension ScenarioResult {
    /// The cheapest strategy per hour that meets the SLO in every replication without being overloaded, with its
    /// saving to the baseline; or that none does, and which comes closest. Costs within a thousandth are alike: of
    /// strategies that cost alike, the one with the better SLO attainment, then TTFT, then TPOT is named.
    public var recommendation: Recommendation {
        let candidates = comparison.filter { $0.meetsSLO && $0.verdict != .overloaded }
        func cost(_ row: StrategyComparison) -> Double { row["cost_per_hour_usd"]?.mean ?? .infinity }
        let least = candidates.map(cost).min() ?? .infinity
        let alike = candidates.filter { cost($0) <= least * 1.001 }
        // The first of equals.
        guard var winner = alike.first else { return disappoint() }
        for row in alike.dropFirst() where row.serves(betterThan: winner) { winner = row }
        return recommend(winner, of: alike.count)
    }

    /// - Parameter alike: how many strategies cost as little, itself included.
    private func recommend(_ winner: StrategyComparison, of alike: Int) -> Recommendation {
        let cost = winner["cost_per_hour_usd"].map { " at " + dollars($0.mean, per: "h") } ?? ""
        let perToken =
            winner["cost_per_million_tokens_usd"].map { " (\(dollars($0.mean, per: "million tokens")))" } ?? ""
        let claim = objectives.isEmpty ? "that keeps up with the load (no SLO is set)" : "that meets the SLO"
        var sentence = "`\(winner.strategy)` is the cheapest strategy \(claim)\(cost)\(perToken)"
        if alike > 1 { sentence += ", the best served of \(alike) that cost alike" }
        var isSignificant: Bool?
        if comparison.count == 1 {
            sentence =
                "`\(winner.strategy)`, the only strategy, "
                + (objectives.isEmpty ? "keeps up with the load" : "meets the SLO")
                + cost + perToken
        } else if winner.isBaseline {
            sentence += "; it is the baseline"
        } else if let difference = winner.difference("cost_per_hour_usd") {
            let (text, significant) = saving(difference, of: winner)
            sentence += text
            isSignificant = significant
        }
        if winner.verdict == .backlogged { sentence += "; it fell behind for part of the run" }
        return Recommendation(
            sentence: sentence + ".", strategy: winner.strategy, closest: nil, isSignificant: isSignificant)
    }

    /// How the winner's cost differs from the baseline's, and whether that is beyond chance.
    private func saving(_ difference: Estimate, of winner: StrategyComparison) -> (String, Bool?) {
        guard let baseline = comparison.first(where: \.isBaseline), let base = baseline["cost_per_hour_usd"]?.mean
        else { return ("", nil) }
        let percent = base > 0 ? " (\(number(abs(difference.mean) / base * 100, digits: 0)) %)" : ""
        let direction = difference.mean <= 0 ? "less" : "more"
        var text =
            ", \(dollars(abs(difference.mean), per: "h"))\(percent) \(direction) "
            + "than the baseline `\(baseline.strategy)`"
        if !baseline.meetsSLO && !objectives.isEmpty { text += ", which misses the SLO" }
        guard let half = difference.half else { return (text + "; one replication gives no interval", nil) }
        guard difference.excludesZero == true else {
            return (text + "; not enough evidence for a difference: its 95 % interval includes 0", false)
        }
        let bounds = [abs(difference.mean) - half, abs(difference.mean) + half].map { dollars($0, per: "h") }
        return (text + " (95 % interval \(bounds[0]) to \(bounds[1]))", true)
    }

    private func disappoint() -> Recommendation {
        let standing = comparison.filter { $0.verdict != .overloaded }
        func attainment(_ row: StrategyComparison) -> Double { row["slo_attainment"]?.mean ?? 0 }
        guard let best = (standing.isEmpty ? comparison : standing).max(by: { attainment($0) < attainment($1) }) else {
            return Recommendation(sentence: "There is no strategy.", strategy: nil, closest: nil, isSignificant: nil)
        }
        let share = "\(number(attainment(best) * 100, digits: 2)) % of requests within all bounds"
        let sentence =
            standing.isEmpty
            ? "Every strategy is overloaded: latencies depend on how long the load lasts. "
                + "`\(best.strategy)` comes closest"
                + (objectives.isEmpty ? "." : ", with \(share).")
            : "No strategy meets the SLO. `\(best.strategy)` comes closest, with \(share)."
        return Recommendation(sentence: sentence, strategy: nil, closest: best.strategy, isSignificant: nil)
    }
}

extension StrategyComparison {
    /// Whether more requests are within their bounds or, if as many, the first token comes sooner in the worst
    /// hundredth or, if as soon, the others do.
    fileprivate func serves(betterThan other: StrategyComparison) -> Bool {
        for (name, sign) in [("slo_attainment", -1.0), ("ttft_p99_ms", 1), ("tpot_p99_ms", 1)] {
            guard let mine = self[name]?.mean, let theirs = other[name]?.mean, mine != theirs else { continue }
            return sign * mine < sign * theirs
        }
        return false
    }
}

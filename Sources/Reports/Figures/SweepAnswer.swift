import Planning
import Primitives
import SimulationCore

/// What a sweep comes to, in sentences.
struct SweepAnswer {
    /// The answer.
    var sentence: String
    /// What to know beside it.
    var details: [String]

    init(_ table: SweepTable) {
        let front = table.candidates.filter(\.isOnFront)
        let tornados = Sensitivity(table).tornados.filter { $0.figure == table.costFigure.name }
        sentence =
            tornados.isEmpty ? Self.cheapest(table) : tornados.map { Self.swing($0, table) }.joined(separator: " ")
        let points = table.sweep.points.count
        details = [
            "\(Wording.counted(UInt64(points), "point")), \(Wording.counted(UInt64(table.sweep.jobs.count), "job")); "
                + "\(Wording.counted(UInt64(front.count), "candidate")) on the front of cost, "
                + "\(SweepWording.name(table.latencyFigure)) and availability, of \(table.candidates.count)."
        ]
        if tornados.isEmpty, let doubt = Self.doubt(table) { details.append(doubt) }
        let failures = table.failures
        if let first = failures.first {
            details.append(
                "\(Wording.counted(UInt64(failures.count), "point")) could not be carried out; the first, "
                    + "\(table.label(ofPoint: first.point)): \(first.reason).")
        }
        details += table.sweep.notes
    }

    private static func cheapest(_ table: SweepTable) -> String {
        guard let best = table.cheapest, let cost = best.cost else { return "Nothing that was tried meets the SLO." }
        let goal = table.sweep.scenario.objectives.isEmpty ? "that keeps up" : "that meets the SLO"
        return "The cheapest \(goal) is \(best.strategy) with \(table.label(ofPoint: best.point)): "
            + "\(SweepWording.estimate(cost)) \(SweepWording.unit(table))."
    }

    /// What moves a strategy's cost most.
    private static func swing(_ tornado: Sensitivity.Tornado, _ table: SweepTable) -> String {
        let cost =
            "\(tornado.strategy) costs \(SweepWording.estimate(tornado.base)) \(SweepWording.unit(table)) as it is"
        guard let widest = tornado.bars.first, widest.difference.mean != 0 else {
            return cost + "; nothing moves that."
        }
        let values = tornado.bars.filter { $0.axis == widest.axis }.map(\.changed.mean)
        let range = [values.min() ?? 0, values.max() ?? 0].map(Wording.dollars).joined(separator: " to ")
        let doubt = widest.isBeyondChance == true ? "" : ", for which there is not enough evidence"
        return "\(cost); \(widest.axis.shortName) moves that most: \(range)\(doubt)."
    }

    /// Where the runner-up's paired difference to the cheapest cannot be told from chance.
    private static func doubt(_ table: SweepTable) -> String? {
        guard let best = table.cheapest else { return nil }
        let others = table.candidates.filter {
            $0.meetsSLO && $0.verdict != .overloaded && $0.cost != nil
                && ($0.point, $0.strategy) != (best.point, best.strategy)
        }
        guard let second = others.min(by: { ($0.cost?.mean ?? 0) < ($1.cost?.mean ?? 0) }),
            let difference = table.costDifference(of: second, to: best)
        else { return nil }
        let name = "\(second.strategy) with \(table.label(ofPoint: second.point))"
        guard difference.half != nil else {
            return "One replication of each leaves no evidence whether \(name) really costs more."
        }
        if difference.mean == 0 { return "\(name) costs the same." }
        guard difference.excludesZero != true else { return nil }
        return "Not enough evidence that \(name) costs more: the difference of "
            + "\(SweepWording.estimate(difference)) \(SweepWording.unit(table)) may be chance."
    }
}

/// Names and numbers of a sweep.
enum SweepWording {
    /// `per million tokens`, `per hour`.
    static func unit(_ table: SweepTable) -> String {
        table.costFigure.name == "cost_per_hour_usd" ? "per hour" : "per million tokens"
    }

    /// `ttft_p99_ms` as `TTFT p99`; others with blanks.
    static func name(_ figure: ComparedFigure) -> String { name(figure.name) }

    static func name(_ figure: String) -> String {
        let parts = figure.split(separator: "_")
        if parts.count == 3, parts[2] == "ms" { return "\(parts[0].uppercased()) \(parts[1])" }
        switch figure {
        case "cost_per_million_tokens_usd": return "Dollars per million tokens"
        case "cost_per_hour_usd": return "Dollars per hour"
        case "slo_attainment": return "Requests within the SLO"
        default: return figure.prefix(1).uppercased() + figure.dropFirst().replacing("_", with: " ")
        }
    }

    /// A value in the figure's unit.
    static func value(_ value: Double, of figure: String) -> String {
        if figure.hasSuffix("_ms") { return Wording.latency(milliseconds: value) }
        if figure.hasSuffix("_usd") { return Wording.dollars(value) }
        return Wording.percent(value, places: 2)
    }

    /// Dollars, with half of the interval.
    static func estimate(_ cost: Estimate) -> String {
        Wording.dollars(cost.mean) + (cost.half.map { " ± \(Wording.halfDollars($0))" } ?? "")
    }
}

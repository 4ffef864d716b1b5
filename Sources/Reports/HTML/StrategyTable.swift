import Planning
import Primitives
import SimulationCore

/// All strategies side by side: verdicts, costs and latencies, with the detailed percentiles folded below.
enum StrategyTable {
    static func markup(
        _ result: ScenarioResult, _ figures: [StrategyFigures], _ answer: Answer
    ) -> Markup {
        let replications = figures.map(\.runs.count).max() ?? 0
        let caption =
            "Means over \(Wording.counted(UInt64(replications), "replication"))"
            + (replications > 1 ? ", ± half of the 95 % interval" : "")
            + ". Latencies are seen by the client; each term is defined below."
        let rows = figures.map { row($0, result, chosen: $0.name == answer.strategy) }
        return ReportPage.section(
            "strategies", "Strategies",
            [
                #"""
                <div class="scroll"><table class="cardify">
                <caption>\#(caption)</caption>
                <thead><tr>\#(header(result))</tr></thead>
                <tbody>
                \#(rows)</tbody>
                </table></div>
                """#,
                LatencyTable.markup(figures), ClassTable.markup(figures), RegionTable.markup(figures),
                PathTable.markup(figures),
            ])
    }

    private static func columns(_ result: ScenarioResult) -> [String] {
        ["Cost per hour", "Per million tokens", "Against baseline", "Within target"]
            + objectives(result).map { "\(Wording.name($0.quantity)) \(Wording.percentile($0.quantile))" }
            + ["Queue p99", "Busy"]
    }

    private static func header(_ result: ScenarioResult) -> [Markup] {
        [#"<th scope="col">Strategy</th><th scope="col">Verdict</th>"#]
            + columns(result).map { #"<th scope="col" class="n">\#($0)</th>"# }
    }

    /// The scenario's objectives, or the usual percentiles without a bound where it set none.
    static func objectives(_ result: ScenarioResult) -> [ServiceObjective] {
        guard result.objectives.isEmpty else { return result.objectives }
        return [.ttft, .tpot].map { ServiceObjective(quantity: $0, quantile: 0.99, bound: unbounded) }
    }

    static let unbounded = SimulatedDuration(nanoseconds: .max)

    private static func row(_ strategy: StrategyFigures, _ result: ScenarioResult, chosen: Bool) -> Markup {
        let overloaded = strategy.verdict == .overloaded
        let latencies = objectives(result).map { overloaded ? growing : latency(strategy, $0) }
        let queue = strategy.mean { $0.queue.p99 }.map { Markup(data: Wording.latency(milliseconds: $0)) }
        let cells =
            [
                money(strategy.costPerHour), money(strategy.costPerMillionTokens),
                overloaded ? "–" : difference(strategy),
                Markup(data: strategy.attainment.map { Wording.percent($0.mean) } ?? "–"),
            ] + latencies + [overloaded ? growing : queue ?? "–"]
            + [Markup(data: strategy.utilization.map { Wording.percent($0.mean, places: 0) } ?? "–")]
        let numbers = zip(columns(result), cells).map {
            #"<td class="n" data-label="\#($0)">\#($1)</td>"# as Markup
        }
        let classes = [chosen ? "chosen" : "", overloaded ? "over" : "", strategy.dominated ? "dim" : ""]
        return #"""
            <tr class="\#(classes.filter { !$0.isEmpty }.joined(separator: " "))"><th scope="row">\#
            <span class="who">\#(ReportPage.swatch(strategy.style))<span>\#(strategy.name)\#(tags(strategy, chosen))\#
            <small>\#(strategy.hardware.map { Markup(data: $0) }.joined(separator: "<br>"))</small></span></span></th>\#
            <td data-label="Verdict">\#(badge(strategy, result))</td>\#(numbers)</tr>

            """#
    }

    private static let growing: Markup = #"<span class="grow">growing</span>"#

    private static func tags(_ strategy: StrategyFigures, _ chosen: Bool) -> Markup {
        (chosen ? #" <span class="tag pick">recommended</span>"# : "")
            + (strategy.isBaseline ? #" <span class="tag">baseline</span>"# : "")
            + (strategy.dominated ? #" <span class="tag">dominated</span>"# : "")
    }

    /// The verdict in words with a sign of its own, never by colour alone.
    static func badge(_ strategy: StrategyFigures, _ result: ScenarioResult) -> Markup {
        switch strategy.verdict {
        case .overloaded: return #"<span class="badge bad">✕ overloaded</span>"#
        case .backlogged: return #"<span class="badge warn">△ backlogged</span>"#
        case .stable where result.objectives.isEmpty: return #"<span class="badge ok">✓ keeps up</span>"#
        case .stable:
            return strategy.meetsSLO
                ? #"<span class="badge ok">✓ meets target</span>"# : #"<span class="badge warn">✕ misses target</span>"#
        }
    }

    private static func money(_ estimate: Estimate?) -> Markup {
        guard let estimate else { return "–" }
        guard let half = estimate.half else { return Markup(data: Wording.dollars(estimate.mean)) }
        return "\(Wording.dollars(estimate.mean))<small>± \(Wording.halfDollars(half))</small>"
    }

    private static func difference(_ strategy: StrategyFigures) -> Markup {
        guard let difference = strategy.costDifference, let cost = strategy.costPerHour else {
            return strategy.isBaseline ? "–" : ""
        }
        let baseline = cost.mean - difference.mean
        let share = baseline > 0 ? signed(Wording.percent(abs(difference.mean) / baseline), difference.mean) : "–"
        let half = difference.half.map { " ± \(Wording.halfDollars($0))" } ?? ""
        return "\(share)<small>\(signed(Wording.dollars(abs(difference.mean)), difference.mean))\(half) /h</small>"
    }

    private static func signed(_ text: String, _ value: Double) -> String {
        (value < 0 ? "−" : value > 0 ? "+" : "") + text
    }

    private static func latency(_ strategy: StrategyFigures, _ objective: ServiceObjective) -> Markup {
        guard let estimate = strategy.latency(objective) else { return "–" }
        let text = Wording.latency(milliseconds: estimate.mean)
        let half = estimate.half.map { "<small>± \(Wording.halfLatency(milliseconds: $0))</small>" as Markup } ?? ""
        guard objective.bound != unbounded, !strategy.meets(objective) else { return Markup(data: text) + half }
        return #"<span class="miss">\#(text)<span class="sr"> misses the bound</span></span>\#(half)"#
    }
}

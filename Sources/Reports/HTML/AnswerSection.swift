import Foundation
import Planning
import SimulationCore

/// The head of the page: what was asked, the answer, its key figures, and what the reader must know first.
enum AnswerSection {
    static func markup(
        _ result: ScenarioResult, _ figures: [StrategyFigures], _ answer: Answer
    ) -> Markup {
        let chosen = figures.first { $0.name == answer.strategy }
        return #"""
            <header>
            <p class="brand">Isocost <span>cost and capacity report</span></p>
            <h1>\#(result.name)</h1>
            <p class="facts">\#(facts(result))</p>
            </header>
            <section id="answer" aria-labelledby="answer-h">
            <h2 id="answer-h" class="eyebrow">The answer</h2>
            <p class="answer">\#(emphasized(answer))</p>
            \#(answer.details.map { "<p class=\"detail\">\($0)</p>" })
            \#(chosen.map { keyFigures($0, result) } ?? "")
            \#(overloadBanner(figures))
            \#(warnings(result, figures).map { "<p class=\"notice\"><strong>Note.</strong> \(Prose.markup($0))</p>" })
            </section>
            """#
    }

    private static func facts(_ result: ScenarioResult) -> Markup {
        let objectives = result.objectives.map(Wording.objective).joined(separator: ", ")
        let items = [
            ("Model", "\(result.model), \(result.precision)"), ("Workload", result.workload),
            ("Target", objectives.isEmpty ? "none set" : objectives),
        ]
        return items.map { "<span><b>\($0.0)</b> \($0.1)</span>" }.joined(separator: " ")
    }

    /// The sentence with the strategy's name in bold.
    private static func emphasized(_ answer: Answer) -> Markup {
        guard let name = answer.strategy, let range = answer.sentence.range(of: name) else {
            return Markup(data: answer.sentence)
        }
        let (before, after) = (answer.sentence[..<range.lowerBound], answer.sentence[range.upperBound...])
        return "\(String(before))<strong>\(name)</strong>\(String(after))"
    }

    private static func keyFigures(_ chosen: StrategyFigures, _ result: ScenarioResult) -> Markup {
        var cards: [Markup] = []
        func card(_ name: String, _ value: String, _ note: String) {
            cards.append("<div><dt>\(name)</dt><dd>\(value)<small>\(note)</small></dd></div>")
        }
        if let cost = chosen.costPerHour { card("Cost per hour", Wording.dollars(cost.mean), spread(cost)) }
        if let tokens = chosen.costPerMillionTokens {
            card("Per million tokens", Wording.dollars(tokens.mean), spread(tokens))
        }
        if let share = chosen.attainment {
            card("Requests within target", Wording.percent(share.mean), "of all that were offered")
        }
        for objective in result.objectives {
            guard let latency = chosen.latency(objective) else { continue }
            card(
                "\(Wording.name(objective.quantity)) \(Wording.percentile(objective.quantile))",
                Wording.latency(milliseconds: latency.mean), "target ≤ \(Wording.bound(objective.bound))")
        }
        if let use = chosen.utilization { card("Machines busy", Wording.percent(use.mean), "of the time paid for") }
        return #"<dl class="cards">\#(cards)</dl>"#
    }

    private static func spread(_ estimate: Estimate) -> String {
        estimate.half.map { "± \(Wording.halfDollars($0)) (95 %)" } ?? "one replication"
    }

    /// The result's warnings, less those that the banners already say.
    private static func warnings(_ result: ScenarioResult, _ figures: [StrategyFigures]) -> [String] {
        let overloaded = figures.filter { $0.verdict == .overloaded }.map { "`\($0.name)` is overloaded" }
        return result.warnings.filter { warning in !overloaded.contains(where: warning.hasPrefix) }
    }

    private static func overloadBanner(_ figures: [StrategyFigures]) -> Markup {
        figures.filter { $0.verdict == .overloaded }.map { strategy in
            #"""
            <p class="banner" role="note"><strong>\#(strategy.name) is overloaded.</strong> \#
            \#(strategy.verdictReason) \#
            Its latencies grow with the length of the trace and say nothing about the fleet; its costs are not \#
            those of \#
            a service that works.</p>

            """#
        }.joined()
    }
}

/// Sentences with names in backticks, as Isocost's messages write them.
enum Prose {
    /// The sentence with what stands between backticks in bold.
    static func markup(_ sentence: String) -> Markup {
        let parts = sentence.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return Markup(data: sentence) }
        return parts.enumerated().map { index, part in
            index % 2 == 1 ? "<b>\(String(part))</b>" : Markup(data: String(part))
        }.joined()
    }
}

import Foundation
public import Planning

/// `plan.html`: the answer of a plan, its certificate, and what would change it; one page without any outside resource.
public enum PlanPage {
    /// The whole document. A pure function of the plan.
    public static func html(of plan: PlanResult) -> String {
        let figures = plan.result.map(StrategyFigures.all) ?? []
        let body: [Markup] = [
            head(plan), PlanTables.fleets(plan), PlanTables.certificate(plan), pareto(plan, figures),
            PlanTables.policies(plan), PlanTables.changes(plan), PlanTables.trials(plan), PlanTables.method(plan),
        ]
        return ReportPage.document(title: "\(plan.name) – Isocost plan", body.joined(separator: "\n")).text
    }

    private static func head(_ plan: PlanResult) -> Markup {
        let target = plan.objectives.map(Wording.objective).joined(separator: ", ")
        var facts: [(String, String)] = [("Target", target)]
        if let result = plan.result {
            facts = [("Model", "\(result.model), \(result.precision)"), ("Workload", result.workload)] + facts
        }
        return #"""
            <header>
            <p class="brand">Isocost <span>capacity plan</span></p>
            <h1>\#(plan.name)</h1>
            <p class="facts">\#(facts.map { "<span><b>\($0.0)</b> \($0.1)</span>" as Markup }.joined(separator: " "))</p>
            </header>
            <section id="answer" aria-labelledby="answer-h">
            <h2 id="answer-h" class="eyebrow">The answer</h2>
            <p class="answer">\#(answer(plan))</p>
            \#(PlanWording.reasons(plan).map { "<p class=\"detail\">\($0)</p>" as Markup })
            \#(cards(plan))
            </section>
            """#
    }

    private static func answer(_ plan: PlanResult) -> Markup {
        let sentence = PlanWording.answer(plan)
        guard let name = plan.winner?.name, let range = sentence.range(of: name) else { return Markup(data: sentence) }
        return
            "\(String(sentence[..<range.lowerBound]))<strong>\(name)</strong>\(String(sentence[range.upperBound...]))"
    }

    private static func cards(_ plan: PlanResult) -> Markup {
        guard let winner = plan.winner else { return "" }
        let bound = plan.certificate.dollars
        let share = winner.cost.mean > 0 ? bound / winner.cost.mean : 0
        let cards: [(String, String, String)] = [
            ("Cost per hour", Wording.dollars(winner.costPerHour.mean), spread(winner.costPerHour)),
            ("Cost of a run", Wording.dollars(winner.cost.mean), spread(winner.cost)),
            ("Lower bound of a run", Wording.dollars(bound), "no fleet of these offers costs less"),
            (
                "Regret", plan.certificate.regret(of: winner.cost.mean).map { Wording.percent($0, places: 0) } ?? "–",
                "above the bound, which is \(Wording.percent(share, places: 0)) of the cost"
            ),
        ]
        return #"""
            <dl class="cards">\#(cards.map { "<div><dt>\($0.0)</dt><dd>\($0.1)<small>\($0.2)</small></dd></div>" as Markup })</dl>
            """#
    }

    private static func spread(_ estimate: Estimate) -> String {
        estimate.half.map { "± \(Wording.halfDollars($0)) (95 %)" } ?? "one replication"
    }

    private static func pareto(_ plan: PlanResult, _ figures: [StrategyFigures]) -> Markup {
        guard let result = plan.result else { return "" }
        return ChartsSection.scatter(result, figures)
    }
}

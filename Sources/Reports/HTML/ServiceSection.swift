import Planning
import Primitives
import SimulationCore

/// How well the service held up: availability, lost and late requests, time below the SLO and to recover, with their
/// definitions; only where the runs know.
enum ServiceSection {
    /// A column: its figure in the comparison, its head, and how a mean of it is printed.
    private struct Column {
        var name: String
        var head: String
        var text: @Sendable (Double) -> String
    }

    private static let columns = [
        Column(name: "availability", head: "Availability") { Wording.percent($0, places: 2) },
        Column(name: "requests_lost", head: "Lost") { Wording.meanCount($0) },
        Column(name: "requests_late", head: "Late") { Wording.meanCount($0) },
        Column(name: "minutes_below_slo", head: "Minutes below SLO") { Decimal.fixed($0, places: 1, grouped: true) },
        Column(name: "time_to_recover_s", head: "Time to recover") { Wording.recovery($0) },
        Column(name: "retries", head: "Retries") { Wording.meanCount($0) },
        Column(name: "interruptions", head: "Machines lost") { Wording.meanCount($0) },
    ]

    static func markup(_ result: ScenarioResult, _ figures: [StrategyFigures]) -> Markup {
        let known = columns.filter { column in figures.contains { $0.comparison?[column.name] != nil } }
        guard known.contains(where: { $0.name == "availability" }) else { return "" }
        let definitions = StrategyComparison.definitions(of: result.comparison)
        let terms = known.compactMap { column in
            definitions.first { $0.name == column.name }.map { definition in
                "<div><dt>\(column.head)</dt><dd>\(definition.definition)</dd></div>" as Markup
            }
        }
        let heads = known.map { #"<th scope="col" class="n">\#($0.head)</th>"# as Markup }
        return ReportPage.section(
            "service", "How the service held up",
            [
                #"""
                <div class="scroll"><table class="cardify">
                <caption>\#(caption(figures))</caption>
                <thead><tr><th scope="col">Strategy</th>\#(heads)</tr></thead>
                <tbody>
                \#(figures.map { row($0, known) })</tbody></table></div>
                """#, #"<dl class="terms">\#(terms)</dl>"#,
            ])
    }

    private static func caption(_ figures: [StrategyFigures]) -> String {
        let runs = figures.flatMap(\.runs)
        let several = figures.contains { $0.runs.count > 1 }
        let width = runs.compactMap { $0.metrics.account?.binWidth }.max()
        return "Means over the replications" + (several ? ", ± half of the 95 % interval" : "")
            + (width.map { "; bins of \(Wording.bound($0))" } ?? "") + "."
    }

    private static func row(_ strategy: StrategyFigures, _ columns: [Column]) -> Markup {
        let cells = columns.map { column -> Markup in
            let estimate = strategy.comparison?[column.name]
            let half = (estimate?.half ?? 0) > 0 ? estimate?.half : nil
            let spread = half.map { "<small>± \(column.text($0))</small>" as Markup } ?? ""
            let text = estimate.map { column.text($0.mean) } ?? "–"
            return #"<td class="n" data-label="\#(column.head)">\#(text)\#(spread)</td>"#
        }
        return #"""
            <tr class="\#(strategy.verdict == .overloaded ? "over" : "")"><th scope="row"><span class="who">\#
            \#(ReportPage.swatch(strategy.style))<span>\#(strategy.name)</span></span></th>\#(cells)</tr>

            """#
    }
}

public import Planning
import Primitives
import SimulationCore

/// `sweep.html`, `sensitivity.html`: one page without any outside resource. The answer first, then the front, maps of two
/// varied keys, and what the answer hangs on.
public enum SweepPage {
    /// The whole document. A pure function of the table.
    public static func html(of table: SweepTable) -> String {
        let sensitivity = Sensitivity(table)
        let body: [Markup] = [
            head(table), sensitivity.tornados.isEmpty ? front(table) : "", tornados(sensitivity, table), maps(table),
            SweepTables.points(table), definitions(table),
        ]
        let title = "\(table.sweep.scenario.name), \(table.sweep.kind.rawValue) – Isocost"
        return ReportPage.document(title: title, body.filter { !$0.isEmpty }.joined(separator: "\n")).text
    }

    private static func head(_ table: SweepTable) -> Markup {
        let answer = SweepAnswer(table)
        let details = answer.details.map { #"<p class="detail">\#(Prose.markup($0))</p>"# as Markup }
        return #"""
            <p class="brand">Isocost<span>\#(table.sweep.kind.rawValue) of \#(table.sweep.scenario.name)</span></p>
            <h1>\#(table.sweep.scenario.name)</h1>
            <section id="answer" aria-label="The answer">
            <p class="answer">\#(answer.sentence)</p>
            \#(details.joined(separator: "\n"))
            </section>
            """#
    }

    // MARK: The front

    /// Points shown beside the front; more would hide it.
    static let mostPoints = 400

    private static func front(_ table: SweepTable) -> Markup {
        let shown = table.candidates.filter { $0.cost != nil && $0.latency != nil }
        let front = shown.filter(\.isOnFront)
        guard !front.isEmpty else { return "" }
        let rest = shown.filter { !$0.isOnFront }
        let step = max(1, (rest.count + mostPoints - 1) / mostPoints)
        let thinned = rest.enumerated().filter { $0.offset % step == 0 }.map(\.element)
        let names = shown.map(\.strategy)
        let chart = ScatterChart(
            title: "Cost against \(SweepWording.name(table.latencyFigure))",
            costTitle: SweepWording.name(table.costFigure), latencyTitle: SweepWording.name(table.latencyFigure),
            points: (thinned + front).compactMap { point($0, table, names) }, bound: bound(table))
        let keys = table.sweep.scenario.strategyNames.enumerated().map { index, name in
            #"<li>\#(ReportPage.swatch(SeriesStyle(index))) \#(name)</li>"# as Markup
        }
        return ReportPage.section(
            "front", "The front",
            [
                #"""
                <figure>
                <div class="wide">\#(chart.svg(width: 1088, height: 460))</div>\#
                <div class="narrow">\#(chart.svg(width: 358, height: 340))</div>
                <ul class="legend">\#(keys)</ul>
                <figcaption>Lower left is better. Coloured: on the front, nobody is at least as cheap, as fast and as \#
                available, and better in one; filled ones meet the SLO. Grey: the others\#
                \#(step > 1 ? ", one in \(step)" : ""). Bars: 95 % intervals, where there are \#
                replications.</figcaption>
                </figure>
                """#, SweepTables.front(table),
            ])
    }

    private static func point(_ candidate: SweepCandidate, _ table: SweepTable, _ names: [String]) -> ScatterChart
        .Point?
    {
        guard let cost = candidate.cost, let latency = candidate.latency else { return nil }
        let standing: ScatterChart.Standing =
            candidate.verdict == .overloaded
            ? .overloaded : !candidate.isOnFront ? .dominated : candidate.meetsSLO ? .meets : .misses
        let label = table.label(ofPoint: candidate.point)
        let index = table.sweep.scenario.strategyNames.firstIndex(of: candidate.strategy) ?? 0
        let tip =
            "\(candidate.strategy)\n\(label)\n\(SweepWording.estimate(cost)) \(SweepWording.unit(table))\n"
            + "\(SweepWording.name(table.latencyFigure)) \(Wording.latency(milliseconds: latency.mean))\n"
            + "\(Wording.percent(candidate.availability?.mean ?? 0, places: 2)) answered"
        return ScatterChart.Point(
            style: SeriesStyle(index), name: candidate.isOnFront ? label : "", cost: cost, latency: latency,
            standing: standing, tip: tip)
    }

    private static func bound(_ table: SweepTable) -> (value: Double, label: String)? {
        guard let objective = table.sweep.scenario.objectives.first,
            table.latencyFigure.name == "\(objective.quantity.rawValue)_\(Wording.percentile(objective.quantile))_ms"
        else { return nil }
        return (Double(objective.bound.nanoseconds) / 1e6, "target ≤ \(Wording.bound(objective.bound))")
    }

    // MARK: Tornados

    private static func tornados(_ sensitivity: Sensitivity, _ table: SweepTable) -> Markup {
        let shown = sensitivity.tornados.filter { tornado in tornado.bars.contains { $0.difference.mean != 0 } }
        guard !shown.isEmpty else { return "" }
        let pictures = shown.map { tornado -> Markup in
            let chart = chart(tornado)
            return #"<div><h3>\#(tornado.strategy)</h3>\#(chart.svg(width: 536))</div>"#
        }
        return ReportPage.section(
            "sensitivity", "What the answer hangs on",
            [
                #"""
                <figure>
                <div class="grid two">\#(pictures)</div>
                <figcaption>One input at a time, lower and higher, under the same seeds; the line is the scenario as it \#
                is. Bars: 95 % intervals of the paired difference. Grey: not enough evidence that the change is more \#
                than chance.</figcaption>
                </figure>
                """#
            ])
    }

    static func chart(_ tornado: Sensitivity.Tornado) -> TornadoChart {
        var rows: [TornadoChart.Row] = []
        for bar in tornado.bars {
            let value = tornado.base.mean + bar.difference.mean
            let interval = bar.difference.half.map { (value - $0)...(value + $0) }
            let label = bar.axis.factor == nil ? bar.value : "× \(bar.value)"
            let tip =
                "\(bar.axis.path) \(bar.value)\n\(SweepWording.value(value, of: tornado.figure))"
                + (bar.isBeyondChance == true ? "" : "\nnot enough evidence of a difference")
            let mark = TornadoChart.Bar(
                value: value, interval: interval, label: label, tip: tip, isSure: bar.isBeyondChance == true)
            if rows.last?.name == bar.axis.shortName {
                rows[rows.count - 1].bars.append(mark)
            } else {
                rows.append(.init(name: bar.axis.shortName, bars: [mark]))
            }
        }
        return TornadoChart(
            title: SweepWording.name(tornado.figure), valueTitle: "", base: tornado.base.mean, rows: rows
        ) { SweepWording.value($0, of: tornado.figure).tick }
    }

    // MARK: Maps

    private static func maps(_ table: SweepTable) -> Markup {
        let maps = SweepMaps.all(of: table)
        guard !maps.isEmpty else { return "" }
        let pictures = maps.map { "<div>\($0.svg(width: 536))</div>" as Markup }
        return ReportPage.section(
            "maps", "Two keys at a time",
            [
                #"""
                <figure>
                <div class="grid two">\#(pictures)</div>
                <figcaption>The darker, the higher. Grey: misses the SLO or is overloaded.\#
                \#(table.sweep.axes.count > 2 ? " Keys that are not shown have their first value." : "")</figcaption>
                </figure>
                """#
            ])
    }

    private static func definitions(_ table: SweepTable) -> Markup {
        let seeds =
            "Replication r of every point has the same seed, unless the seed itself varies, so that differences are "
            + "paired."
        return ReportPage.section(
            "definitions", "What is counted",
            [
                "<p><b>\(SweepWording.name(table.costFigure))</b>: \(table.costFigure.definition)</p>",
                "<p><b>\(SweepWording.name(table.latencyFigure))</b>: \(table.latencyFigure.definition)</p>",
                "<p><b>Availability</b>: requests answered in full ÷ requests offered.</p>",
                "<p>\(seeds)</p>",
            ])
    }
}

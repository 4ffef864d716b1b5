import Planning

/// The price ratio at which another strategy would win; only where it was worked out.
enum BreakEvenSection {
    static func markup(_ figure: BreakEvenFigure?, _ figures: [StrategyFigures]) -> Markup {
        guard let figure, !figure.lines.isEmpty || !figure.sentences.isEmpty else { return "" }
        let sentences = figure.sentences.map { "<p>\(Prose.markup($0))</p>" as Markup }
        return ReportPage.section("break-even", "Where the decision flips", sentences + [picture(figure, figures)])
    }

    private static func picture(_ figure: BreakEvenFigure, _ figures: [StrategyFigures]) -> Markup {
        let chart = chart(figure, figures)
        guard !chart.series.isEmpty else { return "" }
        let keys = chart.series.map { #"<li>\#(ReportPage.swatch($0.style, line: true)) \#($0.name)</li>"# as Markup }
        return #"""
            <figure>
            <div class="solo"><div class="wide">\#(chart.svg(width: 760, height: 360))</div>\#
            <div class="narrow">\#(chart.svg(width: 358, height: 320))</div></div>
            <ul class="legend">\#(keys)</ul>
            <figcaption>The lowest line is the cheapest strategy. Ring: the ratio at which another one becomes the \#
            cheapest. Vertical line: the prices of the scenario.</figcaption>
            </figure>
            """#
    }

    private static func chart(_ figure: BreakEvenFigure, _ figures: [StrategyFigures]) -> BreakEvenChart {
        let series = figure.lines.enumerated().filter { !$1.points.isEmpty }.map { index, line in
            BreakEvenChart.Series(
                style: figures.first { $0.name == line.strategy }?.style ?? SeriesStyle(figures.count + index),
                name: line.strategy, points: line.points.map { ($0.ratio, $0.cost) })
        }
        let crossings = figure.crossings.map { crossing in
            let ratio = BreakEvenChart.ratio(crossing.point.ratio)
            return BreakEvenChart.Crossing(
                ratio: crossing.point.ratio, cost: crossing.point.cost, label: ratio,
                tip: "\(ratio), \(Wording.dollars(crossing.point.cost))\nbelow: \(crossing.below)\nabove: "
                    + crossing.above)
        }
        return BreakEvenChart(
            title: "Cost against the price ratio", ratioTitle: figure.ratioTitle, costTitle: figure.costTitle,
            series: series, crossings: crossings)
    }
}

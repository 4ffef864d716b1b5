public import Planning

/// `report.html`: one page without any outside resource. The answer stands first, the evidence after it, what it
/// rests on last.
public enum ReportPage {
    /// The whole document. A pure function of the result: equal results give equal bytes.
    /// - Parameter breakEven: where the decision flips; `nil` = as far as prices alone tell.
    public static func html(of result: ScenarioResult, breakEven: BreakEvenFigure? = nil) -> String {
        let figures = StrategyFigures.all(of: result)
        let answer = Answer(result)
        let breakEven = breakEven ?? BreakEvenFigure(of: result)
        let body: [Markup] = [
            AnswerSection.markup(result, figures, answer), StrategyTable.markup(result, figures, answer),
            ServiceSection.markup(result, figures), ChartsSection.markup(result, figures, breakEven),
            InvoiceSection.markup(figures, answer),
            FleetSection.markup(figures), AssumptionSection.markup(result), DefinitionsSection.markup(result),
            ReproductionSection.markup(result),
        ]
        return document(title: "\(result.name) – Isocost", body.joined(separator: "\n")).text
    }

    /// The page around `body`: style and script within.
    static func document(title: String, _ body: Markup) -> Markup {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title)</title>
        <style>
        \(Markup(trusted: Stylesheet.text))
        </style>
        </head>
        <body>
        <main>
        \(body)
        </main>
        <div id="tip" role="status" hidden></div>
        <script>
        \(Markup(trusted: PageScript.text))
        </script>
        </body>
        </html>

        """
    }

    /// A section with its heading; `id` is where links and readers land.
    static func section(_ id: String, _ heading: String, _ content: [Markup]) -> Markup {
        #"""
        <section id="\#(id)" aria-labelledby="\#(id)-h">
        <h2 id="\#(id)-h">\#(heading)</h2>
        \#(content.filter { !$0.isEmpty }.joined(separator: "\n"))
        </section>
        """#
    }

    /// The strategy's marker and line as a small picture for tables and legends.
    static func swatch(_ style: SeriesStyle, line: Bool = false) -> Markup {
        let stroke: Markup =
            line
            ? #"<path class="line \#(style.cssClass)" stroke-dasharray="\#(style.dash)" d="M0 7H34"/>"# : ""
        let width = line ? 34 : 14
        return #"""
            <svg class="swatch" width="\#(width)" height="14" viewBox="0 0 \#(width) 14" aria-hidden="true">\#
            \#(stroke)\#(line ? "" : style.marker(x: 7, y: 7))</svg>
            """#
    }
}

public import Planning
import Primitives
import SimulationCore

/// A sweep for a terminal.
public enum SweepText {
    /// Most rows of the table.
    static let mostRows = 20

    /// The answer, then the front, the cheapest first; of a sensitivity analysis what moves the cost most.
    public static func text(of table: SweepTable, style: TerminalStyle = .plain) -> String {
        let answer = SweepAnswer(table)
        let sentences = ([answer.sentence] + answer.details).map { $0.replacing("`", with: "") + "\n" }.joined()
        let sensitivity = Sensitivity(table)
        if !sensitivity.tornados.isEmpty { return sentences + "\n" + tornado(sensitivity, table, style) }
        return sentences + "\n" + front(table, style)
    }

    private static func front(_ table: SweepTable, _ style: TerminalStyle) -> String {
        let front = table.candidates.filter(\.isOnFront).sorted { ($0.cost?.mean ?? 0) < ($1.cost?.mean ?? 0) }
        guard !front.isEmpty else { return "Nothing that was tried keeps up with its load.\n" }
        let isPerHour = table.costFigure.name == "cost_per_hour_usd"
        var rows = TextTable(columns: [
            .init("on the front", .left, limit: 66), .init("strategy", .left, limit: 28),
            .init(isPerHour ? "$/h" : "$/Mtok"), .init(SweepWording.name(table.latencyFigure)), .init("answered"),
            .init("SLO", .left),
        ])
        rows.rows = front.prefix(mostRows).map { candidate in
            [
                .init(table.label(ofPoint: candidate.point)), .init(candidate.strategy),
                .init(Wording.dollars(candidate.cost?.mean ?? 0).replacing("$", with: "")),
                .init(Wording.latency(milliseconds: candidate.latency?.mean ?? 0)),
                .init(Wording.percent(candidate.availability?.mean ?? 0, places: 2)),
                .init(candidate.meetsSLO ? "✓ meets" : "misses", candidate.meetsSLO ? .good : .warning),
            ]
        }
        let rest = front.count - mostRows
        return rows.text(style) + (rest > 0 ? "… and \(rest) more; all are in the CSV file.\n" : "")
    }

    private static func tornado(_ sensitivity: Sensitivity, _ table: SweepTable, _ style: TerminalStyle) -> String {
        var rows = TextTable(columns: [
            .init("strategy", .left, limit: 28), .init("input", .left, limit: 30), .init("value"),
            .init(table.costFigure.name == "cost_per_hour_usd" ? "$/h" : "$/Mtok"), .init("change"),
            .init("± 95 %"), .init("", .left),
        ])
        for tornado in sensitivity.tornados where tornado.figure == table.costFigure.name {
            for bar in tornado.bars {
                let share = tornado.base.mean > 0 ? bar.difference.mean / tornado.base.mean : 0
                let doubt = bar.isBeyondChance == true ? "" : bar.difference.mean == 0 ? "none" : "not enough evidence"
                rows.rows.append([
                    .init(tornado.strategy), .init(bar.axis.shortName), .init(bar.value),
                    .init(Wording.dollars(bar.changed.mean).replacing("$", with: "")),
                    .init((share < 0 ? "−" : "+") + Decimal.fixed(abs(share) * 100, places: 1) + " %"),
                    .init(bar.difference.half.map { Wording.halfDollars($0).replacing("$", with: "") } ?? "–"),
                    .init(doubt),
                ])
            }
        }
        return rows.text(style)
    }
}

public import Planning
import Primitives
import SimulationCore

/// What `isocost compare` prints: the strategies beside the baseline with intervals, how the service held up, what a
/// request costs, where money and time went, each with its definitions; then the answer and where it flips.
public enum CompareText {
    /// Tables, answer and notes, each line ended by a line feed; at most 100 columns.
    /// - Parameters:
    ///   - breakEven: where the decision flips; `nil` = as far as prices alone tell.
    ///   - notes: what else the reader must know, in sentences.
    public static func text(
        of result: ScenarioResult, breakEven: BreakEvenFigure? = nil, notes: [String] = [],
        style: TerminalStyle = .plain
    ) -> String {
        let figures = StrategyFigures.all(of: result)
        let answer = Answer(result)
        let heading = ComparisonTable.wrapped(answer.sentence).map { style.paint($0, .heading) }
        let details = (answer.details + [answer.overloadNote].compactMap { $0 }).flatMap(ComparisonTable.wrapped)
        let flips = (breakEven ?? BreakEvenFigure(of: result)).sentences.map { $0.replacing("`", with: "") }
        let ends = [heading + details] + (flips + notes).map(ComparisonTable.wrapped)
        return CompareTables.all(figures, answer).map { $0.text(style) + "\n" }.joined()
            + ends.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }.joined(separator: "\n")
    }
}

/// A table of a comparison with the definitions of its columns under it.
struct CompareTable {
    var title: String
    var columns: [TextTable.Column]
    var rows: [[TextTable.Cell]]
    /// What the columns mean: `head: definition` or whole sentences.
    var definitions: [String]

    func text(_ style: TerminalStyle) -> String {
        // Long names give way to large numbers.
        let tables = stride(from: 28, through: 8, by: -2).lazy.map(table)
        let fitting = tables.first { $0.width() <= 100 } ?? table(nameLimit: 8)
        return (title.isEmpty ? "" : style.paint(title, .heading) + "\n") + fitting.text(style)
            + definitions.flatMap(ComparisonTable.wrapped).map { style.paint($0, .quiet) + "\n" }.joined()
    }

    private func table(nameLimit: Int) -> TextTable {
        var table = TextTable(columns: [.init("", .left), .init("strategy", .left, limit: nameLimit)] + columns)
        table.rows = rows
        return table
    }
}

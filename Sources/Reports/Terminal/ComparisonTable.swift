public import Planning
import SimulationCore

/// The comparison for a terminal: the answer, and a table of at most 100 columns.
public enum ComparisonTable {
    /// Answer, table and notes, each line ended by a line feed.
    public static func text(of result: ScenarioResult, style: TerminalStyle = .plain) -> String {
        let figures = StrategyFigures.all(of: result)
        let answer = Answer(result)
        let replications = figures.map(\.runs.count).max() ?? 0
        let note =
            "Means over \(Wording.counted(UInt64(replications), "replication"))."
            + " ★ recommended, = baseline, · dominated."
        let lines =
            wrapped(answer.sentence).map { style.paint($0, .heading) }
            + (answer.details + [answer.overloadNote].compactMap { $0 }).flatMap(wrapped)
        return lines.map { $0 + "\n" }.joined() + "\n"
            + table(figures, result, answer).text(style) + style.paint(note, .quiet) + "\n"
    }

    private static func table(_ figures: [StrategyFigures], _ result: ScenarioResult, _ answer: Answer) -> TextTable {
        let rows = figures.map { row($0, result, chosen: $0.name == answer.strategy) }
        // Long names give way to large numbers.
        let tables = stride(from: 24, through: 8, by: -4).lazy.map { table(rows, nameLimit: $0) }
        return tables.first { $0.width() <= 100 } ?? table(rows, nameLimit: 8)
    }

    private static func table(_ rows: [[TextTable.Cell]], nameLimit: Int) -> TextTable {
        var table = TextTable(columns: [
            .init("", .left), .init("strategy", .left, limit: nameLimit), .init("verdict", .left), .init("$/h"),
            .init("$/Mtok"), .init("vs base"), .init("in SLO"), .init("TTFT p99"), .init("TPOT p99"), .init("busy"),
        ])
        table.rows = rows
        return table
    }

    private static func row(_ strategy: StrategyFigures, _ result: ScenarioResult, chosen: Bool) -> [TextTable.Cell] {
        let overloaded = strategy.verdict == .overloaded
        let quiet: TerminalStyle.Role? = overloaded || strategy.dominated ? .quiet : nil
        let sign = chosen ? "★" : strategy.isBaseline ? "=" : strategy.dominated ? "·" : ""
        func latency(_ value: (RunMetrics) -> Double?) -> TextTable.Cell {
            // A number that depends on the trace's length is not shown beside those that do not.
            let text = overloaded ? "growing" : strategy.mean(value).map { Wording.latency(milliseconds: $0) } ?? "–"
            return .init(text, quiet)
        }
        return [
            .init(sign, .good), .init(strategy.name, chosen ? .heading : quiet), verdict(strategy, result),
            .init(strategy.costPerHour.map { money($0.mean) } ?? "–", quiet),
            .init(strategy.costPerMillionTokens.map { money($0.mean) } ?? "–", quiet),
            .init(overloaded ? "–" : difference(strategy), quiet),
            .init(strategy.attainment.map { Wording.percent($0.mean) } ?? "–", quiet),
            latency { $0.ttft.p99 }, latency { $0.tpot.p99 },
            .init(strategy.utilization.map { Wording.percent($0.mean, places: 0) } ?? "–", quiet),
        ]
    }

    /// The sign is in the column's title.
    private static func money(_ value: Double) -> String { Wording.dollars(value).replacing("$", with: "") }

    private static func difference(_ strategy: StrategyFigures) -> String {
        guard let difference = strategy.costDifference, let cost = strategy.costPerHour else { return "–" }
        let baseline = cost.mean - difference.mean
        guard baseline > 0 else { return "–" }
        let sign = difference.mean < 0 ? "−" : difference.mean > 0 ? "+" : ""
        return sign + Wording.percent(abs(difference.mean) / baseline, places: 0)
    }

    private static func verdict(_ strategy: StrategyFigures, _ result: ScenarioResult) -> TextTable.Cell {
        switch strategy.verdict {
        case .overloaded: .init("✕ overloaded", .bad)
        case .backlogged: .init("△ backlogged", .warning)
        case .stable where result.objectives.isEmpty: .init("✓ keeps up", .good)
        case .stable: strategy.meetsSLO ? .init("✓ meets SLO", .good) : .init("✕ misses SLO", .warning)
        }
    }

    /// Broken between words into lines of at most 100 columns; a word that is wider is broken itself.
    static func wrapped(_ sentence: String) -> [String] {
        var lines: [String] = []
        for word in sentence.split(separator: " ").flatMap({ pieces(of: String($0)) }) {
            if let line = lines.last, DisplayWidth.of(line) + 1 + DisplayWidth.of(word) <= 100 {
                lines[lines.count - 1] = line + " " + word
            } else {
                lines.append(word)
            }
        }
        return lines
    }

    private static func pieces(of word: String) -> [String] {
        word.reduce(into: [""]) { pieces, character in
            if DisplayWidth.of(pieces[pieces.count - 1]) + DisplayWidth.of(character) > 100 { pieces.append("") }
            pieces[pieces.count - 1].append(character)
        }
    }
}

public import Planning
import SimulationCore

/// What `isocost compare` prints: the strategies beside the baseline with intervals, then the answer, where it flips,
/// and whose latencies depend on prices.
public enum CompareText {
    /// What a comparison knows beyond the runs' numbers.
    public struct Notes: Sendable, Equatable {
        /// Sentences on the price ratio and the rate at which another strategy would win.
        public var breakEven: [String]
        /// Strategies with a policy that reads prices; `nil` = not known, and then nothing is said of it.
        public var priceReaders: [String]?

        /// Notes from their parts.
        public init(breakEven: [String] = [], priceReaders: [String]? = nil) {
            self.breakEven = breakEven
            self.priceReaders = priceReaders
        }
    }

    /// Table, answer and notes, each line ended by a line feed; at most 100 columns.
    public static func text(of result: ScenarioResult, notes: Notes = Notes(), style: TerminalStyle = .plain)
        -> String
    {
        let figures = StrategyFigures.all(of: result)
        let answer = Answer(result)
        let heading = ComparisonTable.wrapped(answer.sentence).map { style.paint($0, .heading) }
        let details = (answer.details + [answer.overloadNote].compactMap { $0 }).flatMap(ComparisonTable.wrapped)
        let ends = (notes.breakEven + prices(notes.priceReaders)).flatMap(ComparisonTable.wrapped)
        let paragraphs = [heading + details, ends].filter { !$0.isEmpty }
        return table(figures, answer).text(style)
            + ComparisonTable.wrapped(legend(figures)).map { style.paint($0, .quiet) + "\n" }.joined()
            + paragraphs.map { "\n" + $0.map { $0 + "\n" }.joined() }.joined()
    }

    private static func prices(_ readers: [String]?) -> [String] {
        guard let readers else { return [] }
        guard !readers.isEmpty else {
            return ["No strategy's policies read prices: other prices would change costs and no latency."]
        }
        let verb = readers.count == 1 ? "reads prices: other prices would change its" : "read prices: other prices would change their"
        return ["\(Wording.list(readers)) \(verb) latencies as well."]
    }

    private static func legend(_ figures: [StrategyFigures]) -> String {
        let replications = UInt64(figures.map(\.runs.count).max() ?? 0)
        return "Means over \(Wording.counted(replications, "replication"))"
            + (replications > 1 ? ", ± half of the 95 % interval; differences are paired over equal seeds" : "")
            + ". ★ recommended, = baseline, · dominated, ✕ overloaded."
    }

    // MARK: The table

    private static func table(_ figures: [StrategyFigures], _ answer: Answer) -> TextTable {
        let rows = figures.map { row($0, chosen: $0.name == answer.strategy) }
        // Long names give way to large numbers.
        let tables = stride(from: 28, through: 8, by: -2).lazy.map { table(rows, nameLimit: $0) }
        return tables.first { $0.width() <= 100 } ?? table(rows, nameLimit: 8)
    }

    private static func table(_ rows: [[TextTable.Cell]], nameLimit: Int) -> TextTable {
        var table = TextTable(columns: [
            .init("", .left), .init("strategy", .left, limit: nameLimit), .init("$/h"), .init("$/1k good"),
            .init("in SLO"), .init("served"), .init("TTFT p99"), .init("lost"), .init("$/h vs baseline"),
        ])
        table.rows = rows
        return table
    }

    private static func row(_ strategy: StrategyFigures, chosen: Bool) -> [TextTable.Cell] {
        let overloaded = strategy.verdict == .overloaded
        let quiet: TerminalStyle.Role? = overloaded || strategy.dominated ? .quiet : nil
        let sign =
            overloaded ? "✕" : chosen ? "★" : strategy.isBaseline ? "=" : strategy.dominated ? "·" : ""
        let ttft = strategy.mean(\.ttft.p99).map { Wording.latency(milliseconds: $0) } ?? "–"
        return [
            .init(sign, overloaded ? .bad : .good), .init(strategy.name, chosen ? .heading : quiet),
            .init(strategy.costPerHour.map(spread) ?? "–", quiet),
            .init(strategy.mean(\.costPerGoodRequest).map { amount($0 * 1_000) } ?? "–", quiet),
            .init(strategy.attainment.map { Wording.percent($0.mean) } ?? "–", quiet),
            .init(strategy.availability.map { Wording.percent($0, places: 2) } ?? "–", quiet),
            // A number that depends on the trace's length is not shown beside those that do not.
            .init(overloaded ? "growing" : ttft, quiet), .init(ServiceColumn.count(strategy.interruptions), quiet),
            .init(overloaded ? "–" : difference(strategy), quiet),
        ]
    }

    /// The sign is in the column's title.
    private static func amount(_ value: Double) -> String { Wording.dollars(value).replacing("$", with: "") }

    private static func spread(_ estimate: Estimate) -> String {
        let half = estimate.half.map { " ± " + Wording.halfDollars($0).replacing("$", with: "") } ?? ""
        return amount(estimate.mean) + half
    }

    private static func difference(_ strategy: StrategyFigures) -> String {
        guard let difference = strategy.costDifference else { return strategy.isBaseline ? "baseline" : "–" }
        let sign = difference.mean > 0 ? "+" : ""
        return sign + spread(difference)
    }
}

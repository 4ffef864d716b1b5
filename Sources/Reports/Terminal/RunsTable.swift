public import Planning
import Primitives
import SimulationCore

/// The stored runs, as `isocost runs` lists them.
public enum RunsTable {
    /// One stored run.
    public struct Row: Sendable, Equatable {
        /// The number to name it by.
        public var id: Int64
        /// When it was stored, as text.
        public var created: String
        public var metrics: RunMetrics

        public init(id: Int64, created: String, metrics: RunMetrics) {
            self.id = id
            self.created = created
            self.metrics = metrics
        }
    }

    /// At most 100 columns wide; a sentence where there are no rows.
    public static func text(of rows: [Row], style: TerminalStyle = .plain) -> String {
        guard !rows.isEmpty else { return "No runs are stored yet.\n" }
        var table = TextTable(columns: [
            .init("run"), .init("created", .left), .init("scenario", .left, limit: 20),
            .init("strategy", .left, limit: 20), .init("rep"), .init("cost $"), .init("in SLO"),
            .init("verdict", .left),
        ])
        table.rows = rows.map(cells)
        return table.text(style)
    }

    /// `2026-11-24T09:30:00Z` to the minute: `2026-11-24 09:30`.
    private static func minute(_ created: String) -> String { String(created.replacing("T", with: " ").prefix(16)) }

    private static func cells(_ row: Row) -> [TextTable.Cell] {
        let run = row.metrics
        let role: TerminalStyle.Role? =
            switch run.verdict {
            case .stable: .good
            case .backlogged: .warning
            case .overloaded: .bad
            }
        return [
            .init(String(row.id)), .init(minute(row.created), .quiet), .init(run.scenario),
            .init(run.strategy), .init(String(run.replication)),
            .init(Wording.dollars(run.cost.dollars).replacing("$", with: "")),
            .init(Wording.percent(run.sloAttainment)),
            .init(run.verdict.rawValue, role),
        ]
    }
}

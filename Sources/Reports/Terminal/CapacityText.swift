public import Planning

/// Capacities for a terminal.
public enum CapacityText {
    /// A row per strategy, and what the numbers mean.
    public static func text(of capacities: [StrategyCapacity], style: TerminalStyle = .plain) -> String {
        var table = TextTable(columns: [
            .init("strategy", .left, limit: 32), .init("requests/s"), .init("± 95 %"), .init("× scenario"),
            .init("proven (MLPerf)"), .init("ends at", .left, limit: 28), .init("runs"),
        ])
        table.rows = capacities.map { capacity in
            [
                .init(capacity.strategy), .init(capacity.rate.map { rate($0.mean) } ?? "none", .heading),
                .init(capacity.rate?.half.map(rate) ?? "–"),
                .init(capacity.factor.map { Decimal.significant($0, digits: 3) } ?? "–"),
                .init(capacity.provenRate.map { rate($0.mean) } ?? "–"),
                .init(Wording.list(capacity.limits.map(\.text))), .init("\(capacity.runs)"),
            ]
        }
        var notes = [
            "The highest rate at which every percentile is within its bound, on the scenario's requests closer together "
                + "or further apart; mean over replications.",
            "Proven: by MLPerf Server's rule late requests are so few that the share on time is sure at 99 % confidence.",
        ]
        for capacity in capacities where capacity.provenRate == nil && capacity.rate != nil {
            notes.append(
                "\(capacity.strategy): a run of \(Wording.count(capacity.requests)) requests proves nothing; with no late "
                    + "request at all it takes \(Wording.count(capacity.requestsNeeded)).")
        }
        return table.text(style)
            + notes.flatMap(ComparisonTable.wrapped).map { style.paint($0, .quiet) + "\n" }.joined()
    }

    private static func rate(_ value: Double) -> String { Decimal.significant(value, digits: 3) }
}

import Planning
import Primitives
import SimulationCore

/// Heat maps of a grid over its first two axes.
enum SweepMaps {
    /// Values along a side; more would leave no room for a number.
    static let mostValues = 16

    /// Cost, latency and SLO attainment of each strategy; none for other designs, or where a side is too long.
    static func all(of table: SweepTable) -> [HeatMap] {
        let axes = table.sweep.axes
        guard table.sweep.design == .grid, axes.count >= 2, axes[1].values.count > 1, axes[0].values.count > 1,
            axes.prefix(2).allSatisfy({ $0.values.count <= mostValues })
        else { return [] }
        let figures =
            [table.costFigure, table.latencyFigure] + ComparedFigure.common.filter { $0.name == "slo_attainment" }
        let names = table.candidates.map(\.strategy)
        let strategies = names.enumerated().filter { names.firstIndex(of: $0.element) == $0.offset }.map(\.element)
        return strategies.flatMap { strategy in figures.map { map(table, strategy, $0) } }
    }

    private static func map(_ table: SweepTable, _ strategy: String, _ figure: ComparedFigure) -> HeatMap {
        let axes = table.sweep.axes
        let rest = axes.dropFirst(2).map { Optional($0.values[0]) }
        let cells = axes[0].values.map { row in
            axes[1].values.map { column -> HeatMap.Cell? in
                let values = [row, column] + rest
                let candidate = table.candidates.first {
                    $0.strategy == strategy && table.sweep.points[$0.point].values == values
                }
                guard let candidate, let value = candidate.estimate(figure)?.mean else { return nil }
                let text = SweepWording.value(value, of: figure.name)
                return HeatMap.Cell(
                    value: value, label: text, tip: "\(table.label(ofPoint: candidate.point))\n\(text)",
                    isGood: candidate.meetsSLO && candidate.verdict != .overloaded)
            }
        }
        return HeatMap(
            title: "\(strategy): \(SweepWording.name(figure))", columnTitle: axes[1].shortName,
            columns: axes[1].values, rowTitle: axes[0].shortName, rows: axes[0].values, cells: cells)
    }
}

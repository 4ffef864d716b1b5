public import Planning
import Primitives
import SimulationCore

/// The tables of a sweep. Functions of its ``SweepTable``: the bytes do not depend on who found the results, or when.
public enum SweepCSV {
    /// A row per point, replication and strategy: what was varied, the columns of `summary.csv`, and `availability`,
    /// `meets_slo`, `pareto` (the strategy at this point is on the front of cost, latency and availability) and `error`.
    /// A point that could not be carried out has a row per replication with nothing but its values and the error.
    public static func runs(_ table: SweepTable) -> String {
        let axes = axisColumns(table.sweep)
        var csv = CSVText(
            header: ["job", "point"] + axes + SummaryCSV.columns + ["availability", "meets_slo", "pareto", "error"])
        let front = Set(table.candidates.filter(\.isOnFront).map { Key(point: $0.point, strategy: $0.strategy) })
        for outcome in table.outcomes {
            let job = table.sweep.jobs[outcome.job]
            let start = [.integer(Int64(job.number)), .integer(Int64(job.point))] + values(table.sweep, job.point)
            for run in outcome.runs {
                let isOnFront = front.contains(Key(point: job.point, strategy: run.strategy))
                csv.row(
                    start + SummaryCSV.row(run) + [
                        .decimal(run.availability), run.account?.meetsSLO.map(CSVField.flag) ?? .text(""),
                        .flag(isOnFront), .text(""),
                    ])
            }
            guard let failure = outcome.failure else { continue }
            let nothing = SummaryCSV.columns.map { column -> CSVField in
                column == "scenario"
                    ? .text(table.sweep.scenario.name)
                    : column == "replication" ? .integer(Int64(job.replication)) : .text("")
            }
            csv.row(start + nothing + [.text(""), .text(""), .text(""), .text(failure)])
        }
        return csv.text
    }

    private struct Key: Hashable {
        var point: Int
        var strategy: String
    }

    /// A row per point and strategy: what was varied, and each compared figure's mean over the replications with its 95 %
    /// interval.
    public static func points(_ table: SweepTable) -> String {
        let figures = ComparedFigure.common
        var csv = CSVText(
            header: ["point"] + axisColumns(table.sweep)
                + ["strategy", "replications", "verdict", "meets_slo", "pareto"]
                + figures.flatMap { [$0.name, $0.name + "_low", $0.name + "_high"] })
        for candidate in table.candidates {
            csv.row(
                [.integer(Int64(candidate.point))] + values(table.sweep, candidate.point) + [
                    .text(candidate.strategy), .integer(Int64(candidate.runs.count)),
                    .text(candidate.verdict.rawValue), .flag(candidate.meetsSLO), .flag(candidate.isOnFront),
                ]
                    + figures.flatMap { figure -> [CSVField] in
                        let estimate = candidate.estimate(figure)
                        return [.decimal(estimate?.mean), .decimal(estimate?.low), .decimal(estimate?.high)]
                    })
        }
        return csv.text
    }

    /// A row per strategy, figure and change of one input: the figure as the scenario is and with the change, the paired
    /// difference with its 95 % interval, and whether that is beyond chance (`unknown` = not enough evidence to say).
    public static func tornado(_ sensitivity: Sensitivity) -> String {
        var csv = CSVText(header: [
            "strategy", "figure", "input", "value", "as_it_is", "changed", "difference", "difference_low",
            "difference_high", "beyond_chance",
        ])
        for tornado in sensitivity.tornados {
            for bar in tornado.bars {
                csv.row([
                    .text(tornado.strategy), .text(tornado.figure), .text(bar.axis.path), .text(bar.value),
                    .decimal(tornado.base.mean), .decimal(bar.changed.mean), .decimal(bar.difference.mean),
                    .decimal(bar.difference.low), .decimal(bar.difference.high),
                    bar.isBeyondChance.map(CSVField.flag) ?? .text("unknown"),
                ])
            }
        }
        return csv.text
    }

    /// The varied paths; those that are called like another column begin with `key.`.
    private static func axisColumns(_ sweep: Sweep) -> [String] {
        sweep.axes.map { SummaryCSV.columns.contains($0.path) ? "key." + $0.path : $0.path }
    }

    private static func values(_ sweep: Sweep, _ point: Int) -> [CSVField] {
        sweep.points[point].values.map { .text($0 ?? "") }
    }
}

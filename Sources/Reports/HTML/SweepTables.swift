import Planning
import Primitives
import SimulationCore

/// The tables of a sweep's page.
enum SweepTables {
    /// Rows shown of all points; the CSV file has the others.
    static let mostRows = 200

    /// The candidates on the front, the cheapest first.
    static func front(_ table: SweepTable) -> Markup {
        let front = table.candidates.filter(\.isOnFront).sorted { ($0.cost?.mean ?? 0) < ($1.cost?.mean ?? 0) }
        return markup(Array(front.prefix(mostRows)), table, caption: "The front, the cheapest first")
    }

    /// The first points, in their order.
    static func points(_ table: SweepTable) -> Markup {
        let shown = Array(table.candidates.prefix(mostRows))
        let caption =
            table.candidates.count > mostRows
            ? "The first \(mostRows) of \(table.candidates.count); all are in the CSV file" : "In their order"
        return ReportPage.section("points", "All points", [markup(shown, table, caption: caption)])
    }

    private static func markup(_ candidates: [SweepCandidate], _ table: SweepTable, caption: String) -> Markup {
        let axes = table.sweep.axes.map { #"<th scope="col">\#($0.path)</th>"# as Markup }
        let rows = candidates.map { row($0, table) }
        return #"""
            <div class="scroll"><table>
            <caption>\#(caption)</caption>
            <thead><tr>\#(axes)<th scope="col">strategy</th><th scope="col" class="n">\#(SweepWording.name(table.costFigure))</th>\#
            <th scope="col" class="n">\#(SweepWording.name(table.latencyFigure))</th><th scope="col" class="n">answered</th>\#
            <th scope="col">SLO</th><th scope="col">front</th></tr></thead>
            <tbody>\#(rows.joined(separator: "\n"))</tbody>
            </table></div>
            """#
    }

    private static func row(_ candidate: SweepCandidate, _ table: SweepTable) -> Markup {
        let values = table.sweep.points[candidate.point].values.map { "<td>\($0 ?? "as it is")</td>" as Markup }
        let cost = candidate.cost.map(SweepWording.estimate) ?? "–"
        let latency = candidate.latency.map { Wording.latency(milliseconds: $0.mean) } ?? "–"
        let answered = candidate.availability.map { Wording.percent($0.mean, places: 2) } ?? "–"
        let standing = candidate.verdict == .overloaded ? "overloaded" : candidate.meetsSLO ? "meets" : "misses"
        return #"""
            <tr>\#(values)<th scope="row">\#(candidate.strategy)</th><td class="n">\#(cost)</td>\#
            <td class="n">\#(latency)</td><td class="n">\#(answered)</td><td>\#(standing)</td>\#
            <td>\#(candidate.isOnFront ? "★" : "")</td></tr>
            """#
    }
}

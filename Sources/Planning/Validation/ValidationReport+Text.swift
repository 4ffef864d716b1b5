extension ValidationReport {
    /// The report as aligned text: every comparison, omissions, then the summary.
    public var text: String {
        let heading = "\(set.rawValue): \(set.title)\n\n"
        return heading + Self.render(comparisonCells, style: .aligned) + omissionText("  ") + "\n"
            + Self.render(summaryCells, style: .aligned)
    }

    /// The report as a Markdown section.
    public var markdown: String {
        let heading = "## \(set.rawValue)\n\n\(set.title).\n\n"
        return heading + Self.render(summaryCells, style: .markdown) + "\n" + omissionText("- ")
            + (omissions.isEmpty ? "" : "\n")
            + Self.render(documentCells, style: .markdown)
    }

    /// What a document shows: long sets condensed, and errors alone where the measurements are not ours to publish.
    private var documentCells: [[String]] {
        if comparisons.count > Self.longest { return groupCells }
        return set.isPublishable ? comparisonCells : comparisonCells.map { [$0[0], $0[1], $0[4]] }
    }

    /// More comparisons than a reader of a document reads: they are condensed there.
    private static let longest = 500

    private func omissionText(_ bullet: String) -> String {
        omissions.map { "\(bullet)left out: \($0)\n" }.joined()
    }

    private var comparisonCells: [[String]] {
        [["configuration", "statistic", "simulated", "measured", "error"]]
            + comparisons.map { line in
                [
                    line.configuration, line.statistic, number(line.simulated, digits: 1),
                    number(line.measured, digits: 1), Self.signed(line.error),
                ]
            }
    }

    /// One line per group of configurations, which is called what stands before the first comma of their names.
    private var groupCells: [[String]] {
        var groups: [(name: String, statistic: String, lines: [ValidationComparison])] = []
        for line in comparisons {
            let name = String(line.configuration.prefix { $0 != "," })
            if let index = groups.firstIndex(where: { $0.name == name && $0.statistic == line.statistic }) {
                groups[index].lines.append(line)
            } else {
                groups.append((name, line.statistic, [line]))
            }
        }
        groups.sort { ($0.name, $0.statistic) < ($1.name, $1.statistic) }
        return [["configuration", "statistic", "points", "mean error", "mean absolute error", "worst"]]
            + groups.map { group in
                let errors = group.lines.map(\.error)
                let count = Double(errors.count)
                let worst = errors.max { abs($0) < abs($1) } ?? 0
                return [
                    group.name, group.statistic, String(errors.count), Self.signed(errors.reduce(0, +) / count),
                    Self.share(errors.reduce(0) { $0 + abs($1) } / count), Self.signed(worst),
                ]
            }
    }

    private var summaryCells: [[String]] {
        [["target", "absolute error of", "here", "best published", "bar", "reached"]]
            + summaries.map { line in
                [
                    line.target, line.statistic, Self.share(line.error), Self.share(line.published),
                    Self.share(line.bar), line.isReached.map { $0 ? "yes" : "no" } ?? "–",
                ]
            }
    }

    private static func share(_ value: Double?) -> String {
        value.map { number($0 * 100, digits: 1) + " %" } ?? "–"
    }

    static func signed(_ error: Double) -> String {
        (error < 0 ? "−" : "+") + number(abs(error) * 100, digits: 1) + " %"
    }

    enum Style { case aligned, markdown }

    /// Rows of cells, the first being the heading; numbers stand right.
    static func render(_ rows: [[String]], style: Style) -> String {
        guard let heading = rows.first else { return "" }
        let isText = heading.map { ["configuration", "statistic", "target", "absolute error of"].contains($0) }
        if style == .markdown {
            let rule = "|" + isText.map { $0 ? "---|" : "---:|" }.joined()
            let lines = rows.map { "| " + $0.joined(separator: " | ") + " |" }
            return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n") + "\n"
        }
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return isText[column] ? row[column] + space : space + row[column]
            }
            .joined(separator: "  ")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension ValidationSummary {
    /// Whether the error lies within the bar; `nil` where either is missing.
    public var isReached: Bool? {
        guard let error, let bar else { return nil }
        return error <= bar
    }
}

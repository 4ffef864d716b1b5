import Planning
import Pricing
import Primitives
import SimulationCore

/// The tables of a comparison, in the order they are printed.
enum CompareTables {
    static func all(_ figures: [StrategyFigures], _ answer: Answer) -> [CompareTable] {
        [
            costs(figures, answer), service(figures), classes(figures), requests(figures), money(figures),
            time(figures),
        ].compactMap { $0 }
    }

    private static func head(_ strategy: StrategyFigures, _ answer: Answer?) -> [TextTable.Cell] {
        let overloaded = strategy.verdict == .overloaded
        let chosen = strategy.name == answer?.strategy
        let sign = overloaded ? "✕" : chosen ? "★" : strategy.isBaseline ? "=" : strategy.dominated ? "·" : ""
        return [.init(sign, overloaded ? .bad : .good), .init(strategy.name, chosen ? .heading : quiet(strategy))]
    }

    private static func quiet(_ strategy: StrategyFigures) -> TerminalStyle.Role? {
        strategy.verdict == .overloaded || strategy.dominated ? .quiet : nil
    }

    // MARK: Cost and latency

    private static func costs(_ figures: [StrategyFigures], _ answer: Answer) -> CompareTable {
        let rows = figures.map { strategy -> [TextTable.Cell] in
            let overloaded = strategy.verdict == .overloaded
            func latency(_ value: (RunMetrics) -> Double?) -> String {
                // A number that depends on the trace's length is not shown beside those that do not.
                overloaded ? "growing" : strategy.mean(value).map { Wording.latency(milliseconds: $0) } ?? "–"
            }
            let ratio = strategy.comparison?["break_even_price_ratio"]
            let texts = [
                strategy.costPerHour.map(spread) ?? "–", overloaded ? "–" : difference(strategy),
                overloaded ? "–" : ratio.map { "× " + Decimal.significant($0.mean, digits: 3) } ?? "–",
                strategy.attainment.map { Wording.percent($0.mean) } ?? "–", latency { $0.ttft.p99 },
                latency { $0.tpot.p99 },
            ]
            return head(strategy, answer) + texts.map { .init($0, quiet(strategy)) }
        }
        return CompareTable(
            title: "",
            columns: ["$/h", "vs baseline $/h", "even at", "in SLO", "TTFT p99", "TPOT p99"].map { .init($0) },
            rows: rows, definitions: legend(figures))
    }

    private static func legend(_ figures: [StrategyFigures]) -> [String] {
        let replications = UInt64(figures.map(\.runs.count).max() ?? 0)
        let intervals = figures.contains { $0.runs.count > 1 }
        return [
            "Means over \(Wording.counted(replications, "replication"))"
                + (intervals
                    ? ", ± half of the 95 % interval (Student's t); differences are paired over equal seeds unless said "
                        + "otherwise" : "")
                + ". even at: multiple of the strategy's own machine prices at which an hour costs what the baseline's "
                + "does. in SLO: requests within all bounds of their class ÷ offered. ★ recommended, = baseline, "
                + "· dominated, ✕ overloaded."
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
        return (difference.mean > 0 ? "+" : "") + spread(difference)
    }

    // MARK: Service

    private static func service(_ figures: [StrategyFigures]) -> CompareTable? {
        let columns: [(name: String, head: String, text: (Double) -> String)] = [
            ("availability", "availability", { Wording.percent($0, places: 2) }),
            ("requests_lost", "lost", Wording.meanCount), ("requests_late", "late", Wording.meanCount),
            ("minutes_below_slo", "min below SLO", { Decimal.fixed($0, places: 1, grouped: true) }),
            ("time_to_recover_s", "to recover", Wording.recovery),
            ("retries", "retries", Wording.meanCount), ("interruptions", "machines lost", Wording.meanCount),
        ]
        let known = columns.filter { column in figures.contains { $0.comparison?[column.name] != nil } }
        guard !known.isEmpty else { return nil }
        let definitions = StrategyComparison.definitions(of: figures.compactMap(\.comparison))
        let width = figures.flatMap(\.runs).compactMap { $0.metrics.account?.binWidth }.max()
        return CompareTable(
            title: "How the service held up", columns: known.map { .init($0.head) },
            rows: figures.map { strategy in
                head(strategy, nil)
                    + known.map { column in
                        .init(strategy.comparison?[column.name].map { column.text($0.mean) } ?? "–", quiet(strategy))
                    }
            },
            definitions: known.map { column in
                let text = definitions.first { $0.name == column.name }?.definition ?? ""
                let bins = column.name == "minutes_below_slo" ? width.map(binText) ?? "" : ""
                return "\(column.head): \(text)\(bins)"
            })
    }

    private static func binText(_ width: SimulatedDuration) -> String { " Bins of \(Wording.bound(width))." }

    private static func classes(_ figures: [StrategyFigures]) -> CompareTable? {
        let names = figures.compactMap(\.comparison).first?.metrics.map(\.name).filter {
            $0.hasPrefix("slo_attainment[")
        }
        // More than a few do not fit beside one another; comparison.csv has them all.
        guard let names, !names.isEmpty, names.count <= 6 else { return nil }
        return CompareTable(
            title: "In SLO by request class",
            columns: names.map { .init(String($0.dropFirst("slo_attainment[".count).dropLast()), .right, limit: 12) },
            rows: figures.map { strategy in
                head(strategy, nil)
                    + names.map {
                        .init(strategy.comparison?[$0].map { Wording.percent($0.mean) } ?? "–", quiet(strategy))
                    }
            }, definitions: ["Requests of the class within all their bounds ÷ those offered."])
    }

    // MARK: What a request costs

    private static func requests(_ figures: [StrategyFigures]) -> CompareTable? {
        let columns = [
            ("cost_per_request_usd", "allocated"), ("used_cost_per_request_usd", "used"),
            ("cost_per_good_request_usd", "per good request"),
        ]
        guard figures.contains(where: { $0.comparison?["cost_per_request_usd"] != nil }) else { return nil }
        let definitions = StrategyComparison.definitions(of: figures.compactMap(\.comparison))
        return CompareTable(
            title: "Dollars per 1,000 requests, three ways", columns: columns.map { .init($0.1) },
            rows: figures.map { strategy in
                head(strategy, nil)
                    + columns.map { name, _ in
                        .init(
                            strategy.comparison?[name].map {
                                spread(Estimate(mean: $0.mean * 1_000, half: $0.half.map { $0 * 1_000 }))
                            } ?? "–", quiet(strategy))
                    }
            },
            definitions: columns.map { name, head in
                let text = definitions.first { $0.name == name }?.definition ?? ""
                return text.lowercased().hasPrefix(head) ? text : "\(head): \(text)"
            } + [CostPerRequest.advice])
    }

    // MARK: Where it went

    private static func money(_ figures: [StrategyFigures]) -> CompareTable? {
        let names = CostSplit.Part.allCases.map { $0 == .commitmentWaste ? "unused commit." : $0.rawValue }
        let table = SplitTable(title: "Where the dollars of a run go", names: names, step: 10_000_000, places: 2) {
            $0.account?.cost.map { $0.amounts.map(\.nanodollars) }
        }
        return table.table(
            figures.map { ($0, head($0, nil), quiet($0)) },
            definition: "Mean bill of a run by what it was for; the parts add up to the total. busy: batches whose "
                + "results counted. idle: ready without work. loading: on the way up, billed.")
    }

    private static func time(_ figures: [StrategyFigures]) -> CompareTable? {
        let names = ["network", "cold start", "retry", "queue", "prefill", "decode"]
        let table = SplitTable(
            title: "Where the milliseconds of a request go", names: names, step: 100_000, places: 1
        ) { run in run.verdict == .overloaded ? nil : run.account?.latency.map { $0.parts.map(\.time.nanoseconds) } }
        return table.table(
            figures.map { ($0, head($0, nil), quiet($0)) },
            definition: "Mean E2E of completed requests by where the time went; the parts add up to the total. retry: "
                + "attempts that came to nothing, and the waits between. Overloaded runs are left out: theirs grows.")
    }
}

/// Means of a total and its parts, rounded together so that the printed parts add up to the printed total.
private struct SplitTable {
    var title: String
    var names: [String]
    /// The last printed digit, in 10⁻⁹ of the base unit, and its place behind the point.
    var step: Int128
    var places: Int
    var parts: (RunMetrics) -> [Int64]?

    typealias Line = (strategy: StrategyFigures, head: [TextTable.Cell], role: TerminalStyle.Role?)

    /// `nil` where no run has a part.
    func table(_ lines: [Line], definition: String) -> CompareTable? {
        let runs = lines.map { line in line.strategy.runs.compactMap { parts($0.metrics) } }
        let sums = runs.map { runs in names.indices.map { part in runs.reduce(Int128(0)) { $0 + Int128($1[part]) } } }
        let shown = names.indices.filter { part in sums.contains { $0[part] != 0 } }
        guard !shown.isEmpty else { return nil }
        let rows = lines.indices.map { index -> [TextTable.Cell] in
            let line = lines[index]
            guard !runs[index].isEmpty else { return line.head + (0...shown.count).map { _ in .init("–", line.role) } }
            let mean = LargestRemainder.round(shown.map { sums[index][$0] }, step: step * Int128(runs[index].count))
            return line.head + (mean.parts + [mean.total]).map { .init(printed($0), line.role) }
        }
        return CompareTable(
            title: title, columns: shown.map { .init(names[$0]) } + [.init("total")], rows: rows,
            definitions: [definition])
    }

    private func printed(_ steps: Int64) -> String {
        let unit = UInt64(Decimal.pow10(places))
        let rest = String(steps.magnitude % unit)
        return (steps < 0 ? "−" : "") + Decimal.grouped(steps.magnitude / unit) + "."
            + String(repeating: "0", count: places - rest.count) + rest
    }
}

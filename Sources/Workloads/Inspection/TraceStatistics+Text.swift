import Primitives

extension TraceStatistics {
    /// A table and two histograms, at most 80 columns wide, ending in a line break.
    public var text: String {
        var lines: [String] = []
        lines.append(Self.row("requests", Self.grouped(Int64(clamping: requests))))
        for rows in skipped { lines.append(Self.row("skipped", "\(Self.grouped(Int64(rows.count))) (\(rows.reason))")) }
        lines.append(Self.row("span", "\(Self.fixed(span.seconds, 3)) s"))
        lines.append(Self.row("mean rate", Self.optional(meanRate, 3, " requests/s")))
        let peak = Double(peakMinute) / 60
        lines.append(
            Self.row("peak minute", "\(Self.grouped(Int64(clamping: peakMinute))) (\(Self.fixed(peak, 3)) requests/s)"))
        lines.append(Self.row("gap CV", Self.optional(gapVariation, 3, " (Poisson: 1)")))
        let windows = [dispersion.oneSecond, dispersion.tenSeconds, dispersion.oneMinute]
        let dispersions = windows.map { Self.optional($0, 2, "") }
        lines.append(Self.row("dispersion", dispersions.joined(separator: " / ") + " (1 s / 10 s / 60 s; Poisson: 1)"))
        if let share = sharedPrefixShare {
            let bound = isSharedPrefixShareLowerBound ? "at least " : ""
            lines.append(Self.row("shared prefix", "\(bound)\(Self.fixed(share * 100, 1)) % of input tokens"))
        }
        if classes.count > 1 { lines += classLines }
        lines += ["", Self.lengthHeader, Self.lengthRow("input", input), Self.lengthRow("output", output)]
        lines += Self.histogram("input tokens", input) + Self.histogram("output tokens", output)
        return lines.map { Self.clipped($0) + "\n" }.joined()
    }

    private var classLines: [String] {
        classes.prefix(20).map { Self.row("class", "\($0.name): \(Self.grouped(Int64(clamping: $0.requests)))") }
            + (classes.count > 20 ? [Self.row("class", "and \(classes.count - 20) more")] : [])
    }

    private static func row(_ name: String, _ value: String) -> String { padded(name, 14, isLeft: true) + value }

    private static func optional(_ value: Double?, _ places: Int, _ unit: String) -> String {
        value.map { fixed($0, places) + unit } ?? "–"
    }

    private static let lengthHeader =
        padded("tokens", 14, isLeft: true)
        + ["mean", "p50", "p90", "p95", "p99", "max"].map { padded($0, 11) }.joined()

    private static func lengthRow(_ name: String, _ counts: TokenCounts) -> String {
        let quantiles = [0.5, 0.9, 0.95, 0.99, 1].map { counts.quantile($0).map { grouped($0) } ?? "–" }
        let cells = [optional(counts.mean, 1, "")] + quantiles
        return padded(name, 14, isLeft: true) + cells.map { padded($0, 11) }.joined()
    }

    /// Bars over powers of two; a bar of 50 is the fullest bin.
    private static func histogram(_ name: String, _ counts: TokenCounts) -> [String] {
        guard let maximum = counts.maximum else { return [] }
        var bins: [(low: Int64, high: Int64, count: UInt64)] = []
        var low: Int64 = 1
        while low <= maximum {
            bins.append((low, low * 2, counts.count(from: low, below: low * 2)))
            low *= 2
        }
        let filled = bins.drop { $0.count == 0 }
        let most = filled.map(\.count).max() ?? 1
        let label = filled.map { "\(grouped($0.low))–\(grouped($0.high - 1))" }
        let width = max(18, label.map(\.count).max() ?? 0)
        return ["", name]
            + zip(filled, label).map { bin, label in
                let bar = String(repeating: "█", count: Int((Double(bin.count) / Double(most) * 44).rounded(.up)))
                let share = fixed(Double(bin.count) / Double(counts.count) * 100, 1)
                return padded(label, width) + padded(share, 6) + " %" + (bar.isEmpty ? "" : " " + bar)
            }
    }

    private static func clipped(_ line: String) -> String {
        line.count > 80 ? String(line.prefix(79)) + "…" : line
    }

    private static func padded(_ text: String, _ width: Int, isLeft: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return isLeft ? text + space : space + text
    }

    /// `value` ≥ 0 rounded to `places` decimals.
    static func fixed(_ value: Double, _ places: Int) -> String {
        var power = 1.0
        for _ in 0..<places { power *= 10 }
        let scaled = (value * power).rounded()
        guard scaled < 1e18 else { return "\(value)" }
        let digits = String(Int64(scaled))
        let full = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return places == 0 ? full : "\(full.dropLast(places)).\(full.suffix(places))"
    }

    /// Digits in groups of three, e.g. `12,031`.
    static func grouped(_ value: Int64) -> String {
        let digits = Array(String(value))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }
}

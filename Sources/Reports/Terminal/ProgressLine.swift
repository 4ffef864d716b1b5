/// The line that shows how far a job is: a bar, the share, the rate and the time left. A pure function of the state;
/// whoever prints it owns the clock.
public struct ProgressLine: Sendable, Equatable {
    /// What is counted, in the plural, e.g. `requests`.
    public var unit: String
    public var done: UInt64
    /// `nil` where it is not known: then there is no bar and no time left.
    public var total: UInt64?
    /// Seconds since the job began.
    public var elapsed: Double
    /// What is being done now, e.g. `run 3 of 25`.
    public var label: String

    public init(unit: String, done: UInt64, total: UInt64?, elapsed: Double, label: String = "") {
        self.unit = unit
        self.done = done
        self.total = total
        self.elapsed = elapsed
        self.label = label
    }

    /// The line in at most `width` columns, without a line feed. What does not fit is left out, the bar last.
    public func text(width: Int) -> String {
        let rate = elapsed > 0 ? Double(done) / elapsed : 0
        guard let total, total > 0 else {
            let parts = [label, "\(Self.short(Double(done))) \(unit)", "\(Self.short(rate))/s", Self.clock(elapsed)]
            return DisplayWidth.truncated(parts.filter { !$0.isEmpty }.joined(separator: "  "), to: width)
        }
        let share = min(1, Double(done) / Double(total))
        let percent = Decimal.fixed((share * 100).rounded(.down), places: 0) + " %"
        let facts = [
            String(repeating: " ", count: 5 - percent.count) + percent, "\(Self.short(rate)) \(unit)/s",
            remaining(share), label,
        ].filter { !$0.isEmpty }
        for count in stride(from: facts.count, through: 1, by: -1) {
            let tail = facts.prefix(count).joined(separator: "  ")
            let room = min(30, width - DisplayWidth.of(tail) - 1)
            if room >= 10 || (count == 1 && room > 0) { return Self.bar(share, width: room) + " " + tail }
        }
        return DisplayWidth.truncated(facts[0], to: width)
    }

    /// Nothing is promised before a fiftieth is done or a second has passed.
    private func remaining(_ share: Double) -> String {
        guard share > 0, share < 1, share >= 0.02 || elapsed >= 1 else { return "" }
        return Self.clock((elapsed / share * (1 - share)).rounded(.up)) + " left"
    }

    /// Filled in eighths of a column.
    static func bar(_ share: Double, width: Int) -> String {
        let eighths = Int((share * Double(width * 8)).rounded(.down))
        let full = String(repeating: "█", count: eighths / 8)
        let part = eighths % 8 == 0 ? "" : ["▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8 - 1]
        let rest = width - eighths / 8 - (part.isEmpty ? 0 : 1)
        return full + part + String(repeating: "░", count: max(0, rest))
    }

    /// Three significant digits with k, M or G: `1.23M`.
    static func short(_ value: Double) -> String {
        let steps: [(Double, String)] = [(1e9, "G"), (1e6, "M"), (1e3, "k")]
        guard let step = steps.first(where: { value >= $0.0 * 0.9995 }) else {
            return value >= 10 || value == value.rounded()
                ? Decimal.fixed(value, places: 0) : Decimal.significant(value, digits: 3)
        }
        return Decimal.significant(value / step.0, digits: 3) + step.1
    }

    /// `4 s`, `3:07`, `1:02:09`.
    static func clock(_ seconds: Double) -> String {
        let whole = Int(min(max(0, seconds), 1e15))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        if whole < 60 { return "\(whole) s" }
        if whole < 3_600 { return "\(whole / 60):\(two(whole % 60))" }
        return "\(whole / 3_600):\(two(whole / 60 % 60)):\(two(whole % 60))"
    }
}

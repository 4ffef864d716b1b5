import Primitives

/// A total as the sum of its parts: one row per part, each bar beginning where the one above it ends, the total last.
///
/// The printed numbers add up as well: they are rounded together.
struct WaterfallChart {
    /// How amounts are printed: so many units of 10⁻⁹, in steps of `step` of them.
    struct Unit {
        /// A printed number's step, in the breakdown's units; ≥ 1.
        var step: Int64
        /// The printed form of a whole number of steps.
        var text: (Int64) -> String
    }

    var title: String
    /// The last row, e.g. `Mean E2E`.
    var totalName: String
    var breakdown: Breakdown
    /// Rows shown, in order, whether or not this total has such a part: so that charts beside each other line up.
    var rows: [String]
    /// Ends of the axis, in the breakdown's units, the same for charts to be compared.
    var domain: ClosedRange<Double>
    var unit: Unit

    private static let rowHeight = 25.0
    private static let shareWidth = 44.0

    static func height(rows: Int) -> Double { Double(rows + 1) * rowHeight + 12 }

    func svg(width: Double) -> Markup {
        let height = Self.height(rows: rows.count)
        let shown = LargestRemainder.round(breakdown.parts.map(\.amount), step: Int128(unit.step))
        let steps = Dictionary(zip(breakdown.parts.map(\.name), shown.parts)) { first, _ in first }
        let columns = columns(steps.values + [shown.total])
        let x = Scale(kind: .linear, domain: domain, from: columns.names, to: width - columns.values - Self.shareWidth)
        var reached = 0.0
        let marks = rows.enumerated().map { index, name -> Markup in
            let start = reached
            let part = breakdown.parts.first { $0.name == name }
            reached += Double(part?.amount ?? 0)
            let step = Step(name: name, part: part, start: start, end: reached, steps: steps[name] ?? 0)
            return row(step, top: Double(index) * Self.rowHeight, x, width)
        }
        return ChartFrame(width: width, height: height, plot: Box(x: 0, y: 0, width: width, height: height)).svg(
            title: title, cssClass: "waterfall",
            [
                zero(x, height), ChartFrame.walkable(title, marks.joined() + totalRow(shown.total, x, width)),
            ])
    }

    /// Room for the names on the left and the amounts on the right. Digits are narrower than letters.
    private func columns(_ steps: [Int64]) -> (names: Double, values: Double) {
        let names = (rows + [totalName]).map { TextMetrics.width($0, size: 12) }.max() ?? 0
        let values = steps.map { TextMetrics.width(unit.text($0), size: 12) }.max() ?? 0
        return (min(names + 10, 130), values + 14)
    }

    private func zero(_ x: Scale, _ height: Double) -> Markup {
        let at = x.position(0)
        return #"<line class="axis" x1="\#(at)" x2="\#(at)" y1="0" y2="\#(height)"/>"#
    }

    /// A row: from where the one above ended to where the next begins.
    private struct Step {
        var name: String
        /// `nil` where this total has no such part.
        var part: Breakdown.Part?
        var start: Double
        var end: Double
        /// The amount as printed.
        var steps: Int64
    }

    private func row(_ step: Step, top: Double, _ x: Scale, _ width: Double) -> Markup {
        let share = breakdown.total != 0 ? Double(step.part?.amount ?? 0) / Double(breakdown.total) : 0
        let percent = (share < 0 ? "−" : "") + Wording.percent(abs(share), places: abs(share) < 0.0995 ? 1 : 0)
        let bar: Markup = step.part.map { box($0.meaning, step.start, step.end, top, x) } ?? ""
        let next = x.position(step.end)
        let connector: Markup = #"""
            <line class="leader" x1="\#(next)" x2="\#(next)" y1="\#(top + 20)" y2="\#(top + Self.rowHeight + 4)"/>
            """#
        return ChartFrame.point(
            "\(step.name): \(unit.text(step.steps)), \(percent)",
            connector + bar + label(step.name, top, x) + value(unit.text(step.steps), top, x, width)
                + percentage(step.steps == 0 ? "" : percent, top, width))
    }

    private func totalRow(_ steps: Int64, _ x: Scale, _ width: Double) -> Markup {
        let top = Double(rows.count) * Self.rowHeight + 8
        let text = unit.text(steps)
        let bar = rectangle("w-total", 0, Double(breakdown.total), top, x)
        return ChartFrame.point(
            "\(totalName): \(text)",
            #"<line class="axis" x1="0" x2="\#(width)" y1="\#(top - 3)" y2="\#(top - 3)"/>"# + bar
                + label(totalName, top, x, bold: true) + value(text, top, x, width, bold: true))
    }

    private func box(_ meaning: Breakdown.Meaning, _ start: Double, _ end: Double, _ top: Double, _ x: Scale) -> Markup
    {
        end == start ? "" : rectangle(meaning.cssClass, min(start, end), max(start, end), top, x)
    }

    private func rectangle(_ cssClass: String, _ low: Double, _ high: Double, _ top: Double, _ x: Scale) -> Markup {
        let (left, right) = (x.position(low), x.position(high))
        return #"""
            <rect class="\#(cssClass)" x="\#(left)" y="\#(top + 4)" width="\#(max(1, right - left))" height="16"/>
            """#
    }

    private func label(_ name: String, _ top: Double, _ x: Scale, bold: Bool = false) -> Markup {
        let text = TextMetrics.truncated(name, to: x.from - 6, size: ChartFrame.fontSize)
        return #"<text class="\#(bold ? "axis-title" : "wf-name")" x="0" y="\#(top + 16)">\#(text)</text>"#
    }

    private func value(_ text: String, _ top: Double, _ x: Scale, _ width: Double, bold: Bool = false) -> Markup {
        #"""
        <text class="\#(bold ? "axis-title" : "wf-value")" text-anchor="end" x="\#(width - Self.shareWidth)" \#
        y="\#(top + 16)">\#(text)</text>
        """#
    }

    private func percentage(_ text: String, _ top: Double, _ width: Double) -> Markup {
        text.isEmpty ? "" : #"<text text-anchor="end" x="\#(width)" y="\#(top + 16)">\#(text)</text>"#
    }
}

extension WaterfallChart.Unit {
    /// Dollars of which the largest total has four or more digits, cents where that is enough.
    static func dollars(upTo nanodollars: Double) -> Self {
        let dollars = max(abs(nanodollars) / 1e9, 1e-9)
        let places = dollars >= 10_000 ? 0 : dollars >= 1 ? 2 : min(9, 3 - Decimal.magnitude(dollars))
        let step = Int64(Decimal.pow10(9 - places).rounded())
        return Self(step: step) { steps in
            let amount = Decimal.fixed(Double(steps.magnitude) / Decimal.pow10(places), places: places, grouped: true)
            return (steps < 0 ? "−$" : "$") + amount
        }
    }

    /// Milliseconds or seconds of which the largest total has four digits.
    static func latency(upTo nanoseconds: Double) -> Self {
        let inSeconds = abs(nanoseconds) >= 9_999.5e6
        let amount = max(abs(nanoseconds) / (inSeconds ? 1e9 : 1e6), 1e-6)
        let places = min(inSeconds ? 9 : 6, max(0, 3 - Decimal.magnitude(amount)))
        let unit = inSeconds ? 1_000_000_000.0 : 1_000_000
        let step = max(1, Int64((unit / Decimal.pow10(places)).rounded()))
        return Self(step: step) { steps in
            let value = Double(steps.magnitude) / Decimal.pow10(places)
            return (steps < 0 ? "−" : "") + Decimal.fixed(value, places: places, grouped: true)
                + (inSeconds ? " s" : " ms")
        }
    }
}

extension Breakdown.Meaning {
    /// CSS class of its bars.
    var cssClass: String { ["w-work", "w-wait", "w-around"][rawValue] }
}

extension Breakdown {
    /// The lowest and highest point a waterfall of the parts reaches, with zero.
    var reach: ClosedRange<Double> {
        var (low, high, sum) = (0.0, 0.0, 0.0)
        for part in parts {
            sum += Double(part.amount)
            (low, high) = (min(low, sum), max(high, sum))
        }
        return low...high
    }
}

/// What each strategy's money bought: one stacked bar per strategy.
struct CostBars {
    struct Bar {
        var style: SeriesStyle
        var name: String
        /// Dollars per kind, in the order of ``kinds``.
        var parts: [Double]
        var note: String

        var total: Double { parts.reduce(0, +) }
    }

    /// Kinds in stacking order, with their CSS classes.
    static let kinds: [(name: String, cssClass: String)] = [
        ("busy", "k-busy"), ("idle", "k-idle"), ("starting and loading", "k-load"),
        ("draining, stopped or paused", "k-stop"), ("other charges", "k-other"),
    ]

    var title: String
    var bars: [Bar]

    func svg(width: Double) -> Markup {
        let rowHeight = 50.0
        let height = Double(bars.count) * rowHeight + 4
        let plot = Box(x: 0, y: 0, width: width, height: height)
        let valueRoom = 74.0
        let x = Scale(
            kind: .linear, domain: 0...max(bars.map(\.total).max() ?? 0, 1e-12), from: 0, to: width - valueRoom)
        let rows = bars.enumerated().map { row($1, top: Double($0) * rowHeight, x) }
        return ChartFrame(width: width, height: height, plot: plot).svg(
            title: title, cssClass: "bars", [ChartFrame.walkable(title, rows.joined())])
    }

    private func row(_ bar: Bar, top: Double, _ x: Scale) -> Markup {
        let size = 12.5
        let noteWidth = TextMetrics.width(bar.note, size: size)
        let name = TextMetrics.truncated(bar.name, to: x.to + 66 - noteWidth - 32, size: size)
        return #"""
            \#(bar.style.marker(x: 6, y: top + 11))<text class="bar-name" x="18" y="\#(top + 15)">\#(name)\#
            <tspan class="bar-note" dx="10">\#(bar.note)</tspan></text>\#(segments(bar, top: top + 22, x))\#
            <text class="bar-value" x="\#(x.position(bar.total) + 7)" \#
            y="\#(top + 37)">\#(Wording.dollars(bar.total))</text>
            """#
    }

    private func segments(_ bar: Bar, top: Double, _ x: Scale) -> [Markup] {
        var start = 0.0
        return zip(Self.kinds, bar.parts).compactMap { kind, part in
            guard part > 0 else { return nil }
            defer { start += part }
            let (left, right) = (x.position(start), x.position(start + part))
            let width = max(0.5, right - left)
            let share = bar.total > 0 ? Wording.percent(part / bar.total, places: 0) : ""
            return ChartFrame.point(
                "\(bar.name): \(kind.name) \(Wording.dollars(part)) (\(share))",
                #"<rect class="\#(kind.cssClass)" x="\#(left)" y="\#(top)" width="\#(width)" height="21"/>"#
            )
        }
    }
}

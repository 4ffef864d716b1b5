/// Bars to both sides of the scenario as it is, the widest on top.
struct TornadoChart {
    struct Bar: Equatable {
        /// The changed figure.
        var value: Double
        /// Ends of its interval, where there is one.
        var interval: ClosedRange<Double>?
        /// At the bar's end, e.g. `× 0.8`.
        var label: String
        /// Shown on hover.
        var tip: String
        /// Beyond chance.
        var isSure: Bool
    }

    struct Row: Equatable {
        var name: String
        var bars: [Bar]
    }

    var title: String
    var valueTitle: String
    var base: Double
    var rows: [Row]
    var label: (Double) -> String

    func svg(width: Double) -> Markup {
        let size = ChartFrame.fontSize
        let left = min(width * 0.35, (rows.map { TextMetrics.width($0.name, size: size) }.max() ?? 0) + 12)
        let plot = Box(x: left, y: 26, width: width - left - 12, height: Double(rows.count) * 34)
        let values =
            [base]
            + rows.flatMap(\.bars).flatMap {
                [$0.value, $0.interval?.lowerBound ?? $0.value, $0.interval?.upperBound ?? $0.value]
            }
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let air = max((high - low) * 0.14, abs(high) * 1e-6, 1e-12)
        let x = Scale(kind: .linear, domain: (low - air)...(high + air), from: plot.x, to: plot.maxX)
        let frame = ChartFrame(width: width, height: plot.maxY + 46, plot: plot)
        let zero = x.position(base)
        let marks = rows.enumerated().map { row($1, top: plot.y + Double($0) * 34, x) }
        return frame.svg(
            title: title,
            [
                frame.title(title),
                frame.xAxis(x, title: valueTitle, ticks: x.ticks(target: 5), label: label),
                ChartFrame.walkable("\(title): arrow keys go from bar to bar", marks.joined()),
                #"<line class="axis" x1="\#(zero)" x2="\#(zero)" y1="\#(plot.y)" y2="\#(plot.maxY)"/>"#,
            ])
    }

    private func row(_ row: Row, top: Double, _ x: Scale) -> Markup {
        let name = TextMetrics.truncated(row.name, to: x.from - 10, size: ChartFrame.fontSize)
        let height = 26 / Double(max(1, row.bars.count))
        let bars = row.bars.enumerated().map { index, bar in mark(bar, top: top + 3 + Double(index) * height, height, x)
        }
        return #"<text class="name" text-anchor="end" x="\#(x.from - 8)" y="\#(top + 20)">\#(name)</text>\#(bars)"#
    }

    private func mark(_ bar: Bar, top: Double, _ height: Double, _ x: Scale) -> Markup {
        let (start, end) = (x.position(base), x.position(bar.value))
        let middle = top + height / 2
        var content: Markup = #"""
            <rect class="swing\#(bar.isSure ? "" : " unsure")" x="\#(min(start, end))" y="\#(top)" \#
            width="\#(max(0.5, abs(end - start)))" height="\#(height - 1)"/>
            """#
        // The label stands beyond bar and interval, so that no line runs through it.
        var outer = end
        let isLeft = end < start
        if let interval = bar.interval, interval.upperBound > interval.lowerBound {
            let (from, to) = (x.position(interval.lowerBound), x.position(interval.upperBound))
            content += #"<line class="error" x1="\#(from)" x2="\#(to)" y1="\#(middle)" y2="\#(middle)"/>"#
            outer = isLeft ? min(end, from) : max(end, to)
        }
        let at = min(max(isLeft ? outer - 4 : outer + 4, x.from + 30), x.to - 2)
        content +=
            #"<text class="tick" text-anchor="\#(isLeft ? "end" : "start")" x="\#(at)" y="\#(middle + 4)">\#(bar.label)</text>"#
        return ChartFrame.point(bar.tip, content)
    }
}

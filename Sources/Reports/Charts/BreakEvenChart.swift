/// Cost against a price ratio: one line per strategy, the crossings with the winner's line marked.
struct BreakEvenChart {
    struct Series {
        var style: SeriesStyle
        var name: String
        /// Ratio > 0 and dollars in the unit of the axis; ascending in the ratio.
        var points: [(ratio: Double, cost: Double)]
    }

    struct Crossing {
        var ratio: Double
        var cost: Double
        /// Shown beside the mark, e.g. `× 1.62`.
        var label: String
        /// Shown on hover.
        var tip: String
    }

    var title: String
    /// What is divided by what, e.g. `Marketplace prices, as a multiple of today's`.
    var ratioTitle: String
    var costTitle: String
    var series: [Series]
    var crossings: [Crossing]

    func svg(width: Double, height: Double) -> Markup {
        let plot = Box(x: 58, y: 34, width: width - 58 - 18, height: height - 34 - 46)
        let frame = ChartFrame(width: width, height: height, plot: plot)
        let x = ratioScale(plot)
        let y = Scale(
            kind: .linear, domain: 0...max((series.flatMap(\.points).map(\.cost).max() ?? 0) * 1.08, 1e-12),
            from: plot.maxY, to: plot.y)
        return frame.svg(
            title: title, cssClass: "break-even",
            [
                frame.yAxis(y, title: costTitle, ticks: y.ticks(target: 5), label: Wording.axisDollars),
                frame.xAxis(x, title: ratioTitle, ticks: ratioTicks(x, width)) { Self.ratio($0) },
                today(x, plot), series.map { line($0, x, y) }.joined(), marks(x, y, plot),
            ])
    }

    /// `× 0.5`, `× 1.62`.
    static func ratio(_ value: Double) -> String {
        "×" + Decimal.shortest((value * 100).rounded() / 100)
    }

    private func ratioScale(_ plot: Box) -> Scale {
        let ratios = series.flatMap(\.points).map(\.ratio).filter { $0 > 0 }
        guard let low = ratios.min(), let high = ratios.max(), high > low else {
            return Scale(kind: .linear, domain: 0...2, from: plot.x, to: plot.maxX)
        }
        return Scale(kind: high / low > 4 ? .logarithmic : .linear, domain: low...high, from: plot.x, to: plot.maxX)
    }

    private func ratioTicks(_ x: Scale, _ width: Double) -> [Double] {
        guard case .logarithmic = x.kind else { return x.ticks(target: width < 420 ? 4 : 6) }
        let halvings: [Double] = [0.0625, 0.125, 0.25, 0.5, 1, 2, 4, 8, 16]
        let inside = halvings.filter { $0 >= x.domain.lowerBound * 0.999 && $0 <= x.domain.upperBound * 1.001 }
        return inside.count > 1 ? inside : x.ticks(target: 6)
    }

    private func today(_ x: Scale, _ plot: Box) -> Markup {
        guard x.domain.contains(1) else { return "" }
        let at = x.position(1)
        // Beside the line, on the side that has room.
        let room = TextMetrics.width("today's prices", size: ChartFrame.fontSize) + 12
        let isLeft = at + room > plot.maxX
        return #"""
            <line class="today" x1="\#(at)" x2="\#(at)" y1="\#(plot.y)" y2="\#(plot.maxY)"/>\#
            <text text-anchor="\#(isLeft ? "end" : "start")" x="\#(isLeft ? at - 6 : at + 6)" \#
            y="\#(plot.y + 10)">today's prices</text>
            """#
    }

    private func line(_ series: Series, _ x: Scale, _ y: Scale) -> Markup {
        guard !series.points.isEmpty else { return "" }
        let path = series.points.map { (x: x.position($0.ratio), y: y.position($0.cost)) }
        let dots = zip(series.points, path).map { point, place in
            ChartFrame.point(
                "\(series.name)\nat \(Self.ratio(point.ratio)): \(Wording.dollars(point.cost))",
                #"<circle class="dot \#(series.style.cssClass)" cx="\#(place.x)" cy="\#(place.y)" r="7"/>"#)
        }
        return ChartFrame.walkable(
            "\(title), \(series.name)",
            ChartFrame.line(path, cssClass: series.style.cssClass, dash: series.style.dash) + dots.joined())
    }

    private func marks(_ x: Scale, _ y: Scale, _ plot: Box) -> Markup {
        let dots = crossings.map { Box(x: x.position($0.ratio) - 6, y: y.position($0.cost) - 6, width: 12, height: 12) }
        var layout = LabelPlacement(area: plot, fontSize: ChartFrame.fontSize, obstacles: dots + lines(x, y))
        let marks = crossings.map { crossing -> Markup in
            let (px, py) = (x.position(crossing.ratio), y.position(crossing.cost))
            var content: Markup = #"<circle class="crossing" cx="\#(px)" cy="\#(py)" r="5"/>"#
            if let label = layout.place(crossing.label, x: px, y: py) {
                if label.leader {
                    let end = LabelPlacement.nearest(to: (px, py), on: label.box)
                    content += #"<line class="leader" x1="\#(px)" y1="\#(py)" x2="\#(end.x)" y2="\#(end.y)"/>"#
                }
                content += #"""
                    <text class="name" text-anchor="\#(label.anchor)" x="\#(label.anchorX)" \#
                    y="\#(label.box.y + layout.fontSize)">\#(label.text)</text>
                    """#
            }
            return ChartFrame.point(crossing.tip, content)
        }
        guard !marks.isEmpty else { return "" }
        return ChartFrame.walkable("\(title), crossings", marks.joined())
    }

    /// The room the lines take, as rows of dots, so that labels keep off them.
    private func lines(_ x: Scale, _ y: Scale) -> [Box] {
        series.flatMap { series in
            zip(series.points, series.points.dropFirst()).flatMap { start, end in
                (0...20).map { step -> Box in
                    let share = Double(step) / 20
                    let (x0, y0) = (x.position(start.ratio), y.position(start.cost))
                    let (x1, y1) = (x.position(end.ratio), y.position(end.cost))
                    return Box(x: x0 + (x1 - x0) * share - 1, y: y0 + (y1 - y0) * share - 1, width: 2, height: 2)
                }
            }
        }
    }
}

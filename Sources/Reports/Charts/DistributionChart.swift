import Primitives

/// Cumulative distributions of one latency on a logarithmic axis, one line per strategy.
struct DistributionChart {
    struct Series {
        var style: SeriesStyle
        var name: String
        var overloaded: Bool
        /// Milliseconds and the share of requests that took at most as long, both non-decreasing.
        var points: [(value: Double, share: Double)]

        init(style: SeriesStyle, name: String, overloaded: Bool, histogram: LatencyHistogram) {
            self.style = style
            self.name = name
            self.overloaded = overloaded
            points = Self.shares.compactMap { share in
                histogram.quantile(share).map { (Double($0) / 1e6, share) }
            }
        }

        /// Every hundredth, and the tail more closely.
        private static let shares = (0..<100).map { Double($0) / 100 } + [0.995, 0.998, 0.999, 1]
    }

    var title: String
    var series: [Series]
    /// Milliseconds, the share it must hold for, and its label.
    var bound: (value: Double, share: Double, label: String)?

    func svg(width: Double, height: Double) -> Markup {
        let plot = Box(x: 44, y: 46, width: width - 44 - 14, height: height - 46 - 30)
        let frame = ChartFrame(width: width, height: height, plot: plot)
        let x = scale(plot)
        let y = Scale(kind: .linear, domain: 0...1, from: plot.maxY, to: plot.y)
        let lines = series.filter { !$0.points.isEmpty }
        return frame.svg(
            title: title, cssClass: "cdf",
            [
                frame.title(title),
                frame.yAxis(y, title: "", ticks: [0, 0.25, 0.5, 0.75, 0.9, 1]) {
                    Decimal.fixed($0 * 100, places: 0) + " %"
                },
                frame.xAxis(x, title: "", ticks: x.ticks(target: 5)) { Wording.axisLatency(milliseconds: $0) },
                lines.map { curve($0, x, y) }.joined(), boundMark(x, y, plot),
            ])
    }

    private func scale(_ plot: Box) -> Scale {
        let ends: [Double?] = series.flatMap { [$0.points.first?.value, $0.points.last?.value] } + [bound?.value]
        let positive = ends.compactMap { $0 }.filter { $0 > 0 }
        guard let low = positive.min(), let high = positive.max() else {
            return Scale(kind: .linear, domain: 0...1, from: plot.x, to: plot.maxX)
        }
        return Scale(kind: .logarithmic, domain: low / 1.2...high * 1.2, from: plot.x, to: plot.maxX)
    }

    private func boundMark(_ x: Scale, _ y: Scale, _ plot: Box) -> Markup {
        guard let bound else { return "" }
        let (px, py) = (x.position(bound.value), y.position(bound.share))
        // Above the plot, where no curve can cross it.
        let half = TextMetrics.width(bound.label, size: ChartFrame.fontSize) / 2
        let centre = min(max(px, plot.x + half), plot.maxX - half)
        return #"""
            <line class="slo" x1="\#(px)" x2="\#(px)" y1="\#(plot.y - 2)" y2="\#(plot.maxY)"/>\#
            <path class="slo-point" d="M\#(px - 5) \#(py)H\#(px + 5)M\#(px) \#(py - 5)V\#(py + 5)"/>\#
            <text class="slo-label" text-anchor="middle" x="\#(centre)" y="\#(plot.y - 7)">\#(bound.label)</text>
            """#
    }

    private func curve(_ series: Series, _ x: Scale, _ y: Scale) -> Markup {
        let path = series.points.map { (x: x.position($0.value), y: y.position($0.share)) }
        let quiet = series.overloaded ? " faint" : ""
        let line = ChartFrame.line(path, cssClass: series.style.cssClass + quiet, dash: series.style.dash)
        let dots = series.points.filter { Self.marked.contains($0.share) }.map { point in
            ChartFrame.point(
                "\(series.name): \(Wording.percentile(point.share)) \(Wording.latency(milliseconds: point.value))",
                Self.dot(series.style, x: x.position(point.value), y: y.position(point.share)))
        }
        return ChartFrame.walkable("\(title), \(series.name)", line + dots.joined())
    }

    private static func dot(_ style: SeriesStyle, x: Double, y: Double) -> Markup {
        #"<circle class="dot \#(style.cssClass)" cx="\#(x)" cy="\#(y)" r="7"/>"#
    }

    private static let marked: Set<Double> = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999]
}

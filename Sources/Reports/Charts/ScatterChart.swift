import Planning

/// Cost against latency: one point per strategy, the SLO as a line.
struct ScatterChart {
    enum Standing: Equatable {
        case meets, misses, dominated, overloaded
    }

    struct Point: Equatable {
        var style: SeriesStyle
        var name: String
        /// Dollars in the unit of the axis.
        var cost: Estimate
        /// Milliseconds.
        var latency: Estimate
        var standing: Standing
        /// Shown on hover.
        var tip: String
    }

    var title: String
    var costTitle: String
    var latencyTitle: String
    var points: [Point]
    /// In milliseconds, with its label, e.g. `SLO ≤ 2 s`.
    var bound: (value: Double, label: String)?

    func svg(width: Double, height: Double) -> Markup {
        let plot = Box(x: 58, y: 34, width: width - 58 - 16, height: height - 34 - 46)
        let frame = ChartFrame(width: width, height: height, plot: plot)
        let steady = points.filter { $0.standing != .overloaded }
        let x = Scale.fitting(points.map(\.cost.mean), from: plot.x, to: plot.maxX)
            .covering(steady.map(\.cost))
        let y = Scale.fitting(points.map(\.latency.mean) + [bound?.value ?? 0], from: plot.maxY, to: plot.y)
            .covering(steady.map(\.latency))
        let boundMark = boundLine(y, plot)
        var layout = LabelPlacement(
            area: plot.inset(2), fontSize: ChartFrame.fontSize, obstacles: boundMark.obstacles + markers(x, y))
        let labels = points.map { label($0, x, y, &layout) }
        return frame.svg(
            title: title, cssClass: "scatter",
            [
                frame.yAxis(y, title: latencyTitle, ticks: y.ticks(target: 5)) {
                    Wording.axisLatency(milliseconds: $0)
                },
                frame.xAxis(
                    x, title: costTitle, ticks: x.ticks(target: width < 420 ? 4 : 6), label: Wording.axisDollars),
                boundMark.markup, labels.joined(),
                ChartFrame.walkable(
                    "\(title): arrow keys go from point to point", points.map { mark($0, x, y) }.joined()),
            ])
    }

    /// The room that markers and their error bars take.
    private func markers(_ x: Scale, _ y: Scale) -> [Box] {
        points.flatMap { point -> [Box] in
            let (px, py) = (x.position(point.cost.mean), y.position(point.latency.mean))
            let marker = Box(x: px - 7, y: py - 7, width: 14, height: 14)
            guard point.standing != .overloaded else { return [marker] }
            let (left, right) = (
                x.position(point.cost.low ?? point.cost.mean), x.position(point.cost.high ?? point.cost.mean)
            )
            let (bottom, top) = (
                y.position(point.latency.low ?? 0), y.position(point.latency.high ?? point.latency.mean)
            )
            let upright = point.latency.half == nil ? [] : [Box(x: px - 1, y: top, width: 2, height: bottom - top)]
            return [marker, Box(x: left - 6, y: py - 1, width: right - left + 12, height: 2)] + upright
        }
    }

    /// The line, the shaded side that meets it, and its label with the room it takes.
    private func boundLine(_ y: Scale, _ plot: Box) -> (markup: Markup, obstacles: [Box]) {
        guard let bound else { return ("", []) }
        let at = y.position(bound.value)
        let size = ChartFrame.fontSize
        let width = TextMetrics.width(bound.label, size: size)
        let above = at - plot.y > size * 1.6
        let box = Box(x: plot.maxX - width - 4, y: above ? at - size - 6 : at + 4, width: width + 4, height: size + 3)
        let markup: Markup = #"""
            <rect class="meets" x="\#(plot.x)" y="\#(at)" width="\#(plot.width)" height="\#(plot.maxY - at)"/>\#
            <line class="slo" x1="\#(plot.x)" x2="\#(plot.maxX)" y1="\#(at)" y2="\#(at)"/>\#
            <text class="slo-label" text-anchor="end" x="\#(plot.maxX - 2)" \#
            y="\#(box.y + size - 1)">\#(bound.label)</text>
            """#
        return (markup, [box, Box(x: plot.x, y: at - 1, width: plot.width, height: 2)])
    }

    private func label(_ point: Point, _ x: Scale, _ y: Scale, _ layout: inout LabelPlacement) -> Markup {
        let (px, py) = (x.position(point.cost.mean), y.position(point.latency.mean))
        let name = point.standing == .overloaded ? "\(point.name) (overloaded)" : point.name
        let short = TextMetrics.truncated(name, to: layout.area.width * 0.48, size: layout.fontSize)
        guard let label = layout.place(short, x: px, y: py) else { return "" }
        let box = label.box
        let cssClass: Markup = point.standing == .misses || point.standing == .meets ? "" : " quiet"
        var markup: Markup = ""
        if label.leader {
            let end = LabelPlacement.nearest(to: (px, py), on: box)
            markup += #"<line class="leader" x1="\#(px)" y1="\#(py)" x2="\#(end.x)" y2="\#(end.y)"/>"#
        }
        return markup
            + #"""
            <text class="name\#(cssClass)" text-anchor="\#(label.anchor)" x="\#(label.anchorX)" \#
            y="\#(box.y + layout.fontSize)">\#(label.text)</text>
            """#
    }

    private func mark(_ point: Point, _ x: Scale, _ y: Scale) -> Markup {
        let (px, py) = (x.position(point.cost.mean), y.position(point.latency.mean))
        var content = point.standing == .overloaded ? "" : errorBars(point, x, y, px, py)
        switch point.standing {
        case .overloaded:
            content += #"<path class="cross" transform="translate(\#(px) \#(py))" d="M-5-5L5 5M-5 5L5-5"/>"#
        case .dominated: content += point.style.marker(x: px, y: py, state: " grey")
        case .meets: content += point.style.marker(x: px, y: py)
        case .misses: content += point.style.marker(x: px, y: py, state: " hollow")
        }
        return ChartFrame.point(point.tip, content)
    }

    private func errorBars(_ point: Point, _ x: Scale, _ y: Scale, _ px: Double, _ py: Double) -> Markup {
        var bars: Markup = ""
        if let low = point.cost.low, let high = point.cost.high, high > low {
            let (left, right) = (x.position(low), x.position(high))
            bars += #"<line class="error" x1="\#(left)" x2="\#(right)" y1="\#(py)" y2="\#(py)"/>"#
            bars += #"<path class="error" d="M\#(left) \#(py - 3)v6M\#(right) \#(py - 3)v6"/>"#
        }
        if let low = point.latency.low, let high = point.latency.high, high > low {
            let (bottom, top) = (y.position(low), y.position(high))
            bars += #"<line class="error" x1="\#(px)" x2="\#(px)" y1="\#(bottom)" y2="\#(top)"/>"#
            bars += #"<path class="error" d="M\#(px - 3) \#(bottom)h6M\#(px - 3) \#(top)h6"/>"#
        }
        return bars
    }
}

extension Wording {
    /// A dollar tick: as short as it can be.
    static func axisDollars(_ value: Double) -> String {
        "$"
            + (value >= 1_000
                ? Decimal.fixed(value, places: 0, grouped: true) : Decimal.shortest((value * 1e9).rounded() / 1e9))
    }
}

extension String {
    /// A quantity as a tick's label: `1.00 s` is `1 s`, `2.50 s` is `2.5 s`.
    var tick: String {
        guard let space = firstIndex(of: " "), self[..<space].contains(".") else { return self }
        var number = self[..<space]
        while number.hasSuffix("0") { number.removeLast() }
        if number.hasSuffix(".") { number.removeLast() }
        return String(number + self[space...])
    }
}

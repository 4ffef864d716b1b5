/// What all charts share: the SVG element with its accessible name, axes with ticks, grid and titles.
struct ChartFrame {
    var width: Double
    var height: Double
    var plot: Box
    static let fontSize = 11.5

    /// The whole element. Its size follows the page; the view box keeps the proportions.
    func svg(title: String, cssClass: String = "", _ content: [Markup]) -> Markup {
        #"""
        <svg class="chart \#(cssClass)" viewBox="0 0 \#(width) \#(height)" role="group" aria-label="\#(title)" \#
        xmlns="http://www.w3.org/2000/svg">\#(content)</svg>
        """#
    }

    /// A heading in the upper left corner.
    func title(_ text: String) -> Markup { #"<text class="axis-title" x="0" y="12">\#(text)</text>"# }

    /// Grid lines and labels for the vertical axis; its title stands above the plot, to be read without tilting the
    /// head.
    func yAxis(_ scale: Scale, title: String, ticks: [Double], label: (Double) -> String) -> Markup {
        var markup: Markup =
            title.isEmpty ? "" : #"<text class="axis-title" x="\#(plot.x)" y="\#(plot.y - 10)">\#(title)</text>"#
        var lowest = Double.infinity
        for tick in ticks {
            let y = scale.position(tick)
            markup += #"<line class="gl" x1="\#(plot.x)" x2="\#(plot.maxX)" y1="\#(y)" y2="\#(y)"/>"#
            guard y + Self.fontSize * 1.3 <= lowest else { continue }
            lowest = y
            markup += #"<text class="tick" text-anchor="end" x="\#(plot.x - 6)" y="\#(y + 4)">\#(label(tick))</text>"#
        }
        return markup
    }

    /// Ticks and labels for the horizontal axis; labels that would touch are left out.
    func xAxis(_ scale: Scale, title: String, ticks: [Double], label: (Double) -> String) -> Markup {
        let bottom = plot.maxY
        var markup: Markup =
            #"<line class="axis" x1="\#(plot.x)" x2="\#(plot.maxX)" y1="\#(bottom)" y2="\#(bottom)"/>"#
        var reached = -Double.infinity
        for tick in ticks {
            let x = scale.position(tick)
            let text = label(tick)
            let half = TextMetrics.width(text, size: Self.fontSize) / 2
            let centre = min(max(x, half), width - half)
            markup += #"<line class="axis" x1="\#(x)" x2="\#(x)" y1="\#(bottom)" y2="\#(bottom + 4)"/>"#
            guard centre - half > reached + 4 else { continue }
            reached = centre + half
            markup += #"<text class="tick" text-anchor="middle" x="\#(centre)" y="\#(bottom + 17)">\#(text)</text>"#
        }
        guard !title.isEmpty else { return markup }
        let middle = plot.x + plot.width / 2
        return markup
            + #"<text class="axis-title" text-anchor="middle" x="\#(middle)" y="\#(bottom + 35)">\#(title)</text>"#
    }

    /// A mark that can be hovered and focused: `tip` is its text for the pointer, the keyboard and screen readers.
    static func point(_ tip: String, cssClass: String = "", _ content: Markup) -> Markup {
        #"<g class="pt \#(cssClass)" tabindex="-1" role="img" data-tip="\#(tip)"><title>\#(tip)</title>\#(content)</g>"#
    }

    /// A group of points the keyboard enters at one stop and walks with the arrow keys.
    static func walkable(_ name: String, _ content: Markup) -> Markup {
        #"<g class="walk" tabindex="0" role="group" aria-label="\#(name)">\#(content)</g>"#
    }

    /// A polyline through the points, in the series' look.
    static func line(_ points: [(x: Double, y: Double)], cssClass: String, dash: String = "") -> Markup {
        let path = points.map { "\($0.x) \($0.y)" as Markup }.joined(separator: "L")
        let dashed: Markup = dash.isEmpty ? "" : #" stroke-dasharray="\#(dash)""#
        return #"<path class="line \#(cssClass)"\#(dashed) d="M\#(path)"/>"#
    }
}

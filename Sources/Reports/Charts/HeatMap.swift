/// One figure over two varied keys: a cell per pair of values, the darker the higher.
struct HeatMap {
    struct Cell: Equatable {
        var value: Double
        /// In the cell.
        var label: String
        /// Shown on hover.
        var tip: String
        /// Meets every target.
        var isGood: Bool
    }

    var title: String
    var columnTitle: String
    var columns: [String]
    var rowTitle: String
    var rows: [String]
    /// By row, then column; `nil` = nothing is known there.
    var cells: [[Cell?]]

    func svg(width: Double) -> Markup {
        let size = ChartFrame.fontSize
        let left = min(width * 0.4, (rows.map { TextMetrics.width($0, size: size) }.max() ?? 0) + 14)
        let height = 62 + Double(rows.count) * 34 + 26
        let plot = Box(x: left, y: 40, width: width - left - 2, height: Double(rows.count) * 34)
        let side = plot.width / Double(max(1, columns.count))
        let values = cells.joined().compactMap { $0?.value }
        let (low, high) = (values.min() ?? 0, values.max() ?? 0)
        let marks = cells.enumerated().flatMap { row, line in
            line.enumerated().map { column, cell in
                mark(
                    cell,
                    in: Box(x: plot.x + Double(column) * side, y: plot.y + Double(row) * 34, width: side, height: 34),
                    depth: cell.map { high > low ? ($0.value - low) / (high - low) : 0.5 } ?? 0)
            }
        }
        let names = rows.enumerated().map { row, name -> Markup in
            let text = TextMetrics.truncated(name, to: left - 10, size: size)
            return
                #"<text class="tick" text-anchor="end" x="\#(left - 8)" y="\#(plot.y + Double(row) * 34 + 21)">\#(text)</text>"#
        }
        let heads = columns.enumerated().map { column, name -> Markup in
            let text = TextMetrics.truncated(name, to: side - 4, size: size)
            let x = plot.x + (Double(column) + 0.5) * side
            return #"<text class="tick" text-anchor="middle" x="\#(x)" y="\#(plot.maxY + 17)">\#(text)</text>"#
        }
        let axes: Markup = #"""
            <text class="axis-title" x="0" y="32">\#(rowTitle)</text>\#
            <text class="axis-title" text-anchor="middle" x="\#(plot.x + plot.width / 2)" \#
            y="\#(plot.maxY + 35)">\#(columnTitle)</text>
            """#
        let frame = ChartFrame(width: width, height: height, plot: plot)
        return frame.svg(
            title: title,
            [
                frame.title(title), axes, names.joined(), heads.joined(),
                ChartFrame.walkable("\(title): arrow keys go from cell to cell", marks.joined()),
            ])
    }

    private func mark(_ cell: Cell?, in box: Box, depth: Double) -> Markup {
        guard let cell else { return "" }
        let (x, y) = (box.x + box.width / 2, box.y + box.height / 2 + 4)
        let text = TextMetrics.truncated(cell.label, to: box.width - 6, size: ChartFrame.fontSize)
        return ChartFrame.point(
            cell.tip,
            #"""
            <rect class="heat\#(cell.isGood ? "" : " bad")" x="\#(box.x + 1)" y="\#(box.y + 1)" \#
            width="\#(box.width - 2)" height="\#(box.height - 2)" fill-opacity="\#(0.08 + 0.5 * depth)"/>\#
            <text class="name" text-anchor="middle" x="\#(x)" y="\#(y)">\#(text)</text>
            """#)
    }
}

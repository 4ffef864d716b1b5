/// A table of aligned columns for a terminal. Widths are display widths, so that Chinese names and emoji line up too.
struct TextTable {
    enum Alignment { case left, right }

    struct Column {
        var title: String
        var alignment: Alignment
        /// Wider cells are cut with `…`; `nil` = never.
        var limit: Int?

        init(_ title: String, _ alignment: Alignment = .right, limit: Int? = nil) {
            self.title = title
            self.alignment = alignment
            self.limit = limit
        }
    }

    struct Cell {
        var text: String
        var style: TerminalStyle.Role?

        init(_ text: String, _ style: TerminalStyle.Role? = nil) {
            self.text = text
            self.style = style
        }
    }

    var columns: [Column]
    var rows: [[Cell]] = []

    /// The lines, each ended by a line feed; no trailing spaces.
    func text(_ style: TerminalStyle) -> String {
        let header = columns.map { Cell($0.title, .heading) }
        let cut = ([header] + rows).map { row in zip(columns, row).map { Self.cut($1, to: $0.limit) } }
        let widths = columns.indices.map { column in cut.map { DisplayWidth.of($0[column].text) }.max() ?? 0 }
        let rule = style.paint(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "), .quiet)
        let lines = cut.map { line($0, widths, style) }
        return ([lines[0], rule] + lines.dropFirst()).map { $0 + "\n" }.joined()
    }

    /// Columns the widest line takes.
    func width() -> Int { text(.plain).split(separator: "\n").map { DisplayWidth.of(String($0)) }.max() ?? 0 }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: TerminalStyle) -> String {
        let last = cells.count - 1
        var line = cells.indices.map { index in
            let cell = cells[index]
            let gap = String(repeating: " ", count: widths[index] - DisplayWidth.of(cell.text))
            let painted = cell.style.map { style.paint(cell.text, $0) } ?? cell.text
            switch columns[index].alignment {
            case .right: return gap + painted
            case .left: return index == last ? painted : painted + gap
            }
        }.joined(separator: "  ")
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Line breaks and other control characters would tear the table: they become spaces.
    private static func cut(_ cell: Cell, to limit: Int?) -> Cell {
        let tame = String(cell.text.map { $0.isNewline || $0.unicodeScalars.allSatisfy(isControl) ? " " : $0 })
        return Cell(limit.map { DisplayWidth.truncated(tame, to: $0) } ?? tame, cell.style)
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.generalCategory == .control }
}

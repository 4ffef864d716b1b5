/// Plain text columns, aligned with spaces: numbers to the right, words to the left.
package struct TextTable {
    /// How a column lines up.
    package enum Side { case left, right }
    let columns: [(title: String, side: Side)]
    private(set) var rows: [[String]] = []

    package init(_ columns: [(title: String, side: Side)]) { self.columns = columns }

    /// - Precondition: as many cells as columns.
    package mutating func add(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row has a cell for every column")
        rows.append(cells)
    }

    /// The table, one line per row, no trailing spaces, a newline after each.
    package var text: String {
        let lines = [columns.map(\.title)] + rows
        let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = columns.indices.map { pad(line[$0], to: widths[$0], columns[$0].side) }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed()) + "\n"
        }.joined()
    }

    private func pad(_ text: String, to width: Int, _ side: Side) -> String {
        let space = String(repeating: " ", count: width - text.count)
        return side == .left ? text + space : space + text
    }
}

/// `value` with `places` decimals, rounded half away from zero, and commas between thousands.
package func decimal(_ value: Double, places: Int = 0) -> String {
    var scale: Int64 = 1
    for _ in 0..<places { scale *= 10 }
    let units = Int64((abs(value) * Double(scale)).rounded())
    let whole = grouped(units / scale)
    let sign = value < 0 && units > 0 ? "-" : ""
    guard places > 0 else { return sign + whole }
    let fraction = String(units % scale)
    return sign + whole + "." + String(repeating: "0", count: places - fraction.count) + fraction
}

private func grouped(_ value: Int64) -> String {
    let digits = Array(String(value))
    return digits.indices.reduce(into: "") { text, index in
        if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
        text.append(digits[index])
    }
}

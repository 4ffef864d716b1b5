/// A table of settings as comma-separated text: a header, then one mapping per line, every cell with its place.
///
/// Cells may stand in double quotes, with `""` for one within, on one line. Blank lines are left out, and blank
/// cells are settings that are not given.
struct SettingTable {
    /// One mapping per line, labelled with its line's number.
    let rows: [SettingNode]

    /// - Parameters:
    ///   - columns: those that may be there.
    ///   - row: what errors call a line, e.g. `host`.
    /// - Throws: ``ScenarioError`` where there is no header, a column is unknown or there twice, or a line has another
    ///   number of cells than the header.
    init(_ source: SettingSource, columns: [String], row: String) throws {
        let lines = source.lines.indices.map { $0 + 1 }
            .filter { !source.line($0).allSatisfy(\.isWhitespace) }
        guard let first = lines.first else {
            throw ScenarioError(.missingKey, "the file is empty; it needs a header", file: source.name)
        }
        let header = try Self.cells(of: first, in: source)
        for (index, cell) in header.enumerated() {
            let name = cell.value
            guard columns.contains(name) else {
                throw cell.error(.unknownKey, "unknown column `\(name)`\(suggestion(for: name, among: columns))")
            }
            guard !header[..<index].contains(where: { $0.value == name }) else {
                throw cell.error(.duplicateKey, "the column `\(name)` is there twice")
            }
        }
        rows = try lines.dropFirst().map { line in
            let cells = try Self.cells(of: line, in: source)
            let place = SettingPosition(source: source, line: line, column: 1)
            guard cells.count == header.count else {
                throw ScenarioError(
                    .syntax, "\(cells.count) cells under \(header.count) columns", at: place)
            }
            let entries = zip(header, cells).filter { !$0.1.value.isEmpty }.map { column, cell in
                SettingEntry(
                    key: column.value, keyPosition: column.position,
                    value: SettingNode(
                        .scalar(cell.value, quoted: false), at: cell.position, label: "`\(column.value)`"))
            }
            return SettingNode(.map(entries), at: place, label: "the \(row) on line \(line)")
        }
    }

    /// The cells of a line without white space around them.
    private static func cells(of line: Int, in source: SettingSource) throws -> [Located<String>] {
        let scalars = Array(source.line(line).unicodeScalars)
        var cells: [Located<String>] = []
        var position = 0
        repeat {
            if !cells.isEmpty { position += 1 }
            while position < scalars.count, scalars[position] == " " || scalars[position] == "\t" { position += 1 }
            let place = SettingPosition(source: source, line: line, column: position + 1)
            let quoted = position < scalars.count && scalars[position] == "\""
            let text = quoted ? Self.quoted(scalars, &position) : Self.plain(scalars, &position)
            guard let text, position == scalars.count || scalars[position] == "," else {
                throw ScenarioError(
                    .syntax, text == nil ? "the quote is not closed" : "there is text after the closing quote",
                    at: place)
            }
            cells.append(Located(text, at: place))
        } while position < scalars.count
        return cells
    }

    private static func plain(_ scalars: [Unicode.Scalar], _ position: inout Int) -> String? {
        let start = position
        while position < scalars.count, scalars[position] != "," { position += 1 }
        var end = position
        while end > start, scalars[end - 1].properties.isWhitespace { end -= 1 }
        return text(scalars[start..<end])
    }

    /// The text within quotes, and white space after them taken; `nil` without a closing quote.
    private static func quoted(_ scalars: [Unicode.Scalar], _ position: inout Int) -> String? {
        var content: [Unicode.Scalar] = []
        position += 1
        while position < scalars.count {
            if scalars[position] == "\"" {
                position += 1
                guard position < scalars.count, scalars[position] == "\"" else {
                    while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
                    return text(content[...])
                }
            }
            content.append(scalars[position])
            position += 1
        }
        return nil
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

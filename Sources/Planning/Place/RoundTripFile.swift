import Primitives

/// A table of round trips in milliseconds, as CSV: a square (first row and first column name the places), or one pair per
/// row under `from,to,rtt_ms`. Where both directions are given, they are averaged; empty cells say nothing.
struct RoundTripFile {
    /// In the order of first mention.
    let names: [String]
    private let times: [[String]: SimulatedDuration]

    /// - Throws: ``ScenarioError`` with the file's line and column.
    init(path: String, name: String) throws {
        try self.init(text: try ScenarioFile.read(path), name: name)
    }

    /// - Parameter name: what errors call it.
    init(text: String, name: String) throws {
        var reader = RoundTripReader(source: SettingSource(name: name, text: text))
        try reader.read()
        names = reader.names
        times = reader.sums.mapValues { sum in
            SimulatedDuration(nanoseconds: Int64((sum.milliseconds / Double(sum.count) * 1e6).rounded()))
        }
    }

    func knows(_ name: String) -> Bool { names.contains(name.lowercased()) }

    /// Between two places in lower case; `nil` where the file is silent.
    func time(_ a: String, _ b: String) -> SimulatedDuration? { times[[a, b].sorted()] }
}

private struct RoundTripReader {
    let source: SettingSource
    var names: [String] = []
    var sums: [[String]: (milliseconds: Double, count: Int)] = [:]

    /// A cell and its column, from 1.
    private typealias Cell = (text: String, column: Int)

    mutating func read() throws {
        let rows = source.lines.indices.filter { !source.lines[$0].allSatisfy(\.isWhitespace) }
        guard let head = rows.first else { throw fault("the file has no table", 1, 1) }
        let columns = cells(head)
        let isPairs = columns.map { $0.text.lowercased() } == ["from", "to", "rtt_ms"]
        guard isPairs || columns.count >= 2 else {
            throw fault("the first line must be `from,to,rtt_ms`, or name the places of a square", head + 1, 1)
        }
        for row in rows.dropFirst() {
            let cells = cells(row)
            guard cells.count == columns.count else {
                throw fault("this line has \(cells.count) cells, the first one \(columns.count)", row + 1, 1)
            }
            if isPairs {
                try add(cells[0], cells[1], cells[2], row + 1)
            } else {
                for (column, cell) in zip(columns, cells).dropFirst() { try add(cells[0], column, cell, row + 1) }
            }
        }
        guard !sums.isEmpty else { throw fault("the table has no round trip", head + 1, 1) }
    }

    private func cells(_ row: Int) -> [Cell] {
        var column = 1
        return source.lines[row].split(separator: ",", omittingEmptySubsequences: false).map { text in
            defer { column += text.unicodeScalars.count + 1 }
            let blanks = text.unicodeScalars.prefix { $0.properties.isWhitespace }.count
            return (text.trimmed, column + blanks)
        }
    }

    private mutating func add(_ from: Cell, _ to: Cell, _ time: Cell, _ line: Int) throws {
        guard !time.text.isEmpty else { return }
        let pair = [from.text.lowercased(), to.text.lowercased()]
        guard !pair[0].isEmpty, !pair[1].isEmpty else { throw fault("a place has no name", line, from.column) }
        guard let milliseconds = DecimalNumber(time.text)?.double, (0...3_600_000).contains(milliseconds) else {
            throw fault("`\(time.text)` is no round trip in milliseconds", line, time.column)
        }
        for name in pair where !names.contains(name) { names.append(name) }
        // Diagonals of squares are empty or 0; a 0 there says nothing about two zones of one place.
        guard pair[0] != pair[1] || milliseconds > 0 else { return }
        let known = sums[pair.sorted()] ?? (0, 0)
        sums[pair.sorted()] = (known.milliseconds + milliseconds, known.count + 1)
    }

    private func fault(_ message: String, _ line: Int, _ column: Int) -> ScenarioError {
        ScenarioError(.workload, message, at: SettingPosition(source: source, line: line, column: column))
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }
}

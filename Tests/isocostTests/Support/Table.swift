import Testing

/// A CSV file as rows by column name. Written apart from the product's own reader.
struct Table {
    let columns: [String]
    let rows: [[String: String]]

    init(_ text: String) throws {
        var lines = Self.fields(of: text)
        columns = try #require(lines.first)
        lines.removeFirst()
        let columns = columns
        rows = try lines.map { fields in
            try #require(fields.count == columns.count)
            return Dictionary(uniqueKeysWithValues: zip(columns, fields))
        }
    }

    private static func fields(of text: String) -> [[String]] {
        var lines: [[String]] = [[""]]
        var quoted = false
        for character in text {
            switch (character, quoted) {
            case ("\"", _):
                // A doubled quote leaves and enters again; the quote itself is added on entering.
                if !quoted, lines[lines.count - 1].last?.isEmpty == false {
                    lines[lines.count - 1][lines[lines.count - 1].count - 1].append("\"")
                }
                quoted.toggle()
            case (",", false): lines[lines.count - 1].append("")
            case ("\n", false): lines.append([""])
            default: lines[lines.count - 1][lines[lines.count - 1].count - 1].append(character)
            }
        }
        return lines.filter { $0 != [""] }
    }
}

/// An amount in nano-dollars, read digit by digit: sums of these are exact.
func nanodollars(_ field: String?) throws -> Int64 {
    let text = try #require(field)
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    try #require((1...2).contains(parts.count), "\(text) is no amount")
    let fraction = parts.count == 2 ? String(parts[1]) : ""
    try #require(fraction.count <= 9, "\(text) has more digits than nano-dollars")
    return try #require(Int64(String(parts[0]) + fraction + String(repeating: "0", count: 9 - fraction.count)))
}

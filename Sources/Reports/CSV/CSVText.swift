import Primitives

/// One value of a CSV row.
enum CSVField {
    case text(String)
    case integer(Int64)
    case count(UInt64)
    /// The shortest decimal that reads back as the number; `nil` is an empty field.
    case decimal(Double?)
    /// Milliseconds to the nanosecond (six decimals), trailing zeros dropped; `nil` is an empty field.
    case milliseconds(Double?)
    /// Exact dollars.
    case money(Money)
    /// `true` or `false`.
    case flag(Bool)

    var text: String {
        switch self {
        case .text(let value): value
        case .integer(let value): String(value)
        case .count(let value): String(value)
        case .decimal(let value): value.map(Decimal.shortest) ?? ""
        case .milliseconds(let value): value.map { Decimal.shortest(($0 * 1e6).rounded() / 1e6) } ?? ""
        case .money(let value): value.description
        case .flag(let value): value ? "true" : "false"
        }
    }
}

/// A CSV document in memory: RFC 4180 quoting, lines ended by a line feed, a header first.
struct CSVText {
    private(set) var text = ""
    private let columns: Int

    init(header: [String]) {
        columns = header.count
        append(header)
    }

    /// Appends a row.
    /// - Precondition: as many fields as the header has columns.
    mutating func row(_ fields: [CSVField]) {
        precondition(fields.count == columns, "a row has \(fields.count) fields, its header \(columns)")
        append(fields.map(\.text))
    }

    private mutating func append(_ fields: [String]) {
        text += fields.map(Self.escaped).joined(separator: ",")
        text += "\n"
    }

    /// The field in quotes, with quotes doubled, where it holds a comma, a quote or a line break.
    static func escaped(_ field: String) -> String {
        let special = field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
        guard special else { return field }
        var quoted = "\""
        for scalar in field.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}

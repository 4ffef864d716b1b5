/// A value written as a Python literal or as JSON: what catalogues keep in `GpuInfo`.
indirect enum LiteralValue: Equatable {
    case text(String)
    case number(Double)
    /// `None`, `null`, `True`, `true`, `False`, `false`: nothing here needs to tell them apart.
    case word(String)
    case list([LiteralValue])
    /// Members in the order written.
    case dictionary([(key: String, value: LiteralValue)])

    subscript(key: String) -> LiteralValue? {
        guard case .dictionary(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The first element of a list.
    var first: LiteralValue? {
        guard case .list(let elements) = self else { return nil }
        return elements.first
    }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// A number, also one written as text (`'1.0'`).
    var number: Double? {
        switch self {
        case .number(let value): value
        case .text(let text): finiteDecimal(text)
        default: nil
        }
    }

    static func == (a: Self, b: Self) -> Bool {
        switch (a, b) {
        case (.text(let x), .text(let y)): x == y
        case (.number(let x), .number(let y)): x == y
        case (.word(let x), .word(let y)): x == y
        case (.list(let x), .list(let y)): x == y
        case (.dictionary(let x), .dictionary(let y)):
            x.count == y.count && zip(x, y).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }
}

/// Parses one ``LiteralValue``. Both quote characters are accepted everywhere; nesting is limited.
struct LiteralParser {
    /// Where, in Unicode scalars from the start of the text, and what is wrong.
    struct Failure: Error, Equatable {
        var offset: Int
        var problem: String
    }

    private let scalars: [Unicode.Scalar]
    private var position = 0
    private static let deepest = 16
    private static let stops: Set<Unicode.Scalar> = [",", "}", "]", ":", " ", "'", "\"", "{", "["]
    private static let words: Set<String> = ["None", "null", "True", "true", "False", "false"]

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    /// The value that is the whole text.
    mutating func parse() throws(Failure) -> LiteralValue {
        let value = try value(depth: 0)
        guard peek() == nil else { throw failure("text after the end of the value") }
        return value
    }

    private mutating func value(depth: Int) throws(Failure) -> LiteralValue {
        guard depth < Self.deepest else { throw failure("nested too deeply") }
        switch peek() {
        case "{": return .dictionary(try members(depth: depth))
        case "[": return .list(try elements(depth: depth))
        case "'", "\"": return .text(try string())
        case nil: throw failure("value expected")
        default: return try numberOrWord()
        }
    }

    private mutating func members(depth: Int) throws(Failure) -> [(key: String, value: LiteralValue)] {
        position += 1
        var members: [(key: String, value: LiteralValue)] = []
        while peek() != "}" {
            if !members.isEmpty { try expect(",") }
            guard let quote = peek(), quote == "'" || quote == "\"" else { throw failure("quoted key expected") }
            let key = try string()
            try expect(":")
            members.append((key, try value(depth: depth + 1)))
        }
        position += 1
        return members
    }

    private mutating func elements(depth: Int) throws(Failure) -> [LiteralValue] {
        position += 1
        var elements: [LiteralValue] = []
        while peek() != "]" {
            if !elements.isEmpty { try expect(",") }
            elements.append(try value(depth: depth + 1))
        }
        position += 1
        return elements
    }

    private mutating func string() throws(Failure) -> String {
        let quote = scalars[position]
        let start = position
        var content = String.UnicodeScalarView()
        position += 1
        while position < scalars.count {
            var scalar = scalars[position]
            position += 1
            if scalar == quote { return String(content) }
            if scalar == "\\", position < scalars.count {
                scalar = scalars[position]
                position += 1
            }
            content.append(scalar)
        }
        throw Failure(offset: start, problem: "text without a closing quote")
    }

    private mutating func numberOrWord() throws(Failure) -> LiteralValue {
        let start = position
        while position < scalars.count, !Self.stops.contains(scalars[position]) { position += 1 }
        let text = String(String.UnicodeScalarView(scalars[start..<position]))
        if let number = finiteDecimal(text) { return .number(number) }
        guard Self.words.contains(text) else { throw Failure(offset: start, problem: "number or word expected") }
        return .word(text)
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(Failure) {
        guard peek() == scalar else { throw failure("'\(scalar)' expected") }
        position += 1
    }

    /// The next scalar that is not a space.
    private mutating func peek() -> Unicode.Scalar? {
        while position < scalars.count, scalars[position].properties.isWhitespace { position += 1 }
        return position < scalars.count ? scalars[position] : nil
    }

    private func failure(_ problem: String) -> Failure { Failure(offset: position, problem: problem) }
}

/// A plain decimal number, never a hexadecimal one, an infinity or a NaN.
func finiteDecimal(_ text: String) -> Double? {
    guard text.utf8.allSatisfy(decimalBytes.contains) else { return nil }
    return Double(text).flatMap { $0.isFinite ? $0 : nil }
}

private let decimalBytes = Set("0123456789+-.eE".utf8)

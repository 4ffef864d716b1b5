/// Walks through a JSON text and knows where it is, so that a fault points at its line and column.
///
/// For large files of a known shape: nothing is kept but what the caller takes.
struct JSONCursor {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    /// Nesting that no file of ours has, and that would exhaust the stack.
    private static let depthLimit = 100

    init(_ text: String, file: String) {
        bytes = Array(text.utf8)
        self.file = file
    }

    /// The error `message` about what stands here.
    mutating func error(_ message: String, _ kind: ScenarioError.Kind = .syntax) -> ScenarioError {
        skipSpace()
        return error(message, kind, at: position)
    }

    /// Calls `body` with each key of the object that stands here; it must take the value.
    mutating func members(_ body: (String, inout JSONCursor) throws -> Void) throws {
        try expect("{", "an object")
        var seen: Set<String> = []
        if accept("}") { return }
        repeat {
            skipSpace()
            let start = position
            let key = try string()
            guard seen.insert(key).inserted else {
                throw error("the key `\(key)` is there twice", .duplicateKey, at: start)
            }
            try expect(":", "`:` after `\(key)`")
            try body(key, &self)
        } while accept(",")
        try expect("}", "`,` or the object's end")
    }

    /// Calls `body` at each element of the array that stands here; it must take the element.
    mutating func elements(_ body: (inout JSONCursor) throws -> Void) throws {
        try expect("[", "a list")
        if accept("]") { return }
        repeat { try body(&self) } while accept(",")
        try expect("]", "`,` or the list's end")
    }

    /// Takes a number.
    mutating func number() throws -> DecimalNumber {
        skipSpace()
        let start = position
        while position < bytes.count, Self.isNumeric(bytes[position]) { position += 1 }
        guard let number = DecimalNumber(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            position = start
            throw error("a number is needed here, not \(shown(at: start))", .wrongType, at: start)
        }
        return number
    }

    /// Takes a value of any sort.
    mutating func skipValue(depth: Int = 0) throws {
        skipSpace()
        guard depth < Self.depthLimit else { throw error("too deeply nested") }
        switch position < bytes.count ? bytes[position] : 0 {
        case UInt8(ascii: "{"): try members { _, cursor in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "["): try elements { cursor in try cursor.skipValue(depth: depth + 1) }
        case UInt8(ascii: "\""): _ = try string()
        default:
            for word in ["true", "false", "null"] where bytes[position...].starts(with: word.utf8) {
                position += word.utf8.count
                return
            }
            _ = try number()
        }
    }

    /// Nothing but white space may follow.
    mutating func expectEnd() throws {
        skipSpace()
        guard position == bytes.count else { throw error("\(shown(at: position)) after the end of the document") }
    }

    // MARK: Bytes

    private static func isNumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || "+-.eE".utf8.contains(byte)
    }

    private mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
    }

    private mutating func accept(_ wanted: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: wanted) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ wanted: Unicode.Scalar, _ what: String) throws {
        guard accept(wanted) else { throw error("\(what) is needed here, not \(shown(at: position))") }
    }

    /// A key or text; escapes are left as they are written, which no key of ours has.
    private mutating func string() throws -> String {
        try expect("\"", "a text in quotes")
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else { throw error("the text has no closing quote", .syntax, at: start - 1) }
        position += 1
        return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
    }

    /// The word at an offset, as an error shows it.
    private func shown(at offset: Int) -> String {
        guard offset < bytes.count else { return "the file's end" }
        let word = bytes[offset...].prefix(20).prefix { $0 > 0x20 && !",]}".utf8.contains($0) }
        let text = String(decoding: word.isEmpty ? bytes[offset...].prefix(1) : word, as: UTF8.self)
        return "`\(text)`"
    }

    private func error(_ message: String, _ kind: ScenarioError.Kind, at offset: Int) -> ScenarioError {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let column = before[lineStart...].reduce(1) { $0 + ($1 & 0xC0 != 0x80 ? 1 : 0) }
        // A line of thousands of numbers is not shown.
        let whole = bytes[lineStart...].prefix(161).prefix { $0 != 0x0A && $0 != 0x0D }
        let shown = whole.count > 160 ? "" : String(decoding: whole, as: UTF8.self)
        return ScenarioError(kind, message, file: file, line: line, column: column, sourceLine: shown)
    }
}

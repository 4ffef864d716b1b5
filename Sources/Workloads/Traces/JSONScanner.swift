/// A cursor over JSON text that hands out positions instead of building values. Validates what it passes over.
struct JSONScanner {
    let row: Row
    private(set) var at = 0

    init(_ row: Row) { self.row = row }

    static let deepest = 64

    func error(_ message: String, at offset: Int? = nil, length: Int = 20) -> RowError {
        let from = offset ?? at
        return RowError(offset: from, length: max(0, min(length, row.count - from)), message: message)
    }

    mutating func skipSpace() {
        while at < row.count, row[at] == 0x20 || row[at] == 0x09 || row[at] == 0x0A || row[at] == 0x0D { at += 1 }
    }

    /// The next byte that is not space, without taking it.
    mutating func peek() throws(RowError) -> UInt8 {
        skipSpace()
        guard at < row.count else { throw error("the JSON ends too early") }
        return row[at]
    }

    /// Takes `byte`, after space, if it is next.
    mutating func take(_ byte: UInt8) throws(RowError) -> Bool {
        guard try peek() == byte else { return false }
        at += 1
        return true
    }

    mutating func expect(_ byte: UInt8) throws(RowError) {
        guard try take(byte) else { throw error("invalid JSON: `\(Character(UnicodeScalar(byte)))` expected") }
    }

    /// Nothing but space remains.
    mutating func expectEnd() throws(RowError) {
        skipSpace()
        guard at == row.count else { throw error("text follows the JSON value") }
    }

    /// A string's bytes between its quotes, escapes left as they are.
    mutating func string() throws(RowError) -> FieldSpan {
        try expect(0x22)
        let first = at
        while at < row.count, row[at] != 0x22 {
            if row[at] < 0x20 { throw error("invalid JSON: a control character in a string") }
            if row[at] == 0x5C { try escape() } else { at += 1 }
        }
        guard at < row.count else { throw error("invalid JSON: a string is not closed", at: first) }
        at += 1
        return FieldSpan(offset: first, length: at - 1 - first)
    }

    private mutating func escape() throws(RowError) {
        guard at + 1 < row.count else { throw error("the JSON ends too early") }
        let kind = row[at + 1]
        if kind == 0x75 {
            let digits = UnsafeBufferPointer(start: row.bytes + at + 2, count: min(4, row.count - at - 2))
            guard digits.count == 4, digits.allSatisfy(Self.isHexadecimal) else {
                throw error("invalid JSON: \\u needs four hexadecimal digits")
            }
            at += 6
        } else {
            guard "\"\\/bfnrt".utf8.contains(kind) else { throw error("invalid JSON: an unknown escape") }
            at += 2
        }
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 <= 5
    }

    /// A number's bytes; checked against JSON's grammar.
    mutating func number() throws(RowError) -> FieldSpan {
        skipSpace()
        let first = at
        if at < row.count, row[at] == 0x2D { at += 1 }
        let hasLeadingZero = at < row.count && row[at] == 0x30
        let whole = digits()
        guard whole > 0, whole == 1 || !hasLeadingZero else { throw error("a number was expected", at: first) }
        if at < row.count, row[at] == 0x2E {
            at += 1
            guard digits() > 0 else { throw error("a number was expected", at: first) }
        }
        if at < row.count, row[at] | 0x20 == 0x65 {
            at += 1
            if at < row.count, row[at] == 0x2B || row[at] == 0x2D { at += 1 }
            guard digits() > 0 else { throw error("a number was expected", at: first) }
        }
        return FieldSpan(offset: first, length: at - first)
    }

    private mutating func digits() -> Int {
        let first = at
        while at < row.count, row[at] &- 0x30 <= 9 { at += 1 }
        return at - first
    }

    /// Passes over any value.
    mutating func skipValue(depth: Int = 0) throws(RowError) {
        guard depth < Self.deepest else { throw error("the JSON nests deeper than \(Self.deepest)") }
        switch try peek() {
        case 0x22: _ = try string()
        case 0x7B: try object { (scanner, _) throws(RowError) in try scanner.skipValue(depth: depth + 1) }
        case 0x5B: try array { (scanner) throws(RowError) in try scanner.skipValue(depth: depth + 1) }
        case 0x74: try word("true")
        case 0x66: try word("false")
        case 0x6E: try word("null")
        default: _ = try number()
        }
    }

    private mutating func word(_ text: StaticString) throws(RowError) {
        let count = text.utf8CodeUnitCount
        let matches =
            at + count <= row.count
            && UnsafeBufferPointer(start: row.bytes + at, count: count)
                .elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: count))
        guard matches else { throw error("invalid JSON: a value was expected") }
        at += count
    }

    /// Walks an object; `visit` must take the value of the key it is given.
    mutating func object(_ visit: (inout JSONScanner, FieldSpan) throws(RowError) -> Void) throws(RowError) {
        try expect(0x7B)
        if try take(0x7D) { return }
        repeat {
            _ = try peek()
            let key = try string()
            try expect(0x3A)
            try visit(&self, key)
        } while try take(0x2C)
        try expect(0x7D)
    }

    /// Walks an array; `visit` must take the value.
    mutating func array(_ visit: (inout JSONScanner) throws(RowError) -> Void) throws(RowError) {
        try expect(0x5B)
        if try take(0x5D) { return }
        repeat { try visit(&self) } while try take(0x2C)
        try expect(0x5D)
    }

    /// Whether a key is exactly `text`.
    func matches(_ key: FieldSpan, _ text: StaticString) -> Bool {
        key.length == text.utf8CodeUnitCount
            && UnsafeBufferPointer(start: row.bytes + key.offset, count: key.length)
                .elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: key.length))
    }
}

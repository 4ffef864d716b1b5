/// One cell of a CSV file and where it starts.
struct CSVField: Equatable {
    var text: String
    /// From 1.
    var line: Int
    /// From 1, in Unicode scalars.
    var column: Int
}

/// Reads CSV (RFC 4180): commas, optional double quotes with `""` inside, line breaks within quotes, LF, CRLF or CR at
/// the ends of records, and a byte order mark. Empty lines are skipped.
struct CSVReader {
    private let bytes: [UInt8]
    private let file: String
    private var position = 0
    private var line = 1
    private var column = 1

    init(bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// The next record, or `nil` at the end.
    mutating func next() throws(CatalogueError) -> [CSVField]? {
        while let byte = peek(), Self.endsLine(byte) { skipLineBreak() }
        guard peek() != nil else { return nil }
        var fields: [CSVField] = []
        while true {
            fields.append(try field())
            guard let byte = peek() else { return fields }
            if Self.endsLine(byte) {
                skipLineBreak()
                return fields
            }
            advance()
        }
    }

    private mutating func field() throws(CatalogueError) -> CSVField {
        let (startLine, startColumn) = (line, column)
        let quoted = peek() == UInt8(ascii: "\"")
        let content = quoted ? try quotedBytes() : plainBytes()
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CatalogueError(file: file, line: startLine, column: startColumn, "not UTF-8 text")
        }
        return CSVField(text: text, line: startLine, column: startColumn)
    }

    private mutating func plainBytes() -> [UInt8] {
        let start = position
        while let byte = peek(), byte != UInt8(ascii: ","), !Self.endsLine(byte) { advance() }
        return Array(bytes[start..<position])
    }

    private mutating func quotedBytes() throws(CatalogueError) -> [UInt8] {
        let (startLine, startColumn) = (line, column)
        advance()
        var content: [UInt8] = []
        while let byte = peek() {
            advance()
            guard byte == UInt8(ascii: "\"") else {
                content.append(byte)
                continue
            }
            guard peek() == UInt8(ascii: "\"") else {
                try expectEndOfField()
                return content
            }
            content.append(byte)
            advance()
        }
        throw CatalogueError(file: file, line: startLine, column: startColumn, "quoted field without an end")
    }

    private func expectEndOfField() throws(CatalogueError) {
        guard let byte = peek(), byte != UInt8(ascii: ","), !Self.endsLine(byte) else { return }
        throw CatalogueError(file: file, line: line, column: column, "text after a closing quote")
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func advance() {
        let byte = bytes[position]
        position += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private mutating func skipLineBreak() {
        let carriageReturn = peek() == UInt8(ascii: "\r")
        advance()
        if carriageReturn, peek() == UInt8(ascii: "\n") {
            advance()
        } else if carriageReturn {
            line += 1
            column = 1
        }
    }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
}

/// Where a field lies in its row, quotes excluded.
struct FieldSpan {
    var offset: Int
    var length: Int
    /// Whether the field holds doubled quotes, each standing for one.
    var hasEscapes = false

    func error(_ message: String) -> RowError { RowError(offset: offset, length: length, message: message) }
}

/// Splits comma-separated rows, RFC 4180 quotes included; a quoted field must end on its line.
struct FieldSplitter {
    private(set) var fields: [FieldSpan] = []

    mutating func split(_ row: Row) throws(RowError) {
        fields.removeAll(keepingCapacity: true)
        var at = 0
        while true {
            let field = at < row.count && row[at] == 0x22 ? try quoted(row, at) : plain(row, at)
            fields.append(field.span)
            guard field.next <= row.count else { return }
            at = field.next
        }
    }

    /// `next` is where the following field starts; beyond the row's count when this is the last.
    private func plain(_ row: Row, _ start: Int) -> (span: FieldSpan, next: Int) {
        var at = start
        while at < row.count, row[at] != 0x2C { at += 1 }
        return (FieldSpan(offset: start, length: at - start), at + 1)
    }

    private func quoted(_ row: Row, _ start: Int) throws(RowError) -> (span: FieldSpan, next: Int) {
        var at = start + 1
        var hasEscapes = false
        while at < row.count {
            guard row[at] == 0x22 else {
                at += 1
                continue
            }
            if at + 1 < row.count, row[at + 1] == 0x22 {
                hasEscapes = true
                at += 2
                continue
            }
            guard at + 1 == row.count || row[at + 1] == 0x2C else {
                throw RowError(offset: at + 1, length: row.count - at - 1, message: "text follows a closing quote")
            }
            return (FieldSpan(offset: start + 1, length: at - start - 1, hasEscapes: hasEscapes), at + 2)
        }
        throw RowError(offset: start, length: row.count - start, message: "a quoted field is not closed on its line")
    }

    /// A field's text with doubled quotes undone.
    static func text(_ row: Row, _ field: FieldSpan) -> String {
        let bytes = UnsafeBufferPointer(start: row.bytes + field.offset, count: field.length)
        guard field.hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        var unescaped: [UInt8] = []
        var isSecond = false
        for byte in bytes {
            isSecond = byte == 0x22 && !isSecond
            if !isSecond { unescaped.append(byte) }
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// Every field of a row as text.
    static func texts(_ row: Row) throws(RowError) -> [String] {
        var splitter = FieldSplitter()
        try splitter.split(row)
        return splitter.fields.map { text(row, $0) }
    }
}

import Primitives

/// Names met in a trace, in order of first appearance, found by their bytes without building a `String` per row.
struct NameTable {
    private(set) var names: [String]
    private var indexOfHash: [UInt64: Int] = [:]
    private var last = 0

    init(_ names: [String] = []) {
        self.names = names
        for (index, name) in names.enumerated() { indexOfHash[stableHash(name.utf8)] = index }
    }

    /// The index of the name made of these fields, joined by `/`.
    mutating func index(_ row: Row, _ fields: [FieldSpan]) -> Int? {
        if names.indices.contains(last), matches(last, row, fields) { return last }
        guard let found = indexOfHash[hash(row, fields)], matches(found, row, fields) else {
            return slowIndex(row, fields)
        }
        last = found
        return found
    }

    /// Adds the name unless it is there.
    mutating func insert(_ row: Row, _ fields: [FieldSpan]) {
        guard index(row, fields) == nil else { return }
        let name = Self.text(row, fields)
        indexOfHash[stableHash(name.utf8)] = names.count
        names.append(name)
    }

    static func text(_ row: Row, _ fields: [FieldSpan]) -> String {
        fields.map { FieldSplitter.text(row, $0) }.joined(separator: "/")
    }

    /// Escaped quotes, or two names with one hash.
    private func slowIndex(_ row: Row, _ fields: [FieldSpan]) -> Int? {
        guard fields.contains(where: \.hasEscapes) else {
            return names.indices.first { matches($0, row, fields) }
        }
        let text = Self.text(row, fields)
        return names.firstIndex(of: text)
    }

    private func hash(_ row: Row, _ fields: [FieldSpan]) -> UInt64 { stableHash(Joined(row: row, fields: fields)) }

    private func matches(_ index: Int, _ row: Row, _ fields: [FieldSpan]) -> Bool {
        !fields.contains(where: \.hasEscapes) && names[index].utf8.elementsEqual(Joined(row: row, fields: fields))
    }

    /// The fields' bytes with `/` between.
    private struct Joined: Sequence, IteratorProtocol {
        let row: Row
        let fields: [FieldSpan]
        var field = 0
        var at = 0

        mutating func next() -> UInt8? {
            guard field < fields.count else { return nil }
            if at < fields[field].length {
                defer { at += 1 }
                return row[fields[field].offset + at]
            }
            field += 1
            at = 0
            return field < fields.count ? 0x2F : nil
        }
    }
}

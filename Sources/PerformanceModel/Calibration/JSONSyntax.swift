/// Finds the first place where a text stops being JSON (RFC 8259), which Foundation's decoder does not tell.
struct JSONSyntax {
    /// Where, and what was found there in place of what.
    struct Fault: Hashable, Sendable {
        var line: Int
        var column: Int
        var found: String
    }

    private struct Stop: Error {}
    private let bytes: [UInt8]
    private var position = 0
    private static let depthLimit = 512

    /// The first fault of `bytes`, or `nil` for well-formed JSON.
    static func fault(in bytes: some Sequence<UInt8>) -> Fault? {
        var scanner = JSONSyntax(bytes: Array(bytes))
        do {
            try scanner.document()
            return nil
        } catch {
            return scanner.fault()
        }
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func fault() -> Fault {
        let before = bytes[..<min(position, bytes.count)]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let start = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let column = before[start...].count { $0 & 0xC0 != 0x80 } + 1
        return Fault(line: line, column: column, found: position < bytes.count ? excerpt() : "end of file")
    }

    private func excerpt() -> String {
        let rest = bytes[position...].prefix(16).prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: ",") }
        return rest.isEmpty ? "," : String(decoding: rest, as: UTF8.self)
    }

    private mutating func document() throws(Stop) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try value(depth: 0)
        space()
        if position < bytes.count { throw Stop() }
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func space() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: scalar) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ scalar: Unicode.Scalar) throws(Stop) {
        guard take(scalar) else { throw Stop() }
    }

    private mutating func value(depth: Int) throws(Stop) {
        guard depth < Self.depthLimit else { throw Stop() }
        space()
        switch next {
        case UInt8(ascii: "{"): try members(until: "}", depth: depth, keyed: true)
        case UInt8(ascii: "["): try members(until: "]", depth: depth, keyed: false)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: try number()
        }
    }

    private mutating func members(until end: Unicode.Scalar, depth: Int, keyed: Bool) throws(Stop) {
        position += 1
        space()
        if take(end) { return }
        repeat {
            space()
            if keyed {
                try string()
                space()
                try expect(":")
            }
            try value(depth: depth + 1)
            space()
        } while take(",")
        try expect(end)
    }

    private mutating func string() throws(Stop) {
        try expect("\"")
        while let byte = next, byte >= 0x20 {
            position += 1
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\") { try escape() }
        }
        throw Stop()
    }

    private mutating func escape() throws(Stop) {
        guard let byte = next, "\"\\/bfnrtu".utf8.contains(byte) else { throw Stop() }
        position += 1
        guard byte == UInt8(ascii: "u") else { return }
        for _ in 0..<4 {
            guard let digit = next, Character(Unicode.Scalar(digit)).isHexDigit else { throw Stop() }
            position += 1
        }
    }

    private mutating func word(_ text: String) throws(Stop) {
        guard bytes[position...].starts(with: text.utf8) else { throw Stop() }
        position += text.utf8.count
    }

    private mutating func digits() throws(Stop) {
        guard let first = next, (0x30...0x39).contains(first) else { throw Stop() }
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
    }

    private mutating func number() throws(Stop) {
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
    }
}

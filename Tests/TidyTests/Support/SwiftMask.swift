/// Blanks what is not code in Swift source: comments, and what stands between the quotes of string literals,
/// interpolations included. Every byte blanked becomes a space and line feeds stay, so positions are kept.
///
/// Knows nested comments, escapes, raw and multi-line literals, and literals within interpolations; of regex literals
/// only those that hold no quote.
struct SwiftMask {
    private enum Context {
        case string(quotes: Int, hashes: Int)
        case interpolation(depth: Int)
    }

    private let bytes: [UInt8]
    private var output: [UInt8]
    private var position = 0
    private var stack: [Context] = []

    static func blanked(_ text: String) -> String {
        var mask = SwiftMask(Array(text.utf8))
        while mask.position < mask.bytes.count { mask.step() }
        return String(decoding: mask.output, as: UTF8.self)
    }

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
        output = bytes
    }

    private func at(_ offset: Int) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private func run(of byte: UInt8, from offset: Int) -> Int {
        var length = 0
        while at(offset + length) == byte { length += 1 }
        return length
    }

    private mutating func blank(_ count: Int = 1) {
        for _ in 0..<count where position < bytes.count {
            if bytes[position] != UInt8(ascii: "\n") { output[position] = UInt8(ascii: " ") }
            position += 1
        }
    }

    private mutating func step() {
        if case .string(let quotes, let hashes) = stack.last { return stepInString(quotes: quotes, hashes: hashes) }
        if at(0) == UInt8(ascii: "/"), at(1) == UInt8(ascii: "/") { return skipLine() }
        if at(0) == UInt8(ascii: "/"), at(1) == UInt8(ascii: "*") { return skipBlock() }
        let hashes = run(of: UInt8(ascii: "#"), from: 0)
        if at(hashes) == UInt8(ascii: "\"") { return open(hashes: hashes) }
        guard case .interpolation(let depth) = stack.last else {
            position += 1
            return
        }
        switch at(0) {
        case UInt8(ascii: "("): stack[stack.count - 1] = .interpolation(depth: depth + 1)
        case UInt8(ascii: ")") where depth == 1: stack.removeLast()
        case UInt8(ascii: ")"): stack[stack.count - 1] = .interpolation(depth: depth - 1)
        default: break
        }
        blank()
    }

    private mutating func open(hashes: Int) {
        let quotes = at(hashes + 1) == UInt8(ascii: "\"") && at(hashes + 2) == UInt8(ascii: "\"") ? 3 : 1
        let nested = !stack.isEmpty
        stack.append(.string(quotes: quotes, hashes: hashes))
        if nested { blank(hashes + quotes) } else { position += hashes + quotes }
    }

    private mutating func stepInString(quotes: Int, hashes: Int) {
        switch at(0) {
        case UInt8(ascii: "\n") where quotes == 1:
            stack.removeLast()
            blank()
        case UInt8(ascii: "\\") where run(of: UInt8(ascii: "#"), from: 1) >= hashes:
            if at(1 + hashes) == UInt8(ascii: "(") { stack.append(.interpolation(depth: 1)) }
            blank(2 + hashes)
        case UInt8(ascii: "\"")
        where run(of: UInt8(ascii: "\""), from: 0) >= quotes && run(of: UInt8(ascii: "#"), from: quotes) >= hashes:
            stack.removeLast()
            if stack.isEmpty { position += quotes + hashes } else { blank(quotes + hashes) }
        default: blank()
        }
    }

    private mutating func skipLine() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { blank() }
    }

    private mutating func skipBlock() {
        var depth = 0
        repeat {
            if at(0) == UInt8(ascii: "/"), at(1) == UInt8(ascii: "*") {
                depth += 1
                blank(2)
            } else if at(0) == UInt8(ascii: "*"), at(1) == UInt8(ascii: "/") {
                depth -= 1
                blank(2)
            } else {
                blank()
            }
        } while depth > 0 && position < bytes.count
    }
}

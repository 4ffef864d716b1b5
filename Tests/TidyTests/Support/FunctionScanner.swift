/// A function, initialiser, deinitialiser or subscript found in a file.
struct FunctionFound: Equatable {
    let name: String
    /// Of its keyword, from 0.
    let line: Int
    /// Lines from the keyword to the closing brace, both included; 0 for a requirement without a body.
    let length: Int
    let parameters: Int
    /// An initialiser that does nothing but fill a record: every statement sets a property, checks the values, or
    /// passes all on to another initialiser.
    let fillsRecord: Bool
}

/// Finds the functions of a file by counting brackets: enough for source that the formatter has been over.
struct FunctionScanner {
    private struct Token {
        let text: String
        let line: Int
    }

    private let file: SourceFile
    private let tokens: [Token]

    static func functions(in file: SourceFile) -> [FunctionFound] {
        let scanner = FunctionScanner(file)
        return scanner.tokens.indices.compactMap(scanner.function)
    }

    private init(_ file: SourceFile) {
        self.file = file
        tokens = file.code.enumerated().flatMap { line, text in
            Self.words(text).map { Token(text: $0, line: line) }
        }
    }

    /// Identifiers and numbers whole, every other character alone.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in line {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if !character.isWhitespace { words.append(String(character)) }
        }
        return word.isEmpty ? words : words + [word]
    }

    private func function(at index: Int) -> FunctionFound? {
        let keyword = tokens[index]
        let isCall = index > 0 && tokens[index - 1].text == "."
        guard ["func", "init", "deinit", "subscript"].contains(keyword.text), !isCall else { return nil }
        var next = index + 1
        var parameters = 0
        if keyword.text != "deinit" {
            guard let open = tokens[next...].firstIndex(where: { $0.text == "(" }) else { return nil }
            let close = matching(open)
            parameters = parameterCount(open, close)
            next = close + 1
        }
        let name = keyword.text == "func" ? tokens[index + 1].text : keyword.text
        guard let open = bodyStart(from: next) else {
            return FunctionFound(name: name, line: keyword.line, length: 0, parameters: parameters, fillsRecord: false)
        }
        let end = tokens[matching(open)].line
        return FunctionFound(
            name: name, line: keyword.line, length: end - keyword.line + 1, parameters: parameters,
            fillsRecord: keyword.text == "init" && storesOnly(from: tokens[open].line + 1, to: end))
    }

    /// The bracket that closes the one at `open`, or the last token.
    private func matching(_ open: Int) -> Int {
        var depth = 0
        for index in open..<tokens.count {
            switch tokens[index].text {
            case "(", "[", "{": depth += 1
            case ")", "]", "}": depth -= 1
            default: continue
            }
            if depth == 0 { return index }
        }
        return tokens.count - 1
    }

    private func parameterCount(_ open: Int, _ close: Int) -> Int {
        guard close > open + 1 else { return 0 }
        var (depth, commas) = (0, 0)
        for index in open..<close {
            switch tokens[index].text {
            case "(", "[", "{", "<": depth += 1
            case ")", "]", "}": depth -= 1
            case ">" where tokens[index - 1].text != "-": depth -= 1
            case "," where depth == 1: commas += 1
            default: continue
            }
        }
        return tokens[close - 1].text == "," ? commas : commas + 1
    }

    /// The brace that opens the body, unless another declaration or the end of a protocol comes first.
    private func bodyStart(from start: Int) -> Int? {
        let declarations: Set<String> = [
            "func", "var", "let", "init", "subscript", "case", "static", "mutating", "nonmutating", "typealias",
            "associatedtype", "public", "package", "private", "fileprivate", "internal", "struct", "enum", "class",
            "extension", "protocol", "deinit", "@", "#",
        ]
        for index in start..<max(start, tokens.count) {
            if tokens[index].text == "{" { return index }
            let beginsLine = tokens[index].line != tokens[index - 1].line
            if tokens[index].text == "}" || (beginsLine && declarations.contains(tokens[index].text)) { return nil }
        }
        return nil
    }

    /// Whether every statement of the body sets a property, checks, or passes on. A statement ends with its line unless
    /// a bracket is open.
    private func storesOnly(from first: Int, to end: Int) -> Bool {
        var open = 0
        for line in file.code[min(first, end)..<end] {
            let text = line.trimmingPrefix { $0.isWhitespace }
            let isWhole = open == 0
            open += line.count { "([{".contains($0) } - line.count { ")]}".contains($0) }
            guard isWhole, !text.isEmpty else { continue }
            let passes = ["precondition(", "try validate(", "self.init("].contains { text.hasPrefix($0) }
            guard passes || Self.setsProperty(text) else { return false }
        }
        return first < end
    }

    private static func setsProperty(_ statement: Substring) -> Bool {
        let words = statement.split(separator: " ", maxSplits: 2)
        guard words.count == 3, words[1] == "=" else { return false }
        return words[0].allSatisfy { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
    }
}

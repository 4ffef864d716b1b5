import Foundation
import Yams

/// Reads scenario files: bytes to text to a ``SettingNode`` tree. The only place that knows YAML.
package enum ScenarioFile {
    /// Files beyond this are not scenarios.
    private static let sizeLimit = 4 << 20
    /// Values beyond this, aliases counted where they are used, are not a scenario either.
    private static let nodeLimit = 50_000

    /// The text of the file at `path`, without a byte-order mark.
    /// - Throws: ``ScenarioError`` where it is missing, a folder, too large or not UTF-8 (with the place of the first
    ///   bad byte).
    package static func read(_ path: String) throws -> String {
        try decode(try bytes(of: path), name: path)
    }

    /// The bytes of the file at `path`.
    package static func bytes(of path: String) throws -> [UInt8] {
        switch FileLocation.kind(of: path) {
        case .nothing: throw ScenarioError(.missingFile, "there is no such file", file: path)
        case .folder: throw ScenarioError(.missingFile, "this is a folder, not a file", file: path)
        case .file: break
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ScenarioError(.missingFile, "the file cannot be read", file: path)
        }
        guard data.count <= sizeLimit else {
            throw ScenarioError(.syntax, "the file is larger than \(sizeLimit >> 20) MiB", file: path)
        }
        return [UInt8](data)
    }

    /// UTF-8 bytes as text, without a byte-order mark.
    package static func decode(_ bytes: [UInt8], name: String) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let lines = validPrefix(of: bytes).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            let last = lines.last ?? ""
            throw ScenarioError(
                .encoding, "the file is not UTF-8 text", file: name, line: max(1, lines.count),
                column: last.unicodeScalars.count + 1, sourceLine: String(last))
        }
        return text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// The longest prefix that is UTF-8 text. Complexity: logarithmic in tries, linear in bytes each.
    private static func validPrefix(of bytes: [UInt8]) -> String {
        let repaired = String(decoding: bytes, as: UTF8.self).utf8
        let same = zip(bytes, repaired).prefix { $0 == $1 }.count
        for end in stride(from: same, through: max(0, same - 4), by: -1) {
            if let text = String(validating: bytes[..<end], as: UTF8.self) { return text }
        }
        return ""
    }

    /// Parses `source` from its line `line`, column `column` on.
    /// - Throws: ``ScenarioError`` of kinds `syntax` and `duplicateKey`.
    package static func tree(
        of text: String, in source: SettingSource, line: Int = 1, column: Int = 1, label: String
    ) throws -> SettingNode {
        let origin = SettingPosition(source: source, line: line, column: column)
        do {
            var converter = TreeConverter(origin: origin, remaining: nodeLimit)
            guard let root = try compose(yaml: text) else { return converter.nothing(label) }
            return try converter.convert(root, label: label)
        } catch let error as YamlError {
            throw YAMLFault(error, text: text, origin: origin).scenarioError
        }
    }

    /// Parses all documents of `source`, in order.
    /// - Throws: as ``tree(of:in:line:column:label:)``.
    package static func documents(
        of text: String, in source: SettingSource, label: String
    ) throws -> [SettingNode] {
        let origin = SettingPosition(source: source, line: 1, column: 1)
        do {
            var converter = TreeConverter(origin: origin, remaining: nodeLimit)
            let documents = try compose_all(yaml: text)
            var trees: [SettingNode] = []
            for document in documents { trees.append(try converter.convert(document, label: label)) }
            if let error = documents.error { throw error }
            return trees
        } catch let error as YamlError {
            throw YAMLFault(error, text: text, origin: origin).scenarioError
        }
    }
}

/// Yams nodes to setting nodes, positions moved to where the text stands in its source.
private struct TreeConverter {
    let origin: SettingPosition
    var remaining: Int

    func nothing(_ label: String) -> SettingNode {
        SettingNode(.scalar("", quoted: false), at: origin, label: label)
    }

    func position(_ mark: Mark?) -> SettingPosition { origin.moved(line: mark?.line ?? 1, column: mark?.column ?? 1) }

    mutating func convert(_ node: Node, label: String) throws -> SettingNode {
        let place = position(node.mark)
        remaining -= 1
        guard remaining > 0 else { throw ScenarioError(.syntax, "the scenario has too many values", at: place) }
        switch node {
        case .scalar(let scalar):
            let quoted = ![.any, .plain].contains(scalar.style)
            return SettingNode(.scalar(scalar.string, quoted: quoted), at: place, label: label)
        case .sequence(let sequence):
            let items = try sequence.enumerated().map { index, item in
                try convert(item, label: "item \(index + 1) of \(label)")
            }
            return SettingNode(.list(items), at: place, label: label)
        case .mapping(let mapping):
            return SettingNode(.map(try entries(of: mapping)), at: place, label: label)
        case .alias:
            throw ScenarioError(.syntax, "an alias that stands for nothing", at: place)
        }
    }

    private mutating func entries(of mapping: Node.Mapping) throws -> [SettingEntry] {
        var entries: [SettingEntry] = []
        for (key, value) in mapping {
            guard case .scalar(let scalar) = key, !scalar.string.isEmpty else {
                throw ScenarioError(.syntax, "a key must be a word", at: position(key.mark))
            }
            guard !entries.contains(where: { $0.key == scalar.string }) else {
                throw ScenarioError(.duplicateKey, "`\(scalar.string)` is given twice", at: position(key.mark))
            }
            entries.append(
                SettingEntry(
                    key: scalar.string, keyPosition: position(key.mark),
                    value: try convert(value, label: "`\(scalar.string)`")))
        }
        return entries
    }
}

/// A line and column of a YAML text, from 1.
private struct Place {
    var line: Int
    var column: Int
}

extension Place {
    init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

/// A fault found by the YAML parser, in our words.
private struct YAMLFault {
    var scenarioError: ScenarioError

    init(_ error: YamlError, text: String, origin: SettingPosition) {
        let lines = SettingSource(name: "", text: text)
        func at(_ mark: Place, _ kind: ScenarioError.Kind, _ message: String) -> ScenarioError {
            let place = Self.shown(mark, in: lines)
            return ScenarioError(kind, message, at: origin.moved(line: place.line, column: place.column))
        }
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            if let tab = Self.indentingTab(lines, near: mark.line) {
                scenarioError = at(tab, .syntax, "a tab cannot indent YAML; use spaces")
            } else {
                let detail = context.map { "\($0.text), which began in line \($0.mark.line + origin.line - 1), " } ?? ""
                scenarioError = at(Place(mark), .syntax, "not valid YAML: \(detail)\(problem)")
            }
        case .composer(_, let problem, let mark, _):
            scenarioError = at(Place(mark), .syntax, "not valid YAML: \(problem)")
        case .reader(let problem, let offset, _, let yaml):
            scenarioError = at(Self.mark(at: offset ?? 0, in: yaml), .syntax, "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            let key = keys.first ?? ""
            scenarioError = at(
                Self.second(key, in: lines, after: Place(context.mark)), .duplicateKey,
                "`\(key)` is given twice (first in line \(context.mark.line + origin.line - 1))")
        default:
            scenarioError = ScenarioError(.syntax, "not valid YAML: nested too deeply", at: origin)
        }
    }

    /// `mark`, or the end of the last line with text where nothing follows it: a fault at the end of a file is shown
    /// where the text ends.
    private static func shown(_ mark: Place, in lines: SettingSource) -> Place {
        guard let last = lines.lines.lastIndex(where: { $0.contains { !$0.isWhitespace } }), mark.line > last + 1 else {
            return mark
        }
        return Place(line: last + 1, column: lines.lines[last].unicodeScalars.count + 1)
    }

    /// The first tab in the indentation of line `number`, or of the line before it.
    private static func indentingTab(_ lines: SettingSource, near number: Int) -> Place? {
        for candidate in [number, number - 1] where candidate >= 1 {
            let indentation = lines.line(candidate).unicodeScalars.prefix { $0 == " " || $0 == "\t" }
            if let tab = Array(indentation).firstIndex(of: "\t") { return Place(line: candidate, column: tab + 1) }
        }
        return nil
    }

    private static func mark(at offset: Int, in yaml: String) -> Place {
        let lines = yaml.prefix(offset).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return Place(line: max(1, lines.count), column: (lines.last?.unicodeScalars.count ?? 0) + 1)
    }

    /// Where `key` stands again: further on in the same line, else at the same column of a later line; the first place
    /// where neither is found (keys in several lines of a flow mapping).
    private static func second(_ key: String, in lines: SettingSource, after first: Place) -> Place {
        func isKey(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
            guard scalars.starts(with: key.unicodeScalars) else { return false }
            return scalars.dropFirst(key.unicodeScalars.count).drop { $0 == " " }.first == ":"
        }
        let line = Array(lines.line(first.line).unicodeScalars)
        for start in line.indices where start >= first.column && isKey(line[start...]) {
            return Place(line: first.line, column: start + 1)
        }
        for number in (first.line + 1)..<max(first.line + 2, lines.lines.count + 1) {
            let scalars = Array(lines.line(number).unicodeScalars)
            if scalars.count >= first.column, isKey(scalars[(first.column - 1)...]) {
                return Place(line: number, column: first.column)
            }
        }
        return first
    }
}

extension SettingPosition {
    /// This origin moved to `line`, `column` of a text that begins at it.
    fileprivate func moved(line: Int, column: Int) -> SettingPosition {
        SettingPosition(
            source: source, line: self.line + line - 1, column: line == 1 ? self.column + column - 1 : column)
    }
}

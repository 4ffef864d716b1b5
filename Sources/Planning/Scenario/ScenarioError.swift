/// What is wrong with a scenario, and where: one sentence, the line it speaks of, and a caret.
public struct ScenarioError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What sort of fault it is.
    public enum Kind: String, Sendable, CaseIterable {
        /// The file, or a file it names, cannot be read.
        case missingFile
        /// Not UTF-8.
        case encoding
        /// Not YAML.
        case syntax
        case duplicateKey
        case unknownKey
        case missingKey
        /// A scalar where a mapping is needed, a word where a number is.
        case wrongType
        /// A missing or unknown unit.
        case wrongUnit
        case outOfRange
        /// A key or value of the format that this version does not carry out.
        case unsupported
        /// No such model, device, offer, strategy, preset.
        case unknownName
        /// Two settings that exclude or contradict each other, or a setting without effect.
        case conflict
        /// The model needs more memory than the replica has.
        case doesNotFit
        /// A workload file is malformed; the message carries its own position.
        case workload
    }

    /// What sort of fault it is.
    public let kind: Kind
    /// The scenario's path as given, or `--set`.
    public let file: String
    /// From 1.
    public let line: Int
    /// In characters, from 1.
    public let column: Int
    /// The fault in words, without its position.
    public let message: String
    /// The text of line `line`; empty where there is none to show.
    public let sourceLine: String

    /// An error with an explicit position.
    public init(
        _ kind: Kind, _ message: String, file: String, line: Int = 1, column: Int = 1, sourceLine: String = ""
    ) {
        self.kind = kind
        self.file = file
        self.line = line
        self.column = column
        self.message = Self.onOneLine(message)
        self.sourceLine = sourceLine
    }

    package init(_ kind: Kind, _ message: String, at position: SettingPosition) {
        self.init(
            kind, message, file: position.source.name, line: position.line, column: position.column,
            sourceLine: position.source.line(position.line))
    }

    /// Control characters of quoted text written out, so that a sentence stays on its line.
    private static func onOneLine(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            switch scalar {
            case "\n": line += "\\n"
            case "\t": line += "\\t"
            case _ where scalar.properties.generalCategory == .control:
                line += "\\u{\(String(scalar.value, radix: 16))}"
            default: line.unicodeScalars.append(scalar)
            }
        }
    }

    /// `FILE:LINE:COLUMN: message`.
    public var sentence: String { "\(file):\(line):\(column): \(message)" }

    /// The sentence, then the source line with a caret under the column; the sentence alone where no line is known.
    public var description: String {
        guard !sourceLine.isEmpty else { return sentence }
        let before = sourceLine.unicodeScalars.prefix(column - 1)
        let indent = before.map { $0 == "\t" ? "\t" : " " }.joined()
        return "\(sentence)\n\(sourceLine)\n\(indent)^"
    }
}

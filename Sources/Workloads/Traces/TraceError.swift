/// What is wrong with a trace, and where. Prints as one sentence:
/// `FILE:LINE:COLUMN: message, found "text"`.
public struct TraceError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Which kind of trouble, for an exit status.
    public enum Kind: String, Sendable {
        /// The file's content is not what its format demands.
        case malformed
        /// The file or folder does not exist.
        case missing
        /// The operating system refused or failed.
        case inputOutput
    }

    /// Which kind of trouble it is.
    public var kind: Kind
    /// The path as it was given.
    public var file: String
    /// Line from 1; 0 when the trouble is with the file as a whole.
    public var line: Int
    /// Byte column from 1; 0 when the trouble is with the file as a whole.
    public var column: Int
    /// The offending text, at most 60 bytes of it; empty when there is none to show.
    public var text: String
    /// A sentence without its full stop.
    public var message: String

    /// An error at a position; line and column 0 for the file as a whole.
    public init(
        kind: Kind = .malformed, file: String, line: Int, column: Int, text: String = "", message: String
    ) {
        self.kind = kind
        self.file = file
        self.line = line
        self.column = column
        self.text = text
        self.message = message
    }

    /// A trouble with the file as a whole.
    static func file(_ kind: Kind, _ path: String, _ message: String) -> TraceError {
        TraceError(kind: kind, file: path, line: 0, column: 0, message: message)
    }

    /// `FILE:LINE:COLUMN: message, found "text"`, without the parts that are not known.
    public var description: String {
        let position = line > 0 ? "\(file):\(line):\(column)" : file
        return text.isEmpty ? "\(position): \(message)" : "\(position): \(message), found \"\(text)\""
    }
}

/// What is wrong with one row, before file and line are known.
struct RowError: Error {
    /// Byte offset in the row.
    var offset: Int
    /// How many bytes from there are the offending text.
    var length: Int
    var message: String

    func located(in row: Row, file: String, line: Int) -> TraceError {
        let from = min(max(offset, 0), row.count)
        let bytes = UnsafeBufferPointer(start: row.bytes + from, count: min(length, row.count - from))
        return TraceError(file: file, line: line, column: from + 1, text: printable(bytes), message: message)
    }
}

/// The first 60 bytes as text that stays on one line.
func printable(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    for scalar in String(decoding: bytes.prefix(60), as: UTF8.self).unicodeScalars {
        switch scalar {
        case "\t": text += "\\t"
        case "\r": text += "\\r"
        case "\n": text += "\\n"
        case "\"": text += "\\\""
        case _ where scalar.value < 0x20 || scalar.value == 0x7F: text += "\\u{\(String(scalar.value, radix: 16))}"
        default: text.unicodeScalars.append(scalar)
        }
    }
    return bytes.count > 60 ? text + "…" : text
}

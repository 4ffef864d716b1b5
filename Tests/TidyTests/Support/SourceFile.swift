import Foundation

/// A text file of the repository, or a snippet that stands for one.
struct SourceFile: Sendable {
    /// From the repository's root, with forward slashes: `Sources/Primitives/Money.swift`.
    let path: String
    let text: String
    /// What lies between the line feeds; the empty piece after the last one is left out.
    let lines: [String]
    /// The lines with comments and the contents of string literals blanked; the lines themselves if it is not Swift.
    let code: [String]

    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = Self.split(text)
        code = path.hasSuffix(".swift") ? Self.split(SwiftMask.blanked(text)) : lines
    }

    private static func split(_ text: String) -> [String] {
        // By bytes: CR LF is one Character, and the carriage return has to stay visible.
        var lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// The second folder of its path: the room of a source file.
    var room: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }
    /// The path within its room.
    var pathInRoom: String { path.split(separator: "/").dropFirst(2).joined(separator: "/") }

    func offence(_ index: Int, _ detail: String? = nil) -> Offence {
        Offence(place: "\(path):\(index + 1)", detail: detail ?? lines[index].trimmingCharacters(in: .whitespaces))
    }
}

/// Where a rule is broken, and by what.
struct Offence: Equatable, CustomStringConvertible {
    /// `file:line`, or the file alone.
    let place: String
    let detail: String

    var description: String { "\(place): \(detail)" }
}

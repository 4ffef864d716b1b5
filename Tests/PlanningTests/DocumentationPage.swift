import Foundation
import Testing

/// `Documentation/Scenarios.md`, taken apart.
enum DocumentationPage {
    struct Row {
        /// What stands in back quotes in the first column.
        var keys: [String]
        var `default`: String
    }

    static let root = (0..<3).reduce(URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()) { url, _ in
        url.deletingLastPathComponent()
    }

    static let page =
        (try? String(contentsOf: root.appendingPathComponent("Documentation/Scenarios.md"), encoding: .utf8)) ?? ""

    /// What stands in back quotes, in order.
    static func quoted(_ text: some StringProtocol) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
            .map { String($0.element) }
    }

    /// The words of all that stands in back quotes.
    static func words(_ text: some StringProtocol) -> Set<String> {
        Set(quoted(text).flatMap { $0.split { !($0.isLetter || $0.isNumber || "-.".contains($0)) } }.map(String.init))
    }

    /// From a heading to the next of any level.
    static func section(_ heading: String) throws -> Substring {
        let start = try #require(page.range(of: "\n\(heading)\n"), "no heading \(heading)").upperBound
        return page[start...].prefix(upTo: page[start...].range(of: "\n#")?.lowerBound ?? page.endIndex)
    }

    /// The rows of a section's tables, without their heads.
    static func rows(_ heading: String) throws -> [Row] {
        try section(heading).split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            return Row(keys: quoted(cells[0]), default: cells.last ?? "")
        }
    }

    /// The texts of the page's YAML blocks, in order.
    static let examples: [String] = page.components(separatedBy: "\n```yaml\n").dropFirst().map { part in
        part.components(separatedBy: "\n```")[0] + "\n"
    }
}

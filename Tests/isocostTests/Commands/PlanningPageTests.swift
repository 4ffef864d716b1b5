import Foundation
import Testing

/// The outputs in `Documentation/Planning.md` are those of the commands above them.
@Suite struct PlanningPageTests {
    @Test func outputsAreThoseOfTheCommands() throws {
        let page = try String(contentsOfFile: Binary.root + "/Documentation/Planning.md", encoding: .utf8)
        let blocks = page.components(separatedBy: "```")
        var checked = 0
        for index in blocks.indices where blocks[index].hasPrefix("sh\n") && index + 2 < blocks.count {
            guard blocks[index + 1].trimmingCharacters(in: .whitespacesAndNewlines).isEmpty else { continue }
            let folder = try TemporaryFolder()
            try FileManager.default.createSymbolicLink(
                atPath: folder.file("scenarios"), withDestinationPath: Binary.root + "/scenarios")
            let arguments = blocks[index].dropFirst(3).drop { $0 != " " }
            let outcome = try Running(
                executable: "/bin/sh", ["-c", "exec '\(Binary.path)' \(arguments)"], in: folder
            ).outcome()
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(Self.lines(outcome.output) == Self.lines(blocks[index + 2]))
            checked += 1
        }
        #expect(checked == 2)
    }

    /// All but the lines that name files of this machine, and blank ones.
    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n").map(String.init).filter { !$0.contains("plan.yaml") && !$0.contains("plan.html") }
    }
}

import Foundation
import Testing

/// The commands that the README shows do what it says: each is run in a folder that has `scenarios/`, in its order.
@Suite struct ReadmeTests {
    static let commands: [String] = {
        guard let text = try? String(contentsOfFile: Binary.root + "/README.md", encoding: .utf8) else { return [] }
        var inside = false
        var found: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                inside = line == "```sh" && !inside
            } else if inside {
                found.append(String(line))
            }
        }
        return found.filter { line in
            ["isocost ", ".build/release/isocost "].contains { line.hasPrefix($0) }
                // Long by design, or in need of files that are not there.
                && !["calibrate", "…", "|", ".csv", "FILE", "bench"].contains { line.contains($0) }
        }
    }()

    @Test(.enabled(if: !commands.isEmpty, "the README shows none"))
    func examplesRun() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("scenarios"), withDestinationPath: Binary.root + "/scenarios")
        for line in Self.commands {
            let arguments = line.drop { $0 != " " }
            let outcome = try Running(
                executable: "/bin/sh", ["-c", "exec '\(Binary.path)' \(arguments)"], in: folder
            ).outcome()
            #expect(outcome.status == 0, "\(line): \(outcome)")
        }
    }
}

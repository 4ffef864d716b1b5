import Foundation
import Testing

/// The commands and blocks that the page on sweeps shows do what they say.
@Suite struct SweepDocumentationTests {
    private static func blocks(_ page: String, _ language: String) -> [String] {
        let text = (try? String(contentsOfFile: Binary.root + "/Documentation/" + page, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n```\(language)\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
    }

    /// Those that can be run as they stand.
    static let commands: [[String]] = ["Sweeps.md"].map { page in
        blocks(page, "sh").flatMap { $0.split(separator: "\n").map(String.init) }
            .filter { $0.hasPrefix("isocost ") && !$0.contains("…") }
    }

    @Test(arguments: commands)
    func commandsRun(_ lines: [String]) throws {
        #expect(lines.count >= 3)
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: folder.file("scenarios"), withDestinationPath: Binary.root + "/scenarios")
        for line in lines {
            let outcome = try Running(
                executable: "/bin/sh", ["-c", "exec '\(Binary.path)' \(line.dropFirst(8))"], in: folder
            ).outcome()
            #expect(outcome.status == 0, "\(line): \(outcome)")
        }
        #expect(folder.files().contains("reports/sweep/sweep.csv"))
    }

    @Test func blocksAreRead() throws {
        let blocks = Self.blocks("Sweeps.md", "yaml")
        #expect(blocks.count >= 2)
        for block in blocks {
            let folder = try TemporaryFolder()
            let base = try String(contentsOfFile: Binary.root + "/scenarios/sweep.yaml", encoding: .utf8)
            let head = base.components(separatedBy: "\nsweep:\n")[0]
            try folder.write("s.yaml", head + "\n" + block + "\n")
            let outcome = try Binary.run(
                [
                    "sweep", "s.yaml", "--quiet", "--replications", "1", "--set",
                    "workload.synthetic.duration=5 s",
                ], in: folder)
            #expect(outcome.status == 0, "\(block): \(outcome)")
        }
    }
}

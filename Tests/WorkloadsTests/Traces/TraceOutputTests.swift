import Foundation
import Testing

@testable import Workloads

@Suite struct TraceOutputTests {
    private func names(_ folder: TemporaryFolder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    @Test func theNameAppearsOnlyWhenTheFileIsWhole() throws {
        let folder = try TemporaryFolder()
        let output = try TraceOutput(path: folder.path + "/t")
        try output.write("one,")
        #expect(try names(folder).count == 1)
        #expect(try names(folder) != ["t"])
        try output.append { $0.append(contentsOf: "two".utf8) }
        try output.finish()
        #expect(try names(folder) == ["t"])
        #expect(try String(contentsOfFile: folder.path + "/t", encoding: .utf8) == "one,two")
    }

    @Test func anUnfinishedFileLeavesNothing() throws {
        let folder = try TemporaryFolder()
        do {
            let output = try TraceOutput(path: folder.path + "/t")
            try output.write(String(repeating: "x", count: 1 << 20))
        }
        #expect(try names(folder).isEmpty)
    }

    @Test func largeFilesAreWrittenInPieces() throws {
        let folder = try TemporaryFolder()
        let output = try TraceOutput(path: folder.path + "/t")
        let line = String(repeating: "abcdefg,", count: 100) + "\n"
        for _ in 0..<2_000 { try output.write(line) }
        try output.finish()
        let text = try String(contentsOfFile: folder.path + "/t", encoding: .utf8)
        #expect(text.utf8.count == 2_000 * line.utf8.count)
        #expect(text.split(separator: "\n").allSatisfy { $0 + "\n" == line })
    }

    @Test func anOldFileIsReplacedWhole() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("t", String(repeating: "old", count: 1_000))
        let output = try TraceOutput(path: path)
        try output.write("new")
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasPrefix("old"))
        try output.finish()
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    }

    @Test func aFolderInTheWayIsAnError() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/t", withIntermediateDirectories: false)
        let found = #expect(throws: TraceError.self) { try TraceOutput(path: folder.path + "/t") }
        #expect(found?.kind == .inputOutput)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["t"])
    }
}

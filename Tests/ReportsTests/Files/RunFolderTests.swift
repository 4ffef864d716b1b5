import Foundation
import Planning
import SimulationCore
import Testing

@testable import Reports

@Suite struct RunFolderTests {
    static let names = [
        "summary.csv", "comparison.csv", "definitions.csv", "timeline.csv", "invoice.csv", "report.html",
    ]

    @Test func writesEveryFileOfARunAndNothingElse() throws {
        try withTemporaryFolder { root in
            let folder = RunFolder(root: root + "/reports/new", scenario: "chat/8b")
            let written = try folder.write(Fixture.result(replications: 2))
            #expect(written == Self.names.map { "\(root)/reports/new/chat-8b/\($0)" })
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == Self.names.sorted())
        }
    }

    @Test func theSameResultGivesTheSameBytes() throws {
        try withTemporaryFolder { root in
            let folders = ["a", "b"].map { RunFolder(root: root + "/" + $0, scenario: "s") }
            for folder in folders { try folder.write(Fixture.result(replications: 2)) }
            for name in Self.names {
                #expect(
                    FileManager.default.contentsEqual(atPath: folders[0].file(name), andPath: folders[1].file(name)))
            }
        }
    }

    @Test func perRequestRowsBelongToTheirRun() throws {
        try withTemporaryFolder { root in
            let folder = RunFolder(root: root, scenario: "s")
            let result = Fixture.result(replications: 1)
            try folder.create()
            let requests = folder.requests(strategies: result.strategies.map(\.name))
            let sink = try requests.sink(for: Fixture.identity(result.strategies[0].name))
            try sink.record([RequestsCSVTests.outcome(0)])
            try sink.finish()
            let written = try folder.write(result, requests: requests)
            #expect(written.last == folder.file("requests.csv"))
            #expect(FileManager.default.fileExists(atPath: folder.file("requests.csv")))
            try folder.write(result)
            #expect(!FileManager.default.fileExists(atPath: folder.file("requests.csv")))
        }
    }

    @Test func aFailureLeavesEarlierResults() throws {
        try withTemporaryFolder { root in
            let folder = RunFolder(root: root, scenario: "s")
            try folder.write(Fixture.result(replications: 1, name: "first"))
            let before = try Data(contentsOf: URL(fileURLWithPath: folder.file("summary.csv")))
            let lost = RequestsCSV(path: "/nonexistent/requests.csv", strategies: [])
            #expect(throws: OutputError.self) {
                try folder.write(Fixture.result(replications: 1, name: "second"), requests: lost)
            }
            #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("summary.csv"))) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == Self.names.sorted())
        }
    }

    @Test func aFolderThatCannotBeMadeIsOneSentence() throws {
        try withTemporaryFolder { root in
            try Data().write(to: URL(fileURLWithPath: root + "/file"))
            let folder = RunFolder(root: root + "/file", scenario: "s")
            let error = #expect(throws: OutputError.self) { try folder.write(Fixture.result(replications: 1)) }
            #expect(error?.description == "Cannot create \(root)/file/s: \(root)/file is not a folder.")
        }
        // Where the system refuses, its own word, whatever user runs this.
        let refused = #expect(throws: OutputError.self) { try RunFolder(root: "/proc/self/fd", scenario: "s").create() }
        #expect(refused?.description == "Cannot create /proc/self/fd/s: no such file or directory.")
        try withTemporaryFolder { root in
            let long = String(repeating: "n", count: 300)
            let error = #expect(throws: OutputError.self) { try RunFolder(root: root + "/a", scenario: long).create() }
            #expect(error?.reason == "file name too long")
        }
    }

    @Test(arguments: [
        ("chat", "chat"), ("a/b", "a-b"), ("../../etc", "-..-etc"), ("", "scenario"), ("...", "scenario"),
        ("a\nb", "a-b"),
        ("日本", "日本"), (".hidden", "hidden"),
    ])
    func scenarioNamesMakeSafeFolders(name: String, folder: String) {
        #expect(RunFolder.fileName(name) == folder)
    }
}

func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-tests-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
}

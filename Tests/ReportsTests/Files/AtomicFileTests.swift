import Foundation
import Testing

@testable import Reports

@Suite struct AtomicFileTests {
    private func contents(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test func appearsOnlyWhenCommitted() throws {
        try withTemporaryFolder { root in
            let file = try AtomicFile(path: root + "/a.csv")
            try file.write("one,")
            try file.write("two\n")
            #expect(!FileManager.default.fileExists(atPath: root + "/a.csv"))
            try file.commit()
            #expect(try String(contentsOfFile: root + "/a.csv", encoding: .utf8) == "one,two\n")
            #expect(try contents(root) == ["a.csv"])
        }
    }

    @Test func replacesTheEarlierFileWhole() throws {
        try withTemporaryFolder { root in
            for text in ["a long first version", "short"] {
                let file = try AtomicFile(path: root + "/a.csv")
                try file.write(text)
                try file.commit()
            }
            #expect(try String(contentsOfFile: root + "/a.csv", encoding: .utf8) == "short")
        }
    }

    @Test func aForgottenFileLeavesNothing() throws {
        try withTemporaryFolder { root in
            do {
                let file = try AtomicFile(path: root + "/a.csv")
                try file.write(String(repeating: "x", count: 1 << 20))
            }
            #expect(try contents(root).isEmpty)
        }
    }

    @Test func aCommittedFileDoesNotRemoveItsSuccessorsPart() throws {
        try withTemporaryFolder { root in
            let first = try AtomicFile(path: root + "/a.csv")
            try first.commit()
            let second = try AtomicFile(path: root + "/a.csv")
            try second.write("second")
            first.discard()
            try second.commit()
            #expect(try String(contentsOfFile: root + "/a.csv", encoding: .utf8) == "second")
        }
    }

    @Test func aFullDiskIsOneSentenceAndLeavesTheEarlierFile() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        try withTemporaryFolder { root in
            try Data("earlier".utf8).write(to: URL(fileURLWithPath: root + "/a.csv"))
            let part = root + "/.a.csv.part"
            try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: "/dev/full")
            let file = try AtomicFile(path: root + "/a.csv", temporary: part)
            try file.write("does not fit")
            let error = #expect(throws: OutputError.self) { try file.commit() }
            #expect(error?.description == "Cannot write \(root)/a.csv: no space left on device.")
            #expect(try contents(root) == ["a.csv"])
            #expect(try String(contentsOfFile: root + "/a.csv", encoding: .utf8) == "earlier")
            #expect(FileManager.default.fileExists(atPath: "/dev/full"))
        }
    }

    @Test func aFullDiskShowsWhileWriting() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        try withTemporaryFolder { root in
            let part = root + "/part"
            try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: "/dev/full")
            let file = try AtomicFile(path: root + "/a.csv", temporary: part)
            #expect(throws: OutputError.self) { try file.write(String(repeating: "x", count: 1 << 19)) }
            #expect(try contents(root).isEmpty)
        }
    }

    @Test func aFolderThatIsAFileIsOneSentence() throws {
        try withTemporaryFolder { root in
            try Data().write(to: URL(fileURLWithPath: root + "/file"))
            let error = #expect(throws: OutputError.self) { try AtomicFile(path: root + "/file/a.csv") }
            #expect(error?.description == "Cannot create \(root)/file/a.csv: not a directory.")
        }
    }

    @Test func aFolderInTheWayIsOneSentence() throws {
        try withTemporaryFolder { root in
            try FileManager.default.createDirectory(atPath: root + "/a.csv/inner", withIntermediateDirectories: true)
            let file = try AtomicFile(path: root + "/a.csv")
            let error = #expect(throws: OutputError.self) { try file.commit() }
            #expect(error?.action == "finish")
            #expect(try contents(root) == ["a.csv"])
        }
    }
}

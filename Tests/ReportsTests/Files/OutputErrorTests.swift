import Foundation
import Testing

@testable import Reports

@Suite struct OutputErrorTests {
    @Test func isOneSentenceThatNamesTheFile() {
        let error = OutputError(path: "/a/b.csv", action: "write", errno: ENOSPC)
        #expect(error.description == "Cannot write /a/b.csv: no space left on device.")
        #expect(
            OutputError(path: "x", action: "create", errno: EACCES).description == "Cannot create x: permission denied."
        )
        #expect(OutputError(path: "x", action: "finish", reason: "why").description == "Cannot finish x: why.")
    }

    @Test func filesCanBeReadByOthers() throws {
        try withTemporaryFolder { root in
            let file = try AtomicFile(path: root + "/a.csv")
            try file.write("x")
            try file.commit()
            let mode = try FileManager.default.attributesOfItem(atPath: root + "/a.csv")[.posixPermissions] as? Int
            #expect((mode ?? 0) & 0o400 != 0)
            #expect((mode ?? 0) & 0o111 == 0)
        }
    }
}

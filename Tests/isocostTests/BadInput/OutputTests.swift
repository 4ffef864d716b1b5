import Foundation
import Testing

@Suite struct OutputTests {
    static let short = ["--quiet", "--replications", "1", "--set", "workload.scale.requests=100"]

    /// Each path names a place where nothing can be written, even by root.
    @Test(arguments: ["/proc/x", "file", "file/below"])
    func unwritableFolder(_ out: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "earlier results\n")
        let outcome = try Binary.run(["run", Binary.quickstart, "--out", out] + Self.short, in: folder)
        #expect(outcome.status == 74)
        expectSentence(outcome, saying: [out])
        #expect(folder.files() == ["file"])
        #expect(try folder.text("file") == "earlier results\n")
    }

    static let writers = [
        ["trace", "synthesize", "--preset", "azure-conv-2023", "--requests", "10", "--out"],
        ["trace", "convert", "trace.csv", "--out"],
        ["calibrate", "--seconds", "1", "--quiet", "--out"],
    ]

    @Test(arguments: writers, ["/proc/x", "none/x", "file/x", "pipe", "."])
    func unwritableFile(_ command: [String], _ out: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("file", "earlier results\n")
        try folder.write("trace.csv", "arrived_at,num_prefill_tokens,num_decode_tokens\n1,1,1\n")
        // A stand-in for /dev/stdout and its like, which a rename would replace by a file.
        try #require(mkfifo(folder.file("pipe"), 0o600) == 0)
        let outcome = try Binary.run(command + [out], in: folder)
        #expect(outcome.status == 74)
        expectSentence(outcome, saying: [out])
        var status = stat()
        #expect(stat(folder.file("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO, "the pipe is still one")
        #expect(folder.files() == ["file", "pipe", "trace.csv"])
    }

    /// What was printed into a full disk is not a success. The device is only ever written to, by the shell.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullStandardOutput() throws {
        let folder = try TemporaryFolder()
        let command = "exec '\(Binary.path)' prices list > /dev/full"
        let outcome = try Running(executable: "/bin/sh", ["-c", command], in: folder).outcome()
        #expect(outcome.status == 74)
        expectSentence(outcome, saying: ["standard output"])
    }

    /// A disk of one megabyte, mounted where only this test's processes see it.
    @Test(.enabled(if: privateMountsWork, "needs the right to mount"), arguments: [0, 40, 200])
    func fullDisk(_ kilobytesLeft: Int) throws {
        let folder = try TemporaryFolder()
        let script = """
            set -e
            mkdir disk && mount -t tmpfs -o size=1m tmpfs disk
            '\(Binary.path)' run '\(Binary.quickstart)' --out disk/out \(Self.short.joined(separator: " "))
            cd disk/out
            listing() { find . -type f ! -name 'isocost.sqlite*' | sort | xargs sha256sum; }
            listing > ../../before; '\(Binary.path)' runs --out . > ../../runs-before
            head -c \(kilobytesLeft)k /dev/zero > ../room; cat /dev/zero > ../filler 2>/dev/null || true; rm ../room
            status=0
            '\(Binary.path)' run '\(Binary.quickstart)' --out . --quiet --per-request \
                --replications 1 --set workload.scale.requests=4000 || status=$?
            rm ../filler
            listing > ../../after; '\(Binary.path)' runs --out . > ../../runs-after
            exit $status
            """
        let outcome = try Running(executable: "/usr/bin/unshare", ["-m", "sh", "-c", script], in: folder).outcome()
        #expect(outcome.status == 74, "\(outcome)")
        expectSentence(outcome, saying: [])
        #expect(try folder.text("after") == folder.text("before"), "earlier results are untouched, nothing is added")
        #expect(try folder.text("before").split(separator: "\n").count == 6)
        #expect(try folder.text("runs-after") == folder.text("runs-before"))
    }

    static let privateMountsWork: Bool = {
        guard let folder = try? TemporaryFolder() else { return false }
        let arguments = ["-m", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs ."]
        return (try? Running(executable: "/usr/bin/unshare", arguments, in: folder).outcome().status) == 0
    }()

    /// The earlier store is no database, a database with holes, or cut short: said, and left as it is.
    @Test(arguments: ["text", "holes", "cut"])
    func damagedStore(_ damage: String) throws {
        let folder = try TemporaryFolder()
        _ = try Binary.run(["run", Binary.quickstart] + Self.short, in: folder)
        var store = try folder.data("reports/isocost.sqlite")
        switch damage {
        case "text": store = Data(String(repeating: "no database at all\n", count: 300).utf8)
        case "holes": store.replaceSubrange(8_192..<45_056, with: Data(repeating: 0xEE, count: 36_864))
        default: store.removeSubrange(5_000...)
        }
        try folder.write("reports/isocost.sqlite", store)
        let before = try folder.contents(under: "reports")
        for arguments in [["runs"], ["export", "1"], ["run", Binary.quickstart] + Self.short] {
            let outcome = try Binary.run(arguments, in: folder)
            #expect(outcome.status == 65)
            expectSentence(outcome, saying: ["isocost.sqlite"])
        }
        #expect(try folder.contents(under: "reports") == before)
        // With its first page whole, SQLite takes the file for a database and marks it as opened.
        if damage != "holes" { #expect(try folder.data("reports/isocost.sqlite") == store) }
    }
}

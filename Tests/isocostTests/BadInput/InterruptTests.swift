import Foundation
import Testing

@Suite struct InterruptTests {
    /// Ctrl-C and the polite kill, in the middle of a run that writes a row per request.
    @Test(arguments: [SIGINT, SIGTERM])
    func interruptedRunLeavesEarlierResults(_ signal: Int32) throws {
        let folder = try TemporaryFolder()
        let earlier = try Binary.run(["run", Binary.quickstart, "--per-request"] + OutputTests.short, in: folder)
        try #require(earlier.status == 0)
        let before = try folder.contents(under: "reports")
        let runsBefore = try Binary.run("runs", in: folder).output

        let running = try Binary.start(
            ["run", Binary.quickstart, "--per-request", "--stepping", "single", "--replications", "100", "--quiet"],
            in: folder)
        try #require(Self.wait { folder.files(under: "reports").count > before.count + 1 }, "it never began to write")
        kill(running.process.processIdentifier, signal)
        let outcome = try running.outcome()

        #expect(outcome.status == 130)
        expectSentence(outcome, saying: ["stopped before the end", "nothing was written"])
        #expect(try folder.contents(under: "reports") == before, "and no temporary file is left")
        #expect(try Binary.run("runs", in: folder).output == runsBefore)
    }

    @Test func interruptedConversionLeavesTheEarlierFile() throws {
        let folder = try TemporaryFolder()
        try folder.write("long.csv", "earlier results\n")
        let running = try Binary.start(
            [
                "trace", "synthesize", "--preset", "azure-conv-2023", "--requests", "500000000", "--out", "long.csv",
            ], in: folder)
        try #require(Self.wait { folder.files().count > 1 }, "it never began to write")
        kill(running.process.processIdentifier, SIGINT)
        let outcome = try running.outcome()
        #expect(outcome.status == 130)
        expectSentence(outcome, saying: ["stopped before the end"])
        #expect(folder.files() == ["long.csv"])
        #expect(try folder.text("long.csv") == "earlier results\n")
    }

    /// Looks every 5 ms, 20 s at most.
    private static func wait(for condition: () -> Bool) -> Bool {
        for _ in 0..<4_000 {
            if condition() { return true }
            usleep(5_000)
        }
        return false
    }
}

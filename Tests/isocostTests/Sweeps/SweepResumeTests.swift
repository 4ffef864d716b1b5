import Foundation
import Testing

/// Sweeps that are killed, stopped, resumed, and carried out in other ways: the same table, byte for byte.
@Suite struct SweepResumeTests {
    static let tiny = """
        version: 1
        name: tiny
        workload: {synthetic: {arrivals: {rate: 20 /s}, lengths: {input: 100, output: 20}, requests: 30}}
        model: qwen2.5-0.5b
        slo: {ttft: {p99: 1 s}}
        strategies: [{name: a, pools: [{offer: aws/g6.xlarge/us-east-1, replicas: 1}]}]
        """
    static let twoHundred = ["--vary", "seed={from: 1, to: 50, step: 1}", "--vary", "engine.max-sequences=1,4,16,64"]
    static let outputs = ["sweep.csv", "sweep-points.csv", "sweep.html"]

    /// The files of an undisturbed sweep.
    static func reference(_ folder: TemporaryFolder, _ arguments: [String] = twoHundred) throws -> [Data] {
        try folder.write("tiny.yaml", tiny)
        let outcome = try Binary.run(
            ["sweep", "tiny.yaml", "--out", "reference", "--quiet", "--jobs", "2"] + arguments, in: folder)
        try #require(outcome.status == 0 && outcome.error.isEmpty && outcome.output.isEmpty, "\(outcome)")
        return try contents(folder, "reference")
    }

    static func contents(_ folder: TemporaryFolder, _ out: String) throws -> [Data] {
        try outputs.map { try folder.data("\(out)/tiny/\($0)") }
    }

    /// Ten kills, each after a random number of jobs has been seen to finish.
    @Test func killedTenTimesAndResumed() throws {
        let folder = try TemporaryFolder()
        let expected = try Self.reference(folder)
        #expect(try Table(folder.text("reference/tiny/sweep.csv")).rows.count == 200)
        let arguments = ["sweep", "tiny.yaml", "--jobs", "2", "--resume", "--quiet"] + Self.twoHundred
        var kills = 0
        for attempt in 1...40 where kills < 10 {
            let running = try Binary.start(arguments, in: folder)
            _ = Self.waitForJobs(1 + attempt * 7 % 11, in: folder)
            kill(running.process.processIdentifier, SIGKILL)
            if try running.outcome().status == SIGKILL {
                kills += 1
            } else {
                // On a busy machine it may come to its end first: begin again.
                try FileManager.default.removeItem(atPath: folder.file("reports"))
            }
        }
        #expect(kills == 10)
        let last = try Binary.run(arguments, in: folder)
        #expect(last.status == 0, "\(last)")
        #expect(try Self.contents(folder, "reports") == expected)
    }

    /// Waits until the table's log has been seen to change so many times; each job is a transaction.
    private static func waitForJobs(_ count: Int, in folder: TemporaryFolder) -> Bool {
        func stamp() -> [off_t] {
            ["sweep.sqlite-wal", "sweep.sqlite"].map { name in
                var status = stat()
                return stat(folder.file("reports/tiny/\(name)"), &status) == 0 ? status.st_size : 0
            }
        }
        var (last, seen) = (stamp(), 0)
        for _ in 0..<20_000 {
            let now = stamp()
            if now != last { (last, seen) = (now, seen + 1) }
            if seen > count { return true }
            usleep(500)
        }
        return false
    }

    @Test func anyNumberOfJobsAtATime() throws {
        let folder = try TemporaryFolder()
        let axes = ["--vary", "seed=1,2,3", "--vary", "engine.max-sequences=1,8"]
        let expected = try Self.reference(folder, axes)
        for jobs in ["1", "7"] {
            let outcome = try Binary.run(
                ["sweep", "tiny.yaml", "--out", jobs, "--quiet", "--jobs", jobs] + axes, in: folder)
            #expect(outcome.status == 0)
            #expect(try Self.contents(folder, jobs) == expected)
        }
    }

    @Test func interruptedAndResumed() throws {
        let folder = try TemporaryFolder()
        let expected = try Self.reference(folder)
        let arguments = ["sweep", "tiny.yaml", "--jobs", "1", "--quiet"] + Self.twoHundred
        let outcome = try Self.interrupted(arguments, in: folder)
        expectSentence(outcome, saying: ["stopped with", "of 200 jobs", "`--resume`"])

        let careless = try Binary.run(arguments, in: folder)
        #expect(careless.status == 65)
        expectSentence(careless, saying: ["of the 200 jobs", "`--resume`", "`--restart`"])

        let resumed = try Binary.run(arguments + ["--resume"], in: folder)
        #expect(resumed.status == 0)
        #expect(try Self.contents(folder, "reports") == expected)
    }

    /// Interrupts in the middle; the signal may be seen before the first job ends, or after the last: it begins again then.
    private static func interrupted(_ arguments: [String], in folder: TemporaryFolder) throws -> Outcome {
        for _ in 1...20 {
            let running = try Binary.start(arguments, in: folder)
            _ = waitForJobs(8, in: folder)
            kill(running.process.processIdentifier, SIGINT)
            let outcome = try running.outcome()
            let isMidway = !["with 0 of 200", "with 200 of 200"].contains { outcome.error.contains($0) }
            if outcome.status == 130, isMidway { return outcome }
            try FileManager.default.removeItem(atPath: folder.file("reports"))
        }
        throw NeverInterrupted()
    }

    private struct NeverInterrupted: Error {}

    @Test func aChangedScenarioIsNotResumed() throws {
        let folder = try TemporaryFolder()
        try folder.write("tiny.yaml", Self.tiny)
        let arguments = ["sweep", "tiny.yaml", "--quiet", "--vary", "seed=1,2"]
        try #require(try Binary.run(arguments, in: folder).status == 0)
        let before = try folder.contents(under: "reports")
        try folder.write("tiny.yaml", Self.tiny.replacingOccurrences(of: "20 /s", with: "21 /s"))
        let outcome = try Binary.run(arguments + ["--resume"], in: folder)
        #expect(outcome.status == 65)
        expectSentence(outcome, saying: ["sweep.sqlite", "has changed", "`--restart`"])
        let other = try Binary.run(["sweep", "tiny.yaml", "--vary", "seed=1,3", "--resume"], in: folder)
        expectSentence(other, saying: ["has changed"])
        #expect(
            try folder.contents(under: "reports").filter { $0.key.hasSuffix(".csv") }
                == before.filter { $0.key.hasSuffix(".csv") })
        #expect(try Binary.run(arguments + ["--restart"], in: folder).status == 0)
        #expect(try folder.contents(under: "reports")["tiny/sweep.csv"] != before["tiny/sweep.csv"])
    }

    /// What was done is not done again: resuming a finished sweep runs nothing and writes the same.
    @Test func resumingAFinishedSweep() throws {
        let folder = try TemporaryFolder()
        let axes = ["--vary", "seed=1,2"]
        let expected = try Self.reference(folder, axes)
        let again = try Binary.run(["sweep", "tiny.yaml", "--out", "reference", "--resume"] + axes, in: folder)
        #expect(
            again.status == 0 && again.output.contains("Open reference/tiny/sweep.html")
                || again.output.contains("sweep.html"))
        #expect(try Self.contents(folder, "reference") == expected)
    }

    @Test func sensitivityHasFilesOfItsOwn() throws {
        let folder = try TemporaryFolder()
        try folder.write("tiny.yaml", Self.tiny)
        let outcome = try Binary.run(["sweep", "tiny.yaml", "--sensitivity", "--replications", "2"], in: folder)
        #expect(outcome.status == 0 && outcome.output.contains("step-time"), "\(outcome)")
        let rows = try Table(folder.text("reports/tiny/sensitivity-tornado.csv")).rows
        #expect(Set(rows.compactMap { $0["input"] }).count == 4)
        #expect(folder.files(under: "reports/tiny").contains("sensitivity.html"))
    }

    @Test func aSweepInWhichNothingCanBeServedIsAnError() throws {
        let folder = try TemporaryFolder()
        try folder.write("tiny.yaml", Self.tiny)
        let outcome = try Binary.run(["sweep", "tiny.yaml", "--vary", "model=llama-3.1-405b,deepseek-v3"], in: folder)
        #expect(outcome.status == 65)
        expectSentence(outcome, saying: ["no point of the sweep of `tiny`"])
    }

    @Test func faultsCostNothing() throws {
        let folder = try TemporaryFolder()
        try folder.write("tiny.yaml", Self.tiny)
        for (arguments, words) in [
            (["none.yaml", "--vary", "seed=1"], "none.yaml"), (["tiny.yaml"], "nothing to vary"),
            (["tiny.yaml", "--vary", "seed"], "`--vary` needs"),
            (["tiny.yaml", "--vary", "engine.max-sequences=1,zero"], "`zero`"),
        ] {
            let outcome = try Binary.run(["sweep"] + arguments, in: folder)
            #expect([65, 66].contains(outcome.status))
            expectSentence(outcome, saying: [words])
            #expect(folder.files() == ["tiny.yaml"])
        }
    }
}

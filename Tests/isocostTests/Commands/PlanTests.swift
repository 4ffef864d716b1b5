import Foundation
import Testing

/// `isocost plan` and `isocost capacity`, whole.
@Suite struct PlanTests {
    private static let scenario = """
        version: 1
        name: small
        workload: {synthetic: {arrivals: {rate: 20 /s}, lengths: {input: 400, output: 60}, requests: 500}}
        model: llama-3.1-8b
        slo: {ttft: {p99: 2 s}, tpot: {p99: 100 ms}}
        plan:
          offers: [aws/g6e.xlarge/us-east-1, aws/g6.xlarge/us-east-1]
          replicas: {max: 6}
          replications: 2
        """

    @Test func aPlanIsFoundWrittenAndRunAgain() throws {
        let folder = try TemporaryFolder()
        try folder.write("s.yaml", Self.scenario)
        let outcome = try Binary.run("plan", "s.yaml", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        for words in ["is the cheapest fleet that meets the SLO", "Certificate: no fleet", "Why no smaller", "allowed"]
        {
            #expect(outcome.output.replacing("\n", with: " ").contains(words), "\(words)\n\(outcome.output)")
        }
        for file in ["plan.html", "plan.yaml", "report.html", "summary.csv"] {
            #expect(FileManager.default.fileExists(atPath: folder.file("reports/small/\(file)")), "\(file)")
        }
        let rows = try Table(folder.text("reports/small/summary.csv")).rows
        let again = try Binary.run("run", "reports/small/plan.yaml", "--out", "again", "--quiet", in: folder)
        #expect(again.status == 0, "\(again.error)")
        let repeated = try Table(folder.text("again/small/summary.csv")).rows
        #expect(rows.map { $0["fingerprint"] } == repeated.map { $0["fingerprint"] })
        #expect(rows.map { $0["cost_usd"] } == repeated.map { $0["cost_usd"] })
    }

    @Test func threadsChangeNoByte() throws {
        let folder = try TemporaryFolder()
        try folder.write("s.yaml", Self.scenario)
        let one = try Binary.run("plan", "s.yaml", "--threads", "1", "--out", "r", in: folder)
        let page = try folder.text("r/small/plan.html")
        let four = try Binary.run("plan", "s.yaml", "--threads", "4", "--out", "r", in: folder)
        #expect(one.output == four.output)
        #expect(try folder.text("r/small/plan.html") == page)
    }

    @Test func whatIsMissingIsASentence() throws {
        let folder = try TemporaryFolder()
        let without = try Binary.run("plan", Binary.quickstart, in: folder)
        #expect(without.status == 65 && without.error.contains("`plan` is missing"))
        try folder.write("s.yaml", Self.scenario)
        let run = try Binary.run("run", "s.yaml", in: folder)
        #expect(run.status == 65 && run.error.contains("there are no `strategies` to run: `isocost plan` finds them"))
        let threads = try Binary.run("plan", "s.yaml", "--threads", "0", in: folder)
        #expect(threads.status == 64)
        #expect(try Binary.run("plan", "none.yaml", in: folder).status == 66)
    }

    @Test func capacityIsATable() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(
            "capacity", Binary.quickstart, "--set", "workload.scale.requests=600", "--strategy", "Vast.ai, RTX 4090",
            in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("proven (MLPerf)") && outcome.output.contains("Vast.ai, RTX 4090"))
        #expect(outcome.output.contains("≤"))
    }
}

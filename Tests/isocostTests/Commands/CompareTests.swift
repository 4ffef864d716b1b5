import Foundation
import Testing

@Suite struct CompareTests {
    private static let short = ["--set", "workload.scale.requests=300"]

    @Test func aScenarioIsRunFiveTimesAndCompared() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(["compare", Binary.quickstart] + Self.short, in: folder)
        #expect(outcome.status == 0)
        for words in [
            "Means over 5 replications", "How the service held up", "min below SLO: Minutes in bins",
            "to recover: From",
            "availability: Requests answered in full ÷ requests offered.", "Dollars per 1,000 requests, three ways",
            "Compare the allocated cost with an API's price", "the parts add up to the total",
            "Break-even price ratio: at",
            "No strategy's policies read prices",
        ] { #expect(outcome.output.contains(words), "\(words)") }
        #expect(!outcome.output.contains("Break-even rate"), "only where it is asked for")
        for line in outcome.output.split(separator: "\n") where !line.hasPrefix("Open ") {
            #expect(line.count <= 100, "\(line)")
        }

        let rows = try Table(folder.text("reports/quickstart/comparison.csv"))
        #expect(rows.rows.map { $0["replications"] } == ["5", "5", "5"])
        #expect(rows.columns.prefix(7).last == "cost_per_hour_usd")
        let definitions = try Table(folder.text("reports/quickstart/definitions.csv")).rows
        for row in definitions {
            #expect(rows.columns.contains(row["metric"] ?? ""))
            #expect(row["definition"]?.hasSuffix(".") == true)
        }
        #expect(definitions.count * 6 + 6 == rows.columns.count, "every figure is defined")
        try expectParts(in: rows)
    }

    /// The printed means of the parts add up to the printed mean of the bill, digit for digit.
    private func expectParts(in rows: Table) throws {
        let parts = rows.columns.filter { name in
            name.hasPrefix("cost_") && name.hasSuffix("_usd") && !name.contains("per_") && name != "cost_usd"
        }
        #expect(parts.count == 12)
        for row in rows.rows {
            #expect(try parts.reduce(0) { try $0 + nanodollars(row[$1]) } == nanodollars(row["cost_usd"]))
        }
    }

    @Test func replicationsAndBaselineMayBeChosen() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(
            ["compare", Binary.quickstart, "--replications", "2", "--baseline", "Vast.ai, RTX 4090", "--quiet"]
                + Self.short, in: folder)
        #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.error.isEmpty)
        let rows = try Table(folder.text("reports/quickstart/comparison.csv")).rows
        #expect(rows.map { $0["baseline"] } == ["false", "false", "true"])
        #expect(rows.map { $0["replications"] } == ["2", "2", "2"])
    }

    @Test func anUnknownBaselineIsASentence() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(["compare", Binary.quickstart, "--baseline", "no \"such\" one"], in: folder)
        #expect(outcome.status == 65)
        #expect(outcome.error.contains("there is no strategy `no \"such\" one`"), "\(outcome.error)")
        #expect(folder.files().isEmpty)
    }

    @Test func oneStrategyIsNothingToCompare() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(
            ["compare", Binary.quickstart, "--strategy", "Vast.ai, RTX 4090"] + Self.short, in: folder)
        #expect(outcome.status == 65)
        expectSentence(outcome, saying: ["one strategy"])
    }

    @Test func theBreakEvenRateIsFoundWhenAskedFor() throws {
        let folder = try TemporaryFolder()
        let outcomes = try ["1", "2"].map { threads in
            try Binary.run(
                [
                    "compare", Binary.quickstart, "--break-even-rate", "--replications", "1", "--threads", threads,
                    "--out",
                    threads,
                ] + Self.short, in: folder)
        }
        #expect(outcomes[0].status == 0)
        #expect(outcomes[0].output.contains("Break-even rate: "), "\(outcomes[0])")
        #expect(try folder.contents(under: "1") == folder.contents(under: "2"))
        let rows = try Table(folder.text("1/quickstart/comparison.csv"))
        #expect(rows.columns.contains("break_even_rate_per_s"))
        #expect(try folder.text("1/quickstart/report.html").contains("Break-even rate: "))
    }

    /// Stored replications give what the runs gave, and nothing is run or written.
    @Test func storedRunsAreComparedAsTheyWere() throws {
        let folder = try TemporaryFolder()
        let fresh = try Binary.run(["compare", Binary.quickstart, "--replications", "2"] + Self.short, in: folder)
        let before = try (folder.data("reports/isocost.sqlite"), folder.files())
        let stored = try Binary.run("compare", "1-2", "3", "4", "5-6", in: folder)
        #expect(stored.status == 0 && stored.error.isEmpty)
        #expect(fresh.output.hasPrefix(String(stored.output.prefix { $0 != "B" })))
        let tables = try #require(fresh.output.range(of: "Break-even price ratio"))
        #expect(stored.output.hasPrefix(fresh.output[..<tables.lowerBound]))
        #expect(!stored.output.contains("unpaired"))
        #expect(try folder.data("reports/isocost.sqlite") == before.0)
        #expect(folder.files() == before.1)
    }

    @Test func runsOfOtherSeedsAreUnpaired() throws {
        let folder = try TemporaryFolder()
        for seed in ["1", "2"] {
            _ = try Binary.run(
                ["run", Binary.quickstart, "--quiet", "--replications", "1", "--seed", seed] + Self.short, in: folder)
        }
        let outcome = try Binary.run("compare", "1", "5", in: folder)
        #expect(outcome.status == 0)
        #expect(
            outcome.output.replacing("\n", with: " ").contains("unpaired (Welch's interval): the seeds differ."),
            "\(outcome)")
        let unknown = try Binary.run("compare", "1", "99", in: folder)
        #expect(unknown.status == 66)
        expectSentence(unknown, saying: ["run 99"])
        let alone = try Binary.run("compare", "1", in: folder)
        #expect(alone.status == 65)
        expectSentence(alone, saying: ["one strategy"])
    }
}

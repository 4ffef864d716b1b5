import Foundation
import Testing

@Suite struct RunTests {
    /// The header of `summary.csv`, as the design fixes it.
    static let summaryColumns: [String] = {
        let latencies = ["ttft", "tpot", "itl", "e2e", "queue"].flatMap { metric in
            ["mean", "p50", "p90", "p95", "p99"].map { "\(metric)_\($0)_ms" }
        }
        return [
            "scenario", "strategy", "replication", "seed", "requests_offered", "requests_completed",
            "requests_failed", "slo_attainment", "goodput_rps", "throughput_rps", "output_tokens_per_second",
        ] + latencies + [
            "cost_usd", "cost_per_hour_usd", "cost_per_million_tokens_usd", "cost_per_request_usd",
            "cost_per_good_request_usd", "utilization", "instance_hours", "cold_starts", "interruptions",
            "preemptions", "fingerprint",
        ]
    }()

    static let files = [
        "comparison.csv", "definitions.csv", "invoice.csv", "report.html", "summary.csv", "timeline.csv",
    ]

    @Test func quickstartWritesWhatTheDesignLists() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run("run", Binary.quickstart, "--out", "out", in: folder)
        #expect(outcome.status == 0)
        #expect(
            outcome.error.hasPrefix("Simulated ") && outcome.error.count { $0 == "\n" } == 1,
            "the speed, and no progress where standard error is no terminal")
        #expect(outcome.output.contains("RunPod secure, L40S"))
        #expect(!outcome.output.contains("\u{1B}"), "no colours where standard output is no terminal")
        #expect(folder.files(under: "out") == ["isocost.sqlite"] + Self.files.map { "quickstart/" + $0 })

        let summary = try Table(folder.text("out/quickstart/summary.csv"))
        #expect(summary.columns == Self.summaryColumns)
        #expect(summary.rows.count == 9)
        try expectCostsAgree(summary, try Table(folder.text("out/quickstart/invoice.csv")))
        let page = try folder.text("out/quickstart/report.html")
        #expect(page.hasPrefix("<!doctype html>") || page.hasPrefix("<!DOCTYPE html>"))
        #expect(!page.contains("src=\"http") && !page.contains("href=\"http://cdn"), "it opens offline")

        // The committed sample and the README's answer are of this version; `make run` writes the sample afresh.
        for name in Self.files where name.hasSuffix(".csv") {
            let sample = try Table(String(contentsOfFile: Binary.root + "/reports/quickstart/" + name, encoding: .utf8))
            let fresh = try Table(folder.text("out/quickstart/" + name))
            #expect(sample.columns == fresh.columns && sample.rows.count == fresh.rows.count, "\(name) of the sample")
        }
        let readme = try String(contentsOfFile: Binary.root + "/README.md", encoding: .utf8)
        let answer = try #require(outcome.output.firstRange(of: "\n\nOpen ").map { outcome.output[..<$0.lowerBound] })
        #expect(readme.contains(answer), "the README shows another answer than\n\(answer)")
    }

    /// Each run's invoice adds up to its cost, digit for digit.
    private func expectCostsAgree(_ summary: Table, _ invoice: Table) throws {
        var billed: [String: Int64] = [:]
        for line in invoice.rows {
            let tagText = Data((line["Tags"] ?? "").utf8)
            let tags = try #require(JSONSerialization.jsonObject(with: tagText) as? [String: Any])
            let replication = try #require(tags["replication"] as? Int)
            let run = "\(line["SubAccountName"] ?? "")/\(replication)"
            billed[run, default: 0] += try nanodollars(line["BilledCost"])
        }
        #expect(billed.count == summary.rows.count)
        for row in summary.rows {
            let run = "\(row["strategy"] ?? "")/\(row["replication"] ?? "")"
            #expect(try billed[run] == nanodollars(row["cost_usd"]), "\(run)")
            #expect(row["requests_offered"] == row["requests_completed"])
        }
    }

    /// The same bytes on one and two threads, and in single steps, a row per request included.
    @Test func sameBytesHoweverItIsRun() throws {
        let folder = try TemporaryFolder()
        let shortened = [
            "run", Binary.quickstart, "--per-request", "--quiet", "--replications", "2", "--set",
            "workload.scale.requests=3000",
        ]
        let ways = [
            ["--threads", "1"], ["--threads", "2"], ["--threads", "1"], ["--threads", "2", "--stepping", "single"],
        ]
        for (index, way) in ways.enumerated() {
            let outcome = try Binary.run(shortened + way + ["--out", "\(index)"], in: folder)
            #expect(outcome.status == 0)
            #expect(outcome.output.isEmpty && outcome.error.isEmpty, "--quiet prints nothing")
        }
        let first = try folder.contents(under: "0")
        #expect(first.keys.sorted() == (Self.files + ["requests.csv"]).map { "quickstart/" + $0 }.sorted())
        for index in 1..<ways.count {
            let other = try folder.contents(under: "\(index)")
            #expect(other.keys.sorted() == first.keys.sorted())
            for (name, bytes) in first { #expect(other[name] == bytes, "\(name) of \(ways[index])") }
        }
        try expectEveryRequest(in: Table(folder.text("0/quickstart/requests.csv")))
    }

    /// 3 strategies × 2 replications × 3,000 requests, and the split of each latency adds up to the nanosecond.
    private func expectEveryRequest(in requests: Table) throws {
        #expect(requests.rows.count == 18_000)
        let runs = Dictionary(grouping: requests.rows) { "\($0["strategy"] ?? "")/\($0["replication"] ?? "")" }
        #expect(runs.count == 6)
        for rows in runs.values { #expect(Set(rows.compactMap { $0["request"] }).count == 3_000) }
        for row in requests.rows {
            let parts = try ["network_ms", "queue_ms", "prefill_ms", "decode_ms"].map {
                try nanodollars(row[$0])
            }
            #expect(try parts.reduce(0, +) == nanodollars(row["e2e_ms"]))
        }
    }

    @Test func anotherSeedIsAnotherRun() throws {
        let folder = try TemporaryFolder()
        for seed in ["1", "2"] {
            _ = try Binary.run(
                ["run", Binary.quickstart, "--seed", seed, "--out", seed] + OutputTests.short, in: folder)
        }
        let prints = try ["1", "2"].map {
            try Table(folder.text("\($0)/quickstart/summary.csv")).rows[0]["fingerprint"]
        }
        #expect(prints[0] != prints[1])
    }

    @Test func onlyTheStrategiesAskedFor() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run(
            ["run", Binary.quickstart, "--strategy", "Vast.ai, RTX 4090", "--out", "out"] + OutputTests.short,
            in: folder)
        #expect(outcome.status == 0)
        let rows = try Table(folder.text("out/quickstart/summary.csv")).rows
        #expect(rows.map { $0["strategy"] } == ["Vast.ai, RTX 4090"])
        #expect(rows[0]["requests_offered"] == "100")
    }

    /// A bar on a terminal, none when asked for quiet; `script` lends the terminal.
    @Test(
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"), "needs script(1)"),
        arguments: [false, true])
    func progressOnATerminal(_ quiet: Bool) throws {
        let folder = try TemporaryFolder()
        let command = "'\(Binary.path)' run '\(Binary.quickstart)' --out out" + (quiet ? " --quiet" : "")
        let shown = try Running(
            executable: "/usr/bin/script", ["-q", "-e", "-c", command, folder.file("typescript")], in: folder
        ).outcome()
        #expect(shown.status == 0)
        #expect(shown.output.contains("/9 runs") == !quiet)
        #expect(shown.output.isEmpty == quiet, "\(shown)")
    }
}

import Foundation
import Testing

@Suite struct TraceTests {
    /// The same requests through every format that is written, and back: what each can hold comes back whole.
    @Test func roundTrip() throws {
        let folder = try TemporaryFolder()
        let made = try Binary.run(
            "trace", "synthesize", "--preset", "azure-conv-2023", "--requests", "2000", "--seed", "7", "--out",
            "0.csv", in: folder)
        #expect(made.status == 0)
        #expect(made.output == "Wrote 2000 requests to 0.csv.\n")
        let inspected = try Binary.run("trace", "inspect", "0.csv", in: folder)
        #expect(inspected.status == 0)
        #expect(inspected.output.hasPrefix("requests      2,000\n"))

        for (format, name) in [
            ("azure-llm", "a.csv"), ("vidur", "v.csv"), ("mooncake", "m.jsonl"), ("isocost", "i.csv"),
        ] {
            let out = try Binary.run("trace", "convert", "0.csv", "--to", format, "--out", name, in: folder)
            #expect(out.status == 0, "\(out)")
            let back = try Binary.run("trace", "convert", name, "--to", "vidur", "--out", "back-\(name)", in: folder)
            #expect(back.status == 0, "\(format): \(back)")
            let again = try Binary.run("trace", "inspect", name, in: folder)
            // Only some formats can say what prompts share; this workload says: nothing.
            let lines = [again, inspected].map { $0.output.split(separator: "\n").filter { !$0.hasPrefix("shared") } }
            #expect(lines[0] == lines[1], "\(format)")
        }
        _ = try Binary.run("trace", "convert", "i.csv", "--out", "back-i.csv", in: folder)
        #expect(try folder.text("back-i.csv") == folder.text("i.csv"))
        // Read from formats without a zero of their own, both begin at the first arrival.
        #expect(try folder.text("back-m.jsonl") == folder.text("back-v.csv"), "mooncake keeps times to the nanosecond")
    }

    @Test func seedDecides() throws {
        let folder = try TemporaryFolder()
        for (seed, name) in [("1", "a"), ("1", "b"), ("2", "c")] {
            _ = try Binary.run(
                "trace", "synthesize", "--preset", "azure-code-2023", "--requests", "500", "--seed", seed, "--out",
                name, in: folder)
        }
        #expect(try folder.data("a") == folder.data("b"))
        #expect(try folder.data("a") != folder.data("c"))
    }

    /// A scenario's workload, written out and replayed in its place, is served alike.
    @Test func scenarioWorkloadIsItsTrace() throws {
        let folder = try TemporaryFolder()
        let shorten = ["--set", "workload.scale.requests=500"]
        let made = try Binary.run(
            ["trace", "synthesize", "--scenario", Binary.quickstart, "--out", "w.csv"] + shorten, in: folder)
        #expect(made.status == 0 && made.output.hasPrefix("Wrote 500 requests"))
        for (out, arguments) in [("a", shorten), ("b", ["--trace", "w.csv"])] {
            let ran = try Binary.run(
                ["run", Binary.quickstart, "--quiet", "--replications", "1", "--out", out] + arguments, in: folder)
            #expect(ran.status == 0, "\(ran)")
        }
        // Not the cost: a trace starts with its first request, a synthetic workload at its own time zero.
        let latencies = try ["a", "b"].map {
            try Table(folder.text("\($0)/quickstart/summary.csv")).rows.map {
                [$0["requests_completed"], $0["ttft_p99_ms"], $0["e2e_p99_ms"]]
            }
        }
        #expect(latencies[0] == latencies[1])
    }
}

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

    /// A CSV that no format knows, by the names of its columns; rows without output are left out on request, and counted.
    @Test func columnsAreNamed() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "own.csv", "who,prompt,ms,answer\na,10,1000.5,7\nb,20,1000.75,0\na,30,2000,9\n")
        let columns = [
            "own.csv", "--column", "arrival=ms", "--column", "input=prompt", "--column", "output=answer", "--column",
            "class=who", "--arrival-unit", "ms",
        ]
        let refused = try Binary.run(["trace", "inspect"] + columns, in: folder)
        #expect(refused.status == 65)
        expectSentence(refused, saying: ["own.csv:3:14:", "\"0\""])
        let skipping = columns + ["--zero-output", "skip"]
        let inspected = try Binary.run(["trace", "inspect"] + skipping, in: folder)
        #expect(inspected.status == 0)
        #expect(inspected.output.hasPrefix("requests      2\nskipped       1 (output of zero tokens)\n"))
        let converted = try Binary.run(
            ["trace", "convert"] + skipping + ["--origin", "file", "--out", "o.csv"], in: folder)
        #expect(converted.status == 0 && converted.output == "Wrote 2 requests to o.csv.\n")
        #expect(converted.error == "isocost: left out 1 rows: output of zero tokens\n")
        let rows = try folder.text("o.csv").split(separator: "\n").suffix(2)
        #expect(rows.map { $0.prefix(12) } == ["1.0005,10,7,", "2,30,9,a,def"])
    }

    /// Lengths of the original only, as many requests as it has, at the rate asked for.
    @Test func resampling() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "own.csv",
            "arrived_at,num_prefill_tokens,num_decode_tokens\n" + (0..<500).map { "\($0),\($0 % 3 + 5),2\n" }.joined())
        let made = try Binary.run(
            "trace", "synthesize", "--resample", "own.csv", "--rate", "20", "--format", "vidur", "--out", "r.csv",
            in: folder)
        #expect(made.status == 0 && made.output == "Wrote 500 requests to r.csv.\n", "\(made)")
        let rows = try Table(folder.text("r.csv")).rows
        let inputs = rows.compactMap { $0["num_prefill_tokens"] }
        #expect(Set(inputs) == ["5", "6", "7"])
        #expect(Set(["5", "6", "7"].map { input in inputs.count { $0 == input } }) != [167, 166], "drawn, not copied")
        let last = try #require(rows.last?["arrived_at"].flatMap(Double.init))
        #expect(abs(last - 25) < 5, "500 requests at 20 a second: \(last) s, 1.1 s the standard deviation")
        let alone = try Binary.run(
            "trace", "synthesize", "--resample", "r.csv", "--requests", "3", "--out", "s.csv", in: folder)
        #expect(alone.output == "Wrote 3 requests to s.csv.\n")
        try folder.write("one.csv", "arrived_at,num_prefill_tokens,num_decode_tokens\n1,1,1\n")
        let none = try Binary.run("trace", "synthesize", "--resample", "one.csv", "--out", "n.csv", in: folder)
        #expect(none.status == 65)
        expectSentence(none, saying: ["one.csv", "`--rate`"])
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

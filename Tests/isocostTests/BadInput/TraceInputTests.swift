import Foundation
import Testing

@Suite struct TraceInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var position: String
        var says: String
        var testDescription: String { name }
    }

    private static let azure = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
    private static let vidur = "arrived_at,num_prefill_tokens,num_decode_tokens\n"
    private static let first = "2023-11-16 18:17:03.9799600,4808,10\n"

    static let cases: [Case] = [
        .init(
            name: "backwards", text: azure + first + "2023-11-16 18:17:03.0,100,10\n", position: ":3:1:",
            says: "arrives before"),
        .init(
            name: "backwards, vidur", text: vidur + "2.5,10,10\n2.25,10,10\n", position: ":3:1:",
            says: "arrives before"),
        .init(name: "negative", text: vidur + "-1,10,10\n", position: ":2:1:", says: "negative"),
        .init(
            name: "negative, BurstGPT",
            text: "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n-5,ChatGPT,1,1,2,API log\n",
            position: ":2:1:", says: "negative"),
        .init(name: "no date", text: azure + "-5,4808,10\n", position: ":2:1:", says: "\"-5\""),
        .init(
            name: "no input", text: azure + first + "2023-11-16 18:17:04,0,10\n", position: ":3:21:",
            says: "input length must be at least 1"),
        .init(
            name: "no output", text: azure + "2023-11-16 18:17:04,10,0\n", position: ":2:24:",
            says: "output length must be at least 1"),
        .init(name: "no number", text: vidur + "1,ten,10\n", position: ":2:3:", says: "\"ten\""),
        .init(name: "empty", text: "", position: ":1:1:", says: "empty"),
        .init(name: "unknown header", text: "hello\nworld\n", position: ":1:1:", says: "\"hello\""),
    ]

    @Test(arguments: cases)
    func badRowEndsInOneSentence(_ bad: Case) throws {
        let folder = try TemporaryFolder()
        try folder.write("bad.csv", bad.text)
        try folder.write("earlier.csv", "earlier results\n")
        for arguments in [
            ["trace", "inspect", "bad.csv"], ["trace", "convert", "bad.csv", "--out", "earlier.csv"],
            ["run", Binary.quickstart, "--trace", "bad.csv", "--per-request", "--out", "out"],
        ] {
            let outcome = try Binary.run(arguments, in: folder)
            #expect(outcome.status == 65)
            expectSentence(outcome, saying: ["bad.csv" + bad.position, bad.says])
        }
        #expect(try folder.text("earlier.csv") == "earlier results\n")
        #expect(folder.files().filter { !$0.hasPrefix("out/isocost.sqlite") } == ["bad.csv", "earlier.csv"])
    }

    /// A compressed file cut off at every tenth of its length, and damaged in the middle.
    @Test func brokenGzip() throws {
        let folder = try TemporaryFolder()
        let rows = (0..<400).map { "\(Double($0) * 0.37),\($0 * 7_919 % 4_001 + 1),\($0 * 104_729 % 997 + 1)\n" }
        let whole = try gzip(Self.vidur + rows.joined(), in: folder)
        for share in 1..<10 {
            try folder.write("cut.csv.gz", whole.prefix(whole.count * share / 10))
            let outcome = try Binary.run("trace", "inspect", "cut.csv.gz", in: folder)
            #expect(outcome.status == 65)
            expectSentence(outcome, saying: ["cut.csv.gz", "cut short"])
        }
        var damaged = whole
        for offset in 0..<8 { damaged[damaged.count / 2 + offset] ^= 0xA5 }
        try folder.write("damaged.csv.gz", damaged)
        let outcome = try Binary.run("trace", "inspect", "damaged.csv.gz", in: folder)
        #expect(outcome.status == 65)
        expectSentence(outcome, saying: ["damaged.csv.gz"])

        let run = try Binary.run("run", Binary.quickstart, "--trace", "damaged.csv.gz", "--quiet", in: folder)
        #expect(run.status == 65)
        expectSentence(run, saying: ["damaged.csv.gz"])
    }

    @Test func missingTrace() throws {
        let folder = try TemporaryFolder()
        let outcome = try Binary.run("trace", "inspect", "none.csv", in: folder)
        #expect(outcome.status == 66)
        expectSentence(outcome, saying: ["none.csv"])
    }

    private func gzip(_ text: String, in folder: TemporaryFolder) throws -> Data {
        try folder.write("plain.csv", text)
        let outcome = try Running(
            executable: "/bin/sh", ["-c", "gzip -nc plain.csv > plain.csv.gz"], in: folder
        ).outcome()
        try #require(outcome.status == 0)
        return try folder.data("plain.csv.gz")
    }
}

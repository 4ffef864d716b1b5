import Primitives
import Testing
import Workloads

/// What becomes of every committed input: how many requests, or which sentence.
@Suite struct CorpusTests {
    static let readable: [(name: String, requests: Int, inputTokens: Int64, lastArrival: Int64)] = [
        ("azure-2024-shape.csv", 3, 4_637, 990_070_000),
        ("azure-crlf-bom-quoted.csv", 2, 4, 100),
        ("azure-valid.csv", 3, 1_649, 4_541_877_000),
        ("azure-valid.csv.gz", 2, 770, 4_314_579_000),
        ("burstgpt-eight.csv", 2, 482, 0),
        ("burstgpt-six.csv", 3, 2_919, 133_000_000_000),
        ("isocost-valid.csv", 2, 40, 1),
        ("mooncake-session.jsonl", 2, 20, 500_000),
        ("mooncake-valid.jsonl", 3, 2_129, 3_000_000_000),
        ("multimodal-valid.csv", 2, 1_520, 876_543_300),
        ("only-header.csv", 0, 0, 0),
        ("vidur-extra-columns.csv", 1, 374, 0),
        ("vidur-valid.csv", 3, 771, 11_900_000_000),
    ]

    static let refused: [(name: String, sentence: String)] = [
        (
            "azure-bad-date.csv",
            """
            :2:1: the timestamp is not YYYY-MM-DD HH:MM:SS of the years 1970 to 2261, \
            found "2023-02-29 18:15:46.6805900"
            """
        ),
        ("azure-blank-inside.csv", ":3:1: a blank line stands between rows"),
        (
            "azure-cut.csv",
            ":3:1: the file ends within a row: the row has 1 field where the header has 3, found \"2023-11-16 18:1\""
        ),
        ("azure-cut.csv.gz", ":52:1: the gzip stream is cut short before its end marker"),
        ("azure-negative.csv", ":2:29: the input length must be at least 1, found \"-374\""),
        ("azure-overflow.csv", ":2:29: the input length is too large, found \"99999999999999999999\""),
        (
            "azure-unsorted.csv",
            """
            :3:1: the row arrives before the previous one (which is at 0 s); sort the trace by time, \
            found "2023-11-16 18:15:46.6805899"
            """
        ),
        ("azure-zero-output.csv", ":2:33: the output length must be at least 1, found \"0\""),
        ("empty.csv", ":1:1: the file is empty"),
        ("isocost-bad-content.csv", ":5:23: the content covers 9 tokens of an input of 10, found \"1:9\""),
        (
            "isocost-unknown-class.csv",
            ":5:9: the request class is not among the trace's classes, found \"code\""
        ),
        (
            "mooncake-bad-hashes.jsonl",
            ":1:74: input_length 1100 makes 3 blocks of 512 tokens, but hash_ids names 1, found \"[0]\""
        ),
        ("mooncake-bad-json.jsonl", ":1:60: the JSON ends too early"),
        (
            "mooncake-delay.jsonl",
            """
            :2:1: a row that starts some delay after another ends has no timestamp to replay, \
            found "{\\"delay\\": 200, \\"input_length\\": 20, \\"output_length\\": 5}"
            """
        ),
        ("only-blank.csv", ":1:1: the file is empty"),
        (
            "unclosed-quote.csv",
            ":2:1: a quoted field is not closed on its line, found \"\\\"2023-11-16 18:15:46.6805900,374,44\""
        ),
        (
            "unknown-header.csv",
            """
            :1:1: the header is of no known trace format; name the format, or the columns of a generic CSV, \
            found "time,in,out"
            """
        ),
    ]

    @Test func everyFileIsListed() throws {
        #expect(try Corpus.names() == (Self.readable.map(\.name) + Self.refused.map(\.name)).sorted())
    }

    @Test(arguments: readable.indices) func readableFiles(index: Int) throws {
        let expected = Self.readable[index]
        let found = try requests(of: try openTrace(at: Corpus.path(expected.name)))
        #expect(found.count == expected.requests)
        #expect(found.reduce(0) { $0 + Int64($1.inputTokens) } == expected.inputTokens)
        #expect(found.last?.arrival.nanoseconds ?? 0 == expected.lastArrival)
        #expect(found.map(\.id) == Array(0..<UInt64(found.count)))
    }

    @Test(arguments: refused.indices) func refusedFiles(index: Int) throws {
        let expected = Self.refused[index]
        let path = Corpus.path(expected.name)
        let found = #expect(throws: TraceError.self) { _ = try requests(of: try openTrace(at: path)) }
        #expect(found?.description == path + expected.sentence)
    }

    /// Naming the format that would be recognised changes nothing; naming another is an error at the header.
    @Test func namedFormatsAgreeWithRecognisedOnes() throws {
        let formats: [(String, TraceFormat)] = [
            ("azure-valid.csv", .azureLLM), ("multimodal-valid.csv", .azureMultimodal), ("burstgpt-six.csv", .burstGPT),
            ("burstgpt-eight.csv", .burstGPT), ("mooncake-valid.jsonl", .mooncake), ("vidur-valid.csv", .vidur),
            ("isocost-valid.csv", .isocost), ("servegen-valid", .serveGen),
        ]
        for (name, format) in formats {
            let recognised = try requests(of: try openTrace(at: Corpus.path(name)))
            let named = try requests(of: try openTrace(at: Corpus.path(name), options: TraceOptions(format: format)))
            #expect(named == recognised)
            for other in TraceFormat.allCases where other != format {
                #expect(throws: TraceError.self, "\(name) as \(other)") {
                    _ = try requests(of: try openTrace(at: Corpus.path(name), options: TraceOptions(format: other)))
                }
            }
        }
    }

    @Test func namesOfClassAndRegionAreOptions() throws {
        let options = TraceOptions(className: "chat", regionName: "eu")
        for name in ["azure-valid.csv", "mooncake-valid.jsonl", "servegen-valid"] {
            let source = try openTrace(at: Corpus.path(name), options: options)
            #expect(source.classes == ["chat"])
            #expect(source.regions == ["eu"])
        }
    }
}

import Primitives
import Testing
import Workloads

/// Every malformed input is one sentence with a position. The sentences are compared whole.
@Suite struct TraceErrorTests {
    private static let azure = "TIMESTAMP,ContextTokens,GeneratedTokens\n"
    private static let row = "2023-11-16 18:15:46.6805900,374,44\n"

    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var sentence: String
        var options = TraceOptions()
        var testDescription: String { sentence }
    }

    static let azureCases: [Case] = [
        Case(text: "", sentence: "trace:1:1: the file is empty"),
        Case(text: "\n\n", sentence: "trace:1:1: the file is empty"),
        Case(
            text: "a,b\n1,2\n",
            sentence: """
                trace:1:1: the header is of no known trace format; name the format, or the columns of a generic CSV, \
                found "a,b"
                """),
        Case(
            text: azure + "2023-11-16 18:15:46.6805900,374\n",
            sentence: """
                trace:2:1: the row has 2 fields where the header has 3, found "2023-11-16 18:15:46.6805900,374"
                """),
        Case(
            text: azure + row + "2023-11-16 18:15:46.6805900,374,44,\n",
            sentence: """
                trace:3:1: the row has 4 fields where the header has 3, found "2023-11-16 18:15:46.6805900,374,44,"
                """),
        Case(
            text: azure + row + "2023-11-16 18:1",
            sentence: """
                trace:3:1: the file ends within a row: the row has 1 field where the header has 3, \
                found "2023-11-16 18:1"
                """),
        Case(
            text: azure + row + "2023-11-16 18:15:45.0000000,374,44\n",
            sentence: """
                trace:3:1: the row arrives before the previous one (which is at 0 s); sort the trace by time, \
                found "2023-11-16 18:15:45.0000000"
                """),
        Case(
            text: azure + row + "\n" + row,
            sentence: "trace:3:1: a blank line stands between rows"),
        Case(
            text: azure + "\"2023-11-16 18:15:46.6805900,374,44\n",
            sentence: """
                trace:2:1: a quoted field is not closed on its line, found "\\"2023-11-16 18:15:46.6805900,374,44"
                """),
        Case(
            text: azure + "\"2023-11-16 18:15:46.6805900\"0,374,44\n",
            sentence: "trace:2:30: text follows a closing quote, found \"0,374,44\""),
    ]

    static let fieldCases: [Case] =
        [
            ("374,0", 33, "the output length must be at least 1", "0"),
            ("374,-4", 33, "the output length is negative", "-4"),
            ("0,44", 29, "the input length must be at least 1", "0"),
            ("-1,44", 29, "the input length must be at least 1", "-1"),
            ("374,4x", 33, "the output length is not a whole number", "4x"),
            ("374,4.0", 33, "the output length is not a whole number", "4.0"),
            ("374, 4", 33, "the output length is not a whole number", " 4"),
            ("2147483648,44", 29, "the input length is too large", "2147483648"),
            ("99999999999999999999,44", 29, "the input length is too large", "99999999999999999999"),
            (
                "0000000000000000000000000000000000,44", 29, "the input length must be at least 1",
                String(repeating: "0", count: 34)
            ),
            ("-,44", 29, "the input length is not a whole number", "-"),
        ].map { fields, column, message, found in
            Case(
                text: azure + "2023-11-16 18:15:46.6805900,\(fields)\n",
                sentence: "trace:2:\(column): \(message), found \"\(found)\"")
        } + [
            Case(
                text: azure + "2023-11-16 18:15:46.6805900,374,\n",
                sentence: "trace:2:33: the output length is not a whole number")
        ]

    static let timestampCases: [Case] =
        [
            "2023-02-29 18:15:46.6805900", "2023-13-01 18:15:46.6805900", "2023-00-01 18:15:46.6805900",
            "2023-01-00 18:15:46.6805900", "2023-04-31 18:15:46.6805900", "1900-02-29 18:15:46.6805900",
            "2023-01-01 24:00:00.0000000", "2023-01-01 23:60:00.0000000", "2023-01-01 23:59:60.0000000",
            "1969-12-31 23:59:59.0000000", "2262-01-01 00:00:00.0000000", "2023/01/01 23:59:59.0000000",
            "2023-01-01x23:59:59.0000000", "12.5", "2023-1-1 00:00:00.00000000",
        ].map {
            ($0, "the timestamp is not YYYY-MM-DD HH:MM:SS of the years 1970 to 2261")
        }.map(timestampCase)
        + [
            ("2023-01-01 23:59:59.", "the timestamp's fraction has no digits"),
            ("2023-01-01 23:59:59.12345x7", "the timestamp's zone is not Z or ±HH:MM"),
            ("2023-01-01 23:59:59.1234567+1", "the timestamp's zone is not Z or ±HH:MM"),
            ("2023-01-01 23:59:59.1234567+24:00", "the timestamp's zone is not Z or ±HH:MM"),
            ("2023-01-01 23:59:59.1234567+01:60", "the timestamp's zone is not Z or ±HH:MM"),
            ("2023-01-01 23:59:59.1234567+01-00", "the timestamp's zone is not Z or ±HH:MM"),
            ("1970-01-01 00:59:59.0000000+01:00", "the timestamp lies before 1970"),
        ].map(timestampCase)

    private static func timestampCase(_ stamp: String, _ message: String) -> Case {
        Case(text: azure + "\(stamp),374,44\n", sentence: "trace:2:1: \(message), found \"\(stamp)\"")
    }

    static let mooncakeCases: [Case] = [
        ("{", "trace:1:2: the file ends within a row: the JSON ends too early"),
        ("[1]\n", nil),
        (
            #"{"timestamp": 0, "input_length": 5}"# + "\n",
            #"trace:1:1: the object has no `output_length`, found "{\"timestamp\": 0, \"input_length\": 5}""#
        ),
        (
            #"{"timestamp": 0, "output_length": 5}"# + "\n",
            #"trace:1:1: the object has no `input_length`, found "{\"timestamp\": 0, \"output_length\": 5}""#
        ),
        (
            #"{"input_length": 5, "output_length": 5}"# + "\n",
            #"trace:1:1: the object has no `timestamp`, found "{\"input_length\": 5, \"output_length\": 5}""#
        ),
        (
            #"{"timestamp": -1, "input_length": 5, "output_length": 5}"# + "\n",
            #"trace:1:15: timestamp is negative, found "-1""#
        ),
        (
            #"{"timestamp": 0, "input_length": 5.5, "output_length": 5}"# + "\n",
            #"trace:1:34: input_length is not a whole number, found "5.5""#
        ),
        (
            #"{"timestamp": 0, "input_length": 5, "output_length": 0}"# + "\n",
            #"trace:1:54: output_length must be at least 1, found "0""#
        ),
        (
            #"{"timestamp": "0", "input_length": 5, "output_length": 5}"# + "\n",
            #"trace:1:15: a number was expected, found "\"0\", \"input_length\":""#
        ),
        (
            #"{"timestamp": 01, "input_length": 5, "output_length": 5}"# + "\n",
            #"trace:1:15: a number was expected, found "01, \"input_length\": ""#
        ),
        (
            #"{"timestamp": 0, "input_length": 600, "output_length": 5, "hash_ids": [1, 2, 3]}"# + "\n",
            #"trace:1:71: input_length 600 makes 2 blocks of 512 tokens, but hash_ids names 3, found "[1, 2, 3]""#
        ),
        (
            #"{"timestamp": 0, "input_length": 512, "output_length": 5, "hash_ids": [-1]}"# + "\n",
            #"trace:1:72: a hash id is not a 64-bit whole number, found "-1""#
        ),
        (
            #"{"timestamp": 0, "input_length": 512, "output_length": 5} x"# + "\n",
            #"trace:1:59: text follows the JSON value, found "x""#
        ),
        (
            #"{"timestamp": 0, "input_length": 512, "output_length": 5, "a": tru}"# + "\n",
            #"trace:1:64: invalid JSON: a value was expected, found "tru}""#
        ),
        (
            #"{"timestamp": 0, "input_length": 512, "output_length": 5, "a": "\q"}"# + "\n",
            #"trace:1:65: invalid JSON: an unknown escape, found "\q\"}""#
        ),
        (
            #"{"timestamp": 0 "input_length": 512}"# + "\n",
            #"trace:1:17: invalid JSON: `}` expected, found "\"input_length\": 512}""#
        ),
        (
            #"{"delay": 5, "input_length": 512, "output_length": 5}"# + "\n",
            "trace:1:1: a row that starts some delay after another ends has no timestamp to replay, found "
                + #""{\"delay\": 5, \"input_length\": 512, \"output_length\": 5}""#
        ),
    ].map { text, sentence in
        Case(
            text: text, sentence: sentence ?? #"trace:1:1: invalid JSON: an object was expected, found "[1]""#,
            options: TraceOptions(format: .mooncake))
    }

    @Test(arguments: azureCases + fieldCases) func rowsAndFields(_ test: Case) throws { try check(test) }
    @Test(arguments: timestampCases) func timestamps(_ test: Case) throws { try check(test) }
    @Test(arguments: mooncakeCases) func mooncake(_ test: Case) throws { try check(test) }

    private func check(_ test: Case) throws {
        #expect(try error(reading: test.text, test.options)?.description == test.sentence)
    }

    @Test func anErrorIsRepeatedByTheNextRead() throws {
        let folder = try TemporaryFolder()
        let source = try openTrace(at: try folder.file("trace", Self.azure + Self.row + "x\n" + Self.row))
        var batch: [Request] = []
        let first = #expect(throws: TraceError.self) { try source.read(into: &batch, limit: 10) }
        #expect(batch.count == 1)
        #expect(first?.line == 3)
        let second = #expect(throws: TraceError.self) { try source.read(into: &batch, limit: 10) }
        #expect(second == first)
    }

    @Test func missingFilesAndFoldersSaySo() throws {
        let folder = try TemporaryFolder()
        let missing = #expect(throws: TraceError.self) { _ = try openTrace(at: folder.path + "/none.csv") }
        #expect(missing?.kind == .missing)
        #expect(missing?.description == folder.path + "/none.csv: cannot open the file: No such file or directory")
        let empty = #expect(throws: TraceError.self) { _ = try openTrace(at: folder.path) }
        #expect(empty?.description == folder.path + ": the folder holds no chunk-N-trace.csv")
        let wrong = #expect(throws: TraceError.self) {
            _ = try openTrace(at: folder.path, options: TraceOptions(format: .vidur))
        }
        #expect(wrong?.description == folder.path + ": a folder is read as servegen only")
    }

    @Test func offendingTextIsCutAndStaysOnOneLine() throws {
        let long = String(repeating: "é", count: 40) + "\t\u{1}"
        let found = try #require(try error(reading: long + "\n"))
        #expect(found.text == String(repeating: "é", count: 30) + "…")
        let short = try #require(try error(reading: "a\tb\u{1}c\n"))
        #expect(short.text == "a\\tb\\u{1}c")
        #expect(!short.description.contains("\t"))
    }

    @Test func optionsThatDoNotFitAreRefused() throws {
        let text = Self.azure + Self.row
        let columns = TraceColumns(arrival: "TIMESTAMP", input: "ContextTokens", output: "GeneratedTokens")
        let refused = [
            TraceOptions(format: .csv), TraceOptions(format: .azureLLM, columns: columns),
            TraceOptions(format: .serveGen), TraceOptions(hashBlockTokens: 0), TraceOptions(hashBlockTokens: 16),
            TraceOptions(format: .vidur),
            TraceOptions(format: .burstGPT), TraceOptions(format: .azureMultimodal), TraceOptions(format: .isocost),
        ]
        for options in refused {
            #expect(try error(reading: text, options)?.kind == .malformed, "\(options)")
        }
    }
}

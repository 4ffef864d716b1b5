import Primitives
import Testing
import Workloads

@Suite struct ServeGenTests {
    /// Writes a folder of one client and returns it.
    private func client(_ trace: String, _ dataset: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try folder.file("chunk-0-trace.csv", trace)
        _ = try folder.file("chunk-0-dataset.json", dataset)
        return folder
    }

    private static let lengths = #"{"0": {"input_tokens": "{10: 0.25, 20: 0.75}", "output_tokens": "{5: 1.0}"}}"#

    @Test func mergesClientsInOrderOfArrival() throws {
        let source = try openTrace(at: Corpus.path("servegen-valid"))
        let found = try requests(of: source)
        #expect(found.count > 500)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
        #expect(found.map(\.id) == Array(0..<UInt64(found.count)))
        #expect(found.first?.arrival == .start)
        #expect(Set(found.map(\.inputTokens)) == [7, 10, 20])
        #expect(Set(found.map(\.outputTokens)) == [3, 9])
        // A tenth of client 0's outputs are zero.
        #expect(source.skipped.count == 1)
        #expect(source.skipped.first?.reason == "drawn length of zero tokens")
        #expect((40...150).contains(source.skipped.first?.count ?? 0))
    }

    @Test func theSeedDecidesEverything() throws {
        func stream(_ seed: UInt64) throws -> [Request] {
            try requests(of: try openTrace(at: Corpus.path("servegen-valid"), options: TraceOptions(seed: seed)))
        }
        #expect(try stream(1) == stream(1))
        #expect(try stream(1) != stream(2))
    }

    @Test(arguments: ["Gamma,0.5,4", "Gamma,1,1", "Weibull,0.7,1", "Weibull,2,1", "Gamma,0,0", "Weibull,,"])
    func aWindowHoldsRateTimesLengthRequestsOnAverage(pattern: String) throws {
        // 200 windows of 100 s at 2 requests/s; CV at most 1.5, so the total of 40,000 has a deviation of about 300.
        let rows = (0..<200).map { "\($0 * 100),2,1.4142,\(pattern)\n" }.joined()
        let folder = try client(rows, Self.lengths)
        let found = try requests(of: try openTrace(at: folder.path), batch: 4_096)
        #expect(abs(found.count - 40_000) < 1_300)
        let heavy = found.count { $0.inputTokens == 20 }
        let deviation = (Double(found.count) * 0.75 * 0.25).squareRoot()
        #expect(abs(Double(heavy) - 0.75 * Double(found.count)) < 4 * deviation)
    }

    @Test func inactiveWindowsAreSilent() throws {
        let folder = try client("0,1,1,Gamma,1,1\n600,0,0,,0,0\n1200,1,1,Gamma,1,1\n", Self.lengths)
        let found = try requests(of: try openTrace(at: folder.path, options: TraceOptions(origin: .file)))
        #expect(found.contains { $0.arrival.seconds < 600 })
        #expect(found.contains { $0.arrival.seconds >= 1_200 })
        #expect(!found.contains { (600..<1_200).contains($0.arrival.seconds) })
        #expect(found.allSatisfy { $0.arrival.seconds < 1_800 })
    }

    @Test func lengthsFollowTheDatasetWindowInForce() throws {
        let dataset = """
            {"0": {"input_tokens": "{}", "output_tokens": "{}"},
             "600": {"input_tokens": "{1: 1}", "output_tokens": "{1: 1}"},
             "1200": {"input_tokens": "{}", "output_tokens": "{}"},
             "1800": {"input_tokens": "{2: 1}", "output_tokens": "{1: 1}"}}
            """
        let folder = try client("0,1,1,Gamma,1,1\n2400,0,0,,0,0\n", dataset)
        let found = try requests(of: try openTrace(at: folder.path, options: TraceOptions(origin: .file)))
        for request in found {
            // Before the first filled window the nearest after it, in an empty one the nearest before.
            #expect(request.inputTokens == (request.arrival.seconds < 1_800 ? 1 : 2))
        }
    }

    @Test(arguments: [
        ("0,1,1,Gamma,1\n", "chunk-0-trace.csv", 1, "a window has 6 fields, not 5"),
        ("0,1,1,Poisson,1,1\n", "chunk-0-trace.csv", 1, "the arrival pattern is neither Gamma, Weibull nor empty"),
        ("0,x,1,Gamma,1,1\n", "chunk-0-trace.csv", 1, "the rate is not a number"),
        ("0,-1,1,Gamma,1,1\n", "chunk-0-trace.csv", 1, "the rate is negative"),
        ("0,inf,1,Gamma,1,1\n", "chunk-0-trace.csv", 1, "the rate is not a number"),
        (
            "0,1,1,Gamma,1,1\n0,1,1,Gamma,1,1\n", "chunk-0-trace.csv", 2,
            "the window starts no later than the one before"
        ),
        ("0,1,0,Gamma,0,1\n", "chunk-0-trace.csv", 1, "the pattern needs a shape or a coefficient of variation"),
        ("9999999999,1,1,Gamma,1,1\n", "chunk-0-trace.csv", 1, "the window's start is too large"),
        ("", "chunk-0-trace.csv", 1, "the file is empty"),
    ])
    func tracesThatAreNone(trace: String, file: String, line: Int, message: String) throws {
        let folder = try client(trace, Self.lengths)
        let found = #expect(throws: TraceError.self) { _ = try openTrace(at: folder.path) }
        #expect(found?.file == "\(folder.path)/\(file)")
        #expect(found?.line == line)
        #expect(found?.message == message)
    }

    @Test(arguments: [
        ("{\n\"0\": {\"input_tokens\": \"{1: 0.5\", \"output_tokens\": \"{}\"}}", 2, 31, "`,` or `}` was expected"),
        (
            "{\"0\": {\"input_tokens\": \"[1]\", \"output_tokens\": \"{}\"}}", 1, 25,
            "a dictionary `{value: probability}` was expected"
        ),
        ("{\"0\": {\"input_tokens\": \"{1 0.5}\", \"output_tokens\": \"{}\"}}", 1, 28, "`:` was expected"),
        (
            "{\"0\": {\"input_tokens\": \"{1: -1}\", \"output_tokens\": \"{}\"}}", 1, 29,
            "a probability is not a number from 0 up"
        ),
        ("{\"0\": {\"input_tokens\": \"{-1: 1}\", \"output_tokens\": \"{}\"}}", 1, 26, "a length is negative"),
        (
            "{\"0\": {\"input_tokens\": \"{1: 0}\", \"output_tokens\": \"{}\"}}", 1, 25,
            "the probabilities do not add up to a positive number"
        ),
        ("{\"0\": {\"input_tokens\": \"{3000000000: 1}\", \"output_tokens\": \"{}\"}}", 1, 26, "a length is too large"),
        (
            "{\"0\": {\"input_tokens\": \"{1: 1} + 1\", \"output_tokens\": \"{}\"}}", 1, 32,
            "text follows the dictionary"
        ),
        ("{\"0\": {\"input_tokens\": \"{1: 1}\"}}", 1, 3, "the window lacks input_tokens or output_tokens"),
        (
            "{\"0\": {\"text_tokens\": \"{1: 1}\"}}", 1, 9,
            "only language and reasoning data are read, with input_tokens and output_tokens"
        ),
        ("{\"x\": {}}", 1, 3, "the window's start is not a decimal number"),
        ("{}", 1, 1, "the client has active windows but no lengths"),
    ])
    func datasetsThatAreNone(dataset: String, line: Int, column: Int, message: String) throws {
        let folder = try client("0,1,1,Gamma,1,1\n", dataset)
        let found = #expect(throws: TraceError.self) { _ = try openTrace(at: folder.path) }
        #expect(found?.message == message)
        #expect(found?.line == line)
        #expect(found?.column == column)
        #expect(found?.file == "\(folder.path)/chunk-0-dataset.json")
    }

    @Test func aMissingDatasetIsMissing() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("chunk-3-trace.csv", "0,1,1,Gamma,1,1\n")
        let found = #expect(throws: TraceError.self) { _ = try openTrace(at: folder.path) }
        #expect(found?.kind == .missing)
        #expect(found?.file.hasSuffix("chunk-3-dataset.json") == true)
    }

    @Test func zeroLengthsFollowTheOption() throws {
        let folder = try client(
            "0,1,1,Gamma,1,1\n", #"{"0": {"input_tokens": "{3: 1}", "output_tokens": "{0: 1}"}}"#)
        #expect(try requests(of: try openTrace(at: folder.path)).isEmpty)
        let kept = try openTrace(at: folder.path, options: TraceOptions(zeroOutput: .keepAsOneToken))
        #expect(try requests(of: kept).allSatisfy { $0.outputTokens == 1 })
        let refusing = try openTrace(at: folder.path, options: TraceOptions(zeroOutput: .refuse))
        #expect(throws: TraceError.self) { _ = try requests(of: refusing) }
    }
}

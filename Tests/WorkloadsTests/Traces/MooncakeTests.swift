import Primitives
import Testing
import Workloads

@Suite struct MooncakeTests {
    @Test func hashBlocksBecomeSegments() throws {
        let source = try openTrace(at: Corpus.path("mooncake-valid.jsonl"))
        #expect(source.sharesPrefixes)
        let found = try requests(of: source)
        #expect(found.map(\.arrival.nanoseconds) == [0, 3_000_000_000, 3_000_000_000])
        #expect(
            source.contents.segments(of: found[0].content) == [
                PromptSegment(key: 0, tokens: 512), PromptSegment(key: 1, tokens: 512),
                PromptSegment(key: 2, tokens: 76),
            ])
        #expect(
            source.contents.segments(of: found[1].content) == [
                PromptSegment(key: 0, tokens: 512), PromptSegment(key: 1, tokens: 512),
            ])
        #expect(found[2].content.isUnique)
        #expect(!source.contents.outputContinuesLastSegment(of: found[0].content))
    }

    @Test(arguments: [(1, [64, 36]), (2, [64, 36])] as [(Int, [Int32])])
    func blockSizeIsAnOption(count: Int, tokens: [Int32]) throws {
        let ids = Array(5..<(5 + count)).map(String.init).joined(separator: ", ")
        let text = "{\"timestamp\": 0, \"input_length\": 100, \"output_length\": 1, \"hash_ids\": [\(ids)]}\n"
        let folder = try TemporaryFolder()
        let options = TraceOptions(hashBlockTokens: 64)
        let source = try openTrace(at: try folder.file("trace", text), options: options)
        let found = try requests(of: source)
        let segments = source.contents.segments(of: found[0].content)
        #expect(segments.map(\.tokens) == tokens)
        #expect(segments[0].key == 5)
        // With an id for full blocks only, the rest is nobody else's.
        #expect((segments[1].key == 6) == (count == 2))
    }

    @Test func restsWithoutAnIdAreAllDifferent() throws {
        let row = "{\"timestamp\": 0, \"input_length\": 100, \"output_length\": 1, \"hash_ids\": [5]}\n"
        let folder = try TemporaryFolder()
        let options = TraceOptions(hashBlockTokens: 64)
        let source = try openTrace(at: try folder.file("trace", row + row), options: options)
        let found = try requests(of: source)
        let rests = found.map { source.contents.segments(of: $0.content)[1].key }
        #expect(rests[0] != rests[1])
    }

    @Test func sessionsAndUnknownKeys() throws {
        let found = try requests(of: try openTrace(at: Corpus.path("mooncake-session.jsonl")))
        #expect(found[0].session >= 0x8000_0000)
        #expect(found[1].session == 7)
        #expect(found[1].arrival.nanoseconds == 500_000)
        #expect(found.allSatisfy { $0.content.isUnique })
    }

    @Test func readsCRLFAndTheLargestHash() throws {
        let row = "{\"timestamp\":1e3,\"input_length\":1,\"output_length\":1,\"hash_ids\":[18446744073709551615]}"
        let folder = try TemporaryFolder()
        let source = try openTrace(
            at: try folder.file("trace", "\u{FEFF}\(row)\r\n\(row)\r\n\r\n"), options: TraceOptions(origin: .file))
        let found = try requests(of: source)
        #expect(found.map(\.arrival.seconds) == [1, 1])
        #expect(source.contents.segments(of: found[0].content) == [PromptSegment(key: .max, tokens: 1)])
    }

    @Test func zeroOutputsFollowTheOption() throws {
        let text = "{\"timestamp\": 0, \"input_length\": 9, \"output_length\": 0}\n"
        #expect(try read(text, TraceOptions(zeroOutput: .skip)).isEmpty)
        #expect(try read(text, TraceOptions(zeroOutput: .keepAsOneToken)).map(\.outputTokens) == [1])
        #expect(try error(reading: text)?.message == "output_length must be at least 1")
    }

    @Test func deepNestingIsRefusedNotFollowed() throws {
        let deep = String(repeating: "[", count: 100_000)
        let text = "{\"timestamp\": 0, \"x\": \(deep)"
        #expect(try error(reading: text)?.message.hasSuffix("the JSON nests deeper than 64") == true)
    }

    @Test func linesLongerThanTheBufferAreRead() throws {
        let count = 200_000
        let ids = (0..<count).map(String.init).joined(separator: ",")
        let row =
            "{\"timestamp\": 0, \"input_length\": \(count), \"output_length\": 1, \"hash_ids\": [\(ids)]}\n"
        #expect(row.utf8.count > 1 << 20)
        let folder = try TemporaryFolder()
        let options = TraceOptions(hashBlockTokens: 1)
        let source = try openTrace(at: try folder.file("trace", row + row), options: options)
        let found = try requests(of: source)
        #expect(found.count == 2)
        let segments = source.contents.segments(of: found[1].content)
        #expect(segments.count == count)
        #expect(segments.last == PromptSegment(key: UInt64(count - 1), tokens: 1))
    }
}

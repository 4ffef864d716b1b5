import Foundation
import Primitives
import Testing

@testable import Workloads

@Suite struct WriteTraceTests {
    /// A workload that uses every field but images.
    private static let workload = SyntheticWorkload(
        arrivals: .gamma(rate: 20, cv: 2),
        classes: [
            RequestClass(
                name: "chat, slow",
                lengths: .independent(input: .uniform(low: 1, high: 900), output: .uniform(low: 1, high: 90)),
                priority: -3, regions: [RegionShare(name: "eu"), RegionShare(name: "us", weight: 3)],
                prefixes: SharedPrefixes(groups: 5, tokens: .uniform(low: 10, high: 1_000)),
                conversation: Conversation(turns: .uniform(low: 1, high: 4), thinkTime: .exponential(mean: 2))),
            RequestClass(
                name: "say \"hi\"", weight: 0.5,
                lengths: .independent(input: .fixed(1_000), output: .geometric(mean: 30)), priority: 9),
        ], limit: 3_000)

    private func written(_ format: TraceFormat, _ workload: SyntheticWorkload = workload) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let count = try writeTrace(try workload.source(seed: 5), to: folder.path + "/t", format: format)
        #expect(count == 3_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["t"])
        return folder
    }

    /// Requests with their contents spelled out, since handles of two stores cannot be compared.
    private func spelled(_ source: any RequestSource) throws -> [(Request, [PromptSegment], Bool)] {
        try requests(of: source, batch: 500).map { request in
            var bare = request
            bare.content = .unique
            return (
                bare, source.contents.segments(of: request.content),
                source.contents.outputContinuesLastSegment(of: request.content)
            )
        }
    }

    @Test func isocostRoundTripKeepsEverything() throws {
        let folder = try written(.isocost)
        let source = try openTrace(at: folder.path + "/t", options: TraceOptions(origin: .file))
        let original = try Self.workload.source(seed: 5)
        #expect(source.classes == original.classes)
        #expect(source.regions == original.regions)
        let expected = try spelled(original)
        let found = try spelled(source)
        #expect(found.count == expected.count)
        for (one, other) in zip(found, expected) {
            #expect(one == other)
        }
    }

    @Test(arguments: [TraceFormat.azureLLM, .vidur, .mooncake])
    func otherFormatsKeepTimesAndLengths(format: TraceFormat) throws {
        let folder = try written(format)
        let source = try openTrace(at: folder.path + "/t", options: TraceOptions(origin: .file))
        let expected = try requests(of: try Self.workload.source(seed: 5), batch: 500)
        let found = try requests(of: source, batch: 500)
        #expect(found.map(\.arrival) == expected.map(\.arrival))
        #expect(found.map(\.inputTokens) == expected.map(\.inputTokens))
        #expect(found.map(\.outputTokens) == expected.map(\.outputTokens))
        if format == .mooncake { #expect(found.map(\.session) == expected.map(\.session)) }
    }

    @Test func writingWhatWasWrittenChangesNothing() throws {
        for format in [TraceFormat.isocost, .azureLLM, .vidur, .mooncake] {
            let folder = try written(format)
            let again = try openTrace(at: folder.path + "/t", options: TraceOptions(origin: .file))
            try writeTrace(again, to: folder.path + "/u", format: format)
            let bytes = try ["t", "u"].map { try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/\($0)")) }
            #expect(bytes[0] == bytes[1], "\(format)")
        }
    }

    @Test func mooncakeIsWrittenAsItWasRead() throws {
        let text = """
            {"timestamp": 0, "input_length": 1100, "output_length": 500, "hash_ids": [0, 1, 2]}
            {"timestamp": 12.000001, "input_length": 1024, "output_length": 20, "hash_ids": [0, 18446744073709551615]}
            {"timestamp": 3000, "input_length": 5, "output_length": 1}

            """
        let folder = try TemporaryFolder()
        let source = try openTrace(at: try folder.file("a", text))
        try writeTrace(source, to: folder.path + "/b", format: .mooncake)
        #expect(try String(contentsOfFile: folder.path + "/b", encoding: .utf8) == text)
    }

    @Test func azureTimestampsHaveSevenDigitsOrNine() throws {
        let folder = try TemporaryFolder()
        let text = "arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,2\n86399.9999999,3,4\n86400.000000001,5,6\n"
        let source = try openTrace(at: try folder.file("a", text))
        try writeTrace(source, to: folder.path + "/b", format: .azureLLM)
        #expect(
            try String(contentsOfFile: folder.path + "/b", encoding: .utf8) == """
                TIMESTAMP,ContextTokens,GeneratedTokens
                2000-01-01 00:00:00.0000000,1,2
                2000-01-01 23:59:59.9999999,3,4
                2000-01-02 00:00:00.000000001,5,6

                """)
    }

    @Test func aFailedWriteLeavesTheOldFileAndNoRest() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("out", "precious")
        let broken = try openTrace(
            at: try folder.file("in", "arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,2\nx,1,2\n"))
        #expect(throws: TraceError.self) { try writeTrace(broken, to: path) }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["in", "out"])
    }

    @Test func placesAndFormatsThatCannotBeWritten() throws {
        let source = try Self.workload.source(seed: 1)
        let missing = #expect(throws: TraceError.self) { try writeTrace(source, to: "/nonexistent-folder/x") }
        #expect(missing?.kind == .inputOutput)
        for format in [TraceFormat.csv, .burstGPT, .serveGen, .azureMultimodal] {
            let found = #expect(throws: TraceError.self) { try writeTrace(source, to: "/x", format: format) }
            #expect(found?.message.contains("not \(format.rawValue)") == true)
        }
        let named = SyntheticWorkload(
            arrivals: .poisson(rate: 1),
            classes: [RequestClass(name: "a\nb", lengths: .independent(input: .fixed(1), output: .fixed(1)))], limit: 1)
        #expect(throws: TraceError.self) { try writeTrace(try named.source(seed: 1), to: "/x") }
    }

    // MARK: Hash blocks

    private func segment(_ key: UInt64, _ tokens: Int32) -> PromptSegment { PromptSegment(key: key, tokens: tokens) }

    @Test func blocksAtTheFrontOfASegmentKeepItsKey() {
        let aligned = [segment(4, 16), segment(9, 16), segment(2, 5)]
        #expect(HashBlocks.identifiers(aligned, blockTokens: 16) == [4, 9, 2])
        #expect(HashBlocks.identifiers([], blockTokens: 16).isEmpty)
        #expect(HashBlocks.identifiers([segment(7, 3)], blockTokens: 16) == [7])
    }

    @Test func equalPrefixesMakeEqualBlocks() {
        let short = HashBlocks.identifiers([segment(1, 20), segment(2, 30)], blockTokens: 16)
        let long = HashBlocks.identifiers([segment(1, 20), segment(2, 300)], blockTokens: 16)
        let other = HashBlocks.identifiers([segment(1, 20), segment(3, 300)], blockTokens: 16)
        let shifted = HashBlocks.identifiers([segment(1, 21), segment(2, 300)], blockTokens: 16)
        #expect(short.count == 4)
        #expect(long.count == 20)
        #expect(Array(long.prefix(3)) == Array(short.prefix(3)))
        #expect(long[0] == other[0])
        #expect(long[1] != other[1])
        #expect(long[1] != shifted[1])
        #expect(Set(long).count == long.count)
    }
}

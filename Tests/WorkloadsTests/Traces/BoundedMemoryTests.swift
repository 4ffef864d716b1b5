import Foundation
import Primitives
import Testing
import Workloads

/// Memory grows with what is in flight, not with the trace.
@Suite struct BoundedMemoryTests {
    @Test func aBatchNeverExceedsItsLimit() throws {
        let sources: [any RequestSource] = [
            try openTrace(at: Corpus.path("azure-valid.csv")), try openTrace(at: Corpus.path("servegen-valid")),
            try WorkloadPreset.azureCode2023.workload.source(seed: 1),
            try Workload.mix([Workload.Part(.synthetic(WorkloadPreset.azureCode2023.workload))]).open(seed: 1),
        ]
        for source in sources {
            var batch: [Request] = []
            try source.read(into: &batch, limit: 0)
            #expect(batch.isEmpty)
            try source.read(into: &batch, limit: 2)
            #expect(batch.count == 2)
            // A batch is appended to, never replaced.
            try source.read(into: &batch, limit: 1)
            #expect(batch.map(\.id) == [0, 1, 2])
        }
    }

    @Test func contentSlotsAreReusedOverALongTrace() throws {
        let row = { (time: Int) in
            "{\"timestamp\": \(time), \"input_length\": 20, \"output_length\": 1, \"hash_ids\": [\(time), \(time + 1)]}\n"
        }
        let folder = try TemporaryFolder()
        let path = try folder.file("t", (0..<5_000).map(row).joined())
        let source = try openTrace(at: path, options: TraceOptions(hashBlockTokens: 16))
        var handles: Set<PromptContentHandle> = []
        var batch: [Request] = []
        var read = 0
        repeat {
            batch.removeAll()
            try source.read(into: &batch, limit: 32)
            for request in batch {
                handles.insert(request.content)
                source.contents.release(request.content)
            }
            read += batch.count
        } while !batch.isEmpty
        #expect(read == 5_000)
        #expect(handles.count == 32)
    }

    #if os(Linux)
        /// Resident memory in KiB.
        private func resident() throws -> Int {
            let status = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            return (Int(status.split(separator: " ")[1]) ?? 0) * 4
        }

        @Test func readingTwentyMegabytesHoldsOneChunk() throws {
            let block = (0..<1_000).map { "2023-11-16 18:15:46.\(1_000_000 + $0),1,1\n" }.joined()
            let folder = try TemporaryFolder()
            let path = folder.path + "/t"
            _ = try folder.file("t", "TIMESTAMP,ContextTokens,GeneratedTokens\n")
            let handle = try #require(FileHandle(forWritingAtPath: path))
            try handle.seekToEnd()
            for second in 0..<600 {
                let stamp = "18:\(String(100 + second / 60 + 10).dropFirst()):\(String(100 + second % 60).dropFirst())"
                let text = block.split(separator: "\n").map { "2023-11-16 \(stamp)" + $0.dropFirst(19) + "\n" }
                try handle.write(contentsOf: Data(text.joined().utf8))
            }
            try handle.close()
            let source = try openTrace(at: path)
            var batch: [Request] = []
            try source.read(into: &batch, limit: 4_096)
            let before = try resident()
            var read = batch.count
            while !batch.isEmpty {
                batch.removeAll(keepingCapacity: true)
                try source.read(into: &batch, limit: 4_096)
                read += batch.count
            }
            #expect(read == 600_000)
            // Other tests run beside this one; the file is 20 MB and the requests would take 34 MB.
            #expect(try resident() - before < 400_000)
        }
    #endif
}

import Primitives
import Testing
import Workloads

@Suite struct GzipTests {
    private static let text =
        "TIMESTAMP,ContextTokens,GeneratedTokens\n"
        + (0..<40_000).map { "2023-11-16 18:15:46.\(String(1_000_000 + $0 * 7)),\($0 % 900 + 1),7\n" }.joined()

    @Test func gzipIsToldByItsBytes() throws {
        let folder = try TemporaryFolder()
        let plain = try requests(of: try openTrace(at: try folder.file("plain.gz", Self.text)))
        let packed = try requests(of: try openTrace(at: try folder.file("packed.csv", gzip(Self.text.utf8))))
        #expect(plain.count == 40_000)
        #expect(packed == plain)
    }

    /// What a progress bar shows: rising from nothing to all, and at the middle row about a half.
    @Test(arguments: [false, true])
    func howMuchHasBeenReadIsKnown(packed: Bool) throws {
        // Several buffers long, and of lengths that do not compress to nothing.
        let rows = (0..<200_000).map { "\($0),\($0 * 7_919 % 4_001 + 1),\($0 * 104_729 % 997 + 1)\n" }
        let text = "arrived_at,num_prefill_tokens,num_decode_tokens\n" + rows.joined()
        let folder = try TemporaryFolder()
        let bytes = packed ? gzip(text.utf8) : Array(text.utf8)
        let source = try openTrace(at: try folder.file("t", bytes))
        var (batch, count, last): ([Request], Int, Double) = ([], 0, 0)
        repeat {
            batch.removeAll()
            try source.read(into: &batch, limit: 1_000)
            count += batch.count
            let share = try #require(source.shareRead)
            #expect(share >= last)
            let exact = Double(rows[..<count].reduce(48) { $0 + $1.utf8.count }) / Double(text.utf8.count)
            if packed { #expect(share > exact - 0.05) } else { #expect(near(share, exact, within: 1e-9)) }
            last = share
        } while !batch.isEmpty
        #expect(count == 200_000 && last == 1)
    }

    @Test func membersReadAsOneStream() throws {
        let bytes = Array(Self.text.utf8)
        let folder = try TemporaryFolder()
        let whole = try requests(of: try openTrace(at: try folder.file("a", bytes)))
        for cut in [0, 1, 39, 40, 41, 100_000, bytes.count] {
            let members = gzip(bytes[..<cut]) + gzip(bytes[cut...])
            #expect(try requests(of: try openTrace(at: try folder.file("b", members))) == whole, "cut at \(cut)")
        }
        #expect(try requests(of: try openTrace(at: Corpus.path("azure-valid.csv.gz"))).count == 2)
    }

    @Test func aStreamCutShortIsAnError() throws {
        let folder = try TemporaryFolder()
        let packed = gzip(Self.text.utf8)
        for length in [2, 9, 10, 11, packed.count / 2, packed.count - 8, packed.count - 1] {
            let path = try folder.file("cut", packed[..<length])
            let found = #expect(throws: TraceError.self) {
                _ = try requests(of: try openTrace(at: path), batch: 1_000)
            }
            #expect(found?.message == "the gzip stream is cut short before its end marker", "\(length) bytes")
            #expect((found?.line ?? 0) >= 1)
        }
        let committed = #expect(throws: TraceError.self) {
            _ = try requests(of: try openTrace(at: Corpus.path("azure-cut.csv.gz")))
        }
        #expect(committed?.message.contains("cut short") == true)
    }

    @Test func damageIsAnError() throws {
        let folder = try TemporaryFolder()
        var packed = gzip(Self.text.utf8)
        packed[packed.count - 6] ^= 0xFF
        let path = try folder.file("damaged", packed)
        let found = #expect(throws: TraceError.self) { _ = try requests(of: try openTrace(at: path), batch: 1_000) }
        #expect(found?.message == "the gzip stream is damaged (incorrect data check)")
        let noise = try folder.file("noise", [0x1F, 0x8B, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9])
        #expect(throws: TraceError.self) { _ = try openTrace(at: noise) }
    }

    @Test func tinyAndEmptyFiles() throws {
        let folder = try TemporaryFolder()
        for bytes in [[], [0x1F], [0x0A], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE, 0x41, 0x00]] as [[UInt8]] {
            let path = try folder.file("tiny", bytes)
            let found = #expect(throws: TraceError.self) { _ = try openTrace(at: path) }
            #expect(found?.line == 1)
        }
        let empty = try folder.file("empty.gz", gzip([]))
        #expect(throws: TraceError.self) { _ = try openTrace(at: empty) }
    }

    @Test func mooncakeAndClassesReadAheadWorkCompressed() throws {
        let folder = try TemporaryFolder()
        let text = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,A,4,1,5,x\n6,B,4,1,5,x\n"
        let source = try openTrace(at: try folder.file("b", gzip(text.utf8)))
        #expect(source.classes == ["A/x", "B/x"])
        #expect(try requests(of: source).map(\.classIndex) == [0, 1])
    }
}

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

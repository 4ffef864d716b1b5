import Foundation
import Primitives
import Testing
import Workloads

/// Mutated files either read or end in a ``TraceError`` that names a line; nothing traps and nothing hangs.
@Suite struct FuzzTests {
    private static let fragments: [[UInt8]] = [
        ",", "\"", "\n", "\r\n", "\r", "\n\n", "-", "+", ".", "e", "1e400", "0", "9", "99999999999999999999", "{", "}",
        "[", "]", ":", "|", "\\", "\\u12", "\0", "\u{FEFF}", "é", "null", "NaN", "Infinity", "2023-11-16 18:15:46", " ",
    ].map { Array($0.utf8) }

    /// One to three random edits, a pure function of the key.
    private func mutated(_ original: [UInt8], _ key: RandomKey) -> [UInt8] {
        var bytes = original
        var draws = key.generator()
        for _ in 0..<Int.random(in: 1...3, using: &draws) {
            let at = Int.random(in: 0...bytes.count, using: &draws)
            let stop = min(bytes.count, at + Int.random(in: 0...12, using: &draws))
            switch Int.random(in: 0..<10, using: &draws) {
            case 0: bytes.removeSubrange(at..<stop)
            case 1: bytes.insert(contentsOf: Self.fragments.randomElement(using: &draws) ?? [], at: at)
            case 2: bytes.replaceSubrange(at..<stop, with: Self.fragments.randomElement(using: &draws) ?? [])
            case 3: bytes.insert(contentsOf: bytes[at..<stop], at: Int.random(in: 0...bytes.count, using: &draws))
            case 4: if at < bytes.count { bytes[at] = UInt8.random(in: 0...255, using: &draws) }
            case 5: if at < bytes.count { bytes[at] ^= 1 << UInt8.random(in: 0...7, using: &draws) }
            case 6: bytes.removeSubrange(at...)
            default:
                // Another digit keeps the shape and tries the bounds.
                let digit = bytes[at...].firstIndex { $0 &- 0x30 <= 9 }
                if let digit { bytes[digit] = UInt8.random(in: 0x30...0x39, using: &draws) }
            }
        }
        return bytes
    }

    /// Whether the file was read; an error must be located.
    private func isRead(_ path: String, _ options: TraceOptions, _ context: String) throws -> Bool {
        do {
            let source = try openTrace(at: path, options: options)
            var batch: [Request] = []
            var previous = SimulatedTime.start
            for _ in 0..<40 {
                batch.removeAll()
                try source.read(into: &batch, limit: 50)
                if batch.isEmpty { break }
                for request in batch {
                    #expect(request.inputTokens >= 1 && request.outputTokens >= 1, "\(context)")
                    #expect(request.arrival >= previous, "\(context)")
                    #expect(Int(request.classIndex) < source.classes.count, "\(context)")
                    #expect(Int(request.regionIndex) < source.regions.count, "\(context)")
                    previous = request.arrival
                    let segments = source.contents.segments(of: request.content)
                    if !segments.isEmpty {
                        let covered = segments.reduce(Int64(0)) { $0 + Int64($1.tokens) }
                        #expect(covered == Int64(request.inputTokens), "\(context)")
                    }
                    source.contents.release(request.content)
                }
            }
            return true
        } catch let error as TraceError {
            #expect(error.line >= 1 && error.column >= 1, "\(context): \(error)")
            #expect(error.kind == .malformed, "\(context): \(error)")
            #expect(!error.description.contains("\n"), "\(context): \(error)")
            return false
        }
    }

    @Test func mutatedFilesReadOrSayWhere() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/trace"
        var outcomes = (read: 0, refused: 0)
        for (number, name) in try Corpus.names().enumerated() {
            let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Corpus.path(name))))
            for round in 0..<100 as Range<UInt64> {
                let key = RandomKey(seed: 77).derived(UInt64(number)).derived(round)
                _ = try folder.file("trace", mutated(original, key))
                let policy = [nil, .skip, .keepAsOneToken][Int(round % 3)] as ZeroOutputPolicy?
                if try isRead(path, TraceOptions(zeroOutput: policy), "\(name), mutation \(round)") {
                    outcomes.read += 1
                } else {
                    outcomes.refused += 1
                }
            }
        }
        // Both happen often, or the mutations would test nothing.
        #expect(outcomes.read + outcomes.refused >= 2_500)
        #expect(outcomes.read > 200)
        #expect(outcomes.refused > 1_000)
    }

    @Test func mutatedGenericColumnsReadOrSayWhere() throws {
        let text = "out,kind,where,p,t,in,chat,pics\n4,\"a, b\",eu,-2,1.5,30,77,1\n5,code,us,3,2.25,40,,0\n"
        let columns = TraceColumns(
            arrival: "t", arrivalUnit: .microseconds, input: "in", output: "out", requestClass: "kind",
            region: "where", priority: "p", session: "chat", images: "pics")
        let folder = try TemporaryFolder()
        for round in 0..<400 as Range<UInt64> {
            let bytes = mutated(Array(text.utf8), RandomKey(seed: 78).derived(round))
            let path = try folder.file("trace", bytes)
            _ = try isRead(path, TraceOptions(columns: columns), "mutation \(round)")
        }
    }

    @Test func mutatedFoldersReadOrSayWhere() throws {
        let names = ["chunk-0-trace.csv", "chunk-0-dataset.json", "chunk-12-trace.csv", "chunk-12-dataset.json"]
        let originals = try names.map {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: Corpus.path("servegen-valid/\($0)"))))
        }
        let folder = try TemporaryFolder()
        for round in 0..<400 as Range<UInt64> {
            for (index, name) in names.enumerated() {
                let isVictim = index == Int(round % 4)
                let key = RandomKey(seed: 79).derived(round)
                _ = try folder.file(name, isVictim ? mutated(originals[index], key) : originals[index])
            }
            _ = try isRead(folder.path, TraceOptions(), "mutation \(round)")
        }
    }
}

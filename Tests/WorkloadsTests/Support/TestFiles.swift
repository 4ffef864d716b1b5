import CZlib
import Foundation
import Primitives
import Testing
import Workloads

/// A folder that disappears with the value.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    func file(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
        let full = "\(path)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: full))
        return full
    }

    func file(_ name: String, _ text: String) throws -> String { try file(name, text.utf8) }
}

/// Everything a source yields.
func requests(of source: any RequestSource, batch size: Int = 7) throws -> [Request] {
    var all: [Request] = []
    while true {
        let before = all.count
        try source.read(into: &all, limit: size)
        #expect(all.count - before <= size)
        if all.count == before { return all }
    }
}

/// Reads `text` as a trace file.
func read(_ text: String, _ options: TraceOptions = TraceOptions()) throws -> [Request] {
    let folder = try TemporaryFolder()
    return try requests(of: try openTrace(at: try folder.file("trace", text), options: options))
}

/// The error that reading `text` ends with, its file shortened to `trace`; `nil` if it is read without one.
func error(reading text: String, _ options: TraceOptions = TraceOptions()) throws -> TraceError? {
    let folder = try TemporaryFolder()
    let path = try folder.file("trace", text)
    do {
        _ = try requests(of: try openTrace(at: path, options: options))
        return nil
    } catch var error as TraceError {
        #expect(error.file == path)
        error.file = "trace"
        return error
    }
}

/// `bytes` as one gzip member.
func gzip(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var input = Array(bytes)
    var output = [UInt8](repeating: 0, count: input.count + input.count / 100 + 1_024)
    var stream = z_stream()
    let status = deflateInit2_(
        &stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
    precondition(status == Z_OK)
    let inputCount = UInt32(input.count)
    let outputCount = UInt32(output.count)
    let written = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = inputCount
            stream.next_out = target.baseAddress
            stream.avail_out = outputCount
            precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
            deflateEnd(&stream)
            return outputCount - stream.avail_out
        }
    }
    return Array(output[..<Int(written)])
}

/// The committed inputs.
enum Corpus {
    static var folder: String { Bundle.module.resourceURL?.appendingPathComponent("Corpus").path ?? "Corpus" }
    static func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Every file directly in the corpus, sorted by name.
    static func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter { name in
            name.hasSuffix(".csv") || name.hasSuffix(".jsonl") || name.hasSuffix(".gz")
        }
    }
}

/// The folder of real traces: `ISOCOST_SHARED`, or `shared` beside the package.
enum RealTraces {
    static let folder: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let shared =
            ProcessInfo.processInfo.environment["ISOCOST_SHARED"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
        let traces = shared + "/data/traces"
        return FileManager.default.fileExists(atPath: traces) ? traces : nil
    }()

    static var arePresent: Bool { folder != nil }
    static func path(_ name: String) -> String { "\(folder ?? "")/\(name)" }
}

/// Mean and standard deviation of a sample.
func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - 1)).squareRoot())
}

func near(_ value: Double, _ expected: Double, within distance: Double) -> Bool { abs(value - expected) <= distance }

/// Standard deviation of a binomial count.
func deviation(_ trials: Double, _ probability: Double) -> Double {
    (trials * probability * (1 - probability)).squareRoot()
}

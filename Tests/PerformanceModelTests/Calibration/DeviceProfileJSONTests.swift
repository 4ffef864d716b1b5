import Foundation
import PerformanceModel
import Testing

@Suite struct DeviceProfileJSONTests {
    static let profile = DeviceProfile(
        name: "test-host",
        machine: DeviceProfile.Machine(
            processor: "Test CPU", cores: 2, threads: 2, memoryBytes: 8 << 30, copyBytesPerSecond: 1e10,
            peakOperationsPerSecond: 1e11),
        date: "2026-11-24", library: "OpenBLAS 0.3", provenance: "unit test",
        measurements: [
            KernelMeasurement(shape: .gemm(m: 1, n: 64, k: 32), format: .fp32, medianNanoseconds: 500, samples: 9),
            KernelMeasurement(shape: .gemm(m: 8, n: 64, k: 32), format: .fp32, medianNanoseconds: 900, samples: 9),
            KernelMeasurement(
                shape: .decodeAttention(sequences: 2, context: 16, heads: 4, kvHeads: 2, headDim: 8), format: .fp32,
                medianNanoseconds: 80.5, samples: 3),
            KernelMeasurement(
                shape: .prefillAttention(tokens: 16, cached: 4, heads: 4, kvHeads: 2, headDim: 8), format: .fp32,
                medianNanoseconds: 200, samples: 3),
            KernelMeasurement(shape: .requestOverhead, format: .fp32, medianNanoseconds: 10, samples: 1),
        ])

    private func text() throws -> String { String(decoding: try Self.profile.encoded(), as: UTF8.self) }

    @Test func surviveTheFile() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "profile-\(ProcessInfo.processInfo.processIdentifier).json"
        ).path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Self.profile.save(path)
        #expect(try DeviceProfile.load(path) == Self.profile)
        try Self.profile.save(path)
        #expect(try String(decoding: Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self) == text())
    }

    @Test func equalProfilesAreEqualBytes() throws { #expect(try Self.profile.encoded() == Self.profile.encoded()) }

    @Test(arguments: [
        ("\"version\" : 1", "\"version\" : 2", "f.json: version: `2` is not the version this build reads (1)"),
        (",\n  \"version\" : 1", "", "f.json: version: is missing"),
        ("\"context\" : 16", "\"contexts\" : 16", "f.json: measurements[2].shape.context: is missing"),
        ("\"context\" : 16", "\"context\" : -16", "f.json: measurements[2].shape.context: `-16` is out of range"),
        (
            "\"medianNanoseconds\" : 80.5", "\"medianNanoseconds\" : 0",
            "f.json: measurements[2].medianNanoseconds: `0.0` is not a positive time"
        ),
        ("\"kernel\" : \"decodeAttention\"", "\"kernel\" : \"magic\"", "f.json: fits[1].kernel: "),
        ("\"cores\" : 2", "\"cores\" : \"two\"", "f.json: machine.cores: is not of type Int"),
        (
            "\"memoryBytes\" : 8589934592", "\"memoryBytes\" : 0",
            "f.json: machine.memoryBytes: `0` is not a positive size"
        ),
        ("{", "[", "f.json:2:10: is not valid JSON at `: \"2026-11-24\"`"),
    ])
    func errorsNameFileAndField(find: String, replacement: String, sentence: String) throws {
        let whole = try text()
        let range = try #require(whole.range(of: find))
        let broken = whole.replacingCharacters(in: range, with: replacement)
        let error = #expect(throws: FileError.self) { try DeviceProfile.decode(Data(broken.utf8), file: "f.json") }
        #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
    }

    @Test func negativeCoefficientsAreRefused() throws {
        let whole = try text()
        let range = try #require(whole.range(of: #""overhead" : [0-9.e-]+"#, options: .regularExpression))
        let broken = whole.replacingCharacters(in: range, with: "\"overhead\" : -1")
        let error = #expect(throws: FileError.self) { try DeviceProfile.decode(Data(broken.utf8), file: "f.json") }
        #expect(error?.description == "f.json: fits[0].overhead: `-1.0` is not a coefficient of at least 0")
    }

    @Test func unwritableFolders() {
        let error = #expect(throws: FileError.self) { try Self.profile.save("/nowhere/at/all.json") }
        #expect(error?.description.hasPrefix("/nowhere/at/all.json: cannot be written") == true)
    }

    @Test func machineAsDevice() {
        let device = Self.profile.device
        #expect(device.memoryBytes == 8 << 30 && device.kind == .cpu && device.bandwidth.confidence == .measured)
    }
}

import Foundation
import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Serving from a measured machine at the owner's price.
@Suite struct ProfileTests {
    /// A machine whose kernels take times that are exactly linear in their work, as if measured in fp32.
    private func profile() -> DeviceProfile {
        func pairs(_ a: [Int], _ b: [Int]) -> [(Int, Int)] { a.flatMap { first in b.map { (first, $0) } } }
        func row(_ shape: KernelShape, _ nanoseconds: Double) -> KernelMeasurement {
            KernelMeasurement(shape: shape, format: .fp32, medianNanoseconds: nanoseconds, samples: 9)
        }
        let products = pairs([1, 4, 16, 64, 256], [1_024, 2_048, 4_096]).map { m, n in
            row(.gemm(m: m, n: n, k: 1_024), 2_000 + Double(2 * m * n) * 1.024 + Double(n) * 409.6)
        }
        let prefills = pairs([16, 64, 256], [0, 256, 1_024]).map { tokens, cached in
            row(
                .prefillAttention(tokens: tokens, cached: cached, heads: 16, kvHeads: 4, headDim: 64),
                1_000 + Double(tokens * (tokens + cached)) * 4)
        }
        let decodes = pairs([1, 4, 16], [64, 512, 2_048]).map { sequences, context in
            row(
                .decodeAttention(sequences: sequences, context: context, heads: 16, kvHeads: 4, headDim: 64),
                1_000 + Double(sequences * context) * 50)
        }
        let rows = products + prefills + decodes
        return DeviceProfile(
            name: "test-bench", machine: .init(processor: "Test", cores: 2, threads: 2, memoryBytes: 16 << 30),
            date: "2026-11-01", library: "none", provenance: "made for a test", measurements: rows)
    }

    private let configuration = """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 1024, "intermediate_size": 2816,
         "num_hidden_layers": 4, "num_attention_heads": 16, "num_key_value_heads": 4, "vocab_size": 32000,
         "max_position_embeddings": 2048, "torch_dtype": "float32", "_name_or_path": "tiny"}
        """

    private func inFolder(_ profile: DeviceProfile, _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try profile.save(folder.appendingPathComponent("bench.json").path)
        try Data(configuration.utf8).write(to: folder.appendingPathComponent("config.json"))
        try body(folder.path)
    }

    private func text(_ pool: String) -> String {
        scenarioText(
            workload: "{synthetic: {arrivals: {rate: 1 /s}, lengths: {input: 60, output: 10}, requests: 40}}",
            model: "config.json", pools: "[{device: {profile: bench.json}, price: 0.2 $/h\(pool)}]")
    }

    @Test func aScenarioServesFromAProfile() throws {
        try inFolder(profile()) { (folder: String) throws in
            let resolved = try scenario(text(""), folder: folder).resolved()
            let pool = resolved.strategies[0].pools[0]
            #expect(pool.device == "test-bench" && pool.offerID == "owned/test-bench/local" && pool.market == .owned)
            #expect(
                resolved.assumptions.contains {
                    $0.subject.hasPrefix("step time of tiny in fp32 on test-bench") && $0.confidence == .measured
                })
            #expect(resolved.assumptions.contains { $0.subject == "memory of test-bench" && $0.value == "16.00 GiB" })
            let metrics = try resolved.run().strategies[0].runs[0].metrics
            #expect(metrics.requestsCompleted == 40)
            #expect(metrics.cost == Money(nanodollars: Int64((metrics.hours * 0.2e9).rounded())))
        }
    }

    @Test func aProfileServesFromOneDevice() throws {
        try inFolder(profile()) { (folder: String) throws in
            let error = scenarioError { _ = try scenario(text(", tensor-parallel: 2"), folder: folder).resolved() }
            #expect(error?.kind == .unsupported && error?.message.contains("measures no links") == true)
        }
    }

    @Test func whatAProfileDoesNotCoverIsSaid() throws {
        try inFolder(profile()) { (folder: String) throws in
            let error = scenarioError { _ = try scenario(text(", precision: int4"), folder: folder).resolved() }
            #expect(error?.kind == .conflict && error?.line == 7)
            #expect(error?.message.contains("no measurements of gemm in int4") == true, "\(error?.message ?? "")")
        }
    }
}

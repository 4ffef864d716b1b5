import Foundation
import PerformanceModel
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Models and devices that come from files.
@Suite struct ModelResolutionTests {
    private func inFolder(_ files: [String: Data], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, data) in files { try data.write(to: folder.appendingPathComponent(name)) }
        try body(folder.path)
    }

    /// A small decoder's published configuration, shortened.
    private let configuration = Data(
        """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 1024, "intermediate_size": 2816,
         "num_hidden_layers": 8, "num_attention_heads": 16, "num_key_value_heads": 4, "vocab_size": 32000,
         "max_position_embeddings": 4096, "torch_dtype": "float16", "tie_word_embeddings": false, "hidden_act": "silu",
         "_name_or_path": "tiny-decoder"}
        """.utf8)

    @Test func configurationFilesAreModels() throws {
        try inFolder(["config.json": configuration]) { (folder: String) throws in
            let resolved = try scenario(scenarioText(model: "config.json"), folder: folder).resolved()
            #expect(resolved.model == "tiny-decoder" && resolved.precision == "fp16")
            #expect(resolved.strategies[0].fleet.pools[0].engine.maxModelLength == 4_096)
            let entry = resolved.assumptions.first { $0.subject == "model" }
            #expect(entry?.confidence == .given && entry?.source == "configuration file config.json")
            let precision = resolved.assumptions.first { $0.subject == "precision" }
            #expect(precision?.source == "the model's configuration file")
        }
    }

    @Test func brokenConfigurationsSayWhatIsWrong() throws {
        try inFolder(["bad.json": Data("{\"model_type\": \"llama\"}".utf8), "no.json": Data("[".utf8)]) {
            (folder: String) throws in
            for name in ["bad.json", "no.json"] {
                let error = scenarioError { _ = try scenario(scenarioText(model: name), folder: folder).resolved() }
                #expect(error?.kind == .workload && error?.line == 4 && error?.column == 8)
                #expect(error?.message.contains(name) == true, "\(error?.message ?? "")")
            }
        }
    }

    @Test func namesOfTheCatalogueAreForgiving() throws {
        let resolved = try scenario(scenarioText(model: "meta-llama/Llama-3.1-8B-Instruct")).resolved()
        #expect(resolved.model == "llama-3.1-8b")
        #expect(resolved.assumptions.first { $0.subject == "model" }?.confidence == .published)
    }

    @Test func everyModelOfTheCatalogueHasAPrecision() throws {
        for entry in ModelCatalogue.all {
            var log = AssumptionLog()
            let place = SettingPosition(source: SettingSource(name: "s", text: ""), line: 1, column: 1)
            let model = try ResolvedModel(Located(entry.name, at: place), folder: "/", log: &log)
            #expect(model.architecture.name == entry.name && log.assumptions.count == 1)
        }
    }

    @Test func brokenProfilesSayWhatIsWrong() throws {
        try inFolder(["p.json": Data("{\"version\": 99}".utf8)]) { (folder: String) throws in
            let text = scenarioText(pools: "[{device: {profile: p.json}, price: 0.2 $/h}]")
            let error = scenarioError { _ = try scenario(text, folder: folder).resolved() }
            #expect(error?.kind == .workload && error?.line == 7)
            #expect(error?.message.hasPrefix("the device profile is unusable: ") == true)
        }
    }

    @Test func pathsResolveAgainstTheFolder() {
        #expect(FileLocation.resolved("a/b.json", in: "/base/dir") == "/base/dir/a/b.json")
        #expect(FileLocation.resolved("../b.json", in: "/base/dir") == "/base/b.json")
        #expect(FileLocation.resolved("/abs/b.json", in: "/base") == "/abs/b.json")
        #expect(FileLocation.folder(of: "/base/dir/s.yaml") == "/base/dir")
        #expect(FileLocation.kind(of: "/tmp") == .folder && FileLocation.kind(of: "/no/such") == .nothing)
    }

    @Test func settingsOfPrecisionReachTheMemoryPlan() throws {
        func blocks(_ more: String) throws -> Int {
            try scenario(scenarioText(pools: "[{device: L40S, price: 1 $/h}]", more: more)).resolved()
                .strategies[0].pools[0].kvBlocks
        }
        let plain = try blocks("precision: bf16")
        #expect(try blocks("precision: fp8") > plain, "half the weights leave more room")
        let narrow = try blocks("precision: bf16\nkv-precision: fp8")
        #expect(narrow / 2 == plain || narrow / 2 == plain - 1 || narrow == 2 * plain + 1, "\(narrow) against \(plain)")
        #expect(try blocks("engine: {gpu-memory-utilization: 0.5}") < plain)
        #expect(try blocks("engine: {kv-blocks: 1234, max-model-length: 16000}") == 1_234)
        #expect(try blocks("engine: {block-size: 32}") == plain / 2)
    }

    /// Device, tokens and sequences per step that vLLM V1's API server would take.
    @Test(arguments: [
        ("T4", 2_048, 256), ("L4", 2_048, 256), ("A10G", 2_048, 256), ("L40S", 2_048, 256), ("A100-40GB", 2_048, 256),
        ("A100-80GB", 2_048, 256), ("H100-SXM", 8_192, 1_024), ("H100-NVL", 8_192, 1_024), ("H200", 8_192, 1_024),
        ("B200", 8_192, 1_024), ("MI300X", 8_192, 1_024), ("RTX-4090", 2_048, 256), ("RTX-PRO-6000", 8_192, 1_024),
        ("Xeon-SPR", 2_048, 128), ("Graviton4", 2_048, 128),
    ])
    func defaultsByDevice(name: String, tokens: Int, sequences: Int) throws {
        let defaults = EngineDefaults(device: try Device.named(name), split: .single)
        #expect(defaults.maxBatchedTokens == tokens && defaults.maxSequences == sequences && !defaults.source.isEmpty)
    }

    @Test func processorsTakeMorePerSocket() throws {
        let defaults = EngineDefaults(device: try Device.named("Xeon-SPR"), split: Parallelism(tensor: 2))
        #expect(defaults.maxBatchedTokens == 4_096 && defaults.maxSequences == 256)
    }

    @Test func givenSequencesRaiseTheDefaultOfTokens() throws {
        let engine = try scenario(
            scenarioText(pools: "[{device: L40S, price: 1 $/h}]", more: "engine: {max-sequences: 3000}")
        ).resolved().strategies[0].fleet.pools[0].engine
        #expect(engine.maxSequences == 3_000 && engine.maxBatchedTokens == 3_000)
        let fewer = try scenario(
            scenarioText(pools: "[{device: L40S, price: 1 $/h}]", more: "engine: {max-batched-tokens: 100}")
        ).resolved().strategies[0].fleet.pools[0].engine
        #expect(fewer.maxSequences == 100 && fewer.maxBatchedTokens == 100)
    }

    @Test func withoutChunksAStepHoldsTheLongestPrompt() throws {
        let engine = try scenario(
            scenarioText(
                pools: "[{device: L40S, price: 1 $/h}]", more: "engine: {chunked-prefill: off, max-model-length: 9000}")
        ).resolved().strategies[0].fleet.pools[0].engine
        #expect(!engine.chunkedPrefill && engine.maxBatchedTokens == 9_000)
    }

    @Test func processorOffersBecomeTheirShareOfASocket() throws {
        let resolved = try scenario(
            scenarioText(
                model: "qwen2.5-7b", pools: "[{offer: aws/c7i.16xlarge/us-east-1, replicas: 2, precision: int8}]")
        ).resolved()
        let pool = resolved.strategies[0].pools[0]
        #expect(pool.device == "Xeon-SPR" && resolved.strategies[0].packings[0].instances == 2)
        #expect(resolved.strategies[0].fleet.pools[0].engine.maxSequences == 128)
    }
}

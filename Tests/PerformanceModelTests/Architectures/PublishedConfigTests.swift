import Foundation
import PerformanceModel
import Testing

/// Models that the catalogue does not hold, read from the decisive fields of their `config.json`: the reader must come
/// out at the parameter totals of the published weight files.
@Suite struct PublishedConfigTests {
    struct Published: Sendable, CustomTestStringConvertible {
        var name: String
        var parameters: Int
        /// Allowed relative deviation; 0 asks for the exact total.
        var tolerance: Double
        var text: String
        var testDescription: String { name }
    }

    static let models: [Published] = [
        Published(
            name: "Qwen1.5-MoE-A2.7B", parameters: 14_315_784_192, tolerance: 0,
            text: """
                {"model_type": "qwen2_moe", "hidden_size": 2048, "intermediate_size": 5632, "num_hidden_layers": 24,
                "num_attention_heads": 16, "num_key_value_heads": 16, "moe_intermediate_size": 1408,
                "shared_expert_intermediate_size": 5632, "num_experts": 60, "num_experts_per_tok": 4,
                "decoder_sparse_step": 1, "vocab_size": 151936, "tie_word_embeddings": false,
                "sliding_window": 32768, "use_sliding_window": false, "max_position_embeddings": 8192}
                """),
        Published(
            name: "DeepSeek-V2-Lite", parameters: 15_706_484_224, tolerance: 0,
            text: """
                {"model_type": "deepseek_v2", "hidden_size": 2048, "intermediate_size": 10944, "num_hidden_layers": 27,
                "num_attention_heads": 16, "num_key_value_heads": 16, "kv_lora_rank": 512, "q_lora_rank": null,
                "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128, "moe_intermediate_size": 1408,
                "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1,
                "moe_layer_freq": 1, "topk_method": "greedy", "scoring_func": "softmax", "vocab_size": 102400,
                "tie_word_embeddings": false, "max_position_embeddings": 163840}
                """),
        Published(
            name: "OLMo-2-1124-7B", parameters: 7_298_617_344, tolerance: 0,
            text: """
                {"model_type": "olmo2", "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 100352, "attention_bias": false,
                "tie_word_embeddings": false, "max_position_embeddings": 4096}
                """),
        Published(
            name: "starcoder2-7b", parameters: 7_173_923_840, tolerance: 0,
            text: """
                {"model_type": "starcoder2", "hidden_size": 4608, "intermediate_size": 18432, "num_hidden_layers": 32,
                "num_attention_heads": 36, "num_key_value_heads": 4, "vocab_size": 49152, "use_bias": true,
                "sliding_window": 4096, "max_position_embeddings": 16384}
                """),
        Published(
            name: "falcon-7b", parameters: 6_921_720_704, tolerance: 0,
            text: """
                {"model_type": "falcon", "hidden_size": 4544, "num_hidden_layers": 32, "num_attention_heads": 71,
                "multi_query": true, "bias": false, "parallel_attn": true, "vocab_size": 65024}
                """),
        Published(
            // The published file also holds rotary tables and attention masks; the total is of the weights.
            name: "gpt-neox-20b", parameters: 20_554_567_680, tolerance: 0,
            text: """
                {"model_type": "gpt_neox", "hidden_size": 6144, "intermediate_size": 24576, "num_hidden_layers": 44,
                "num_attention_heads": 64, "vocab_size": 50432, "tie_word_embeddings": false,
                "max_position_embeddings": 2048}
                """),
        Published(
            // Phi-2's output projection has a bias of 51,200, which is not modelled.
            name: "phi-2", parameters: 2_779_683_840, tolerance: 0.0001,
            text: """
                {"model_type": "phi", "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 32,
                "num_attention_heads": 32, "num_key_value_heads": 32, "vocab_size": 51200,
                "tie_word_embeddings": false, "max_position_embeddings": 2048}
                """),
        Published(
            name: "gemma-2-9b", parameters: 9_241_705_984, tolerance: 0,
            text: """
                {"model_type": "gemma2", "hidden_size": 3584, "intermediate_size": 14336, "num_hidden_layers": 42,
                "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 256, "vocab_size": 256000,
                "sliding_window": 4096, "max_position_embeddings": 8192}
                """),
        Published(
            name: "Llama-4-Scout, text", parameters: 107_770_000_000, tolerance: 0.001,
            text: """
                {"model_type": "llama4", "text_config": {"model_type": "llama4_text", "hidden_size": 5120,
                "intermediate_size": 8192, "intermediate_size_mlp": 16384, "num_hidden_layers": 48,
                "num_attention_heads": 40, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 202048,
                "num_local_experts": 16, "num_experts_per_tok": 1, "interleave_moe_layer_step": 1,
                "attention_chunk_size": 8192, "tie_word_embeddings": false, "max_position_embeddings": 10485760}}
                """),
    ]

    @Test(arguments: models)
    func totalsAreThePublished(model: Published) throws {
        let read = try HuggingFaceConfig.parse(Data(model.text.utf8), file: "\(model.name)/config.json").architecture
        let error = abs(Double(read.parameterCount) / Double(model.parameters) - 1)
        #expect(error <= model.tolerance, "\(read.parameterCount), off by \(read.parameterCount - model.parameters)")
    }

    private func read(_ name: String) throws -> ModelArchitecture {
        let model = try #require(Self.models.first { $0.name == name })
        return try HuggingFaceConfig.parse(Data(model.text.utf8), file: "m/config.json").architecture
    }

    /// 2 · layers · key-value heads · width · 2 bytes, or layers · (rank + rotary) · 2 bytes.
    @Test(arguments: [
        ("Qwen1.5-MoE-A2.7B", 196_608), ("DeepSeek-V2-Lite", 31_104), ("OLMo-2-1124-7B", 524_288),
        ("starcoder2-7b", 65_536), ("falcon-7b", 8_192), ("gemma-2-9b", 344_064), ("Llama-4-Scout, text", 196_608),
    ])
    func cachesAreExact(name: String, bytes: Int) throws { #expect(try read(name).kvBytesPerToken(.bf16) == bytes) }

    @Test func structureBesidesCounts() throws {
        let lite = try read("DeepSeek-V2-Lite")
        #expect(lite.expertLayers == 26 && lite.feedForward.experts?.sharedIntermediateSize == 2_816)
        let qwen = try read("Qwen1.5-MoE-A2.7B")
        #expect(qwen.feedForward.experts?.sharedGate == true && qwen.slidingWindow == nil)
        #expect(try read("gemma-2-9b").slidingWindow == SlidingWindow(tokens: 4_096, layers: 21))
        #expect(try read("starcoder2-7b").slidingWindow == SlidingWindow(tokens: 4_096, layers: 32))
        let falcon = try read("falcon-7b")
        #expect(falcon.tiedEmbeddings && !falcon.feedForward.gated && falcon.norms.perLayer == 1)
    }

    /// Experts in every second layer (Llama-4 Maverick) and dense layers listed by number (Qwen-MoE).
    @Test func layersWithoutExperts() throws {
        let base = """
            "hidden_size": 64, "intermediate_size": 128, "num_hidden_layers": 10, "num_attention_heads": 4,
            "vocab_size": 100, "num_experts_per_tok": 2
            """
        func experts(_ fields: String) throws -> Int {
            let text = "{\(base), \(fields)}"
            return try HuggingFaceConfig.parse(Data(text.utf8), file: "m/config.json").architecture.expertLayers
        }
        #expect(try experts(#""model_type": "qwen3_moe", "num_experts": 8, "mlp_only_layers": [0, 4]"#) == 8)
        #expect(try experts(#""model_type": "qwen3_moe", "num_experts": 8, "decoder_sparse_step": 2"#) == 5)
        let llama4 = #""model_type": "llama4_text", "num_local_experts": 8, "interleave_moe_layer_step": 2"#
        #expect(try experts(llama4 + #", "intermediate_size_mlp": 256"#) == 5)
        #expect(try experts(#""model_type": "deepseek_v3", "n_routed_experts": 8, "first_k_dense_replace": 3"#) == 7)
        #expect(try experts(#""model_type": "mixtral", "num_local_experts": 8"#) == 10)
    }
}

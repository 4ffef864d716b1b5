import Foundation
import PerformanceModel
import Testing

/// The decisive fields of published `config.json` files, as they stand there. Each must be read into exactly the shape
/// that the catalogue holds, so that reader and catalogue check each other.
@Suite struct ConfigCorpusTests {
    static let configs: [(name: String, text: String)] = [
        (
            "llama-2-7b",
            """
            {"model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008,
            "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 32,
            "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": false,
            "torch_dtype": "float16"}
            """
        ),
        (
            "llama-2-13b",
            """
            {"model_type": "llama", "hidden_size": 5120, "intermediate_size": 13824,
            "num_hidden_layers": 40, "num_attention_heads": 40, "num_key_value_heads": 40,
            "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": false,
            "torch_dtype": "float16"}
            """
        ),
        (
            "llama-2-70b",
            """
            {"model_type": "llama", "hidden_size": 8192, "intermediate_size": 28672,
            "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
            "vocab_size": 32000, "max_position_embeddings": 4096, "tie_word_embeddings": false,
            "torch_dtype": "float16"}
            """
        ),
        (
            "llama-3.1-70b",
            """
            {"model_type": "llama", "hidden_size": 8192, "intermediate_size": 28672,
            "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
            "vocab_size": 128256, "max_position_embeddings": 131072,
            "tie_word_embeddings": false, "attention_bias": false, "mlp_bias": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "llama-3.1-405b",
            """
            {"model_type": "llama", "hidden_size": 16384, "intermediate_size": 53248,
            "num_hidden_layers": 126, "num_attention_heads": 128, "num_key_value_heads": 8,
            "vocab_size": 128256, "max_position_embeddings": 131072,
            "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "llama-3.2-1b",
            """
            {"model_type": "llama", "hidden_size": 2048, "intermediate_size": 8192,
            "num_hidden_layers": 16, "num_attention_heads": 32, "num_key_value_heads": 8,
            "head_dim": 64, "vocab_size": 128256, "max_position_embeddings": 131072,
            "tie_word_embeddings": true, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "llama-3.2-3b",
            """
            {"model_type": "llama", "hidden_size": 3072, "intermediate_size": 8192,
            "num_hidden_layers": 28, "num_attention_heads": 24, "num_key_value_heads": 8,
            "head_dim": 128, "vocab_size": 128256, "max_position_embeddings": 131072,
            "tie_word_embeddings": true, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "llama-3.3-70b",
            """
            {"model_type": "llama", "hidden_size": 8192, "intermediate_size": 28672,
            "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
            "head_dim": 128, "vocab_size": 128256, "max_position_embeddings": 131072,
            "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "codellama-34b",
            """
            {"model_type": "llama", "hidden_size": 8192, "intermediate_size": 22016,
            "num_hidden_layers": 48, "num_attention_heads": 64, "num_key_value_heads": 8,
            "vocab_size": 32000, "max_position_embeddings": 16384, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "tinyllama-1.1b",
            """
            {"model_type": "llama", "hidden_size": 2048, "intermediate_size": 5632,
            "num_hidden_layers": 22, "num_attention_heads": 32, "num_key_value_heads": 4,
            "vocab_size": 32000, "max_position_embeddings": 2048, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "mistral-7b",
            """
            {"model_type": "mistral", "hidden_size": 4096, "intermediate_size": 14336,
            "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
            "vocab_size": 32768, "max_position_embeddings": 32768, "sliding_window": null,
            "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "mistral-nemo",
            """
            {"model_type": "mistral", "hidden_size": 5120, "intermediate_size": 14336,
            "num_hidden_layers": 40, "num_attention_heads": 32, "num_key_value_heads": 8,
            "head_dim": 128, "vocab_size": 131072, "max_position_embeddings": 131072,
            "sliding_window": null, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "mixtral-8x22b",
            """
            {"model_type": "mixtral", "hidden_size": 6144, "intermediate_size": 16384,
            "num_hidden_layers": 56, "num_attention_heads": 48, "num_key_value_heads": 8,
            "vocab_size": 32768, "max_position_embeddings": 65536, "num_local_experts": 8,
            "num_experts_per_tok": 2, "sliding_window": null, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "qwen2.5-7b",
            """
            {"model_type": "qwen2", "hidden_size": 3584, "intermediate_size": 18944,
            "num_hidden_layers": 28, "num_attention_heads": 28, "num_key_value_heads": 4,
            "vocab_size": 152064, "max_position_embeddings": 131072, "max_window_layers": 28,
            "sliding_window": 131072, "use_sliding_window": false, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "qwen2.5-32b",
            """
            {"model_type": "qwen2", "hidden_size": 5120, "intermediate_size": 27648,
            "num_hidden_layers": 64, "num_attention_heads": 40, "num_key_value_heads": 8,
            "vocab_size": 152064, "max_position_embeddings": 131072, "max_window_layers": 64,
            "sliding_window": 131072, "use_sliding_window": false, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "qwen2.5-72b",
            """
            {"model_type": "qwen2", "hidden_size": 8192, "intermediate_size": 29568,
            "num_hidden_layers": 80, "num_attention_heads": 64, "num_key_value_heads": 8,
            "vocab_size": 152064, "max_position_embeddings": 131072, "max_window_layers": 80,
            "sliding_window": 131072, "use_sliding_window": false, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "qwen3-8b",
            """
            {"model_type": "qwen3", "hidden_size": 4096, "intermediate_size": 12288,
            "num_hidden_layers": 36, "num_attention_heads": 32, "num_key_value_heads": 8,
            "head_dim": 128, "vocab_size": 151936, "max_position_embeddings": 40960,
            "attention_bias": false, "max_window_layers": 36, "sliding_window": null,
            "use_sliding_window": false, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "qwen3-14b",
            """
            {"model_type": "qwen3", "hidden_size": 5120, "intermediate_size": 17408,
            "num_hidden_layers": 40, "num_attention_heads": 40, "num_key_value_heads": 8,
            "head_dim": 128, "vocab_size": 151936, "max_position_embeddings": 40960,
            "attention_bias": false, "use_sliding_window": false, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "qwen3-32b",
            """
            {"model_type": "qwen3", "hidden_size": 5120, "intermediate_size": 25600,
            "num_hidden_layers": 64, "num_attention_heads": 64, "num_key_value_heads": 8,
            "head_dim": 128, "vocab_size": 151936, "max_position_embeddings": 40960,
            "attention_bias": false, "use_sliding_window": false, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "qwen3-235b-a22b",
            """
            {"model_type": "qwen3_moe", "hidden_size": 4096, "intermediate_size": 12288,
            "moe_intermediate_size": 1536, "num_hidden_layers": 94, "num_attention_heads": 64,
            "num_key_value_heads": 4, "head_dim": 128, "vocab_size": 151936,
            "max_position_embeddings": 40960, "num_experts": 128, "num_experts_per_tok": 8,
            "decoder_sparse_step": 1, "mlp_only_layers": [], "norm_topk_prob": true,
            "use_sliding_window": false, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
            """
        ),
        (
            "yi-34b",
            """
            {"model_type": "llama", "hidden_size": 7168, "intermediate_size": 20480,
            "num_hidden_layers": 60, "num_attention_heads": 56, "num_key_value_heads": 8,
            "vocab_size": 64000, "max_position_embeddings": 4096, "tie_word_embeddings": false,
            "torch_dtype": "bfloat16"}
            """
        ),
        (
            "gpt-oss-120b",
            """
            {"model_type": "gpt_oss", "hidden_size": 2880, "intermediate_size": 2880,
            "num_hidden_layers": 36, "num_attention_heads": 64, "num_key_value_heads": 8,
            "head_dim": 64, "vocab_size": 201088, "max_position_embeddings": 131072,
            "num_local_experts": 128, "num_experts_per_tok": 4, "experts_per_token": 4,
            "sliding_window": 128, "attention_bias": true, "tie_word_embeddings": false}
            """
        ),
        (
            "gemma-3-12b",
            """
            {"model_type": "gemma3", "torch_dtype": "bfloat16", "text_config": {
            "model_type": "gemma3_text", "hidden_size": 3840, "intermediate_size": 15360,
            "num_hidden_layers": 48, "num_attention_heads": 16, "num_key_value_heads": 8,
            "head_dim": 256, "vocab_size": 262208, "max_position_embeddings": 131072,
            "sliding_window": 1024}}
            """
        ),
    ]

    @Test(arguments: configs)
    func readsIntoTheCataloguesShape(name: String, text: String) throws {
        var read = try HuggingFaceConfig.parse(Data(text.utf8), file: "x/config.json").architecture
        read.name = name
        #expect(try read == ModelCatalogue.model(named: name))
    }

    /// Dropping any one field either changes nothing (it had its default) or is a sentence naming file and field.
    @Test(arguments: configs)
    func noFieldsAbsenceIsACrash(name: String, text: String) throws {
        let whole = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        for key in whole.keys.sorted() {
            var fields = whole
            fields[key] = nil
            let data = try JSONSerialization.data(withJSONObject: fields)
            do {
                let read = try HuggingFaceConfig.parse(data, file: "x/config.json")
                #expect(read.architecture.parameterCount > 0)
            } catch {
                #expect(error.description.hasPrefix("x/config.json: "), "\(name) without \(key)")
            }
        }
    }

    /// Wrong values of every kind in every field: an error or a usable model, never a trap.
    @Test(arguments: configs)
    func oddValuesNeverTrap(name: String, text: String) throws {
        let whole = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let odd: [Any] = [NSNull(), "x", -1, 0, 1, 1.5, 1e300, [Any](), [String: Any](), true]
        for key in whole.keys.sorted() {
            for value in odd {
                var fields = whole
                fields[key] = value
                let data = try JSONSerialization.data(withJSONObject: fields)
                guard let read = try? HuggingFaceConfig.parse(data, file: "x/config.json") else { continue }
                #expect(read.architecture.layers > 0 && read.architecture.hiddenSize > 0, "\(name) \(key) = \(value)")
            }
        }
    }
}

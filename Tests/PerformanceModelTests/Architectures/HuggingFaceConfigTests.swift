import Foundation
import PerformanceModel
import Testing

@Suite struct HuggingFaceConfigTests {
    private func parse(_ text: String) throws -> HuggingFaceConfig {
        try HuggingFaceConfig.parse(Data(text.utf8), file: "m/config.json")
    }

    /// The shape alone: the name comes from the folder.
    private func shape(_ text: String, named name: String) throws -> ModelArchitecture {
        var model = try parse(text).architecture
        #expect(model.name == "m")
        model.name = name
        return model
    }

    private func catalogued(_ name: String) throws -> ModelArchitecture { try ModelCatalogue.model(named: name) }

    private static let llama = """
        {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096, "intermediate_size": 14336,
        "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256,
        "max_position_embeddings": 131072, "tie_word_embeddings": false, "torch_dtype": "bfloat16", "mlp_bias": false,
        "attention_bias": false, "rope_scaling": {"factor": 8.0, "rope_type": "llama3"}, "hidden_act": "silu"}
        """

    @Test func llama() throws {
        #expect(try shape(Self.llama, named: "llama-3.1-8b") == catalogued("llama-3.1-8b"))
        #expect(try parse(Self.llama).precision == .bf16)
    }

    @Test func absentFieldsMeanWhatTheLibraryMeans() throws {
        let text = """
            {"model_type": "llama", "hidden_size": 4096, "intermediate_size": 11008, "num_hidden_layers": 32,
            "num_attention_heads": 32, "vocab_size": 32000, "max_position_embeddings": 4096, "torch_dtype": "float16"}
            """
        #expect(try shape(text, named: "llama-2-7b") == catalogued("llama-2-7b"))
        #expect(try parse(text).precision == .fp16)
    }

    @Test func qwen2HasBiasesThatNoFieldNames() throws {
        let text = """
            {"model_type": "qwen2", "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24,
            "num_attention_heads": 14, "num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": true,
            "max_position_embeddings": 32768, "sliding_window": 32768, "use_sliding_window": false,
            "max_window_layers": 21, "torch_dtype": "bfloat16"}
            """
        #expect(try shape(text, named: "qwen2.5-0.5b") == catalogued("qwen2.5-0.5b"))
    }

    @Test func mixtureOfExpertsUnderEachSpelling() throws {
        let mixtral = """
            {"model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
            "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000, "num_local_experts": 8,
            "num_experts_per_tok": 2, "max_position_embeddings": 32768, "sliding_window": null,
            "tie_word_embeddings": false, "torch_dtype": "bfloat16"}
            """
        #expect(try shape(mixtral, named: "mixtral-8x7b") == catalogued("mixtral-8x7b"))
        let qwen = """
            {"model_type": "qwen3_moe", "hidden_size": 2048, "intermediate_size": 6144, "moe_intermediate_size": 768,
            "num_hidden_layers": 48, "num_attention_heads": 32, "num_key_value_heads": 4, "head_dim": 128,
            "vocab_size": 151936, "num_experts": 128, "num_experts_per_tok": 8, "decoder_sparse_step": 1,
            "mlp_only_layers": [], "max_position_embeddings": 40960, "dtype": "bfloat16", "sliding_window": null}
            """
        #expect(try shape(qwen, named: "qwen3-30b-a3b") == catalogued("qwen3-30b-a3b"))
    }

    private static let deepSeek = """
        {"model_type": "deepseek_v3", "hidden_size": 7168, "intermediate_size": 18432, "moe_intermediate_size": 2048,
        "num_hidden_layers": 61, "num_attention_heads": 128, "num_key_value_heads": 128, "vocab_size": 129280,
        "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8, "first_k_dense_replace": 3,
        "moe_layer_freq": 1, "kv_lora_rank": 512, "q_lora_rank": 1536, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128,
        "v_head_dim": 128, "topk_method": "noaux_tc", "max_position_embeddings": 163840, "torch_dtype": "bfloat16",
        "tie_word_embeddings": false,
        "quantization_config": {"quant_method": "fp8", "fmt": "e4m3", "weight_block_size": [128, 128]}}
        """

    @Test func latentAttentionWithSharedExperts() throws {
        var model = try shape(Self.deepSeek, named: "deepseek-v3")
        model.nativeFormat = .fp8
        #expect(try model == catalogued("deepseek-v3"))
        #expect(try parse(Self.deepSeek).precision == .fp8)
    }

    @Test func layerTypesAndSinks() throws {
        let types = (0..<24).map { $0 % 2 == 0 ? "\"sliding_attention\"" : "\"full_attention\"" }.joined(separator: ",")
        let text = """
            {"model_type": "gpt_oss", "hidden_size": 2880, "intermediate_size": 2880, "num_hidden_layers": 24,
            "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 64, "vocab_size": 201088,
            "num_local_experts": 32, "num_experts_per_tok": 4, "sliding_window": 128, "layer_types": [\(types)],
            "attention_bias": true, "max_position_embeddings": 131072, "tie_word_embeddings": false,
            "quantization_config": {"quant_method": "mxfp4"}}
            """
        #expect(try shape(text, named: "gpt-oss-20b") == catalogued("gpt-oss-20b"))
        #expect(try parse(text).precision == .mxfp4)
    }

    @Test func nestedTextConfig() throws {
        let text = """
            {"architectures": ["Gemma3ForConditionalGeneration"], "model_type": "gemma3", "torch_dtype": "bfloat16",
            "text_config": {"model_type": "gemma3_text", "hidden_size": 5376, "intermediate_size": 21504,
            "num_hidden_layers": 62, "num_attention_heads": 32, "num_key_value_heads": 16, "head_dim": 128,
            "vocab_size": 262208, "sliding_window": 1024, "sliding_window_pattern": 6,
            "max_position_embeddings": 131072},
            "vision_config": {"hidden_size": 1152, "num_hidden_layers": 27}}
            """
        #expect(try shape(text, named: "gemma-3-27b") == catalogued("gemma-3-27b"))
    }

    @Test func plainAndOlderSpellings() throws {
        let model = try parse(
            """
            {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "vocab_size": 50257, "n_positions": 1024}
            """
        ).architecture
        // GPT-2 small: 124,439,808 with 786,432 learned positions, which are not modelled.
        #expect(model.parameterCount == 124_439_808 - 786_432)
        #expect(model.contextLength == 1_024 && !model.feedForward.gated && model.tiedEmbeddings)
    }

    @Test(arguments: [
        (#"{"quant_method": "gptq", "bits": 4, "group_size": 128}"#, "int4", 0.5 + 2.5 / 128),
        (#"{"quant_method": "awq", "w_bit": 4, "q_group_size": 64}"#, "int4-g64", 0.5 + 2.5 / 64),
        (#"{"quant_method": "gptq", "bits": 8, "group_size": -1}"#, "int8", 1.0),
        (#"{"quant_method": "bitsandbytes", "load_in_4bit": true}"#, "int4", 0.5 + 2.5 / 128),
        (
            #"{"quant_method": "compressed-tensors", "config_groups": {"group_0": "#
                + #"{"weights": {"num_bits": 8, "type": "int"}, "input_activations": {"num_bits": 8}}}}"#,
            "w8a8", 1.0
        ),
        (
            #"{"quant_method": "compressed-tensors", "config_groups": {"group_0": "#
                + #"{"weights": {"num_bits": 8, "type": "float"}, "input_activations": null}}}"#,
            "fp8", 1.0
        ),
    ])
    func quantisation(config: String, name: String, bytes: Double) throws {
        let text = Self.llama.dropLast() + ", \"quantization_config\": " + config + "}"
        let precision = try parse(String(text)).precision
        #expect(precision.name == name && precision.weightBytes == bytes)
    }

    @Test(arguments: [
        ("{", "m/config.json:1:2: is not valid JSON at `end of file`"),
        ("{\"a\": 1,\n \"b\": tru}", "m/config.json:2:7: is not valid JSON at `tru}`"),
        ("[1]", "m/config.json: is not a JSON object"),
        (#"{"hidden_size": 64}"#, "m/config.json: num_hidden_layers: is missing"),
        (#"{"num_hidden_layers": 2}"#, "m/config.json: hidden_size: is missing"),
        (#"{"hidden_size": "64"}"#, "m/config.json: hidden_size: `\"64\"` is not a positive whole number"),
        (#"{"hidden_size": -1}"#, "m/config.json: hidden_size: `-1` is not a positive whole number"),
        (#"{"hidden_size": 1.5}"#, "m/config.json: hidden_size: `1.5` is not a positive whole number"),
        (#"{"hidden_size": true}"#, "m/config.json: hidden_size: `true` is not a positive whole number"),
        (#"{"model_type": "mamba2"}"#, "m/config.json: model_type: `mamba2` is not a decoder-only transformer"),
        (#"{"text_config": {"hidden_size": 0}}"#, "m/config.json: text_config.hidden_size: `0` is not a positive"),
        (#"{"text_config": 3}"#, "m/config.json: text_config: `3` is not an object"),
    ])
    func errorsNameFileAndField(text: String, sentence: String) {
        let error = #expect(throws: FileError.self) { try parse(text) }
        #expect(error?.description.hasPrefix(sentence) == true, "\(error?.description ?? "")")
    }

    /// One field of a good file replaced at a time.
    @Test(arguments: [
        ("\"num_key_value_heads\": 8", "\"num_key_value_heads\": 7", "num_key_value_heads: `7` does not divide"),
        ("\"hidden_size\": 4096", "\"hidden_size\": 4097", "hidden_size: `4097` is not divisible"),
        ("\"torch_dtype\": \"bfloat16\"", "\"torch_dtype\": \"int3\"", "torch_dtype: `int3` is not float32"),
        (
            "\"tie_word_embeddings\": false", "\"tie_word_embeddings\": 0",
            "tie_word_embeddings: `0` is not true or false"
        ),
        ("\"intermediate_size\": 14336,", "", "intermediate_size: is missing"),
        ("\"vocab_size\": 128256,", "", "vocab_size: is missing"),
        (
            "\"hidden_act\": \"silu\"", "\"quantization_config\": {\"quant_method\": \"magic\"}",
            "quantization_config.quant_method: `magic` is not gptq"
        ),
        (
            "\"hidden_act\": \"silu\"", "\"quantization_config\": {\"quant_method\": \"gptq\", \"bits\": 3}",
            "quantization_config.bits: `3` bits are not supported"
        ),
        (
            "\"hidden_act\": \"silu\"", "\"sliding_window\": 64, \"layer_types\": [\"linear_attention\"]",
            "layer_types: `linear_attention` is not a kind"
        ),
        (
            "\"hidden_act\": \"silu\"", "\"sliding_window\": 64, \"layer_types\": [\"full_attention\"]",
            "layer_types: has 1 entries for 32 layers"
        ),
        ("\"hidden_act\": \"silu\"", "\"num_experts\": 8", "num_experts_per_tok: is missing"),
        ("\"hidden_act\": \"silu\"", "\"kv_lora_rank\": 8", "qk_rope_head_dim: is missing"),
    ])
    func oddFieldsAreNamed(find: String, replacement: String, sentence: String) {
        let text = Self.llama.replacingOccurrences(of: find, with: replacement)
        #expect(text != Self.llama)
        let error = #expect(throws: FileError.self) { try parse(text) }
        #expect(error?.description.hasPrefix("m/config.json: " + sentence) == true, "\(error?.description ?? "")")
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: FileError.self) { try HuggingFaceConfig.load("/nowhere/config.json") }
        #expect(error?.description == "/nowhere/config.json: cannot be read")
    }
}

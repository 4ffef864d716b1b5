/// Turns the fields of a `config.json` into a ``ModelArchitecture``. What a field's absence means depends on the
/// model type, as in the `transformers` library's configuration classes.
struct ConfigReader {
    let outer: JSONFields
    let text: JSONFields
    /// `model_type` of the decoder, lower case.
    let type: String
    let layers: Int
    let hidden: Int

    init(outer: JSONFields, text: JSONFields) throws {
        self.outer = outer
        self.text = text
        type = (try text.string("model_type") ?? outer.string("model_type") ?? "llama").lowercased()
        let type = self.type
        if Self.refused.contains(where: { type.hasPrefix($0) }) {
            throw text.error("model_type", "`\(type)` is not a decoder-only transformer")
        }
        hidden = try text.required("hidden_size", "n_embd", "d_model")
        layers = try text.required("num_hidden_layers", "n_layer", "num_layers", "n_layers")
    }

    /// State-space, recurrent, hybrid and encoder models, whose steps this product does not describe.
    private static let refused = [
        "mamba", "rwkv", "jamba", "falcon_h1", "falcon_mamba", "zamba", "bamba", "recurrent_gemma", "bert", "roberta",
        "t5", "bart", "whisper", "qwen3_next", "nemotron_h", "granitemoehybrid", "minimax",
    ]

    func architecture() throws -> ModelArchitecture {
        ModelArchitecture(
            name: try name(), hiddenSize: hidden, layers: layers, vocabularySize: try text.required("vocab_size"),
            attention: try attention(), feedForward: try feedForward(), tiedEmbeddings: try tied(),
            norms: norms(), slidingWindow: try window(),
            contextLength: try text.size("max_position_embeddings", "n_positions", "max_seq_len") ?? 2_048,
            nativeFormat: try format())
    }

    private func name() throws -> String {
        if let given = try outer.string("_name_or_path"), !given.isEmpty, given != "." {
            return given.split(separator: "/").last.map { $0.lowercased() } ?? given
        }
        let folders = outer.file.split(separator: "/")
        return folders.count >= 2 ? folders[folders.count - 2].lowercased() : type
    }

    private func tied() throws -> Bool {
        if let said = try text.flag("tie_word_embeddings") ?? outer.flag("tie_word_embeddings") { return said }
        return ["gemma", "gpt2", "falcon", "cohere", "starcoder2", "opt", "bloom"].contains { type.hasPrefix($0) }
    }

    private func norms() -> Normalization {
        let four = ["gemma2", "gemma3", "glm4"].contains { type.hasPrefix($0) }
        let biased = ["gpt2", "gpt_neox", "falcon", "starcoder2", "opt", "bloom", "phi", "stablelm"].contains(type)
        let one = ["falcon", "phi", "cohere"].contains(type)
        return Normalization(perLayer: four ? 4 : one ? 1 : 2, bias: biased)
    }

    private func format() throws -> NumberFormat {
        guard let said = try text.string("torch_dtype", "dtype") ?? outer.string("torch_dtype", "dtype") else {
            return .bf16
        }
        switch said.split(separator: ".").last.map(String.init) ?? said {
        case "bfloat16": return .bf16
        case "float16", "half": return .fp16
        case "float32", "float": return .fp32
        default: throw text.error("torch_dtype", "`\(said)` is not float32, float16 or bfloat16")
        }
    }

    // MARK: Attention

    private func attention() throws -> AttentionLayer {
        let heads = try text.required("num_attention_heads", "n_head", "num_heads", "n_heads")
        if let rank = try text.size("kv_lora_rank") { return .latent(try latent(heads: heads, rank: rank)) }
        let kvHeads = try keyValueHeads(heads)
        guard heads % kvHeads == 0 else {
            throw text.error("num_key_value_heads", "`\(kvHeads)` does not divide num_attention_heads `\(heads)`")
        }
        let given = try text.size("head_dim")
        guard given != nil || hidden % heads == 0 || type.hasPrefix("gemma3") else {
            throw text.error(
                "hidden_size", "`\(hidden)` is not divisible by num_attention_heads `\(heads)`, and head_dim is missing"
            )
        }
        let bias = try inputBias()
        return .grouped(
            GroupedAttention(
                heads: heads, kvHeads: kvHeads,
                headDim: given ?? (type.hasPrefix("gemma3") ? 256 : hidden / heads), inputBias: bias,
                outputBias: try outputBias(inputBias: bias), queryKeyNorm: queryKeyNorm(), sinks: type == "gpt_oss"))
    }

    private func keyValueHeads(_ heads: Int) throws -> Int {
        if let given = try text.size("num_key_value_heads", "num_kv_heads", "n_head_kv") { return given }
        return try text.flag("multi_query") == true ? 1 : heads
    }

    private func inputBias() throws -> Bool {
        if type.hasPrefix("qwen2") { return true }
        if let said = try text.flag("attention_bias") ?? text.flag("use_bias") ?? text.flag("qkv_bias") { return said }
        return ["gpt_oss", "gpt2", "phi", "opt", "bloom", "gpt_neox"].contains(type)
    }

    private func outputBias(inputBias: Bool) throws -> Bool {
        if type.hasPrefix("qwen2") || type.hasPrefix("glm") { return false }
        return inputBias
    }

    private func queryKeyNorm() -> GroupedAttention.QueryKeyNorm {
        if type.hasPrefix("olmo2") || type.hasPrefix("olmoe") { return .full }
        return ["qwen3", "gemma3"].contains { type.hasPrefix($0) } ? .perHead : .none
    }

    private func latent(heads: Int, rank: Int) throws -> LatentAttention {
        LatentAttention(
            heads: heads, keyValueRank: rank, queryRank: try text.size("q_lora_rank"),
            ropeHeadDim: try text.required("qk_rope_head_dim"), nopeHeadDim: try text.required("qk_nope_head_dim"),
            valueHeadDim: try text.required("v_head_dim"))
    }

    // MARK: Feed-forward

    private func feedForward() throws -> FeedForward {
        let plain = ["gpt2", "gpt_neox", "falcon", "starcoder2", "opt", "bloom", "phi", "nemotron"].contains(type)
        let bias =
            try text.flag("mlp_bias") ?? ["gpt2", "gpt_neox", "starcoder2", "opt", "bloom", "phi"].contains(type)
        guard let experts = try text.size("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"),
            experts > 1
        else {
            let width = try text.size("intermediate_size", "n_inner", "ffn_dim") ?? (plain ? 4 * hidden : nil)
            guard let width else { throw text.error("intermediate_size", "is missing") }
            return FeedForward(intermediateSize: width, gated: !plain, bias: bias)
        }
        let layersOfExperts = try expertLayers(experts)
        let dense = layersOfExperts.denseLayers > 0 ? try denseWidth() : 0
        return FeedForward(intermediateSize: dense, gated: !plain, bias: bias, experts: layersOfExperts)
    }

    private func denseWidth() throws -> Int {
        try type.hasPrefix("llama4") ? text.required("intermediate_size_mlp") : text.required("intermediate_size")
    }

    private func expertLayers(_ experts: Int) throws -> ExpertLayers {
        let width = try text.size("moe_intermediate_size") ?? text.required("intermediate_size")
        let perToken = try text.required("num_experts_per_tok", "experts_per_token", "moe_topk", "moe_k")
        guard perToken <= experts else {
            throw text.error("num_experts_per_tok", "`\(perToken)` is more than the \(experts) experts")
        }
        let isGPTOSS = type == "gpt_oss"
        let scored = try text.string("topk_method") == "noaux_tc" || text.string("scoring_func") == "sigmoid"
        return ExpertLayers(
            experts: experts, perToken: perToken, intermediateSize: width,
            sharedIntermediateSize: try sharedWidth(expert: width), denseLayers: try denseLayers(),
            routerBias: isGPTOSS || scored, expertBias: isGPTOSS, sharedGate: type == "qwen2_moe")
    }

    private func sharedWidth(expert: Int) throws -> Int {
        if let width = try text.size("shared_expert_intermediate_size", allowZero: true) { return width }
        if type.hasPrefix("llama4") { return expert }
        return (try text.size("n_shared_experts", "num_shared_experts", allowZero: true) ?? 0) * expert
    }

    /// Layers that keep a dense block: leading ones (DeepSeek), listed ones and all but every n-th (Qwen, Llama-4).
    private func denseLayers() throws -> Int {
        let leading = try text.size("first_k_dense_replace", allowZero: true) ?? 0
        guard leading <= layers else {
            throw text.error("first_k_dense_replace", "`\(leading)` is more than the \(layers) layers")
        }
        let every = try text.size("decoder_sparse_step", "interleave_moe_layer_step", "moe_layer_freq") ?? 1
        let listed = try text.count("mlp_only_layers") ?? 0
        // Experts sit in layers leading … with index divisible by the step, so ⌈·⌉ of the rest hold them.
        let sparse = type.hasPrefix("deepseek") ? (layers - leading + every - 1) / every : (layers - leading) / every
        return min(layers, layers - sparse + listed)
    }

    // MARK: Windows

    private func window() throws -> SlidingWindow? {
        let tokens = try text.size("sliding_window", "attention_chunk_size", allowZero: true) ?? 0
        guard tokens > 0, try text.flag("use_sliding_window") ?? true else { return nil }
        let limited = try limitedLayers()
        return limited > 0 ? SlidingWindow(tokens: tokens, layers: limited) : nil
    }

    private func limitedLayers() throws -> Int {
        if let types = try text.strings("layer_types") {
            for kind in types where !["full_attention", "sliding_attention", "chunked_attention"].contains(kind) {
                throw text.error("layer_types", "`\(kind)` is not a kind of attention known here")
            }
            guard types.count == layers else {
                throw text.error("layer_types", "has \(types.count) entries for \(layers) layers")
            }
            return types.count { $0 != "full_attention" }
        }
        if let pattern = try text.size("sliding_window_pattern") { return layers - layers / pattern }
        if type.hasPrefix("gemma3") { return layers - layers / 6 }
        if type.hasPrefix("gemma2") || type == "gpt_oss" { return (layers + 1) / 2 }
        if type.hasPrefix("qwen"), let first = try text.size("max_window_layers", allowZero: true) {
            return max(0, layers - first)
        }
        return layers
    }
}

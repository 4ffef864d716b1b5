// Shapes are the published `config.json` files; counts are the totals of the published weight files, or the report
// named. One literal per model, in the order of listings.

extension ModelCatalogue {
    /// Rotary, RMSNorm, gated decoder with grouped-query attention: what nearly every entry is.
    private static func dense(
        _ name: String, hidden: Int, layers: Int, heads: (query: Int, keyValue: Int, width: Int), intermediate: Int,
        vocabulary: Int, context: Int, tied: Bool = false, inputBias: Bool = false,
        queryKeyNorm: GroupedAttention.QueryKeyNorm = .none, format: NumberFormat = .bf16
    ) -> ModelArchitecture {
        ModelArchitecture(
            name: name, hiddenSize: hidden, layers: layers, vocabularySize: vocabulary,
            attention: .grouped(
                GroupedAttention(
                    heads: heads.query, kvHeads: heads.keyValue, headDim: heads.width, inputBias: inputBias,
                    queryKeyNorm: queryKeyNorm)),
            feedForward: FeedForward(intermediateSize: intermediate), tiedEmbeddings: tied, contextLength: context,
            nativeFormat: format)
    }

    private static func entry(
        _ architecture: ModelArchitecture, _ aliases: [String], parameters: Int, source: String, date: String
    ) -> CatalogueModel {
        CatalogueModel(
            architecture: architecture, aliases: aliases, publishedParameters: parameters, source: source, date: date)
    }

    static let llama: [CatalogueModel] = [
        entry(
            dense(
                "llama-2-7b", hidden: 4_096, layers: 32, heads: (32, 32, 128), intermediate: 11_008,
                vocabulary: 32_000, context: 4_096, format: .fp16),
            ["meta-llama/Llama-2-7b-hf", "llama2-7b"], parameters: 6_738_415_616,
            source: "huggingface.co/meta-llama/Llama-2-7b-hf", date: "2023-07-18"),
        entry(
            dense(
                "llama-2-13b", hidden: 5_120, layers: 40, heads: (40, 40, 128), intermediate: 13_824,
                vocabulary: 32_000, context: 4_096, format: .fp16),
            ["meta-llama/Llama-2-13b-hf", "llama2-13b"], parameters: 13_015_864_320,
            source: "huggingface.co/meta-llama/Llama-2-13b-hf", date: "2023-07-18"),
        entry(
            dense(
                "llama-2-70b", hidden: 8_192, layers: 80, heads: (64, 8, 128), intermediate: 28_672,
                vocabulary: 32_000, context: 4_096, format: .fp16),
            ["meta-llama/Llama-2-70b-hf", "llama2-70b"], parameters: 68_976_648_192,
            source: "huggingface.co/meta-llama/Llama-2-70b-hf", date: "2023-07-18"),
        entry(
            dense(
                "llama-3.1-8b", hidden: 4_096, layers: 32, heads: (32, 8, 128), intermediate: 14_336,
                vocabulary: 128_256, context: 131_072),
            ["meta-llama/Llama-3.1-8B", "llama-3-8b", "llama3-8b", "llama3.1-8b"], parameters: 8_030_261_248,
            source: "huggingface.co/meta-llama/Llama-3.1-8B", date: "2024-07-23"),
        entry(
            dense(
                "llama-3.1-70b", hidden: 8_192, layers: 80, heads: (64, 8, 128), intermediate: 28_672,
                vocabulary: 128_256, context: 131_072),
            ["meta-llama/Llama-3.1-70B", "llama-3-70b", "llama3-70b", "llama3.1-70b"], parameters: 70_553_706_496,
            source: "huggingface.co/meta-llama/Llama-3.1-70B", date: "2024-07-23"),
        entry(
            dense(
                "llama-3.1-405b", hidden: 16_384, layers: 126, heads: (128, 8, 128), intermediate: 53_248,
                vocabulary: 128_256, context: 131_072),
            ["meta-llama/Llama-3.1-405B", "llama3.1-405b"], parameters: 405_853_388_800,
            source: "huggingface.co/meta-llama/Llama-3.1-405B", date: "2024-07-23"),
        entry(
            dense(
                "llama-3.2-1b", hidden: 2_048, layers: 16, heads: (32, 8, 64), intermediate: 8_192,
                vocabulary: 128_256, context: 131_072, tied: true),
            ["meta-llama/Llama-3.2-1B", "llama3.2-1b"], parameters: 1_235_814_400,
            source: "huggingface.co/meta-llama/Llama-3.2-1B", date: "2024-09-25"),
        entry(
            dense(
                "llama-3.2-3b", hidden: 3_072, layers: 28, heads: (24, 8, 128), intermediate: 8_192,
                vocabulary: 128_256, context: 131_072, tied: true),
            ["meta-llama/Llama-3.2-3B", "llama3.2-3b"], parameters: 3_212_749_824,
            source: "huggingface.co/meta-llama/Llama-3.2-3B", date: "2024-09-25"),
        entry(
            dense(
                "llama-3.3-70b", hidden: 8_192, layers: 80, heads: (64, 8, 128), intermediate: 28_672,
                vocabulary: 128_256, context: 131_072),
            ["meta-llama/Llama-3.3-70B-Instruct", "llama3.3-70b"], parameters: 70_553_706_496,
            source: "huggingface.co/meta-llama/Llama-3.3-70B-Instruct", date: "2024-12-06"),
        entry(
            dense(
                "codellama-34b", hidden: 8_192, layers: 48, heads: (64, 8, 128), intermediate: 22_016,
                vocabulary: 32_000, context: 16_384),
            ["codellama/CodeLlama-34b-hf", "CodeLlama-34b-Instruct-hf"], parameters: 33_743_970_304,
            source: "huggingface.co/codellama/CodeLlama-34b-Instruct-hf", date: "2023-08-24"),
        entry(
            dense(
                "tinyllama-1.1b", hidden: 2_048, layers: 22, heads: (32, 4, 64), intermediate: 5_632,
                vocabulary: 32_000, context: 2_048),
            ["TinyLlama/TinyLlama-1.1B-Chat-v1.0", "tinyllama"], parameters: 1_100_048_384,
            source: "huggingface.co/TinyLlama/TinyLlama-1.1B-Chat-v1.0", date: "2023-12-30"),
    ]

    private static func mixture(
        _ base: ModelArchitecture, _ experts: ExpertLayers, intermediate: Int = 0
    ) -> ModelArchitecture {
        var copy = base
        copy.feedForward = FeedForward(intermediateSize: intermediate, experts: experts)
        return copy
    }

    static let mistral: [CatalogueModel] = [
        entry(
            dense(
                "mistral-7b", hidden: 4_096, layers: 32, heads: (32, 8, 128), intermediate: 14_336,
                vocabulary: 32_768, context: 32_768),
            ["mistralai/Mistral-7B-v0.3", "Mistral-7B-Instruct-v0.2"], parameters: 7_248_023_552,
            source: "huggingface.co/mistralai/Mistral-7B-v0.3", date: "2024-05-22"),
        entry(
            dense(
                "mistral-nemo", hidden: 5_120, layers: 40, heads: (32, 8, 128), intermediate: 14_336,
                vocabulary: 131_072, context: 131_072),
            ["mistralai/Mistral-Nemo-Instruct-2407", "mistral-nemo-12b"], parameters: 12_247_782_400,
            source: "huggingface.co/mistralai/Mistral-Nemo-Base-2407", date: "2024-07-18"),
        entry(
            dense(
                "mistral-large-2407", hidden: 12_288, layers: 88, heads: (96, 8, 128), intermediate: 28_672,
                vocabulary: 32_768, context: 131_072),
            ["mistralai/Mistral-Large-Instruct-2407"], parameters: 122_610_069_504,
            source: "huggingface.co/mistralai/Mistral-Large-Instruct-2407", date: "2024-07-24"),
        entry(
            mixture(
                dense(
                    "mixtral-8x7b", hidden: 4_096, layers: 32, heads: (32, 8, 128), intermediate: 0,
                    vocabulary: 32_000, context: 32_768),
                ExpertLayers(experts: 8, perToken: 2, intermediateSize: 14_336)),
            ["mistralai/Mixtral-8x7B-v0.1"], parameters: 46_702_792_704,
            source: "huggingface.co/mistralai/Mixtral-8x7B-v0.1", date: "2023-12-11"),
        entry(
            mixture(
                dense(
                    "mixtral-8x22b", hidden: 6_144, layers: 56, heads: (48, 8, 128), intermediate: 0,
                    vocabulary: 32_768, context: 65_536),
                ExpertLayers(experts: 8, perToken: 2, intermediateSize: 16_384)),
            ["mistralai/Mixtral-8x22B-v0.1", "Mixtral-8x22B-v0.3"], parameters: 140_630_071_296,
            source: "huggingface.co/mistralai/Mixtral-8x22B-Instruct-v0.1", date: "2024-04-17"),
    ]

    static let qwen: [CatalogueModel] = [
        entry(
            dense(
                "qwen2.5-0.5b", hidden: 896, layers: 24, heads: (14, 2, 64), intermediate: 4_864,
                vocabulary: 151_936, context: 32_768, tied: true, inputBias: true),
            ["Qwen/Qwen2.5-0.5B"], parameters: 494_032_768, source: "huggingface.co/Qwen/Qwen2.5-0.5B",
            date: "2024-09-19"),
        entry(
            dense(
                "qwen2.5-7b", hidden: 3_584, layers: 28, heads: (28, 4, 128), intermediate: 18_944,
                vocabulary: 152_064, context: 131_072, inputBias: true),
            ["Qwen/Qwen2.5-7B"], parameters: 7_615_616_512, source: "huggingface.co/Qwen/Qwen2.5-7B",
            date: "2024-09-19"),
        entry(
            dense(
                "qwen2.5-32b", hidden: 5_120, layers: 64, heads: (40, 8, 128), intermediate: 27_648,
                vocabulary: 152_064, context: 131_072, inputBias: true),
            ["Qwen/Qwen2.5-32B"], parameters: 32_763_876_352, source: "huggingface.co/Qwen/Qwen2.5-32B",
            date: "2024-09-19"),
        entry(
            dense(
                "qwen2.5-72b", hidden: 8_192, layers: 80, heads: (64, 8, 128), intermediate: 29_568,
                vocabulary: 152_064, context: 131_072, inputBias: true),
            ["Qwen/Qwen2.5-72B"], parameters: 72_706_203_648, source: "huggingface.co/Qwen/Qwen2.5-72B",
            date: "2024-09-19"),
        entry(
            dense(
                "qwen3-8b", hidden: 4_096, layers: 36, heads: (32, 8, 128), intermediate: 12_288,
                vocabulary: 151_936, context: 40_960, queryKeyNorm: .perHead),
            ["Qwen/Qwen3-8B"], parameters: 8_190_735_360, source: "huggingface.co/Qwen/Qwen3-8B",
            date: "2025-04-29"),
        entry(
            dense(
                "qwen3-14b", hidden: 5_120, layers: 40, heads: (40, 8, 128), intermediate: 17_408,
                vocabulary: 151_936, context: 40_960, queryKeyNorm: .perHead),
            ["Qwen/Qwen3-14B"], parameters: 14_768_307_200, source: "huggingface.co/Qwen/Qwen3-14B",
            date: "2025-04-29"),
        entry(
            dense(
                "qwen3-32b", hidden: 5_120, layers: 64, heads: (64, 8, 128), intermediate: 25_600,
                vocabulary: 151_936, context: 40_960, queryKeyNorm: .perHead),
            ["Qwen/Qwen3-32B"], parameters: 32_762_123_264, source: "huggingface.co/Qwen/Qwen3-32B",
            date: "2025-04-29"),
        entry(
            mixture(
                dense(
                    "qwen3-30b-a3b", hidden: 2_048, layers: 48, heads: (32, 4, 128), intermediate: 0,
                    vocabulary: 151_936, context: 40_960, queryKeyNorm: .perHead),
                ExpertLayers(experts: 128, perToken: 8, intermediateSize: 768)),
            ["Qwen/Qwen3-30B-A3B", "Qwen/Qwen3-30B-A3B-Instruct-2507"], parameters: 30_532_122_624,
            source: "huggingface.co/Qwen/Qwen3-30B-A3B", date: "2025-04-29"),
        entry(
            mixture(
                dense(
                    "qwen3-235b-a22b", hidden: 4_096, layers: 94, heads: (64, 4, 128), intermediate: 0,
                    vocabulary: 151_936, context: 40_960, queryKeyNorm: .perHead),
                ExpertLayers(experts: 128, perToken: 8, intermediateSize: 1_536)),
            ["Qwen/Qwen3-235B-A22B", "Qwen/Qwen3-235B-A22B-Instruct-2507"], parameters: 235_093_634_560,
            source: "huggingface.co/Qwen/Qwen3-235B-A22B", date: "2025-04-29"),
    ]

    private static func deepSeekV3(_ name: String) -> ModelArchitecture {
        ModelArchitecture(
            name: name, hiddenSize: 7_168, layers: 61, vocabularySize: 129_280,
            attention: .latent(
                LatentAttention(
                    heads: 128, keyValueRank: 512, queryRank: 1_536, ropeHeadDim: 64, nopeHeadDim: 128,
                    valueHeadDim: 128)),
            feedForward: FeedForward(
                intermediateSize: 18_432,
                experts: ExpertLayers(
                    experts: 256, perToken: 8, intermediateSize: 2_048, sharedIntermediateSize: 2_048, denseLayers: 3,
                    routerBias: true)),
            contextLength: 163_840, nativeFormat: .fp8)
    }

    private static func gptOSS(_ name: String, layers: Int, experts: Int) -> ModelArchitecture {
        ModelArchitecture(
            name: name, hiddenSize: 2_880, layers: layers, vocabularySize: 201_088,
            attention: .grouped(
                GroupedAttention(
                    heads: 64, kvHeads: 8, headDim: 64, inputBias: true, outputBias: true, sinks: true)),
            feedForward: FeedForward(
                intermediateSize: 0,
                experts: ExpertLayers(
                    experts: experts, perToken: 4, intermediateSize: 2_880, routerBias: true, expertBias: true)),
            slidingWindow: SlidingWindow(tokens: 128, layers: layers / 2), contextLength: 131_072)
    }

    private static func gemma3(
        _ name: String, hidden: Int, layers: Int, heads: (query: Int, keyValue: Int, width: Int), intermediate: Int
    ) -> ModelArchitecture {
        var model = dense(
            name, hidden: hidden, layers: layers, heads: heads, intermediate: intermediate, vocabulary: 262_208,
            context: 131_072, tied: true, queryKeyNorm: .perHead)
        model.norms = Normalization(perLayer: 4)
        model.slidingWindow = SlidingWindow(tokens: 1_024, layers: layers - layers / 6)
        return model
    }

    static let others: [CatalogueModel] = [
        entry(
            dense(
                "yi-34b", hidden: 7_168, layers: 60, heads: (56, 8, 128), intermediate: 20_480, vocabulary: 64_000,
                context: 4_096),
            ["01-ai/Yi-34B"], parameters: 34_388_917_248, source: "huggingface.co/01-ai/Yi-34B",
            date: "2023-11-05"),
        entry(
            deepSeekV3("deepseek-v3"), ["deepseek-ai/DeepSeek-V3", "DeepSeek-V3-0324"], parameters: 671_000_000_000,
            source: "arXiv 2412.19437: 671B, without the multi-token-prediction module", date: "2024-12-26"),
        entry(
            deepSeekV3("deepseek-r1"), ["deepseek-ai/DeepSeek-R1", "DeepSeek-R1-0528"], parameters: 671_000_000_000,
            source: "huggingface.co/deepseek-ai/DeepSeek-R1: 671B", date: "2025-01-20"),
        entry(
            gptOSS("gpt-oss-20b", layers: 24, experts: 32), ["openai/gpt-oss-20b"], parameters: 20_910_000_000,
            source: "gpt-oss model card, table 1: 20.91B", date: "2025-08-05"),
        entry(
            gptOSS("gpt-oss-120b", layers: 36, experts: 128), ["openai/gpt-oss-120b"], parameters: 116_830_000_000,
            source: "gpt-oss model card, table 1: 116.83B", date: "2025-08-05"),
        entry(
            gemma3("gemma-3-12b", hidden: 3_840, layers: 48, heads: (16, 8, 256), intermediate: 15_360),
            ["google/gemma-3-12b-it"], parameters: 11_771_000_000,
            source: "arXiv 2503.19786, table 1: 1,012M + 10,759M, without the vision encoder", date: "2025-03-12"),
        entry(
            gemma3("gemma-3-27b", hidden: 5_376, layers: 62, heads: (32, 16, 128), intermediate: 21_504),
            ["google/gemma-3-27b-it"], parameters: 27_016_000_000,
            source: "arXiv 2503.19786, table 1: 1,416M + 25,600M, without the vision encoder", date: "2025-03-12"),
    ]
}

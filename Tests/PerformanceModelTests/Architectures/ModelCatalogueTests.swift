import PerformanceModel
import Testing

@Suite struct ModelCatalogueTests {
    /// Publishers' counts, within 1 %. Entries marked exact are the element totals of the published weight files.
    @Test(arguments: ModelCatalogue.all)
    func parametersAreWithinOnePercentOfThePublished(entry: CatalogueModel) {
        let error = Double(entry.architecture.parameterCount) / Double(entry.publishedParameters) - 1
        #expect(abs(error) < 0.01, "\(entry.name): \(entry.architecture.parameterCount) is off by \(error)")
    }

    /// Totals of the published safetensors files, to the last parameter.
    @Test(arguments: [
        ("llama-2-7b", 6_738_415_616), ("llama-2-13b", 13_015_864_320), ("llama-2-70b", 68_976_648_192),
        ("llama-3.1-8b", 8_030_261_248), ("llama-3.1-70b", 70_553_706_496), ("llama-3.1-405b", 405_853_388_800),
        ("llama-3.2-1b", 1_235_814_400), ("llama-3.2-3b", 3_212_749_824), ("llama-3.3-70b", 70_553_706_496),
        ("codellama-34b", 33_743_970_304), ("tinyllama-1.1b", 1_100_048_384), ("mistral-7b", 7_248_023_552),
        ("mistral-nemo", 12_247_782_400), ("mistral-large-2407", 122_610_069_504),
        ("mixtral-8x7b", 46_702_792_704), ("qwen2.5-0.5b", 494_032_768),
        ("qwen2.5-7b", 7_615_616_512), ("qwen2.5-32b", 32_763_876_352), ("qwen2.5-72b", 72_706_203_648),
        ("qwen3-8b", 8_190_735_360), ("qwen3-14b", 14_768_307_200), ("qwen3-32b", 32_762_123_264),
        ("qwen3-30b-a3b", 30_532_122_624), ("qwen3-235b-a22b", 235_093_634_560), ("yi-34b", 34_388_917_248),
    ])
    func parametersAreExactWhereWeightsArePublished(name: String, count: Int) throws {
        #expect(try ModelCatalogue.model(named: name).parameterCount == count)
    }

    /// Active parameters as their publishers round them.
    @Test(arguments: [
        ("mixtral-8x7b", 12.9e9, 0.02), ("mixtral-8x22b", 39e9, 0.02), ("qwen3-30b-a3b", 3.3e9, 0.1),
        ("qwen3-235b-a22b", 22e9, 0.02), ("deepseek-v3", 37e9, 0.02), ("gpt-oss-20b", 3.61e9, 0.01),
        ("gpt-oss-120b", 5.13e9, 0.01),
    ])
    func activeParametersMatchThePublished(name: String, published: Double, tolerance: Double) throws {
        let active = Double(try ModelCatalogue.model(named: name).activeParameterCount)
        #expect(abs(active / published - 1) < tolerance, "\(name): \(active)")
    }

    /// 2 · layers · key-value heads · head width · 2 bytes, or layers · (rank + rotary) · 2 bytes, worked out by hand.
    @Test(arguments: [
        ("llama-2-7b", 524_288), ("llama-2-13b", 819_200), ("llama-2-70b", 327_680), ("llama-3.1-8b", 131_072),
        ("llama-3.1-70b", 327_680), ("llama-3.1-405b", 516_096), ("llama-3.2-1b", 32_768), ("llama-3.2-3b", 114_688),
        ("llama-3.3-70b", 327_680), ("codellama-34b", 196_608), ("tinyllama-1.1b", 22_528), ("mistral-7b", 131_072),
        ("mistral-nemo", 163_840), ("mistral-large-2407", 360_448), ("mixtral-8x7b", 131_072),
        ("mixtral-8x22b", 229_376), ("qwen2.5-0.5b", 12_288),
        ("qwen2.5-7b", 57_344), ("qwen2.5-32b", 262_144), ("qwen2.5-72b", 327_680), ("qwen3-8b", 147_456),
        ("qwen3-14b", 163_840), ("qwen3-32b", 262_144), ("qwen3-30b-a3b", 98_304), ("qwen3-235b-a22b", 192_512),
        ("yi-34b", 245_760), ("deepseek-v3", 70_272), ("deepseek-r1", 70_272), ("gpt-oss-20b", 49_152),
        ("gpt-oss-120b", 73_728), ("gemma-3-12b", 393_216), ("gemma-3-27b", 507_904),
    ])
    func cacheBytesPerTokenAreExact(name: String, bytes: Int) throws {
        let model = try ModelCatalogue.model(named: name)
        #expect(model.kvBytesPerToken(.bf16) == bytes)
        #expect(model.kvBytesPerToken(.bf16.caching(.fp8)) == bytes / 2)
    }

    @Test func everyCacheSizeIsTested() { #expect(ModelCatalogue.all.count == 32) }

    @Test(arguments: [
        ("LLAMA-3.1-8B", "llama-3.1-8b"), ("meta-llama/Llama-3.1-8B-Instruct", "llama-3.1-8b"),
        ("meta-llama/Meta-Llama-3.1-70B-Instruct", "llama-3.1-70b"),
        ("Qwen/Qwen3-30B-A3B-Instruct-2507", "qwen3-30b-a3b"),
        ("codellama/CodeLlama-34b-Instruct-hf", "codellama-34b"), ("google/gemma-3-27b-it", "gemma-3-27b"),
        ("mistralai/Mixtral-8x7B-v0.1", "mixtral-8x7b"), ("openai/gpt-oss-120b", "gpt-oss-120b"),
        ("deepseek-ai/DeepSeek-R1-0528", "deepseek-r1"), ("llama3:8b", "llama-3.1-8b"),
    ])
    func spellingsLeadToOneName(spelling: String, name: String) throws {
        #expect(try ModelCatalogue.entry(named: spelling).name == name)
    }

    @Test func anUnknownNameNamesTheNearest() {
        let error = #expect(throws: UnknownName.self) { try ModelCatalogue.model(named: "lama-3.1-7b") }
        #expect(error?.description == "unknown model `lama-3.1-7b`, did you mean `llama-3.1-8b`?")
    }

    @Test func namesAndAliasesAreUniqueAndCanonical() throws {
        for entry in ModelCatalogue.all {
            #expect(entry.name == entry.name.lowercased())
            #expect(try ModelCatalogue.entry(named: entry.name) == entry)
            for alias in entry.aliases { #expect(try ModelCatalogue.entry(named: alias) == entry) }
            #expect(entry.date.count == 10 && !entry.source.isEmpty)
        }
    }
}

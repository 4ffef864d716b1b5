import PerformanceModel
import Primitives
import Testing

@Suite struct MemoryPlanTests {
    private func plan(
        _ model: String, _ device: String, tensor: Int = 1, _ settings: MemorySettings = MemorySettings(),
        _ precision: Precision = .bf16
    ) throws -> MemoryPlan {
        try MemoryPlan(
            ModelCatalogue.model(named: model), precision, device: Device.named(device),
            split: Parallelism(tensor: tensor), settings: settings)
    }

    /// Block counts that vLLM logged: 0.19.0 on RTX 4090 (LLMServingSim 5daddb2), 0.15.1 on H100 (BLIS training runs).
    @Test(arguments: [
        ("llama-3.1-8b", "RTX-4090", 1, 256, 2_588), ("llama-2-7b", "H100-SXM", 1, 128, 7_462),
        ("llama-2-70b", "H100-SXM", 4, 128, 31_356), ("mixtral-8x7b", "H100-SXM", 2, 128, 27_510),
    ])
    func blocksAgreeWithRunningServers(model: String, device: String, tensor: Int, sequences: Int, blocks: Int) throws {
        let settings = MemorySettings(utilization: 0.9, maxBatchedTokens: 2_048, maxSequences: sequences)
        let planned = try plan(model, device, tensor: tensor, settings).kvBlocks
        #expect(abs(Double(planned) / Double(blocks) - 1) < 0.02, "\(model): \(planned) for \(blocks)")
    }

    @Test func theSumsAddUp() throws {
        let plan = try plan("llama-3.1-8b", "L40S")
        #expect(plan.weights == 16_060_522_496)
        #expect(plan.budget == Int(Double(plan.capacity) * 0.92))
        let free = plan.budget - plan.weights - plan.activations - plan.reserve
        #expect(plan.kvBlocks == free / (131_072 * 16))
        #expect(plan.kvTokens == plan.kvBlocks * 16 && !plan.kvBlocksMeasured)
    }

    /// 8,192 tokens · (2·4,096 + 3·14,336) · 2 B + 256 sequences · 128,256 · 10 B.
    @Test func activationsByHand() throws {
        let model = try ModelCatalogue.model(named: "llama-3.1-8b")
        let bytes = model.activationBytes(.bf16, settings: MemorySettings(), split: .single)
        #expect(bytes == 8_192 * (8_192 + 43_008) * 2 + 256 * 128_256 * 10)
    }

    @Test func ownersBlocksReplaceTheComputed() throws {
        let plan = try plan("llama-3.1-8b", "RTX-4090", MemorySettings(kvBlocks: 2_588))
        #expect(plan.kvBlocks == 2_588 && plan.kvBlocksMeasured && plan.kvTokens == 41_408)
    }

    @Test func aModelThatDoesNotFitNamesTheMissingBytes() throws {
        let error = #expect(throws: MemoryShortage.self) { try plan("llama-3.1-70b", "H100-SXM") }
        let shortage = try #require(error)
        let budget = Int64(Double(81_559 * 1_048_576) * 0.92)
        #expect(shortage.weights.bytes == 141_107_412_992 && shortage.budget.bytes == budget)
        let activations: Int64 = 8_192 * 102_400 * 2 + 256 * 128_256 * 10
        let needed: Int64 = 141_107_412_992 + activations + 1_073_741_824 + 327_680 * 16
        #expect(shortage.missing.bytes == needed - budget)
        #expect(shortage.description.hasPrefix("llama-3.1-70b in bf16 does not fit H100-SXM (1 device): "))
        #expect(shortage.description.contains("missing per device"))
    }

    @Test func splittingOrQuantisingMakesItFit() throws {
        _ = try plan("llama-3.1-70b", "H100-SXM", tensor: 4)
        _ = try plan("llama-3.1-70b", "H100-SXM", MemorySettings(), .int4)
        _ = try plan("deepseek-v3", "H200", tensor: 8, MemorySettings(), .fp8)
        #expect(throws: MemoryShortage.self) { try plan("deepseek-v3", "H100-SXM", tensor: 8, MemorySettings(), .fp8) }
    }

    @Test func settingsMoveTheBlocksTheRightWay() throws {
        let base = try plan("llama-3.1-8b", "A100-80GB").kvBlocks
        #expect(try plan("llama-3.1-8b", "A100-80GB", MemorySettings(utilization: 0.8)).kvBlocks < base)
        #expect(try plan("llama-3.1-8b", "A100-80GB", MemorySettings(maxBatchedTokens: 2_048)).kvBlocks > base)
        #expect(try plan("llama-3.1-8b", "A100-80GB", MemorySettings(), .bf16.caching(.fp8)).kvBlocks / 2 == base)
        #expect(try plan("llama-3.1-8b", "A100-80GB", tensor: 2).kvBlocks > 2 * base)
    }
}

import PerformanceModel
import Testing

@testable import Planning

/// A model that does not fit is refused with the smallest split that does.
@Suite struct SplitAdviceTests {
    private func refusal(_ model: String, _ pool: String, more: String = "") -> String {
        let text = scenarioText(model: model, pools: "[{\(pool)}]", more: more)
        let error = scenarioError("\(model) on \(pool)") { _ = try scenario(text).resolved() }
        #expect(error?.kind == .doesNotFit, "\(error?.description ?? "")")
        return error?.message ?? ""
    }

    private func resolves(_ model: String, _ pool: String, more: String = "") -> Bool {
        (try? scenario(scenarioText(model: model, pools: "[{\(pool)}]", more: more)).resolved()) != nil
    }

    /// The number at the end of "it fits with tensor-parallel: N".
    private func advised(_ message: String) -> Int? {
        guard let range = message.firstRange(of: "; it fits with tensor-parallel: ") else { return nil }
        return Int(message[range.upperBound...].prefix { $0.isNumber })
    }

    @Test func seventyBillionParametersTakeFourOfFortyEightGigabytes() {
        // 141 GB of weights in bf16: two devices of 48 GB hold 96, four hold 192.
        let message = refusal("llama-3.1-70b", "device: L40S, price: 1 $/h")
        #expect(message.hasSuffix("; it fits with tensor-parallel: 4"), "\(message)")
        #expect(refusal("llama-3.1-70b", "device: H100-SXM, price: 1 $/h").hasSuffix("tensor-parallel: 2"))
        #expect(
            refusal("llama-3.1-70b", "device: L40S, price: 1 $/h, tensor-parallel: 2").hasSuffix("tensor-parallel: 4"))
        #expect(refusal("llama-3.1-70b", "device: L40S, price: 1 $/h, precision: fp8").hasSuffix("tensor-parallel: 2"))
    }

    /// Followed, the advice works, and one possible step less does not.
    @Test(arguments: [
        ("llama-3.1-70b", "L40S"), ("llama-3.1-70b", "A100-40GB"), ("llama-3.1-70b", "RTX-4090"),
        ("llama-3.1-405b", "H200"), ("qwen2.5-32b", "L4"), ("mixtral-8x7b", "A10G"), ("llama-2-13b", "T4"),
        ("qwen2.5-72b", "L40S"), ("deepseek-v3", "H200"), ("gpt-oss-120b", "L40S"),
    ])
    func theAdviceIsTheSmallestThatWorks(model: String, device: String) throws {
        let pool = "device: \(device), price: 1 $/h"
        let ranks = try #require(advised(refusal(model, pool)))
        #expect(resolves(model, "\(pool), tensor-parallel: \(ranks)"), "\(model) on \(ranks) × \(device)")
        for fewer in 2..<ranks {
            #expect(!resolves(model, "\(pool), tensor-parallel: \(fewer)"), "\(model) on \(fewer) × \(device)")
        }
    }

    @Test func offersWithTooFewAcceleratorsSaySo() {
        let message = refusal("llama-3.1-70b", "offer: aws/g6e.xlarge")
        #expect(
            message.hasSuffix(
                "; it fits with tensor-parallel: 4, on an instance with as many accelerators (this one has 1)"))
        let enough = refusal("llama-3.1-70b", "offer: aws/p5.48xlarge")
        #expect(enough.hasSuffix("; it fits with tensor-parallel: 2"), "\(enough)")
    }

    @Test func lengthsBeyondTheCacheAreAdvisedToo() throws {
        // 16 GB of weights leave an L4 of 24 GB some 4 GB of cache: about 30,000 tokens of 128 KiB.
        let more = "engine: {max-model-length: 131072}"
        let message = refusal("llama-3.1-8b", "device: L4, price: 1 $/h", more: more)
        #expect(message.contains("fewer than `max-model-length` 131072; it fits with tensor-parallel: "), "\(message)")
        let ranks = try #require(advised(message))
        #expect(resolves("llama-3.1-8b", "device: L4, price: 1 $/h, tensor-parallel: \(ranks)", more: more))
    }

    @Test func whatNoSplitHelpsIsNotAdvised() {
        // The cache is given, so it stays what it is.
        let cache = refusal(
            "llama-3.1-8b", "device: L40S, price: 1 $/h", more: "engine: {kv-blocks: 10, max-model-length: 161}")
        #expect(advised(cache) == nil && cache.contains("holds 160 tokens"))
        // 405 B in bf16 are 812 GB: 128 heads on cards of 4 GiB usable have nothing left beside the runtime.
        let tiny = refusal(
            "llama-3.1-405b", "device: T4, price: 1 $/h", more: "engine: {gpu-memory-utilization: 0.05}")
        #expect(advised(tiny) == nil, "\(tiny)")
    }

    /// A share of a processor has no second one beside it.
    @Test func sharesOfProcessorsAreNotSplit() {
        let message = refusal("llama-3.1-70b", "offer: aws/c7i.16xlarge/us-east-1")
        #expect(advised(message) == nil && message.contains("are missing"), "\(message)")
    }

    /// Looking for advice leaves no trace among the assumptions of a pool that fits.
    @Test func adviceNotesNothing() throws {
        var log = AssumptionLog()
        let place = SettingPosition(source: SettingSource(name: "s", text: ""), line: 1, column: 1)
        let model = try ResolvedModel(Located("llama-3.1-70b", at: place), folder: "/", log: &log)
        let replica = ReplicaShape(
            architecture: model.architecture, precision: model.precision, device: try Device.named("L40S"),
            split: .single, acceleratorsPerInstance: nil, isBoundToOneDevice: false)
        let before = log.assumptions
        #expect(ResolvedEngine.advice(EngineSettings(), replica) == "; it fits with tensor-parallel: 4")
        #expect(log.assumptions == before)
        let alone = ReplicaShape(
            architecture: model.architecture, precision: model.precision, device: replica.device, split: .single,
            acceleratorsPerInstance: nil, isBoundToOneDevice: true)
        #expect(ResolvedEngine.advice(EngineSettings(), alone).isEmpty)
    }
}

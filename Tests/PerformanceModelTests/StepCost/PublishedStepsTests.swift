import Foundation
import Testing

@testable import PerformanceModel

/// More published tables: experts, attention inside an engine, elementwise work and whole steps of running servers.
/// Skipped where the shared validation data is absent.
@Suite(.enabled(if: PublishedTimings.folder != nil, "needs the shared validation data (ISOCOST_SHARED)"))
struct PublishedStepsTests {
    /// Fused experts under a skewed (power-law) routing, while the model assumes a uniform one.
    @Test(arguments: [
        ("h100_sxm", "H100-SXM", 0.09), ("h200_sxm", "H200", 0.10), ("a100_sxm", "A100-80GB", 0.14),
        ("l40s", "L40S", 0.12), ("rtx_pro_6000_server", "RTX-PRO-6000", 0.08), ("b200_sxm", "B200", 0.12),
    ])
    func experts(table: String, device: String, bound: Double) throws {
        let kernel = StepKernels(device: try Device.named(device), precision: .bf16).experts
        let rows = try PublishedTimings.rows("kernels-aiconfigurator-vllm/\(table).moe_us.csv")
        let errors = rows.filter { $0["moe_dtype"] == "bfloat16" && $0["moe_ep_size"] == "1" }.flatMap { row in
            expertErrors(row, kernel)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 1_000 && summary.median < bound, "\(device): \(summary)")
    }

    private func expertErrors(_ row: [String: String], _ kernel: TimedKernel) -> [Double] {
        func size(_ name: String) -> Int? { row[name].flatMap(Int.init) }
        guard let hidden = size("hidden_size"), let width = size("inter_size"), let perToken = size("topk"),
            let count = size("num_experts"), let ranks = size("moe_tp_size")
        else { return [] }
        var model = ModelArchitecture(
            name: "row", hiddenSize: hidden, layers: 1, vocabularySize: 1,
            attention: .grouped(GroupedAttention(heads: ranks, kvHeads: ranks, headDim: 1)),
            feedForward: FeedForward(intermediateSize: 0), contextLength: 1)
        model.feedForward.experts = ExpertLayers(experts: count, perToken: perToken, intermediateSize: width)
        let work = LayerWork(architecture: model, tensor: ranks)
        return row.compactMap { column, value in
            guard column.hasPrefix("t"), let tokens = Int(column.dropFirst()), let time = Double(value),
                let counts = work.expertWork(tokens: tokens, weightBytes: 2, elementBytes: 2)
            else { return nil }
            return abs(kernel.time(counts) / (time * 1_000) - 1)
        }
    }

    /// Decode-only rows: n requests of one context each, inside vLLM 0.19.0.
    @Test(arguments: [
        ("RTX4090.Llama-3.1-8B.tp1", "RTX-4090", 32, 8, 0.06),
        ("RTXPRO6000.Llama-3.1-8B.tp1", "RTX-PRO-6000", 32, 8, 0.06),
        ("RTXPRO6000.Qwen3-32B.tp1", "RTX-PRO-6000", 64, 8, 0.07),
        ("RTXPRO6000.Qwen3-32B.tp2", "RTX-PRO-6000", 32, 4, 0.08),
        ("RTXPRO6000.Qwen3-30B-A3B-Instruct-2507.tp1", "RTX-PRO-6000", 32, 4, 0.08),
    ])
    func decodeAttentionInsideAnEngine(table: String, device: String, heads: Int, kvHeads: Int, bound: Double) throws {
        let kernel = StepKernels(device: try Device.named(device), precision: .bf16).decode
        let rows = try PublishedTimings.rows("kernels-llmservingsim/\(table).attention.csv")
        let errors = rows.filter { $0["prefill_chunk"] == "0" }.flatMap { row -> [Double] in
            guard let sequences = row["n_decode"].flatMap(Int.init), sequences > 0 else { return [] }
            return row.compactMap { column, value in
                guard column.hasPrefix("kvd"), let context = Int(column.dropFirst(3)), context >= 64,
                    let time = Double(value)
                else { return nil }
                let shape = KernelShape.decodeAttention(
                    sequences: sequences, context: context, heads: heads, kvHeads: kvHeads, headDim: 128)
                return abs(kernel.time(shape) / (time * 1_000) - 1)
            }
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 50 && summary.median < bound, "\(table): \(summary)")
    }

    /// Prefill-only rows: one chunk after a cached prefix, inside vLLM 0.19.0.
    @Test(arguments: [
        ("RTX4090.Llama-3.1-8B.tp1", "RTX-4090", 32, 8, 0.08),
        ("RTXPRO6000.Llama-3.1-8B.tp1", "RTX-PRO-6000", 32, 8, 0.08),
        ("RTXPRO6000.Qwen3-32B.tp1", "RTX-PRO-6000", 64, 8, 0.1),
    ])
    func prefillAttentionInsideAnEngine(table: String, device: String, heads: Int, kvHeads: Int, bound: Double) throws {
        let kernel = StepKernels(device: try Device.named(device), precision: .bf16).prefill
        let rows = try PublishedTimings.rows("kernels-llmservingsim/\(table).attention.csv")
        let errors = rows.filter { $0["n_decode"] == "0" }.compactMap { row -> Double? in
            guard let tokens = row["prefill_chunk"].flatMap(Int.init), tokens > 0,
                let cached = row["kv_prefill"].flatMap(Int.init), let time = row["kvd0"].flatMap(Double.init)
            else { return nil }
            let shape = KernelShape.prefillAttention(
                tokens: tokens, cached: cached, heads: heads, kvHeads: kvHeads, headDim: 128)
            return abs(kernel.time(shape) / (time * 1_000) - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 50 && summary.median < bound, "\(table): \(summary)")
    }

    /// Output projection and sampling against the number of sequences.
    @Test(arguments: [
        ("RTX4090.Llama-3.1-8B.tp1", "llama-3.1-8b", "RTX-4090", 0.1),
        ("RTXPRO6000.Llama-3.1-8B.tp1", "llama-3.1-8b", "RTX-PRO-6000", 0.12),
        ("RTXPRO6000.Qwen3-32B.tp1", "qwen3-32b", "RTX-PRO-6000", 0.12),
    ])
    func outputProjection(table: String, model: String, device: String, bound: Double) throws {
        let parts = try stepCost(model, device).parts
        let rows = try PublishedTimings.rows("kernels-llmservingsim/\(table).per_sequence.csv")
        let errors = rows.compactMap { row -> Double? in
            guard let sequences = row["sequences"].flatMap(Int.init), let product = row["lm_head"].flatMap(Double.init),
                let sampler = row["sampler"].flatMap(Double.init)
            else { return nil }
            return abs(parts.output(sequences: sequences) / ((product + sampler) * 1_000) - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 30 && summary.median < bound, "\(table): \(summary)")
    }

    /// Seconds of a server that only decoded, its cache nearly full: vLLM 0.19.0, Llama-3.1-8B on RTX 4090.
    @Test func secondsOfPureDecoding() throws {
        let cost = try stepCost("llama-3.1-8b", "RTX-4090")
        let rows = try PublishedTimings.rows("llmservingsim2-vllm019/RTX4090_Llama-3.1-8B/timeseries.csv")
        let errors = rows.compactMap { row -> Double? in
            func value(_ name: String) -> Double { row[name].flatMap(Double.init) ?? 0 }
            guard value("prompt_throughput") == 0, value("running") >= 16, value("kv_cache_pct") > 50 else {
                return nil
            }
            let context = Int(value("kv_cache_pct") / 100 * 41_408)
            let step = cost.stepTime(decodeShape(Int(value("running")), context: context)) / 1e9
            return abs(value("running") / step / value("gen_throughput") - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 10 && summary.median < 0.06, "\(summary)")
    }

    /// Whole prompts of Llama-2-70B on two devices of a DGX A100 and H100 under a 2023 engine: a check of scale, not of
    /// fit. Its decode steps were bound by the host (no captured graphs), so they only bound today's from above.
    @Test(arguments: [("a100-80gb", "A100-80GB", 0.2), ("h100-80gb", "H100-SXM", 0.33)])
    func promptsOfAnOlderEngine(hardware: String, device: String, bound: Double) throws {
        let rows = try PublishedTimings.rows("splitwise-prompt-token-times/perf.csv").filter {
            $0["hardware"] == hardware && $0["model"]?.hasPrefix("llama") == true && $0["tensor_parallel"] == "2"
        }
        let ratios = try rows.compactMap { row -> (prompt: Double, token: Double)? in
            guard let tensor = row["tensor_parallel"].flatMap(Int.init),
                let size = row["prompt_size"].flatMap(Int.init), let batch = row["batch_size"].flatMap(Int.init),
                let prompt = row["prompt_ms"].flatMap(Double.init), let token = row["token_ms"].flatMap(Double.init)
            else { return nil }
            let cost = try stepCost("llama-2-70b", device, tensor: tensor)
            let prefill = cost.stepTime(prefillShape(Array(repeating: (size, 0), count: batch))) / 1e6
            let decode = cost.stepTime(decodeShape(batch, context: batch * size)) / 1e6
            return (prefill / prompt, decode / token)
        }
        let prompts = try #require(ErrorSummary(ratios.map { abs($0.prompt - 1) }))
        #expect(prompts.count > 15 && prompts.median < bound, "prompts on \(device): \(prompts)")
        #expect(ratios.allSatisfy { $0.token < 1.05 })
    }
}

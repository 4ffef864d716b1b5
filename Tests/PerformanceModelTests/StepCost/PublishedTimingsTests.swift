import Foundation
import Testing

@testable import PerformanceModel

/// Fitted efficiencies against the published kernel tables they were fitted to, and steps against running servers.
/// Skipped where the shared validation data is absent.
@Suite(.enabled(if: PublishedTimings.folder != nil, "needs the shared validation data (ISOCOST_SHARED)"))
struct PublishedTimingsTests {
    @Test(arguments: [
        ("h100_sxm", "H100-SXM", 0.07), ("h200_sxm", "H200", 0.09), ("a100_sxm", "A100-80GB", 0.08),
        ("l40s", "L40S", 0.10), ("rtx_pro_6000_server", "RTX-PRO-6000", 0.12), ("b200_sxm", "B200", 0.09),
    ])
    func matrixProducts(table: String, device: String, bound: Double) throws {
        let kernels = StepKernels(device: try Device.named(device), precision: .bf16)
        let errors = try PublishedTimings.products(table, format: "bfloat16").map { row in
            abs(kernels.matrices.time(.gemm(m: row.m, n: row.n, k: row.k)) / row.nanoseconds - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 5_000 && summary.median < bound, "\(device): \(summary)")
    }

    @Test(arguments: [
        ("h100_sxm", "H100-SXM", 0.10), ("h200_sxm", "H200", 0.13), ("l40s", "L40S", 0.11),
    ])
    func eightBitProducts(table: String, device: String, bound: Double) throws {
        let kernels = StepKernels(device: try Device.named(device), precision: .fp8)
        let errors = try PublishedTimings.products(table, format: "fp8").map { row in
            abs(kernels.matrices.time(.gemm(m: row.m, n: row.n, k: row.k)) / row.nanoseconds - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 5_000 && summary.median < bound, "\(device): \(summary)")
    }

    /// B200's table is of kernels that servers do not run: products are predicted faster than it, and said to be derived.
    @Test func eightBitProductsOfB200AreNotFitted() throws {
        let kernels = StepKernels(device: try Device.named("B200"), precision: .fp8)
        let ratios = try PublishedTimings.products("b200_sxm", format: "fp8").map { row in
            kernels.matrices.time(.gemm(m: row.m, n: row.n, k: row.k)) / row.nanoseconds
        }
        #expect(ratios.sorted()[ratios.count / 2] < 1)
        let part = try #require(kernels.provenance.first { $0.part == .feedForward })
        #expect(part.confidence == .derived && part.relativeError == nil)
    }

    /// Timings that took no part in the fit for H100: another laboratory's layers of Llama-3.1-8B, timed inside vLLM.
    @Test func productsOfAnotherSource() throws {
        let kernels = StepKernels(device: try Device.named("H100-SXM"), precision: .bf16)
        let shapes = [
            "q_proj": (4_096, 4_096), "o_proj": (4_096, 4_096), "gate_proj": (14_336, 4_096),
            "up_proj": (14_336, 4_096), "down_proj": (4_096, 14_336),
        ]
        let rows = try PublishedTimings.rows("kernels-llmservingsim/v0.H100.Llama-3.1-8B.tp1.layers.csv")
        let errors = rows.flatMap { row in
            shapes.compactMap { column, size -> Double? in
                guard let m = row["input"].flatMap(Int.init), let time = row[column].flatMap(Double.init) else {
                    return nil
                }
                return abs(kernels.matrices.time(.gemm(m: m, n: size.0, k: size.1)) / (time * 1_000) - 1)
            }
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 100 && summary.median < 0.12, "\(summary)")
    }

    /// A whole decode layer of Llama-3.1-8B on RTX 4090 in bf16, products and elementwise kernels, inside vLLM 0.19.0.
    @Test func layersOfAnRTX4090() throws {
        let cost = try stepCost("llama-3.1-8b", "RTX-4090")
        let columns = [
            "qkv_proj", "o_proj", "gate_up_proj", "down_proj", "act_fn", "rotary_emb", "layernorm", "layernorm",
        ]
        let rows = try PublishedTimings.rows("kernels-llmservingsim/RTX4090.Llama-3.1-8B.tp1.dense.csv")
        let errors = rows.compactMap { row -> Double? in
            let times = columns.compactMap { row[$0].flatMap(Double.init) }
            guard let tokens = row["tokens"].flatMap(Int.init), times.count == columns.count else { return nil }
            let parts = cost.parts.each(tokens: tokens).reduce(0) { $0 + $1.nanoseconds } / 32
            return abs(parts / (times.reduce(0, +) * 1_000) - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 100 && summary.median < 0.05, "\(summary)")
    }

    @Test(arguments: [
        ("h100_sxm", "H100-SXM", 0.06), ("a100_sxm", "A100-80GB", 0.09), ("b200_sxm", "B200", 0.08),
        ("l40s", "L40S", 0.18),
    ])
    func decodeAttention(table: String, device: String, bound: Double) throws {
        let kernels = StepKernels(device: try Device.named(device), precision: .bf16)
        let rows = try PublishedTimings.attention(table, "decode", prefix: "kv").filter { $0.length >= 128 }
        let errors = rows.map { row in
            let shape = KernelShape.decodeAttention(
                sequences: row.batch, context: row.length, heads: row.heads, kvHeads: row.kvHeads, headDim: 128)
            return abs(kernels.decode.time(shape) / row.nanoseconds - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 2_000 && summary.median < bound, "\(device): \(summary)")
    }

    @Test(arguments: [
        ("h100_sxm", "H100-SXM", 0.08), ("a100_sxm", "A100-80GB", 0.09), ("l40s", "L40S", 0.11),
        ("b200_sxm", "B200", 0.17),
    ])
    func prefillAttention(table: String, device: String, bound: Double) throws {
        let kernels = StepKernels(device: try Device.named(device), precision: .bf16)
        let rows = try PublishedTimings.attention(table, "prefill", prefix: "isl").filter { $0.length >= 16 }
        let errors = rows.map { row in
            let one = KernelShape.prefillAttention(
                tokens: row.length, cached: 0, heads: row.heads, kvHeads: row.kvHeads, headDim: 128
            ).work(weightBytes: 2, elementBytes: 2)
            let batch = Double(row.batch)
            let work = KernelWork(
                operations: batch * one.operations, streamed: batch * one.streamed, rows: batch * one.rows)
            return abs(kernels.prefill.time(work) / row.nanoseconds - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 4_000 && summary.median < bound, "\(device): \(summary)")
    }

    @Test(arguments: [("h100_sxm", "H100-SXM", 0.1), ("a100_sxm", "A100-80GB", 0.1), ("b200_sxm", "B200", 0.11)])
    func allReduce(table: String, device: String, bound: Double) throws {
        let kernels = StepKernels(device: try Device.named(device), precision: .bf16)
        let rows = try PublishedTimings.rows("kernels-aiconfigurator-vllm/\(table).vllm_allreduce_us.csv")
        let errors = rows.compactMap { row -> Double? in
            guard row["kernel_source"]?.contains("graph") == true, let ranks = row["num_gpus"].flatMap(Int.init),
                let size = row["message_size"].flatMap(Int.init), let time = row["us"].flatMap(Double.init)
            else { return nil }
            return abs(kernels.allReduce.time(.allReduce(ranks: ranks, bytes: 2 * size)) / (time * 1_000) - 1)
        }
        let summary = try #require(ErrorSummary(errors))
        #expect(summary.count > 50 && summary.median < bound, "\(device): \(summary)")
    }
}

/// Whole steps against what running servers showed. Needs no files: the observed numbers are quoted.
@Suite struct ObservedStepTests {
    /// Milliseconds per output token that servers reported at about this batch and context, and the band asked for.
    @Test(arguments: [
        // vLLM for 8B bf16, one stream: about 18 to 21 ms on RTX 4090; on H100 vLLM 0.15.1 needs 7.3 ms for 9 streams.
        ("llama-3.1-8b", "H100-SXM", 1, 9, 690, 6.8...7.7), ("llama-3.1-8b", "H100-SXM", 1, 1, 500, 6.4...7.3),
        ("llama-3.1-8b", "RTX-4090", 1, 1, 500, 17.0...21.0),
        // llama.cpp F16, one stream (GPU-Benchmarks-on-LLM-Inference, 2024-05): 54.34 tokens/s on RTX 4090.
        ("llama-3.1-8b", "RTX-4090", 1, 1, 1_024, 16.5...20.5),
        // L4, 8B fp16, one stream: 16.7 tokens/s (codcompass.com).
        ("llama-3.1-8b", "L4", 1, 1, 500, 53.0...68.0),
        // vLLM 0.15.1 on H100, mean time per output token: 8.35 ms at 7.5 requests/s of 2.08 s, i.e. 16 running.
        ("llama-2-7b", "H100-SXM", 1, 16, 690, 7.5...9.6),
        // The same on 4 × H100: 18.5 ms at 35 running, 21.1 ms at 74 running.
        ("llama-2-70b", "H100-SXM", 4, 35, 690, 16.6...20.4), ("llama-2-70b", "H100-SXM", 4, 74, 670, 19.0...23.2),
        // Mixtral on 2 × H100: 18.8 ms at 35 running.
        ("mixtral-8x7b", "H100-SXM", 2, 35, 690, 16.9...20.6),
        // vLLM 0.11.0, CodeLlama-34B on one H100: 27.3 ms.
        ("codellama-34b", "H100-SXM", 1, 8, 1_000, 24.5...30.0),
    ])
    func timePerOutputToken(_ row: (String, String, Int, Int, Int, ClosedRange<Double>)) throws {
        let (model, device, tensor, batch, context, milliseconds) = row
        let cost = try stepCost(model, device, tensor: tensor)
        let time = cost.stepTime(decodeShape(batch, context: batch * context)) / 1e6
        #expect(milliseconds.contains(time), "\(model) on \(device): \(time) ms")
    }

    /// EPYC 9554, phi-4 14.7B in 8 bits, one stream: 19.2 tokens/s (ahelpme.com); here Qwen3-14B on Genoa.
    @Test func processorDecode() throws {
        let cost = try stepCost("qwen3-14b", "EPYC-Genoa", .int8)
        let time = cost.stepTime(decodeShape(1, context: 300)) / 1e6
        #expect((44.0...64.0).contains(time), "\(time) ms")
    }
}

/// Readers of the published tables.
enum PublishedTimings {
    /// The validation folder: `ISOCOST_SHARED`, or `shared` beside the package.
    static let folder: String? = {
        let here = URL(fileURLWithPath: #filePath)
        let root = (0..<4).reduce(here) { url, _ in url.deletingLastPathComponent() }
        let shared =
            ProcessInfo.processInfo.environment["ISOCOST_SHARED"]
            ?? root.deletingLastPathComponent().appendingPathComponent("shared").path
        let path = shared + "/data/validation"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    /// Rows of a CSV file as field by column; the files hold no quoted fields.
    static func rows(_ name: String) throws -> [[String: String]] {
        let text = try String(contentsOfFile: (folder ?? "") + "/" + name, encoding: .utf8)
        let lines = text.split(whereSeparator: \.isNewline).map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = lines[0]
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    struct Product {
        var m, n, k: Int
        var nanoseconds: Double
    }

    static func products(_ table: String, format: String) throws -> [Product] {
        try rows("kernels-aiconfigurator-vllm/\(table).gemm_us.csv").filter { $0["gemm_dtype"] == format }.flatMap {
            row in
            row.compactMap { column, value -> Product? in
                guard column.hasPrefix("m"), let m = Int(column.dropFirst()), let time = Double(value),
                    let n = row["n"].flatMap(Int.init), let k = row["k"].flatMap(Int.init), n * k >= 2_000_000
                else { return nil }
                return Product(m: m, n: n, k: k, nanoseconds: time * 1_000)
            }
        }
    }

    struct Attention {
        var heads, kvHeads, batch, length: Int
        var nanoseconds: Double
    }

    static func attention(_ table: String, _ phase: String, prefix: String) throws -> [Attention] {
        let rows = try rows("kernels-aiconfigurator-vllm/\(table).\(phase)_attention_us.csv")
        return rows.filter { $0["attn_dtype"] == "bfloat16" && $0["kv_cache_dtype"] == "bfloat16" }.flatMap { row in
            row.compactMap { column, value -> Attention? in
                guard column.hasPrefix(prefix), let length = Int(column.dropFirst(prefix.count)),
                    let time = Double(value), let heads = row["num_heads"].flatMap(Int.init),
                    let kvHeads = row["num_key_value_heads"].flatMap(Int.init),
                    let batch = row["batch_size"].flatMap(Int.init)
                else { return nil }
                return Attention(
                    heads: heads, kvHeads: kvHeads, batch: batch, length: length, nanoseconds: time * 1_000)
            }
        }
    }
}

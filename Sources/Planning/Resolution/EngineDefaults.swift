import PerformanceModel

/// vLLM V1's defaults where a scenario is silent.
struct EngineDefaults {
    let maxBatchedTokens: Int
    let maxSequences: Int
    /// Which rule gave them.
    let source: String

    /// Tokens and sequences per step of an API server, by device: accelerators of at least 70 GiB that are no A100
    /// take 8,192 and 1,024, all others 2,048 and 256; processors 2,048 and 128 per socket or share
    /// (vLLM `vllm/engine/arg_utils.py`, usage context of the API server; the processors' row is second-hand).
    init(device: Device, split: Parallelism) {
        if device.kind == .cpu {
            maxBatchedTokens = 2_048 * split.devices
            maxSequences = 128 * split.devices
            source = "vLLM V1 API server on processors (second-hand)"
        } else if device.memoryBytes >= 70 << 30, !device.name.hasPrefix("A100") {
            maxBatchedTokens = 8_192
            maxSequences = 1_024
            source = "vLLM V1 API server, accelerators of 70 GiB and more except A100"
        } else {
            maxBatchedTokens = 2_048
            maxSequences = 256
            source = "vLLM V1 API server, accelerators under 70 GiB and A100"
        }
    }

    static let blockSize = 16
    /// vLLM `vllm/config/cache.py`; 0.90 before.
    static let gpuMemoryUtilization = 0.92
}

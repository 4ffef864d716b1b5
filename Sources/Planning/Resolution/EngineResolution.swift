import PerformanceModel
import Primitives
import SimulationCore

/// A pool's engine: given settings, defaults by device, and the memory that is left for the cache.
struct ResolvedEngine {
    let configuration: EngineConfiguration
    let memory: MemoryPlan

    /// - Parameter position: of the pool, for a model that does not fit.
    init(
        _ settings: EngineSettings, _ replica: ReplicaShape, at position: SettingPosition, log: inout AssumptionLog
    ) throws {
        let steps = try StepLimits(settings, replica, log: &log)
        do {
            memory = try Self.memoryPlan(settings, steps, replica, log: &log)
        } catch {
            throw ScenarioError(.doesNotFit, "\(error)\(Self.advice(settings, replica))", at: position)
        }
        let length = try Self.modelLength(settings, memory, replica, log: &log)
        let source = "vLLM V1's default"
        configuration = EngineConfiguration(
            maxBatchedTokens: steps.chunked
                ? steps.tokens : max(steps.tokens, settings.maxBatchedTokens?.value ?? length),
            maxSequences: steps.sequences, maxModelLength: length, blockSize: memory.blockTokens,
            kvBlocks: memory.kvBlocks,
            chunkedPrefill: steps.chunked,
            longPrefillThreshold: log.value(
                settings.longPrefillThreshold, default: 0, "long-prefill-threshold", source: source),
            prefixCaching: log.value(settings.prefixCaching, default: true, "prefix-caching", source: source),
            queueOrder: settings.queueOrder ?? .fcfs, batching: settings.batching ?? .continuous,
            asynchronousScheduling: settings.asynchronousScheduling ?? false)
        if settings.queueOrder == nil { log.add(default: "queue-order", "fcfs", source: source) }
        if settings.batching == nil { log.add(default: "batching", "continuous", source: source) }
        if !steps.chunked, configuration.maxBatchedTokens < length, let given = settings.maxBatchedTokens {
            throw given.error(
                .conflict,
                "without chunked prefill, `max-batched-tokens` must be at least `max-model-length`, which is \(length)")
        }
    }

    /// What the settings and vLLM's defaults make of the device's memory.
    static func memoryPlan(
        _ settings: EngineSettings, _ steps: StepLimits, _ replica: ReplicaShape, log: inout AssumptionLog
    ) throws(MemoryShortage) -> MemoryPlan {
        let blockSize = log.value(
            settings.blockSize, default: EngineDefaults.blockSize, "block-size", source: "vLLM V1's default")
        let utilization = log.value(
            settings.gpuMemoryUtilization, default: EngineDefaults.gpuMemoryUtilization, "gpu-memory-utilization",
            source: "vLLM V1's default since 2025 (0.90 before)")
        return try MemoryPlan(
            replica.architecture, replica.precision, device: replica.device, split: replica.split,
            settings: MemorySettings(
                utilization: utilization, maxBatchedTokens: steps.tokens, maxSequences: steps.sequences,
                blockTokens: blockSize, kvBlocks: settings.kvBlocks?.value))
    }

    /// The longest request: given, or what the model was made for as far as the cache holds it.
    private static func modelLength(
        _ settings: EngineSettings, _ memory: MemoryPlan, _ replica: ReplicaShape, log: inout AssumptionLog
    ) throws -> Int {
        let context = replica.architecture.contextLength
        guard let given = settings.maxModelLength else {
            let length = min(context, memory.kvTokens)
            log.add(
                default: "max-model-length on \(replica.label)", "\(length) tokens",
                source: length == context ? "the model's context length" : "what the KV cache holds")
            return length
        }
        guard given.value <= context else {
            throw given.error(
                .outOfRange, "\(replica.architecture.name) was made for \(context) tokens, not \(given.value)")
        }
        guard given.value <= memory.kvTokens else {
            throw given.error(
                .doesNotFit,
                "the KV cache of \(replica.label) holds \(memory.kvTokens) tokens, "
                    + "fewer than `max-model-length` \(given.value)\(advice(settings, replica))"
            )
        }
        return given.value
    }
}

/// What one replica is: model, precision, device and split.
struct ReplicaShape {
    let architecture: ModelArchitecture
    let precision: Precision
    let device: Device
    var split: Parallelism
    /// In one rented instance; `nil` where the machine is the user's own, of any size.
    let acceleratorsPerInstance: Int?
    /// Whether it cannot be split at all: measured alone, or a share of a processor.
    let isBoundToOneDevice: Bool

    /// E.g. `L40S`, `4 × H100-SXM`.
    var label: String { split.devices > 1 ? "\(split.devices) × \(device.name)" : device.name }
}

/// Tokens and sequences of one engine step.
struct StepLimits {
    let tokens: Int
    let sequences: Int
    let chunked: Bool

    init(_ settings: EngineSettings, _ replica: ReplicaShape, log: inout AssumptionLog) throws {
        let defaults = EngineDefaults(device: replica.device, split: replica.split)
        chunked = log.value(settings.chunkedPrefill, default: true, "chunked-prefill", source: "vLLM V1's default")
        sequences = log.value(
            settings.maxSequences?.value, default: min(defaults.maxSequences, settings.maxBatchedTokens?.value ?? .max),
            "max-sequences on \(replica.label)", source: defaults.source)
        tokens = log.value(
            settings.maxBatchedTokens?.value, default: max(defaults.maxBatchedTokens, sequences),
            "max-batched-tokens on \(replica.label)", source: defaults.source)
        if tokens < sequences, let place = settings.maxBatchedTokens {
            throw place.error(
                .conflict, "`max-batched-tokens` (\(tokens)) must be at least `max-sequences` (\(sequences))")
        }
    }
}

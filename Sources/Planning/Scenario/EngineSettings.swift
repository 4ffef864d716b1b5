package import SimulationCore

/// The engine's settings as far as they are given; `nil` = from the next wider scope, and at last the default.
package struct EngineSettings: Sendable {
    package var maxBatchedTokens: Located<Int>?
    package var maxSequences: Located<Int>?
    package var maxModelLength: Located<Int>?
    package var blockSize: Int?
    package var kvBlocks: Located<Int>?
    package var chunkedPrefill: Bool?
    package var longPrefillThreshold: Int?
    package var prefixCaching: Bool?
    package var queueOrder: EngineConfiguration.QueueOrder?
    package var batching: EngineConfiguration.Batching?
    package var asynchronousScheduling: Bool?
    package var gpuMemoryUtilization: Double?

    package init() {}

    static let keys = [
        "max-batched-tokens", "max-sequences", "max-model-length", "block-size", "kv-blocks", "chunked-prefill",
        "long-prefill-threshold", "prefix-caching", "queue-order", "batching", "asynchronous-scheduling",
        "gpu-memory-utilization",
    ]

    /// Decodes an `engine` mapping; all `nil` for an absent one.
    package init(_ node: SettingNode?) throws {
        guard let node else { return }
        let map = try SettingMap(node, keys: Self.keys)
        func count(_ key: String, from least: Int = 1, to most: Int = 100_000_000) throws -> Located<Int>? {
            try map[key].map { $0.located(try $0.integer(in: least...most)) }
        }
        maxBatchedTokens = try count("max-batched-tokens")
        maxSequences = try count("max-sequences", to: 1_000_000)
        maxModelLength = try count("max-model-length", from: 2)
        blockSize = try count("block-size", to: 1 << 16)?.value
        kvBlocks = try count("kv-blocks", to: 10_000_000)
        chunkedPrefill = try map["chunked-prefill"]?.boolean()
        longPrefillThreshold = try count("long-prefill-threshold", from: 0)?.value
        prefixCaching = try map["prefix-caching"]?.boolean()
        queueOrder = try map["queue-order"]?.choice(of: EngineConfiguration.QueueOrder.self)
        batching = try map["batching"]?.choice(of: EngineConfiguration.Batching.self)
        asynchronousScheduling = try map["asynchronous-scheduling"]?.boolean()
        gpuMemoryUtilization = try map["gpu-memory-utilization"].map(Self.utilization)
        try map.finish()
    }

    private static func utilization(_ node: SettingNode) throws -> Double {
        let share = try node.share()
        guard share > 0 else { throw node.error(.outOfRange, "\(node.label) must be greater than 0") }
        return share
    }

    /// These settings, and `wider` where they are silent.
    package func over(_ wider: EngineSettings) -> EngineSettings {
        var merged = self
        merged.maxBatchedTokens = maxBatchedTokens ?? wider.maxBatchedTokens
        merged.maxSequences = maxSequences ?? wider.maxSequences
        merged.maxModelLength = maxModelLength ?? wider.maxModelLength
        merged.blockSize = blockSize ?? wider.blockSize
        merged.kvBlocks = kvBlocks ?? wider.kvBlocks
        merged.chunkedPrefill = chunkedPrefill ?? wider.chunkedPrefill
        merged.longPrefillThreshold = longPrefillThreshold ?? wider.longPrefillThreshold
        merged.prefixCaching = prefixCaching ?? wider.prefixCaching
        merged.queueOrder = queueOrder ?? wider.queueOrder
        merged.batching = batching ?? wider.batching
        merged.asynchronousScheduling = asynchronousScheduling ?? wider.asynchronousScheduling
        merged.gpuMemoryUtilization = gpuMemoryUtilization ?? wider.gpuMemoryUtilization
        return merged
    }
}

/// How one model server schedules: vLLM V1's settings, under vLLM's names where it has one.
public struct EngineConfiguration: Sendable, Equatable, Codable {
    /// Order in which waiting requests are admitted and running ones preempted.
    public enum QueueOrder: String, Sendable, Codable, CaseIterable {
        case fcfs, priority
    }
    /// When a request may join the running batch.
    public enum Batching: String, Sendable, Codable, CaseIterable {
        /// At every step (vLLM V1).
        case continuous
        /// Only when the previous batch has finished entirely.
        case `static`
    }

    /// Tokens one step may compute (`max_num_batched_tokens`), ≥ `maxSequences`.
    public var maxBatchedTokens: Int
    /// Sequences that may run at once (`max_num_seqs`).
    public var maxSequences: Int
    /// Largest prompt + output of one request (`max_model_len`).
    public var maxModelLength: Int
    /// Tokens per KV block.
    public var blockSize: Int
    /// KV blocks of the replica.
    public var kvBlocks: Int
    /// Whether a prompt may be split over steps.
    public var chunkedPrefill: Bool
    /// Longest chunk of one prompt per step (`long_prefill_token_threshold`); 0 = no such limit.
    public var longPrefillThreshold: Int
    public var prefixCaching: Bool
    public var queueOrder: QueueOrder
    public var batching: Batching
    /// Whether a step is chosen while the one before it runs (`async_scheduling`, vLLM's default from 0.15 on): what
    /// comes in during a step, and the places and blocks of what ends with it, are considered one step later. An engine
    /// with nothing to compute does not wait.
    public var asynchronousScheduling: Bool

    public init(
        maxBatchedTokens: Int = 8_192, maxSequences: Int = 256, maxModelLength: Int = 131_072, blockSize: Int = 16,
        kvBlocks: Int, chunkedPrefill: Bool = true, longPrefillThreshold: Int = 0, prefixCaching: Bool = true,
        queueOrder: QueueOrder = .fcfs, batching: Batching = .continuous, asynchronousScheduling: Bool = false
    ) {
        self.maxBatchedTokens = maxBatchedTokens
        self.maxSequences = maxSequences
        self.maxModelLength = maxModelLength
        self.blockSize = blockSize
        self.kvBlocks = kvBlocks
        self.chunkedPrefill = chunkedPrefill
        self.longPrefillThreshold = longPrefillThreshold
        self.prefixCaching = prefixCaching
        self.queueOrder = queueOrder
        self.batching = batching
        self.asynchronousScheduling = asynchronousScheduling
    }
}

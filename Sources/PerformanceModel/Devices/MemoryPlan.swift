public import Primitives

/// What the owner of a server decides about its memory.
public struct MemorySettings: Hashable, Sendable {
    /// Share of the device's memory that the server may use: vLLM's `gpu_memory_utilization`, 0.92 in its recent
    /// sources (`vllm/config/cache.py`; 0.90 before).
    public var utilization: Double
    /// Most tokens in one step; decides the peak of activations.
    public var maxBatchedTokens: Int
    /// Most sequences in one step; decides the peak of the output projection and sampling.
    public var maxSequences: Int
    /// Bytes per device held by the runtime: context, communicators, captured graphs. Default 1 GiB on accelerators,
    /// an assumption; give ``kvBlocks`` where the server's log says better.
    public var reserve: Int
    /// Tokens of one cache block.
    public var blockTokens: Int
    /// Cache blocks as the running server reported them; replaces the computed number.
    public var kvBlocks: Int?

    public init(
        utilization: Double = 0.92, maxBatchedTokens: Int = 8_192, maxSequences: Int = 256,
        reserve: Int = 1 << 30, blockTokens: Int = 16, kvBlocks: Int? = nil
    ) {
        self.utilization = utilization
        self.maxBatchedTokens = maxBatchedTokens
        self.maxSequences = maxSequences
        self.reserve = reserve
        self.blockTokens = blockTokens
        self.kvBlocks = kvBlocks
    }
}

/// How one device's memory is spent, and the cache blocks that remain.
public struct MemoryPlan: Hashable, Sendable {
    /// Bytes of the device.
    public let capacity: Int
    /// Bytes the server may use: capacity × utilization.
    public let budget: Int
    /// Bytes of weights on the fullest device.
    public let weights: Int
    /// Peak bytes of activations, see ``ModelArchitecture/activationBytes(_:settings:split:)``.
    public let activations: Int
    /// Bytes of the runtime.
    public let reserve: Int
    /// Bytes of one cached token on the fullest device.
    public let kvBytesPerToken: Int
    /// Tokens per block.
    public let blockTokens: Int
    /// Cache blocks of the replica.
    public let kvBlocks: Int
    /// Whether ``kvBlocks`` was given by the owner rather than computed.
    public let kvBlocksMeasured: Bool

    /// Tokens that the cache holds.
    public var kvTokens: Int { kvBlocks * blockTokens }

    /// Plans the memory of the fullest device of a replica.
    /// - Throws: ``MemoryShortage`` when weights, activations and reserve leave no room for a single block.
    public init(
        _ architecture: ModelArchitecture, _ precision: Precision, device: Device, split: Parallelism = .single,
        settings: MemorySettings = MemorySettings()
    ) throws(MemoryShortage) {
        capacity = device.memoryBytes
        budget = Int(Double(capacity) * settings.utilization)
        weights = architecture.weightBytes(precision, split: split)
        activations = architecture.activationBytes(precision, settings: settings, split: split)
        reserve = settings.reserve
        kvBytesPerToken = architecture.kvBytesPerToken(precision, split: split)
        blockTokens = settings.blockTokens
        let blockBytes = kvBytesPerToken * settings.blockTokens
        let free = budget - weights - activations - reserve
        kvBlocksMeasured = settings.kvBlocks != nil
        kvBlocks = settings.kvBlocks ?? max(0, free) / max(1, blockBytes)
        guard kvBlocks > 0 else {
            throw MemoryShortage(
                model: architecture.name, precision: precision.name, device: device.name, split: split,
                missing: ByteCount(bytes: Int64(blockBytes - free)), weights: ByteCount(bytes: Int64(weights)),
                budget: ByteCount(bytes: Int64(budget)))
        }
    }
}

/// A model that does not fit.
public struct MemoryShortage: Error, Hashable, Sendable, CustomStringConvertible {
    /// Name of the model.
    public let model: String
    /// Name of the precision.
    public let precision: String
    /// Name of the device.
    public let device: String
    /// How the model was split.
    public let split: Parallelism
    /// Bytes per device that are missing for weights, activations, reserve and one cache block.
    public let missing: ByteCount
    /// Bytes of weights per device.
    public let weights: ByteCount
    /// Bytes per device that the server may use.
    public let budget: ByteCount

    /// One sentence with the missing bytes per device.
    public var description: String {
        "\(model) in \(precision) does not fit \(device) (\(split)): \(missing) are missing per device "
            + "(weights \(weights) of \(budget) usable)"
    }
}

extension ModelArchitecture {
    /// Peak bytes of one step's intermediate tensors on one device: per token the residual twice, the widest block's
    /// inputs and output (gate, up and their product; or queries, keys, values and the attention output); per sequence
    /// the logits in the activation format and twice in fp32 (log-probabilities and sampling).
    public func activationBytes(_ precision: Precision, settings: MemorySettings, split: Parallelism) -> Int {
        let element = precision.activations.bytes
        let perToken = Double(2 * hiddenSize) + Double(widestIntermediate) / Double(split.tensor)
        let logits = Double(settings.maxSequences) * Double(vocabularySize) * (element + 8) / Double(split.tensor)
        return Int((Double(settings.maxBatchedTokens) * perToken * element + logits).rounded(.up))
    }

    private var widestIntermediate: Int {
        let dense =
            (feedForward.experts?.denseLayers ?? layers) > 0 ? feedForward.matrices * feedForward.intermediateSize : 0
        let routed = feedForward.experts.map {
            feedForward.matrices * ($0.perToken * $0.intermediateSize + $0.sharedIntermediateSize) + $0.perToken
                * hiddenSize
        }
        let attentionWidth =
            switch attention {
            case .grouped(let shape): 2 * shape.queryWidth + 2 * shape.keyWidth
            case .latent(let shape): shape.heads * (2 * shape.queryHeadDim + shape.nopeHeadDim + 2 * shape.valueHeadDim)
            }
        return max(dense, routed ?? 0, attentionWidth)
    }
}

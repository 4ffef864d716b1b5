/// A number format of tensors.
public enum NumberFormat: String, Hashable, Sendable, Codable, CaseIterable {
    case fp32, fp16, bf16, fp8, int8, fp4, int4

    /// Bits of one element.
    public var bits: Int {
        switch self {
        case .fp32: 32
        case .fp16, .bf16: 16
        case .fp8, .int8: 8
        case .fp4, .int4: 4
        }
    }

    /// Bytes of one element, ½ for the four-bit formats.
    public var bytes: Double { Double(bits) / 8 }
}

/// How a served model stores and multiplies its numbers.
///
/// Weight quantisation touches the layers' matrices only: embeddings, the output projection, norms, biases and
/// routers stay in the activation format, as GPTQ, AWQ and FP8 checkpoints leave them.
public struct Precision: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name users write.
    public var name: String
    /// Format of quantised matrices.
    public var weights: NumberFormat
    /// Elements that share one scale; `nil` when scales are too few to count.
    public var groupSize: Int?
    /// Bits of scale and zero point per group.
    public var groupBits: Int
    /// Which matrices are quantised.
    public var scope: Scope
    /// Format of activations and of everything that is not quantised.
    public var activations: NumberFormat
    /// Format in which matrix products multiply.
    public var compute: NumberFormat
    /// Format of cached keys and values.
    public var kvCache: NumberFormat

    /// The matrices that ``weights`` applies to.
    public enum Scope: String, Hashable, Sendable, Codable {
        /// All matrices of the layers.
        case layers
        /// Routed experts only (gpt-oss).
        case experts
    }

    public init(
        name: String, weights: NumberFormat, groupSize: Int? = nil, groupBits: Int = 0, scope: Scope = .layers,
        activations: NumberFormat, compute: NumberFormat, kvCache: NumberFormat
    ) {
        self.name = name
        self.weights = weights
        self.groupSize = groupSize
        self.groupBits = groupBits
        self.scope = scope
        self.activations = activations
        self.compute = compute
        self.kvCache = kvCache
    }

    /// Bytes that one quantised weight takes, its share of scale and zero point included.
    public var weightBytes: Double {
        let scale = groupSize.map { Double(groupBits) / Double($0) } ?? 0
        return (Double(weights.bits) + scale) / 8
    }

    /// The same precision with another cache format, e.g. `bf16` weights with an `fp8` cache.
    public func caching(_ format: NumberFormat) -> Precision {
        var copy = self
        copy.kvCache = format
        if format != kvCache { copy.name += "+kv-\(format.rawValue)" }
        return copy
    }

    /// ``name``.
    public var description: String { name }
}

extension Precision {
    private static func plain(_ format: NumberFormat) -> Precision {
        Precision(name: format.rawValue, weights: format, activations: format, compute: format, kvCache: format)
    }

    /// Single precision everywhere.
    public static let fp32 = plain(.fp32)
    /// Half precision everywhere.
    public static let fp16 = plain(.fp16)
    /// bfloat16 everywhere.
    public static let bf16 = plain(.bf16)
    /// Eight-bit floating weights and products, 16-bit activations and cache (vLLM's `fp8` default).
    public static let fp8 = Precision(
        name: "fp8", weights: .fp8, activations: .bf16, compute: .fp8, kvCache: .bf16)
    /// Eight-bit integer weights with a 16-bit scale per 128, multiplied in 16 bits (W8A16).
    public static let int8 = Precision(
        name: "int8", weights: .int8, groupSize: 128, groupBits: 16, activations: .bf16, compute: .bf16,
        kvCache: .bf16)
    /// Eight-bit integer weights and products (W8A8).
    public static let w8a8 = Precision(
        name: "w8a8", weights: .int8, activations: .bf16, compute: .int8, kvCache: .bf16)
    /// Four-bit integer weights with a 16-bit scale and a 4-bit zero point per 128, multiplied in 16 bits (W4A16:
    /// GPTQ, AWQ).
    public static let int4 = Precision(
        name: "int4", weights: .int4, groupSize: 128, groupBits: 20, activations: .bf16, compute: .bf16,
        kvCache: .bf16)
    /// Four-bit floating experts with an 8-bit scale per 32 (MXFP4, as gpt-oss is published), the rest in bf16.
    public static let mxfp4 = Precision(
        name: "mxfp4", weights: .fp4, groupSize: 32, groupBits: 8, scope: .experts, activations: .bf16,
        compute: .bf16, kvCache: .bf16)

    /// Every precision that has a name, in the order of listings.
    public static let all: [Precision] = [fp32, fp16, bf16, fp8, int8, w8a8, int4, mxfp4]

    /// The precision called `name`, upper or lower case.
    /// - Throws: ``UnknownName`` with the nearest name.
    public init(named name: String) throws(UnknownName) {
        let wanted = name.lowercased()
        guard let found = Self.all.first(where: { $0.name == wanted }) else {
            throw UnknownName(kind: "precision", name: name, known: Self.all.map(\.name))
        }
        self = found
    }
}

/// How one replica spreads a model over devices.
public struct Parallelism: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Devices that split every layer's matrices.
    public var tensor: Int
    /// Stages that each hold a run of layers.
    public var pipeline: Int

    /// - Precondition: both at least 1.
    public init(tensor: Int = 1, pipeline: Int = 1) {
        precondition(tensor >= 1 && pipeline >= 1, "a replica needs at least one device")
        self.tensor = tensor
        self.pipeline = pipeline
    }

    /// One device.
    public static let single = Parallelism()

    /// Devices of one replica.
    public var devices: Int { tensor * pipeline }

    /// E.g. `tp4`, `tp2 pp2`, `1 device`.
    public var description: String {
        switch (tensor, pipeline) {
        case (1, 1): "1 device"
        case (_, 1): "tp\(tensor)"
        case (1, _): "pp\(pipeline)"
        default: "tp\(tensor) pp\(pipeline)"
        }
    }
}

/// A split that a model does not allow.
public struct ParallelismError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One sentence naming the model, the split and what it fails to divide.
    public let description: String

    init(_ description: String) { self.description = description }
}

extension ModelArchitecture {
    /// Checks that `split` divides this model as inference engines require: heads by the tensor ranks; key-value heads
    /// by them or they by the key-value heads (replication); no more stages than layers.
    public func validate(_ split: Parallelism) throws(ParallelismError) {
        guard attention.heads % split.tensor == 0 else {
            throw ParallelismError(
                "\(name) has \(attention.heads) attention heads, "
                    + "which \(split.tensor) tensor-parallel devices cannot share equally"
            )
        }
        if case .grouped(let shape) = attention,
            shape.kvHeads % split.tensor != 0, split.tensor % shape.kvHeads != 0
        {
            throw ParallelismError(
                "\(name) has \(shape.kvHeads) key-value heads, "
                    + "which \(split.tensor) tensor-parallel devices can neither share nor copy equally"
            )
        }
        guard split.pipeline <= layers else {
            throw ParallelismError("\(name) has \(layers) layers, too few for \(split.pipeline) pipeline stages")
        }
    }

    /// Layers of the fullest pipeline stage.
    public func stageLayers(_ split: Parallelism) -> Int { (layers + split.pipeline - 1) / split.pipeline }
}

/// One accelerator, edge module or processor socket (or the share of one that an instance rents).
public struct Device: Hashable, Sendable {
    /// Canonical name, used by offers and scenarios.
    public var name: String
    /// What kind of machine it is.
    public var kind: Kind
    /// Design generation: devices of one generation share kernel efficiencies.
    public var generation: Generation
    /// Bytes of memory, as the driver reports them where known.
    public var memory: Figure
    /// Peak memory bandwidth in bytes per second.
    public var bandwidth: Figure
    /// Dense peak rates.
    public var compute: ComputeRates
    /// Link to the other devices of a replica.
    public var interconnect: Interconnect
    /// Multiprocessors (GPU) or cores (processor).
    public var processors: Int
    /// Board or package power in watts; `nil` for a share of a socket.
    public var power: Figure?

    /// What kind of machine a device is.
    public enum Kind: String, Hashable, Sendable, Codable { case gpu, edge, cpu }

    /// Design generations whose kernels behave alike.
    public enum Generation: String, Hashable, Sendable, Codable, CaseIterable {
        case volta, turing, ampere, ada, hopper, blackwell, cdna3, cpu
    }

    public init(
        name: String, kind: Kind, generation: Generation, memory: Figure, bandwidth: Figure, compute: ComputeRates,
        interconnect: Interconnect, processors: Int, power: Figure?
    ) {
        self.name = name
        self.kind = kind
        self.generation = generation
        self.memory = memory
        self.bandwidth = bandwidth
        self.compute = compute
        self.interconnect = interconnect
        self.processors = processors
        self.power = power
    }

    /// Whole bytes of memory.
    public var memoryBytes: Int { Int(memory.value) }
}

/// Dense (never sparse) peak rates in operations per second; `nil` where the device has no unit for the format.
public struct ComputeRates: Hashable, Sendable {
    /// Single precision on the vector units.
    public var fp32: Figure
    /// fp16 and bf16 with 32-bit accumulation.
    public var half: Figure?
    /// Eight-bit floating products.
    public var fp8: Figure?
    /// Eight-bit integer products.
    public var int8: Figure?
    /// Four-bit floating products.
    public var fp4: Figure?

    public init(fp32: Figure, half: Figure?, fp8: Figure? = nil, int8: Figure? = nil, fp4: Figure? = nil) {
        self.fp32 = fp32
        self.half = half
        self.fp8 = fp8
        self.int8 = int8
        self.fp4 = fp4
    }

    /// Rate at which products in `format` run. A format without a unit is widened: four bits to half, eight bits to
    /// half, half to fp32.
    public func rate(_ format: NumberFormat) -> Figure {
        let wide = half ?? fp32
        return switch format {
        case .fp32: fp32
        case .fp16, .bf16: wide
        case .fp8: fp8 ?? wide
        case .int8, .int4: int8 ?? wide
        case .fp4: fp4 ?? wide
        }
    }
}

/// The link between the devices of a replica.
public struct Interconnect: Hashable, Sendable {
    /// Kinds of link.
    public enum Kind: String, Hashable, Sendable, Codable { case nvlink, pcie, infinityFabric, memory, ethernet }
    /// What carries it.
    public var kind: Kind
    /// Bytes per second in one direction, per device.
    public var bytesPerSecond: Figure

    public init(kind: Kind, bytesPerSecond: Figure) {
        self.kind = kind
        self.bytesPerSecond = bytesPerSecond
    }
}

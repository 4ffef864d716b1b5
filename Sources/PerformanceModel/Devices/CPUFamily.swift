/// A family of server processors, from which the share that an instance of n vCPUs rents is derived.
public struct CPUFamily: Hashable, Sendable {
    /// Canonical name, e.g. `EPYC-Genoa`.
    public let name: String
    /// Cores of one socket of the family's usual cloud part.
    public let coresPerSocket: Int
    /// vCPUs that clouds sell per core: 2 where a vCPU is a hardware thread, 1 where it is a core.
    public let vCPUsPerCore: Int
    /// Peak memory bandwidth of a socket, bytes per second: channels × transfer rate × 8 bytes.
    public let socketBandwidth: Figure
    /// Peak dense rates of one core with all cores busy, operations per second.
    public let core: ComputeRates
    /// Memory of a fully rented socket in the usual cloud shape, bytes.
    public let socketMemory: Figure
    /// Package power of a socket, watts.
    public let socketPower: Figure

    /// The share of one or more sockets that `vCPUs` virtual processors are: cores in whole or half, bandwidth in
    /// proportion to the cores (neighbours use the rest).
    /// - Precondition: at least one vCPU and one byte.
    public func device(vCPUs: Int, memoryBytes: Int) -> Device {
        precondition(vCPUs > 0 && memoryBytes > 0, "an instance has a processor and memory")
        let cores = Double(vCPUs) / Double(vCPUsPerCore)
        var share = socket
        let part = cores / Double(coresPerSocket)
        share.memory = Figure(
            Double(memoryBytes), source: "instance description", date: socketMemory.date, confidence: .specified)
        share.bandwidth = socketBandwidth.scaled(by: part)
        share.compute = core.scaled(by: cores)
        share.processors = max(1, Int(cores.rounded(.up)))
        share.power = nil
        return share
    }

    /// One whole socket.
    public var socket: Device {
        Device(
            name: name, kind: .cpu, generation: .cpu, memory: socketMemory, bandwidth: socketBandwidth,
            compute: core.scaled(by: Double(coresPerSocket)),
            interconnect: Interconnect(
                kind: .memory,
                bytesPerSecond: Figure(
                    50e9, source: "socket-to-socket link, one direction", date: "2026-11", confidence: .assumed)),
            processors: coresPerSocket, power: socketPower)
    }

    /// The family called `name`, or that a cloud instance type runs on (`c7a.4xlarge`, `c3-standard-8`).
    /// - Throws: ``UnknownName`` with the nearest family.
    public static func named(_ name: String) throws(UnknownName) -> CPUFamily {
        let wanted = name.lowercased()
        let series = String(wanted.prefix { $0 != "." && $0 != "-" })
        let family = instanceSeries.first { $0.series.contains(series) }?.family
        guard let found = all.first(where: { $0.name.lowercased() == wanted || $0.name == family }) else {
            throw UnknownName(kind: "CPU family", name: name, known: all.map(\.name))
        }
        return found
    }

    /// Cloud instance series by family: AWS and Google Cloud.
    static let instanceSeries: [(family: String, series: [String])] = [
        ("EPYC-Genoa", ["c7a", "m7a", "r7a", "c3d"]), ("EPYC-Turin", ["c8a", "m8a", "r8a", "c4d"]),
        ("EPYC-Milan", ["c6a", "m6a", "r6a", "n2d", "t2d"]), ("Xeon-SPR", ["c7i", "m7i", "r7i", "c3"]),
        ("Xeon-EMR", ["c4", "n4", "i7ie"]), ("Xeon-GNR", ["c8i", "m8i", "r8i"]),
        ("Graviton4", ["c8g", "m8g", "r8g", "x8g"]),
    ]
}

extension ComputeRates {
    /// All rates multiplied, for a number of cores.
    func scaled(by factor: Double) -> ComputeRates {
        ComputeRates(
            fp32: fp32.scaled(by: factor), half: half?.scaled(by: factor), fp8: fp8?.scaled(by: factor),
            int8: int8?.scaled(by: factor), fp4: fp4?.scaled(by: factor))
    }
}

extension CPUFamily {
    private static func rate(_ operationsPerCycle: Double, gigahertz: Double) -> Figure {
        Figure(
            operationsPerCycle * gigahertz * 1e9,
            source: "\(Int(operationsPerCycle)) operations per cycle at \(gigahertz) GHz with all cores busy",
            date: "2026-11", confidence: .derived)
    }

    private static func bandwidth(channels: Double, transfers: Double) -> Figure {
        Figure(
            channels * transfers * 8e6, source: "\(Int(channels)) channels of \(Int(transfers)) MT/s", date: "2026-11",
            confidence: .derived)
    }

    private static func memory(gib: Double) -> Figure {
        Figure(gib * 1_073_741_824, source: "4 GiB per vCPU of a whole socket", date: "2026-11", confidence: .assumed)
    }

    private static func watts(_ value: Double) -> Figure {
        Figure(value, source: "vendor data sheet", date: "2026-11", confidence: .recalled)
    }

    /// Every family with a name. Rates per cycle: AVX2 and Zen 4 two 256-bit FMAs (32 fp32), Zen 5 and Intel two
    /// 512-bit (64); dot-product instructions double for bf16 and quadruple for int8; AMX 2,048 bf16 and 4,096 int8;
    /// Neoverse V2 four 128-bit FMAs (32 fp32), matrix instructions 128 bf16 and 256 int8.
    public static let all: [CPUFamily] = [
        CPUFamily(
            name: "EPYC-Milan", coresPerSocket: 64, vCPUsPerCore: 2,
            socketBandwidth: bandwidth(channels: 8, transfers: 3_200),
            core: ComputeRates(fp32: rate(32, gigahertz: 3.0), half: nil), socketMemory: memory(gib: 512),
            socketPower: watts(280)),
        CPUFamily(
            name: "EPYC-Genoa", coresPerSocket: 96, vCPUsPerCore: 1,
            socketBandwidth: bandwidth(channels: 12, transfers: 4_800),
            core: ComputeRates(
                fp32: rate(32, gigahertz: 3.1), half: rate(64, gigahertz: 3.1), int8: rate(128, gigahertz: 3.1)),
            socketMemory: memory(gib: 384), socketPower: watts(360)),
        CPUFamily(
            name: "EPYC-Turin", coresPerSocket: 192, vCPUsPerCore: 1,
            socketBandwidth: bandwidth(channels: 12, transfers: 6_000),
            core: ComputeRates(
                fp32: rate(64, gigahertz: 2.8), half: rate(128, gigahertz: 2.8), int8: rate(256, gigahertz: 2.8)),
            socketMemory: memory(gib: 768), socketPower: watts(500)),
        CPUFamily(
            name: "Xeon-SPR", coresPerSocket: 48, vCPUsPerCore: 2,
            socketBandwidth: bandwidth(channels: 8, transfers: 4_800),
            core: ComputeRates(
                fp32: rate(64, gigahertz: 2.6), half: rate(2_048, gigahertz: 2.2), int8: rate(4_096, gigahertz: 2.2)),
            socketMemory: memory(gib: 384), socketPower: watts(350)),
        CPUFamily(
            name: "Xeon-EMR", coresPerSocket: 64, vCPUsPerCore: 2,
            socketBandwidth: bandwidth(channels: 8, transfers: 5_600),
            core: ComputeRates(
                fp32: rate(64, gigahertz: 2.6), half: rate(2_048, gigahertz: 2.2), int8: rate(4_096, gigahertz: 2.2)),
            socketMemory: memory(gib: 512), socketPower: watts(350)),
        CPUFamily(
            name: "Xeon-GNR", coresPerSocket: 96, vCPUsPerCore: 2,
            socketBandwidth: bandwidth(channels: 12, transfers: 6_400),
            core: ComputeRates(
                fp32: rate(64, gigahertz: 2.8), half: rate(2_048, gigahertz: 2.4), int8: rate(4_096, gigahertz: 2.4)),
            socketMemory: memory(gib: 768), socketPower: watts(500)),
        CPUFamily(
            name: "Graviton4", coresPerSocket: 96, vCPUsPerCore: 1,
            socketBandwidth: bandwidth(channels: 12, transfers: 5_600),
            core: ComputeRates(
                fp32: rate(32, gigahertz: 2.8), half: rate(128, gigahertz: 2.8), int8: rate(256, gigahertz: 2.8)),
            socketMemory: memory(gib: 384), socketPower: watts(250)),
    ]
}

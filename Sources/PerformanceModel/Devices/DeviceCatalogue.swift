extension Device {
    /// Every device with a name: accelerators, edge modules, then whole sockets of the CPU families.
    public static let all: [Device] = accelerators + edgeModules + CPUFamily.all.map { $0.socket }

    /// The device called `name`, by its canonical name or a marketplace spelling.
    /// - Throws: ``UnknownName`` with the nearest canonical name.
    public static func named(_ name: String) throws(UnknownName) -> Device {
        guard let canonical = canonicalName(for: name), let found = all.first(where: { $0.name == canonical }) else {
            throw UnknownName(kind: "device", name: name, known: all.map(\.name))
        }
        return found
    }

    private static let read = "2026-11"

    /// A figure with the catalogue's reading date.
    private static func figure(_ value: Double, _ source: String, _ confidence: Confidence = .specified) -> Figure {
        Figure(value, source: source, date: read, confidence: confidence)
    }

    /// One row of the accelerator table: memory in MiB, bandwidth in GB/s, rates in 10¹² operations per second.
    private struct Row {
        var name: String
        var generation: Generation
        var processors: Int
        var memory: (mib: Double, source: Figure)
        var bandwidth: Figure
        var fp32: Double
        var half: Figure
        var fp8: Double? = nil
        var int8: Double? = nil
        var fp4: Double? = nil
        var link: Interconnect
        var watts: Figure
    }

    private static func device(_ row: Row, kind: Kind = .gpu) -> Device {
        let half = row.half.scaled(by: 1e12)
        func rate(_ value: Double?) -> Figure? {
            value.map { Figure($0 * 1e12, source: half.source, date: half.date, confidence: half.confidence) }
        }
        let fp32 = figure(row.fp32 * 1e12, "vendor data sheet, shader rate", .recalled)
        return Device(
            name: row.name, kind: kind, generation: row.generation,
            memory: row.memory.source.scaled(by: row.memory.mib * 1_048_576),
            bandwidth: row.bandwidth.scaled(by: 1e9),
            compute: ComputeRates(
                fp32: fp32, half: half, fp8: rate(row.fp8), int8: rate(row.int8), fp4: rate(row.fp4)),
            interconnect: row.link, processors: row.processors, power: row.watts)
    }

    /// NVLink, gigabytes per second in one direction.
    private static func nvlink(_ rate: Double, _ source: String = "vendor data sheet, half of the quoted sum")
        -> Interconnect
    {
        Interconnect(kind: .nvlink, bytesPerSecond: figure(rate * 1e9, source))
    }

    /// PCI Express ×16 of a generation: 15.75 GB/s for the third, twice that for each later one.
    private static func pcie(_ generation: Int, lanes: Double = 16) -> Interconnect {
        let rate = 0.9846e9 * lanes * [3: 1.0, 4: 2, 5: 4][generation, default: 1]
        return Interconnect(
            kind: .pcie, bytesPerSecond: figure(rate, "PCI Express \(generation) x\(Int(lanes)), 128b/130b", .derived))
    }

    private static let driver = figure(1, "driver's total as listed by Vast.ai, SkyPilot catalogue v8 vast")
    private static let cloud = figure(1, "instance description, SkyPilot catalogue v8")
    private static let recalled = figure(1, "driver's total", .recalled)
    private static let inferenceX = "InferenceX-app GPU specifications"
    private static let sheets = "vendor data sheet as quoted by sysrqmts.com, llmbook.apartsin.com"
    private static let hmc = "vendor data sheet as quoted by hmc-tech.com"

    /// Dense figures; vendors' sparse ones halved. GeForce rates are those with 32-bit accumulation, which inference
    /// libraries use.
    static let accelerators: [Device] = [
        Row(
            name: "V100", generation: .volta, processors: 80, memory: (16_384, cloud),
            bandwidth: figure(900, "NVIDIA V100 data sheet", .recalled), fp32: 15.7,
            half: figure(125, "NVIDIA V100 data sheet, fp16 only", .recalled), int8: 62, link: nvlink(150),
            watts: figure(300, "NVIDIA V100 data sheet", .recalled)),
        Row(
            name: "V100-32GB", generation: .volta, processors: 80, memory: (32_768, cloud),
            bandwidth: figure(900, "NVIDIA V100 data sheet", .recalled), fp32: 15.7,
            half: figure(125, "NVIDIA V100 data sheet, fp16 only", .recalled), int8: 62, link: nvlink(150),
            watts: figure(300, "NVIDIA V100 data sheet", .recalled)),
        Row(
            name: "T4", generation: .turing, processors: 40, memory: (15_360, recalled),
            bandwidth: figure(320, sheets), fp32: 8.1, half: figure(65, sheets + ", fp16 only"), int8: 130,
            link: pcie(3), watts: figure(70, sheets)),
        Row(
            name: "A10", generation: .ampere, processors: 72, memory: (23_028, recalled),
            bandwidth: figure(600, "NVIDIA A10 data sheet", .recalled), fp32: 31.2,
            half: figure(125, "NVIDIA A10 data sheet", .recalled), int8: 250, link: pcie(4),
            watts: figure(150, "NVIDIA A10 data sheet", .recalled)),
        Row(
            name: "A10G", generation: .ampere, processors: 80, memory: (22_888, cloud),
            bandwidth: figure(600, "baseten.co A10G comparison"), fp32: 35,
            half: figure(70, "NVIDIA A10G data sheet", .recalled), int8: 140, link: pcie(4),
            watts: figure(300, "NVIDIA A10G data sheet", .recalled)),
        Row(
            name: "A40", generation: .ampere, processors: 84, memory: (46_068, recalled),
            bandwidth: figure(696, "NVIDIA A40 data sheet", .recalled), fp32: 37.4,
            half: figure(149.7, "NVIDIA A40 data sheet", .recalled), int8: 299, link: pcie(4),
            watts: figure(300, "NVIDIA A40 data sheet", .recalled)),
        Row(
            name: "RTX-A6000", generation: .ampere, processors: 84, memory: (49_140, driver),
            bandwidth: figure(768, "NVIDIA RTX A6000 data sheet", .recalled), fp32: 38.7,
            half: figure(154.8, "NVIDIA RTX A6000 data sheet", .recalled), int8: 309.7, link: pcie(4),
            watts: figure(300, "NVIDIA RTX A6000 data sheet", .recalled)),
        Row(
            name: "A100-40GB", generation: .ampere, processors: 108, memory: (40_960, cloud),
            bandwidth: figure(1_555, sheets), fp32: 19.5, half: figure(312, sheets), int8: 624, link: nvlink(300),
            watts: figure(400, sheets)),
        Row(
            name: "A100-80GB", generation: .ampere, processors: 108, memory: (81_920, cloud),
            bandwidth: figure(2_039, sheets), fp32: 19.5, half: figure(312, sheets), int8: 624, link: nvlink(300),
            watts: figure(400, sheets)),
        Row(
            name: "A100-80GB-PCIe", generation: .ampere, processors: 108, memory: (81_920, cloud),
            bandwidth: figure(1_935, "NVIDIA A100 PCIe data sheet", .recalled), fp32: 19.5,
            half: figure(312, sheets), int8: 624, link: pcie(4), watts: figure(300, sheets)),
        Row(
            name: "RTX-3090", generation: .ampere, processors: 82, memory: (24_576, driver),
            bandwidth: figure(936, hmc), fp32: 35.6, half: figure(71, "NVIDIA GA102 white paper", .recalled),
            int8: 284, link: pcie(4), watts: figure(350, hmc)),
        Row(
            name: "L4", generation: .ada, processors: 58, memory: (22_888, cloud), bandwidth: figure(300, hmc),
            fp32: 30.3, half: figure(121, hmc), fp8: 242, int8: 242, link: pcie(4), watts: figure(72, hmc)),
        Row(
            name: "L40", generation: .ada, processors: 142, memory: (46_068, recalled),
            bandwidth: figure(864, "NVIDIA L40 data sheet", .recalled), fp32: 90.5,
            half: figure(181, "NVIDIA L40 data sheet", .recalled), fp8: 362, int8: 362, link: pcie(4),
            watts: figure(300, "NVIDIA L40 data sheet", .recalled)),
        Row(
            name: "L40S", generation: .ada, processors: 142, memory: (46_068, driver), bandwidth: figure(864, sheets),
            fp32: 91.6, half: figure(362, sheets), fp8: 733, int8: 733, link: pcie(4), watts: figure(350, sheets)),
        Row(
            name: "RTX-4090", generation: .ada, processors: 128, memory: (24_564, driver),
            bandwidth: figure(1_008, hmc), fp32: 82.6, half: figure(165, hmc), fp8: 330, int8: 660, link: pcie(4),
            watts: figure(450, hmc)),
        Row(
            name: "RTX-6000-Ada", generation: .ada, processors: 142, memory: (49_140, driver),
            bandwidth: figure(960, "NVIDIA RTX 6000 Ada data sheet", .recalled), fp32: 91.1,
            half: figure(364, "NVIDIA RTX 6000 Ada data sheet", .recalled), fp8: 728, int8: 728, link: pcie(4),
            watts: figure(300, "NVIDIA RTX 6000 Ada data sheet", .recalled)),
        Row(
            name: "H100-SXM", generation: .hopper, processors: 132, memory: (81_559, driver),
            bandwidth: figure(3_350, inferenceX + ", glennklockwood.com, server-parts.eu"), fp32: 66.9,
            half: figure(989.4, inferenceX), fp8: 1_978.9, int8: 1_978.9, link: nvlink(450, inferenceX),
            watts: figure(700, inferenceX)),
        Row(
            name: "H100-PCIe", generation: .hopper, processors: 114, memory: (81_559, recalled),
            bandwidth: figure(2_000, sheets), fp32: 51.2, half: figure(756, "NVIDIA H100 PCIe data sheet", .recalled),
            fp8: 1_513, int8: 1_513, link: pcie(5), watts: figure(350, sheets)),
        Row(
            name: "H100-NVL", generation: .hopper, processors: 132, memory: (95_830, driver),
            bandwidth: figure(3_900, sheets), fp32: 60, half: figure(835, "NVIDIA H100 NVL data sheet", .recalled),
            fp8: 1_671, int8: 1_671, link: nvlink(300), watts: figure(400, sheets)),
        Row(
            name: "H200", generation: .hopper, processors: 132, memory: (143_771, driver),
            bandwidth: figure(4_800, inferenceX), fp32: 66.9, half: figure(989.4, inferenceX), fp8: 1_978.9,
            int8: 1_978.9, link: nvlink(450, inferenceX), watts: figure(700, inferenceX)),
        Row(
            name: "B200", generation: .blackwell, processors: 148, memory: (183_359, cloud),
            bandwidth: figure(8_000, inferenceX), fp32: 75, half: figure(2_250, inferenceX), fp8: 4_500, int8: 4_500,
            fp4: 9_000, link: nvlink(900, inferenceX), watts: figure(1_000, inferenceX)),
        Row(
            name: "B300", generation: .blackwell, processors: 148, memory: (275_040, cloud),
            bandwidth: figure(8_000, inferenceX), fp32: 75, half: figure(2_250, inferenceX), fp8: 4_500, fp4: 13_500,
            link: nvlink(900, inferenceX), watts: figure(1_400, "NVIDIA B300 data sheet", .recalled)),
        Row(
            name: "RTX-5090", generation: .blackwell, processors: 170, memory: (32_607, driver),
            bandwidth: figure(1_792, hmc), fp32: 104.8,
            half: figure(209.5, "NVIDIA RTX Blackwell white paper", .recalled), fp8: 419, int8: 838, fp4: 1_676,
            link: pcie(5), watts: figure(575, hmc)),
        Row(
            name: "RTX-PRO-6000", generation: .blackwell, processors: 188, memory: (97_887, driver),
            bandwidth: figure(1_792, hmc + ", hardware-corner.net"), fp32: 125,
            half: figure(504, hmc + ", hardware-corner.net"), fp8: 1_007, int8: 1_007, fp4: 2_015, link: pcie(5),
            watts: figure(600, hmc)),
        Row(
            name: "MI300X", generation: .cdna3, processors: 304, memory: (196_608, cloud),
            bandwidth: figure(5_300, inferenceX), fp32: 163.4, half: figure(1_307, inferenceX), fp8: 2_615,
            int8: 2_615,
            link: Interconnect(kind: .infinityFabric, bytesPerSecond: figure(448e9, inferenceX + ", half of 896")),
            watts: figure(750, inferenceX)),
    ].map { device($0) }

    private static let orin = "NVIDIA Jetson Orin data sheet"
    /// Edge modules share their memory with the host: 3 GiB are kept from models. Eight-bit rates are half the sparse
    /// ones vendors quote, half-precision rates a half of those.
    static let edgeModules: [Device] = [
        Row(
            name: "Jetson-AGX-Orin-64GB", generation: .ampere, processors: 16,
            memory: (62_464, figure(1, "64 GiB less 3 GiB for the system", .assumed)),
            bandwidth: figure(204.8, orin, .recalled), fp32: 5.3,
            half: figure(42.5, "fixstars.com 2026-05-18: 275 sparse TOPS; GPU part 170, dense half", .derived),
            int8: 85,
            link: pcie(4, lanes: 8), watts: figure(60, "fixstars.com 2026-05-18")),
        Row(
            name: "Jetson-Orin-NX-16GB", generation: .ampere, processors: 8,
            memory: (13_312, figure(1, "16 GiB less 3 GiB for the system", .assumed)),
            bandwidth: figure(102.4, orin, .recalled), fp32: 1.9,
            half: figure(15, "algotechniq.com: 100 sparse TOPS; GPU part 60, dense half", .derived), int8: 30,
            link: pcie(4, lanes: 4), watts: figure(25, orin, .recalled)),
    ].map { device($0, kind: .edge) }
}

import PerformanceModel
import Testing

@Suite struct DeviceTests {
    @Test(arguments: [
        "T4", "A10G", "L4", "L40S", "A100-40GB", "A100-80GB", "A100-80GB-PCIe", "H100-SXM", "H100-PCIe", "H100-NVL",
        "H200", "B200", "MI300X", "RTX-3090", "RTX-4090", "RTX-5090", "RTX-6000-Ada", "RTX-PRO-6000", "A40", "V100",
        "Jetson-AGX-Orin-64GB", "Jetson-Orin-NX-16GB", "EPYC-Genoa", "EPYC-Turin", "EPYC-Milan", "Xeon-SPR",
        "Xeon-EMR", "Xeon-GNR", "Graviton4",
    ])
    func canonicalNamesAreThere(name: String) throws {
        #expect(try Device.named(name).name == name)
        #expect(Device.canonicalName(for: name) == name)
        #expect(Device.canonicalName(for: name.lowercased()) == name)
    }

    @Test func everyFigureIsPositiveAndSourced() {
        for device in Device.all {
            let rates = [device.compute.fp32, device.compute.half, device.compute.fp8, device.compute.int8].compactMap(
                \.self)
            for figure in [device.memory, device.bandwidth, device.interconnect.bytesPerSecond] + rates {
                #expect(figure.value > 0 && !figure.source.isEmpty && !figure.date.isEmpty, "\(device.name)")
            }
            #expect(device.processors > 0)
        }
        #expect(Set(Device.all.map(\.name)).count == Device.all.count)
    }

    /// Spellings of price lists and marketplaces.
    @Test(arguments: [
        ("A100-80GB-SXM", "A100-80GB"), ("A100_80G_PCIE", "A100-80GB-PCIe"), ("A100_80G_SXM4", "A100-80GB"),
        ("A100-SXM", "A100-40GB"), ("A100-80G-PCIe-NVLink", "A100-80GB"), ("H100", "H100-SXM"),
        ("H100-MEGA", "H100-SXM"), ("H100_SXM5", "H100-SXM"), ("H100-80G-PCIe", "H100-PCIe"),
        ("H100_PCIE_BAREMETAL", "H100-PCIe"), ("H100-NVLINK", "H100-SXM"), ("H100_NVL", "H100-NVL"),
        ("H200-SXM", "H200"), ("L40S_PCIE_BAREMETAL", "L40S"), ("RTXA6000", "RTX-A6000"), ("A6000", "RTX-A6000"),
        ("RTX6000Ada", "RTX-6000-Ada"), ("RTX6000ADA_PCIE", "RTX-6000-Ada"), ("RTXPRO6000WS", "RTX-PRO-6000"),
        ("RTX PRO 6000 96GB", "RTX-PRO-6000"), ("RTXPRO6000-WK", "RTX-PRO-6000"), ("RTX_5090", "RTX-5090"),
        ("NVIDIA GeForce RTX 4090", "RTX-4090"), ("Tesla T4", "T4"), ("V100_32G_PCIE", "V100-32GB"),
        ("AMD Instinct MI300X", "MI300X"), ("A10G", "A10G"), ("B200", "B200"),
    ])
    func spellings(spelling: String, canonical: String) {
        #expect(Device.canonicalName(for: spelling) == canonical)
    }

    @Test func memorySettlesABareName() {
        #expect(Device.canonicalName(for: "A100", memoryMiB: 40_960) == "A100-40GB")
        #expect(Device.canonicalName(for: "A100", memoryMiB: 81_920) == "A100-80GB")
        #expect(Device.canonicalName(for: "H100", memoryMiB: 95_830) == "H100-NVL")
        #expect(Device.canonicalName(for: "H100", memoryMiB: 81_559) == "H100-SXM")
        #expect(Device.canonicalName(for: "V100", memoryMiB: 32_768) == "V100-32GB")
    }

    @Test func unknownDevicesNameTheNearest() {
        #expect(Device.canonicalName(for: "Radeon Pro V520") == nil)
        let error = #expect(throws: UnknownName.self) { try Device.named("L40X") }
        #expect(error?.nearest == "L40S" || error?.nearest == "L40")
        #expect(error?.description.hasPrefix("unknown device `L40X`, did you mean `L40") == true)
    }

    @Test func missingUnitsWidenTheFormat() throws {
        let a100 = try Device.named("A100-80GB")
        #expect(a100.compute.rate(.fp8).value == 312e12)
        #expect(a100.compute.rate(.int8).value == 624e12)
        #expect(a100.compute.rate(.fp32).value == 19.5e12)
        let milan = try Device.named("EPYC-Milan")
        #expect(milan.compute.rate(.bf16) == milan.compute.fp32)
    }
}

@Suite struct CPUFamilyTests {
    /// Genoa: 12 × 4,800 MT/s × 8 B = 460.8 GB/s over 96 cores, one vCPU each; 16 vCPUs are a sixth.
    @Test func coresSoldAsVirtualProcessors() throws {
        let share = try CPUFamily.named("EPYC-Genoa").device(vCPUs: 16, memoryBytes: 32 << 30)
        #expect(abs(share.bandwidth.value - 460.8e9 / 6) < 1)
        #expect(share.processors == 16 && share.memoryBytes == 32 << 30)
        #expect(abs(share.compute.fp32.value - 16 * 32 * 3.1e9) < 1)
    }

    /// Sapphire Rapids: two vCPUs per core.
    @Test func threadsSoldAsVirtualProcessors() throws {
        let share = try CPUFamily.named("Xeon-SPR").device(vCPUs: 8, memoryBytes: 16 << 30)
        #expect(share.processors == 4)
        #expect(abs(share.bandwidth.value - 307.2e9 * 4 / 48) < 1)
    }

    @Test(arguments: [
        ("c7a.4xlarge", "EPYC-Genoa"), ("m7i.xlarge", "Xeon-SPR"), ("c8g.8xlarge", "Graviton4"),
        ("c6a.large", "EPYC-Milan"), ("c3d-standard-8", "EPYC-Genoa"), ("c4-highcpu-16", "Xeon-EMR"),
        ("xeon-gnr", "Xeon-GNR"), ("c8a.large", "EPYC-Turin"),
    ])
    func instanceTypesLeadToFamilies(instance: String, family: String) throws {
        #expect(try CPUFamily.named(instance).name == family)
    }

    @Test func unknownFamily() {
        #expect(throws: UnknownName.self) { try CPUFamily.named("z80.large") }
    }
}

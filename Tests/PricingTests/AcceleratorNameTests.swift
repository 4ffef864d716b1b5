import Pricing
import Testing

@Suite struct AcceleratorNameTests {
    /// Spellings met in price lists, with the memory of one accelerator where it decides.
    @Test(arguments: [
        ("A100-40GB", ["A100-40GB", "A100 40GB"]),
        (
            "A100-80GB",
            [
                "A100-80GB", "A100-80GB-SXM", "A100_80G_PCIE", "A100_80G_SXM4", "A100-80G-PCIe", "A100-80G-PCIe-NVLink",
                "A100_PCIE_80GB", "A100_SXM_80GB", "NVIDIA A100 80GB PCIe",
            ]
        ),
        ("H100-SXM", ["H100-SXM", "H100-MEGA", "H100_SXM5", "H100-80G-SXM5", "H100-NVLINK", "NVIDIA HGX H100 SXM"]),
        ("H100-PCIe", ["H100_PCIE", "H100-80G-PCIe", "H100-80G-PCIe-NVLink", "H100_PCIE_BAREMETAL"]),
        ("H100-NVL", ["H100-NVL", "H100_NVL"]), ("H200", ["H200", "H200-SXM", "H200-NVL", "NVIDIA H200 SXM5"]),
        ("L40S", ["L40S", "L40S_PCIE", "L40S_PCIE_BAREMETAL"]), ("L40", ["L40", "L40_PCIE"]),
        ("A6000", ["A6000", "RTXA6000", "RTX-A6000", "RTX A6000", "A6000_PCIE_LOW_RAM", "A6000_PCIE_HIGH_PERF"]),
        ("RTX-6000-Ada", ["RTX6000-Ada", "RTX6000Ada", "RTX-6000-Ada", "RTX6000ADA_PCIE", "RTX 6000 Ada"]),
        (
            "RTX-PRO-6000",
            [
                "RTX-PRO-6000", "RTXPRO6000", "RTXPro6000", "RTXPRO6000_PCIE", "RTXPRO6000WS", "RTXPRO6000S",
                "RTXPRO6000-WK", "RTX PRO 6000 96GB", "RTXPRO6000_PCIE_BAREMETAL",
            ]
        ),
        ("RTX-5090", ["RTX5090", "RTX_5090", "RTX5090_PCIE", "NVIDIA GeForce RTX 5090"]),
        ("RTX-3060-Ti", ["RTX3060Ti", "RTX 3060 Ti"]), ("RTX-6000", ["RTX6000", "Quadro RTX 6000"]),
        ("T4", ["T4", "Tesla T4"]), ("T4g", ["T4g"]), ("V100", ["V100", "Tesla V100"]),
        ("V100-32GB", ["V100-32GB", "V100_32G_PCIE"]), ("A40", ["A40"]), ("A10G", ["A10G"]), ("A10", ["A10"]),
        ("B200", ["B200", "NVIDIA B200 SXM6"]), ("MI300X", ["MI300X", "AMD MI300X"]), ("A16", ["A16_PCIE"]),
        ("Gaudi-HL-205", ["Gaudi HL-205"]), ("Inferentia2", ["Inferentia2"]), ("", ["", " ", "NVIDIA"]),
    ])
    func spellingsBecomeOne(canonical: String, written: [String]) {
        for name in written {
            #expect(AcceleratorName.spelling(name) == canonical, "\(name)")
            #expect(AcceleratorName.resolve(.init(name: name)).name == canonical, "\(name)")
        }
        #expect(AcceleratorName.spelling(canonical) == canonical)
    }

    @Test(arguments: [
        ("A100", 40_960.0, "", "", "A100-40GB"), ("A100", 81_920, "", "", "A100-80GB"),
        ("A100-SXM", 40_960, "", "runpod", "A100-40GB"), ("A100-SXM", 81_920, "", "", "A100-80GB"),
        ("H100", 95_830, "1x-H100_NVL-32-65536", "vast", "H100-NVL"),
        ("H100", 81_559, "1x-H100_SXM-32-65536", "vast", "H100-SXM"),
        ("H100", 81_559, "1x-H100_PCIE-32-65536", "vast", "H100-PCIe"),
        ("H100", 81_920, "gpu_1x_h100_pcie", "lambda", "H100-PCIe"), ("H100", 81_920, "p5.48xlarge", "aws", "H100-SXM"),
        ("RTX4090", 49_140, "", "", "RTX-4090-48GB"), ("RTX4090", 24_564, "", "", "RTX-4090"),
    ])
    func memoryAndTypeDecide(name: String, memory: Double, type: String, provider: String, canonical: String) {
        let resolved = AcceleratorName.resolve(
            .init(name: name, memoryMiB: memory, instanceType: type, provider: provider))
        #expect(resolved.name == canonical)
        #expect(resolved.assumption == nil)
    }

    @Test func assumptionsAreSaid() {
        let bare = AcceleratorName.resolve(.init(name: "A100"))
        #expect(bare == .init(name: "A100-40GB", assumption: "memory of A100 assumed 40 GB"))
        #expect(AcceleratorName.resolve(.init(name: "H100", memoryMiB: 81_920)).name == "H100-SXM")
        #expect(AcceleratorName.resolve(.init(name: "H100", memoryMiB: 81_920)).assumption != nil)
        let runpod = AcceleratorName.resolve(.init(name: "H100", memoryMiB: 81_920, provider: "runpod"))
        #expect(runpod == .init(name: "H100-PCIe", assumption: "form factor of H100 assumed PCIe"))
        #expect(AcceleratorName.spelling("H100") == "H100" && AcceleratorName.spelling("A100") == "A100")
    }
}

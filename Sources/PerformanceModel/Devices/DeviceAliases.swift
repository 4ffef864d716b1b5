extension Device {
    /// The canonical name of a device as catalogues and marketplaces spell it, or `nil` for a device unknown here.
    ///
    /// Spelling is compared without case, separators and vendor words. A bare `A100` or `H100` hides several devices:
    /// with `memoryMiB` (per device) given, it decides; without, `A100` means 40 GB and `H100` SXM, as in the price
    /// lists that use the bare names (SkyPilot: AWS, GCP, Lambda).
    public static func canonicalName(for spelling: String, memoryMiB: Double? = nil) -> String? {
        let key = folded(spelling)
        guard let found = spellings[key] else { return nil }
        guard let memoryMiB else { return found }
        switch (found, key) {
        case ("A100-40GB", "a100"), ("A100-40GB", "a100sxm"):
            return memoryMiB > 60_000 ? "A100-80GB" : found
        case ("H100-SXM", "h100"): return memoryMiB > 90_000 ? "H100-NVL" : found
        case ("V100", "v100"): return memoryMiB > 24_000 ? "V100-32GB" : found
        default: return found
        }
    }

    /// Lower case, letters and digits only, without the words that name a vendor or nothing.
    static func folded(_ spelling: String) -> String {
        let words = spelling.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.filter {
            !["nvidia", "amd", "instinct", "geforce", "tesla", "baremetal", "tensor", "core"].contains($0)
        }
        .joined()
    }

    /// Canonical names and the spellings seen for each, besides the canonical name itself.
    static let aliases: [(canonical: String, spellings: [String])] = [
        ("A100-40GB", ["A100", "A100-SXM", "A100-SXM4-40GB", "A100-40G"]),
        (
            "A100-80GB",
            [
                "A100-80GB-SXM", "A100_80G_SXM4", "A100-SXM4-80GB", "A100_SXM_80GB", "A100-80G-PCIe-NVLink", "A100-80G",
                "A800",
            ]
        ),
        ("A100-80GB-PCIe", ["A100_80G_PCIE", "A100-80G-PCIe", "A100_PCIE_80GB", "A100-PCIe"]),
        (
            "H100-SXM",
            [
                "H100", "H100-MEGA", "H100_SXM5", "H100-80G-SXM5", "H100-SXM-80GB", "H100-NVLINK", "H100-80GB",
                "H100-80G",
            ]
        ),
        ("H100-PCIe", ["H100-80G-PCIe", "H100-80G-PCIe-NVLink"]), ("H100-NVL", ["H100-NVL-94GB"]),
        ("H200", ["H200-SXM", "H200-NVL", "H200-SXM-141GB"]), ("B200", ["B200-SXM"]), ("B300", ["B300-SXM"]),
        ("L4", ["L4_PCIE"]), ("L40", ["L40_PCIE"]), ("L40S", ["L40S_PCIE"]),
        ("RTX-A6000", ["A6000", "A6000_PCIE_LOW_RAM", "A6000_PCIE_HIGH_PERF"]),
        ("RTX-6000-Ada", ["RTX6000ADA_PCIE", "RTX-6000-Ada-Generation"]),
        (
            "RTX-PRO-6000",
            [
                "RTXPRO6000_PCIE", "RTXPRO6000WS", "RTXPRO6000S", "RTXPRO6000-WK", "RTX PRO 6000 96GB",
                "RTX PRO 6000 Blackwell", "RTX PRO 6000 Blackwell Server Edition",
            ]
        ),
        ("RTX-5090", ["RTX5090_PCIE"]), ("RTX-4090", ["4090"]), ("RTX-3090", ["3090"]),
        ("V100", ["V100-16GB", "V100-SXM2-16GB"]), ("V100-32GB", ["V100_32G_PCIE", "V100-SXM2-32GB"]),
        ("MI300X", ["MI300X-192GB"]), ("T4", ["T4-16GB"]), ("A10", ["A10-24GB"]), ("A10G", ["A10G-24GB"]),
        ("Jetson-AGX-Orin-64GB", ["AGX-Orin-64GB", "Jetson-AGX-Orin", "AGX-Orin"]),
        ("Jetson-Orin-NX-16GB", ["Orin-NX-16GB", "Jetson-Orin-NX", "Orin-NX"]),
        ("EPYC-Genoa", ["EPYC-9654", "Genoa"]), ("EPYC-Turin", ["EPYC-9965", "Turin"]),
        ("EPYC-Milan", ["EPYC-7763", "Milan"]), ("Xeon-SPR", ["Sapphire-Rapids", "Xeon-Sapphire-Rapids"]),
        ("Xeon-EMR", ["Emerald-Rapids", "Xeon-Emerald-Rapids"]),
        ("Xeon-GNR", ["Granite-Rapids", "Xeon-Granite-Rapids"]),
    ]

    private static let spellings: [String: String] = {
        var table: [String: String] = [:]
        for device in all { table[folded(device.name)] = device.name }
        for entry in aliases {
            for spelling in entry.spellings { table[folded(spelling)] = entry.canonical }
        }
        return table
    }()
}

/// The many spellings of accelerators in price lists, brought to one.
///
/// A name alone is not enough: "A100" hides 40 and 80 GB, "H100" hides SXM, PCIe and NVL with 80 or 94 GB. So the key
/// is the name *and* the memory, with the instance type and the provider's habits as further witnesses.
public enum AcceleratorName {
    /// What is known of an accelerator in a price list.
    public struct Description: Sendable, Equatable {
        /// As the list spells it.
        public var name: String
        /// Memory of one accelerator in MiB, where the list says.
        public var memoryMiB: Double?
        /// The instance type, which may carry the form factor that the name lacks (`1x-H100_SXM-32-65536`).
        public var instanceType: String
        /// As in offer ids.
        public var provider: String

        /// What a list says; leave out what it does not.
        public init(name: String, memoryMiB: Double? = nil, instanceType: String = "", provider: String = "") {
            self.name = name
            self.memoryMiB = memoryMiB
            self.instanceType = instanceType
            self.provider = provider
        }
    }

    /// The canonical name, and what had to be assumed where the list is silent (`nil` where nothing was).
    public struct Resolution: Sendable, Equatable {
        /// E.g. `A100-80GB`, `H100-SXM`, `RTX-4090`.
        public var name: String
        /// One phrase, e.g. `form factor of H100 assumed SXM`.
        public var assumption: String?

        /// A name and what was assumed for it.
        public init(name: String, assumption: String? = nil) {
            self.name = name
            self.assumption = assumption
        }
    }

    /// The canonical name of an accelerator as described.
    public static func resolve(_ described: Description) -> Resolution {
        let words = AcceleratorWords(described.name)
        switch words.family {
        case "A100": return a100(words, described)
        case "H100": return h100(words, described)
        case "RTX4090" where (described.memoryMiB ?? 0) > 40_000:
            // A modified board with twice the memory, sold under the same name.
            return Resolution(name: "RTX-4090-48GB")
        default: return Resolution(name: spelling(described.name))
        }
    }

    /// The canonical spelling of a name taken by itself: `RTXA6000` → `A6000`, `H100_SXM5` → `H100-SXM`.
    ///
    /// A bare `A100` or `H100` stays bare. A name that no rule knows comes back with `-` between its words.
    public static func spelling(_ name: String) -> String {
        let words = AcceleratorWords(name)
        switch words.family {
        case "A100": return words.gigabytes.map { $0 > 60 ? "A100-80GB" : "A100-40GB" } ?? "A100"
        case "H100": return words.formFactor.map { "H100-\($0)" } ?? "H100"
        case "V100": return words.gigabytes == 32 ? "V100-32GB" : "V100"
        case "RTXPRO6000": return "RTX-PRO-6000"
        case "H200", "B200", "T4", "L4", "L40S", "MI300X": return words.family
        default: return rtx(words.family) ?? words.hyphenated
        }
    }

    private static func a100(_ words: AcceleratorWords, _ described: Description) -> Resolution {
        if let gigabytes = words.gigabytes ?? described.memoryMiB.map({ $0 / 1_024 }) {
            return Resolution(name: gigabytes > 60 ? "A100-80GB" : "A100-40GB")
        }
        return Resolution(name: "A100-40GB", assumption: "memory of A100 assumed 40 GB")
    }

    private static func h100(_ words: AcceleratorWords, _ described: Description) -> Resolution {
        if let memory = described.memoryMiB, memory > 90_000, memory < 100_000 { return Resolution(name: "H100-NVL") }
        let witness = AcceleratorWords(described.instanceType)
        if let form = words.formFactor ?? witness.formFactor { return Resolution(name: "H100-\(form)") }
        switch described.provider {
        // These sell the bare H100 as SXM boards only …
        case "aws", "gcp", "azure", "oci": return Resolution(name: "H100-SXM")
        // … and this one lists SXM apart, under that name.
        case "runpod": return Resolution(name: "H100-PCIe", assumption: "form factor of H100 assumed PCIe")
        default: return Resolution(name: "H100-SXM", assumption: "form factor of H100 assumed SXM")
        }
    }

    /// `RTXA6000` → `A6000`, `RTX4090` → `RTX-4090`, `RTX6000ADA` → `RTX-6000-Ada`; `nil` for other families.
    private static func rtx(_ family: String) -> String? {
        guard family.hasPrefix("RTX") else { return nil }
        let model = family.dropFirst(3)
        if model.first == "A" { return String(model) }
        let digits = model.prefix { $0.isASCII && $0.isNumber }
        guard digits.count == 4 else { return nil }
        switch model.dropFirst(4) {
        case "": return "RTX-\(digits)"
        case "ADA": return "RTX-\(digits)-Ada"
        case "TI": return "RTX-\(digits)-Ti"
        default: return nil
        }
    }
}

/// A name taken apart: its family in capitals without separators, and the words that qualify it.
private struct AcceleratorWords {
    /// E.g. `A100`, `RTX6000ADA`, `RTXPRO6000`.
    private(set) var family = ""
    /// `SXM`, `PCIe` or `NVL`.
    private(set) var formFactor: String?
    /// Memory written in the name.
    private(set) var gigabytes: Double?
    /// The words of the family as written, with `-` between them.
    private(set) var hyphenated = ""

    private static let vendors: Set<String> = ["NVIDIA", "TESLA", "GEFORCE", "AMD", "QUADRO", "HGX"]
    private static let marks: Set<String> = ["BAREMETAL", "LOW", "HIGH", "RAM", "PERF", "80", "40"]

    init(_ name: String) {
        for word in name.split(whereSeparator: { $0 == "-" || $0 == "_" || $0 == " " }) { take(String(word)) }
        // The workstation and server editions, and a missing space, all name one board.
        if family.hasPrefix("RTXPRO6000") { family = "RTXPRO6000" }
    }

    private mutating func take(_ written: String) {
        let word = written.uppercased()
        if Self.vendors.contains(word) || Self.marks.contains(word) { return }
        if let form = Self.formFactor(word) {
            // "PCIe-NVLink" is a PCIe board with a bridge: the first word decides.
            formFactor = formFactor ?? form
        } else if let size = Self.gigabytes(word) {
            gigabytes = size
        } else {
            family += word
            hyphenated += (hyphenated.isEmpty ? "" : "-") + written
        }
    }

    private static func formFactor(_ word: String) -> String? {
        if word.hasPrefix("SXM") || word == "MEGA" || word == "NVLINK" { return "SXM" }
        if word.hasPrefix("PCI") { return "PCIe" }
        return word == "NVL" ? "NVL" : nil
    }

    /// `80GB` or `80G` → 80.
    private static func gigabytes(_ word: String) -> Double? {
        let digits = word.hasSuffix("GB") ? word.dropLast(2) : word.hasSuffix("G") ? word.dropLast(1) : ""
        return digits.isEmpty ? nil : finiteDecimal(String(digits))
    }
}

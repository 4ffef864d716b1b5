public import PerformanceModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The machine that the kernels run on, as the operating system describes it.
public struct HostMachine: Hashable, Sendable {
    /// Processor name, e.g. `AMD EPYC 9655`; `unknown` where the system does not say.
    public var processor: String
    /// Vector extensions that matter to the kernels, e.g. `["avx2", "fma", "avx512f"]`.
    public var vectorExtensions: [String]
    /// Logical processors available.
    public var cores: Int
    /// Physical memory in bytes.
    public var memoryBytes: Int
    /// Size of the last cache level in bytes; 32 MiB where the system does not say.
    public var lastLevelCacheBytes: Int
    /// Operating system and release, e.g. `Linux 6.1.0`.
    public var system: String
    /// OpenBLAS version and options.
    public var blasConfiguration: String
    /// The processor family whose kernels OpenBLAS runs.
    public var blasCore: String

    /// Reads `/proc/cpuinfo`, `/sys/devices/system/cpu`, `sysconf` and `uname` of this machine.
    public static func current() -> HostMachine {
        let information = ProcessorInformation(text: readText("/proc/cpuinfo") ?? "")
        return HostMachine(
            processor: information.modelName ?? "unknown", vectorExtensions: information.vectorExtensions,
            cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))),
            memoryBytes: sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)),
            lastLevelCacheBytes: lastLevelCache() ?? 32 << 20, system: systemName(),
            blasConfiguration: OpenBLAS.configuration, blasCore: OpenBLAS.coreName)
    }

    /// The kernel library of a profile: version, the processor family its kernels are made for, formats and threads.
    public func library(threads: Int, formats: [NumberFormat] = [.fp32]) -> String {
        let names = formats.map(\.rawValue).joined(separator: " ")
        return "OpenBLAS \(OpenBLAS.version) \(blasCore) \(names), \(threads) thread\(threads == 1 ? "" : "s")"
    }

    /// As many threads as asked for, or one per logical processor.
    /// - Throws: ``KernelError`` when the machine has fewer processors, or none are asked for.
    func threads(_ asked: Int?) throws(KernelError) -> Int {
        guard let asked else { return cores }
        guard (1...cores).contains(asked) else {
            throw KernelError("`\(asked)` threads do not fit this machine of \(cores) logical processors")
        }
        return asked
    }

    /// The family of OpenBLAS kernels that this processor can run and that is faster than ``blasCore``; `nil` where
    /// there is none: `SkylakeX` where a processor has all five extensions of that family and OpenBLAS, older than
    /// the processor, runs kernels without AVX-512.
    public var fasterCore: String? {
        let older = ["Haswell", "Zen", "Sandybridge", "Nehalem", "Prescott", "Core2", "Barcelona", "Excavator"]
        let needed = ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]
        return older.contains(blasCore) && needed.allSatisfy(vectorExtensions.contains) ? "SkylakeX" : nil
    }

    /// A sentence for the user where OpenBLAS does not use what the processor has; `nil` where it does.
    public var advice: String? { advice(requested: OpenBLAS.requestedCore) }

    /// The advice where the environment names the family `requested`.
    func advice(requested: String?) -> String? {
        fasterCore.map { core in
            let finding = "OpenBLAS \(OpenBLAS.version) runs its \(blasCore) kernels on a processor with AVX-512"
            guard let requested else {
                return finding + "; \(OpenBLAS.coreVariable)=\(core) in the environment may be faster"
            }
            return finding + " because the environment says \(OpenBLAS.coreVariable)=\(requested); "
                + "without it the kernels may be faster"
        }
    }

    /// The size of the highest cache level of the first processor.
    private static func lastLevelCache() -> Int? {
        (0..<8).reversed().lazy.compactMap { index in
            readText("/sys/devices/system/cpu/cpu0/cache/index\(index)/size").flatMap(cacheSize)
        }.first
    }

    /// Bytes of a size as the kernel prints it: `32768K`, `32M`, `512`.
    static func cacheSize(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text.dropFirst(digits.count).prefix { !$0.isWhitespace }
        guard let value = Int(digits), value > 0 else { return nil }
        switch unit {
        case "": return value
        case "K": return value << 10
        case "M": return value << 20
        default: return nil
        }
    }

    private static func systemName() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        return text(of: names.sysname) + " " + text(of: names.release)
    }

    private static func text(of field: some Any) -> String {
        withUnsafeBytes(of: field) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The whole of a small text file, or `nil` when it cannot be read.
    private static func readText(_ path: String) -> String? {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// What `/proc/cpuinfo` says of the first processor.
struct ProcessorInformation: Equatable {
    var modelName: String?
    var vectorExtensions: [String] = []

    /// Reads `key : value` lines; of a repeated key the first counts. ARM systems name their extensions `Features`.
    init(text: String) {
        let known = [
            "avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl", "avx512_bf16", "avx512_vnni",
            "amx_tile", "asimd", "sve", "bf16", "i8mm",
        ]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let key = line[..<colon].filter { $0 != "\t" }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            if modelName == nil, key == "model name" { modelName = String(value) }
            if vectorExtensions.isEmpty, key == "flags" || key == "Features" {
                let present = Set(value.split(separator: " ").map(String.init))
                vectorExtensions = known.filter(present.contains)
            }
        }
    }
}

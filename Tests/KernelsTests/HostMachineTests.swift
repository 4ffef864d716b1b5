import Testing

@testable import Kernels

@Suite struct HostMachineTests {
    @Test func readsProcessorInformation() {
        let text = """
            processor\t: 0
            vendor_id\t: AuthenticAMD
            model name\t: AMD EPYC 9655: 96-Core
            flags\t\t: fpu sse2 fma avx2 avx512f

            processor\t: 1
            model name\t: another
            """
        let information = ProcessorInformation(text: text)
        #expect(information.modelName == "AMD EPYC 9655: 96-Core")
        #expect(information.vectorExtensions == ["avx2", "fma", "avx512f"])
    }

    @Test func readsArmFeatures() {
        let information = ProcessorInformation(text: "Features\t: fp asimd sve i8mm bf16\n")
        #expect(information.modelName == nil)
        #expect(information.vectorExtensions == ["asimd", "sve", "bf16", "i8mm"])
        #expect(ProcessorInformation(text: "") == ProcessorInformation(text: "no colon"))
    }

    @Test func readsCacheSizes() {
        #expect(HostMachine.cacheSize("32768K\n") == 32 << 20)
        #expect(HostMachine.cacheSize("512") == 512)
        #expect(HostMachine.cacheSize("2M") == 2 << 20)
        #expect(HostMachine.cacheSize("") == nil)
        #expect(HostMachine.cacheSize("0K") == nil)
        #expect(HostMachine.cacheSize("3Q") == nil)
    }

    @Test func describesThisMachine() {
        let machine = HostMachine.current()
        #expect(machine.cores >= 1)
        #expect(machine.memoryBytes > 100 << 20)
        #expect(machine.lastLevelCacheBytes >= 1 << 10)
        #expect(!machine.system.isEmpty && !machine.blasCore.isEmpty)
        #expect(machine.blasConfiguration.contains("OpenBLAS"))
        #expect(machine == HostMachine.current())
    }

    private static let skylake = ["avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"]

    @Test func advisesWhereTheLibraryIsOlderThanTheProcessor() throws {
        var machine = HostMachine.current()
        machine.vectorExtensions = Self.skylake
        machine.blasCore = "Haswell"
        #expect(machine.fasterCore == "SkylakeX")
        let advice = try #require(machine.advice(requested: nil))
        #expect(advice.contains("its Haswell kernels") && advice.contains("OPENBLAS_CORETYPE=SkylakeX"))
        // Where the environment made the choice, the advice is to take it back.
        let other = try #require(machine.advice(requested: "haswell"))
        #expect(other.contains("says OPENBLAS_CORETYPE=haswell; without it") && !other.contains("SkylakeX"))
        let requested = OpenBLAS.requestedCore
        #expect(machine.advice == machine.advice(requested: requested))
        #expect(requested == nil || machine.advice?.contains("OPENBLAS_CORETYPE=\(requested ?? "")") == true)
        machine.blasCore = "SkylakeX"
        #expect(machine.fasterCore == nil && machine.advice == nil)
        machine.blasCore = "Haswell"
        machine.vectorExtensions = ["avx2"]
        #expect(machine.fasterCore == nil && machine.advice == nil)
    }

    /// A processor that lacks any one extension of the family would stop at its first instruction.
    @Test(arguments: ["avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"])
    func advisesNothingThatCannotRun(missing: String) {
        var machine = HostMachine.current()
        machine.blasCore = "Haswell"
        machine.vectorExtensions = Self.skylake.filter { $0 != missing }
        #expect(machine.fasterCore == nil)
    }

    /// Kernels that already use AVX-512, or of another architecture, are left alone.
    @Test(arguments: ["SkylakeX", "Cooperlake", "SapphireRapids", "NEOVERSEN1", "unknown"])
    func leavesOtherKernelsAlone(core: String) {
        var machine = HostMachine.current()
        machine.blasCore = core
        machine.vectorExtensions = Self.skylake
        #expect(machine.fasterCore == nil)
    }

    @Test func readsTheExtensionsOfTheFamily() {
        let text = "flags\t: sse2 avx512vl avx512dq avx512bw avx512cd avx512f fma avx2 pku\n"
        #expect(ProcessorInformation(text: text).vectorExtensions == Self.skylake)
    }

    @Test func namesTheLibrary() {
        var machine = HostMachine.current()
        machine.blasCore = "Zen"
        #expect(machine.library(threads: 1) == "OpenBLAS \(OpenBLAS.version) Zen fp32, 1 thread")
        #expect(machine.library(threads: 2).hasSuffix("2 threads"))
        #expect(OpenBLAS.configuration.contains(OpenBLAS.version))
    }

    @Test func slugsAreNames() {
        #expect(HostCalibration.slug("AMD EPYC 9655 96-Core") == "amd-epyc-9655-96-core")
        #expect(HostCalibration.slug("Intel(R) Xeon(R) @ 2.0GHz") == "intel-r-xeon-r-2-0ghz")
        #expect(HostCalibration.slug("—") == "host")
    }
}

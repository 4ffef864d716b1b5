import PerformanceModel
import Testing

/// The catalogue against a second transcription of the specifications, figure by figure.
@Suite struct DeviceFigureTests {
    struct Expected: Sendable {
        var name: String
        /// MiB, GB/s, 10¹² operations per second in 16 and 8 bits, GB/s of the link one way, watts.
        var memory, bandwidth, half: Double
        var fp8: Double?
        var int8: Double?
        var link, watts: Double
    }

    static let sheet: [Expected] = [
        Expected(name: "T4", memory: 15_360, bandwidth: 320, half: 65, int8: 130, link: 15.75, watts: 70),
        Expected(name: "A10G", memory: 22_888, bandwidth: 600, half: 70, int8: 140, link: 31.5, watts: 300),
        Expected(name: "L4", memory: 22_888, bandwidth: 300, half: 121, fp8: 242, int8: 242, link: 31.5, watts: 72),
        Expected(name: "L40S", memory: 46_068, bandwidth: 864, half: 362, fp8: 733, int8: 733, link: 31.5, watts: 350),
        Expected(name: "A100-40GB", memory: 40_960, bandwidth: 1_555, half: 312, int8: 624, link: 300, watts: 400),
        Expected(name: "A100-80GB", memory: 81_920, bandwidth: 2_039, half: 312, int8: 624, link: 300, watts: 400),
        Expected(
            name: "H100-SXM", memory: 81_559, bandwidth: 3_350, half: 989, fp8: 1_979, int8: 1_979, link: 450,
            watts: 700),
        Expected(
            name: "H100-PCIe", memory: 81_559, bandwidth: 2_000, half: 756, fp8: 1_513, int8: 1_513, link: 63,
            watts: 350),
        Expected(
            name: "H100-NVL", memory: 95_830, bandwidth: 3_900, half: 835, fp8: 1_671, int8: 1_671, link: 300,
            watts: 400),
        Expected(
            name: "H200", memory: 143_771, bandwidth: 4_800, half: 989, fp8: 1_979, int8: 1_979, link: 450, watts: 700),
        Expected(
            name: "B200", memory: 183_359, bandwidth: 8_000, half: 2_250, fp8: 4_500, int8: 4_500, link: 900,
            watts: 1_000),
        Expected(
            name: "MI300X", memory: 196_608, bandwidth: 5_300, half: 1_307, fp8: 2_615, int8: 2_615, link: 448,
            watts: 750),
        Expected(name: "RTX-3090", memory: 24_576, bandwidth: 936, half: 71, int8: 284, link: 31.5, watts: 350),
        Expected(
            name: "RTX-4090", memory: 24_564, bandwidth: 1_008, half: 165, fp8: 330, int8: 660, link: 31.5, watts: 450),
        Expected(
            name: "RTX-5090", memory: 32_607, bandwidth: 1_792, half: 210, fp8: 419, int8: 838, link: 63, watts: 575),
        Expected(
            name: "RTX-6000-Ada", memory: 49_140, bandwidth: 960, half: 364, fp8: 728, int8: 728, link: 31.5, watts: 300
        ),
        Expected(
            name: "RTX-PRO-6000", memory: 97_887, bandwidth: 1_792, half: 504, fp8: 1_007, int8: 1_007, link: 63,
            watts: 600),
    ]

    @Test(arguments: sheet)
    func figuresMatchTheSheet(expected: Expected) throws {
        let device = try Device.named(expected.name)
        func close(_ figure: Figure?, _ value: Double?, _ unit: Double) -> Bool {
            guard let figure, let value else { return figure == nil && value == nil }
            return abs(figure.value / (value * unit) - 1) < 0.005
        }
        #expect(device.memoryBytes == Int(expected.memory) * 1_048_576)
        #expect(close(device.bandwidth, expected.bandwidth, 1e9))
        #expect(close(device.compute.half, expected.half, 1e12))
        #expect(close(device.compute.fp8, expected.fp8, 1e12))
        #expect(close(device.compute.int8, expected.int8, 1e12))
        #expect(close(device.interconnect.bytesPerSecond, expected.link, 1e9))
        #expect(close(device.power, expected.watts, 1))
    }

    /// Vendors quote sparse rates at twice the dense ones, and GeForce halves the rate with 32-bit accumulation.
    @Test func noSparseRateSlippedIn() {
        for device in Device.all where device.kind == .gpu {
            guard let half = device.compute.half else { continue }
            if let fp8 = device.compute.fp8 { #expect(abs(fp8.value / half.value - 2) < 0.05, "\(device.name)") }
            #expect(half.value / device.bandwidth.value < 700, "\(device.name)")
        }
    }

    /// Peak bandwidth of a socket: channels × mega-transfers × 8 bytes.
    @Test(arguments: [
        ("EPYC-Milan", 204.8), ("EPYC-Genoa", 460.8), ("EPYC-Turin", 576.0), ("Xeon-SPR", 307.2), ("Xeon-EMR", 358.4),
        ("Xeon-GNR", 614.4), ("Graviton4", 537.6),
    ])
    func socketBandwidth(name: String, gigabytes: Double) throws {
        #expect(abs(try Device.named(name).bandwidth.value / 1e9 - gigabytes) < 0.01)
    }

    @Test func confidencesAreOrdered() {
        #expect(Confidence.allCases == Confidence.allCases.sorted())
        #expect(Confidence.measured < .fitted && Confidence.recalled < .assumed)
        #expect([Confidence.specified, .assumed, .fitted].max() == .assumed)
    }
}

import Primitives

/// How far a device's kernels stay behind its spec sheet: factors on ideal times, and fixed times per call.
///
/// A kernel takes `launch + rows·rowFactor/bandwidth + ‖(operations·operationFactor/rate,
/// bytes·byteFactor/bandwidth)‖_p` with rate and bandwidth from the sheet. A factor of 1.25 is an efficiency of 80 %;
/// factors below 1 mean a sheet rate that is exceeded (boost clock) or traffic that caches absorb.
struct DeviceEfficiency: Sendable {
    /// Factors of one kernel.
    struct Law: Hashable, Sendable {
        /// Nanoseconds per call.
        var launch: Double
        var byteFactor: Double
        var operationFactor: Double
        var rowFactor: Double
        var overlap: KernelFit.Overlap
        /// Median absolute relative error over the table the factors were fitted to; `nil` when assumed.
        var error: Double?
        /// The table or the assumption.
        var source: String
        /// What the law leaves over by the number of rows: tiles and waves. 1 everywhere where no table says more.
        var curve = RowCurve.flat
        /// Matrices of common models that were timed themselves.
        var measured = MeasuredProducts.none

        /// `microseconds` per call; factors on ideal times.
        init(
            _ microseconds: Double, byte: Double, operation: Double = 1, row: Double = 0,
            join overlap: KernelFit.Overlap = .sum, error: Double? = nil, from source: String
        ) {
            launch = microseconds * 1_000
            byteFactor = byte
            operationFactor = operation
            rowFactor = row
            self.overlap = overlap
            self.error = error
            self.source = source
        }

        /// The same law times `factors` at 1, 2, 4, … rows.
        func curved(_ factors: [Double]) -> Self {
            var copy = self
            copy.curve = RowCurve(factors: factors)
            return copy
        }

        /// The same law, save for `products` that were timed.
        func knowing(_ products: MeasuredProducts) -> Self {
            var copy = self
            copy.measured = products
            return copy
        }
    }

    /// Device the factors were fitted on.
    var device: String
    /// Matrix products in 16 bits.
    var matrices: Law
    /// Matrix products in 8 bits; `nil` when no table covers them: the 16-bit factors serve.
    var eightBit: Law?
    var experts: Law
    var prefill: Law
    var decode: Law
    var elementwise: Law
    /// `operationFactor` is nanoseconds per further rank here, `byteFactor` is on the link's bandwidth.
    var allReduce: Law
    /// The same for two ranks where vLLM has its own kernel for them besides NCCL; `nil` = ``allReduce``.
    var pairReduce: Law?
    /// Factor on decode attention's time per byte with a cache in 8 bits: 2 where halving the bytes saves nothing.
    var eightBitCache = 1.0
}

/// A factor by number of rows, linear in the logarithm between powers of two.
struct RowCurve: Hashable, Sendable {
    /// At 1, 2, 4, … rows; beyond the last that one. Never empty.
    let factors: [Double]

    static let flat = RowCurve(factors: [1])

    /// The factor at `rows` ≥ 1 rows.
    func factor(rows: Int) -> Double {
        let below = Int.bitWidth - 1 - max(1, rows).leadingZeroBitCount
        guard below < factors.count - 1 else { return factors[factors.count - 1] }
        let share = Mathematics.log(Double(max(1, rows)) / Double(1 << below)) / Mathematics.log(2)
        return factors[below] + share * (factors[below + 1] - factors[below])
    }
}

extension DeviceEfficiency {
    /// The factors for `device`, and how well they are known: fitted on this device, taken over from another of its
    /// generation (derived), or from another generation (assumed).
    static func of(_ device: Device) -> (efficiency: DeviceEfficiency, confidence: Confidence) {
        if let own = table.first(where: { $0.device == device.name }) {
            return (own, device.kind == .cpu ? .assumed : .fitted)
        }
        let proxy = proxies.first { $0.device == device.name }?.like ?? fallback(device)
        let found = table.first { $0.device == proxy } ?? table[0]
        let sameGeneration = (try? Device.named(proxy))?.generation == device.generation && device.kind == .gpu
        return (found, sameGeneration ? .derived : .assumed)
    }

    private static func fallback(_ device: Device) -> String {
        let stacked = device.bandwidth.value > 1.2e12 && device.interconnect.kind != .pcie
        return switch device.generation {
        case .cpu: "CPU"
        case .volta, .turing: "A40"
        case .ampere: stacked ? "A100-80GB" : "A40"
        case .ada: "L40S"
        case .hopper, .cdna3: "H100-SXM"
        case .blackwell: stacked ? "B200" : "RTX-PRO-6000"
        }
    }

    private static let proxies: [(device: String, like: String)] = [
        ("H100-PCIe", "H100-SXM"), ("H100-NVL", "H100-SXM"), ("A100-40GB", "A100-80GB"),
        ("A100-80GB-PCIe", "A100-80GB"), ("A10", "A40"), ("A10G", "A40"), ("RTX-A6000", "A40"), ("L4", "L40S"),
        ("L40", "L40S"), ("RTX-6000-Ada", "L40S"), ("RTX-5090", "RTX-PRO-6000"), ("B300", "B200"),
        ("V100", "A100-80GB"), ("V100-32GB", "A100-80GB"), ("T4", "A40"), ("MI300X", "H100-SXM"),
    ]
}

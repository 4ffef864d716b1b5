import Testing

@testable import PerformanceModel

/// Products that were timed themselves.
@Suite struct MeasuredProductsTests {
    private let products: MeasuredProducts = [
        MeasuredProducts.Shape(outputs: 10, inputs: 20): MeasuredProducts.RowTimes(
            rows: [8, 16, 32], microseconds: [2, 3, 7])
    ]

    /// Below the first the first holds; between two, a line; beyond the last, in proportion to the law.
    @Test(arguments: [(1, 2_000.0), (8, 2_000), (12, 2_500), (16, 3_000), (17, 3_250), (32, 7_000), (64, 14_000)])
    func timesAreReadOffTheTable(rows: Int, nanoseconds: Double) {
        #expect(products.time(rows: rows, outputs: 10, inputs: 20) { Double($0) * 5 } == nanoseconds)
    }

    @Test func otherMatricesKeepTheirLaw() {
        #expect(products.time(rows: 8, outputs: 20, inputs: 10) { _ in 1 } == nil)
        #expect(MeasuredProducts.none.time(rows: 8, outputs: 10, inputs: 20) { _ in 1 } == nil)
    }

    /// The down projection of Llama-3.1-8B steps up behind 256 rows, as its table does; H100 has no such table.
    @Test func tablesServeTheirOwnDeviceInSixteenBits() throws {
        let device = try Device.named("RTX-4090")
        let kernels = StepKernels(device: device, precision: .bf16)
        let shape = KernelShape.gemm(m: 512, n: 4_096, k: 14_336)
        #expect(kernels.matrices.measured != .none && kernels.plain.measured != .none)
        #expect(StepKernels(device: device, precision: .int8).matrices.measured == .none)
        #expect(StepKernels(device: try Device.named("H100-SXM"), precision: .bf16).matrices.measured == .none)
        #expect(kernels.matrices.time(shape) > kernels.matrices.time(.gemm(m: 256, n: 4_096, k: 14_336)))
    }

    /// The tables say what halving the cache's bytes saves: nearly all on B200, half of it on H100, nothing on H200.
    @Test(arguments: [("B200", 1.05), ("H100-SXM", 1.44), ("H200", 1.98), ("L40S", 1)])
    func eightBitCachesSaveWhatTheTablesSay(name: String, factor: Double) throws {
        let device = try Device.named(name)
        let plain = StepKernels(device: device, precision: .bf16).decode
        let narrow = StepKernels(device: device, precision: .bf16.caching(.fp8)).decode
        #expect(abs(narrow.perByte / plain.perByte - factor) < 1e-12 && narrow.elementBytes == 1)
    }
}

import PerformanceModel
import Testing

@testable import Kernels

@Suite struct KernelRatesTests {
    private func bench(threads: Int = 1) throws -> KernelBench {
        var sizes = KernelBench.Sizes()
        (sizes.hidden, sizes.outputs, sizes.prefillTokens, sizes.context) = (256, 128, 40, 20)
        return try KernelBench(threads: threads, sizes: sizes, memoryBytes: 1 << 20)
    }

    /// Every case a rate in every round, against a limit of the same round.
    @Test(arguments: [1, 3])
    func everyCaseHasItsShares(rounds: Int) throws {
        let bench = try bench()
        var seen: [(Int, Int)] = []
        let result = bench.run(rounds: rounds) { seen.append(($0, $1)) }
        #expect(seen.map(\.0) == Array(1...bench.cases.count * rounds))
        #expect(Set(seen.map(\.1)) == [bench.cases.count * rounds])
        #expect(result.rates.map(\.kernel) == bench.cases.map(\.name))
        for rate in result.rates {
            #expect(rate.shares.count == rounds && rate.shares == rate.shares.sorted())
            #expect(rate.rate > 0 && rate.shares.allSatisfy { $0 > 0 && $0.isFinite })
            #expect((rate.shares[0]...rate.shares[rounds - 1]).contains(rate.share))
        }
        #expect(result.limits.gemmOperationsPerSecond > 0 && result.limits.copyBytesPerSecond > 0)
    }

    /// The bars are those that the kernels are asked for.
    @Test func bars() throws {
        let cases = try bench().cases
        #expect(cases.filter { $0.bar == 0.85 }.map(\.point.format) == WeightLayout.formats)
        #expect(cases.filter { $0.bar == 0.85 }.allSatisfy { $0.limit == .product })
        #expect(cases.filter { $0.bar == 0.8 }.map(\.point) == [.gemm(m: 1, n: 128, k: 256)])
        let proportions = cases.filter { $0.bar == 0.7 }
        #expect(
            proportions.map(\.point.format) == [.int8, .int4] && proportions.allSatisfy { $0.limit == .proportion })
        #expect(cases.count { $0.bar == nil } == 10)
    }

    /// Amounts by hand: operations of a product, bytes moved by a decode step; int8 of a quarter of the weights' bytes
    /// ought to flow as fast as fp32 did in that round.
    @Test func sharesByHand() throws {
        let limits = MachineLimits(
            gemmOperationsPerSecond: 100, copyBytesPerSecond: 10, readBytesPerSecond: 12)
        func one(_ point: CalibrationGrid.Point, _ limit: KernelRate.Limit) -> KernelBench.Case {
            .init(name: "", point: point, limit: limit, bar: nil)
        }
        let product = one(.gemm(m: 2, n: 3, k: 5, format: .int4), .product)
        #expect(product.amount == 60 && product.limit(limits, fp32: [:]) == 100)
        let decode = one(.gemm(m: 1, n: 3, k: 8), .copy)
        #expect(decode.amount == 4 * 24 + 4 * 11 && decode.limit(limits, fp32: [1: 7]) == 10)
        let bytes = one(.gemm(m: 1, n: 3, k: 8, format: .int8), .proportion)
        #expect(bytes.amount == 24 + 4 * 11 && bytes.limit(limits, fp32: [1: 7]) == 7)
    }

    @Test func middles() {
        func rate(_ shares: [Double], bar: Double?) -> KernelRate {
            KernelRate(kernel: "k", format: .fp32, rate: 1, limit: .copy, shares: shares, bar: bar)
        }
        #expect(rate([0.1, 0.8, 0.9], bar: 0.8).share == 0.8 && rate([0.1, 0.8, 0.9], bar: 0.8).isReached)
        #expect(!rate([0.5, 0.7], bar: 0.61).isReached && rate([0.5, 0.7], bar: nil).isReached)
        let all = [3.0, 1, 2].map {
            MachineLimits(gemmOperationsPerSecond: $0, copyBytesPerSecond: 2 * $0, readBytesPerSecond: 5 - $0)
        }
        let middle = MachineLimits(middleOf: all)
        #expect(middle == MachineLimits(gemmOperationsPerSecond: 2, copyBytesPerSecond: 4, readBytesPerSecond: 3))
    }

    @Test func moreThreadsThanProcessors() {
        let error = #expect(throws: KernelError.self) { try KernelBench(threads: 100_000) }
        #expect(error?.description.hasPrefix("`100000` threads do not fit this machine of") == true)
    }
}

@Suite struct TimingOutlierTests {
    @Test func outliersAreFarAboveTheRest() {
        #expect(TimingSample([10, 10, 10, 10]).outliers == 0)
        #expect(TimingSample([10, 11, 12, 13, 100]).outliers == 1)
        #expect(TimingSample([10, 11, 12, 13, 14]).outliers == 0)
        #expect(TimingSample([1]).outliers == 0)
        #expect(TimingSample([1, 10, 10, 10, 10]).outliers == 0)
    }
}

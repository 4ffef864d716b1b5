import Primitives
import Testing

@testable import PerformanceModel

@Suite struct DeviceProfileFitTests {
    /// Times made by a known law.
    private func synthetic(
        _ shapes: [KernelShape], _ format: NumberFormat = .fp32, noise: Double = 0, _ law: (KernelWork) -> Double
    ) -> [KernelMeasurement] {
        let key = RandomKey(seed: 3).derived("noise")
        return shapes.enumerated().map { index, shape in
            var row = KernelMeasurement(shape: shape, format: format, medianNanoseconds: 1, samples: 5)
            row.medianNanoseconds = law(row.work) * (1 + noise * (2 * key.uniform(UInt64(index)) - 1))
            return row
        }
    }

    private var products: [KernelShape] {
        [1, 2, 4, 8, 16, 64, 256, 1_024].flatMap { m in
            [(512, 512), (2_048, 512), (512, 2_048), (4_096, 2_048)].map { .gemm(m: m, n: $0.0, k: $0.1) }
        }
    }

    private func law(_ work: KernelWork, _ overlap: KernelFit.Overlap) -> Double {
        800 + 0.05 * work.rows + overlap.join(0.02 * work.operations, 0.1 * work.streamed)
    }

    @Test(arguments: KernelFit.Overlap.allCases)
    func aKnownLawIsFoundAgain(overlap: KernelFit.Overlap) throws {
        let fits = DeviceProfile.fit(measurements: synthetic(products) { law($0, overlap) })
        let fit = try #require(fits.first)
        #expect(fits.count == 1 && fit.overlap == overlap)
        #expect(abs(fit.perOperation / 0.02 - 1) < 1e-3 && abs(fit.perByte / 0.1 - 1) < 1e-3)
        #expect(abs(fit.overhead / 800 - 1) < 0.02 && abs(fit.perRowByte / 0.05 - 1) < 0.02)
        let error = try #require(fit.heldOut)
        #expect(error.maximum < 2e-3)
    }

    @Test func aThirdIsHeldOutByIndex() throws {
        let fit = try #require(DeviceProfile.fit(measurements: synthetic(products) { law($0, .sum) }).first)
        #expect(fit.fitted.count + (fit.heldOut?.count ?? 0) == 32)
        #expect((0..<12).filter { HoldOut.third.keepsOut($0) } == [2, 5, 7, 10])
        #expect(!(0..<100).contains { HoldOut.none.keepsOut($0) })
    }

    /// Whatever the period of a grid, each of its columns is held out about a third of the time.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 8, 12])
    func holdOutKeepsStepWithNoGrid(period: Int) {
        for phase in 0..<period {
            let kept = stride(from: phase, to: 1_200, by: period).count { HoldOut.third.keepsOut($0) }
            let share = Double(kept) / (1_200 / Double(period))
            #expect(abs(share - 1.0 / 3) < 0.06, "period \(period), phase \(phase): \(share)")
        }
    }

    /// Spoiling only held-out rows must not move a coefficient, but must show in the held-out error.
    @Test func heldOutRowsDecideNothing() throws {
        let clean = synthetic(products) { law($0, .square) }
        var spoiled = clean
        for index in spoiled.indices where HoldOut.third.keepsOut(index) { spoiled[index].medianNanoseconds *= 2 }
        var (a, b) = (DeviceProfile.fit(measurements: clean)[0], DeviceProfile.fit(measurements: spoiled)[0])
        #expect(abs((b.heldOut?.median ?? 0) - 0.5) < 1e-2)
        (a.heldOut, b.heldOut) = (nil, nil)
        #expect(a == b)
    }

    @Test func noiseOfTenPercentLeavesTheLawWithinAFew() throws {
        let fit = try #require(
            DeviceProfile.fit(measurements: synthetic(products, noise: 0.1) { law($0, .square) }).first)
        let error = try #require(fit.heldOut)
        #expect(error.median < 0.08 && error.maximum < 0.2 && error.median <= error.mean + 0.05)
        #expect(abs(fit.perOperation / 0.02 - 1) < 0.1)
    }

    @Test func kernelsAndFormatsAreFittedApart() {
        let rows =
            synthetic(products) { law($0, .sum) } + synthetic(products, .int8) { 2 * law($0, .sum) }
            + synthetic((1...9).map { .elementwise(bytes: $0 << 16) }) { 50 + 0.2 * $0.streamed }
            + synthetic((0...8).map { .stepOverhead(sequences: $0 * 16) }) { 1_000 + 7 * $0.rows }
        let fits = DeviceProfile.fit(measurements: rows)
        #expect(fits.map(\.kernel) == [.gemm, .gemm, .elementwise, .stepOverhead])
        #expect(fits.map(\.format) == [.fp32, .int8, .fp32, .fp32])
        #expect(abs(fits[2].perByte - 0.2) < 1e-6 && abs(fits[3].perRowByte - 7) < 1e-6)
        #expect(fits == DeviceProfile.fit(measurements: rows))
    }

    @Test func attentionLaws() throws {
        let decodes = [1, 4, 16].flatMap { sequences in
            [64, 512, 4_096, 16_384].map {
                KernelShape.decodeAttention(sequences: sequences, context: $0, heads: 32, kvHeads: 8, headDim: 128)
            }
        }
        let prefills = [16, 128, 512, 2_048].flatMap { tokens in
            [0, 256, 4_096].map {
                KernelShape.prefillAttention(tokens: tokens, cached: $0, heads: 32, kvHeads: 8, headDim: 128)
            }
        }
        let rows =
            synthetic(decodes) { 3_000 + 0.5 * $0.rows + 0.08 * $0.streamed }
            + synthetic(prefills) { 5_000 + 0.01 * $0.operations + 0.3 * $0.rows }
        let fits = DeviceProfile.fit(measurements: rows)
        for fit in fits { #expect((fit.heldOut?.maximum ?? 1) < 1e-3, "\(fit.kernel)") }
    }

    @Test func tooFewRowsHoldNothingOut() throws {
        let fit = try #require(DeviceProfile.fit(measurements: synthetic([.elementwise(bytes: 64)]) { _ in 10 }).first)
        #expect(fit.heldOut == nil && fit.fitted.count == 1)
        #expect(abs(fit.time(.elementwise(bytes: 64)) - 10) < 1e-6)
    }

    @Test func errorSummaries() {
        #expect(ErrorSummary([]) == nil)
        #expect(ErrorSummary([0.75, 0.25, 0.5]) == ErrorSummary(count: 3, median: 0.5, mean: 0.5, maximum: 0.75))
        #expect(ErrorSummary([4, 1, 3, 2])?.median == 2.5)
    }

    /// 2·4·6·5 operations, 6·5 weights, 4·(6 + 5) activations.
    @Test func countsByHand() {
        let product = KernelShape.gemm(m: 4, n: 6, k: 5).work(weightBytes: 1, elementBytes: 2)
        #expect(product == KernelWork(operations: 240, streamed: 30, rows: 88))
        // Three new tokens after two: 3·2 + 1+2+3 = 12 pairs; 4·12·8 operations; 2·5·4 cached elements.
        let prefill = KernelShape.prefillAttention(tokens: 3, cached: 2, heads: 2, kvHeads: 1, headDim: 4)
        #expect(prefill.work(weightBytes: 0, elementBytes: 1) == KernelWork(operations: 384, streamed: 40, rows: 48))
        let ring = KernelShape.allReduce(ranks: 4, bytes: 100).work(weightBytes: 0, elementBytes: 0)
        #expect(ring == KernelWork(operations: 3, streamed: 150))
    }
}

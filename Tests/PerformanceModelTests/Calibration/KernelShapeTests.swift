import Foundation
import Testing

@testable import PerformanceModel

@Suite struct KernelShapeTests {
    static let shapes: [KernelShape] = [
        .gemm(m: 2, n: 3, k: 4), .prefillAttention(tokens: 5, cached: 6, heads: 8, kvHeads: 4, headDim: 16),
        .decodeAttention(sequences: 7, context: 9, heads: 8, kvHeads: 4, headDim: 16), .elementwise(bytes: 1_000),
        .allReduce(ranks: 4, bytes: 64), .stepOverhead(sequences: 3), .requestOverhead,
    ]

    @Test func everyKernelHasAShapeHere() { #expect(Set(Self.shapes.map(\.kernel)) == Set(Kernel.allCases)) }

    @Test(arguments: shapes)
    func rowsSurviveJSON(shape: KernelShape) throws {
        let row = KernelMeasurement(shape: shape, format: .int8, medianNanoseconds: 12.5, samples: 4)
        let data = try JSONEncoder().encode(row)
        #expect(try JSONDecoder().decode(KernelMeasurement.self, from: data) == row)
    }

    @Test(arguments: shapes)
    func dimensionsRebuildTheShape(shape: KernelShape) {
        let sizes = Dictionary(uniqueKeysWithValues: shape.dimensions.map { ($0.name, $0.value) })
        #expect(KernelShape(shape.kernel) { sizes[$0] ?? -1 } == shape)
    }

    /// Decode attention is prefill's last row: one query over the whole context, per sequence.
    @Test func decodeIsPrefillOfOneToken() {
        let decode = KernelShape.decodeAttention(sequences: 1, context: 100, heads: 8, kvHeads: 2, headDim: 64)
        let prefill = KernelShape.prefillAttention(tokens: 1, cached: 99, heads: 8, kvHeads: 2, headDim: 64)
        #expect(decode.work(weightBytes: 1, elementBytes: 2) == prefill.work(weightBytes: 1, elementBytes: 2))
    }

    /// A prompt in two chunks does the pairs of the whole, and reads the first chunk's cache once more.
    @Test func chunksDoTheSamePairs() {
        func work(_ tokens: Int, _ cached: Int) -> KernelWork {
            KernelShape.prefillAttention(tokens: tokens, cached: cached, heads: 2, kvHeads: 1, headDim: 8)
                .work(weightBytes: 0, elementBytes: 1)
        }
        let (whole, first, second) = (work(100, 0), work(60, 0), work(40, 60))
        #expect(first.operations + second.operations == whole.operations)
        #expect(first.rows + second.rows == whole.rows)
        #expect(first.streamed + second.streamed == whole.streamed + 60 * 16)
    }

    @Test(arguments: KernelFit.Overlap.allCases)
    func joinsAreNorms(overlap: KernelFit.Overlap) {
        #expect(abs(overlap.join(3, 0) - 3) < 1e-12 && abs(overlap.join(0, 4) - 4) < 1e-12)
        #expect(overlap.join(3, 4) == overlap.join(4, 3))
        #expect(overlap.join(3, 4) >= 4 && overlap.join(3, 4) <= 7)
        #expect(abs(overlap.join(6, 8) - 2 * overlap.join(3, 4)) < 1e-12)
    }

    @Test func joinsByHand() {
        #expect(KernelFit.Overlap.sum.join(3, 4) == 7 && KernelFit.Overlap.square.join(3, 4) == 5)
        #expect(KernelFit.Overlap.maximum.join(3, 4) == 4)
        #expect(abs(KernelFit.Overlap.fourth.join(3, 4) - 4.284_572) < 1e-6)
    }

    @Test func fitsPredictBySumOfTerms() {
        let fit = KernelFit(
            kernel: .gemm, format: .fp32, overhead: 10, perOperation: 1, perByte: 2, perRowByte: 3, overlap: .maximum,
            fitted: ErrorSummary(count: 0, median: 0, mean: 0, maximum: 0), heldOut: nil)
        // 2·1·2·3 = 12 operations; 24 weight bytes at 2; 1·5·4 row bytes at 3.
        #expect(fit.time(.gemm(m: 1, n: 2, k: 3)) == 10 + 60 + 48)
    }
}

import PerformanceModel
import Primitives
import Testing

@testable import SimulationCore

/// Where a run of decode steps crosses into the next bucket of a histogram: the closed form against a walk.
@Suite struct GapBucketTests {
    private func anchor(fixed: Double, slope: Double, context: Int, sequences: Int) -> DecodeAnchor {
        var anchor = DecodeAnchor()
        let line = DecodeLine(fixed: fixed, perContextToken: slope)
        anchor.set(time: 0, line: line, context: context, sequences: sequences)
        return anchor
    }

    private func walked(_ anchor: DecodeAnchor, below ceiling: Int64, from first: Int, to last: Int) -> Int {
        (first + 1..<last).first { anchor.gap($0) >= ceiling } ?? last
    }

    @Test func theEndOfABucketIsWhereAWalkFindsIt() {
        let key = RandomKey(seed: 7).derived("gap buckets")
        for trial in 0..<4_000 as Range<UInt64> {
            func draw(_ purpose: UInt64, below bound: UInt64) -> UInt64 { key.bits(trial * 8 + purpose) % bound }
            let slope = [0, 1e-9, 0.003, 0.5, 1, 40, 12_345.678][Int(draw(0, below: 7))]
            let anchor = anchor(
                fixed: Double(draw(1, below: 10_000_000)) + 1, slope: slope, context: Int(draw(2, below: 100_000)),
                sequences: 1 + Int(draw(3, below: 256)))
            let first = Int(draw(4, below: 50))
            let last = first + 1 + Int(draw(5, below: 400))
            let bucketEnd = LatencyHistogram.ceiling(ofBucketHolding: anchor.gap(first))
            for ceiling in [bucketEnd, anchor.gap(first) + 1, anchor.gap(last - 1), anchor.gap((first + last) / 2)]
            where ceiling > anchor.gap(first) {
                let found = anchor.steps(withGapBelow: ceiling, from: first, to: last)
                #expect(
                    found == walked(anchor, below: ceiling, from: first, to: last), "trial \(trial), ceiling \(ceiling)"
                )
            }
        }
    }

    /// Gaps 100, 110, 120, 130 of one sequence whose step costs 10 more for every token.
    @Test func handWorked() {
        let anchor = anchor(fixed: 100, slope: 10, context: 0, sequences: 1)
        #expect(anchor.steps(withGapBelow: 121, from: 0, to: 4) == 3)
        #expect(anchor.steps(withGapBelow: 120, from: 0, to: 4) == 2)
        #expect(anchor.steps(withGapBelow: 101, from: 0, to: 4) == 1)
        #expect(anchor.steps(withGapBelow: 131, from: 0, to: 4) == 4)
        #expect(anchor.steps(withGapBelow: 121, from: 2, to: 4) == 3)
    }
}

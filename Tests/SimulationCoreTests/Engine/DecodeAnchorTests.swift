import PerformanceModel
import Primitives
import Testing

@testable import SimulationCore

@Suite struct DecodeAnchorTests {
    private func anchor(_ dice: inout KeyedGenerator, whole: Bool) -> DecodeAnchor {
        func draw(_ limit: Double) -> Double {
            let value = dice.uniform() * limit
            return whole ? value.rounded() : value
        }
        let slope = dice.next() % 4 == 0 ? 0 : draw(500)
        let line = DecodeLine(fixed: 1 + draw(dice.next() % 2 == 0 ? 20 : 9_000_000), perContextToken: slope)
        var anchor = DecodeAnchor()
        let sequences = 1 + Int(dice.next() % 200)
        anchor.set(
            time: Int64(dice.next() % 1_000_000_000_000), line: line,
            context: sequences + Int(dice.next() % 200_000), sequences: sequences)
        return anchor
    }

    /// With whole nanoseconds nothing rounds: a boundary is the sum of the steps before it.
    @Test func boundariesAreSummedSteps() {
        var dice = RandomKey(seed: 11).generator()
        for trial in 0..<300 {
            let anchor = anchor(&dice, whole: true)
            var (time, context) = (anchor.time, anchor.context)
            for step in 0..<400 {
                #expect(anchor.boundary(step) == time, "trial \(trial), step \(step)")
                let gap = Int64(anchor.line.fixed) + Int64(anchor.line.perContextToken) * Int64(context)
                #expect(anchor.gap(step) == gap)
                time += gap
                context += anchor.sequences
            }
        }
    }

    /// Fractions: within a nanosecond of the exact series, and gaps never fall.
    @Test func boundariesRoundToTheNearest() {
        var dice = RandomKey(seed: 12).generator()
        for _ in 0..<300 {
            let anchor = anchor(&dice, whole: false)
            var exact = 0.0
            for step in 0..<300 {
                #expect(abs(Double(anchor.boundary(step) - anchor.time) - exact) < 0.501)
                #expect(anchor.gap(step) <= anchor.gap(step + 1))
                exact +=
                    anchor.line.fixed + anchor.line.perContextToken * Double(anchor.context + step * anchor.sequences)
            }
        }
    }

    /// The quadratic's answer is the linear search's, at boundaries, next to them and anywhere.
    @Test func arrivalsCutALeapWhereASearchWould() {
        var dice = RandomKey(seed: 13).generator()
        for trial in 0..<2_000 {
            var anchor = anchor(&dice, whole: trial % 2 == 0)
            anchor.done = Int(dice.next() % 50)
            anchor.planned = anchor.done + 1 + Int(dice.next() % 300)
            let target = anchor.done + Int(dice.next() % UInt64(anchor.planned - anchor.done + 1))
            for shift in [-1, 0, 1, anchor.gap(target) / 2] as [Int64] {
                let instant = max(anchor.boundary(target) + shift, anchor.boundary(anchor.done))
                var expected = anchor.done + 1
                while expected < anchor.planned, anchor.boundary(expected) < instant { expected += 1 }
                let actual = anchor.steps(reaching: instant)
                #expect(actual == expected, "trial \(trial), instant \(instant)")
            }
        }
    }

    @Test func theLineEndsAtItsLimit() {
        var dice = RandomKey(seed: 14).generator()
        for _ in 0..<500 {
            let (sequences, context) = (1 + Int(dice.next() % 9), Int(dice.next() % 1_000))
            let limit = Int(dice.next() % 1_200)
            var anchor = DecodeAnchor()
            let line = DecodeLine(fixed: 1, perContextToken: 1, contextLimit: limit)
            anchor.set(time: 0, line: line, context: context, sequences: sequences)
            anchor.done = Int(dice.next() % 5)
            var (steps, now) = (0, context + anchor.done * sequences)
            while now <= limit {
                steps += 1
                now += sequences
            }
            #expect(anchor.stepsOnLine() == steps)
        }
        var open = DecodeAnchor()
        open.set(time: 0, line: DecodeLine(fixed: 1, perContextToken: 1), context: 3, sequences: 2)
        #expect(open.stepsOnLine() == .max)
    }

    @Test func halvesRoundUp() {
        #expect([nearest(0.49), nearest(0.5), nearest(1.5), nearest(2.49)] == [0, 1, 2, 2])
    }
}

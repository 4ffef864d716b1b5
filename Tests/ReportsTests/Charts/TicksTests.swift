import Testing

@testable import Reports

@Suite struct TicksTests {
    @Test(arguments: [
        (0.0...10.0, 5, [0.0, 2, 4, 6, 8, 10]),
        (0...1, 4, [0, 0.25, 0.5, 0.75, 1]),
        (0...97, 5, [0, 20, 40, 60, 80]),
        (13...27, 5, [15, 20, 25]),
        (-5...5, 4, [-5, -2.5, 0, 2.5, 5]),
        (0...0.003, 3, [0, 0.001, 0.002, 0.003]),
    ])
    func linearKnownAnswers(range: ClosedRange<Double>, target: Int, expected: [Double]) {
        let ticks = Ticks.linear(range, target: target)
        #expect(ticks.count == expected.count, "\(ticks)")
        #expect(zip(ticks, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "\(ticks)")
    }

    @Test func linearTicksAreFewInsideAndEven() {
        var high = 1e-6
        for round in 0..<200 {
            high *= 1.17
            let low = round % 3 == 0 ? 0 : high * 0.3
            for target in 2...8 {
                let ticks = Ticks.linear(low...high, target: target)
                #expect(ticks.count <= target + 1, "\(low)...\(high) for \(target): \(ticks)")
                #expect(!ticks.isEmpty)
                #expect(ticks.allSatisfy { $0 >= low - high * 1e-9 && $0 <= high * (1 + 1e-9) })
                let steps = zip(ticks.dropFirst(), ticks).map { $0 - $1 }
                #expect(steps.allSatisfy { abs($0 - (steps.first ?? $0)) < high * 1e-9 })
            }
        }
    }

    @Test func anEmptyRangeHasItsValue() {
        #expect(Ticks.linear(3...3, target: 5) == [3])
        #expect(Ticks.linear(0...1, target: 0) == [0])
    }

    @Test(arguments: [(1.0, 1.0), (1.01, 2), (2.1, 2.5), (2.6, 5), (5.1, 10), (0.03, 0.05), (700, 1_000)])
    func niceSteps(least: Double, step: Double) {
        #expect(abs(Ticks.niceStep(atLeast: least) - step) < step * 1e-12)
    }

    @Test func logarithmicKnownAnswers() {
        #expect(Ticks.logarithmic(1...100) == [1, 2, 5, 10, 20, 50, 100])
        #expect(Ticks.logarithmic(3...40) == [5, 10, 20])
        #expect(Ticks.logarithmic(1...10_000) == [1, 10, 100, 1_000, 10_000])
        #expect(Ticks.logarithmic(0.5...5_000) == [1, 10, 100, 1_000])
        #expect(Ticks.logarithmic(0...10).isEmpty)
        #expect(Ticks.logarithmic(1...1e20).count <= 8)
    }

    @Test func timeUsesTheStepsOfClocks() {
        #expect(Ticks.time(until: 3_600, target: 6) == [0, 600, 1_200, 1_800, 2_400, 3_000, 3_600])
        #expect(Ticks.time(until: 86_400, target: 6) == [0, 21_600, 43_200, 64_800, 86_400])
        #expect(Ticks.time(until: 7 * 86_400, target: 7).count == 8)
        #expect(Ticks.time(until: 45, target: 5) == [0, 10, 20, 30, 40])
        #expect(Ticks.time(until: 0, target: 5) == [0])
        #expect(Ticks.time(until: 2, target: 4) == [0, 0.5, 1, 1.5, 2])
        for seconds in stride(from: 1.0, to: 4e6, by: 12_347) {
            #expect(Ticks.time(until: seconds, target: 6).count <= 7)
        }
    }

    @Test func timeLabelsFollowTheStep() {
        #expect(Ticks.timeLabel(0, step: 600) == "0")
        #expect(Ticks.timeLabel(1_200, step: 600) == "20 min")
        #expect(Ticks.timeLabel(21_600, step: 21_600) == "6 h")
        #expect(Ticks.timeLabel(172_800, step: 86_400) == "2 d")
        #expect(Ticks.timeLabel(0.5, step: 0.5) == "0.5 s")
        #expect(Ticks.timeLabel(90, step: 30) == "90 s")
    }
}

@Suite struct ScaleTests {
    @Test func linearPositions() {
        let scale = Scale(kind: .linear, domain: 0...10, from: 100, to: 0)
        #expect(scale.position(0) == 100)
        #expect(scale.position(2.5) == 75)
        #expect(scale.position(10) == 0)
        #expect(scale.position(11) == 0, "values stay inside")
        #expect(scale.position(-1) == 100)
    }

    @Test func logarithmicPositions() {
        let scale = Scale(kind: .logarithmic, domain: 1...100, from: 0, to: 200)
        #expect(scale.position(1) == 0)
        #expect(abs(scale.position(10) - 100) < 1e-9)
        #expect(abs(scale.position(100) - 200) < 1e-9)
        #expect(scale.position(0) == 0)
    }

    @Test func fitsLinearFromZeroOrLogarithmic() {
        let near = Scale.fitting([5, 10], from: 0, to: 1)
        #expect(near.kind == .linear)
        #expect(near.domain.lowerBound == 0)
        #expect(near.domain.upperBound > 10)
        let far = Scale.fitting([1, 1_000], from: 0, to: 1)
        #expect(far.kind == .logarithmic)
        #expect(far.domain.contains(1) && far.domain.contains(1_000))
        #expect(Scale.fitting([], from: 0, to: 1).domain == 0...1)
        #expect(Scale.fitting([0, 0], from: 0, to: 1).domain == 0...1)
        #expect(Scale.fitting([.nan, .infinity, 4], from: 0, to: 1).kind == .linear)
    }
}

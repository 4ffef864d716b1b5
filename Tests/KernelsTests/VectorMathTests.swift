import Foundation
import Primitives
import Testing

@testable import Kernels

@Suite struct VectorMathTests {
    @Test func exponentialIsWithinFourUlps() {
        for step in 0..<400 {
            let arguments = Lanes((0..<16).map { Float(-87) + Float(step * 16 + $0) * (175 / 6400) })
            let results = VectorMath.exponential(arguments)
            for lane in 0..<16 {
                let exact = exp(Double(arguments[lane]))
                let error = abs(Double(results[lane]) - exact) / exact
                #expect(error < 4 * Double(Float.ulpOfOne), "e^\(arguments[lane])")
            }
        }
    }

    @Test func exponentialKnowsOneAndClamps() {
        #expect(VectorMath.exponential(.zero)[0] == 1)
        let low = VectorMath.exponential(Lanes(repeating: -1000))[0]
        #expect(low > 0 && low < 1e-37)
        #expect(VectorMath.exponential(Lanes(repeating: -.infinity))[0] == low)
        let high = VectorMath.exponential(Lanes(repeating: 1000))[0]
        #expect(high > 1e38 && high.isFinite)
    }

    @Test(arguments: [1, 3, 15, 16, 17, 40])
    func reductionsSeeEveryElementAndNoMore(count: Int) {
        let values = randomMatrix(1, count + 1, seed: UInt64(count))
        values.pointer[count] = 1000
        let exact = (0..<count).map { Double(values.pointer[$0]) }
        let squares = Double(VectorMath.sumOfSquares(values.pointer, count: count))
        #expect(abs(squares - exact.reduce(0) { $0 + $1 * $1 }) <= tolerance(terms: count, magnitude: 1))
        #expect(Double(VectorMath.maximum(values.pointer, count: count)) == exact.max())
        VectorMath.scale(values.pointer, count: count, by: 2)
        #expect((0..<count).allSatisfy { Double(values.pointer[$0]) == exact[$0] * 2 })
        #expect(values.pointer[count] == 1000)
    }

    @Test(arguments: [1, 7, 16, 29])
    func softmaxSumsToOneAndHidesTheFuture(visible: Int) {
        let count = 32
        let scores = Matrix(rows: 1, columns: count, key: RandomKey(seed: 9), scale: 5)
        let exact = (0..<visible).map { exp(Double(scores.pointer[$0])) }
        let total = exact.reduce(0, +)
        Attention.softmax(scores.pointer, visible: visible, of: count)
        for index in 0..<visible {
            #expect(abs(Double(scores.pointer[index]) - exact[index] / total) < 1e-6)
        }
        #expect((visible..<count).allSatisfy { scores.pointer[$0] == 0 })
    }

    /// Scores far apart and far from zero neither overflow nor divide by zero.
    @Test func softmaxSurvivesExtremes() {
        let scores = Matrix(rows: 1, columns: 4)
        for (index, value) in ([-3e38, 1e4, 1e4 - 200, 3e37] as [Float]).enumerated() { scores.pointer[index] = value }
        Attention.softmax(scores.pointer, visible: 4, of: 4)
        #expect(scores.pointer[3] == 1)
        #expect((0..<3).allSatisfy { scores.pointer[$0] < 1e-30 })
    }
}

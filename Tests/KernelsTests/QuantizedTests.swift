import PerformanceModel
import Primitives
import Testing

@testable import Kernels

/// What a format may be off by.
enum Rounding {
    /// Largest |w − ŵ| of the weights of one group: half a step of the format.
    static func bound(_ format: NumberFormat, _ group: [Double]) -> Double {
        let (least, largest) = (min(0, group.min() ?? 0), max(0, group.max() ?? 0))
        // A scale is rounded up to bf16, which has eight bits of mantissa.
        let scale = 1 + 1.0 / 128
        switch format {
        case .bf16: return max(-least, largest) / 256
        case .int8: return max(-least, largest) / 127 / 2 * scale
        case .int4: return (largest - least) / 15 / 2 * scale
        default: return 0
        }
    }

    /// Largest error of a product of `x` with weights `w` in `format`: every weight off by as much as it may be, and
    /// sums in single precision of terms whose magnitudes add up to Σ|w·x|. Nibbles are summed before their zero point
    /// is taken off, up to fifteen steps of at most the group's span each.
    static func bound(_ format: NumberFormat, weights w: [Double], _ x: [Double]) -> Double {
        var sum = 0.0
        for first in stride(from: 0, to: w.count, by: WeightLayout.group) {
            let members = first..<min(first + WeightLayout.group, w.count)
            let span = (w[members].max() ?? 0) - (w[members].min() ?? 0) + (w[members].map(abs).max() ?? 0)
            let off = bound(format, Array(w[members])) * 1.0001
            for index in members { sum += abs(x[index]) * (off + 2 * span * 1e-7 * 12) }
        }
        return sum
    }
}

@Suite struct WeightMatrixTests {
    static let quantised: [NumberFormat] = [.bf16, .int8, .int4]

    /// Every weight is the nearest of its format, in whole groups and in the rest of a row.
    @Test(arguments: WeightLayout.formats, [1, 7, 127, 128, 129, 300])
    func weightsAreTheNearest(format: NumberFormat, columns: Int) {
        let values = Matrix(rows: 3, columns: columns, key: RandomKey(seed: 5), scale: 3)
        let weights = WeightMatrix(values, format: format)
        for row in 0..<3 {
            let (exact, stored) = (doubles(values, row: row), doubles(weights, row: row))
            for first in stride(from: 0, to: columns, by: 128) {
                let group = first..<min(first + 128, columns)
                let bound = Rounding.bound(format, Array(exact[group])) * 1.0001
                #expect(group.allSatisfy { abs(exact[$0] - stored[$0]) <= bound }, "row \(row) from \(first)")
            }
        }
        if format == .fp32 { #expect(doubles(weights, row: 2) == doubles(values, row: 2)) }
    }

    /// Numbers that a format holds exactly come back exactly.
    @Test func exactNumbers() {
        let values = Matrix(rows: 1, columns: 256)
        for column in 0..<256 { values[0, column] = Float(column % 16 - 8) }
        // Nibbles −8 … 7 with a scale of 1 and the zero point 8.
        #expect(doubles(WeightMatrix(values, format: .int4), row: 0) == doubles(values, row: 0))
        #expect(doubles(WeightMatrix(values, format: .bf16), row: 0) == doubles(values, row: 0))
        for column in 0..<256 { values[0, column] = Float(column % 255 - 127) }
        #expect(doubles(WeightMatrix(values, format: .int8), row: 0) == doubles(values, row: 0))
        let zeros = Matrix(rows: 2, columns: 130)
        for format in WeightLayout.formats {
            #expect(doubles(WeightMatrix(zeros, format: format), row: 1).allSatisfy { $0 == 0 })
        }
    }

    @Test func brainFloats() {
        // 1 + 2⁻⁸ lies between 1 and 1 + 2⁻⁷ and goes to the even one; a little more goes up.
        #expect(BrainFloat.value(BrainFloat.bits(nearest: 1.003_906_25)) == 1)
        #expect(BrainFloat.value(BrainFloat.bits(nearest: 1.003_95)) == 1.007_812_5)
        #expect(BrainFloat.value(BrainFloat.bits(nearest: -3)) == -3)
        #expect(BrainFloat.value(BrainFloat.bits(atLeast: 1)) == 1)
        #expect(BrainFloat.value(BrainFloat.bits(atLeast: 1.000_001)) == 1.007_812_5)
    }

    /// Bytes by hand: 3 rows of 200 inputs, two groups each.
    @Test(arguments: [
        (NumberFormat.fp32, 2400 + 32), (.bf16, 1200 + 16), (.int8, 768 + 12 + 52), (.int4, 384 + 12 + 6 + 46),
    ])
    func bytes(format: NumberFormat, count: Int) {
        let layout = WeightLayout(format, rows: 3, columns: 200)
        #expect(layout.byteCount == count)
        #expect(layout.scaleOffset % 64 == 0)
    }

    /// Per weight, large matrices take the bytes that the memory plan counts, but for the zero points' other nibble.
    @Test(arguments: [("int8", 0.0), ("int4", 4.0 / 128 / 8), ("bf16", 0)])
    func bytesAreThoseOfThePrecision(name: String, more: Double) throws {
        let precision = try Precision(named: name)
        let layout = WeightLayout(precision.weights, rows: 512, columns: 1024)
        #expect(abs(Double(layout.byteCount) / Double(512 * 1024) - precision.weightBytes - more) < 1e-4)
    }

    @Test func randomWeightsDifferByTheirRoundingAlone() {
        let matrices = WeightLayout.formats.map {
            WeightMatrix(WeightLayout($0, rows: 2, columns: 130), key: RandomKey(seed: 9), scale: 1)
        }
        for (format, matrix) in zip(WeightLayout.formats, matrices) {
            let bound = Rounding.bound(format, [-1, 1]) * 1.0001
            #expect(largestDifference(doubles(matrices[0], row: 1), doubles(matrix, row: 1)) <= bound)
        }
    }
}

@Suite struct QuantizedProductTests {
    private func product(
        _ x: Matrix, _ weights: WeightMatrix, unit: VectorUnit, outputs: Range<Int>? = nil, before: Float? = nil
    ) -> Matrix {
        let output = Matrix(rows: x.rows, columns: weights.layout.rows)
        output.pointer.update(repeating: before ?? -77, count: output.count)
        let problem = MatMul.Problem(
            input: x.pointer, output: output.pointer, rows: x.rows, weights: weights.slice, accumulate: before != nil,
            unit: unit)
        let all = outputs ?? 0..<weights.layout.rows
        if x.rows <= QuantizedProduct.mostRows {
            QuantizedProduct.fused(problem, outputs: all)
        } else {
            NarrowMatMul.multiply(problem, outputs: all)
        }
        return output
    }

    private func check(_ output: Matrix, _ x: Matrix, _ values: Matrix, _ format: NumberFormat, plus: Double = 0) {
        for row in 0..<x.rows {
            let input = doubles(x, row: row)
            for column in 0..<values.rows {
                let weights = doubles(values, row: column)
                let exact = zip(weights, input).reduce(plus) { $0 + $1.0 * $1.1 }
                let error = abs(Double(output[row, column]) - exact)
                #expect(error <= Rounding.bound(format, weights: weights, input), "\(row), \(column)")
            }
        }
    }

    /// Every format, vector width, number of rows and route with dequantised rows: against double precision and the
    /// weights before rounding, in whole groups, their rest, several blocks and an odd number of outputs.
    @Test(arguments: WeightMatrixTests.quantised, VectorUnit.available)
    func agreesWithDoublePrecision(format: NumberFormat, unit: VectorUnit) {
        for rows in [1, 2, 3, 4, 5, 9] {
            for k in [1, 100, 128, 256, 300, 4096 / rows + 200] {
                let (x, values) = (randomMatrix(rows, k, seed: 3), randomMatrix(5, k, seed: UInt64(k)))
                let weights = WeightMatrix(values, format: format)
                check(product(x, weights, unit: unit), x, values, format)
                check(product(x, weights, unit: unit, before: 10), x, values, format, plus: 10)
            }
        }
    }

    /// The widths differ in the order of their sums alone.
    @Test(arguments: WeightMatrixTests.quantised, VectorUnit.available)
    func widthsAgree(format: NumberFormat, unit: VectorUnit) {
        for rows in [1, 2, 3, 4, 6] {
            let (x, values) = (randomMatrix(rows, 1000, seed: 4), randomMatrix(7, 1000, seed: 6))
            let weights = WeightMatrix(values, format: format)
            let (portable, wide) = (product(x, weights, unit: .baseline), product(x, weights, unit: unit))
            for row in 0..<rows {
                let off = largestDifference(doubles(portable, row: row), doubles(wide, row: row))
                #expect(off <= tolerance(terms: 1000, magnitude: format == .int4 ? 4 : 1))
            }
        }
    }

    /// Dequantising is exact to the last bit in every width: one multiplication of numbers of few bits.
    @Test(arguments: WeightMatrixTests.quantised, VectorUnit.available)
    func widthsDequantiseTheSame(format: NumberFormat, unit: VectorUnit) {
        let weights = WeightMatrix(randomMatrix(3, 777, seed: 7), format: format)
        for (first, count) in [(0, 777), (0, 100), (128, 649), (640, 137), (256, 128)] {
            let target = Matrix(rows: 1, columns: 800)
            weights.slice.dequantise(row: 1, first: first, count: count, into: target.pointer, unit: unit)
            let expected = Array(weights.values(row: 1)[first..<first + count])
            #expect((0..<count).map { target.pointer[$0] } == expected)
            #expect(target.pointer[count] == 0)
        }
    }

    /// A part of the outputs writes its columns and no others.
    @Test(arguments: WeightMatrixTests.quantised, VectorUnit.available)
    func rangesOfOutputs(format: NumberFormat, unit: VectorUnit) {
        let (x, values) = (randomMatrix(2, 260, seed: 8), randomMatrix(6, 260, seed: 9))
        let weights = WeightMatrix(values, format: format)
        let whole = product(x, weights, unit: unit)
        for first in 0..<6 {
            for last in first...6 {
                let part = product(x, weights, unit: unit, outputs: first..<last)
                for index in 0..<12 {
                    let isInside = (first..<last).contains(index % 6)
                    #expect(part.pointer[index] == (isInside ? whole.pointer[index] : -77))
                }
            }
        }
    }

    /// Through the front door: every route, also panels for OpenBLAS, on one thread and several.
    @Test(arguments: WeightLayout.formats, [1, 2, 3])
    func routesAgreeOnAnyThreads(format: NumberFormat, threads: Int) {
        let team = ThreadTeam(threads: threads)
        for rows in [1, 4, 5, MatMul.narrowLimit, MatMul.narrowLimit + 1, 70] {
            for (n, k) in [(1, 9), (40, 200), (33, 384)] {
                let (x, values) = (randomMatrix(rows, k, seed: 10), randomMatrix(n, k, seed: 11))
                let weights = WeightMatrix(values, format: format)
                let output = Matrix(rows: rows, columns: n)
                MatMul.multiply(x.pointer, rows: rows, by: weights.slice, into: output.pointer, on: team)
                check(output, x, values, format)
                MatMul.addProduct(x.pointer, rows: rows, by: weights.slice, to: output.pointer, on: team)
                for index in 0..<output.count { output.pointer[index] /= 2 }
                check(output, x, values, format)
            }
        }
    }

    /// More outputs than a panel holds.
    @Test func panelsJoin() {
        let k = 1 << 16
        let values = randomMatrix(40, k, seed: 12)
        let (weights, x) = (WeightMatrix(values, format: .int8), randomMatrix(33, k, seed: 13))
        #expect(QuantizedProduct.panelFloats / k < 20)
        let output = Matrix(rows: 33, columns: 40)
        MatMul.multiply(x.pointer, rows: 33, by: weights.slice, into: output.pointer, on: ThreadTeam(threads: 2))
        for (row, column) in [(0, 0), (5, 15), (6, 16), (32, 31), (31, 39)] {
            let (w, input) = (doubles(values, row: column), doubles(x, row: row))
            let exact = zip(w, input).reduce(0) { $0 + $1.0 * $1.1 }
            #expect(abs(Double(output[row, column]) - exact) <= Rounding.bound(.int8, weights: w, input))
        }
    }

    /// A processor runs its own widths: the portable one always, wider ones only with the narrower.
    @Test func unitsAreFoundAtRunTime() {
        #expect(VectorUnit.available.first == .baseline && VectorUnit.available.last == .best)
        #expect(VectorUnit.available == Array(VectorUnit.allCases.prefix(VectorUnit.available.count)))
        let extensions = HostMachine.current().vectorExtensions
        if extensions.contains("avx512bw"), extensions.contains("avx512vl") { #expect(VectorUnit.best == .widest) }
        if extensions.contains("avx2"), extensions.contains("fma") { #expect(VectorUnit.best != .baseline) }
    }
}

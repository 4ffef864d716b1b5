import Primitives
import Testing

@testable import Kernels

/// Products of small integers are exact in single precision whatever the order of the sums, so here every bit must be
/// right: a dropped remainder, a row added twice or a neighbour overwritten cannot hide in a tolerance.
@Suite struct ExactProductTests {
    /// Integers of −3 … 3 from a fixed pattern.
    static func integers(_ rows: Int, _ columns: Int, salt: Int) -> Matrix {
        let matrix = Matrix(rows: rows, columns: columns)
        for index in 0..<matrix.count { matrix.pointer[index] = Float((index * 37 + index / 11 + salt * 5) % 7 - 3) }
        return matrix
    }

    static func exact(_ input: Matrix, _ weights: Matrix, row: Int, column: Int) -> Float {
        var sum = 0
        for k in 0..<input.columns { sum += Int(input.row(row)[k]) * Int(weights.row(column)[k]) }
        return Float(sum)
    }

    /// A matrix with a row of marks before and after what a kernel may write.
    private struct Guarded {
        static let mark: Float = -77_777
        let store: Matrix
        let rows: Int

        init(rows: Int, columns: Int) {
            self.rows = rows
            store = Matrix(rows: rows + 2, columns: columns)
            store.pointer.update(repeating: Self.mark, count: store.count)
        }

        var pointer: UnsafeMutablePointer<Float> { store.row(1) }
        subscript(row: Int, column: Int) -> Float { store[row + 1, column] }

        var marksStand: Bool {
            (0..<store.columns).allSatisfy { store[0, $0] == Self.mark && store[rows + 1, $0] == Self.mark }
        }
    }

    private func product(_ input: Matrix, _ weights: Matrix, unit: VectorUnit) -> Guarded {
        let output = Guarded(rows: input.rows, columns: weights.rows)
        NarrowMatMul.multiply(
            .init(
                input: input.pointer, output: output.pointer, rows: input.rows, weights: weights.weights,
                accumulate: false, unit: unit), outputs: 0..<weights.rows)
        return output
    }

    @Test(arguments: Array(1...40), VectorUnit.available)
    func narrowProductOfEveryRowCount(rows: Int, unit: VectorUnit) {
        for (n, k) in [(1, 1), (2, 3), (5, 7), (7, 15), (9, 17), (3, 33), (11, 129)] {
            let (input, weights) = (Self.integers(rows, k, salt: rows), Self.integers(n, k, salt: n))
            let output = product(input, weights, unit: unit)
            #expect(output.marksStand, "n=\(n) k=\(k)")
            let wrong = (0..<rows * n).filter {
                output[$0 / n, $0 % n] != Self.exact(input, weights, row: $0 / n, column: $0 % n)
            }
            #expect(wrong.isEmpty, "n=\(n) k=\(k)")
        }
    }

    /// Inputs around one and two blocks: the second block adds to what the first wrote.
    @Test(arguments: VectorUnit.available, [-1, 0, 1, 7])
    func blocksJoin(unit: VectorUnit, extra: Int) {
        for blocks in 1...2 {
            let k = blocks * NarrowMatMul.blockLength + extra
            let (input, weights) = (Self.integers(5, k, salt: 1), Self.integers(3, k, salt: 2))
            let output = product(input, weights, unit: unit)
            for index in 0..<15 {
                #expect(output[index / 3, index % 3] == Self.exact(input, weights, row: index / 3, column: index % 3))
            }
        }
    }

    /// Both routes of the product, on both sides of the limit between them, accumulating or not, on 1 to 4 threads.
    @Test(arguments: [1, 2, 3, 4], [false, true])
    func bothRoutesOnAnyThreads(threads: Int, accumulate: Bool) {
        let team = ThreadTeam(threads: threads)
        let limit = MatMul.narrowLimit
        for rows in [1, 2, 3, limit - 1, limit, limit + 1, 2 * limit + 5] {
            for (n, k) in [(1, 9), (15, 16), (17, 31), (50, 65)] {
                let (input, weights) = (Self.integers(rows, k, salt: 3), Self.integers(n, k, salt: 4))
                let output = Guarded(rows: rows, columns: n)
                output.pointer.update(repeating: 10, count: rows * n)
                (accumulate ? MatMul.addProduct : MatMul.multiply)(
                    input.pointer, rows, weights.weights, output.pointer, team)
                let before: Float = accumulate ? 10 : 0
                let wrong = (0..<rows * n).filter {
                    output[$0 / n, $0 % n] != before + Self.exact(input, weights, row: $0 / n, column: $0 % n)
                }
                #expect(wrong.isEmpty && output.marksStand, "m=\(rows) n=\(n) k=\(k)")
            }
        }
    }

    /// Every single output range of the narrow product writes its columns and no others.
    @Test(arguments: VectorUnit.available)
    func rangesOfOutputs(unit: VectorUnit) {
        let (input, weights) = (Self.integers(3, 10, salt: 5), Self.integers(6, 10, salt: 6))
        for first in 0..<6 {
            for last in first...6 {
                let output = Matrix(rows: 3, columns: 6)
                output.pointer.update(repeating: 0.5, count: 18)
                NarrowMatMul.multiply(
                    .init(
                        input: input.pointer, output: output.pointer, rows: 3, weights: weights.weights,
                        accumulate: true, unit: unit), outputs: first..<last)
                for index in 0..<18 {
                    let (row, column) = (index / 6, index % 6)
                    let added = (first..<last).contains(column)
                    let sum = added ? Self.exact(input, weights, row: row, column: column) : 0
                    #expect(output[row, column] == 0.5 + sum, "\(first)..<\(last)")
                }
            }
        }
    }

    /// OpenBLAS must not start threads of its own under the team's, and no product may let it again.
    @Test func productsLeaveOpenBLASOneThread() {
        let (input, weights) = (Self.integers(70, 40, salt: 7), Self.integers(40, 40, salt: 8))
        let output = Matrix(rows: 70, columns: 40)
        MatMul.multiply(input.pointer, rows: 70, by: weights.weights, into: output.pointer, on: ThreadTeam(threads: 2))
        #expect(OpenBLAS.threads == 1)
    }
}

@Suite struct MatrixStorageTests {
    /// Every size is aligned to a line of 64 bytes and starts at zero, also the empty ones.
    @Test(arguments: [(0, 0), (0, 7), (7, 0), (1, 1), (1, 15), (3, 17), (17, 3), (5, 4096), (4097, 1)])
    func everySizeIsAlignedAndZero(rows: Int, columns: Int) {
        let matrices = (0..<3).map { _ in Matrix(rows: rows, columns: columns) }
        for matrix in matrices {
            #expect(UInt(bitPattern: matrix.pointer) % 64 == 0)
            #expect(matrix.count == rows * columns && matrix.rows == rows && matrix.columns == columns)
            #expect((0..<matrix.count).allSatisfy { matrix.pointer[$0] == 0 })
        }
        #expect(Set(matrices.map(\.pointer)).count == 3)
    }

    @Test func subscriptsAreRowMajor() {
        let matrix = Matrix(rows: 5, columns: 3)
        for row in 0..<5 { for column in 0..<3 { matrix[row, column] = Float(10 * row + column) } }
        #expect((0..<15).allSatisfy { matrix.pointer[$0] == Float(10 * ($0 / 3) + $0 % 3) })
        #expect((0..<5).allSatisfy { matrix.row($0) == matrix.pointer + 3 * $0 && matrix[$0, 2] == Float(10 * $0 + 2) })
    }

    /// Uniform in (−s, s): mean 0 and variance s² ÷ 3, each within four standard errors.
    @Test(arguments: [0.25, 1, 3] as [Float])
    func randomElementsAreUniform(scale: Float) {
        let count = 20_000
        let values = doubles(Matrix(rows: 1, columns: count, key: .init(seed: 71), scale: scale), row: 0)
        let (s, n) = (Double(scale), Double(count))
        let mean = values.reduce(0, +) / n
        let square = values.reduce(0) { $0 + $1 * $1 } / n
        #expect(abs(mean) < 4 * s / (3 * n).squareRoot())
        // The variance of x² is s⁴(1/5 − 1/9).
        #expect(abs(square - s * s / 3) < 4 * s * s * (4 / 45 / n).squareRoot())
        #expect(values.allSatisfy { abs($0) < s })
    }

    /// A layer's product keeps the variance of its inputs: weights of k inputs have the variance 1 ÷ k.
    @Test func layerWeightsKeepTheVariance() {
        let weights = DecoderLayer.matrix(.floats(rows: 64, columns: 300), .init(seed: 72))
        let square = (0..<64).flatMap { doubles(weights, row: $0) }.reduce(0) { $0 + $1 * $1 }
        #expect(abs(square / 19_200 * 300 - 1) < 0.03)
    }
}

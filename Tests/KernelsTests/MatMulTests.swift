import Primitives
import Testing

@testable import Kernels

@Suite struct MatMulTests {
    /// Every route (one row, narrow, wide), odd and even sizes, with and without remainders of four and eight.
    @Test(arguments: [1, 2, 3, 4, 5, 8, 9, 17, 33])
    func agreesWithDoublePrecision(rows: Int) {
        for (n, k) in [(1, 1), (3, 5), (16, 16), (33, 7), (40, 61)] {
            for threads in [1, 2, 3] { check(rows: rows, n: n, k: k, threads: threads) }
        }
    }

    private func check(rows: Int, n: Int, k: Int, threads: Int) {
        let input = randomMatrix(rows, k, seed: UInt64(rows * 1000 + k))
        let weights = randomMatrix(n, k, seed: UInt64(n * 77 + k))
        let output = Matrix(rows: rows, columns: n)
        let team = ThreadTeam(threads: threads)
        for (pass, accumulate) in [false, true].enumerated() {
            (accumulate ? MatMul.addProduct : MatMul.multiply)(
                input.pointer, rows, weights.weights, output.pointer, team)
            for row in 0..<rows {
                let expected = (0..<n).map { column in
                    (0..<k).reduce(0.0) { $0 + Double(input[row, $1]) * Double(weights[column, $1]) }
                        * Double(pass + 1)
                }
                let error = largestDifference(expected, doubles(output, row: row))
                #expect(
                    error <= tolerance(terms: k, magnitude: 2),
                    "m=\(rows) n=\(n) k=\(k) threads=\(threads) accumulate=\(accumulate) row \(row)")
            }
        }
    }

    /// The narrow product by itself: every instruction set that this processor has, every group of rows, rows longer
    /// than one block, and a part of the outputs that begins and ends off the pairs.
    @Test(arguments: VectorUnit.available, [1, 2, 3, 4, 5, 7, 8])
    func narrowProductAgrees(unit: VectorUnit, rows: Int) {
        for k in [5, 8, 24, NarrowMatMul.blockLength + 11] {
            let (input, weights) = (randomMatrix(rows, k, seed: 21), randomMatrix(6, k, seed: 22))
            let output = Matrix(rows: rows, columns: 6)
            for index in 0..<output.count { output.pointer[index] = 100 }
            NarrowMatMul.multiply(
                .init(
                    input: input.pointer, output: output.pointer, rows: rows, weights: weights.weights,
                    accumulate: false, unit: unit), outputs: 1..<4)
            for row in 0..<rows {
                let expected = (0..<6).map { column in
                    guard (1..<4).contains(column) else { return 100.0 }
                    return (0..<k).reduce(0.0) { $0 + Double(input[row, $1]) * Double(weights[column, $1]) }
                }
                let error = largestDifference(expected, doubles(output, row: row))
                #expect(error <= tolerance(terms: k, magnitude: 1), "k=\(k) row \(row)")
            }
        }
    }

    @Test func multipliesByHand() {
        let input = Matrix(rows: 2, columns: 2)
        let weights = Matrix(rows: 3, columns: 2)
        for (index, value) in [1, 2, 3, 4].enumerated() { input.pointer[index] = Float(value) }
        for (index, value) in [5, 6, 7, 8, 9, 10].enumerated() { weights.pointer[index] = Float(value) }
        let output = Matrix(rows: 2, columns: 3)
        MatMul.multiply(
            input.pointer, rows: 2, by: weights.weights, into: output.pointer, on: ThreadTeam(threads: 1))
        #expect((0..<6).map { output.pointer[$0] } == [17, 23, 29, 39, 53, 67])
    }

    @Test func noRowsWriteNothing() {
        let output = Matrix(rows: 1, columns: 2)
        output[0, 0] = 9
        MatMul.multiply(
            output.pointer, rows: 0, by: randomMatrix(2, 2, seed: 1).weights, into: output.pointer,
            on: ThreadTeam(threads: 2))
        #expect(output[0, 0] == 9)
    }

    /// Same bits on any number of threads, because no sum is split over threads.
    @Test func threadsDoNotChangeTheNarrowProduct() {
        let (input, weights) = (randomMatrix(5, 37, seed: 5), randomMatrix(50, 37, seed: 6))
        let results = [1, 2, 4].map { threads in
            let output = Matrix(rows: 5, columns: 50)
            MatMul.multiply(
                input.pointer, rows: 5, by: weights.weights, into: output.pointer,
                on: ThreadTeam(threads: threads))
            return (0..<output.count).map { output.pointer[$0].bitPattern }
        }
        #expect(results[0] == results[1])
        #expect(results[0] == results[2])
    }
}

@Suite struct MatrixTests {
    @Test func randomElementsDependOnKeyAndIndexAlone() {
        let (a, b) = (randomMatrix(3, 4, seed: 1), randomMatrix(2, 6, seed: 1))
        #expect((0..<12).allSatisfy { a.pointer[$0] == b.pointer[$0] })
        #expect(a[2, 3] != randomMatrix(3, 4, seed: 2)[2, 3])
        #expect((0..<12).allSatisfy { abs(a.pointer[$0]) < 1 })
    }

    @Test func isAlignedAndZero() {
        let matrix = Matrix(rows: 3, columns: 5)
        #expect(UInt(bitPattern: matrix.pointer) % 64 == 0)
        #expect((0..<15).allSatisfy { matrix.pointer[$0] == 0 })
        #expect(Matrix(rows: 0, columns: 5).count == 0)
    }

    @Test func rowsAreContiguous() {
        let matrix = Matrix(rows: 2, columns: 3)
        matrix[1, 2] = 4
        #expect(matrix.pointer[5] == 4)
        #expect(matrix.row(1)[2] == 4)
    }
}

@Suite struct ThreadTeamTests {
    @Test(arguments: [1, 2, 3, 7])
    func splitCoversEveryItemOnce(threads: Int) {
        for count in [0, 1, 5, 16, 33] {
            for grain in [1, 4, 16] {
                let seen = Matrix(rows: 1, columns: max(count, 1))
                ThreadTeam(threads: threads).split(count, grain: grain) { part in
                    #expect(part.lowerBound % grain == 0 && !part.isEmpty)
                    for item in part { seen.pointer[item] += 1 }
                }
                #expect((0..<count).allSatisfy { seen.pointer[$0] == 1 })
            }
        }
    }

    @Test(arguments: [1, 2, 5])
    func dealCoversEveryItemOnce(threads: Int) {
        for count in [0, 1, 4, 11] {
            let seen = Matrix(rows: 1, columns: max(count, 1))
            ThreadTeam(threads: threads).deal(count) { worker, item in
                #expect(worker < threads && item % min(threads, count) == worker)
                seen.pointer[item] += 1
            }
            #expect((0..<count).allSatisfy { seen.pointer[$0] == 1 })
        }
    }
}

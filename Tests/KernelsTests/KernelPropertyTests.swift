import Primitives
import Testing

@testable import Kernels

/// What must hold for every input, whatever the exact numbers.
@Suite struct KernelPropertyTests {
    private let team = ThreadTeam(threads: 2)

    /// A product is linear in its activations.
    @Test(arguments: [1, 4, 7, 40])
    func productsAreLinear(rows: Int) {
        let (a, b) = (randomMatrix(rows, 30, seed: 1), randomMatrix(rows, 30, seed: 2))
        let (sum, weights) = (Matrix(rows: rows, columns: 30), randomMatrix(9, 30, seed: 3))
        for index in 0..<sum.count { sum.pointer[index] = a.pointer[index] + 2 * b.pointer[index] }
        func product(_ x: Matrix) -> Matrix {
            let y = Matrix(rows: rows, columns: 9)
            MatMul.multiply(x.pointer, rows: rows, by: weights.weights, into: y.pointer, on: team)
            return y
        }
        let (ya, yb, ys) = (product(a), product(b), product(sum))
        for index in 0..<ys.count {
            let difference = ys.pointer[index] - ya.pointer[index] - 2 * yb.pointer[index]
            #expect(Double(abs(difference)) <= tolerance(terms: 30, magnitude: 6))
        }
    }

    /// A row's result does not depend on which rows stand beside it, so a batch may be composed freely.
    @Test(arguments: VectorUnit.available)
    func narrowRowsAreIndependent(unit: VectorUnit) {
        let (input, weights) = (randomMatrix(8, 50, seed: 4), randomMatrix(10, 50, seed: 5))
        func product(from row: Int, rows: Int) -> [Float] {
            let output = Matrix(rows: rows, columns: 10)
            NarrowMatMul.multiply(
                .init(
                    input: input.row(row), output: output.pointer, rows: rows, weights: weights.weights,
                    accumulate: false, unit: unit), outputs: 0..<10)
            return (0..<10).map { output[0, $0] }
        }
        for row in 0..<8 {
            let alone = product(from: row, rows: 1)
            for count in 1...(8 - row) {
                let together = product(from: row, rows: count)
                for column in 0..<10 { #expect(abs(alone[column] - together[column]) < 1e-5) }
            }
        }
    }

    /// A window of a larger store is multiplied like a matrix of its own.
    @Test func windowsOfAStore() {
        let (store, input) = (randomMatrix(20, 12, seed: 6), randomMatrix(2, 12, seed: 7))
        let (window, whole) = (Matrix(rows: 2, columns: 5), Matrix(rows: 2, columns: 20))
        let slice = MatMul.WeightSlice(base: store.row(8), layout: .floats(rows: 5, columns: 12))
        MatMul.multiply(input.pointer, rows: 2, by: slice, into: window.pointer, on: team)
        MatMul.multiply(input.pointer, rows: 2, by: store.weights, into: whole.pointer, on: team)
        for (row, column) in [(0, 0), (0, 4), (1, 2)] {
            #expect(abs(window[row, column] - whole[row, 8 + column]) < 1e-5)
        }
    }

    /// Doubling a row leaves its norm the same; halving the weight halves it.
    @Test func normIgnoresScale() {
        let (input, weight) = (randomMatrix(2, 33, seed: 8), randomMatrix(1, 33, seed: 9))
        for column in 0..<33 { input[1, column] = input[0, column] * 1024 }
        let output = Matrix(rows: 2, columns: 33)
        Normalisation(weight: weight, epsilon: 0)
            .apply(input.pointer, rows: 2, into: output.pointer, on: team)
        for column in 0..<33 { #expect(abs(output[0, column] - output[1, column]) < 1e-6) }
    }

    /// A rotation keeps the length of every head.
    @Test(arguments: [2, 10, 64])
    func rotaryKeepsLength(headDim: Int) {
        let rotary = Rotary(headDim: headDim, base: 10_000, positions: 50)
        let (head, turned) = (randomMatrix(1, headDim, seed: 10), Matrix(rows: 1, columns: headDim))
        let length = VectorMath.sumOfSquares(head.pointer, count: headDim)
        for position in 0..<50 {
            rotary.rotate(head.pointer, position: position, into: turned.pointer)
            #expect(abs(VectorMath.sumOfSquares(turned.pointer, count: headDim) - length) < 1e-5 * length + 1e-6)
        }
    }

    /// Softmax does not see a constant added to all scores.
    @Test func softmaxIgnoresAShift() {
        let (a, b) = (randomMatrix(1, 40, seed: 11), randomMatrix(1, 40, seed: 11))
        for column in 0..<40 { b[0, column] += 8 }
        Attention.softmax(a.pointer, visible: 40, of: 40)
        Attention.softmax(b.pointer, visible: 40, of: 40)
        for column in 0..<40 { #expect(abs(a[0, column] - b[0, column]) < 1e-6) }
        #expect(abs((0..<40).reduce(0) { $0 + a[0, $1] } - 1) < 1e-5)
    }

    /// Where all values are equal, every weighted mean is that value; with both kernels, over several tiles.
    @Test(arguments: [1, 2, 129, 300])
    func attentionIsAWeightedMean(context: Int) {
        let shape = Attention.Shape(heads: 4, kvHeads: 2, headDim: 8)
        let cache = KeyValueCache(layers: 1, kvHeads: 2, headDim: 8, capacity: context)
        cache.length = context - 1
        for head in 0..<2 {
            let keys = randomMatrix(context, 8, seed: UInt64(head))
            for index in 0..<context * 8 {
                cache.keys(layer: 0, head: head)[index] = keys.pointer[index] * 3
                cache.values(layer: 0, head: head)[index] = Float(head + 1) * 2.5
            }
        }
        let queries = randomMatrix(1, 32, seed: 12)
        let workspace = Attention.Workspace(shape, context: context, team: ThreadTeam(threads: 2))
        let (decoded, prefilled) = (Matrix(rows: 1, columns: 32), Matrix(rows: 1, columns: 32))
        let input = Attention.Queries(pointer: queries.pointer, stride: 32)
        Attention.decode(input, batch: [cache], layer: 0, into: decoded.pointer, workspace: workspace)
        Attention.prefill(
            input, of: cache, layer: 0, into: prefilled.pointer, workspace: workspace)
        for column in 0..<32 {
            let expected: Float = column < 16 ? 2.5 : 5
            #expect(abs(decoded[0, column] - expected) < 1e-4, "decode \(column)")
            #expect(abs(prefilled[0, column] - expected) < 1e-4, "prefill \(column)")
        }
    }

    /// What lies behind a sequence's end in its cache, left there by a longer past, is never seen.
    @Test(arguments: [1, 3, 127, 128])
    func decodeSeesNothingBehindTheEnd(context: Int) {
        let shape = Attention.Shape(heads: 2, kvHeads: 1, headDim: 4)
        func result(rest: Float) -> [Float] {
            let cache = KeyValueCache(layers: 1, kvHeads: 1, headDim: 4, capacity: 200)
            let content = randomMatrix(context, 4, seed: 13)
            cache.keys(layer: 0, head: 0).update(repeating: rest, count: 800)
            cache.values(layer: 0, head: 0).update(repeating: rest, count: 800)
            cache.keys(layer: 0, head: 0).update(from: content.pointer, count: content.count)
            cache.values(layer: 0, head: 0).update(from: content.pointer, count: content.count)
            cache.length = context - 1
            let (queries, output) = (randomMatrix(1, 8, seed: 14), Matrix(rows: 1, columns: 8))
            Attention.decode(
                .init(pointer: queries.pointer, stride: 8), batch: [cache], layer: 0, into: output.pointer,
                workspace: .init(shape, context: 1, team: ThreadTeam(threads: 1)))
            return (0..<8).map { output[0, $0] }
        }
        #expect(result(rest: 0) == result(rest: 1e30))
    }
}

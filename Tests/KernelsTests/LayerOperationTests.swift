import Foundation
import Primitives
import Testing

@testable import Kernels

@Suite struct LayerOperationTests {
    @Test(arguments: [1, 16, 19, 64])
    func normDividesByTheRootMeanSquare(width: Int) throws {
        let reference = ReferenceDecoder(shape: try tinyShape())
        let (input, weight) = (randomMatrix(3, width, seed: 1), randomMatrix(1, width, seed: 2))
        let output = Matrix(rows: 3, columns: width)
        Normalisation(weight: weight, epsilon: 1e-5)
            .apply(input.pointer, rows: 3, into: output.pointer, on: ThreadTeam(threads: 2))
        for row in 0..<3 {
            let expected = reference.normalised(doubles(input, row: row), doubles(weight, row: 0))
            #expect(
                largestDifference(expected, doubles(output, row: row)) <= tolerance(terms: width, magnitude: 2))
        }
    }

    @Test func normOfAConstantRowIsItsWeight() {
        let input = Matrix(rows: 1, columns: 20)
        for column in 0..<20 { input[0, column] = -3 }
        let weight = randomMatrix(1, 20, seed: 3)
        Normalisation(weight: weight, epsilon: 0)
            .apply(input.pointer, rows: 1, into: input.pointer, on: ThreadTeam(threads: 1))
        #expect((0..<20).allSatisfy { abs(input[0, $0] + weight[0, $0]) < 1e-6 })
    }

    @Test(arguments: [1, 5, 16, 37])
    func activationGates(width: Int) throws {
        let reference = ReferenceDecoder(shape: try tinyShape())
        let gateUp = Matrix(rows: 2, columns: 2 * width, key: RandomKey(seed: 4), scale: 6)
        let output = Matrix(rows: 2, columns: width)
        Activation.gatedSiLU(
            gateUp.pointer, rows: 2, width: width, into: output.pointer, on: ThreadTeam(threads: 1))
        for row in 0..<2 {
            let values = doubles(gateUp, row: row)
            let expected = (0..<width).map { reference.gatedSiLU(values[$0], values[width + $0]) }
            #expect(largestDifference(expected, doubles(output, row: row)) <= tolerance(terms: 4, magnitude: 36))
        }
    }

    /// A gate far below zero closes, one far above passes, and neither overflows.
    @Test func activationAtExtremes() {
        let gateUp = Matrix(rows: 1, columns: 4)
        (gateUp[0, 0], gateUp[0, 1], gateUp[0, 2], gateUp[0, 3]) = (-500, 500, 2, 2)
        let output = Matrix(rows: 1, columns: 2)
        Activation.gatedSiLU(gateUp.pointer, rows: 1, width: 2, into: output.pointer, on: ThreadTeam(threads: 1))
        #expect(abs(output[0, 0]) < 1e-30)
        #expect(output[0, 1] == 1000)
    }

    @Test(arguments: [2, 6, 32, 64, 70])
    func rotaryTurnsHalves(headDim: Int) throws {
        var shape = try tinyShape()
        shape.ropeBase = 500_000
        let reference = ReferenceDecoder(shape: shape)
        let rotary = Rotary(headDim: headDim, base: 500_000, positions: 100)
        let head = randomMatrix(1, headDim, seed: 5)
        let output = Matrix(rows: 1, columns: headDim)
        for position in [0, 1, 17, 99] {
            rotary.rotate(head.pointer, position: position, into: output.pointer)
            let expected = reference.rotated(doubles(head, row: 0), position: position)
            #expect(largestDifference(expected, doubles(output, row: 0)) <= tolerance(terms: 2, magnitude: 1))
        }
    }

    /// By hand: headDim 2 at position 1 turns by one radian.
    @Test func rotaryByHand() {
        let head = Matrix(rows: 1, columns: 2)
        (head[0, 0], head[0, 1]) = (1, 0)
        Rotary(headDim: 2, base: 10_000, positions: 2).rotate(head.pointer, position: 1, into: head.pointer)
        #expect(abs(head[0, 0] - 0.540_302_3) < 1e-6)
        #expect(abs(head[0, 1] - 0.841_471_0) < 1e-6)
    }

    /// The product of a turned query and a turned key depends on their distance alone.
    @Test func rotaryIsRelative() {
        let rotary = Rotary(headDim: 16, base: 10_000, positions: 64)
        let (query, key) = (randomMatrix(1, 16, seed: 6), randomMatrix(1, 16, seed: 7))
        func product(_ p: Int, _ q: Int) -> Float {
            let (a, b) = (Matrix(rows: 1, columns: 16), Matrix(rows: 1, columns: 16))
            rotary.rotate(query.pointer, position: p, into: a.pointer)
            rotary.rotate(key.pointer, position: q, into: b.pointer)
            return (0..<16).reduce(0) { $0 + a[0, $1] * b[0, $1] }
        }
        #expect(abs(product(9, 4) - product(55, 50)) < 1e-5)
        #expect(abs(product(9, 4) - product(9, 5)) > 1e-4)
    }
}

/// A decoder small enough for debug builds: two layers, three query heads per key-value head, odd widths.
func tinyShape(
    hidden: Int = 21, heads: Int = 6, kvHeads: Int = 2, headDim: Int = 6, feed: (width: Int, layers: Int) = (19, 2)
) throws -> DecoderShape {
    try DecoderShape(
        hiddenSize: hidden, heads: heads, kvHeads: kvHeads, headDim: headDim, intermediateSize: feed.width,
        layers: feed.layers, vocabularySize: 23)
}

import Foundation
import Primitives

@testable import Kernels

/// The forward pass in double precision, written as the formulas stand: no cache, no blocking, no threads. Every
/// token of a sequence is recomputed from the first one, so nothing is shared with the kernels but the weights.
struct ReferenceDecoder {
    let shape: DecoderShape

    typealias Rows = [[Double]]

    /// All layers and the output projection over one whole sequence: logits after every token.
    func logits(_ model: DecoderModel, tokens: [Int]) -> Rows {
        var hidden = tokens.map { doubles(model.embedding, row: $0) }
        for layer in model.layers { hidden = run(layer, hidden: hidden) }
        let norm = doubles(model.finalNorm, row: 0)
        return product(hidden.map { normalised($0, norm) }, model.outputProjection)
    }

    /// One layer over one whole sequence.
    func run(_ layer: DecoderLayer, hidden: Rows) -> Rows {
        let attentionNorm = doubles(layer.attentionNorm, row: 0)
        let projections = product(hidden.map { normalised($0, attentionNorm) }, layer.queryKeyValue)
        let afterAttention = sum(hidden, product(attended(projections), layer.attentionOutput))
        let feedForwardNorm = doubles(layer.feedForwardNorm, row: 0)
        let normed = afterAttention.map { normalised($0, feedForwardNorm) }
        guard let experts = layer.experts else {
            return sum(afterAttention, feedForward(layer.feedForward, normed))
        }
        return sum(afterAttention, normed.map { mixed(experts, $0) })
    }

    private func feedForward(_ weights: DecoderLayer.FeedForward, _ normed: Rows) -> Rows {
        let activated = product(normed, weights.gateUp).map { row in
            (0..<shape.intermediateSize).map { gatedSiLU(row[$0], row[shape.intermediateSize + $0]) }
        }
        return product(activated, weights.down)
    }

    /// Every expert's answer, weighted by the softmax over the best scores; the others count nothing.
    private func mixed(_ experts: DecoderLayer.Experts, _ normed: [Double]) -> [Double] {
        let scores = product([normed], experts.router)[0]
        let best = scores.indices.sorted { scores[$0] > scores[$1] }.prefix(shape.expertsPerToken)
        let total = best.reduce(0) { $0 + exp(scores[$1]) }
        return best.reduce([Double](repeating: 0, count: normed.count)) { sum, expert in
            let answer = feedForward(experts.feedForwards[expert], [normed])[0]
            return zip(sum, answer).map { $0 + $1 * exp(scores[expert]) / total }
        }
    }

    func gatedSiLU(_ gate: Double, _ up: Double) -> Double { gate / (1 + exp(-gate)) * up }

    func normalised(_ x: [Double], _ weight: [Double]) -> [Double] {
        let mean = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
        return zip(x, weight).map { $0 * $1 / (mean + Double(shape.normEpsilon)).squareRoot() }
    }

    /// Element i of the first half turned with element i of the second.
    func rotated(_ head: [Double], position: Int) -> [Double] {
        let half = head.count / 2
        return head.indices.map { index in
            let pair = index % half
            let angle = Double(position) * pow(shape.ropeBase, -2 * Double(pair) / Double(head.count))
            let (x, y) = (head[pair], head[pair + half])
            return index < half ? x * cos(angle) - y * sin(angle) : y * cos(angle) + x * sin(angle)
        }
    }

    func attended(_ projections: Rows) -> Rows {
        let (d, group) = (shape.headDim, shape.heads / shape.kvHeads)
        func head(_ token: Int, _ index: Int) -> [Double] { Array(projections[token][index * d..<(index + 1) * d]) }
        return projections.indices.map { token in
            (0..<shape.heads).flatMap { index in
                let query = rotated(head(token, index), position: token)
                let keys = (0...token).map { rotated(head($0, shape.heads + index / group), position: $0) }
                let values = (0...token).map { head($0, shape.heads + shape.kvHeads + index / group) }
                return attention(query, keys: keys, values: values)
            }
        }
    }

    /// Softmax of query · keys ÷ √d, applied to values.
    func attention(_ query: [Double], keys: Rows, values: Rows) -> [Double] {
        let scores = keys.map { key in
            zip(query, key).reduce(0) { $0 + $1.0 * $1.1 } / Double(query.count).squareRoot()
        }
        let largest = scores.max() ?? 0
        let weights = scores.map { exp($0 - largest) }
        let total = weights.reduce(0, +)
        return query.indices.map { index in
            zip(weights, values).reduce(0) { $0 + $1.0 * $1.1[index] } / total
        }
    }

    func product(_ x: Rows, _ weights: WeightMatrix) -> Rows {
        let rows = (0..<weights.layout.rows).map { doubles(weights, row: $0) }
        return x.map { input in rows.map { row in zip(input, row).reduce(0) { $0 + $1.0 * $1.1 } } }
    }

    func sum(_ a: Rows, _ b: Rows) -> Rows { zip(a, b).map { zip($0, $1).map(+) } }
}

/// One row in double precision.
func doubles(_ matrix: Matrix, row: Int) -> [Double] {
    (0..<matrix.columns).map { Double(matrix[row, $0]) }
}

/// One row of weights, as the kernels multiply them, in double precision.
func doubles(_ weights: WeightMatrix, row: Int) -> [Double] { weights.values(row: row).map(Double.init) }

/// The largest |a − b| over all elements of a row.
func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(a.count == b.count ? 0 : .infinity) { max($0, abs($1.0 - $1.1)) }
}

/// What a sum of `terms` products of size about `magnitude` may be off by in single precision: rounding errors add
/// up like a random walk, √terms · ε, taken eight times (the chance of more is below 10⁻¹⁵ per element).
func tolerance(terms: Int, magnitude: Double) -> Double {
    8 * Double(max(terms, 1)).squareRoot() * Double(Float.ulpOfOne) * magnitude
}

/// A matrix uniform in (−1, 1) under a named seed.
func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
    Matrix(rows: rows, columns: columns, key: RandomKey(seed: seed), scale: 1)
}

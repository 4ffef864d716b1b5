import CKernels

/// The product of a few activation rows with a weight matrix, reading each weight once from memory. Weights that are
/// not floats are dequantised pair by pair.
///
/// Two weight rows meet up to four activation rows at a time, with all eight sums in registers. Further groups of
/// activation rows find the two weight rows in the first-level cache, and long rows are taken in blocks of
/// ``blockLength`` inputs so that they fit there. While one pair of weight rows is multiplied the pair after the next
/// is asked for: without that the processor, busy with arithmetic, sees too few misses ahead and runs at a third of
/// the memory's rate.
enum NarrowMatMul {
    /// Inputs taken at a time: two weight rows of 8 KiB each, and four activation rows.
    static let blockLength = 2048

    /// The columns `outputs` of `problem`'s result.
    static func multiply(_ problem: MatMul.Problem, outputs: Range<Int>) {
        let isQuantised = problem.weights.layout.isQuantised
        withUnsafeTemporaryAllocation(of: Float.self, capacity: isQuantised ? 2 * blockLength : 1) { scratch in
            for block in stride(from: 0, to: problem.weights.columns, by: blockLength) {
                for output in stride(from: outputs.lowerBound, to: outputs.upperBound, by: 2) {
                    // An odd last weight row pairs with itself.
                    var pair = Pair(
                        problem, block: block, first: output, second: min(output + 1, outputs.upperBound - 1))
                    if isQuantised, let scratch = scratch.baseAddress { pair.dequantise(block: block, into: scratch) }
                    var row = 0
                    while row < problem.rows { row += pair.multiply(row: row) }
                }
            }
        }
    }

    /// A block of two weight rows and everything it is multiplied with.
    private struct Pair {
        let problem: MatMul.Problem
        /// Elements of the block, and from one row of weights or activations to the next.
        let k: Int
        let stride: Int
        let x: UnsafePointer<Float>
        private(set) var w0: UnsafePointer<Float>
        private(set) var w1: UnsafePointer<Float>
        /// Whether the weights come from memory, and not, dequantised, from the cache.
        private var streams = true
        let first: Int
        let second: Int
        let accumulate: Bool

        @inline(__always) init(_ problem: MatMul.Problem, block: Int, first: Int, second: Int) {
            self.problem = problem
            self.first = first
            self.second = second
            stride = problem.weights.columns
            k = min(NarrowMatMul.blockLength, stride - block)
            x = problem.input + block
            w0 = problem.weights.pointer + first * stride + block
            w1 = problem.weights.pointer + second * stride + block
            accumulate = problem.accumulate || block > 0
        }

        /// Turns to a copy of the two weight rows in floats.
        mutating func dequantise(block: Int, into scratch: UnsafeMutablePointer<Float>) {
            for (side, row) in [first, second].enumerated() {
                problem.weights.dequantise(
                    row: row, first: block, count: k, into: scratch + side * blockLength, unit: problem.unit)
            }
            (w0, w1, streams) = (UnsafePointer(scratch), UnsafePointer(scratch + blockLength), false)
        }

        /// Multiplies the activation rows from `row` on and returns how many: one, two, or up to four.
        @inline(__always) func multiply(row: Int) -> Int {
            switch problem.rows - row {
            case let left where problem.unit != .baseline:
                wide(row, count: min(left, 4))
                return min(left, 4)
            case 1:
                one(row)
                return 1
            case 2:
                two(row)
                return 2
            case let left:
                // A missing fourth row repeats the third, whose sums are then written once.
                four(row, count: min(left, 4))
                return min(left, 4)
            }
        }

        /// Asks for the same place two pairs of rows on, once per line of sixteen floats. Past the end of the weights
        /// this asks for memory that nobody reads, which does no harm.
        @inline(__always) private func prefetch(_ index: Int) {
            guard index & 15 == 0, streams else { return }
            isocost_prefetch(w0 + (4 * stride + index))
            isocost_prefetch(w1 + (4 * stride + index))
        }

        /// Up to four activation rows with eight-float instructions; missing rows repeat the last one.
        @inline(__always) private func wide(_ row: Int, count: Int) {
            let x = x + row * stride
            // Groups of rows after the first find the weights in the cache.
            let sums = WideProduct.fourByTwo(
                (x, x + min(1, count - 1) * stride, x + min(2, count - 1) * stride, x + (count - 1) * stride),
                (w0, w1), count: k, ahead: row == 0 && streams ? 4 * stride : 0)
            for index in 0..<count { write(row + index, sums[2 * index], sums[2 * index + 1]) }
        }

        @inline(__always) private func one(_ row: Int) {
            let x = x + row * stride
            var (a, b) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            var index = 0
            while index + 8 <= k {
                prefetch(index)
                let y = SIMD8(at: x + index)
                a += SIMD8(at: w0 + index) * y
                b += SIMD8(at: w1 + index) * y
                index += 8
            }
            while index < k {
                a[0] += w0[index] * x[index]
                b[0] += w1[index] * x[index]
                index += 1
            }
            write(row, a.horizontalSum, b.horizontalSum)
        }

        @inline(__always) private func two(_ row: Int) {
            let (x0, x1) = (x + row * stride, x + (row + 1) * stride)
            var (a0, a1, b0, b1) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
            var index = 0
            while index + 8 <= k {
                prefetch(index)
                let (u, v) = (SIMD8(at: w0 + index), SIMD8(at: w1 + index))
                let (y0, y1) = (SIMD8(at: x0 + index), SIMD8(at: x1 + index))
                a0 += u * y0
                b0 += v * y0
                a1 += u * y1
                b1 += v * y1
                index += 8
            }
            while index < k {
                a0[0] += w0[index] * x0[index]
                b0[0] += w1[index] * x0[index]
                a1[0] += w0[index] * x1[index]
                b1[0] += w1[index] * x1[index]
                index += 1
            }
            write(row, a0.horizontalSum, b0.horizontalSum)
            write(row + 1, a1.horizontalSum, b1.horizontalSum)
        }

        @inline(__always) private func four(_ row: Int, count: Int) {
            let (x0, x1) = (x + row * stride, x + (row + 1) * stride)
            let x2 = x1 + stride
            let x3 = count > 3 ? x2 + stride : x2
            var (a0, a1, a2, a3) = (Quad.zero, Quad.zero, Quad.zero, Quad.zero)
            var (b0, b1, b2, b3) = (Quad.zero, Quad.zero, Quad.zero, Quad.zero)
            var index = 0
            while index + 4 <= k {
                prefetch(index)
                let (u, v) = (Quad(at: w0 + index), Quad(at: w1 + index))
                let (y0, y1) = (Quad(at: x0 + index), Quad(at: x1 + index))
                a0 += u * y0
                b0 += v * y0
                a1 += u * y1
                b1 += v * y1
                let (y2, y3) = (Quad(at: x2 + index), Quad(at: x3 + index))
                a2 += u * y2
                b2 += v * y2
                a3 += u * y3
                b3 += v * y3
                index += 4
            }
            while index < k {
                let (u, v) = (w0[index], w1[index])
                a0[0] += u * x0[index]
                b0[0] += v * x0[index]
                a1[0] += u * x1[index]
                b1[0] += v * x1[index]
                a2[0] += u * x2[index]
                b2[0] += v * x2[index]
                a3[0] += u * x3[index]
                b3[0] += v * x3[index]
                index += 1
            }
            write(row, a0.horizontalSum, b0.horizontalSum)
            write(row + 1, a1.horizontalSum, b1.horizontalSum)
            write(row + 2, a2.horizontalSum, b2.horizontalSum)
            if count > 3 { write(row + 3, a3.horizontalSum, b3.horizontalSum) }
        }

        @inline(__always) private func write(_ row: Int, _ a: Float, _ b: Float) {
            let target = problem.output + row * problem.weights.rows
            if accumulate {
                target[first] += a
                if second != first { target[second] += b }
            } else {
                target[first] = a
                target[second] = b
            }
        }
    }
}

import CKernels

/// Sixteen floats: one AVX-512 register, two AVX ones or four SSE ones, as the target has them.
typealias Lanes = SIMD16<Float>
/// Four floats: one register everywhere; the unit of register blocking in the kernels that keep eight sums.
typealias Quad = SIMD4<Float>

extension SIMD16 where Scalar == Float {
    /// Sixteen floats from `pointer`, any alignment.
    @inline(__always) init(at pointer: UnsafePointer<Float>) {
        self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
    }

    /// The first `count` floats from `pointer`, then zeros.
    @inline(__always) init(at pointer: UnsafePointer<Float>, count: Int) {
        self = .zero
        for index in 0..<count { self[index] = pointer[index] }
    }

    /// Writes sixteen floats to `pointer`, any alignment.
    @inline(__always) func store(to pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
    }

    /// Writes the first `count` floats to `pointer`.
    @inline(__always) func store(to pointer: UnsafeMutablePointer<Float>, count: Int) {
        for index in 0..<count { pointer[index] = self[index] }
    }

    /// The sum by halving, four additions deep.
    @inline(__always) var horizontalSum: Float {
        (lowHalf + highHalf).horizontalSum
    }

    @inline(__always) func clamped(atLeast bound: Float) -> Self {
        let bounds = Self(repeating: bound)
        return replacing(with: bounds, where: self .< bounds)
    }

    @inline(__always) func clamped(atMost bound: Float) -> Self {
        let bounds = Self(repeating: bound)
        return replacing(with: bounds, where: self .> bounds)
    }

    /// The larger of each pair; where one is not a number, `self`.
    @inline(__always) func larger(_ other: Self) -> Self { replacing(with: other, where: other .> self) }
}

extension SIMD4 where Scalar == Float {
    /// Four floats from `pointer`, any alignment.
    @inline(__always) init(at pointer: UnsafePointer<Float>) {
        self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
    }

    /// Writes four floats to `pointer`, any alignment.
    @inline(__always) func store(to pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Self.self)
    }

    @inline(__always) var horizontalSum: Float {
        let pair = lowHalf + highHalf
        return pair[0] + pair[1]
    }
}

extension SIMD8 where Scalar == Float {
    /// Eight floats from `pointer`, any alignment.
    @inline(__always) init(at pointer: UnsafePointer<Float>) {
        self = UnsafeRawPointer(pointer).loadUnaligned(as: Self.self)
    }

    @inline(__always) var horizontalSum: Float { (lowHalf + highHalf).horizontalSum }
}

/// Which instructions the register-blocked kernels use.
enum VectorUnit: Int32, CaseIterable {
    /// What every processor of the target has: four floats, multiplication and addition apart on x86-64.
    case baseline = 0
    /// Eight floats and fused multiply-add (AVX2 and FMA).
    case wide = 1
    /// Sixteen floats (AVX-512), in the products with quantised weights; elsewhere as ``wide``.
    case widest = 2

    /// Those that this processor has, narrowest first.
    static let available = allCases.filter { isocost_supports($0.rawValue) != 0 }
    /// The widest of them.
    static let best = available.last ?? .baseline

    /// Floats of a vector.
    var floats: Int { 4 << Int(rawValue) }
}

/// Functions of whole lanes, written without a call into the mathematics library, which has no vector form here.
enum VectorMath {
    /// eˣ, within 4 units in the last place for x in [−87, 88]; arguments outside are clamped to that interval.
    ///
    /// x = n·ln 2 + r with |r| ≤ ln 2 ÷ 2, n rounded by adding 1.5·2²³ (which leaves n in the low mantissa bits);
    /// eʳ by its Taylor polynomial of degree 7, whose remainder 0.35⁸/8! is a tenth of a unit in the last place;
    /// 2ⁿ by adding n to the exponent bits. ln 2 is split in two so that n·(first part) is exact.
    @inline(__always) static func exponential(_ argument: Lanes) -> Lanes {
        let x = argument.clamped(atLeast: -87).clamped(atMost: 88)
        let shifted = x * Lanes(repeating: 1.442_695_04) + Lanes(repeating: 12_582_912)
        let n = shifted - Lanes(repeating: 12_582_912)
        let r = (x - n * Lanes(repeating: 0.693_359_375)) - n * Lanes(repeating: -2.121_944_4e-4)
        var sum = Lanes(repeating: 1 / 5040)
        sum = sum * r + Lanes(repeating: 1 / 720)
        sum = sum * r + Lanes(repeating: 1 / 120)
        sum = sum * r + Lanes(repeating: 1 / 24)
        sum = sum * r + Lanes(repeating: 1 / 6)
        sum = sum * r + Lanes(repeating: 0.5)
        sum = sum * (r * r) + r + Lanes(repeating: 1)
        let exponent = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< SIMD16(repeating: 23)
        return unsafeBitCast(unsafeBitCast(sum, to: SIMD16<UInt32>.self) &+ exponent, to: Lanes.self)
    }

    /// The sum of squares of `count` floats.
    @inline(__always) static func sumOfSquares(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var sum = Lanes.zero
        var index = 0
        while index + 16 <= count {
            let lanes = Lanes(at: values + index)
            sum += lanes * lanes
            index += 16
        }
        let rest = Lanes(at: values + index, count: count - index)
        return (sum + rest * rest).horizontalSum
    }

    /// The sum of `count` floats, a multiple of 64 read and the rest ignored, at the rate of the memory: four lines a
    /// round, asked for four kilobytes ahead.
    @inline(__always) static func streamingSum(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var (a, b) = (Lanes.zero, Lanes.zero)
        var index = 0
        while index + 64 <= count {
            for line in 0..<4 { isocost_prefetch(values + (index + 1024 + 16 * line)) }
            a += Lanes(at: values + index)
            b += Lanes(at: values + (index + 16))
            a += Lanes(at: values + (index + 32))
            b += Lanes(at: values + (index + 48))
            index += 64
        }
        return (a + b).horizontalSum
    }

    /// The largest of `count` > 0 floats.
    @inline(__always) static func maximum(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var largest = Lanes(repeating: -.infinity)
        var index = 0
        while index + 16 <= count {
            largest = largest.larger(Lanes(at: values + index))
            index += 16
        }
        var result = largest[0]
        for lane in 1..<16 where largest[lane] > result { result = largest[lane] }
        while index < count {
            if values[index] > result { result = values[index] }
            index += 1
        }
        return result
    }

    /// Replaces `count` values v by e^(v − `shift`) and returns their sum.
    ///
    /// Values more than 87 below `shift` become e⁻⁸⁷ ≈ 10⁻³⁸ rather than zero, which no sum that contains a 1 sees.
    @inline(__always) static func exponentiate(
        _ values: UnsafeMutablePointer<Float>, count: Int, shift: Float
    ) -> Float {
        let shifts = Lanes(repeating: shift)
        var sum = Lanes.zero
        var index = 0
        while index + 16 <= count {
            let lanes = exponential(Lanes(at: values + index) - shifts)
            lanes.store(to: values + index)
            sum += lanes
            index += 16
        }
        let rest = exponential(Lanes(at: values + index, count: count - index) - shifts)
        rest.store(to: values + index, count: count - index)
        var total = sum.horizontalSum
        for lane in 0..<(count - index) { total += rest[lane] }
        return total
    }

    /// Multiplies `count` floats by `factor`.
    @inline(__always) static func scale(_ values: UnsafeMutablePointer<Float>, count: Int, by factor: Float) {
        let factors = Lanes(repeating: factor)
        var index = 0
        while index + 16 <= count {
            (Lanes(at: values + index) * factors).store(to: values + index)
            index += 16
        }
        while index < count {
            values[index] *= factor
            index += 1
        }
    }
}

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// The elementary and special functions that sampling and statistics need. The only file that meets the C library's
/// mathematics, so that everything above it imports none.
public enum Mathematics {
    /// Natural logarithm; −∞ at 0, NaN below.
    @inline(__always) public static func log(_ x: Double) -> Double { logarithm(x) }
    /// eˣ.
    @inline(__always) public static func exp(_ x: Double) -> Double { exponential(x) }
    /// x to the power y.
    @inline(__always) public static func pow(_ x: Double, _ y: Double) -> Double { power(x, y) }
    /// Sine of x in radians.
    @inline(__always) public static func sin(_ x: Double) -> Double { sine(x) }
    /// Cosine of x in radians.
    @inline(__always) public static func cos(_ x: Double) -> Double { cosine(x) }
    /// The angle in radians, from −π/2 to π/2, whose sine is x; NaN outside −1 … 1.
    @inline(__always) public static func asin(_ x: Double) -> Double { arcSine(x) }

    /// ln Γ(x) for x > 0, relative error below 1e-13 (Lanczos approximation, g = 7, nine terms).
    ///
    /// The C library's `lgamma` writes a global sign and is avoided.
    public static func logGamma(_ x: Double) -> Double {
        precondition(x > 0, "the logarithm of the gamma function is taken of positive numbers")
        guard x >= 0.5 else { return log(.pi / sin(.pi * x)) - logGamma(1 - x) }
        let shifted = x - 1
        var series = 0.999_999_999_999_809_93
        for (index, term) in lanczosTerms.enumerated() { series += term / (shifted + Double(index + 1)) }
        let top = shifted + 7.5
        return 0.918_938_533_204_672_74 + (shifted + 0.5) * log(top) - top + log(series)
    }

    /// The value that a standard normal variable stays below with probability `probability`; beyond the numbers
    /// strictly between 0 and 1 the nearest of them is taken, so the result is always finite.
    ///
    /// Wichura's algorithm AS 241 (PPND16), relative error about 1e-16; one uniform in, one normal out.
    public static func normalQuantile(_ probability: Double) -> Double {
        let p = min(max(probability, .leastNonzeroMagnitude), 1 - 0x1p-53)
        let q = p - 0.5
        if abs(q) <= 0.425 {
            let r = 0.180625 - q * q
            return q * ratio(centreAbove, centreBelow, at: r)
        }
        let r = (-log(q < 0 ? p : 1 - p)).squareRoot()
        let magnitude = r <= 5 ? ratio(middleAbove, middleBelow, at: r - 1.6) : ratio(tailAbove, tailBelow, at: r - 5)
        return q < 0 ? -magnitude : magnitude
    }

    /// Two polynomials' quotient, coefficients from the constant term up.
    @inline(__always)
    private static func ratio(_ above: SIMD8<Double>, _ below: SIMD8<Double>, at x: Double) -> Double {
        polynomial(above, at: x) / polynomial(below, at: x)
    }

    @inline(__always)
    private static func polynomial(_ c: SIMD8<Double>, at x: Double) -> Double {
        let upper = ((c[7] * x + c[6]) * x + c[5]) * x + c[4]
        return (((upper * x + c[3]) * x + c[2]) * x + c[1]) * x + c[0]
    }

    private static let lanczosTerms: [Double] = [
        676.520_368_121_885_1, -1_259.139_216_722_402_8, 771.323_428_777_653_13, -176.615_029_162_140_59,
        12.507_343_278_686_905, -0.138_571_095_265_720_12, 9.984_369_578_019_571_6e-6, 1.505_632_735_149_311_6e-7,
    ]
    private static var centreAbove: SIMD8<Double> {
        SIMD8(
            3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
            4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3)
    }
    private static var centreBelow: SIMD8<Double> {
        SIMD8(
            1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
            2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3)
    }
    private static var middleAbove: SIMD8<Double> {
        SIMD8(
            1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
            1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4)
    }
    private static var middleBelow: SIMD8<Double> {
        SIMD8(
            1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1,
            1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9)
    }
    private static var tailAbove: SIMD8<Double> {
        SIMD8(
            6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
            2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7)
    }
    private static var tailBelow: SIMD8<Double> {
        SIMD8(
            1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
            7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15)
    }
}

// The C functions under other names, because inside `Mathematics` the short names mean its own members.
private func logarithm(_ x: Double) -> Double { log(x) }
private func exponential(_ x: Double) -> Double { exp(x) }
private func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
private func sine(_ x: Double) -> Double { sin(x) }
private func cosine(_ x: Double) -> Double { cos(x) }
private func arcSine(_ x: Double) -> Double { asin(x) }

/// Student's t distribution with a whole number of degrees of freedom.
package enum StudentT {
    /// P(|T| ≤ `t`) for `degrees` ≥ 1 degrees of freedom and `t` ≥ 0, by the finite trigonometric series
    /// (Abramowitz and Stegun 26.7.3 and 26.7.4). Complexity: linear in `degrees`.
    package static func centralProbability(_ t: Double, degrees: Int) -> Double {
        precondition(degrees >= 1 && t >= 0, "Student's t needs at least one degree of freedom")
        let freedom = Double(degrees)
        let cosineSquared = freedom / (freedom + t * t)
        let sine = t / (freedom + t * t).squareRoot()
        let cosine = cosineSquared.squareRoot()
        let isOdd = degrees % 2 == 1
        var term = isOdd ? cosine : 1
        var sum = degrees == 1 ? 0 : term
        // Terms cosᵏ with factors (k−1)/k: k = 3, 5 … ν−2 for odd ν, k = 2, 4 … ν−2 for even ν.
        for k in stride(from: isOdd ? 3 : 2, through: degrees - 2, by: 2) {
            term *= cosineSquared * Double(k - 1) / Double(k)
            sum += term
        }
        return isOdd ? 2 / .pi * (arcTangent(t / freedom.squareRoot()) + sine * sum) : sine * sum
    }

    /// The angle whose tangent is `x` ≥ 0: four halvings of the angle bring it below π/32, where eight terms of the
    /// series are exact to the last bits. Plain arithmetic, so equal on every machine.
    private static func arcTangent(_ x: Double) -> Double {
        guard x.isFinite else { return .pi / 2 }
        var small = x
        for _ in 0..<4 { small = small / (1 + (1 + small * small).squareRoot()) }
        let square = small * small
        let series = stride(from: 17, through: 1, by: -2).reduce(0.0) { sum, k in 1 / Double(k) - square * sum }
        return 16 * small * series
    }

    /// The `t` with P(|T| ≤ t) = `probability`, by bisection to the last bits; e.g. 2.776 for 0.95 and 4 degrees.
    /// - Precondition: 0 < `probability` < 1, `degrees` ≥ 1.
    package static func quantile(central probability: Double, degrees: Int) -> Double {
        precondition(probability > 0 && probability < 1, "a probability inside (0, 1)")
        var low = 0.0
        var high = 1.0
        while centralProbability(high, degrees: degrees) < probability { high *= 2 }
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if centralProbability(middle, degrees: degrees) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}

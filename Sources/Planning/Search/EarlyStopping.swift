/// MLPerf Inference's rule for "enough queries": with t late ones, a run proves that at least the share p of all queries
/// is on time once it has seen h(t) on-time ones besides.
///
/// h is the least number for which a system whose on-time share is only just p would have at most t late ones among
/// h + t with a chance of at most 1 − c (mlcommons/inference_policies, `inference_rules.adoc`; tolerance 0, c = 0.99).
package struct EarlyStopping: Sendable, Equatable {
    /// On-time share to be proved, in (0, 1).
    package var onTimeShare: Double
    /// c.
    package var confidence: Double

    package init(onTimeShare: Double, confidence: Double = 0.99) {
        precondition(onTimeShare > 0 && onTimeShare < 1 && confidence > 0 && confidence < 1, "shares inside (0, 1)")
        self.onTimeShare = onTimeShare
        self.confidence = confidence
    }

    /// Queries, late ones included, from which on a run with `late` late ones passes. Complexity: logarithmic in the
    /// result, times `late`.
    package func queries(late: UInt64) -> UInt64 {
        var high = late + 1
        while chance(ofAtMost: late, among: high) > 1 - confidence { high *= 2 }
        var low = late
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if chance(ofAtMost: late, among: middle) > 1 - confidence { low = middle } else { high = middle }
        }
        return high
    }

    /// Whether a run of `queries` queries with `late` late ones proves the share.
    package func passes(queries: UInt64, late: UInt64) -> Bool {
        guard queries > late else { return false }
        return chance(ofAtMost: late, among: queries) <= 1 - confidence
    }

    /// The chance of at most `late` late queries among `count` when each is late with probability 1 − p: the binomial sum,
    /// each term made from the one before it, scaled so that none underflows.
    func chance(ofAtMost late: UInt64, among count: UInt64) -> Double {
        guard late < count else { return 1 }
        let odds = (1 - onTimeShare) / onTimeShare
        // Sum of terms relative to the first, times the first, which is pⁿ: both kept with a power of two apart.
        var (term, sum) = (1.0, 1.0)
        var exponent = 0
        for k in 0..<late {
            term *= Double(count - k) / Double(k + 1) * odds
            sum += term
            if sum > 0x1p512 {
                term *= 0x1p-512
                sum *= 0x1p-512
                exponent += 512
            }
        }
        return Self.power(onTimeShare, count, times: sum, exponent: exponent)
    }

    /// base^count · factor · 2^exponent, by squaring, with the exponent kept apart.
    private static func power(_ base: Double, _ count: UInt64, times factor: Double, exponent: Int) -> Double {
        var (result, power) = (factor, exponent)
        var (square, squarePower) = (base, 0)
        var left = count
        while left > 0 {
            if left & 1 == 1 {
                result *= square
                power += squarePower
            }
            square *= square
            squarePower *= 2
            left >>= 1
            // Mantissas stay near 1, so that nothing is lost however small the power.
            power += Int(result.exponent)
            result = result.significand
            squarePower += Int(square.exponent)
            square = square.significand
        }
        guard power > -1_070 else { return 0 }
        return power > 1_000 ? .infinity : Double(sign: .plus, exponent: power, significand: result)
    }
}

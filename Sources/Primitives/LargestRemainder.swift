/// Rounding that keeps sums: printed parts must add up to the printed total.
package enum LargestRemainder {
    /// `parts` and their sum in whole steps, where the steps of the parts add up to those of the sum.
    ///
    /// The sum is rounded half away from zero. Every part is rounded down, and the steps that are then missing go one each
    /// to the parts with the largest remainders, ties to the lower index; so no part is off by a whole step.
    /// - Parameter step: ≥ 1.
    package static func round(_ parts: [Int128], step: Int128) -> (parts: [Int64], total: Int64) {
        let sum = parts.reduce(0, +)
        let total = (sum.magnitude + Int128(step / 2).magnitude) / step.magnitude
        let signed = sum < 0 ? -Int128(total) : Int128(total)
        let divided = parts.map { floorDivision($0, by: step) }
        let missing = Int(signed - divided.reduce(Int128(0)) { $0 + $1.quotient })
        let order = divided.indices.sorted { (divided[$1].remainder, $0) < (divided[$0].remainder, $1) }
        var shares = divided.map { Int64(clamping: $0.quotient) }
        for index in order.prefix(max(0, missing)) { shares[index] += 1 }
        return (shares, Int64(clamping: signed))
    }

    private static func floorDivision(_ value: Int128, by step: Int128) -> (quotient: Int128, remainder: Int128) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: step)
        return remainder < 0 ? (quotient - 1, remainder + step) : (quotient, remainder)
    }
}

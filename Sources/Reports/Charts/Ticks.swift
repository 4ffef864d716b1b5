/// Round positions for the marks of an axis.
enum Ticks {
    /// Multiples of 1, 2, 2.5 or 5 times a power of ten within `range`, about `target` of them, never more than
    /// `target` + 1. An empty range gives its one value.
    static func linear(_ range: ClosedRange<Double>, target: Int) -> [Double] {
        let span = range.upperBound - range.lowerBound
        guard span > 0, span.isFinite, target > 0 else { return [range.lowerBound] }
        let step = niceStep(atLeast: span / Double(target))
        let first = (range.lowerBound / step).rounded(.up)
        let last = (range.upperBound / step + 1e-9).rounded(.down)
        guard last >= first else { return [] }
        return stride(from: first, through: last, by: 1).map { $0 * step }
    }

    /// The smallest 1, 2, 2.5 or 5 × 10ⁿ that is not below `value`.
    static func niceStep(atLeast value: Double) -> Double {
        let power = Decimal.pow10(Decimal.magnitude(value))
        let choices: [Double] = [1, 2, 2.5, 5, 10]
        return (choices.first { $0 * power >= value * (1 - 1e-9) } ?? 10) * power
    }

    /// For a logarithmic axis: 1, 2 and 5 of each decade where there are at most two decades, the powers of ten
    /// up to eight decades, every so many of them beyond.
    static func logarithmic(_ range: ClosedRange<Double>) -> [Double] {
        guard range.lowerBound > 0, range.upperBound.isFinite else { return [] }
        let first = Decimal.magnitude(range.lowerBound)
        let last = Decimal.magnitude(range.upperBound)
        let leads: [Double] = last - first <= 2 ? [1, 2, 5] : [1]
        let stride = max(1, (last - first + 7) / 8)
        let decades = (first...last).filter {
            leads.count > 1 || $0.quotientAndRemainder(dividingBy: stride).remainder == 0
        }
        let tolerant = range.lowerBound * (1 - 1e-9)...range.upperBound * (1 + 1e-9)
        return decades.flatMap { decade in leads.map { $0 * Decimal.pow10(decade) } }.filter(tolerant.contains)
    }

    /// Seconds of a time axis from 0: steps that clocks have (1, 2, 5, 10, 15, 30 s and min; 1, 2, 3, 6, 12 h; days).
    static func time(until seconds: Double, target: Int) -> [Double] {
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400,
        ]
        guard seconds > 0, target > 0 else { return [0] }
        if seconds < Double(target) { return linear(0...seconds, target: target) }
        let wanted = seconds / Double(target)
        let step = steps.first { $0 >= wanted } ?? niceStep(atLeast: wanted / 86_400) * 86_400
        return stride(from: 0, through: seconds * (1 + 1e-9), by: step).map { $0 }
    }

    /// `30 s`, `10 min`, `2 h`, `3 d`: in the largest unit that divides the axis's step.
    static func timeLabel(_ seconds: Double, step: Double) -> String {
        let units: [(Double, String)] = [(86_400, "d"), (3_600, "h"), (60, "min")]
        let unit = units.first { step >= $0.0 && step.truncatingRemainder(dividingBy: $0.0) == 0 } ?? (1, "s")
        return seconds == 0 ? "0" : Decimal.shortest((seconds / unit.0 * 1e6).rounded() / 1e6) + " " + unit.1
    }
}

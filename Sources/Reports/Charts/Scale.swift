import Foundation

/// Maps values of a domain onto positions of an axis.
struct Scale {
    enum Kind { case linear, logarithmic }

    var kind: Kind
    var domain: ClosedRange<Double>
    /// Positions of the domain's ends; the first may be the larger, as on a vertical axis.
    var from: Double
    var to: Double

    /// The position of `value`, held inside the axis.
    func position(_ value: Double) -> Double {
        let (low, high) = (domain.lowerBound, domain.upperBound)
        let share: Double
        switch kind {
        case .linear: share = high > low ? (value - low) / (high - low) : 0.5
        case .logarithmic: share = high > low ? log(max(value, low) / low) / log(high / low) : 0.5
        }
        return from + (to - from) * min(1, max(0, share))
    }

    /// Ticks within the domain.
    func ticks(target: Int) -> [Double] {
        switch kind {
        case .linear: Ticks.linear(domain, target: target)
        case .logarithmic: Ticks.logarithmic(domain)
        }
    }

    /// A domain that shows `values` with air around them: from zero and linear where they are of one order of
    /// magnitude or so, logarithmic where their ratio is beyond 20.
    static func fitting(_ values: [Double], from: Double, to: Double) -> Scale {
        let finite = values.filter { $0.isFinite && $0 >= 0 }
        guard let high = finite.max(), high > 0 else { return Scale(kind: .linear, domain: 0...1, from: from, to: to) }
        let positive = finite.filter { $0 > 0 }.min() ?? high
        guard high / positive > 20 else {
            return Scale(kind: .linear, domain: 0...high * 1.12, from: from, to: to)
        }
        return Scale(kind: .logarithmic, domain: positive / 1.6...high * 1.6, from: from, to: to)
    }
}

import Foundation
import Planning

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

    /// The scale widened so that the intervals' ends fit; below zero nothing is shown, and no logarithmic axis reaches
    /// it.
    func covering(_ estimates: [Estimate]) -> Scale {
        let lows = estimates.compactMap(\.low).filter { $0 > 0 }
        let highs = estimates.compactMap(\.high).filter(\.isFinite)
        var wide = self
        let low = kind == .linear ? domain.lowerBound : min(domain.lowerBound, (lows.min() ?? .infinity) / 1.1)
        let high = max(domain.upperBound, (highs.max() ?? 0) * (kind == .linear ? 1.04 : 1.1))
        wide.domain = low...high
        return wide
    }
}

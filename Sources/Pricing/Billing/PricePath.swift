public import Primitives

/// A price that moves in steps: each holds from its time until the next.
///
/// The path is a plain value, made from a table or drawn by a ``PriceWalk``; a bill integrates it exactly.
public struct PricePath: Sendable, Equatable, Codable {
    /// A price and the moment from which it holds.
    public struct Step: Sendable, Equatable, Codable {
        /// From when; the first step also holds before.
        public var start: SimulatedTime
        /// Whole instance per hour.
        public var perHour: Money

        /// A step as given.
        public init(start: SimulatedTime, perHour: Money) {
            self.start = start
            self.perHour = perHour
        }
    }

    /// Ascending in time; never empty.
    public let steps: [Step]

    /// A path of `steps`.
    ///
    /// `nil` when there is none, when two do not ascend in time, or when a price is negative or above
    /// ``PoolTerms/dearest``.
    public init?(steps: [Step]) {
        let ascends = zip(steps, steps.dropFirst()).allSatisfy { $0.start < $1.start }
        guard !steps.isEmpty, ascends, steps.allSatisfy({ $0.perHour >= .zero && $0.perHour <= PoolTerms.dearest })
        else { return nil }
        self.steps = steps
    }

    /// The price at `time`. Complexity: logarithmic in the steps.
    public func price(at time: SimulatedTime) -> Money { steps[index(at: time)].perHour }

    /// Number of the last step that starts at or before `time`; 0 before the first.
    private func index(at time: SimulatedTime) -> Int {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].start <= time { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The next moment after `time` at which the price changes, or `nil`.
    public func nextChange(after time: SimulatedTime) -> SimulatedTime? {
        let next = steps[0].start > time ? 0 : index(at: time) + 1
        return steps.indices.contains(next) ? steps[next].start : nil
    }

    /// What `duration` from `start` costs: the exact integral of the price, rounded once, half to even.
    /// - Precondition: `duration` ≥ 0.
    public func cost(from start: SimulatedTime, for duration: SimulatedDuration) -> Money {
        precondition(duration >= .zero, "time is paid for forwards")
        let end = start + duration
        var (sum, time, step) = (Int128(0), start, index(at: start))
        while time < end {
            let until = step + 1 < steps.count ? min(end, max(time, steps[step + 1].start)) : end
            sum += Int128(steps[step].perHour.nanodollars) * Int128((until - time).nanoseconds)
            time = until
            step += 1
        }
        return Money(rounding: sum, over: Int128(PoolTerms.nanosecondsPerHour))
    }
}

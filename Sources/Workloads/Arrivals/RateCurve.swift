import Primitives

/// A rate in requests per second from a moment on.
public struct RatePoint: Sendable, Hashable, Codable {
    /// Seconds from the workload's start.
    public var seconds: Double
    /// Requests per second.
    public var rate: Double

    /// `rate` requests per second from `seconds` on.
    public init(seconds: Double, rate: Double) {
        self.seconds = seconds
        self.rate = rate
    }
}

/// A state of a Markov-modulated process: a rate held for an exponential time.
public struct BurstState: Sendable, Hashable, Codable {
    /// Requests per second while in the state.
    public var rate: Double
    /// Mean stay in seconds.
    public var meanDwell: Double

    /// `rate` requests per second, held for `meanDwell` seconds on average.
    public init(rate: Double, meanDwell: Double) {
        self.rate = rate
        self.meanDwell = meanDwell
    }
}

/// How the arrival rate changes with time.
public enum RateCurve: Sendable, Hashable, Codable {
    /// Requests per second, always.
    case constant(Double)
    /// Each point's rate until the next point; the first point at 0 s. Repeats every `period` seconds, or holds the
    /// last rate.
    case steps([RatePoint], period: Double?)
    /// Linear between points; the first at 0 s. Repeats every `period` seconds (running linearly back to the first
    /// rate), or holds the last rate.
    case linear([RatePoint], period: Double?)
    /// A random walk between states: it starts in one with probability proportional to its mean stay, and leaves to
    /// any other with equal probability, so the mean rate is Σ rate·stay ÷ Σ stay.
    case bursts([BurstState])

    /// A day: a raised cosine between trough and peak, in 48 linear pieces per period.
    ///
    /// - Parameters:
    ///   - mean: mean rate in requests per second.
    ///   - peakToTrough: ratio of the highest to the lowest rate, ≥ 1.
    ///   - period: seconds, a day by default.
    ///   - peak: seconds into the period at which the rate is highest.
    public static func diurnal(
        mean: Double, peakToTrough: Double, period: Double = 86_400, peak: Double = 50_400
    ) -> RateCurve {
        let swing = (peakToTrough - 1) / (peakToTrough + 1)
        let points = (0..<48).map { step in
            let seconds = Double(step) * period / 48
            let phase = 2 * Double.pi * (seconds - peak) / period
            return RatePoint(seconds: seconds, rate: mean * (1 + swing * Mathematics.cos(phase)))
        }
        return .linear(points, period: period)
    }

    /// `base`, raised to `peak` for `duration` seconds from second `start`.
    public static func spike(base: Double, peak: Double, start: Double, duration: Double) -> RateCurve {
        let rise = [RatePoint(seconds: start, rate: peak), RatePoint(seconds: start + duration, rate: base)]
        return .steps((start > 0 ? [RatePoint(seconds: 0, rate: base)] : []) + rise, period: nil)
    }

    /// From one rate to another over `duration` seconds, then held.
    public static func ramp(from first: Double, to last: Double, duration: Double) -> RateCurve {
        .linear([RatePoint(seconds: 0, rate: first), RatePoint(seconds: duration, rate: last)], period: nil)
    }

    /// Checks the parameters.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        if let problem { throw WorkloadError(message: problem) }
    }

    /// Requests per second: above this, more than one request falls on every microsecond.
    static let highestRate = 1e6

    private var problem: String? {
        switch self {
        case .constant(let rate):
            Self.isRate(rate) && rate > 0 ? nil : "a rate lies above 0 and at most \(Int(Self.highestRate)) requests/s"
        case .steps(let points, let period), .linear(let points, let period): Self.problem(points, period)
        case .bursts(let states): Self.problem(states)
        }
    }

    private static func isRate(_ rate: Double) -> Bool { rate.isFinite && rate >= 0 && rate <= highestRate }

    private static func problem(_ points: [RatePoint], _ period: Double?) -> String? {
        guard let first = points.first, let last = points.last, first.seconds == 0 else {
            return "the first point of a rate curve is at 0 s"
        }
        guard points.allSatisfy({ $0.seconds.isFinite && isRate($0.rate) }) else {
            return "rates lie between 0 and \(Int(highestRate)) requests/s"
        }
        guard zip(points, points.dropFirst()).allSatisfy({ $0.seconds < $1.seconds }) else {
            return "the points of a rate curve rise in time"
        }
        guard points.contains(where: { $0.rate > 0 }) else { return "the rate is zero throughout" }
        if let period, !(period.isFinite && period > last.seconds && period >= 1e-3) {
            return "the period lies after the last point and is at least 1 ms"
        }
        return nil
    }

    private static func problem(_ states: [BurstState]) -> String? {
        guard states.count >= 2 else { return "bursts need at least two states" }
        guard states.allSatisfy({ isRate($0.rate) }), states.contains(where: { $0.rate > 0 }) else {
            return "rates lie between 0 and \(Int(highestRate)) requests/s and are not all zero"
        }
        let dwells = states.allSatisfy { $0.meanDwell.isFinite && $0.meanDwell >= 1e-3 }
        return dwells ? nil : "a state's mean stay is at least 1 ms"
    }
}

import Primitives

/// When requests arrive: the shape of the gaps, and the rate as it changes with time.
///
/// Gaps of mean 1 are drawn in operational time and carried to real time through the inverse of the integrated rate.
/// With Poisson gaps that is the inhomogeneous Poisson process; with others it is a renewal process that speeds up
/// and slows down. Every process except `constant` is stationary in operational time: the expected number of
/// arrivals up to any moment is the integral of the rate.
public struct ArrivalProcess: Sendable, Hashable, Codable {
    /// The shape of the gaps.
    public enum Gaps: Sendable, Hashable, Codable {
        /// Exponential.
        case poisson
        /// Gamma with this coefficient of variation; above 1 burstier than Poisson, below 1 more regular.
        case gamma(cv: Double)
        /// Weibull with this shape; below 1 burstier than Poisson.
        case weibull(shape: Double)
        /// All equal; the first arrival at time zero.
        case constant
    }

    /// The shape of the gaps, in operational time.
    public var gaps: Gaps
    /// Requests per second as time goes on.
    public var rate: RateCurve

    /// Checked by ``validate()``, not here.
    public init(gaps: Gaps, rate: RateCurve) {
        self.gaps = gaps
        self.rate = rate
    }

    /// A Poisson process of `rate` requests per second.
    public static func poisson(rate: Double) -> Self { Self(gaps: .poisson, rate: .constant(rate)) }
    /// Gamma gaps at `rate` requests per second.
    public static func gamma(rate: Double, cv: Double) -> Self { Self(gaps: .gamma(cv: cv), rate: .constant(rate)) }
    /// Weibull gaps at `rate` requests per second.
    public static func weibull(rate: Double, shape: Double) -> Self {
        Self(gaps: .weibull(shape: shape), rate: .constant(rate))
    }
    /// Weibull gaps at `rate` requests per second, by coefficient of variation.
    public static func weibull(rate: Double, cv: Double) -> Self {
        weibull(rate: rate, shape: Distribution.weibullShape(cv: cv))
    }
    /// An arrival every 1 ÷ `rate` seconds from time zero.
    public static func constant(rate: Double) -> Self { Self(gaps: .constant, rate: .constant(rate)) }

    /// Checks the parameters.
    /// - Throws: ``WorkloadError`` naming what is out of bounds.
    public func validate() throws(WorkloadError) {
        switch gaps {
        case .gamma(let cv) where !(cv >= 0.01 && cv <= 1_000):
            throw WorkloadError(setting: "gaps", message: "a coefficient of variation lies between 0.01 and 1,000")
        case .weibull(let shape) where !(shape >= 0.05 && shape <= 200):
            throw WorkloadError(setting: "gaps", message: "a Weibull shape lies between 0.05 and 200")
        default: break
        }
        do { try rate.validate() } catch { throw error.within("rate") }
    }

    /// Gaps of mean 1 in operational time.
    var unitGap: Distribution {
        switch gaps {
        case .poisson: .exponential(mean: 1)
        case .gamma(let cv): .gamma(mean: 1, cv: cv)
        case .weibull(let shape): .weibull(mean: 1, shape: shape)
        case .constant: .constant(1)
        }
    }
}

/// The arrivals of an ``ArrivalProcess``, one after another. Draw n is keyed by n: nothing else can shift it.
struct ArrivalStream {
    private let gap: Distribution
    private let isPoisson: Bool
    private let key: RandomKey
    private let horizon: Double
    private var clock: RateClock
    private var operational = 0.0
    private var drawn: UInt64 = 0

    /// - Precondition: the process is valid.
    init(_ process: ArrivalProcess, key: RandomKey, horizon: SimulatedDuration?) {
        gap = process.unitGap
        isPoisson = process.gaps == .poisson
        self.key = key.derived("gaps")
        // Beyond 2⁶² ns times would leave the range of SimulatedTime.
        self.horizon = horizon?.seconds ?? 4.6e9
        clock = RateClock(process.rate, key: key.derived("bursts"))
    }

    /// The next arrival; `nil` when the horizon is reached or the rate stays zero.
    mutating func next() -> SimulatedTime? {
        operational += nextGap()
        guard let seconds = clock.seconds(at: operational, horizon: horizon) else { return nil }
        return SimulatedTime(nanoseconds: Int64((seconds * 1e9).rounded(.down)))
    }

    private mutating func nextGap() -> Double {
        defer { drawn += 1 }
        if isPoisson { return -Mathematics.log(key.uniform(drawn)) }
        if case .constant = gap { return drawn == 0 ? 0 : 1 }
        var generator = key.derived(drawn).generator()
        return drawn == 0 ? gap.sampleResidual(using: &generator) : gap.sample(using: &generator)
    }
}

import Primitives

/// How the machines of a pool break: draws of a ``Reliability``, keyed by machine and start, so that they depend on
/// nothing that happened before.
struct FailureProcess: Sendable {
    private let reliability: Reliability
    private let lifetime: Distribution?
    private let lifetimes: RandomKey
    private let repairs: RandomKey
    private let speeds: RandomKey

    init(_ reliability: Reliability, key: RandomKey) {
        self.reliability = reliability
        let mean = reliability.meanTimeToFailure.flatMap { $0 > .zero ? $0.seconds : nil }
        lifetime = mean.map { .weibull(mean: $0, shape: reliability.shape > 0 ? reliability.shape : 1) }
        let own = key.derived("failures")
        lifetimes = own.derived("lifetime")
        repairs = own.derived("repair")
        speeds = own.derived("slowdown")
    }

    /// Nanoseconds that a machine runs after its `start`-th start until it fails, ≥ 1; `nil` = never, or not within
    /// 146 years. Weibull.
    func timeToFailure(machine: Int, start: Int) -> Int64? {
        guard let lifetime else { return nil }
        var draws = Self.stream(lifetimes, machine, start).generator()
        let time = SimulatedClock.after(0, seconds: lifetime.sample(using: &draws))
        return time < .max ? time : nil
    }

    /// Nanoseconds after that failure until the machine can be started again. Exponential; 0 where the mean is.
    func repair(machine: Int, start: Int) -> Int64 {
        let mean = reliability.meanRepair.seconds
        guard mean > 0 else { return 0 }
        var draws = Self.stream(repairs, machine, start).generator()
        return SimulatedClock.after(0, seconds: Distribution.exponential(mean: mean).sample(using: &draws))
    }

    /// The machine's step times relative to others', ≥ 1. A machine that starts again is a new one, slow or not.
    func slowdown(machine: Int, start: Int) -> Double {
        Self.stream(speeds, machine, start).uniform(0) < reliability.stragglers ? max(1, reliability.slowdown) : 1
    }

    private static func stream(_ key: RandomKey, _ machine: Int, _ start: Int) -> RandomKey {
        key.derived(UInt64(machine)).derived(UInt64(start))
    }
}

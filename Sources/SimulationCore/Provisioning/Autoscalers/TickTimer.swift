import Primitives

/// Says when a slower loop inside a controller is due: at the first call, then at the first call at least `interval`
/// after the last time it was due.
struct TickTimer: Sendable {
    private var next: SimulatedTime?

    mutating func isDue(at now: SimulatedTime, every interval: SimulatedDuration) -> Bool {
        if let next, now < next { return false }
        next = now + interval
        return true
    }
}

/// The longest tick that meets every multiple of both spans; the other one where one is not positive.
func commonTick(_ first: SimulatedDuration, _ second: SimulatedDuration) -> SimulatedDuration {
    var a = max(first.nanoseconds, 0)
    var b = max(second.nanoseconds, 0)
    while b != 0 { (a, b) = (b, a % b) }
    return SimulatedDuration(nanoseconds: a)
}

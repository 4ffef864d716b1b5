/// Arithmetic on nanoseconds since the run's start that ends at `.max`, "never", where plain sums would trap: the tails
/// of the distributions of this folder reach beyond any run.
enum SimulatedClock {
    /// `now` + `span`, at most `.max`; `.max` stays what it is.
    static func sum(_ now: Int64, _ span: Int64) -> Int64 {
        let (sum, overflow) = now.addingReportingOverflow(span)
        return overflow ? .max : sum
    }

    /// `now` + `seconds`, rounded to the nearest nanosecond and at least one later; `.max` beyond 146 years.
    static func after(_ now: Int64, seconds: Double) -> Int64 {
        let nanoseconds = (seconds * 1e9).rounded()
        guard nanoseconds < 0x1p62 else { return .max }
        return sum(now, max(1, Int64(nanoseconds)))
    }

    /// The first of the times `now` + k × `interval`, k ≥ 1, that is not before `time`: when a caller who asks again
    /// and again first finds what is there from `time` on. An interval below a second counts as one.
    static func firstPoll(after now: Int64, every interval: Int64, notBefore time: Int64) -> Int64 {
        let step = max(interval, 1_000_000_000)
        guard time < .max else { return .max }
        let polls = max(1, (max(0, time - now) + step - 1) / step)
        let (wait, overflow) = polls.multipliedReportingOverflow(by: step)
        return overflow ? .max : sum(now, wait)
    }
}

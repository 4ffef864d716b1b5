/// How fast a scenario was simulated: for a terminal only, since it is of the machine and the moment and not of the
/// result.
public struct RunSpeed: Sendable, Equatable {
    /// Requests offered, over all runs.
    public var requests: UInt64
    /// Events handled, over all runs.
    public var events: UInt64
    /// Wall time.
    public var seconds: Double

    public init(requests: UInt64, events: UInt64, seconds: Double) {
        self.requests = requests
        self.events = events
        self.seconds = seconds
    }

    /// `Simulated 3,000,000 requests (14,100,000 events) in 1.76 s: 1.70M requests/s, 8.01M events/s.`
    public var text: String {
        let done = "Simulated \(Wording.count(requests)) requests (\(Wording.count(events)) events)"
        guard seconds > 0 else { return done + "." }
        func rate(_ count: UInt64) -> String { ProgressLine.short(Double(count) / seconds) }
        return done + " in \(Decimal.significant(seconds, digits: 3)) s: \(rate(requests)) requests/s, "
            + "\(rate(events)) events/s."
    }
}

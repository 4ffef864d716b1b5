import Primitives

extension RunRecord {
    /// Judges whether the fleet kept up, from the queues while requests were arriving.
    ///
    /// The backlog is the number waiting; what it means depends on how fast the fleet works, so it is measured in the
    /// time the fleet needs to work it off at the rate it showed. *Overloaded*: at the last arrival that time exceeds
    /// 5 % of the arrival span, and the queue was still growing (the last quarter held over 1.3 times the backlog of
    /// the quarter before it). *Backlogged*: it exceeds 5 % at the end without growing, or exceeded it in some bin.
    mutating func judgeLoad() {
        let span = Double((lastArrival - firstArrival).nanoseconds)
        let width = Double(timeline.width.nanoseconds)
        let first = Int(firstArrival.nanoseconds / timeline.width.nanoseconds)
        let last = Int(lastArrival.nanoseconds / timeline.width.nanoseconds)
        guard completed > 0, span > 0, last - first >= 3, last < timeline.bins.count else {
            verdictReason = "too short a run to see a trend in the queue"
            return
        }
        let window = timeline.bins[first...last]
        let served = Double(window.reduce(0) { $0 + $1.completions })
        let rate = max(served, 1) / (Double(window.count) * width)
        // The last bin may be cut short by the last arrival; the one before it speaks for the end.
        let waiting = window.dropLast().map { Double($0.waitingTime) / width }
        let quarter = max(1, waiting.count / 4)
        let ending = waiting.suffix(quarter).reduce(0, +) / Double(quarter)
        let before = waiting.dropLast(quarter).suffix(quarter).reduce(0, +) / Double(quarter)
        let final = waiting.last ?? 0
        let peak = waiting.max() ?? 0
        func seconds(_ backlog: Double) -> Double { backlog / rate / 1e9 }
        let limit = 0.05 * span / 1e9
        if seconds(final) > limit, ending > 1.3 * before {
            verdict = .overloaded
            verdictReason =
                "at the last arrival \(Int(final.rounded())) requests were waiting, \(Int(seconds(final).rounded())) s of "
                + "work, and the queue was still growing"
        } else if seconds(peak) > limit {
            verdict = .backlogged
            verdictReason =
                "up to \(Int(peak.rounded())) requests were waiting at once, \(Int(seconds(peak).rounded())) s of work"
        } else {
            verdictReason = "never more than \(Int(peak.rounded(.up))) requests waiting in a bin on average"
        }
    }
}

import PerformanceModel

/// The nearest nanosecond to a positive duration, halves up; one instruction where `rounded()` is a call.
@inline(__always) func nearest(_ nanoseconds: Double) -> Int64 { Int64(nanoseconds + 0.5) }

/// A run of decode steps of one unchanging batch, timed from its first step.
///
/// With B sequences whose summed context is C at the anchor, step j costs `fixed + slope·(C + jB)`, so the end of
/// step j is an arithmetic series. Every boundary is computed from the anchor, never accumulated: whether the run is
/// walked one step at a time or leapt over, its boundaries are the same integers.
struct DecodeAnchor {
    private(set) var time: Int64 = 0
    private(set) var line = DecodeLine(fixed: 0, perContextToken: 0)
    private(set) var context = 0
    private(set) var sequences = 0
    /// Steps finished, counted from the anchor.
    var done = 0
    /// Steps the current leap ends after, counted from the anchor.
    var planned = 0
    /// Steps whose KV blocks are already taken, counted from the anchor.
    var grown = 0
    /// Whether the batch is still the one that was anchored.
    var valid = false

    mutating func set(time: Int64, line: DecodeLine, context: Int, sequences: Int) {
        self.time = time
        self.line = line
        self.context = context
        self.sequences = sequences
        (done, planned, grown) = (0, 0, 0)
        valid = true
    }

    /// When step `j` (1-based) ends.
    @inline(__always) func boundary(_ j: Int) -> Int64 {
        let n = Double(j)
        let tokens = n * Double(context) + Double(sequences) * (n * (n - 1) / 2)
        return time &+ nearest(n * line.fixed + line.perContextToken * tokens)
    }

    /// The gap between tokens that step `j` (0-based) makes, to the nearest nanosecond; never falls with `j`.
    @inline(__always) func gap(_ j: Int) -> Int64 {
        nearest(line.fixed + line.perContextToken * Double(context + j * sequences))
    }

    /// The end of the steps from `first` on, at most to `last`, whose gap is less than `ceiling`.
    /// - Precondition: `first` is such a step, and `first < last`.
    func steps(withGapBelow ceiling: Int64, from first: Int, to last: Int) -> Int {
        if gap(last - 1) < ceiling { return last }
        // The gap rises here, so the growth is positive. Rounding may put the guess a step off; gaps decide.
        let growth = line.perContextToken * Double(sequences)
        let guess = (Double(ceiling) - line.fixed - line.perContextToken * Double(context)) / growth
        var end = guess < Double(last) ? max(first + 1, Int(guess)) : last
        while end > first + 1, gap(end - 1) >= ceiling { end -= 1 }
        while gap(end) < ceiling { end += 1 }
        return end
    }

    /// The fewest steps, more than `done`, that end at or after `instant`; at most `planned`.
    func steps(reaching instant: Int64) -> Int {
        let elapsed = Double(instant - time)
        let growth = line.perContextToken * Double(sequences) / 2
        let linear = line.fixed + line.perContextToken * Double(context) - growth
        let root = 2 * elapsed / (linear + (linear * linear + 4 * growth * elapsed).squareRoot())
        var j = max(done + 1, root < Double(planned) ? Int(root.rounded(.up)) : planned)
        while j > done + 1, boundary(j - 1) >= instant { j -= 1 }
        while j < planned, boundary(j) < instant { j += 1 }
        return j
    }

    /// Further steps, the next included, for which the line holds from the present context.
    func stepsOnLine() -> Int {
        guard line.contextLimit != .max, sequences > 0 else { return .max }
        let present = context + done * sequences
        return present > line.contextLimit ? 0 : (line.contextLimit - present) / sequences + 1
    }
}

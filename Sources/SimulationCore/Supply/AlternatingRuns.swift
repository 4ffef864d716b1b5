import Primitives

/// Up and down in turn: an alternating renewal process, stationary from its start, generated run by run.
///
/// Constant memory; a run costs one draw.
struct AlternatingRuns: Sendable {
    private let up: Distribution
    private let down: Distribution
    private var generator: KeyedGenerator
    private(set) var isUp: Bool
    /// When the present run ends; `.max` = never.
    private(set) var end: Int64

    /// Run lengths in seconds, both with positive means.
    ///
    /// The first run is the one that a random moment of an endless process falls into: up with probability mean up ÷
    /// (mean up + mean down), and of residual length.
    init(up: Distribution, down: Distribution, key: RandomKey) {
        self.up = up
        self.down = down
        generator = key.generator()
        isUp = generator.uniform() < up.mean / (up.mean + down.mean)
        end = SimulatedClock.after(0, seconds: (isUp ? up : down).sampleResidual(using: &generator))
    }

    /// Goes on to the next run. Not to be called when the present one never ends.
    mutating func advance() {
        isUp.toggle()
        end = SimulatedClock.after(end, seconds: (isUp ? up : down).sample(using: &generator))
    }

    /// Goes on to the run that `now` falls into; a run includes its start, not its end.
    mutating func advance(to now: Int64) {
        while end <= now { advance() }
    }
}

/// The runs of a recorded trace, begun again at its end.
struct ReplayedRuns: Sendable {
    /// Offsets at which the state changes, ascending, in [0, length); the change back at the trace's end included as
    /// one at 0 where the trace ends in another state than it starts in.
    private let changes: [Int64]
    private let length: Int64
    /// Index of the next change, and the start of the repetition it is in.
    private var next = 0
    private var repetition: Int64 = 0
    private(set) var isUp: Bool

    /// When the present run ends; `.max` = never.
    var end: Int64 { changes.isEmpty ? .max : SimulatedClock.sum(repetition, changes[next]) }

    /// Changes outside [0, length) are left out.
    init(_ trace: AvailabilityTrace) {
        length = trace.length.nanoseconds
        var offsets: [Int64] = []
        for change in trace.changes.map(\.nanoseconds) where change >= 0 && change < trace.length.nanoseconds {
            // Two changes at one moment are none.
            if offsets.last == change { offsets.removeLast() } else { offsets.append(change) }
        }
        isUp = trace.startsUp
        if offsets.first == 0 {
            isUp.toggle()
            offsets.removeFirst()
        }
        // An even number of changes brings the state back to the first one: no change at the seam.
        changes = offsets.count % 2 == 0 ? offsets : [0] + offsets
        if changes.first == 0 { advanceCursor() }
    }

    /// Goes on to the next run. Not to be called when the present one never ends.
    mutating func advance() {
        isUp.toggle()
        advanceCursor()
    }

    private mutating func advanceCursor() {
        next += 1
        guard next == changes.count else { return }
        next = 0
        repetition = SimulatedClock.sum(repetition, length)
    }
}

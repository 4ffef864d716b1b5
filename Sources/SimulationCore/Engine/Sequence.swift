import Primitives
import Workloads

/// A request inside a replica. While it decodes, its progress is a function of the replica's clock, so that a step
/// touches no sequence: `generated`, `computed` and `blocks` are then out of date and derived from `endStep`.
struct Sequence {
    enum Phase: UInt8 { case prefilling, decoding, stalled }

    var request: Request
    /// When it reached the replica.
    var delivered: Int64
    /// The most recent scheduling before its first token; where that was made elsewhere, the first scheduling here;
    /// −1 = not yet.
    var scheduled: Int64 = -1
    /// When its first token was made; `-1` = not yet.
    var firstToken: Int64 = -1
    /// When its latest token was made; kept only while it is not decoding.
    var lastToken: Int64 = -1
    /// Decode clock at which its last token is made.
    var endStep: Int64 = 0
    /// Position in the order of admission: the order of the running list.
    var admission: UInt64 = 0
    /// Tokens generated so far.
    var generated: Int32 = 0
    /// Tokens whose keys and values are in the cache, those being computed in the current step included. While it
    /// waits: those that came along from elsewhere.
    var computed: Int32 = 0
    /// KV blocks held.
    var blocks: Int32 = 0
    /// Prompt tokens found in the prefix cache at the first scheduling.
    var cached: Int32 = 0
    /// Tokens computed before the latest preemption, or elsewhere, to tell what is computed again.
    var lost: Int32 = 0
    var preemptions: Int32 = 0
    /// Neighbours in the running list (−1 = none).
    var previous: Int32 = -1
    var next: Int32 = -1
    /// Neighbours in the completion wheel (−1 = none).
    var wheelPrevious: Int32 = -1
    var wheelNext: Int32 = -1
    /// What to add to `computed` for the tokens computed for it here: earlier admissions' less what was found or given.
    var workOffset: Int32 = 0
    var phase = Phase.prefilling
    /// Whether it was under way elsewhere before.
    var isResumed = false

    init(request: Request, delivered: Int64) {
        self.request = request
        self.delivered = delivered
    }

    /// A request that was under way elsewhere. At least one token is left to compute, whatever came along.
    init(request: Request, delivered: Int64, resuming progress: Progress) {
        self.init(request: request, delivered: delivered)
        generated = progress.generated
        firstToken = progress.firstToken
        lastToken = generated > 0 && progress.lastToken < 0 ? delivered : progress.lastToken
        computed = min(progress.cached, Int32(tokens - 1))
        lost = generated > 0 ? Int32(tokens - 1) : 0
        isResumed = true
    }

    /// Prompt and generated tokens.
    @inline(__always) var tokens: Int { Int(request.inputTokens) + Int(generated) }
    /// KV entries its last step needs: the last token is never fed back.
    @inline(__always) var finalLength: Int { Int(request.inputTokens) + Int(request.outputTokens) - 1 }
}

/// Tokens of finished requests.
struct ServedTokens {
    var input: UInt64 = 0
    /// Of the input, what was found in the prefix cache at the first scheduling.
    var cached: UInt64 = 0
    var output: UInt64 = 0
    /// Computed here, those computed again included.
    var computed: UInt64 = 0

    /// Counts a sequence that makes its last token.
    @inline(__always) mutating func add(_ sequence: borrowing Sequence) {
        input &+= UInt64(sequence.request.inputTokens)
        cached &+= UInt64(sequence.cached)
        output &+= UInt64(sequence.request.outputTokens)
        computed &+= UInt64(max(0, Int(sequence.workOffset) + sequence.finalLength))
    }

    /// Takes back what was counted of a sequence whose answer nobody waited for.
    mutating func remove(_ sequence: borrowing Sequence) {
        input &-= UInt64(sequence.request.inputTokens)
        cached &-= UInt64(sequence.cached)
        output &-= UInt64(sequence.request.outputTokens)
        computed &-= UInt64(max(0, Int(sequence.workOffset) + sequence.finalLength))
    }
}

/// The running sequences: slots, and a list through them in order of admission.
struct SequenceTable: ~Copyable {
    let slots: Column<Sequence>
    private let freeSlots: Column<Int32>
    private(set) var count = 0
    private(set) var first = -1
    private(set) var last = -1
    private var admissions: UInt64 = 0

    init(capacity: Int) {
        let blank = Sequence(request: Request(id: 0, arrival: .start, inputTokens: 1, outputTokens: 1), delivered: 0)
        slots = Column(repeating: blank, count: capacity)
        freeSlots = Column(repeating: 0, count: capacity)
        for slot in 0..<capacity { freeSlots[slot] = Int32(capacity - 1 - slot) }
    }

    subscript(slot: Int) -> Sequence {
        @inline(__always) unsafeAddress { UnsafePointer(slots.base + slot) }
        @inline(__always) nonmutating unsafeMutableAddress { slots.base + slot }
    }

    /// Appends to the running list and returns the slot.
    mutating func append(_ sequence: Sequence) -> Int {
        let slot = Int(freeSlots[slots.count - 1 - count])
        slots[slot] = sequence
        slots[slot].admission = admissions
        slots[slot].previous = Int32(last)
        slots[slot].next = -1
        if last >= 0 { slots[last].next = Int32(slot) } else { first = slot }
        last = slot
        admissions &+= 1
        count &+= 1
        return slot
    }

    mutating func remove(_ slot: Int) {
        let (previous, next) = (Int(slots[slot].previous), Int(slots[slot].next))
        if previous >= 0 { slots[previous].next = Int32(next) } else { first = next }
        if next >= 0 { slots[next].previous = Int32(previous) } else { last = previous }
        count &-= 1
        freeSlots[slots.count - 1 - count] = Int32(slot)
    }
}

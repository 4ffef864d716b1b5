import PerformanceModel
import Pricing
import Primitives
import Workloads

/// One model server: vLLM V1's scheduler over a paged KV cache, advanced by leaps.
///
/// A replica has one pending wake-up: the end of the step, or of the run of decode steps, that it is executing.
/// Between wake-ups only deliveries, withdrawals and the loss of the machine touch it; they may bring the wake-up
/// forward to the next step's end.
struct Replica: ~Copyable {
    enum Activity { case idle, decoding, mixed }

    let index: Int
    let pool: Int
    let engine: EngineConfiguration
    let cost: any StepCostModel
    let single: Bool

    var table: SequenceTable
    var wheel = CompletionWheel()
    var waiting: WaitingQueue
    var kv: KVCache

    // The decoding sequences, as sums.
    /// Steps in which the decoding sequences advanced.
    var clock: Int64 = 0
    var decoding = 0
    /// Σ of tokens each decoding sequence attends to in its next step.
    var context = 0
    /// Decoding sequences whose output others may look for.
    var sharedOutputs = 0
    /// Decoding sequences by (cached tokens − clock) modulo the block size: who needs a block when.
    let residues: Column<Int32>

    // The step being executed.
    var activity = Activity.idle
    var anchor = DecodeAnchor()
    var shape = StepShape()
    var stepStart: Int64 = 0
    /// Slots computing prompt tokens in this step and how many, in running order.
    var prefilling: [(slot: Int32, chunk: Int32)] = []
    /// Slots that missed a step and advance in this one.
    var resuming: [Int32] = []
    /// Running sequences whose prompt is not fully computed, and those that missed the last step.
    var partials = 0
    var stalled = 0
    /// When the step, or the leap, ends; `.max` when idle.
    var wakeTime = Int64.max
    // What an asynchronous scheduler does not know yet when it chooses a step; nothing with a synchronous one.
    /// Requests delivered later are not seen.
    var horizon = Int64.max
    /// Sequences that ended with the last step, and the blocks they gave back.
    var unreturned = (sequences: 0, blocks: 0)
    /// Requests finished since the caller last looked.
    var finished = 0
    /// Slots withdrawn during this step, which they leave at its end.
    var leaving: [Int32] = []
    /// Requests whose first token somebody waits for.
    var watched: Set<UInt64> = []
    /// Watched requests whose first token was made since the caller last emptied this, in order of time.
    var firstTokens: [UInt64] = []
    /// Times every step of this replica takes what the cost model says, > 0: a straggler's is above 1.
    /// Set while the replica is idle.
    var slowdown = 1.0 {
        didSet { assert(activity == .idle && slowdown > 0, "a running machine keeps its speed") }
    }

    var tally: ReplicaRecord
    /// Tokens of the requests finished here.
    var served = ServedTokens()
    private var busySince: Int64 = 0
    private var blocksSince: (time: Int64, used: Int) = (0, 0)

    init(
        index: Int, pool: Int, configuration: PoolConfiguration, stepping: SimulationOptions.Stepping,
        source: any RequestSource
    ) {
        self.index = index
        self.pool = pool
        engine = configuration.engine
        cost = configuration.stepCost
        single = stepping == .single
        table = SequenceTable(capacity: engine.maxSequences)
        waiting = WaitingQueue(order: engine.queueOrder)
        kv = KVCache(configuration: engine, sharesPrefixes: source.sharesPrefixes, contents: source.contents)
        residues = Column(repeating: 0, count: engine.blockSize)
        tally = ReplicaRecord(pool: pool)
        tally.kvBlocks = engine.kvBlocks
    }

    var isStatic: Bool { engine.batching == .static }

    /// Why the replica can never serve the request, if it cannot.
    func refusal(of request: Request) -> FailureReason? {
        let total = Int(request.inputTokens) + Int(request.outputTokens)
        // Without chunking a prompt, and after a preemption the whole sequence, must fit one step.
        let longest =
            engine.chunkedPrefill || isStatic
            ? engine.maxModelLength : min(engine.maxModelLength, engine.maxBatchedTokens)
        if total > longest { return .tooLong }
        return kv.blocks(for: total - 1) > engine.kvBlocks ? .tooLargeForCache : nil
    }

    /// A request reaches the replica at `now`. It is considered at the end of the step being executed.
    ///
    /// Of a step that ends at `now`, that end counts, unless `afterSteps`: the ends of steps at `now` have been
    /// handled already.
    mutating func deliver(_ request: Request, at now: Int64, afterSteps: Bool = false) {
        let becameHead = waiting.append(request, delivered: now)
        joinQueue(atHead: becameHead, at: now, afterSteps: afterSteps)
    }

    mutating func joinQueue(atHead: Bool, at now: Int64, afterSteps: Bool) {
        switch activity {
        case .idle: wakeTime = now
        case .mixed: break
        case .decoding:
            // Behind a blocked head nobody is looked at.
            if atHead { admitEarly(from: afterSteps ? now + 1 : now) }
        }
    }

    /// Ends a leap at the first step's end at or after `instant`, for there is another head to admit; not when nobody
    /// can join before a completion, the batch being full or closed.
    mutating func admitEarly(from instant: Int64) {
        if table.count < engine.maxSequences, !isStatic { cutLeap(from: instant) }
    }

    mutating func cutLeap(from instant: Int64) {
        anchor.planned = anchor.steps(reaching: instant)
        wakeTime = anchor.boundary(anchor.planned)
    }

    /// The end of the step or leap: tokens are made, sequences finish, and the next step is chosen.
    mutating func wake(at now: Int64, _ recorder: inout Recorder) {
        if engine.asynchronousScheduling { lookBack() }
        switch activity {
        case .idle:
            busySince = now
            noteBlocks(at: now, &recorder)
        case .decoding: settleLeap(at: now, &recorder)
        case .mixed: settleStep(at: now, &recorder)
        }
        if !leaving.isEmpty { removeLeaving(at: now, &recorder) }
        schedule(at: now, &recorder)
    }

    /// The step that begins now was chosen when the one that ends now began.
    private mutating func lookBack() {
        unreturned = (0, 0)
        switch activity {
        case .idle: horizon = .max
        case .decoding: horizon = anchor.boundary(anchor.planned - 1)
        case .mixed: horizon = stepStart
        }
    }

    /// Nanoseconds with work until `now`.
    func busyTime(at now: Int64) -> Int64 {
        tally.busy.nanoseconds + (activity == .idle ? 0 : now - busySince)
    }

    mutating func becomeIdle(at now: Int64, _ recorder: inout Recorder) {
        noteBlocks(at: now, &recorder)
        activity = .idle
        anchor.valid = false
        wakeTime = .max
        tally.busy += SimulatedDuration(nanoseconds: now - busySince)
        recorder.timeline.add(from: busySince, to: now, weight: 1, to: .busy)
    }

    /// Records KV use since the last note as the mean of its ends. Called before and after each change of the batch, so
    /// that in between the use is constant or grows with the decoding sequences.
    mutating func noteBlocks(at now: Int64, _ recorder: inout Recorder) {
        let used = kv.used
        if used > tally.peakBlocks { tally.peakBlocks = used }
        // Twice the mean of the two ends, so that the sum stays an integer; halved when the record is made.
        recorder.timeline.add(from: blocksSince.time, to: now, weight: Int64(blocksSince.used + used), to: .blocks)
        blocksSince = (now, used)
    }

    /// Blocks the decoding sequences need for the step that starts at `clock + offset`.
    @inline(__always) func growth(at offset: Int) -> Int {
        let size = engine.blockSize
        let phase = Int((clock + Int64(offset)) % Int64(size))
        return Int(residues[phase == 0 ? 0 : size - phase])
    }

    @inline(__always) func residue(computed: Int) -> Int {
        let size = Int64(engine.blockSize)
        let remainder = (Int64(computed) - clock) % size
        return Int(remainder < 0 ? remainder + size : remainder)
    }
}

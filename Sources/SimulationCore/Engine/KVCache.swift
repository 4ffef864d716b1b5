import Workloads

/// The KV blocks of one replica: how many are free, and what a request may find in them again.
///
/// Where prompts are shared the blocks are real (``PrefixBlocks``); where they are not, counts say the same
/// (``FreeRuns``) at a fraction of the cost. Without prefix caching only the free count matters.
struct KVCache: ~Copyable {
    enum Mode { case uncached, counted, named }

    let blockSize: Int
    let capacity: Int
    private let mode: Mode
    private let contents: PromptContentStore
    private var unheld: Int
    private var runs = FreeRuns()
    /// Whether a withdrawn request may come anew and find blocks of its own.
    private var mayReturn = false
    private var pool: PrefixBlocks
    /// Names of the blocks of the request looked at last, and which request and length that was.
    private var names: [UInt64] = []
    private var namedRequest: UInt64 = .max
    private var namedTokens = 0

    init(configuration: EngineConfiguration, sharesPrefixes: Bool, contents: PromptContentStore) {
        blockSize = configuration.blockSize
        capacity = configuration.kvBlocks
        mode = !configuration.prefixCaching ? .uncached : sharesPrefixes ? .named : .counted
        self.contents = contents
        unheld = capacity
        let named = mode == .named
        pool = PrefixBlocks(blocks: named ? capacity : 0, slots: named ? configuration.maxSequences : 0)
    }

    var free: Int { mode == .named ? pool.free : unheld }
    var used: Int { capacity - free }

    @inline(__always) func blocks(for tokens: Int) -> Int { (tokens &+ blockSize &- 1) / blockSize }

    /// Tokens of the sequence that can be taken from the cache now: full blocks, and at least one token is left over.
    mutating func cachedTokens(_ sequence: Sequence) -> Int {
        let limit = (sequence.tokens - 1) / blockSize
        switch mode {
        case .uncached: return 0
        case .counted:
            guard sequence.preemptions > 0 || mayReturn, runs.isTracking else { return 0 }
            return min(limit, runs.surviving(of: sequence.request.id)) * blockSize
        case .named:
            name(sequence.request, tokens: sequence.tokens)
            return pool.hits(names, limit: limit) * blockSize
        }
    }

    /// Whether a waiting sequence can hold its `cached` tokens and `total` blocks now.
    func canAdmit(_ sequence: Sequence, cached: Int, total: Int) -> Bool {
        let hits = cached / blockSize
        guard hits > 0 else { return total <= free }
        let idle = mode == .named ? pool.idleHits(names, hits: hits) : hits
        return total - hits <= free - idle
    }

    /// Gives `slot` its cached tokens and `total` blocks in all.
    /// - Precondition: `canAdmit` said so for the same sequence, just now.
    mutating func admit(_ sequence: Sequence, slot: Int, cached: Int, total: Int) {
        let hits = cached / blockSize
        if mode == .named {
            pool.touch(names, hits: hits, slot: slot)
            pool.extend(slot, by: total - hits)
            return
        }
        if mode == .counted, sequence.preemptions > 0 || mayReturn { runs.claim(hits, of: sequence.request.id) }
        runs.take(total - hits)
        unheld -= total
    }

    /// Gives `slot` further blocks for a prompt chunk.
    mutating func extend(_ slot: Int, by count: Int) {
        guard count > 0 else { return }
        if mode == .named { pool.extend(slot, by: count) } else { takeCounted(count) }
    }

    /// Takes blocks that decoding sequences grow into.
    mutating func grow(by count: Int) {
        guard count > 0 else { return }
        if mode == .named { pool.takeLoose(count) } else { takeCounted(count) }
    }

    /// Makes the sequence's full blocks up to `tokens` findable.
    mutating func register(_ sequence: Sequence, slot: Int, from start: Int, tokens: Int) {
        guard mode == .named, tokens / blockSize > start / blockSize else { return }
        name(sequence.request, tokens: tokens)
        pool.register(slot, (start / blockSize)..<(tokens / blockSize), names: names)
    }

    /// Whether others may look for what the request generates.
    func sharesOutput(_ request: Request) -> Bool {
        mode == .named && contents.outputContinuesLastSegment(of: request.content)
    }

    /// Makes what a decoding sequence has generated findable: its full blocks up to `tokens`.
    mutating func expose(_ sequence: Sequence, slot: Int, tokens: Int) {
        pool.settle(slot, total: blocks(for: tokens))
        register(sequence, slot: slot, from: Int(sequence.request.inputTokens), tokens: tokens)
    }

    /// Returns a finished sequence's blocks.
    mutating func finish(_ sequence: Sequence, slot: Int) {
        guard mode == .named else {
            unheld += Int(sequence.blocks)
            runs.append(anonymous: Int(sequence.blocks))
            return
        }
        pool.settle(slot, total: Int(sequence.blocks))
        if sharesOutput(sequence.request) {
            register(sequence, slot: slot, from: Int(sequence.request.inputTokens), tokens: Int(sequence.computed))
        }
        pool.release(slot)
    }

    /// Makes findable what a sequence to be withdrawn will have computed at the end of the step: its full blocks up to
    /// `tokens`. Its content may be forgotten afterwards.
    mutating func nameBeforeWithdrawal(_ sequence: Sequence, slot: Int, tokens: Int) {
        guard mode == .named else { return }
        pool.settle(slot, total: blocks(for: tokens))
        register(sequence, slot: slot, from: 0, tokens: tokens)
    }

    /// Returns a withdrawn sequence's blocks, which it may find again where it comes anew.
    mutating func withdraw(_ sequence: Sequence, slot: Int) {
        mayReturn = true
        guard mode == .named else { return preempt(sequence, slot: slot) }
        pool.settle(slot, total: Int(sequence.blocks))
        pool.release(slot)
    }

    /// Returns a preempted sequence's blocks, which it may find again.
    mutating func preempt(_ sequence: Sequence, slot: Int) {
        switch mode {
        case .uncached: unheld += Int(sequence.blocks)
        case .counted:
            // The end of the sequence is taken first, and only full blocks are found again.
            let full = Int(sequence.computed) / blockSize
            let rest = Int(sequence.blocks) - full
            if full > 0 {
                runs.append(owner: sequence.request.id, count: full, behind: unheld, after: rest)
            } else {
                runs.append(anonymous: rest)
            }
            unheld += Int(sequence.blocks)
        case .named:
            pool.settle(slot, total: Int(sequence.blocks))
            register(sequence, slot: slot, from: 0, tokens: Int(sequence.computed))
            pool.release(slot)
        }
    }

    /// Prompt tokens of a request not yet here that the cache holds: what a prefix-aware router asks.
    mutating func cachedTokens(of request: Request) -> Int {
        guard mode == .named else { return 0 }
        name(request, tokens: Int(request.inputTokens))
        return pool.hits(names, limit: (Int(request.inputTokens) - 1) / blockSize) * blockSize
    }

    /// The cache of a fresh machine: nobody holds anything, nothing is found.
    mutating func reset() {
        unheld = capacity
        runs = FreeRuns()
        mayReturn = false
        pool.reset()
    }

    private mutating func takeCounted(_ count: Int) {
        unheld -= count
        runs.take(count)
    }

    private mutating func name(_ request: Request, tokens: Int) {
        guard namedRequest != request.id || namedTokens < tokens else { return }
        PrefixHasher.fill(&names, for: request, tokens: tokens, blockSize: blockSize, contents: contents)
        (namedRequest, namedTokens) = (request.id, tokens)
    }
}

import PerformanceModel
import Primitives
import Workloads

/// Leaps over decode steps, and what happens at the end of a step.
extension Replica {
    /// Leaps as far as the batch cannot change: to the next completion, to a shortage of blocks, or to the end of the
    /// cost line's piece. The next step's blocks are taken already.
    mutating func planLeap() {
        anchor.grown = anchor.done + 1
        var steps = 1
        if !single, !mayUnblock, !seesMoreNext {
            steps = max(1, min(wheel.stepsToNext(after: clock), anchor.stepsOnLine()))
            steps = 1 + growableSteps(limit: steps - 1)
        }
        anchor.planned = anchor.done + steps
        activity = .decoding
        wakeTime = anchor.boundary(anchor.planned)
    }

    /// Whether a blocked head may find more of its prompt with every step: in what a running sequence generates.
    private var mayUnblock: Bool { sharedOutputs > 0 && !waiting.isEmpty && table.count < engine.maxSequences }

    /// Whether an asynchronous scheduler will know of requests, places or blocks at the next step that it does not know
    /// of now.
    private var seesMoreNext: Bool {
        guard engine.asynchronousScheduling, !waiting.isEmpty, table.count < engine.maxSequences else { return false }
        return unreturned.sequences > 0 || waiting.head.delivered > horizon
    }

    /// How many steps after the next one find their blocks, up to `limit`. Any `blockSize` consecutive steps need one
    /// block per sequence, so whole cycles are counted and only the rest is walked.
    private func growableSteps(limit: Int) -> Int {
        let size = engine.blockSize
        guard !isStatic, decoding * (limit / size + 1) > kv.free else { return limit }
        let cycles = min(kv.free / decoding, limit / size)
        var steps = cycles * size
        var left = kv.free - cycles * decoding
        while steps < limit {
            left -= growth(at: steps + 1)
            guard left >= 0 else { break }
            steps += 1
        }
        return steps
    }

    /// Takes the blocks of the leap's steps up to the anchor's step `count`.
    mutating func takeGrowth(upTo count: Int) {
        let steps = count - anchor.grown
        guard steps > 0, !isStatic else { return }
        let size = engine.blockSize
        var blocks = steps / size * decoding
        for offset in 0..<(steps % size) { blocks += growth(at: anchor.grown - anchor.done + offset) }
        kv.grow(by: blocks)
        anchor.grown = count
    }

    /// Brings the cache to what it is at `now`, in the middle of a leap, before somebody looks into it; `afterSteps`
    /// where the ends of steps at `now` have been handled already.
    mutating func catchUp(to now: Int64, afterSteps: Bool = false) {
        switch activity {
        case .idle: return
        case .decoding:
            takeGrowth(upTo: anchor.steps(reaching: afterSteps ? now + 1 : now))
            exposeOutputs(steps: anchor.grown - anchor.done)
        case .mixed: exposeOutputs(steps: 1)
        }
    }

    /// Makes findable what the decoding sequences have generated, the `steps` begun since the clock included.
    /// Only lookups can tell when this happens, so it is done before them and at no other time.
    mutating func exposeOutputs(steps: Int) {
        guard sharedOutputs > 0 else { return }
        var slot = table.first
        while slot >= 0 {
            if table[slot].phase != .prefilling, kv.sharesOutput(table[slot].request) {
                let computed = table[slot].finalLength - Int(table[slot].endStep - clock)
                kv.expose(table[slot], slot: slot, tokens: computed + steps)
            }
            slot = Int(table[slot].next)
        }
    }

    mutating func settleLeap(at now: Int64, _ recorder: inout Recorder) {
        takeGrowth(upTo: anchor.planned)
        if leaving.isEmpty {
            recorder.gaps(of: anchor, from: anchor.done, to: anchor.planned)
        } else {
            // The last step's tokens of those who leave reach nobody.
            let last = anchor.planned - 1
            recorder.gaps(of: anchor, from: anchor.done, to: last)
            recorder.gap(now - anchor.boundary(last), weight: decoding - leaving.count)
        }
        advance(to: anchor.planned)
        finishDecoded(at: now, &recorder)
    }

    /// Counts the leap's steps up to the anchor's step `count` as done.
    @inline(__always) mutating func advance(to count: Int) {
        let steps = count - anchor.done
        clock += Int64(steps)
        context += steps * decoding
        anchor.done = count
        tally.steps += UInt64(steps)
    }

    mutating func settleStep(at now: Int64, _ recorder: inout Recorder) {
        tally.steps += 1
        noteBlocks(at: now, &recorder)
        if decoding > 0 {
            recorder.gap(now - stepStart, weight: shape.decodeSequences - resuming.count - leavingDecodes)
            for slot in resuming {
                if !leaves(slot) { recorder.gap(now - table[Int(slot)].lastToken, weight: 1) }
                table[Int(slot)].phase = .decoding
            }
            clock += 1
            context += shape.decodeSequences
            if !prefilling.isEmpty, wheel.first(at: clock) >= 0, prefilling.contains(where: { finishes($0.slot) }) {
                return finishInOrder(at: now, &recorder)
            }
            finishDecoded(at: now, &recorder)
        }
        let allStay = leaving.isEmpty
        for (slot, _) in prefilling where completes(slot) && (allStay || !leaves(slot)) {
            emitToken(Int(slot), at: now, &recorder)
        }
    }

    /// Whether a prompt (or recomputed sequence) was completed in this step.
    @inline(__always) private func completes(_ slot: Int32) -> Bool {
        Int(table[Int(slot)].computed) == table[Int(slot)].tokens
    }

    /// Whether it makes its next token.
    private func emits(_ slot: Int32) -> Bool { completes(slot) && !leaves(slot) }

    private func finishes(_ slot: Int32) -> Bool {
        emits(slot) && table[Int(slot)].generated + 1 == table[Int(slot)].request.outputTokens
    }

    /// A step that ends decoding sequences and prompts of one token's answer: all in running order, for so are their
    /// blocks freed.
    private mutating func finishInOrder(at now: Int64, _ recorder: inout Recorder) {
        noteBlocks(at: now, &recorder)
        anchor.valid = false
        var ending = prefilling.filter { emits($0.slot) }.map { (slot: Int($0.slot), decodes: false) }
        var slot = wheel.first(at: clock)
        while slot >= 0 {
            ending.append((slot, true))
            slot = Int(table[slot].wheelNext)
        }
        ending.sort { table[$0.slot].admission < table[$1.slot].admission }
        for (slot, decodes) in ending {
            if decodes { finishDecoding(slot, at: now, &recorder) } else { emitToken(slot, at: now, &recorder) }
        }
    }

    /// Ends the sequences whose last token was made at the present clock, in running order.
    private mutating func finishDecoded(at now: Int64, _ recorder: inout Recorder) {
        var slot = wheel.first(at: clock)
        guard slot >= 0 else { return }
        noteBlocks(at: now, &recorder)
        anchor.valid = false
        if table[slot].wheelNext < 0 { return finishDecoding(slot, at: now, &recorder) }
        var ending: [(admission: UInt64, slot: Int)] = []
        while slot >= 0 {
            ending.append((table[slot].admission, slot))
            slot = Int(table[slot].wheelNext)
        }
        ending.sort { $0.admission < $1.admission }
        for (_, slot) in ending { finishDecoding(slot, at: now, &recorder) }
    }

    private mutating func finishDecoding(_ slot: Int, at now: Int64, _ recorder: inout Recorder) {
        let length = table[slot].finalLength
        wheel.remove(slot, in: table)
        decoding -= 1
        context -= length + 1
        if kv.sharesOutput(table[slot].request) { sharedOutputs -= 1 }
        if !isStatic {
            residues[residue(computed: length)] -= 1
            table[slot].blocks = Int32(kv.blocks(for: length))
        }
        table[slot].computed = Int32(length)
        finish(slot, at: now, &recorder)
    }

    /// A fully computed prompt (or recomputed sequence) makes its next token and starts, or resumes, decoding.
    private mutating func emitToken(_ slot: Int, at now: Int64, _ recorder: inout Recorder) {
        partials -= 1
        table[slot].generated += 1
        if table[slot].firstToken < 0 {
            table[slot].firstToken = now
            if !watched.isEmpty { noteFirstToken(of: table[slot].request.id) }
        } else {
            recorder.gap(now - table[slot].lastToken, weight: 1)
        }
        let left = Int64(table[slot].request.outputTokens - table[slot].generated)
        if left == 0 { return finish(slot, at: now, &recorder) }
        table[slot].phase = .decoding
        joinDecoding(slot, left: left)
    }

    /// Adds a sequence with `left` tokens to make, all others computed, to the sums.
    @inline(__always) mutating func joinDecoding(_ slot: Int, left: Int64) {
        let computed = Int(table[slot].computed)
        table[slot].endStep = clock + left
        if !isStatic {
            residues[residue(computed: computed)] += 1
            table[slot].blocks = 0
        }
        decoding += 1
        context += computed + 1
        if kv.sharesOutput(table[slot].request) { sharedOutputs += 1 }
        wheel.insert(slot, in: table, clock: clock)
    }

    private mutating func finish(_ slot: Int, at now: Int64, _ recorder: inout Recorder) {
        let free = kv.free
        kv.finish(table[slot], slot: slot)
        if engine.asynchronousScheduling { unreturned = (unreturned.sequences + 1, unreturned.blocks + kv.free - free) }
        tally.completed += 1
        finished += 1
        served.add(table[slot])
        recorder.completed(table[slot], replica: index, pool: pool, at: now)
        table.remove(slot)
    }
}

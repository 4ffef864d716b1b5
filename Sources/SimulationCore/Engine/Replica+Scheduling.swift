import PerformanceModel
import Primitives
import Workloads

/// Choosing a step: running sequences first, in order; then waiting ones, unless somebody was preempted.
extension Replica {
    mutating func schedule(at now: Int64, _ recorder: inout Recorder) {
        while true {
            shape = StepShape()
            // Emptying an empty array is a call, and this is every step.
            if !prefilling.isEmpty { prefilling.removeAll(keepingCapacity: true) }
            if !resuming.isEmpty { resuming.removeAll(keepingCapacity: true) }
            var budget = isStatic ? Int.max : engine.maxBatchedTokens
            let undisturbed = scheduleRunning(at: now, budget: &budget, &recorder)
            if undisturbed { admit(at: now, budget: &budget, &recorder) }
            if table.count > tally.peakRunning { tally.peakRunning = table.count }
            if shape.tokens > 0 {
                execute(leap: undisturbed && prefilling.isEmpty && resuming.isEmpty && stalled == 0, at: now, &recorder)
                return
            }
            if table.count == 0, waiting.isEmpty { return becomeIdle(at: now, &recorder) }
            // A sequence that preempted itself and stopped everybody behind it leaves an empty step, which takes no
            // time: those it stopped have missed a tick of the clock.
            precondition(!undisturbed, "an empty replica can admit any request it did not refuse")
            if decoding > 0 { clock += 1 }
        }
    }

    private mutating func execute(leap: Bool, at now: Int64, _ recorder: inout Recorder) {
        if leap {
            if !anchor.valid || context > anchor.line.contextLimit {
                noteBlocks(at: now, &recorder)
                var line = cost.decodeLine(sequences: decoding, context: context)
                line.fixed *= slowdown
                line.perContextToken *= slowdown
                anchor.set(time: now, line: line, context: context, sequences: decoding)
            }
            planLeap()
        } else {
            noteBlocks(at: now, &recorder)
            anchor.valid = false
            activity = .mixed
            stepStart = now
            wakeTime = now + nearest(cost.stepTime(shape) * slowdown)
        }
    }

    // MARK: Running sequences

    /// Gives every running sequence its tokens and blocks; returns false if somebody was preempted.
    private mutating func scheduleRunning(at now: Int64, budget: inout Int, _ recorder: inout Recorder) -> Bool {
        guard table.count > 0 else { return true }
        let demand = decoding > 0 ? growth(at: 0) : 0
        // Without a threshold the one partial prompt is the last running sequence: decodes come first and need no walk.
        if stalled == 0, partials == 0, demand <= kv.free {
            kv.grow(by: demand)
            takeAllDecodes(budget: &budget)
            return true
        }
        if stalled == 0, partials == 1, table[table.last].phase == .prefilling {
            let slot = table.last
            let chunk = chunkLength(slot, budget: budget - decoding)
            // A static batch holds the blocks of all its tokens from the start.
            let blocks = max(0, kv.blocks(for: Int(table[slot].computed) + chunk) - Int(table[slot].blocks))
            if chunk > 0, demand + blocks <= kv.free {
                kv.grow(by: demand)
                takeAllDecodes(budget: &budget)
                kv.extend(slot, by: blocks)
                table[slot].blocks += Int32(blocks)
                compute(chunk, of: slot, budget: &budget)
                return true
            }
        }
        return walkRunning(at: now, budget: &budget, &recorder)
    }

    private mutating func takeAllDecodes(budget: inout Int) {
        shape.decodeSequences = decoding
        shape.decodeContext = context
        shape.sampledSequences = decoding
        budget -= decoding
    }

    /// Tokens of a partial prompt that the next step may compute.
    func chunkLength(_ slot: Int, budget: Int) -> Int {
        var want = table[slot].tokens - Int(table[slot].computed)
        if engine.longPrefillThreshold > 0 { want = min(want, engine.longPrefillThreshold) }
        return min(want, budget)
    }

    mutating func compute(_ chunk: Int, of slot: Int, budget: inout Int) {
        let cached = Int(table[slot].computed)
        shape.addChunk(new: chunk, cached: cached)
        table[slot].computed += Int32(chunk)
        if Int(table[slot].computed) == table[slot].tokens { shape.sampledSequences += 1 }
        kv.register(table[slot], slot: slot, from: cached, tokens: cached + chunk)
        prefilling.append((Int32(slot), Int32(chunk)))
        budget -= chunk
    }

    // MARK: Waiting sequences

    private mutating func admit(at now: Int64, budget: inout Int, _ recorder: inout Recorder) {
        if waiting.isEmpty || (isStatic && table.count > 0) { return }
        exposeOutputs(steps: 1)
        if table.count == 0 { (horizon, unreturned) = (.max, (0, 0)) }
        while !waiting.isEmpty, table.count + unreturned.sequences < engine.maxSequences, budget > 0 {
            let sequence = waiting.head
            guard sequence.delivered <= horizon else { return }
            let carried = Int(sequence.computed)
            let hits = carried > 0 ? 0 : kv.cachedTokens(sequence)
            let cached = carried + hits
            var want = sequence.tokens - cached
            if engine.longPrefillThreshold > 0 { want = min(want, engine.longPrefillThreshold) }
            if !engine.chunkedPrefill, want > budget { return }
            want = min(want, budget)
            let total = kv.blocks(for: isStatic ? sequence.finalLength : cached + want)
            guard kv.canAdmit(sequence, cached: hits, total: total + unreturned.blocks) else { return }
            noteBlocks(at: now, &recorder)
            waiting.removeHead()
            let slot = table.append(sequence)
            kv.admit(sequence, slot: slot, cached: hits, total: total)
            start(slot, cached: cached, blocks: total, at: now, &recorder)
            if carried > 0 {
                continueCarried(slot, want: want, budget: &budget)
            } else {
                compute(want, of: slot, budget: &budget)
            }
        }
    }

    private mutating func start(_ slot: Int, cached: Int, blocks: Int, at now: Int64, _ recorder: inout Recorder) {
        table[slot].blocks = Int32(blocks)
        table[slot].computed = Int32(cached)
        table[slot].workOffset -= Int32(cached)
        partials += 1
        if table[slot].firstToken < 0 || table[slot].scheduled < 0 { table[slot].scheduled = now }
        if table[slot].preemptions == 0, !table[slot].isResumed {
            table[slot].cached = Int32(cached)
            recorder.lookedUp(tokens: table[slot].tokens, cached: cached)
        } else {
            recorder.recomputed(tokens: max(0, Int(table[slot].lost) - cached))
        }
    }
}

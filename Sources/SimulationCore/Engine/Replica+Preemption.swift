import PerformanceModel
import Primitives
import Workloads

/// Steps in which blocks or budget run out: the running list is walked in order, and sequences are preempted.
extension Replica {
    /// vLLM's loop over the running list; returns false if somebody was preempted.
    mutating func walkRunning(at now: Int64, budget: inout Int, _ recorder: inout Recorder) -> Bool {
        var undisturbed = true
        var stopped = false
        /// Slots scheduled so far with their tokens; 0 = a decode.
        var planned: [(slot: Int, chunk: Int)] = []
        stalled = 0
        var slot = table.first
        while slot >= 0 {
            let chunk = table[slot].phase == .prefilling ? chunkLength(slot, budget: budget) : 0
            if stopped || budget <= 0 {
                if table[slot].phase != .prefilling { miss(slot, at: now) }
                slot = Int(table[slot].next)
                continue
            }
            let need = blocksNeeded(slot, chunk: chunk)
            while need > kv.free, !stopped {
                if undisturbed { noteBlocks(at: now, &recorder) }
                undisturbed = false
                let victim = chooseVictim()
                stopped = victim == slot
                if stopped { slot = Int(table[slot].next) }
                if let index = planned.firstIndex(where: { $0.slot == victim }) {
                    budget += max(planned[index].chunk, 1)
                    planned.remove(at: index)
                }
                preempt(victim, at: now)
                recorder.preempted()
            }
            if stopped { continue }
            take(need, for: slot, chunk: chunk)
            planned.append((slot, chunk))
            budget -= max(chunk, 1)
            slot = Int(table[slot].next)
        }
        apply(planned)
        return undisturbed
    }

    private func blocksNeeded(_ slot: Int, chunk: Int) -> Int {
        if isStatic { return 0 }
        if chunk > 0 { return kv.blocks(for: Int(table[slot].computed) + chunk) - Int(table[slot].blocks) }
        return computedByDecoding(slot) % engine.blockSize == 0 ? 1 : 0
    }

    private mutating func take(_ blocks: Int, for slot: Int, chunk: Int) {
        if isStatic { return }
        if chunk > 0 {
            kv.extend(slot, by: blocks)
        } else {
            kv.grow(by: blocks)
        }
        // A decoding sequence's blocks are derived when it ends; only the one just taken must be told apart.
        table[slot].blocks = chunk > 0 ? table[slot].blocks + Int32(blocks) : Int32(blocks)
    }

    private mutating func apply(_ planned: [(slot: Int, chunk: Int)]) {
        var spent = 0
        for (slot, chunk) in planned {
            if chunk > 0 {
                compute(chunk, of: slot, budget: &spent)
                continue
            }
            shape.decodeSequences += 1
            shape.decodeContext += computedByDecoding(slot) + 1
            shape.sampledSequences += 1
            if table[slot].phase == .stalled { resuming.append(Int32(slot)) }
            if !isStatic { table[slot].blocks = 0 }
        }
    }

    /// KV entries of a decoding (or stalled) sequence before the next step.
    func computedByDecoding(_ slot: Int) -> Int {
        table[slot].finalLength - Int(table[slot].endStep - clock)
    }

    /// The sequence gets no token in this step, while the clock goes on for the others.
    private mutating func miss(_ slot: Int, at now: Int64) {
        let computed = computedByDecoding(slot)
        wheel.remove(slot, in: table)
        if !isStatic { residues[residue(computed: computed)] -= 1 }
        table[slot].endStep += 1
        if !isStatic { residues[residue(computed: computed - 1)] += 1 }
        wheel.insert(slot, in: table, clock: clock)
        if table[slot].phase == .decoding { table[slot].lastToken = now }
        table[slot].phase = .stalled
        stalled += 1
    }

    /// First come, first served: the last of the running list. By priority: the least urgent.
    private func chooseVictim() -> Int {
        guard engine.queueOrder == .priority else { return table.last }
        var victim = table.first
        var slot = Int(table[victim].next)
        while slot >= 0 {
            if WaitingQueue.precedes(table[victim].request, table[slot].request) { victim = slot }
            slot = Int(table[slot].next)
        }
        return victim
    }

    /// Frees all the sequence's blocks and sends it back to the front of the queue, to be computed again.
    private mutating func preempt(_ slot: Int, at now: Int64) {
        if table[slot].phase == .prefilling {
            partials -= 1
        } else {
            leaveDecoding(slot, at: now)
        }
        let sequence = table[slot]
        kv.preempt(sequence, slot: slot)
        table.remove(slot)
        var returned = sequence
        returned.lost = sequence.computed
        returned.workOffset += sequence.computed
        returned.computed = 0
        returned.blocks = 0
        returned.preemptions += 1
        returned.phase = .prefilling
        waiting.returnPreempted(returned)
        anchor.valid = false
        tally.preemptions += 1
    }

    /// Takes a decoding (or stalled) sequence out of the sums and brings its own figures up to date.
    mutating func leaveDecoding(_ slot: Int, at now: Int64) {
        let computed = computedByDecoding(slot)
        let taken = table[slot].blocks
        wheel.remove(slot, in: table)
        if !isStatic {
            residues[residue(computed: computed)] -= 1
            table[slot].blocks = Int32(kv.blocks(for: computed)) + taken
        }
        decoding -= 1
        context -= computed + 1
        if kv.sharesOutput(table[slot].request) { sharedOutputs -= 1 }
        if table[slot].phase == .stalled {
            resuming.removeAll { $0 == Int32(slot) }
        } else {
            table[slot].lastToken = now
        }
        table[slot].computed = Int32(computed)
        table[slot].generated = Int32(computed + 1 - Int(table[slot].request.inputTokens))
    }
}

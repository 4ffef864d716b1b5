import Workloads

/// Requests that leave unfinished because their client gave up.
///
/// All of this is said after the ends of steps at the same instant: a step that ends at `now` is complete, and the
/// step under way ends later. So it is the same whether steps are walked or leapt over.
extension Replica {
    /// A client's cancellation at `now`. A waiting request leaves at once. A running one leaves at the end of the step
    /// being executed, as with vLLM, which looks at cancellations between steps: what the step computes for it is in
    /// vain. Until then it holds its place and blocks.
    ///
    /// - Returns: what had become of it by `now`; nil if it is not here, or if the step being executed finishes it:
    ///   then the completion stands.
    mutating func withdraw(_ id: UInt64, at now: Int64, _ recorder: inout Recorder) -> Withdrawal? {
        if let (sequence, wasHead) = waiting.withdraw(id) {
            if wasHead { headLeft(at: now) }
            watched.remove(id)
            return withdrawal(of: sequence)
        }
        guard let slot = slot(of: id), !finishesInThisStep(slot, at: now) else { return nil }
        let result = withdrawal(of: slot, at: now)
        forgetContent(of: slot, computed: result.resident + result.underway, at: now)
        leaving.append(Int32(slot))
        watched.remove(id)
        if activity == .decoding { cutLeap(from: now + 1) }
        return result
    }

    /// Sends away everything that waits, preempted sequences included, in the order of the queue.
    mutating func withdrawWaiting(at now: Int64) -> [Withdrawal] {
        let all = waiting.removeAll()
        headLeft(at: now)
        for sequence in all { watched.remove(sequence.request.id) }
        return all.map { withdrawal(of: $0) }
    }

    /// How far the request has come by `now`; nil if it is not here.
    func progress(of id: UInt64, at now: Int64) -> Progress? {
        if let slot = slot(of: id) { return withdrawal(of: slot, at: now).progress }
        return waiting.find(id).map { withdrawal(of: $0).progress }
    }

    /// Waits for a request's first token. To be said before it can have been made.
    mutating func watch(_ id: UInt64) { watched.insert(id) }

    mutating func noteFirstToken(of id: UInt64) {
        if watched.remove(id) != nil { firstTokens.append(id) }
    }

    // MARK: At the end of the step

    @inline(__always) func leaves(_ slot: Int32) -> Bool { !leaving.isEmpty && leaving.contains(slot) }

    /// Of the sequences that decode in this step, and did in the last, those that leave.
    @inline(__always) var leavingDecodes: Int { leaving.isEmpty ? 0 : countLeavingDecodes() }

    @inline(never) private func countLeavingDecodes() -> Int {
        leaving.reduce(0) { $0 + (table[Int($1)].phase == .decoding ? 1 : 0) }
    }

    /// Takes out those that were withdrawn during the step that has ended, in the order of their cancellation.
    mutating func removeLeaving(at now: Int64, _ recorder: inout Recorder) {
        noteBlocks(at: now, &recorder)
        for slot in leaving { leave(Int(slot), at: now) }
        leaving.removeAll(keepingCapacity: true)
        anchor.valid = false
    }

    /// The caller may give the request up, and its content with it, before the step ends: what its blocks hold at that
    /// end is named now.
    private mutating func forgetContent(of slot: Int, computed: Int, at now: Int64) {
        if table[slot].phase != .prefilling {
            if activity == .decoding { takeGrowth(upTo: anchor.done + stepsComplete(at: now) + 1) }
            kv.nameBeforeWithdrawal(table[slot], slot: slot, tokens: computed)
            if kv.sharesOutput(table[slot].request) { sharedOutputs -= 1 }
        }
        table[slot].request.content = .unique
    }

    private mutating func leave(_ slot: Int, at now: Int64) {
        switch table[slot].phase {
        case .prefilling: partials -= 1
        case .stalled:
            stalled -= 1
            leaveDecoding(slot, at: now)
        case .decoding: leaveDecoding(slot, at: now)
        }
        kv.withdraw(table[slot], slot: slot)
        table.remove(slot)
    }

    /// The queue has another head, or none: a leap planned behind a blocked one may be too long.
    private mutating func headLeft(at now: Int64) {
        switch activity {
        case .idle: if waiting.isEmpty { wakeTime = .max }
        case .mixed: break
        case .decoding: if !waiting.isEmpty { admitEarly(from: now + 1) }
        }
    }

    // MARK: What has become of a request

    /// The slot of a running request that stays. Linear in the number that run.
    private func slot(of id: UInt64) -> Int? {
        var slot = table.first
        while slot >= 0 {
            if table[slot].request.id == id, !leaves(Int32(slot)) { return slot }
            slot = Int(table[slot].next)
        }
        return nil
    }

    private func finishesInThisStep(_ slot: Int, at now: Int64) -> Bool {
        if table[slot].phase == .prefilling {
            // A whole sequence computed is one computed in this step.
            return Int(table[slot].computed) == table[slot].tokens
                && table[slot].generated + 1 == table[slot].request.outputTokens
        }
        return table[slot].endStep == clock + Int64(stepsComplete(at: now)) + 1
    }

    /// Steps of the leap being executed that are complete at `now` and not yet settled.
    func stepsComplete(at now: Int64) -> Int {
        activity == .decoding ? anchor.steps(reaching: now + 1) - 1 - anchor.done : 0
    }

    func withdrawal(of sequence: Sequence) -> Withdrawal {
        let progress = Progress(
            generated: sequence.generated, firstToken: sequence.firstToken, cached: 0, lastToken: sequence.lastToken)
        return Withdrawal(
            request: sequence.request, progress: progress, computed: Int(sequence.workOffset),
            resident: Int(sequence.computed), delivered: sequence.delivered, scheduled: sequence.scheduled)
    }

    /// What has become of a running request by `now`.
    func withdrawal(of slot: Int, at now: Int64) -> Withdrawal {
        table[slot].phase == .prefilling ? prefillWithdrawal(of: slot) : decodeWithdrawal(of: slot, at: now)
    }

    private func prefillWithdrawal(of slot: Int) -> Withdrawal {
        var result = withdrawal(of: table[slot])
        result.underway = prefilling.first { $0.slot == slot }.map { Int($0.chunk) } ?? 0
        result.resident -= result.underway
        result.computed += result.resident
        return result
    }

    private func decodeWithdrawal(of slot: Int, at now: Int64) -> Withdrawal {
        var result = withdrawal(of: table[slot])
        let steps = stepsComplete(at: now)
        let isStalled = table[slot].phase == .stalled
        let misses = isStalled && !resuming.contains(Int32(slot))
        // Whoever misses the step under way has had its end put off for a tick of the clock yet to come.
        result.resident = computedByDecoding(slot) + steps + (misses ? 1 : 0)
        result.computed += result.resident
        result.progress.generated = Int32(result.resident + 1) - table[slot].request.inputTokens
        if !isStalled {
            result.progress.lastToken = activity == .decoding ? anchor.boundary(anchor.done + steps) : stepStart
        }
        result.underway = misses ? 0 : 1
        return result
    }
}

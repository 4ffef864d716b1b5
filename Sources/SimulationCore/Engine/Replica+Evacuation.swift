import PerformanceModel
import Workloads

/// A machine that is lost with everything on it, and requests that go on elsewhere.
extension Replica {
    /// The machine is gone at `now`. Steps complete by then count, as do busy time and KV use up to it; the step under
    /// way never ends. Everything leaves, and the replica is idle, empty and as good as new.
    ///
    /// Said after the ends of steps at the same instant: a request whose last token was made at `now` is finished.
    /// - Returns: the running requests in running order, then the waiting ones in the order of the queue. Those
    ///   withdrawn before are not among them.
    mutating func evacuate(at now: Int64, _ recorder: inout Recorder) -> [Withdrawal] {
        assert(activity == .idle || wakeTime > now, "the ends of steps at an instant come before the loss of a machine")
        let left = runningWithdrawals(at: now)
        if activity == .decoding { settleComplete(at: now, &recorder) }
        if activity != .idle { noteBlocks(at: now, &recorder) }
        clear()
        if activity != .idle { becomeIdle(at: now, &recorder) }
        return left + withdrawWaiting(at: now)
    }

    private func runningWithdrawals(at now: Int64) -> [Withdrawal] {
        var all: [Withdrawal] = []
        var slot = table.first
        while slot >= 0 {
            if !leaves(Int32(slot)) { all.append(withdrawal(of: slot, at: now)) }
            slot = Int(table[slot].next)
        }
        return all
    }

    /// Settles the leap's steps that are complete at `now`; blocks are taken for the one under way too.
    private mutating func settleComplete(at now: Int64, _ recorder: inout Recorder) {
        let complete = anchor.done + stepsComplete(at: now)
        takeGrowth(upTo: complete + 1)
        recorder.gaps(of: anchor, from: anchor.done, to: complete)
        advance(to: complete)
    }

    private mutating func clear() {
        while table.first >= 0 {
            let slot = table.first
            if table[slot].phase != .prefilling { wheel.remove(slot, in: table) }
            table.remove(slot)
        }
        for phase in 0..<engine.blockSize { residues[phase] = 0 }
        (decoding, context, sharedOutputs, partials, stalled) = (0, 0, 0, 0, 0)
        prefilling.removeAll()
        resuming.removeAll()
        leaving.removeAll()
        watched.removeAll()
        shape = StepShape()
        anchor = DecodeAnchor()
        kv.reset()
    }

    /// A request that was under way elsewhere reaches the replica at `now`; see ``deliver(_:at:afterSteps:)``.
    ///
    /// It takes its turn in order of delivery, like any other. What it has generated is computed again with the prompt,
    /// as after a preemption, but for the first `cached` tokens, whose keys and values came along: they need blocks and
    /// no computing. With all of them it goes straight on decoding. Its first token's time is kept.
    mutating func deliver(
        _ request: Request, at now: Int64, resuming progress: Progress, afterSteps: Bool = false
    ) {
        precondition(progress.generated < request.outputTokens, "a complete answer has nothing to resume")
        guard progress.generated > 0 || progress.cached > 0 else {
            return deliver(request, at: now, afterSteps: afterSteps)
        }
        let sequence = Sequence(request: request, delivered: now, resuming: progress)
        let becameHead = waiting.append(resuming: sequence)
        joinQueue(atHead: becameHead, at: now, afterSteps: afterSteps)
    }

    /// The first step of a sequence whose keys and values came along: a prompt's next chunk, or a decode.
    mutating func continueCarried(_ slot: Int, want: Int, budget: inout Int) {
        let carried = Int(table[slot].computed)
        kv.register(table[slot], slot: slot, from: 0, tokens: carried + want)
        guard table[slot].generated > 0, carried + 1 == table[slot].tokens else {
            return compute(want, of: slot, budget: &budget)
        }
        partials -= 1
        // Like a decode that has missed steps: what it has made so far lies before this one.
        table[slot].phase = .stalled
        resuming.append(Int32(slot))
        joinDecoding(slot, left: Int64(table[slot].request.outputTokens - table[slot].generated))
        shape.decodeSequences += 1
        shape.decodeContext += carried + 1
        shape.sampledSequences += 1
        budget -= 1
    }
}

import Primitives
import Workloads

/// Followed requests: clients that give up, ask again or ask twice, and requests whose replica was taken away.
extension Simulation {
    // MARK: On their way

    /// A request reaches the router for the first time.
    mutating func open(_ request: Request, at now: Int64) {
        desk?.open(request)
        sendAttempt(request.id, at: now)
    }

    /// An attempt of the client reaches the router: the first, or a repetition.
    private mutating func sendAttempt(_ id: UInt64, at now: Int64) {
        guard let flight = desk?.flights[id] else { return }
        flight.attempt += 1
        flight.awaitsRetry = false
        if flight.attempt > 1 {
            flight.sentAt = now - recorder.distances.toRouter(flight.request)
            wasteKept(of: flight)
            flight.restart()
            flight.hasSeenToken = false
            recorder.retried()
        }
        desk?.setTimers(for: flight, at: now)
        setClientTime()
        let row = recorder.distances.row(of: flight.request)
        if router.isClosed(row: row) { return fail(id, .noRoute, at: now) }
        if desk?.letsIn(flight.request, at: now) == false { return attemptFailed(id, .rateLimited, at: now) }
        if let limit = desk?.policy(of: flight.request).queueLimit, router.isFull(row: row, limit: limit) {
            return attemptFailed(id, .queueFull, at: now)
        }
        place(id, at: now)
    }

    /// Sends a request to a replica; holds it where none serves.
    private mutating func place(_ id: UInt64, at now: Int64) {
        guard let flight = desk?.flights[id] else { return }
        let row = recorder.distances.row(of: flight.request)
        let moment = Moment(time: now, afterSteps: afterSteps)
        guard let index = router.choose(flight.request, row: row, at: moment, replicas: replicas) else {
            flight.heldSince = now
            return held.append(flight.request)
        }
        sendCopy(of: flight, row: row, to: index, at: now)
    }

    private mutating func sendCopy(of flight: Flight, row: Int, to index: Int, at now: Int64) {
        flight.history.sendings += 1
        let number = flight.history.sendings
        flight.copies.append(Copy(replica: index, number: number, attempt: flight.attempt))
        if let carried = flight.carried {
            provisioner.book(carried, to: index)
            flight.carried = nil
        }
        send(flight.request, row: row, number: number, to: index, at: now)
    }

    /// A replica has come: the gateway sends what it holds, in order.
    mutating func releaseHeld(at now: Int64) {
        let waiting = held
        held.removeAll(keepingCapacity: true)
        for request in waiting {
            guard let flight = desk?.flights[request.id] else {
                route(request, at: now)
                continue
            }
            recorder.timeline.add(from: flight.heldSince, to: now, weight: 1, to: .waiting)
            flight.history.held += now - flight.heldSince
            flight.heldSince = -1
            place(request.id, at: now)
        }
    }

    /// Nobody will come for the requests at the gateway.
    mutating func abandonHeld(at now: Int64) {
        let waiting = held
        held.removeAll()
        for request in waiting {
            guard desk != nil else {
                inSystem -= 1
                recorder.failed(request, reason: .noReplica, replica: Int(UInt32.max), sendings: 0, at: now)
                continue
            }
            fail(request.id, .noReplica, at: now)
        }
    }

    /// A copy reaches its replica, if it is still wanted and the replica is still there.
    mutating func deliverFollowed(_ request: Request, number: UInt16, to index: Int, at now: Int64) {
        guard let flight = desk?.flights[request.id],
            let copy = flight.copies.firstIndex(where: { $0.number == number }),
            flight.copies[copy].attempt == flight.attempt, !flight.isDone
        else { return router.outstanding[index] &-= 1 }
        guard provisioner.accepts(index) else {
            router.outstanding[index] &-= 1
            dropUnderway(flight.copies[copy], of: request.id)
            if desk?.flights[request.id]?.live.isEmpty == true {
                recorder.retried()
                place(request.id, at: now)
            }
            return
        }
        if let reason = replicas[index].refusal(of: request) {
            router.outstanding[index] &-= 1
            dropUnderway(flight.copies[copy], of: request.id)
            return fail(request.id, reason, on: index, at: now)
        }
        flight.copies[copy].isPlaced = true
        hand(flight, to: index, at: now)
    }

    private mutating func hand(_ flight: Flight, to index: Int, at now: Int64) {
        let replica = replicas.pointer(to: index)
        replica.pointee.deliver(flight.request, at: now, resuming: flight.progress, afterSteps: afterSteps)
        if let policy = desk?.policy(of: flight.request), policy.firstTokenTimeout != nil || policy.hedge != nil,
            flight.progress.firstToken < 0
        {
            replica.pointee.watch(flight.request.id)
        }
        heap.schedule(actors.replica(index), at: replica.pointee.wakeTime)
    }

    private mutating func dropUnderway(_ copy: Copy, of id: UInt64) {
        recorder.lost(tokens: 0, pool: provisioner.slots[copy.replica].pool)
        dropCopy(copy, of: id)
    }

    // MARK: Answers

    /// What a replica has made since it was last looked at: first tokens, then last ones.
    mutating func settleFollowed(on index: Int, at now: Int64) {
        let replica = replicas.pointer(to: index)
        if !replica.pointee.firstTokens.isEmpty {
            let ids = replica.pointee.firstTokens
            replica.pointee.firstTokens.removeAll(keepingCapacity: true)
            for id in ids { noteFirstToken(of: id, on: index, at: now) }
        }
        for copy in recorder.takeEnded() { settle(copy, at: now) }
    }

    private mutating func noteFirstToken(of id: UInt64, on index: Int, at now: Int64) {
        guard let flight = desk?.flights[id], !flight.isDone, let own = flight.placed(on: index),
            flight.copies[own].attempt == flight.attempt, flight.firstTokenAt < 0
        else { return }
        flight.firstTokenAt = now
        cancel(flight.live.filter { $0.number != flight.copies[own].number }, of: id, at: now)
    }

    /// Ends copies after the steps that end at this instant, as replicas want it.
    private mutating func cancel(_ copies: [Copy], of id: UInt64, at now: Int64) {
        for copy in copies { desk?.timers.add(.cancel, of: id, number: Int(copy.number), at: now) }
        setClientTime()
    }

    mutating func settle(_ ended: EndedCopy, at now: Int64) {
        router.outstanding[ended.replica] &-= 1
        let request = ended.sequence.request
        guard let flight = desk?.flights[request.id], let own = flight.placed(on: ended.replica) else { return }
        let copy = flight.copies.remove(at: own)
        let delay = recorder.distances.oneWay(request, to: ended.pool)
        guard !flight.isDone, copy.attempt == flight.attempt,
            desk?.isInTime(ended, flight, delay: delay) == true
        else {
            // Its client has turned away, or will before the answer reaches it.
            replicas[ended.replica].served.remove(ended.sequence)
            let tokens = Int(ended.sequence.workOffset) + ended.sequence.finalLength
            waste(tokens, on: ended.replica)
            return forgetIfOver(request.id)
        }
        recorder.answered(ended, after: flight.history)
        inSystem -= 1
        flight.isDone = true
        cancel(flight.copies.filter { $0.attempt == flight.attempt }, of: request.id, at: now)
        forgetIfOver(request.id)
    }

    private mutating func waste(_ tokens: Int, on index: Int) {
        recorder.lost(tokens: tokens, pool: provisioner.slots[index].pool)
        provisioner.lost(tokens: tokens, on: index)
    }

    // MARK: Failures

    /// An attempt came to nothing, as its client learns at `time` or now: it asks again, or not.
    private mutating func attemptFailed(_ id: UInt64, _ reason: FailureReason, on index: Int? = nil, at time: Int64) {
        guard let flight = desk?.flights[id], !flight.isDone else { return }
        guard let sent = desk?.retryTime(of: flight, failedAt: time) else {
            return fail(id, reason, on: index, at: time)
        }
        let arrival = SimulatedClock.sum(sent, recorder.distances.toRouter(flight.request))
        flight.awaitsRetry = true
        desk?.timers.add(.send, of: id, number: flight.attempt + 1, at: arrival)
        setClientTime()
    }

    /// A request has failed for good.
    private mutating func fail(_ id: UInt64, _ reason: FailureReason, on index: Int? = nil, at time: Int64) {
        guard let flight = desk?.flights[id], !flight.isDone else { return }
        flight.isDone = true
        inSystem -= 1
        wasteKept(of: flight)
        recorder.failed(
            flight.request, reason: reason, replica: index ?? Int(UInt32.max), sendings: flight.history.sendings,
            at: time)
        forgetIfOver(id)
    }

    /// Nobody follows a request that is done and of which no replica has a copy.
    private mutating func forgetIfOver(_ id: UInt64) {
        guard let flight = desk?.flights[id], flight.isDone, flight.copies.isEmpty else { return }
        recorder.release(flight.request)
        desk?.flights[id] = nil
    }

    // MARK: Patience

    private mutating func setClientTime() {
        if let time = desk?.timers.nextTime { heap.schedule(actors.clients, at: time) }
    }

    mutating func handleClients(at now: Int64) {
        guard let timer = desk?.timers.removeFirst() else { return }
        handle(timer, at: now)
        setClientTime()
    }

    private mutating func handle(_ timer: ClientTimer, at now: Int64) {
        guard let flight = desk?.flights[timer.request] else { return }
        let isOf = !flight.isDone && !flight.awaitsRetry && flight.attempt == timer.number
        switch timer.kind {
        case .cancel: withdraw(flight.copies.first { Int($0.number) == timer.number }, of: timer.request, at: now)
        case .deadline where !flight.isDone: giveUp(flight, at: now)
        case .firstToken where isOf: timeOut(flight, at: now)
        case .send where !flight.isDone && flight.attempt + 1 == timer.number: sendAttempt(timer.request, at: now)
        case .carried where isOf: place(timer.request, at: now)
        case .hedge where isOf: hedge(flight, at: now)
        default: break
        }
    }

    /// Takes a copy out of its replica. One that the step under way finishes stays until then.
    private mutating func withdraw(_ copy: Copy?, of id: UInt64, at now: Int64) {
        guard let copy else { return }
        guard copy.isPlaced else { return dropUnderway(copy, of: id) }
        let replica = replicas.pointer(to: copy.replica)
        guard let left = replica.pointee.withdraw(id, at: now, &recorder) else { return }
        heap.schedule(actors.replica(copy.replica), at: replica.pointee.wakeTime)
        router.outstanding[copy.replica] &-= 1
        waste(left.computed + left.underway, on: copy.replica)
        dropCopy(copy, of: id)
        leaveIfDrained(copy.replica, at: now)
    }

    private mutating func dropCopy(_ copy: Copy, of id: UInt64) {
        desk?.flights[id]?.copies.removeAll { $0.number == copy.number }
        forgetIfOver(id)
    }

    private mutating func withdrawLive(_ flight: Flight, at now: Int64) {
        for copy in flight.live { withdraw(copy, of: flight.request.id, at: now) }
    }

    /// The client waits no longer for the answer.
    private mutating func giveUp(_ flight: Flight, at now: Int64) {
        let index = flight.live.first?.replica
        leaveGateway(flight)
        withdrawLive(flight, at: now)
        fail(flight.request.id, .timedOut, on: index, at: now)
    }

    /// The client waits no longer for the first token of this attempt, unless it has reached it.
    private mutating func timeOut(_ flight: Flight, at now: Int64) {
        guard !hasSeenToken(flight, by: now) else {
            flight.hasSeenToken = true
            return
        }
        let index = flight.live.first?.replica
        leaveGateway(flight)
        withdrawLive(flight, at: now)
        attemptFailed(flight.request.id, .timedOut, on: index, at: now)
    }

    private func hasSeenToken(_ flight: Flight, by now: Int64) -> Bool {
        if flight.hasSeenToken || flight.progress.firstToken >= 0 { return true }
        guard flight.firstTokenAt >= 0, let copy = flight.live.first else { return false }
        let delay = recorder.distances.oneWay(flight.request, to: provisioner.slots[copy.replica].pool)
        return flight.firstTokenAt + delay <= now
    }

    private mutating func leaveGateway(_ flight: Flight) {
        guard flight.heldSince >= 0 else { return }
        held.removeAll { $0.id == flight.request.id }
        flight.heldSince = -1
    }

    /// A second copy, where another replica serves and the only one so far has shown nothing.
    private mutating func hedge(_ flight: Flight, at now: Int64) {
        let live = flight.live
        guard flight.firstTokenAt < 0, flight.progress.firstToken < 0, live.count == 1 else { return }
        let row = recorder.distances.row(of: flight.request)
        let moment = Moment(time: now, afterSteps: afterSteps)
        guard
            let index = router.choose(
                flight.request, row: row, besides: live[0].replica, at: moment, replicas: replicas)
        else { return }
        recorder.hedged()
        sendCopy(of: flight, row: row, to: index, at: now)
    }

    // MARK: Lost machines

    /// What becomes of requests that were taken off a machine.
    mutating func settle(_ left: [Withdrawal], from index: Int, at now: Int64) {
        for withdrawal in left {
            guard let flight = takeOff(withdrawal, from: index) else { continue }
            switch fleet.pools[provisioner.slots[index].pool].fate {
            case .lost:
                waste(withdrawal.computed + withdrawal.underway, on: index)
                let back = recorder.distances.oneWay(flight.request, to: provisioner.slots[index].pool)
                attemptFailed(flight.request.id, .replicaLost, on: index, at: now + back)
            case .restarted:
                waste(withdrawal.computed + withdrawal.underway, on: index)
                noteSeenToken(of: flight, withdrawal, from: index, at: now)
                wasteKept(of: flight)
                flight.restart()
                goOn(flight.request.id, at: now)
            case .resumed, .migrated:
                resume(withdrawal, from: index, at: now)
                goOn(flight.request.id, at: now)
            }
        }
    }

    /// A token that has reached its client was in time, whatever comes of the answer.
    private func noteSeenToken(of flight: Flight, _ withdrawal: Withdrawal, from index: Int, at now: Int64) {
        let first = withdrawal.progress.firstToken
        let delay = recorder.distances.oneWay(flight.request, to: provisioner.slots[index].pool)
        if first >= 0, first + delay <= now { flight.hasSeenToken = true }
    }

    /// What was kept for another replica to go on from is of no use any more.
    private mutating func wasteKept(of flight: Flight) {
        recorder.lost(keptTokens: flight.history.keptTokens)
        flight.history.keptTokens = 0
    }

    /// Requests that had only waited go elsewhere.
    mutating func redirect(_ waiting: [Withdrawal], from index: Int, at now: Int64) {
        for withdrawal in waiting {
            guard let flight = takeOff(withdrawal, from: index) else { continue }
            resume(withdrawal, from: index, at: now)
            goOn(flight.request.id, at: now)
        }
    }

    /// Keys and values are under way to wherever the gateway then sends them.
    mutating func carry(_ withdrawal: Withdrawal, from index: Int, bytes: Int64, until arrival: Int64, at now: Int64) {
        guard let flight = takeOff(withdrawal, from: index) else { return }
        resume(withdrawal, from: index, isCarried: true, at: now)
        flight.progress.cached = Int32(withdrawal.resident)
        flight.carried = CarriedBytes(
            bytes: bytes, from: index, rentedAt: provisioner.slots[index].rentedAt)
        desk?.timers.add(.carried, of: flight.request.id, number: flight.attempt, at: arrival)
        setClientTime()
        recorder.retried()
    }

    private mutating func goOn(_ id: UInt64, at now: Int64) {
        recorder.retried()
        place(id, at: now)
    }

    /// Takes the copy that was withdrawn off its flight; `nil` where nobody waits for it, or another copy goes on.
    private mutating func takeOff(_ withdrawal: Withdrawal, from index: Int) -> Flight? {
        router.outstanding[index] &-= 1
        let id = withdrawal.request.id
        guard let flight = desk?.flights[id], let own = flight.placed(on: index) else { return nil }
        let copy = flight.copies.remove(at: own)
        guard !flight.isDone, copy.attempt == flight.attempt, flight.live.isEmpty else {
            waste(withdrawal.computed + withdrawal.underway, on: index)
            forgetIfOver(id)
            return nil
        }
        return flight
    }

    /// Keeps what a replica made for a request, and what it took.
    private mutating func resume(
        _ withdrawal: Withdrawal, from index: Int, isCarried: Bool = false, at now: Int64
    ) {
        let id = withdrawal.request.id
        let pool = provisioner.slots[index].pool
        // The step under way is in vain; so is a prompt that made no token and stays behind.
        let isVain = withdrawal.progress.generated == 0 && !isCarried
        waste(withdrawal.underway + (isVain ? withdrawal.computed : 0), on: index)
        if !isVain { desk?.flights[id]?.history.keptTokens += withdrawal.computed }
        desk?.flights[id]?.history.keep(
            withdrawal, oneWay: recorder.distances.oneWay(withdrawal.request, to: pool), at: now)
        desk?.flights[id]?.progress = withdrawal.progress
    }
}

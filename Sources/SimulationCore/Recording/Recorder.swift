import Pricing
import Primitives
import Workloads

/// Turns what happens in the replicas into the numbers of a ``RunRecord``, in memory that does not grow with the run.
struct Recorder {
    var timeline = TimelineRecorder()
    private var record = RunRecord()
    private var itl = LatencyHistogram()
    private let contents: PromptContentStore
    private let bounds: [RequestBounds]
    /// One-way delay in nanoseconds by class and by pool.
    private let classDelays: [Int64]
    private let poolDelays: [Int64]
    private let keepsOutcomes: Bool
    private(set) var outcomes: [RequestOutcome] = []

    init(fleet: FleetConfiguration, source: any RequestSource, keepsOutcomes: Bool) {
        contents = source.contents
        let names = source.classes.isEmpty ? ["default"] : source.classes
        record.classes = names.map(ClassRecord.init)
        bounds = names.indices.map { $0 < fleet.bounds.count ? fleet.bounds[$0] : RequestBounds() }
        classDelays = names.indices.map { $0 < fleet.classDelays.count ? fleet.classDelays[$0].nanoseconds : 0 }
        poolDelays = fleet.pools.map(\.oneWayDelay.nanoseconds)
        self.keepsOutcomes = keepsOutcomes
    }

    var finishedRequests: UInt64 { record.completed + record.failed }
    var offeredRequests: UInt64 { record.offered }
    /// Output tokens of completed requests so far.
    var outputTokens: UInt64 { record.outputTokens }
    /// The latest end of a request so far.
    var end: Int64 { record.end.nanoseconds }

    mutating func offered(_ request: Request) {
        // Classes at different distances reach the router out of the order of sending.
        if record.offered == 0 || request.arrival < record.firstArrival { record.firstArrival = request.arrival }
        if request.arrival > record.lastArrival { record.lastArrival = request.arrival }
        record.offered &+= 1
        record.classes[Int(request.classIndex)].offered &+= 1
        timeline.arrival(request.arrival.nanoseconds)
    }

    mutating func lookedUp(tokens: Int, cached: Int) {
        record.prefixQueries &+= UInt64(tokens)
        record.cachedTokens &+= UInt64(cached)
    }

    mutating func recomputed(tokens: Int) { record.recomputedTokens &+= UInt64(tokens) }
    mutating func preempted() { record.preemptions &+= 1 }

    // MARK: Gaps between tokens

    mutating func gap(_ value: Int64, weight: Int) {
        itl.record(value, weight: UInt64(weight))
    }

    /// The gaps of steps `first ..< last` of a run of decode steps. They rise with the step, so all that share a
    /// histogram bucket are consecutive and are added at once; their exact sum is the difference of two boundaries.
    mutating func gaps(of anchor: DecodeAnchor, from first: Int, to last: Int) {
        var step = first
        while step < last {
            let value = anchor.gap(step)
            let ceiling = LatencyHistogram.ceiling(ofBucketHolding: value)
            let next = anchor.steps(withGapBelow: ceiling, from: step, to: last)
            let span = anchor.boundary(next) - anchor.boundary(step)
            itl.record(
                inBucketOf: value, weight: UInt64((next - step) * anchor.sequences),
                sum: Int128(span) * Int128(anchor.sequences), low: value, high: anchor.gap(next - 1))
            step = next
        }
    }

    // MARK: Ends of requests

    mutating func completed(_ sequence: Sequence, replica: Int, pool: Int, at now: Int64) {
        let request = sequence.request
        let classIndex = Int(request.classIndex)
        let oneWay = classDelays[classIndex] + poolDelays[pool]
        let sent = request.arrival.nanoseconds
        let ttft = sequence.firstToken + oneWay - sent
        let e2e = now + oneWay - sent
        let queue = sequence.scheduled - sequence.delivered
        let tpot = request.outputTokens > 1 ? (e2e - ttft) / Int64(request.outputTokens - 1) : nil
        let good = meets(bounds[classIndex], ttft: ttft, tpot: tpot, e2e: e2e)

        record.completed &+= 1
        record.inputTokens &+= UInt64(request.inputTokens)
        record.outputTokens &+= UInt64(request.outputTokens)
        record.latency.queue.record(queue)
        recordClass(classIndex, ttft: ttft, tpot: tpot, e2e: e2e)
        if good {
            record.good &+= 1
            record.classes[classIndex].good &+= 1
        }
        record.fingerprint &+= combineHashes(
            combineHashes(request.id, UInt64(bitPattern: ttft)), combineHashes(UInt64(bitPattern: e2e), UInt64(replica))
        )
        timeline.completion(now, tokens: UInt64(request.outputTokens), good: good)
        // Waiting begins at the router: time held there for want of a replica counts too.
        timeline.add(from: sent + oneWay, to: sequence.scheduled, weight: 1, to: .waiting)
        timeline.add(from: sequence.scheduled, to: now, weight: 1, to: .running)
        if now + oneWay > record.end.nanoseconds { record.end = SimulatedTime(nanoseconds: now + oneWay) }
        if keepsOutcomes { keep(sequence, replica: replica, oneWay: oneWay, at: now) }
        contents.release(request.content)
    }

    mutating func failed(_ request: Request, reason: FailureReason, replica: Int, at now: Int64) {
        record.failures[reason, default: 0] += 1
        record.classes[Int(request.classIndex)].failed &+= 1
        record.fingerprint &+= combineHashes(request.id, stableHash(reason.rawValue.utf8))
        if now > record.end.nanoseconds { record.end = SimulatedTime(nanoseconds: now) }
        if keepsOutcomes {
            var outcome = RequestOutcome(request)
            outcome.failure = reason
            outcome.replica = UInt32(replica)
            outcomes.append(outcome)
        }
        contents.release(request.content)
    }

    private func meets(_ bounds: RequestBounds, ttft: Int64, tpot: Int64?, e2e: Int64) -> Bool {
        if let bound = bounds.ttft, ttft > bound.nanoseconds { return false }
        if let bound = bounds.tpot, let tpot, tpot > bound.nanoseconds { return false }
        if let bound = bounds.e2e, e2e > bound.nanoseconds { return false }
        return true
    }

    /// Per class; the sums over classes are made at the end.
    private mutating func recordClass(_ index: Int, ttft: Int64, tpot: Int64?, e2e: Int64) {
        record.classes[index].completed &+= 1
        record.classes[index].ttft.record(ttft)
        if let tpot { record.classes[index].tpot.record(tpot) }
        record.classes[index].e2e.record(e2e)
    }

    private mutating func keep(_ sequence: Sequence, replica: Int, oneWay: Int64, at now: Int64) {
        let sent = sequence.request.arrival.nanoseconds
        var outcome = RequestOutcome(sequence.request)
        outcome.replica = UInt32(replica)
        outcome.cachedTokens = sequence.cached
        outcome.preemptions = sequence.preemptions
        outcome.network = SimulatedDuration(nanoseconds: 2 * oneWay)
        outcome.queue = SimulatedDuration(nanoseconds: sequence.scheduled - sequence.delivered)
        outcome.coldStart = SimulatedDuration(nanoseconds: sequence.delivered - sent - oneWay)
        outcome.ttft = SimulatedDuration(nanoseconds: sequence.firstToken + oneWay - sent)
        outcome.e2e = SimulatedDuration(nanoseconds: now + oneWay - sent)
        outcomes.append(outcome)
    }

    mutating func takeOutcomes() -> [RequestOutcome] {
        defer { outcomes.removeAll(keepingCapacity: true) }
        return outcomes
    }

    // MARK: The record

    /// The run's record, but for replicas, ledger and counts of events, which the loop adds.
    func finished() -> RunRecord {
        var result = record
        for group in record.classes {
            result.latency.ttft.merge(group.ttft)
            result.latency.tpot.merge(group.tpot)
            result.latency.e2e.merge(group.e2e)
        }
        result.latency.itl = itl
        result.timeline = timeline.finished()
        for index in result.timeline.bins.indices { result.timeline.bins[index].kvBlockTime /= 2 }
        return result
    }
}

extension RequestOutcome {
    init(_ request: Request) {
        self.init(
            id: request.id, arrival: request.arrival, inputTokens: request.inputTokens,
            outputTokens: request.outputTokens)
        classIndex = request.classIndex
        regionIndex = request.regionIndex
    }
}

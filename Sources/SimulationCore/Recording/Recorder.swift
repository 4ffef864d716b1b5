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
    let distances: Distances
    private let keepsOutcomes: Bool
    private(set) var outcomes: [RequestOutcome] = []
    /// Whether the loop follows requests: ends are then kept for it in ``ended`` until it has judged them.
    private let followsRequests: Bool
    /// Copies of requests that replicas have finished and nobody has judged.
    private var ended: [EndedCopy] = []

    init(fleet: FleetConfiguration, source: any RequestSource, keepsOutcomes: Bool, followsRequests: Bool = false) {
        contents = source.contents
        let names = source.classes.isEmpty ? ["default"] : source.classes
        record.classes = names.map(ClassRecord.init)
        bounds = names.indices.map { $0 < fleet.bounds.count ? fleet.bounds[$0] : RequestBounds() }
        distances = Distances(fleet, classes: names.count)
        if !fleet.users.isEmpty || source.regions.count > 1 { record.regions = source.regions.map(GroupRecord.init) }
        record.pools = fleet.pools.map { GroupRecord(name: $0.name) }
        self.keepsOutcomes = keepsOutcomes
        self.followsRequests = followsRequests
    }

    /// Outcomes by class so far.
    var classes: [ClassRecord] { record.classes }
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
        if !record.regions.isEmpty { record.regions[Int(request.regionIndex)].offered &+= 1 }
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

    /// A replica has made a request's last token.
    mutating func completed(_ sequence: Sequence, replica: Int, pool: Int, at now: Int64) {
        let copy = EndedCopy(sequence: sequence, replica: replica, pool: pool, time: now)
        if followsRequests { return ended.append(copy) }
        answered(copy)
        contents.release(sequence.request.content)
    }

    /// The copies finished since the last call, in order.
    mutating func takeEnded() -> [EndedCopy] {
        defer { ended.removeAll(keepingCapacity: true) }
        return ended
    }

    /// Records an answer that counts.
    mutating func answered(_ copy: EndedCopy, after history: AnswerHistory? = nil) {
        let (sequence, pool, now) = (copy.sequence, copy.pool, copy.time)
        let request = sequence.request
        let oneWay = distances.oneWay(request, to: pool)
        let sent = request.arrival.nanoseconds
        let firstDelay = history.map { $0.firstTokenDelay >= 0 ? $0.firstTokenDelay : oneWay } ?? oneWay
        var times = AnswerTimes(ttft: sequence.firstToken + firstDelay - sent, e2e: now + oneWay - sent)
        if request.outputTokens > 1 { times.tpot = (times.e2e - times.ttft) / Int64(request.outputTokens - 1) }
        let isGood = bounds[Int(request.classIndex)].hold(times)
        let parts = AnswerParts(sequence, oneWay: oneWay, at: now, after: history)

        record.completed &+= 1
        record.inputTokens &+= UInt64(request.inputTokens)
        record.outputTokens &+= UInt64(request.outputTokens)
        record.latency.queue.record(sequence.scheduled - sequence.delivered)
        record.split.add(parts)
        count(request, times, pool: pool, isGood: isGood)
        record.fingerprint &+= combineHashes(
            combineHashes(request.id, UInt64(bitPattern: times.ttft)),
            combineHashes(UInt64(bitPattern: times.e2e), UInt64(copy.replica)))
        timeline.completion(now, tokens: UInt64(request.outputTokens), good: isGood)
        // Waiting begins at the router: time held there for want of a replica counts too.
        let routed = history == nil ? sent + oneWay : sequence.delivered
        timeline.add(from: routed, to: sequence.scheduled, weight: 1, to: .waiting)
        timeline.add(from: sequence.scheduled, to: now, weight: 1, to: .running)
        if now + oneWay > record.end.nanoseconds { record.end = SimulatedTime(nanoseconds: now + oneWay) }
        guard keepsOutcomes else { return }
        var outcome = RequestOutcome(copy, times, parts)
        if let history { outcome.attempts = history.sendings }
        outcomes.append(outcome)
    }

    /// By class, pool and region; the sums over classes are made at the end.
    @inline(__always) private mutating func count(_ request: Request, _ times: AnswerTimes, pool: Int, isGood: Bool) {
        let index = Int(request.classIndex)
        record.classes[index].completed &+= 1
        record.classes[index].ttft.record(times.ttft)
        if let tpot = times.tpot { record.classes[index].tpot.record(tpot) }
        record.classes[index].e2e.record(times.e2e)
        record.pools[pool].completed &+= 1
        if isGood {
            record.good &+= 1
            record.classes[index].good &+= 1
            record.pools[pool].good &+= 1
        }
        // One pool's latencies are the fleet's, which are made at the end.
        if record.pools.count > 1 { record.pools[pool].recordLatencies(times) }
        guard !record.regions.isEmpty else { return }
        let region = Int(request.regionIndex)
        record.regions[region].completed &+= 1
        if isGood { record.regions[region].good &+= 1 }
        record.regions[region].recordLatencies(times)
    }

    /// A request has failed for good at `now`.
    /// - Parameter sendings: to replicas, before it failed.
    mutating func failed(_ request: Request, reason: FailureReason, replica: Int, sendings: UInt16 = 1, at now: Int64) {
        record.failures[reason, default: 0] += 1
        record.classes[Int(request.classIndex)].failed &+= 1
        if !record.regions.isEmpty { record.regions[Int(request.regionIndex)].failed &+= 1 }
        record.fingerprint &+= combineHashes(request.id, stableHash(reason.rawValue.utf8))
        timeline.failure(now)
        if now > record.end.nanoseconds { record.end = SimulatedTime(nanoseconds: now) }
        if keepsOutcomes {
            var outcome = RequestOutcome(request)
            outcome.failure = reason
            outcome.replica = UInt32(replica)
            outcome.attempts = sendings
            outcomes.append(outcome)
        }
        if !followsRequests { contents.release(request.content) }
    }

    // MARK: What the loop tells

    /// Forgets the content of a request that was followed and of which no copy is left.
    func release(_ request: Request) { contents.release(request.content) }

    /// A request, or a copy of one, goes to a pool.
    @inline(__always) mutating func sent(to pool: Int) { record.pools[pool].offered &+= 1 }

    /// A copy of a request ended in a pool without answering it, with so many tokens computed for nothing.
    mutating func lost(tokens: Int, pool: Int) {
        record.lostTokens &+= UInt64(tokens)
        record.pools[pool].failed &+= 1
    }

    /// Tokens computed for an answer to go on from, which it will not.
    mutating func lost(keptTokens: Int) { record.lostTokens &+= UInt64(keptTokens) }

    mutating func retried() { record.retries &+= 1 }
    mutating func hedged() { record.hedges &+= 1 }

    /// Something befell `replicas` of a pool (`nil`: of a place); the first 10,000 are kept.
    mutating func note(_ kind: Incident.Kind, pool: Int?, replicas: Int = 1, at now: Int64) {
        guard record.incidents.count < 10_000 else { return }
        record.incidents.append(
            Incident(kind: kind, at: SimulatedTime(nanoseconds: now), pool: pool, replicas: replicas))
    }

    /// A machine was taken away.
    mutating func interrupted() { record.interruptions &+= 1 }

    mutating func started(_ start: StartRecord) { record.starts.append(start) }

    /// Requests that a pool has finished, and of those the ones beyond a bound of their class.
    func finished(by pool: Int) -> (all: UInt64, late: UInt64) {
        (record.pools[pool].completed, record.pools[pool].completed - record.pools[pool].good)
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
        if result.pools.count == 1 {
            result.pools[0].ttft = result.latency.ttft
            result.pools[0].e2e = result.latency.e2e
        }
        result.timeline = timeline.finished()
        for index in result.timeline.bins.indices { result.timeline.bins[index].kvBlockTime /= 2 }
        return result
    }
}

/// A copy of a request that a replica has finished.
struct EndedCopy {
    var sequence: Sequence
    var replica: Int
    var pool: Int
    var time: Int64
}

/// What the client of an answer saw, in nanoseconds.
struct AnswerTimes {
    var ttft: Int64
    /// `nil` for one output token.
    var tpot: Int64?
    var e2e: Int64
}

extension RequestBounds {
    @inline(__always) fileprivate func hold(_ times: AnswerTimes) -> Bool {
        if let ttft, times.ttft > ttft.nanoseconds { return false }
        if let tpot, let time = times.tpot, time > tpot.nanoseconds { return false }
        if let e2e, times.e2e > e2e.nanoseconds { return false }
        return true
    }
}

extension GroupRecord {
    @inline(__always) fileprivate mutating func recordLatencies(_ times: AnswerTimes) {
        ttft.record(times.ttft)
        e2e.record(times.e2e)
    }
}

extension LatencySplit {
    @inline(__always) fileprivate mutating func add(_ parts: AnswerParts) {
        network += Int128(parts.network)
        coldStart += Int128(parts.coldStart)
        retry += Int128(parts.retry)
        queue += Int128(parts.queue)
        prefill += Int128(parts.prefill)
        decode += Int128(parts.decode)
    }
}

extension RequestOutcome {
    fileprivate init(_ request: Request) {
        self.init(
            id: request.id, arrival: request.arrival, inputTokens: request.inputTokens,
            outputTokens: request.outputTokens)
        classIndex = request.classIndex
        regionIndex = request.regionIndex
    }

    fileprivate init(_ copy: EndedCopy, _ times: AnswerTimes, _ parts: AnswerParts) {
        self.init(copy.sequence.request)
        replica = UInt32(copy.replica)
        cachedTokens = copy.sequence.cached
        preemptions = copy.sequence.preemptions
        network = SimulatedDuration(nanoseconds: parts.network)
        coldStart = SimulatedDuration(nanoseconds: parts.coldStart)
        retry = SimulatedDuration(nanoseconds: parts.retry)
        queue = SimulatedDuration(nanoseconds: parts.queue)
        prefill = SimulatedDuration(nanoseconds: parts.prefill)
        decode = SimulatedDuration(nanoseconds: parts.decode)
        ttft = SimulatedDuration(nanoseconds: times.ttft)
        e2e = SimulatedDuration(nanoseconds: times.e2e)
    }
}

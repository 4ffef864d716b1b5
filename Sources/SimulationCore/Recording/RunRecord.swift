public import Pricing
public import Primitives

/// Distributions of the per-request latencies, in nanoseconds, over completed requests. Definitions:
/// - `ttft`: request sent → first output token at the client.
/// - `tpot`: (E2E − TTFT) ÷ (output tokens − 1), requests with ≥ 2 output tokens.
/// - `itl`: gap between consecutive tokens of one request, every gap counted.
/// - `e2e`: request sent → last token at the client.
/// - `queue`: arrival at the replica → most recent first scheduling (vLLM's queued → scheduled).
public struct LatencyRecord: Sendable, Equatable {
    public var ttft = LatencyHistogram()
    public var tpot = LatencyHistogram()
    public var itl = LatencyHistogram()
    public var e2e = LatencyHistogram()
    public var queue = LatencyHistogram()
    public init() {}
}

/// Outcomes of one request class.
public struct ClassRecord: Sendable, Equatable {
    public var name: String
    public var offered: UInt64 = 0
    public var completed: UInt64 = 0
    public var failed: UInt64 = 0
    /// Completed within all of the class's bounds.
    public var good: UInt64 = 0
    public var ttft = LatencyHistogram()
    public var tpot = LatencyHistogram()
    public var e2e = LatencyHistogram()
    public init(name: String) { self.name = name }
}

/// Whether the fleet kept up with the load.
public enum LoadVerdict: String, Sendable, Codable, CaseIterable {
    /// Queues did not grow over the run.
    case stable
    /// The fleet fell behind for part of the run, or ended with a queue it would have worked off.
    case backlogged
    /// Work arrived faster than the fleet can serve: latencies depend on the length of the trace, not on the fleet.
    case overloaded
}

/// Why a request was not served.
public enum FailureReason: String, Sendable, Codable, CaseIterable {
    /// Prompt + output exceed the engine's `maxModelLength`.
    case tooLong = "longer than the engine allows"
    /// The request can never fit the replica's KV cache, even alone.
    case tooLargeForCache = "larger than the KV cache"
    /// The fleet was at zero and nothing made it start a replica.
    case noReplica = "no replica was started for it"
    /// Its replica was taken away, and it was not (or no longer) sent again.
    case replicaLost = "its replica was taken away"
    /// The client gave up waiting.
    case timedOut = "not answered in time"
    /// The gateway's rate limit of its class.
    case rateLimited = "over the rate limit"
    /// Every replica it could go to was full.
    case queueFull = "all queues were full"
    /// No pool may serve its users.
    case noRoute = "no pool may serve its region"
}

/// What happened to one request; times from the request's own sending.
public struct RequestOutcome: Sendable, Equatable {
    public var id: UInt64
    public var classIndex: UInt16
    public var regionIndex: UInt16
    /// Index of the replica over all pools in order; `.max` = none.
    public var replica: UInt32
    public var arrival: SimulatedTime
    public var inputTokens: Int32
    public var outputTokens: Int32
    /// Prompt tokens taken from the prefix cache at the first scheduling.
    public var cachedTokens: Int32
    /// Times the request was preempted and recomputed.
    public var preemptions: Int32
    public var failure: FailureReason?
    public var network: SimulatedDuration
    public var queue: SimulatedDuration
    /// Time held at the gateway because no replica served.
    public var coldStart: SimulatedDuration
    public var ttft: SimulatedDuration
    public var e2e: SimulatedDuration
    /// Time lost to attempts that came to nothing: from the first sending to that of the attempt that was answered.
    public var retry: SimulatedDuration
    /// From the last first-scheduling to the first token (of the answered attempt).
    public var prefill: SimulatedDuration
    /// From the first to the last token.
    public var decode: SimulatedDuration
    /// Attempts made, hedges included; 0 = refused at the gateway.
    public var attempts: UInt16

    public init(id: UInt64, arrival: SimulatedTime, inputTokens: Int32, outputTokens: Int32) {
        self.id = id
        self.arrival = arrival
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        classIndex = 0
        regionIndex = 0
        replica = .max
        cachedTokens = 0
        preemptions = 0
        failure = nil
        network = .zero
        queue = .zero
        coldStart = .zero
        ttft = .zero
        e2e = .zero
        retry = .zero
        prefill = .zero
        decode = .zero
        attempts = 1
    }

    /// (E2E − TTFT) ÷ (output tokens − 1) in nanoseconds, rounded down; `nil` for one output token or a failure.
    public var tpot: SimulatedDuration? {
        guard failure == nil, outputTokens > 1 else { return nil }
        return SimulatedDuration(nanoseconds: (e2e - ttft).nanoseconds / Int64(outputTokens - 1))
    }
}

/// One bin of a run's timeline.
public struct TimelineBin: Sendable, Equatable {
    public var arrivals: UInt64 = 0
    public var completions: UInt64 = 0
    /// Completions within their bounds.
    public var good: UInt64 = 0
    public var outputTokens: UInt64 = 0
    /// Request-nanoseconds spent running and waiting in the bin (÷ width = mean number).
    public var runningTime: Int128 = 0
    public var waitingTime: Int128 = 0
    /// Block-nanoseconds held of the KV cache in the bin (÷ width ÷ blocks = mean use).
    public var kvBlockTime: Int128 = 0
    /// Replica-nanoseconds busy in the bin.
    public var busyTime: Int128 = 0
    /// Requests that failed in the bin.
    public var failures: UInt64 = 0
    /// Replica-nanoseconds in the bin in each stage. Kept for pools whose size changes; `serving` for all.
    public var provisioningTime: Int128 = 0
    public var loadingTime: Int128 = 0
    public var servingTime: Int128 = 0
    public var drainingTime: Int128 = 0
    public var heldTime: Int128 = 0
    public init() {}
}

/// Where the time of completed requests went: sums in nanoseconds that add up to the sum of E2E exactly.
public struct LatencySplit: Sendable, Equatable {
    /// Client to replica and back.
    public var network: Int128 = 0
    /// Held at the gateway because no replica served.
    public var coldStart: Int128 = 0
    /// Attempts that came to nothing, and the waits between.
    public var retry: Int128 = 0
    /// At the replica until scheduled.
    public var queue: Int128 = 0
    /// From scheduling to the first token.
    public var prefill: Int128 = 0
    /// From the first to the last token.
    public var decode: Int128 = 0
    public init() {}
    public var total: Int128 { network + coldStart + retry + queue + prefill + decode }
}

/// What one group of requests met: the users of a region, or the work of a pool.
public struct GroupRecord: Sendable, Equatable {
    public var name: String
    /// Requests of the region; of a pool, attempts sent to it.
    public var offered: UInt64 = 0
    public var completed: UInt64 = 0
    public var failed: UInt64 = 0
    public var good: UInt64 = 0
    public var ttft = LatencyHistogram()
    public var e2e = LatencyHistogram()
    public init(name: String) { self.name = name }
}

/// One start of a replica: what each stage took. A start that was given up ends in the stage it had reached.
public struct StartRecord: Sendable, Equatable {
    public var pool: Int
    /// Index of the replica over all pools.
    public var replica: Int
    public var at: SimulatedTime
    public var stages: StartupStages
    /// Stages were skipped because the machine had been kept.
    public var cached: Bool
    /// Served in the end.
    public var succeeded: Bool

    public init(
        pool: Int, replica: Int, at: SimulatedTime, stages: StartupStages, cached: Bool, succeeded: Bool
    ) {
        self.pool = pool
        self.replica = replica
        self.at = at
        self.stages = stages
        self.cached = cached
        self.succeeded = succeeded
    }
}

/// Something that befell the fleet, for the timeline's marks.
public struct Incident: Sendable, Equatable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case reclaimed, outbid, resumed, hostLeft, expired, failed, launchFailed, refused, outage, outageEnd
    }
    public var kind: Kind
    public var at: SimulatedTime
    /// `nil` for a place's outage.
    public var pool: Int?
    /// Replicas concerned.
    public var replicas: Int

    public init(kind: Kind, at: SimulatedTime, pool: Int?, replicas: Int) {
        self.kind = kind
        self.at = at
        self.pool = pool
        self.replicas = replicas
    }
}

/// Equal bins over the run, at most 512 of them: when the run outgrows them, neighbours merge and the width doubles.
public struct Timeline: Sendable, Equatable {
    public var width: SimulatedDuration
    public var bins: [TimelineBin]
    public init(width: SimulatedDuration, bins: [TimelineBin] = []) {
        self.width = width
        self.bins = bins
    }
}

/// One replica's share of the run.
public struct ReplicaRecord: Sendable, Equatable {
    public var pool: Int
    public var completed: UInt64 = 0
    public var busy = SimulatedDuration.zero
    public var steps: UInt64 = 0
    public var preemptions: UInt64 = 0
    public var peakRunning = 0
    public var peakBlocks = 0
    public var kvBlocks = 0
    public init(pool: Int) { self.pool = pool }
}

/// Everything one run measured. A pure function of configuration, workload and seed.
public struct RunRecord: Sendable, Equatable {
    public var offered: UInt64 = 0
    public var completed: UInt64 = 0
    public var failures: [FailureReason: UInt64] = [:]
    /// Completed within all bounds of their class.
    public var good: UInt64 = 0
    public var inputTokens: UInt64 = 0
    public var outputTokens: UInt64 = 0
    public var cachedTokens: UInt64 = 0
    /// Prompt tokens looked up in a prefix cache (`vllm:prefix_cache_queries`).
    public var prefixQueries: UInt64 = 0
    public var preemptions: UInt64 = 0
    /// Prompt and output tokens computed again after a preemption.
    public var recomputedTokens: UInt64 = 0
    public var latency = LatencyRecord()
    public var classes: [ClassRecord] = []
    public var timeline = Timeline(width: .seconds(1))
    public var replicas: [ReplicaRecord] = []
    /// Replicas started after the run's start.
    public var coldStarts: UInt64 = 0
    /// Times an autoscaler reversed its previous change.
    public var flaps: UInt64 = 0
    /// Machines taken away by their supplier, by a failure or an outage.
    public var interruptions: UInt64 = 0
    /// Attempts after the first, by clients or by the gateway, without hedges.
    public var retries: UInt64 = 0
    /// Second copies sent.
    public var hedges: UInt64 = 0
    /// Prompt and output tokens computed for attempts that came to nothing.
    public var lostTokens: UInt64 = 0
    /// Where the time of completed requests went.
    public var split = LatencySplit()
    /// By ``Request/regionIndex``; empty where the workload names no region.
    public var regions: [GroupRecord] = []
    /// By pool.
    public var pools: [GroupRecord] = []
    /// Every start of a replica, in order.
    public var starts: [StartRecord] = []
    /// The first 10,000 incidents, in order of time.
    public var incidents: [Incident] = []
    public var ledger = UsageLedger()
    public var firstArrival = SimulatedTime.start
    public var lastArrival = SimulatedTime.start
    /// When the last token was delivered: rentals end here.
    public var end = SimulatedTime.start
    public var verdict = LoadVerdict.stable
    /// One sentence of evidence for the verdict.
    public var verdictReason = ""
    /// Hash over every request's times: equal fingerprints mean equal runs.
    public var fingerprint: UInt64 = 0
    /// Events handled by the loop, and engine steps they stood for.
    public var events: UInt64 = 0
    public var steps: UInt64 = 0
    public init() {}

    public var failed: UInt64 { failures.values.reduce(0, +) }
    /// Busy ÷ rented time of machines; what is stopped or paused is not held by its renter.
    public var utilization: Double {
        let rented = ledger.rentals.reduce(0.0) { $0 + $1.runningTime.seconds }
        let busy = ledger.rentals.reduce(0.0) { $0 + $1[.busy].seconds }
        return rented > 0 ? busy / rented : 0
    }
}

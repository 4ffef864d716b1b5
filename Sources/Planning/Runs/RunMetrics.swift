public import Primitives
public import SimulationCore

/// Mean and percentiles of one latency, in milliseconds. `nil` where no request has one.
public struct LatencyStatistics: Sendable, Equatable, Codable {
    /// Exact mean.
    public var mean: Double?
    /// Median.
    public var p50: Double?
    /// 90th percentile.
    public var p90: Double?
    /// 95th percentile.
    public var p95: Double?
    /// 99th percentile.
    public var p99: Double?

    /// Reads a histogram of nanoseconds; percentiles by nearest rank, within ±0.1 %.
    public init(_ histogram: LatencyHistogram) {
        func milliseconds(_ q: Double) -> Double? { histogram.quantile(q).map { Double($0) / 1e6 } }
        mean = histogram.mean.map { $0 / 1e6 }
        p50 = milliseconds(0.50)
        p90 = milliseconds(0.90)
        p95 = milliseconds(0.95)
        p99 = milliseconds(0.99)
    }
}

/// The flat numbers of one run: one row of `summary.csv`, one row of the store.
///
/// Rates are divided by the time from the first arrival to the end, which is when the last token is delivered.
public struct RunMetrics: Sendable, Equatable, Codable {
    /// The scenario's name.
    public var scenario: String
    /// The strategy's name.
    public var strategy: String
    /// From 0.
    public var replication: Int
    /// Seed of the replication.
    public var seed: UInt64
    /// Requests that arrived.
    public var requestsOffered: UInt64
    /// Requests answered in full.
    public var requestsCompleted: UInt64
    /// Requests that could not be served.
    public var requestsFailed: UInt64
    /// Good ÷ offered: failed requests count as bad. A request is good when it is within all bounds of its class.
    public var sloAttainment: Double
    /// Good requests per second.
    public var goodput: Double
    /// Completed requests per second.
    public var throughput: Double
    /// Output tokens of completed requests per second.
    public var outputTokensPerSecond: Double
    /// Time to first token.
    public var ttft: LatencyStatistics
    /// Time per output token after the first.
    public var tpot: LatencyStatistics
    /// Gaps between tokens.
    public var itl: LatencyStatistics
    /// Time to the last token.
    public var e2e: LatencyStatistics
    /// Wait at the replica until scheduled.
    public var queue: LatencyStatistics
    /// Sum of the invoice, exact.
    public var cost: Money
    /// Span of the run, from its start to the last answer or, if later, the last rental's end, in hours.
    public var hours: Double
    /// All billed dollars ÷ (input + output tokens of completed requests) × 10⁶: the allocated cost, the one to set
    /// against an API's price.
    public var costPerMillionTokens: Double?
    /// All billed dollars ÷ completed requests.
    public var costPerRequest: Double?
    /// All billed dollars ÷ good requests.
    public var costPerGoodRequest: Double?
    /// Busy ÷ rented instance time.
    public var utilization: Double
    /// Rented instance time.
    public var instanceHours: Double
    /// Starts of a replica during the run.
    public var coldStarts: UInt64
    /// Instances taken away during the run.
    public var interruptions: UInt64
    /// Requests put back into the queue for want of cache blocks.
    public var preemptions: UInt64
    /// Whether the fleet kept up.
    public var verdict: LoadVerdict
    /// One sentence of evidence for the verdict.
    public var verdictReason: String
    /// Hash over every request's times.
    public var fingerprint: UInt64
    /// What the service was worth and where money and time went; `nil` where it was not worked out.
    public var account: RunAccount?

    /// A row from its cells; runs make theirs from a record.
    public init(
        scenario: String, strategy: String, replication: Int, seed: UInt64, requestsOffered: UInt64,
        requestsCompleted: UInt64, requestsFailed: UInt64, sloAttainment: Double, goodput: Double, throughput: Double,
        outputTokensPerSecond: Double, ttft: LatencyStatistics, tpot: LatencyStatistics, itl: LatencyStatistics,
        e2e: LatencyStatistics, queue: LatencyStatistics, cost: Money, hours: Double, costPerMillionTokens: Double?,
        costPerRequest: Double?, costPerGoodRequest: Double?, utilization: Double, instanceHours: Double,
        coldStarts: UInt64, interruptions: UInt64, preemptions: UInt64, verdict: LoadVerdict, verdictReason: String,
        fingerprint: UInt64, account: RunAccount? = nil
    ) {
        self.scenario = scenario
        self.strategy = strategy
        self.replication = replication
        self.seed = seed
        self.requestsOffered = requestsOffered
        self.requestsCompleted = requestsCompleted
        self.requestsFailed = requestsFailed
        self.sloAttainment = sloAttainment
        self.goodput = goodput
        self.throughput = throughput
        self.outputTokensPerSecond = outputTokensPerSecond
        self.ttft = ttft
        self.tpot = tpot
        self.itl = itl
        self.e2e = e2e
        self.queue = queue
        self.cost = cost
        self.hours = hours
        self.costPerMillionTokens = costPerMillionTokens
        self.costPerRequest = costPerRequest
        self.costPerGoodRequest = costPerGoodRequest
        self.utilization = utilization
        self.instanceHours = instanceHours
        self.coldStarts = coldStarts
        self.interruptions = interruptions
        self.preemptions = preemptions
        self.verdict = verdict
        self.verdictReason = verdictReason
        self.fingerprint = fingerprint
        self.account = account
    }
}

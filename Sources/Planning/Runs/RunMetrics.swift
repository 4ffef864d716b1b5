public import Primitives
public import SimulationCore

/// Mean and percentiles of one latency, in milliseconds. `nil` where no request has one.
public struct LatencyStatistics: Sendable, Equatable, Codable {
    public var mean: Double?
    public var p50: Double?
    public var p90: Double?
    public var p95: Double?
    public var p99: Double?

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
public struct RunMetrics: Sendable, Equatable, Codable {
    public var scenario: String
    public var strategy: String
    public var replication: Int
    public var seed: UInt64
    public var requestsOffered: UInt64
    public var requestsCompleted: UInt64
    public var requestsFailed: UInt64
    /// Good ÷ offered.
    public var sloAttainment: Double
    /// Good requests per second of the arrival span… divided by the run's length.
    public var goodput: Double
    /// Completed requests per second.
    public var throughput: Double
    public var outputTokensPerSecond: Double
    public var ttft: LatencyStatistics
    public var tpot: LatencyStatistics
    public var itl: LatencyStatistics
    public var e2e: LatencyStatistics
    public var queue: LatencyStatistics
    /// Sum of the invoice, exact.
    public var cost: Money
    /// Rented span of the run, in hours.
    public var hours: Double
    public var costPerMillionTokens: Double?
    public var costPerRequest: Double?
    public var costPerGoodRequest: Double?
    public var utilization: Double
    public var instanceHours: Double
    public var coldStarts: UInt64
    public var interruptions: UInt64
    public var preemptions: UInt64
    public var verdict: LoadVerdict
    public var verdictReason: String
    public var fingerprint: UInt64
}

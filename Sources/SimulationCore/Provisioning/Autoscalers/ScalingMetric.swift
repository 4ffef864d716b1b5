public import Primitives

/// What a scaler looks at. All are totals of the pool but the cache use and the share of late requests, which are
/// means; their total is mean × ready replicas.
public enum ScalingMetric: String, Sendable, Equatable, Codable, CaseIterable {
    /// Requests sent and not finished.
    case outstanding
    /// Requests sent and not running.
    case waiting
    /// Mean KV cache use of the ready replicas, 0…1; its total is mean × ready replicas.
    case kvUse = "kv-use"
    /// Arrivals per second over the rate window.
    case requestsPerSecond = "requests-per-second"
    /// Output tokens per second over the rate window.
    case tokensPerSecond = "tokens-per-second"
    /// Share of the requests finished within the rate window that were late, 0…1: latency against its objective.
    ///
    /// With none finished it is 0 where nothing is outstanding, and otherwise missing: nobody knows how late they are.
    case lateShare = "late-share"

    /// Whether it is a mean over the pool, for which a target per replica and one for the pool are the same.
    var isMean: Bool { self == .kvUse || self == .lateShare }

    /// The counter behind a rate; nil for a gauge.
    func counter(_ signals: PoolSignals) -> UInt64? {
        switch self {
        case .requestsPerSecond: signals.arrived
        case .tokensPerSecond: signals.tokens
        case .outstanding, .waiting, .kvUse, .lateShare: nil
        }
    }

    /// The gauge as a total of the pool; nil for what needs a window and for a cache use that could not be read.
    func gauge(_ signals: PoolSignals) -> Double? {
        switch self {
        case .outstanding: Double(signals.outstanding)
        case .waiting: Double(signals.waiting)
        case .kvUse: signals.kvUse.isNaN ? nil : signals.kvUse * Double(signals.ready)
        case .requestsPerSecond, .tokensPerSecond, .lateShare: nil
        }
    }
}

extension PoolSignals {
    /// Of the requests finished since `start`, those that were late, times the ready replicas.
    func lateTotal(since start: PoolSignals) -> Double? {
        let count = finished - start.finished
        if count == 0 { return outstanding == 0 ? 0 : nil }
        return Double(late - start.late) / Double(count) * Double(ready)
    }
}

/// A span of time in which metrics cannot be read: `from` included, `until` excluded.
public struct MetricsOutage: Sendable, Equatable, Codable {
    /// Included.
    public var from: SimulatedTime
    /// Excluded.
    public var until: SimulatedTime

    public init(from: SimulatedTime, until: SimulatedTime) {
        self.from = from
        self.until = until
    }

    func covers(_ time: SimulatedTime) -> Bool { from <= time && time < until }
}

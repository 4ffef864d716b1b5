public import Primitives

/// What a scaler looks at. All are totals of the pool but the cache use, which is a mean.
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

    /// The counter behind a rate; nil for a gauge.
    func counter(_ signals: PoolSignals) -> UInt64? {
        switch self {
        case .requestsPerSecond: signals.arrived
        case .tokensPerSecond: signals.tokens
        case .outstanding, .waiting, .kvUse: nil
        }
    }

    /// The gauge as a total of the pool; nil for rates and for a cache use that could not be read.
    func gauge(_ signals: PoolSignals) -> Double? {
        switch self {
        case .outstanding: Double(signals.outstanding)
        case .waiting: Double(signals.waiting)
        case .kvUse: signals.kvUse.isNaN ? nil : signals.kvUse * Double(signals.ready)
        case .requestsPerSecond, .tokensPerSecond: nil
        }
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

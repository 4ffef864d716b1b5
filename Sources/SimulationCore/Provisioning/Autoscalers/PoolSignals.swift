public import Primitives

/// What an autoscaler can see of its pool at one moment. Gauges are instantaneous; counters run from the run's start
/// and never fall.
public struct PoolSignals: Sendable, Equatable {
    /// The moment all fields belong to.
    public var time: SimulatedTime
    /// Replicas that serve.
    public var ready: Int
    /// Replicas on their way to ready.
    public var starting: Int
    /// Requests sent to the pool and not finished: queued at the gateway, waiting or running.
    public var outstanding: Int
    /// Of the outstanding, those not running.
    public var waiting: Int
    /// Mean KV cache use of the ready replicas, 0…1. Not a number where it could not be read.
    public var kvUse: Double
    /// Requests so far.
    public var arrived: UInt64
    /// Output tokens so far.
    public var tokens: UInt64

    public init(
        time: SimulatedTime, ready: Int, starting: Int, outstanding: Int, waiting: Int, kvUse: Double,
        arrived: UInt64, tokens: UInt64
    ) {
        self.time = time
        self.ready = ready
        self.starting = starting
        self.outstanding = outstanding
        self.waiting = waiting
        self.kvUse = kvUse
        self.arrived = arrived
        self.tokens = tokens
    }
}

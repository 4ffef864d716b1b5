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
    /// Requests finished so far.
    public var finished: UInt64
    /// Of the finished, those that were late by the pool's own measure: a bound of their class missed.
    public var late: UInt64
    /// Replicas wanted of the pool that this one stands in for (``FallbackPolicy/primary``); 0 where there is none.
    public var primaryWanted: Int
    /// Of those, the ones that serve.
    public var primaryReady: Int

    public init(
        time: SimulatedTime, ready: Int, starting: Int, outstanding: Int, waiting: Int, kvUse: Double,
        arrived: UInt64, tokens: UInt64, finished: UInt64 = 0, late: UInt64 = 0, primaryWanted: Int = 0,
        primaryReady: Int = 0
    ) {
        self.time = time
        self.ready = ready
        self.starting = starting
        self.outstanding = outstanding
        self.waiting = waiting
        self.kvUse = kvUse
        self.arrived = arrived
        self.tokens = tokens
        self.finished = finished
        self.late = late
        self.primaryWanted = primaryWanted
        self.primaryReady = primaryReady
    }
}

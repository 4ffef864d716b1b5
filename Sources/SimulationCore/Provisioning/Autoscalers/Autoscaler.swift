public import Primitives

/// A controller that decides how many replicas a pool should have, from what it has seen of the pool.
///
/// Deterministic: the same policy and the same signals give the same decisions.
public struct Autoscaler: Sendable {
    private var wanted: Int

    /// A controller of a pool that starts with `initial` replicas; it never asks for fewer than `minimum` or more
    /// than `maximum`. Traps unless 0 ≤ minimum ≤ maximum.
    public init(policy: AutoscalerPolicy, minimum: Int, maximum: Int, initial: Int) {
        precondition(minimum >= 0 && minimum <= maximum, "an autoscaler's bounds are 0 ≤ minimum ≤ maximum")
        wanted = min(max(initial, minimum), maximum)
    }

    /// Time between calls of `decide` (the controller's tick; metrics are scraped at each call). Constant.
    public var period: SimulatedDuration { .seconds(15) }

    /// The number of replicas wanted (ready + starting) from now on. Called every `period`, in order of time.
    public mutating func decide(_ signals: PoolSignals) -> Int { wanted }
}

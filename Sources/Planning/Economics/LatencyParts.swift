public import Primitives
public import SimulationCore

/// The mean end-to-end latency of completed requests by where the time went. The parts add up to the mean, rounded down
/// to a nanosecond, exactly.
public struct LatencyParts: Sendable, Equatable, Codable {
    /// Client to replica and back.
    public var network: SimulatedDuration
    /// Held at the gateway because no replica served.
    public var coldStart: SimulatedDuration
    /// Attempts that came to nothing, and the waits between.
    public var retry: SimulatedDuration
    /// At the replica until scheduled.
    public var queue: SimulatedDuration
    /// From scheduling to the first token.
    public var prefill: SimulatedDuration
    /// From the first to the last token.
    public var decode: SimulatedDuration

    /// Means of the sums in `split` over `completed` requests; `nil` where nothing was completed or nothing measured.
    ///
    /// Every part is rounded down, and the nanoseconds left over go one each to the largest remainders, ties to the
    /// part named first.
    public init?(_ split: LatencySplit, completed: UInt64) {
        let count = Int128(completed)
        guard count > 0, split.total > 0 else { return nil }
        let sums = [split.network, split.coldStart, split.retry, split.queue, split.prefill, split.decode]
        var shares = sums.map { Int64($0 / count) }
        let left = Int(Int64(split.total / count) - shares.reduce(0, +))
        for index in sums.indices.sorted(by: { (sums[$1] % count, $0) < (sums[$0] % count, $1) }).prefix(left) {
            shares[index] += 1
        }
        let parts = shares.map(SimulatedDuration.init(nanoseconds:))
        (network, coldStart, retry, queue, prefill, decode) = (
            parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]
        )
    }

    /// The parts with their names, in the order in which a request meets them.
    public var parts: [(name: String, time: SimulatedDuration)] {
        [
            ("network", network), ("cold start", coldStart), ("retry", retry), ("queue", queue), ("prefill", prefill),
            ("decode", decode),
        ]
    }

    /// The whole.
    public var total: SimulatedDuration { parts.reduce(.zero) { $0 + $1.time } }
}

import Primitives
import SimulationCore
import Workloads

extension ResolvedStrategy {
    /// The strategy with what its clairvoyant autoscalers know of the run under `seed`; itself where it has none.
    ///
    /// The arrivals are counted in a stream of their own, so this reads the whole workload once more.
    func prepared(for workload: ResolvedWorkload, seed: UInt64) throws -> ResolvedStrategy {
        guard !foresights.isEmpty else { return self }
        var strategy = self
        var counts: [SimulatedDuration: [Int]] = [:]
        for (pool, foresight) in foresights {
            guard case .clairvoyant(var policy) = fleet.pools[pool].scaling?.policy else { continue }
            let arrivals =
                try counts[foresight.bin] ?? Self.arrivals(of: workload.makeSource(seed: seed), bin: foresight.bin)
            counts[foresight.bin] = arrivals
            policy.steps = ClairvoyantPolicy.table(
                arrivals: arrivals, capacity: foresight.requestsPerSecondPerReplica, bin: foresight.bin)
            policy.lead = fleet.pools[pool].scaling?.startup.total ?? .zero
            strategy.fleet.pools[pool].scaling?.policy = .clairvoyant(policy)
        }
        return strategy
    }

    /// Requests in each span of `bin`, from the run's start to the last arrival.
    private static func arrivals(of source: any RequestSource, bin: SimulatedDuration) throws -> [Int] {
        var counts: [Int] = []
        var batch: [Request] = []
        while true {
            batch.removeAll(keepingCapacity: true)
            try source.read(into: &batch, limit: 4_096)
            guard !batch.isEmpty else { return counts }
            for request in batch {
                let index = Int(request.arrival.nanoseconds / bin.nanoseconds)
                while counts.count <= index { counts.append(0) }
                counts[index] += 1
                source.contents.release(request.content)
            }
        }
    }
}

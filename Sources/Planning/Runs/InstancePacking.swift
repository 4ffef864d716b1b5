import Pricing
import Primitives

/// How the replicas of a pool share rented instances.
///
/// A replica is one model server on tensor × pipeline accelerators. An instance of g accelerators holds
/// ⌊g ÷ (tensor · pipeline)⌋ replicas where at least one fits, and accelerators that are left over stay empty: tensor
/// parallelism never crosses instances. Where only some pipeline stages fit, a replica takes several instances, each
/// with ⌊g ÷ tensor⌋ stages. The rented instances are ⌈replicas ÷ replicas per instance⌉, or replicas × instances per
/// replica; with no accelerator left over, that is ⌈replicas · tensor · pipeline ÷ g⌉.
public struct InstancePacking: Sendable, Equatable {
    /// Model servers of the pool.
    public let replicas: Int
    /// ≥ 1; more than 1 only where ``instancesPerReplica`` is 1.
    public let replicasPerInstance: Int
    /// ≥ 1.
    public let instancesPerReplica: Int

    /// `nil` where the tensor-parallel ranks do not fit one instance.
    /// - Parameter accelerators: per instance, ≥ 1.
    public init?(replicas: Int, tensorParallel: Int, pipelineParallel: Int, accelerators: Int) {
        let stagesPerInstance = accelerators / tensorParallel
        guard stagesPerInstance >= 1 else { return nil }
        self.replicas = replicas
        replicasPerInstance = max(1, stagesPerInstance / pipelineParallel)
        instancesPerReplica = (pipelineParallel + stagesPerInstance - 1) / stagesPerInstance
    }

    /// One replica that is not on instances of ours.
    static let single = InstancePacking(replicas: 1, replicasPerInstance: 1, instancesPerReplica: 1)

    private init(replicas: Int, replicasPerInstance: Int, instancesPerReplica: Int) {
        self.replicas = replicas
        self.replicasPerInstance = replicasPerInstance
        self.instancesPerReplica = instancesPerReplica
    }

    /// Rented instances.
    public var instances: Int {
        replicasPerInstance > 1
            ? (replicas + replicasPerInstance - 1) / replicasPerInstance : replicas * instancesPerReplica
    }

    /// The rentals of a pool, from one rental per replica (and instance of it) to one per instance.
    ///
    /// An instance that holds k replicas is in each state for the mean of its k places, a place without a replica being
    /// idle: the busy time of an instance is the share of its accelerators' time spent busy. Means are rounded down to
    /// whole nanoseconds and idle takes the rest, so that the states sum to the rented time exactly. The instance is
    /// rented from its first replica's start to its last one's end.
    func pack(_ rentals: [Rental]) -> [Rental] {
        guard replicasPerInstance > 1 else { return rentals }
        return stride(from: 0, to: rentals.count, by: replicasPerInstance).map { first in
            merge(rentals[first..<min(first + replicasPerInstance, rentals.count)])
        }
    }

    private func merge(_ rentals: ArraySlice<Rental>) -> Rental {
        var merged = rentals[rentals.startIndex]
        merged.start = rentals.map(\.start).min() ?? merged.start
        merged.end = rentals.map(\.end).max() ?? merged.end
        let idle = Int(InstanceState.idle.rawValue)
        for state in merged.states.indices where state != idle {
            let sum = rentals.reduce(Int128(0)) { $0 + Int128($1.states[state]) }
            merged.states[state] = Int64(sum / Int128(replicasPerInstance))
        }
        let others = merged.states.enumerated().reduce(Int64(0)) { $1.offset == idle ? $0 : $0 + $1.element }
        merged.states[idle] = merged.duration.nanoseconds - others
        return merged
    }
}

extension UsageLedger {
    /// The ledger with one rental per rented instance, numbered anew from 0 by pool and instance.
    /// - Parameter packings: by pool.
    func packed(_ packings: [InstancePacking]) -> UsageLedger {
        guard packings.contains(where: { $0.replicasPerInstance > 1 }) else { return self }
        var packed: [Rental] = []
        for (pool, packing) in packings.enumerated() {
            let own = rentals.filter { $0.pool == pool }.sorted { $0.instance < $1.instance }
            packed += packing.pack(own)
        }
        for index in packed.indices { packed[index].instance = index }
        return UsageLedger(rentals: packed.sorted { ($0.start, $0.instance) < ($1.start, $1.instance) })
    }
}

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
    /// rented from its first replica's start to its last one's end, and sends and receives what they all do.
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
        merged.traffic = rentals.reduce(into: Traffic()) { $0 += $1.traffic }
        let lost = rentals.reduce(Int128(0)) { $0 + Int128($1.lost.nanoseconds) }
        merged.lost = SimulatedDuration(nanoseconds: Int64(lost / Int128(replicasPerInstance)))
        let others = merged.states.enumerated().reduce(Int64(0)) { $1.offset == idle ? $0 : $0 + $1.element }
        merged.states[idle] = merged.duration.nanoseconds - others
        return merged
    }
}

extension UsageLedger {
    /// The ledger with one rental per rented instance, numbered anew from 0 by pool and instance; all else stays.
    /// - Parameter packings: by pool.
    func packed(_ packings: [InstancePacking]) -> UsageLedger {
        guard packings.contains(where: { $0.replicasPerInstance > 1 }) else { return self }
        var packed: [Rental] = []
        var (first, former) = (0, 0)
        for (pool, packing) in packings.enumerated() {
            var own = rentals.filter { $0.pool == pool }
            if packing.replicasPerInstance > 1 {
                own = packing.pack(own.sorted { $0.instance < $1.instance })
                for index in own.indices { own[index].instance = first + index }
            } else {
                // An instance that is rented several times keeps one number.
                for index in own.indices { own[index].instance += first - former }
            }
            packed += own
            first += packing.instances
            former += packing.replicas * packing.instancesPerReplica
        }
        let ordered = packed.enumerated().sorted {
            ($0.element.start, $0.element.instance, $0.offset) < ($1.element.start, $1.element.instance, $1.offset)
        }
        var ledger = self
        ledger.rentals = ordered.map(\.element)
        return ledger
    }
}

import Pricing
import Primitives
import SimulationCore

/// A variant looked up: what its replicas cost and how fast they can be at best.
struct VariantFacts: Sendable {
    let terms: PoolTerms
    let floor: WorkFloor
    private let packing: InstancePacking
    private let billing: BillingPlan
    /// Dollars from the run's start to its last arrival by number of replicas, from 1; means over replications.
    private let rents: [Double]
    /// Dollars for a nanosecond of one replica, at the lowest that any number of them comes to.
    let leastPerNanosecond: Double

    /// - Parameters:
    ///   - strategy: one replica of the variant alone.
    ///   - most: replicas that are priced.
    init(_ strategy: ResolvedStrategy, _ demands: [WorkloadDemand], seeds: [UInt64], most: Int) {
        terms = strategy.terms[0]
        packing = strategy.packings[0]
        billing = strategy.billing
        let engine = strategy.fleet.pools[0].engine
        floor = WorkFloor(
            strategy.fleet.pools[0].stepCost, engine: engine,
            demand: (max(1, demands[0].promptTokens), max(1, demands[0].decodeTokens)))
        let (packing, billing) = (packing, billing)
        rents = (1...most).map { count in
            let sum = demands.indices.reduce(0.0) { sum, index in
                let end = demands[index].lastArrival
                let terms = strategy.terms(seed: seeds[index], until: end)
                return sum + Self.rent(packing.instances(for: count), until: end, terms, billing)
            }
            return sum / Double(demands.count)
        }
        let span = demands.reduce(0.0) { $0 + Double($1.lastArrival.nanoseconds) } / Double(demands.count)
        leastPerNanosecond = rents.enumerated().reduce(Double.infinity) {
            min($0, $1.element / Double($1.offset + 1) / max(1, span))
        }
    }

    /// Dollars for `count` replicas from the run's start to its last arrival: a bill in which they are rented and idle.
    func rent(_ count: Int) -> Double { count == 0 ? 0 : rents[count - 1] }

    private static func rent(
        _ instances: Int, until end: SimulatedTime, _ terms: [PoolTerms], _ billing: BillingPlan
    ) -> Double {
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        states[Int(InstanceState.idle.rawValue)] = end.nanoseconds
        let rentals = (0..<instances).map { instance in
            Rental(pool: 0, instance: instance, start: .start, end: end, states: states)
        }
        var ledger = UsageLedger(rentals: rentals)
        ledger.end = end
        return ledger.bill(pools: terms, plan: billing).invoice.total.dollars
    }
}

extension InstancePacking {
    /// Rented instances of `count` replicas packed like these.
    func instances(for count: Int) -> Int {
        replicasPerInstance > 1
            ? (count + replicasPerInstance - 1) / replicasPerInstance : count * instancesPerReplica
    }
}

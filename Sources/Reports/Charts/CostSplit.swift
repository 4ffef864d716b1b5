import Planning
import Pricing
import Primitives
import SimulationCore

/// An invoice divided over what the rented time was spent on. The parts add up to the invoice exactly.
struct CostSplit: Equatable {
    /// In the order of ``CostBars/kinds``.
    private(set) var parts = [Money](repeating: .zero, count: CostBars.kinds.count)

    /// A compute charge of one rental of an instance goes over the states its provider bills, in proportion to their time; all
    /// other charges, and those of instances that the ledger does not know, are `other charges`.
    init(_ run: StrategyRun, pools: [PoolSummary]) {
        for line in run.invoice.lines {
            let rental = run.record.ledger.rentals.first {
                $0.instance == line.instance && $0.start == line.start && pools.indices.contains($0.pool)
                    && pools[$0.pool].name == line.pool
            }
            if let rental, line.serviceCategory == .compute {
                add(line.billedCost, over: Self.weights(of: rental, billed: line.metered))
            } else {
                parts[4] += line.billedCost
            }
        }
    }

    var total: Money { parts.reduce(.zero, +) }

    /// Time per kind in the states that were billed. An invoice line tells how much time was metered, which tells
    /// the states: the smallest of the rules' sets with that sum, all states where none fits.
    private static func weights(of rental: Rental, billed metered: SimulatedDuration?) -> [Int64] {
        let sets: [InstanceStates] = [.running, .sinceAllocation, .always]
        let billed = sets.first { rental.time(in: $0) == metered } ?? .always
        func sum(_ states: InstanceStates) -> Int64 { rental.time(in: states.intersection(billed)).nanoseconds }
        return [
            sum(.init(.busy)), sum(.init(.idle)), sum([.init(.provisioning), .init(.loading)]),
            sum([.init(.draining), .init(.stopped), .init(.paused)]),
        ]
    }

    private mutating func add(_ cost: Money, over weights: [Int64]) {
        guard weights.contains(where: { $0 > 0 }) else {
            parts[4] += cost
            return
        }
        for (index, share) in cost.divided(by: weights).enumerated() { parts[index] += share }
    }
}

extension Rental {
    fileprivate func time(in states: InstanceStates) -> SimulatedDuration {
        InstanceState.allCases.filter(states.contains).reduce(.zero) { $0 + self[$1] }
    }
}

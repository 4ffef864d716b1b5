import Planning
import Pricing
import Primitives
import SimulationCore

/// An invoice divided over what the rented time was spent on. The parts add up to the invoice exactly.
struct CostByUse: Equatable {
    /// In the order of ``CostBars/kinds``.
    private(set) var parts = [Money](repeating: .zero, count: CostBars.kinds.count)

    /// A compute charge of one rental of an instance goes over the states its provider bills, in proportion to their time; all
    /// other charges, and those of instances that the ledger does not know, are `other charges`.
    init(_ run: StrategyRun, pools: [PoolSummary]) {
        for charge in Self.charges(of: run, pools: pools) {
            for (part, share) in charge.parts { parts[Self.kind(of: part)] += share }
        }
    }

    var total: Money { parts.reduce(.zero, +) }

    private static func kind(of part: Breakdown.CostPart) -> Int {
        switch part {
        case .busy, .lost: 0
        case .idle: 1
        case .starting: 2
        case .draining, .held: 3
        default: 4
        }
    }

    /// One invoice line, divided.
    struct Charge {
        var parts: [(Breakdown.CostPart, Money)]
    }

    static func charges(of run: StrategyRun, pools: [PoolSummary]) -> [Charge] {
        // The run's own account knows commitments and lost work; the invoice alone has to be read with the ledger.
        if let split = run.metrics.account?.cost {
            return [Charge(parts: CostSplit.Part.allCases.map { (Breakdown.CostPart($0), split[$0]) })]
        }
        let rentals = run.record.ledger.rentals.reduce(into: [RentalKey: Rental]()) { known, rental in
            guard pools.indices.contains(rental.pool) else { return }
            let key = RentalKey(pool: pools[rental.pool].name, instance: rental.instance, start: rental.start)
            if known[key] == nil { known[key] = rental }
        }
        return run.invoice.lines.map { line in
            let key = line.instance.map { RentalKey(pool: line.pool, instance: $0, start: line.start) }
            guard line.serviceCategory == .compute, line.chargeCategory == .usage, let key, let rental = rentals[key]
            else { return Charge(parts: [(part(of: line), line.billedCost)]) }
            return charge(line.billedCost, for: rental, billed: line.metered)
        }
    }

    private struct RentalKey: Hashable {
        var pool: String
        var instance: Int
        var start: SimulatedTime
    }

    private static func part(of line: InvoiceLine) -> Breakdown.CostPart {
        switch (line.chargeCategory, line.serviceCategory) {
        case (.credit, _): .credits
        case (.purchase, _): .commitment
        case (.usage, .storage): .disk
        case (.usage, .networking): .traffic
        case (.usage, .ai): .tokens
        case (.usage, .compute): .fees
        }
    }

    /// Time in the states that were billed. An invoice line tells how much time was metered, which tells the states: the
    /// smallest of the rules' sets with that sum, all states where none fits.
    private static func charge(_ cost: Money, for rental: Rental, billed metered: SimulatedDuration?) -> Charge {
        let sets: [InstanceStates] = [.running, .sinceAllocation, .always]
        let billed = sets.first { rental.time(in: $0) == metered } ?? .always
        func sum(_ states: InstanceStates) -> Int64 { rental.time(in: states.intersection(billed)).nanoseconds }
        let busy = sum(.init(.busy))
        let lost = min(busy, max(0, rental.lost.nanoseconds))
        let weights: [(Breakdown.CostPart, Int64)] = [
            (.busy, busy - lost), (.idle, sum(.init(.idle))),
            (.starting, sum([.init(.provisioning), .init(.loading)])), (.draining, sum(.init(.draining))),
            (.held, sum([.init(.stopped), .init(.paused)])), (.lost, lost),
        ]
        guard weights.contains(where: { $0.1 > 0 }) else { return Charge(parts: [(.fees, cost)]) }
        return Charge(parts: zip(weights, cost.divided(by: weights.map(\.1))).map { ($0.0, $1) })
    }
}

extension Rental {
    fileprivate func time(in states: InstanceStates) -> SimulatedDuration {
        InstanceState.allCases.filter(states.contains).reduce(.zero) { $0 + self[$1] }
    }
}

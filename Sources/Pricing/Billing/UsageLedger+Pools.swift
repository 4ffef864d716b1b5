import Primitives

extension UsageLedger {
    /// The most instances of a pool that are held at the same moment. At a moment where one ends and another starts,
    /// the first is over.
    func mostRentals(of pool: Int) -> Int64 {
        let edges = rentals.filter { $0.pool == pool && $0.duration > .zero }
            .flatMap { [($0.start.nanoseconds, Int64(1)), ($0.end.nanoseconds, Int64(-1))] }
            .sorted { $0 < $1 }
        var (now, most) = (Int64(0), Int64(0))
        for (_, change) in edges {
            now += change
            most = max(most, now)
        }
        return most
    }

    /// Time of the earlier runs of each rental's instance, each rounded up; only where a minimum is shared by them.
    func earlierRuns(pools: [PoolTerms]) -> [SimulatedDuration] {
        var earlier = Array(repeating: SimulatedDuration.zero, count: rentals.count)
        guard rentals.contains(where: { $0.resumes && pools[$0.pool].rule.sharesMinimum }) else { return earlier }
        var sums: [InstanceKey: SimulatedDuration] = [:]
        for number in rentals.indices.sorted(by: { (rentals[$0].start, $0) < (rentals[$1].start, $1) }) {
            let rental = rentals[number]
            let rule = pools[rental.pool].rule
            guard rule.sharesMinimum else { continue }
            let key = InstanceKey(pool: rental.pool, instance: rental.instance)
            let before = rental.resumes ? sums[key] ?? .zero : .zero
            earlier[number] = before
            sums[key] = before + rule.roundedUp(rule.meteredTime(of: rental))
        }
        return earlier
    }

    private struct InstanceKey: Hashable {
        var pool: Int
        var instance: Int
    }

    /// Bytes of a pool's rentals that are charged by the provider, not by hosts with their own prices.
    func traffic(ofPool pool: Int) -> Traffic {
        rentals.reduce(into: Traffic()) { if $1.pool == pool, $1.host == nil { $0 += $1.traffic } }
    }

    /// Time for which a pool's instances are held, all together.
    func held(inPool pool: Int) -> SimulatedDuration {
        rentals.reduce(.zero) { $1.pool == pool ? $0 + $1.duration : $0 }
    }
}

extension BillingRule {
    /// Whether runs of one instance share one minimum.
    var sharesMinimum: Bool { minimum > .zero && !minimumAtEachStart }
}

import Primitives

/// Fleets whose numbers follow the load: their cost is known only from simulation, so they race.
extension FleetSearch {
    /// Fleets with an autoscaler: every floor; and of those on a base, bases of a quarter, a half and three quarters of
    /// what the base's variant would need alone.
    private func scaledCandidates() -> [FleetCandidate] {
        shapes.indices.filter { shapes[$0].scaler != nil }.flatMap { index in
            let shape = shapes[index]
            var bases: [[Int]] = [[]]
            if shape.variants.count > 1 {
                let need = likelyCount(of: shape.variants[0])
                bases = [0.25, 0.5, 0.75].map { max(1, Int((need * $0).rounded())) }.unique
                    .filter { plan.replicas.contains($0) }.map { [$0] }
            }
            return bases.flatMap { base in
                plan.floors.map { plan.candidate(shape, index: index, counts: base + [$0]) }
            }
        }
    }

    /// Races fleets against the best one: they run replication after replication on the same requests, and one leaves
    /// when it misses the SLO, when its first run costs a quarter more, or when the paired difference of its cost to the
    /// best is above 0 beyond its 95 % interval.
    /// - Parameter floor: dollars that no fleet of these variants can cost less than.
    mutating func raceScaled(floor: ([Int]) -> Double) throws {
        var racers = scaledCandidates().filter { candidate in
            let shape = shapes[candidate.shape]
            let base =
                shape.variants.count > 1
                ? rent(
                    [candidate.counts[0]],
                    of: FleetShape(
                        variants: [shape.variants[0]], router: shape.router)) : 0
            return max(base, floor(shape.variants)) < best?.cost ?? .infinity
        }.map { (candidate: $0, outcome: TrialOutcome()) }
        for replication in 0..<replications {
            guard !racers.isEmpty else { return }
            let trials = trials
            let running = racers.map(\.candidate)
            let outcomes = try inParallel(running.count, threads: threads) {
                try trials.run(running[$0], replication: replication)
            }
            for (index, outcome) in outcomes.enumerated() {
                racers[index].outcome.requests += outcome.requests
                racers[index].outcome.runs += outcome.runs
                racers[index].outcome.failure = outcome.failure
            }
            let leader = best
            for racer in racers where racer.outcome.failure != nil { note(racer.candidate, racer.outcome) }
            racers.removeAll { racer in
                guard racer.outcome.failure == nil else { return true }
                guard let leader, replication + 1 < replications else { return false }
                let isBeaten = Self.isBeaten(racer.outcome, by: leader.outcome)
                if isBeaten { requests += racer.outcome.requests }
                return isBeaten
            }
        }
        for racer in racers { note(racer.candidate, racer.outcome) }
    }

    private static func isBeaten(_ outcome: TrialOutcome, by leader: TrialOutcome) -> Bool {
        let differences = zip(outcome.runs, leader.runs).map { $0.metrics.cost.dollars - $1.metrics.cost.dollars }
        guard let estimate = Estimate(of: differences), let first = leader.runs.first else { return false }
        guard let half = estimate.half else { return estimate.mean > first.metrics.cost.dollars / 4 }
        return estimate.mean - half > 0
    }
}

import Primitives
import SimulationCore

/// What follows the search: the next best, what binds the winner, or what came closest.
extension FleetSearch {
    /// Works out the best number of the most promising shapes of one pool that have none yet, up to three times the
    /// winner's cost.
    mutating func searchRunnersUp() throws {
        guard let best else { return }
        let limit = best.cost * 3
        let singles = shapes.indices.filter { shapes[$0].variants.count == 1 && shapes[$0].scaler == nil }
        let known = singles.filter { !states[$0].passed.isEmpty && $0 != best.candidate.shape }.count
        let wanted = max(0, plan.runnersUp - known)
        let promising = singles.filter { states[$0].passed.isEmpty }.map { index in
            (
                index,
                rent(
                    [min(plan.replicas.upperBound, Int(likelyCount(of: shapes[index].variants[0])))], of: shapes[index])
            )
        }.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.prefix(wanted).map(\.0)
        while true {
            let round = promising.compactMap { index in
                nextCount(of: index, below: limit).map {
                    plan.candidate(shapes[index], index: index, counts: [$0])
                }
            }
            guard !round.isEmpty else { return }
            try evaluate(Array(round.prefix(Self.lanes)))
        }
    }

    /// Why no pool of `best` can have one replica fewer, and how many requests it took to see.
    func binding(_ best: TriedFleet, _ objectives: [ServiceObjective]) throws -> ([String], UInt64) {
        guard best.candidate.isSteady else {
            return (["its numbers follow the load: its autoscaler decides"], 0)
        }
        let (shape, counts) = (shapes[best.candidate.shape], best.candidate.counts)
        let smaller = counts.indices.filter { counts[$0] > plan.replicas.lowerBound }.map { place in
            var fewer = counts
            fewer[place] -= 1
            return plan.candidate(shape, index: best.candidate.shape, counts: fewer)
        }
        let trials = trials
        let outcomes = try inParallel(smaller.count, threads: threads) {
            try trials.runWhole(smaller[$0], replication: 0)
        }
        var sentences: [String] = []
        if smaller.count < counts.count { sentences.append("the plan allows no fewer of a pool") }
        for (candidate, outcome) in zip(smaller, outcomes) {
            let misses = outcome.misses(objectives)
            sentences.append(
                misses.isEmpty
                    ? "\(candidate.name) misses the SLO in another replication than the first"
                    : "\(candidate.name) misses \(misses.joined(separator: ", "))")
        }
        return (sentences, outcomes.reduce(0) { $0 + $1.requests })
    }

    /// Of the largest fleets of one variant, the one whose worst objective is nearest to its bound; what would help.
    func closestMiss(_ objectives: [ServiceObjective]) throws -> (PlanMiss?, UInt64) {
        let singles = shapes.indices.filter { shapes[$0].variants.count == 1 && shapes[$0].scaler == nil }
        let largest = singles.map { index in
            plan.candidate(shapes[index], index: index, counts: [plan.replicas.upperBound])
        }
        let trials = trials
        let outcomes = try inParallel(largest.count, threads: threads) {
            try trials.runWhole(largest[$0], replication: 0)
        }
        let requests = outcomes.reduce(0) { $0 + $1.requests }
        func excess(_ outcome: TrialOutcome) -> Double {
            objectives.map { objective in
                guard let run = outcome.runs.first else { return Double.infinity }
                let check = ObjectiveCheck(objective, on: run.record, among: objectives)
                if check.isMet { return 1.0 }
                return check.reached.map { $0.seconds / objective.bound.seconds } ?? .infinity
            }.max() ?? 1
        }
        guard let place = outcomes.indices.min(by: { excess(outcomes[$0]) < excess(outcomes[$1]) }),
            let run = outcomes[place].runs.first
        else { return (nil, requests) }
        var missed = outcomes[place].misses(objectives)
        if missed.isEmpty { missed = ["the SLO in another replication than the first"] }
        return (
            PlanMiss(
                fleet: largest[place].name, cost: run.metrics.cost.dollars, missed: missed,
                advice: advice(shapes[largest[place].shape].variants[0], run, objectives)), requests
        )
    }

    private func advice(_ variant: Int, _ run: StrategyRun, _ objectives: [ServiceObjective]) -> [String] {
        var advice: [String] = []
        let need = needs.need[variant]
        let missed = objectives.filter { !ObjectiveCheck($0, on: run.record, among: objectives).isMet }
        // Tokens that come too slowly come no faster from more machines at light load.
        let isBusy =
            (run.metrics.utilization > 0.6 && missed.contains { $0.quantity != .tpot })
            || run.record.verdict != .stable
        if need > Double(plan.replicas.upperBound) {
            advice.append(
                "the work alone needs \(Int(need.rounded(.up))) replicas; `replicas: {max: …}` allows "
                    + "\(plan.replicas.upperBound)")
        } else if isBusy {
            advice.append("more replicas: raise `replicas: {max: \(plan.replicas.upperBound)}`")
        } else {
            advice.append(
                "machines are \(number(run.metrics.utilization * 100, digits: 0)) % busy, so more of them do not help: "
                    + "take a faster accelerator, `tensor-parallel`, or a smaller `precision`")
        }
        for objective in objectives {
            let check = ObjectiveCheck(objective, on: run.record, among: objectives)
            guard !check.isMet, let reached = check.reached else { continue }
            advice.append("a bound of \(latencyText(reached)) in place of \(objective.text) would be met by this fleet")
        }
        return advice
    }
}

extension TrialOutcome {
    /// Objectives that the first run misses, with what it reaches.
    fileprivate func misses(_ objectives: [ServiceObjective]) -> [String] {
        guard let run = runs.first else { return [] }
        let missed = objectives.compactMap { objective -> String? in
            let check = ObjectiveCheck(objective, on: run.record, among: objectives)
            guard !check.isMet else { return nil }
            return "\(objective.text) (\(check.reached.map(latencyText) ?? "never"))"
        }
        return missed.isEmpty && run.record.verdict == .overloaded ? ["the load: it is overloaded"] : missed
    }
}

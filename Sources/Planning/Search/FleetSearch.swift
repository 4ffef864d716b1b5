import SimulationCore

/// The search for the cheapest fleet that meets the SLO.
///
/// *Exact* under two assumptions: a fleet that fails also fails with fewer replicas of any pool, and one that passes
/// passes with more. Then a shape of one pool is bisected, and of a mixed shape only the fleets need to be refuted that
/// cannot have one more replica of anything and still cost less than the best fleet found. A fleet is left out
/// untried where the work bound forbids it, where its rent alone is not below the best cost found, or where a fleet
/// with at least as many replicas of everything has failed.
///
/// Rounds have a fixed width and are put together in order, so that the result does not depend on the threads.
struct FleetSearch {
    /// Fleets tried at the same time, whatever the number of processors.
    static let lanes = 4

    let plan: PlanSettings
    let trials: FleetTrials
    let facts: [VariantFacts?]
    let needs: NeedBound
    let shapes: [FleetShape]
    let replications: Int
    let threads: Int
    var states: [ShapeState]
    /// The cheapest fleet that passed everything.
    var best: TriedFleet?
    /// In order of trial.
    var tried: [TriedFleet] = []
    var requests: UInt64 = 0
    let report: (@Sendable (PlanProgress) -> Void)?

    /// What is known of a shape.
    struct ShapeState {
        /// Counts that failed, none below another.
        var failed: [[Int]] = []
        var passed: [[Int]] = []
        var isDone = false

        func isRefuted(_ counts: [Int]) -> Bool {
            failed.contains { zip(counts, $0).allSatisfy { $0 <= $1 } }
        }

        mutating func fail(_ counts: [Int]) {
            failed.removeAll { zip($0, counts).allSatisfy { $0 <= $1 } }
            failed.append(counts)
        }
    }

    // MARK: Trials

    /// Tries fleets side by side: all on the first replication, those that pass on the others.
    mutating func evaluate(_ batch: [FleetCandidate]) throws {
        let (trials, others) = (trials, Array(1..<max(1, replications)))
        var outcomes = try inParallel(batch.count, threads: threads) { try trials.screen(batch[$0]) }
        let passing = outcomes.indices.filter { outcomes[$0].failure == nil }
        let pairs = passing.flatMap { index in others.map { (index, $0) } }
        let more = try inParallel(pairs.count, threads: threads) {
            try trials.run(batch[pairs[$0].0], replication: pairs[$0].1)
        }
        for (pair, outcome) in zip(pairs, more) {
            outcomes[pair.0].requests += outcome.requests
            outcomes[pair.0].runs += outcome.runs
            outcomes[pair.0].failure = outcomes[pair.0].failure ?? outcome.failure
        }
        for (candidate, outcome) in zip(batch, outcomes) { note(candidate, outcome) }
    }

    mutating func note(_ candidate: FleetCandidate, _ outcome: TrialOutcome) {
        var fleet = TriedFleet(candidate: candidate, outcome: outcome)
        // Records are large; what failed is not looked at again.
        if !fleet.passes { fleet.outcome.runs = [] }
        requests += outcome.requests
        tried.append(fleet)
        if fleet.passes {
            if candidate.isSteady { states[candidate.shape].passed.append(candidate.counts) }
            if fleet.cost < best?.cost ?? .infinity { best = fleet }
        } else if candidate.isSteady {
            for twin in twins(of: candidate.shape) { states[twin].fail(candidate.counts) }
        }
        report?(PlanProgress(fleetsTried: tried.count, requests: requests, bestCost: best?.cost))
    }

    /// Shapes that requests cannot tell from this one: what failed of one fails of all.
    private func twins(of index: Int) -> [Int] {
        func serving(_ shape: FleetShape) -> [String] { shape.variants.map { plan.variants[$0].serving } }
        let own = (shapes[index].router, serving(shapes[index]))
        return shapes.indices.filter {
            shapes[$0].scaler == nil && shapes[$0].router == own.0 && serving(shapes[$0]) == own.1
        }
    }

    // MARK: Rents

    func rent(_ counts: [Int], of shape: FleetShape) -> Double {
        zip(counts, shape.variants).reduce(0) { $0 + (facts[$1.1]?.rent($1.0) ?? .infinity) }
    }

    /// The most replicas of the last pool, beside `others` of those before it, whose rent is below `limit`; 0 = none.
    func affordable(_ shape: FleetShape, beside others: [Int], below limit: Double) -> Int {
        var (low, high) = (0, plan.replicas.upperBound)
        while low < high {
            let middle = (low + high + 1) / 2
            if rent(others + [middle], of: shape) < limit { low = middle } else { high = middle - 1 }
        }
        return low >= plan.replicas.lowerBound ? low : 0
    }

    /// Fewest replicas of a single variant that the bounds do not forbid.
    func fewest(of variant: Int) -> Int { max(plan.replicas.lowerBound, Int(needs.need[variant].rounded(.up))) }

    // MARK: Shapes of one pool

    /// Bisects every shape of one pool as far as it can still be the cheapest.
    mutating func searchSingles() throws {
        var open = shapes.indices.filter { shapes[$0].variants.count == 1 && shapes[$0].scaler == nil }
        while true {
            var round: [FleetCandidate] = []
            open.removeAll { index in
                if nextCount(of: index, below: best?.cost ?? .infinity) != nil { return false }
                states[index].isDone = true
                return true
            }
            // The cheapest at their fewest first: where the answer probably is.
            open.sort { (optimisticRent($0), $0) < (optimisticRent($1), $1) }
            for index in open.prefix(Self.lanes) {
                guard let count = nextCount(of: index, below: best?.cost ?? .infinity) else { continue }
                round.append(plan.candidate(shapes[index], index: index, counts: [count]))
            }
            guard !round.isEmpty else { return }
            try evaluate(round)
        }
    }

    private func optimisticRent(_ index: Int) -> Double {
        let shape = shapes[index]
        let known = states[index].passed.map { $0[0] }.min()
        let least = max((states[index].failed.map { $0[0] }.max() ?? 0) + 1, fewest(of: shape.variants[0]))
        let likely = known ?? max(least, Int((needs.need[shape.variants[0]] * 1.25).rounded(.up)))
        return rent([min(likely, plan.replicas.upperBound)], of: shape)
    }

    /// How many replicas to try next; `nil` where no number is left that could cost less than `limit`.
    func nextCount(of index: Int, below limit: Double) -> Int? {
        let (shape, state) = (shapes[index], states[index])
        let need = needs.need[shape.variants[0]]
        let failed = state.failed.map { $0[0] }.max()
        let low = max(failed ?? 0, fewest(of: shape.variants[0]) - 1)
        let passed = state.passed.map { $0[0] }.min()
        let cap = min(affordable(shape, beside: [], below: limit), (passed ?? .max) - 1)
        guard cap > low else { return nil }
        if let passed, passed - low > 1, cap == passed - 1 { return (low + passed) / 2 }
        let guess = failed.map { $0 + max(1, $0 * 3 / 10) } ?? Int((need * 1.25).rounded(.up))
        return min(cap, max(low + 1, guess))
    }

    // MARK: Mixed shapes

    /// Refutes or takes every mixed fleet that could cost less.
    mutating func searchMixes() throws {
        var open = shapes.indices.filter { shapes[$0].variants.count > 1 && shapes[$0].scaler == nil }
        while true {
            var round: [FleetCandidate] = []
            for index in open {
                guard round.count < Self.lanes else { break }
                if let counts = nextMix(of: index) {
                    round.append(plan.candidate(shapes[index], index: index, counts: counts))
                } else {
                    states[index].isDone = true
                }
            }
            open.removeAll { states[$0].isDone }
            guard !round.isEmpty else { return }
            try evaluate(round)
        }
    }

    /// The mixed fleet to try next. While something has passed, the cheapest of those about halfway in strength between
    /// what failed and what passed, so that the best cost falls fast; else the strongest of those that have no stronger
    /// one at a rent below the best cost, because its failure rules out the most.
    private func nextMix(of index: Int) -> [Int]? {
        let (shape, state) = (shapes[index], states[index])
        let limit = best?.cost ?? .infinity
        func isOpen(_ counts: [Int]) -> Bool {
            !state.isRefuted(counts) && !state.passed.contains(counts) && needs.allows(counts, of: shape.variants)
        }
        func strength(_ counts: [Int]) -> Double {
            zip(counts, shape.variants).reduce(0) { $0 + Double($1.0) / likelyCount(of: $1.1) }
        }
        let open = largest(shape, below: limit).filter(isOpen)
        guard let strongest = open.max(by: { strength($0) < strength($1) }) else { return nil }
        guard shape.variants.count == 2, let passed = state.passed.map(strength).min() else { return strongest }
        let failed = state.failed.map(strength).filter { $0 < passed }.max() ?? passed * 0.8
        let halfway = open.flatMap { counts in
            plan.replicas.lazy.prefix { $0 <= counts[1] }.map { [counts[0], $0] }
        }.filter { strength($0) >= (passed + failed) / 2 && strength($0) < passed && isOpen($0) }
        return halfway.min { rent($0, of: shape) < rent($1, of: shape) } ?? strongest
    }

    /// Fleets whose rent is below `limit` with no replica to add that would keep it there.
    private func largest(_ shape: FleetShape, below limit: Double) -> [[Int]] {
        var found: [[Int]] = []
        func extend(_ counts: [Int]) {
            guard counts.count == shape.variants.count - 1 else {
                for count in plan.replicas where rent(counts + [count], of: shape) < limit { extend(counts + [count]) }
                return
            }
            let last = affordable(shape, beside: counts, below: limit)
            guard last > 0 else { return }
            let fleet = counts + [last]
            let canGrow = counts.indices.contains { place in
                var grown = fleet
                grown[place] += 1
                return grown[place] <= plan.replicas.upperBound && rent(grown, of: shape) < limit
            }
            if !canGrow { found.append(fleet) }
        }
        extend([])
        return found
    }

    /// Replicas of a variant alone that are, or would probably be, enough.
    func likelyCount(of variant: Int) -> Double {
        let own = shapes.indices.filter { shapes[$0].variants == [variant] && shapes[$0].scaler == nil }
        if let passed = own.flatMap({ states[$0].passed.map { $0[0] } }).min() { return Double(passed) }
        let failed = own.flatMap { states[$0].failed.map { $0[0] } }.max() ?? 0
        return max(Double(failed + 1), needs.need[variant] * 1.25)
    }
}

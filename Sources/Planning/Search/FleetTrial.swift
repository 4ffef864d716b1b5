import Pricing
import Primitives
import SimulationCore
import Workloads

/// What a trial of a fleet showed.
struct TrialOutcome: Sendable {
    /// In order of replication; whole runs only.
    var runs: [StrategyRun] = []
    /// Why it fails; `nil` = it has not failed so far.
    var failure: TrialFailure?
    /// Requests that were simulated for it.
    var requests: UInt64 = 0
}

/// Where a fleet failed.
struct TrialFailure: Sendable, Equatable {
    /// Index of the objective that was missed; `nil` where the fleet was overloaded.
    var objective: Int?
    /// What it came to, where the run was seen to its end.
    var reached: SimulatedDuration?
    /// Whether the run was cut short when the objective was lost.
    var wasStopped: Bool
}

/// Tries fleets on the scenario's requests: the busiest part of the run first, then the whole, then other seeds.
///
/// Every stage refuses only what the whole must refuse too: a part is judged by the misses that the whole run may have,
/// and starts with an empty fleet.
struct FleetTrials: Sendable {
    let resolver: StrategyResolver
    let objectives: [ServiceObjective]
    /// By replication.
    let seeds: [UInt64]
    /// By replication; one where the seed changes nothing.
    let demands: [WorkloadDemand]
    let cancellation: CancellationFlag

    private var workload: ResolvedWorkload { resolver.workload }

    private func budget(_ replication: Int) -> ViolationBudget {
        ViolationBudget(
            objectives, classes: workload.classes, offered: demands[min(replication, demands.count - 1)].offered)
    }

    /// The first replication, and before it the busiest twentieth where that saves something.
    func screen(_ candidate: FleetCandidate) throws -> TrialOutcome {
        let strategy = try resolver.resolve(candidate.node)
        var outcome = TrialOutcome()
        if demands[0].requests >= 100_000, candidate.isSteady, let part = demands[0].busiest(share: 0.05) {
            let slice = workload.sliced(from: part.from, to: part.to)
            let monitor = TrialMonitor(budget(0), cancellation)
            let (record, offered) = try replay(strategy, slice, seeds[0], monitor)
            outcome.requests += offered
            if let lost = monitor.lost ?? budget(0).lost(in: record?.classes ?? []) {
                outcome.failure = TrialFailure(objective: lost, wasStopped: true)
                return outcome
            }
        }
        let whole = try run(strategy, replication: 0)
        outcome.requests += whole.requests
        outcome.failure = whole.failure
        outcome.runs = whole.runs
        return outcome
    }

    /// One replication, to its end or until an objective is lost.
    func run(_ candidate: FleetCandidate, replication: Int) throws -> TrialOutcome {
        try run(try resolver.resolve(candidate.node), replication: replication)
    }

    /// One replication to its very end, whatever it misses.
    func runWhole(_ candidate: FleetCandidate, replication: Int) throws -> TrialOutcome {
        try runWhole(try resolver.resolve(candidate.node), replication: replication)
    }

    func runWhole(_ strategy: ResolvedStrategy, replication: Int) throws -> TrialOutcome {
        let patient = ViolationBudget([], classes: workload.classes, offered: [])
        return try run(strategy, replication: replication, TrialMonitor(patient, cancellation))
    }

    private func run(
        _ strategy: ResolvedStrategy, replication: Int, _ given: TrialMonitor? = nil
    ) throws -> TrialOutcome {
        let monitor = given ?? TrialMonitor(budget(replication), cancellation)
        let (record, offered) = try replay(strategy, workload, seeds[replication], monitor)
        var outcome = TrialOutcome(requests: offered)
        guard let record else {
            outcome.failure = TrialFailure(objective: monitor.lost, wasStopped: true)
            return outcome
        }
        let missed = objectives.indices.lazy.map { index in
            (index, ObjectiveCheck(objectives[index], on: record, among: objectives))
        }.first { !$0.1.isMet }
        if let missed {
            outcome.failure = TrialFailure(objective: missed.0, reached: missed.1.reached, wasStopped: false)
        } else if record.verdict == .overloaded {
            outcome.failure = TrialFailure(objective: nil, wasStopped: false)
        }
        let identity = RunIdentity(
            scenario: resolver.scenario.name, strategy: strategy.name, replication: replication,
            seed: seeds[replication], classes: workload.classes, regions: workload.regions, replicaPools: [])
        outcome.runs = [try strategy.settled(record, identity, objectives).run]
        return outcome
    }

    /// The record, or nothing where the monitor stopped it; and how many requests were handed out.
    private func replay(
        _ strategy: ResolvedStrategy, _ workload: ResolvedWorkload, _ seed: UInt64, _ monitor: TrialMonitor
    ) throws -> (RunRecord?, UInt64) {
        let source = CountedSource(try workload.makeSource(seed: seed))
        do {
            let record = try strategy.prepared(for: workload, seed: seed).simulated(
                source, SimulationOptions(seed: seed), observer: monitor)
            return (record, record.offered)
        } catch SimulationError.cancelled {
            guard !cancellation.isCancelled else { throw RunError.cancelled }
            return (nil, source.handedOut)
        }
    }
}

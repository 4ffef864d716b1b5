import PerformanceModel
import Pricing
public import Primitives
public import SimulationCore
import Workloads

/// Why a run came out as it did: the run made again, with everything watched.
public struct RunExplanation: Sendable {
    /// The run as made again.
    public var run: StrategyRun
    /// The strategy's pools.
    public var pools: [PoolSummary]
    /// Whether it is the run that was stored: equal fingerprints.
    public var isSame: Bool
    /// What bounded the steps of each pool; `nil` where its step times are not a transformer's.
    public var bounds: [StepBounds?]
    /// The bill by what it was for; zero parts left out.
    public var money: [Money]
    /// Times below the SLO with what happened in them.
    public var episodes: [ExplainedEpisode]
    /// Every request, in order of its number.
    public var outcomes: [RequestOutcome]
    /// The SLO.
    public var objectives: [ServiceObjective]

    /// What some of the bill was for.
    public struct Money: Sendable, Equatable {
        /// As ``Pricing/CostSplit/Part`` names it.
        public var purpose: String
        /// Exact.
        public var amount: Primitives.Money
        /// Of the whole bill.
        public var share: Double
    }
}

/// A time below the SLO, and what happened in it.
public struct ExplainedEpisode: Sendable, Equatable {
    /// From its first bin below the SLO until the service was back.
    public var episode: ServiceTimeline.Episode
    /// Requests that ended in it, and of those the good ones.
    public var ended: UInt64
    /// Within all bounds.
    public var good: UInt64
    /// What happened, most telling first; never empty.
    public var causes: [String]
}

extension Scenario {
    /// Makes one run again and explains it.
    /// - Parameters:
    ///   - strategy: its name.
    ///   - seed: of the run.
    ///   - fingerprint: of the run as stored.
    /// - Throws: as ``resolved()`` and ``ResolvedScenario/run(_:)``; ``RunError`` where there is no such strategy.
    public func explained(
        strategy name: String, seed: UInt64, fingerprint: UInt64, cancellation: CancellationFlag = CancellationFlag()
    ) throws -> RunExplanation {
        let resolved = try resolved()
        guard let strategy = resolved.strategies.first(where: { $0.name == name }) else {
            throw RunError.simulation(strategy: name, reason: "its scenario has no such strategy any more")
        }
        var watched = try strategy.prepared(for: resolved.workload, seed: seed)
        let recorders = watched.fleet.pools.map { ($0.stepCost as? TransformerStepCost).map(RecordingStepCost.init) }
        for (index, recorder) in recorders.enumerated() {
            if let recorder { watched.fleet.pools[index].stepCost = recorder }
        }
        let observer = OutcomeCollector(cancellation)
        let source = try resolved.workload.makeSource(seed: seed)
        let record: RunRecord
        do {
            record = try watched.simulated(source, SimulationOptions(seed: seed), observer: observer)
        } catch SimulationError.cancelled {
            throw RunError.cancelled
        }
        let identity = RunIdentity(
            scenario: self.name, strategy: name, replication: 0, seed: seed, classes: resolved.workload.classes,
            regions: resolved.workload.regions, replicaPools: [])
        let run = try watched.settled(record, identity, objectives).run
        let outcomes = observer.outcomes.sorted { $0.id < $1.id }
        return RunExplanation(
            run: run, pools: strategy.pools, isSame: record.fingerprint == fingerprint,
            bounds: recorders.indices.map { index in
                recorders[index].map { $0.bounds(pool: index, record, outcomes) }
            },
            money: RunExplanation.money(run), episodes: RunExplanation.episodes(record, objectives),
            outcomes: outcomes, objectives: objectives)
    }
}

/// Keeps every outcome.
private final class OutcomeCollector: RunObserver {
    private(set) var outcomes: [RequestOutcome] = []
    private let cancellation: CancellationFlag

    init(_ cancellation: CancellationFlag) { self.cancellation = cancellation }

    var wantsOutcomes: Bool { true }
    func finished(_ batch: [RequestOutcome]) { outcomes += batch }
    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool { !cancellation.isCancelled }
}

extension RecordingStepCost {
    /// The pool's steps: those with prompt tokens as they were, those that only decode by their mean batch and context,
    /// which what the requests decoded leaves for them exactly.
    func bounds(pool: Int, _ record: RunRecord, _ outcomes: [RequestOutcome]) -> StepBounds {
        var (tokens, context) = (0.0, 0.0)
        var first = 0
        let replicas = record.replicas.indices.filter { record.replicas[$0].pool == pool }
        first = replicas.first ?? 0
        let last = replicas.last ?? -1
        for outcome in outcomes
        where outcome.failure == nil && Int(outcome.replica) >= first && Int(outcome.replica) <= last {
            let steps = Double(outcome.outputTokens - 1)
            tokens += steps
            context += steps * Double(outcome.inputTokens) + steps * Double(outcome.outputTokens) / 2
        }
        let state = recorded
        var bounds = state.bounds
        let steps = replicas.reduce(UInt64(0)) { $0 + record.replicas[$1].steps }
        let busy = replicas.reduce(0.0) { $0 + Double(record.replicas[$1].busy.nanoseconds) }
        bounds.decodeSteps = steps > bounds.promptSteps ? steps - bounds.promptSteps : 0
        let left = (max(0, tokens - Double(state.decodeTokens)), max(0, context - state.decodeContext))
        if bounds.decodeSteps > 0 {
            let count = Double(bounds.decodeSteps)
            bounds.meanDecodeBatch = left.0 / count
            var shape = StepShape()
            shape.decodeSequences = max(1, Int(bounds.meanDecodeBatch.rounded()))
            shape.decodeContext = max(shape.decodeSequences, Int((left.1 / count).rounded()))
            shape.sampledSequences = shape.decodeSequences
            bounds.add(shape, of: inner, times: count)
        }
        bounds.unexplainedShare = busy > 0 ? 1 - bounds.nanoseconds.reduce(0, +) / busy : 0
        return bounds
    }
}

extension RunExplanation {
    fileprivate static func money(_ run: StrategyRun) -> [Money] {
        guard let split = run.metrics.account?.cost else { return [] }
        let total = split.amounts.reduce(Primitives.Money.zero, +)
        return zip(CostSplit.Part.allCases, split.amounts).filter { $0.1 != .zero }.map { part, amount in
            Money(
                purpose: part.rawValue, amount: amount, share: total > .zero ? amount.dollars / total.dollars : 0)
        }.sorted { $0.amount > $1.amount }
    }

    fileprivate static func episodes(
        _ record: RunRecord, _ objectives: [ServiceObjective]
    ) -> [ExplainedEpisode] {
        guard let timeline = ServiceTimeline(record, objectives: objectives) else { return [] }
        return timeline.episodes().map { episode in
            let width = record.timeline.width
            let first = Int(episode.start.nanoseconds / width.nanoseconds)
            let last = min(
                record.timeline.bins.count, max(first + 1, Int(episode.end.nanoseconds / width.nanoseconds)))
            let bins = Array(record.timeline.bins[first..<last])
            return ExplainedEpisode(
                episode: episode, ended: bins.reduce(0) { $0 + $1.completions + $1.failures },
                good: bins.reduce(0) { $0 + $1.good }, causes: causes(bins, episode, record))
        }
    }

    private static func causes(
        _ bins: [TimelineBin], _ episode: ServiceTimeline.Episode, _ record: RunRecord
    ) -> [String] {
        let width = record.timeline.width.seconds
        func mean(_ bins: [TimelineBin], _ part: (TimelineBin) -> Double) -> Double {
            bins.isEmpty ? 0 : bins.reduce(0) { $0 + part($1) } / Double(bins.count)
        }
        var causes: [String] = []
        let incidents = record.incidents.filter { $0.at >= episode.start && $0.at < episode.end }
        let kinds = incidents.map(\.kind).unique
        for kind in kinds {
            let replicas = incidents.filter { $0.kind == kind }.reduce(0) { $0 + $1.replicas }
            causes.append("\(kind.rawValue): \(replicas) replicas")
        }
        let starts = record.starts.filter {
            $0.at < episode.end && $0.at + $0.stages.total > episode.start
        }
        if !starts.isEmpty {
            let longest = starts.map(\.stages.total).max() ?? .zero
            causes.append("cold starts: \(starts.count) replicas on their way, up to \(secondsText(longest)) each")
        }
        let (rate, usual) = (
            (bins.map { Double($0.arrivals) }.max() ?? 0) / width,
            mean(record.timeline.bins) { Double($0.arrivals) } / width
        )
        if usual > 0, rate > usual * 1.25 {
            causes.append(
                "arrivals: up to \(number(rate, digits: 1)) /s, \(number(rate / usual, digits: 1)) times the run's mean"
            )
        }
        let blocks = Double(record.replicas.reduce(0) { $0 + $1.kvBlocks })
        let use = blocks > 0 ? mean(bins) { Double($0.kvBlockTime) } / (width * 1e9) / blocks : 0
        if use > 0.9 { causes.append("KV cache \(number(use * 100, digits: 0)) % full") }
        let waiting = mean(bins) { Double($0.waitingTime) } / (width * 1e9)
        if waiting >= 1 { causes.append("queue: \(number(waiting, digits: 1)) requests waiting on average") }
        if causes.isEmpty {
            let running = mean(bins) { Double($0.runningTime) } / (width * 1e9)
            causes.append(
                "no queue: steps were long by themselves, with \(number(running, digits: 1)) requests running on average"
            )
        }
        return causes
    }
}

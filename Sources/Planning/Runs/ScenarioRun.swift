import Pricing
import Primitives
import SimulationCore
import Workloads

extension ResolvedScenario {
    /// Runs every strategy in every replication and compares them.
    ///
    /// The result does not depend on `options`: runs are independent of one another, replication r of every strategy
    /// has the same seed, and results are put together in a fixed order.
    /// - Throws: ``RunError``, what reading the workload throws (``ScenarioError``, `TraceError`), or what a sink
    ///   throws.
    public func run(_ options: RunOptions = RunOptions()) throws -> ScenarioResult {
        let count = strategies.count * replications
        let board = ProgressBoard(
            runs: count, expectedPerRun: workload.expectedRequests, report: options.progress)
        let runs = try inParallel(count, threads: options.threads) { index in
            try carryOut(index, options, board)
        }
        guard runs.contains(where: { $0.run.record.offered > 0 }) else {
            throw RunError.noRequests(scenario: scenario.name)
        }
        let results = strategies.indices.map { index in
            StrategyResult(
                name: strategies[index].name, router: strategies[index].fleet.router, pools: strategies[index].pools,
                runs: runs[index * replications..<(index + 1) * replications].map(\.run))
        }
        return result(of: results, runs)
    }

    /// Replication `index` of every strategy, in order: the runs that ``run(_:)`` makes of it, alone.
    /// - Throws: as ``run(_:)``.
    public func runs(ofReplication index: Int, _ options: RunOptions = RunOptions()) throws -> [StrategyRun] {
        precondition((0..<replications).contains(index), "no such replication")
        let board = ProgressBoard(runs: strategies.count * replications, expectedPerRun: nil, report: nil)
        let runs = try strategies.indices.map { try carryOut($0 * replications + index, options, board).run }
        guard runs.contains(where: { $0.record.offered > 0 }) else {
            throw RunError.noRequests(scenario: scenario.name)
        }
        return runs
    }

    private struct FinishedRun: Sendable {
        var run: StrategyRun
        var skipped: [SkippedRows]
        /// What the bill rests on beside prices.
        var billing: [String]
        var evidence: RunEvidence?
    }

    /// What the bills rest on, each once; known only when it is known what was used.
    private static func billing(_ sentences: [[String]]) -> [Assumption] {
        var seen: Set<String> = []
        return sentences.joined().filter { seen.insert($0).inserted }.map {
            Assumption(subject: "billing", value: $0, source: "billing rules and tariffs", confidence: .assumed)
        }
    }

    /// Run number `index`: strategies in order, replications within them.
    private func carryOut(_ index: Int, _ options: RunOptions, _ board: ProgressBoard) throws -> FinishedRun {
        guard !options.cancellation.isCancelled else { throw RunError.cancelled }
        let replication = index % replications
        let seed = seed(ofReplication: replication)
        var strategy = try strategies[index / replications].prepared(for: workload, seed: seed)
        if scenario.evidence.modelError?.value == true { strategy = strategy.drawingModelError(seed: seed) }
        let source = CountedSource(try workload.makeSource(seed: seed))
        let identity = RunIdentity(
            scenario: scenario.name, strategy: strategy.name, replication: replication, seed: seed,
            classes: source.classes, regions: source.regions,
            replicaPools: strategy.fleet.pools.flatMap { Array(repeating: $0.name, count: $0.replicas) })
        let given = try options.outcomes?(identity)
        let recorder =
            scenario.evidence.needsOutcomes
            ? EvidenceRecorder(scenario.evidence, bounds: strategy.fleet.bounds, next: given) : nil
        let sink: (any OutcomeSink)? = recorder ?? given
        let monitor = RunMonitor(
            run: index, source: source, board: board, cancellation: options.cancellation, sink: sink)
        var record: RunRecord
        do {
            let settings = SimulationOptions(seed: seed, stepping: options.stepping)
            record = try strategy.simulated(source, settings, observer: monitor)
        } catch SimulationError.cancelled {
            throw monitor.failure ?? RunError.cancelled
        }
        if let failure = monitor.failure { throw failure }
        try sink?.finish()
        board.update(run: index, requests: record.offered, hasEnded: true)
        let evidence = recorder?.settle(&record)
        let settled = try strategy.settled(record, identity, scenario.objectives)
        return FinishedRun(
            run: settled.run, skipped: source.skipped, billing: settled.billing, evidence: evidence)
    }

    private func result(of results: [StrategyResult], _ runs: [FinishedRun]) -> ScenarioResult {
        let evidence = scenario.evidence.report(runs.map(\.evidence), of: results, replications: replications)
        var result = result(of: results, skipped: runs.first?.skipped ?? [])
        for index in result.comparison.indices {
            result.comparison[index].take(evidence.estimates[index])
            if scenario.evidence.modelError?.value == true { result.comparison[index].coverModelError() }
        }
        result.assumptions += evidence.assumptions + Self.billing(runs.map(\.billing))
        result.warnings += results.flatMap { $0.undecided(scenario.objectives) } + evidence.warnings
        return result
    }

    /// Results put together: compared, recommended, warned of.
    func result(of results: [StrategyResult], skipped: [SkippedRows]) -> ScenarioResult {
        ScenarioResult(
            name: scenario.name, text: scenario.text, workload: Self.describe(results, workload), model: model,
            precision: precision, objectives: scenario.objectives, strategies: results,
            comparison: StrategyComparison.compare(results, baseline: baseline, objectives: scenario.objectives),
            assumptions: assumptions, warnings: warnings + Self.warnings(of: results, skipped: skipped),
            version: isocostVersion, priceReaders: priceReaders)
    }

    /// `19,366 requests over 58.4 min from …`, from the first run.
    private static func describe(_ results: [StrategyResult], _ workload: ResolvedWorkload) -> String {
        guard let record = results.first?.runs.first?.record else { return workload.summary }
        let minutes = (record.lastArrival - record.firstArrival).seconds / 60
        let span = minutes >= 120 ? "\(number(minutes / 60, digits: 1)) h" : "\(number(minutes, digits: 1)) min"
        return "\(grouped(record.offered)) requests over \(span) from \(workload.summary)"
    }

    private static func warnings(of results: [StrategyResult], skipped: [SkippedRows]) -> [String] {
        var warnings = skipped.filter { $0.count > 0 }.map {
            "\(grouped(UInt64($0.count))) rows of the workload were left out: \($0.reason)."
        }
        if results.flatMap(\.runs).contains(where: { $0.metrics.requestsOffered == 0 }) {
            warnings.append("In some replication the workload has no request: its window or limits leave nothing.")
        }
        for result in results {
            let metrics = result.runs.map(\.metrics)
            if let run = metrics.first(where: { $0.verdict == .overloaded }) {
                warnings.append(
                    "`\(result.name)` is overloaded: its latencies depend on how long the load lasts. "
                        + run.verdictReason
                )
            }
            if let run = metrics.first(where: { $0.requestsFailed > 0 }) {
                warnings.append(
                    "`\(result.name)` could not serve \(grouped(run.requestsFailed)) of "
                        + "\(grouped(run.requestsOffered)) requests; they count as missing the SLO.")
            }
        }
        return warnings
    }
}

extension ResolvedStrategy {
    /// Replays `source` once.
    /// - Throws: `SimulationError.cancelled` where the observer stops it; ``RunError``; what the source throws.
    func simulated(
        _ source: any RequestSource, _ options: SimulationOptions, observer: (any RunObserver)?
    ) throws -> RunRecord {
        do {
            return try Simulation(fleet: fleet, source: source, options: options, observer: observer).run()
        } catch SimulationError.unsortedArrival(let request) {
            throw RunError.simulation(
                strategy: name, reason: "request \(request) arrives before the one in front of it")
        } catch SimulationError.emptyFleet {
            throw RunError.simulation(strategy: name, reason: "it has no replica")
        }
    }

    /// A record with its bill and its figures.
    func settled(
        _ record: RunRecord, _ identity: RunIdentity, _ objectives: [ServiceObjective]
    ) throws -> (run: StrategyRun, billing: [String]) {
        var record = record
        record.ledger = record.ledger.packed(packings)
        try checkBill(of: record)
        let terms = terms(seed: identity.seed, until: record.ledger.end)
        let bill = record.ledger.bill(pools: terms, plan: billing)
        let account = RunAccount(record, bill: bill, pools: terms, objectives: objectives)
        let metrics = RunMetrics(identity, record: record, invoice: bill.invoice, account: account)
        return (StrategyRun(metrics: metrics, record: record, invoice: bill.invoice), bill.assumptions)
    }

    /// Refuses a bill beyond what exact money holds (9.2 billion dollars), with room for minimums and fees.
    private func checkBill(of record: RunRecord) throws {
        let dollars = record.ledger.rentals.reduce(0.0) {
            $0 + ($1.duration.seconds / 3_600 + 1) * terms[$1.pool].contractedPerHour.dollars
        }
        guard dollars < 4e9 else {
            throw RunError.simulation(
                strategy: name, reason: "its bill of \(number(dollars, digits: 0)) $ is more than can be kept exactly")
        }
    }
}

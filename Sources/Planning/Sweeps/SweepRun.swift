/// What came of a job.
public struct SweepOutcome: Sendable, Equatable, Codable {
    /// Number of the job.
    public var job: Int
    /// One per strategy, in the scenario's order; empty where the point cannot be carried out.
    public var runs: [RunMetrics]
    /// Why it cannot, as a sentence.
    public var failure: String?

    /// An outcome from its parts.
    public init(job: Int, runs: [RunMetrics], failure: String? = nil) {
        self.job = job
        self.runs = runs
        self.failure = failure
    }
}

extension Sweep {
    /// Carries out one job. That a point cannot be served (a model that does not fit, an offer that is not there) is an
    /// outcome; a file that is missing, or an interruption, is not.
    public func carryOut(_ job: SweepJob, cancellation: CancellationFlag = CancellationFlag()) throws -> SweepOutcome {
        do {
            let options = RunOptions(cancellation: cancellation)
            let runs = try resolved(job.point).runs(ofReplication: job.replication, options).map(\.metrics)
            let prices = prices(at: job.point)
            return SweepOutcome(job: job.number, runs: prices == 1 ? runs : runs.map { $0.priced(at: prices) })
        } catch let error as ScenarioError where error.kind != .missingFile && error.kind != .workload {
            return SweepOutcome(job: job.number, runs: [], failure: error.message)
        } catch let error as RunError where error != .cancelled {
            return SweepOutcome(job: job.number, runs: [], failure: error.description)
        }
    }

    /// Carries out `jobs` on up to `threads` threads.
    /// - Parameter finished: called with each outcome as soon as it is there, on any thread; what it throws ends the sweep.
    /// - Throws: ``RunError/cancelled`` after an interruption; what `finished` or reading a file throws.
    public func carryOut(
        _ jobs: [SweepJob], threads: Int, cancellation: CancellationFlag = CancellationFlag(),
        finished: @escaping @Sendable (SweepOutcome) throws -> Void
    ) throws {
        _ = try inParallel(jobs.count, threads: max(1, threads)) { index in
            guard !cancellation.isCancelled else { throw RunError.cancelled }
            try finished(try carryOut(jobs[index], cancellation: cancellation))
        }
    }

    /// The jobs of one of `count` shards: every `count`-th, so that neighbours, which cost alike, are spread.
    /// - Precondition: 0 ≤ `index` < `count`.
    public func jobs(ofShard index: Int, of count: Int) -> [SweepJob] {
        precondition((0..<count).contains(index), "no such shard")
        return jobs.filter { $0.number % count == index }
    }
}

public import SimulationCore

/// A strategy at a point: what a decision is taken between.
public struct SweepCandidate: Sendable, Equatable {
    /// Index of the point.
    public let point: Int
    /// The strategy's name.
    public let strategy: String
    /// Those finished, by replication.
    public let runs: [RunMetrics]
    /// Dollars in the table's unit.
    public let cost: Estimate?
    /// Milliseconds.
    public let latency: Estimate?
    /// Requests answered in full ÷ offered.
    public let availability: Estimate?
    /// Whether every run meets the SLO.
    public let meetsSLO: Bool
    /// The worst of the runs.
    public let verdict: LoadVerdict
    /// Nobody is at least as cheap, as fast and as available, and better in one.
    public internal(set) var isOnFront = false
}

/// The results of a sweep side by side. A function of the sweep and its outcomes: it does not depend on who found them,
/// or when.
public struct SweepTable: Sendable {
    /// What was swept.
    public let sweep: Sweep
    /// In order of jobs.
    public let outcomes: [SweepOutcome]
    /// In order of points, strategies within them; without points that could not be carried out.
    public let candidates: [SweepCandidate]
    /// What the front calls cost, and latency.
    public let costFigure: ComparedFigure
    /// As in `summary.csv`.
    public let latencyFigure: ComparedFigure

    /// - Parameter outcomes: at most one of each job.
    public init(_ sweep: Sweep, outcomes: [SweepOutcome]) {
        self.sweep = sweep
        self.outcomes = outcomes.sorted { $0.job < $1.job }
        let runs = outcomes.flatMap(\.runs)
        costFigure = Self.figure(runs.allSatisfy { $0.costPerMillionTokens != nil } ? Self.perTokens : Self.perHour)
        latencyFigure = Self.latency(sweep.scenario.objectives.first)
        candidates = Self.candidates(sweep, self.outcomes, costFigure, latencyFigure)
    }

    /// Points that could not be carried out, with the reason.
    public var failures: [(point: Int, reason: String)] {
        var reasons: [(point: Int, reason: String)] = []
        for outcome in outcomes {
            guard let reason = outcome.failure else { continue }
            let point = sweep.jobs[outcome.job].point
            if reasons.last?.point != point { reasons.append((point, reason)) }
        }
        return reasons
    }

    /// The cheapest candidate that meets the SLO and keeps up; of equals the first.
    public var cheapest: SweepCandidate? {
        candidates.filter { $0.meetsSLO && $0.verdict != .overloaded && $0.cost != nil }
            .min { ($0.cost?.mean ?? .infinity) < ($1.cost?.mean ?? .infinity) }
    }

    /// What tells a candidate's point from the others: `replicas=4, rate=2`, without what does not vary; `as it is` for
    /// the scenario itself.
    public func label(ofPoint point: Int) -> String {
        let parts = zip(sweep.axes, sweep.points[point].values).compactMap { axis, value in
            value.map { "\(axis.shortName)=\($0)" }
        }
        return parts.isEmpty ? "as it is" : parts.joined(separator: ", ")
    }
}

extension SweepAxis {
    /// The last key of the path, without brackets around it.
    public var shortName: String {
        let last = path.split { $0 == "." || $0 == "[" || $0 == "]" }.last { Int($0) == nil }
        return last.map(String.init) ?? path
    }
}

extension SweepTable {
    private static let perTokens = "cost_per_million_tokens_usd"
    private static let perHour = "cost_per_hour_usd"

    static func figure(_ name: String) -> ComparedFigure {
        ComparedFigure.common.first { $0.name == name } ?? ComparedFigure.common[0]
    }

    /// The percentile that the SLO speaks of first, as far as runs keep it; the 99th of TTFT without an SLO.
    private static func latency(_ objective: ServiceObjective?) -> ComparedFigure {
        let quantity = objective?.quantity ?? .ttft
        let quantile = objective?.quantile ?? 0.99
        let (name, read): (String, @Sendable (LatencyStatistics) -> Double?) =
            switch quantile {
            case ..<0.7: ("p50", { $0.p50 })
            case ..<0.925: ("p90", { $0.p90 })
            case ..<0.97: ("p95", { $0.p95 })
            default: ("p99", { $0.p99 })
            }
        let percentile = "\(name.dropFirst())th percentile of \(quantity.rawValue.uppercased()) at the client."
        return ComparedFigure("\(quantity.rawValue)_\(name)_ms", percentile) { run in
            switch quantity {
            case .ttft: read(run.ttft)
            case .tpot: read(run.tpot)
            case .e2e: read(run.e2e)
            }
        }
    }

    private static func candidates(
        _ sweep: Sweep, _ outcomes: [SweepOutcome], _ cost: ComparedFigure, _ latency: ComparedFigure
    ) -> [SweepCandidate] {
        var order: [[String]] = Array(repeating: [], count: sweep.points.count)
        var runs: [[String: [RunMetrics]]] = Array(repeating: [:], count: sweep.points.count)
        for outcome in outcomes {
            let point = sweep.jobs[outcome.job].point
            for run in outcome.runs {
                if runs[point][run.strategy] == nil { order[point].append(run.strategy) }
                runs[point][run.strategy, default: []].append(run)
            }
        }
        var candidates = order.indices.flatMap { point in
            order[point].map { name in
                SweepCandidate(point: point, strategy: name, runs: runs[point][name] ?? [], cost, latency)
            }
        }
        markFront(&candidates)
        return candidates
    }

    /// Sorted by cost, only cheaper ones can dominate. Complexity: candidates × size of the front.
    private static func markFront(_ candidates: inout [SweepCandidate]) {
        let order = candidates.indices.filter { candidates[$0].coordinates != nil }.sorted {
            let (a, b) = (candidates[$0].coordinates ?? [], candidates[$1].coordinates ?? [])
            return a == b ? $0 < $1 : a.lexicographicallyPrecedes(b)
        }
        var front: [[Double]] = []
        for index in order {
            guard let own = candidates[index].coordinates else { continue }
            let isDominated = front.contains { other in other != own && zip(other, own).allSatisfy { $0 <= $1 } }
            guard !isDominated else { continue }
            candidates[index].isOnFront = true
            if !front.contains(own) { front.append(own) }
        }
    }
}

extension SweepCandidate {
    fileprivate init(
        point: Int, strategy: String, runs: [RunMetrics], _ cost: ComparedFigure, _ latency: ComparedFigure
    ) {
        self.point = point
        self.strategy = strategy
        self.runs = runs
        self.cost = Estimate(ofAll: runs.map(cost.value))
        self.latency = Estimate(ofAll: runs.map(latency.value))
        availability = Estimate(ofAll: runs.map(\.availability))
        meetsSLO = runs.allSatisfy { $0.account?.meetsSLO ?? true }
        verdict =
            runs.contains { $0.verdict == .overloaded }
            ? .overloaded : runs.contains { $0.verdict == .backlogged } ? .backlogged : .stable
    }

    /// Cost, latency and unavailability, the less the better; `nil` where it has no place: what is overloaded depends on
    /// how long the load lasts.
    fileprivate var coordinates: [Double]? {
        guard verdict != .overloaded, let cost, let latency, let availability else { return nil }
        return [cost.mean, latency.mean, 1 - availability.mean]
    }

    /// The figure over the candidate's runs.
    public func estimate(_ figure: ComparedFigure) -> Estimate? { Estimate(ofAll: runs.map(figure.value)) }
}

extension SweepTable {
    /// The difference of two candidates' costs: paired, where they have the same seeds, else Welch's.
    public func costDifference(of candidate: SweepCandidate, to other: SweepCandidate) -> Estimate? {
        let mine = candidate.runs.compactMap(costFigure.value)
        let theirs = other.runs.compactMap(costFigure.value)
        guard mine.count == candidate.runs.count, theirs.count == other.runs.count else { return nil }
        guard candidate.runs.map(\.seed) == other.runs.map(\.seed) else { return Estimate(of: mine, minus: theirs) }
        return Estimate(of: zip(mine, theirs).map { $0 - $1 })
    }
}

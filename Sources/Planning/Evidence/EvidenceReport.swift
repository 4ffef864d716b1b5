import Primitives

/// What a result says of the evidence behind it.
struct EvidenceReport {
    /// By strategy: intervals in place of those that one run cannot give.
    var estimates: [[String: Estimate]]
    var assumptions: [Assumption] = []
    var warnings: [String] = []
}

extension EvidenceSettings {
    /// - Parameters:
    ///   - evidence: of every run, strategies in order, replications within them.
    ///   - results: the strategies.
    func report(_ evidence: [RunEvidence?], of results: [StrategyResult], replications: Int) -> EvidenceReport {
        var report = EvidenceReport(estimates: Array(repeating: [:], count: results.count))
        for (index, result) in results.enumerated() {
            let own = evidence[(index * replications)..<((index + 1) * replications)].compactMap { $0 }
            guard let first = own.first else { continue }
            if let warmUp { report.note(warmUp.value, own, result) }
            if let batches = batches?.value { report.note(batches: batches, first, result, at: index) }
        }
        return report
    }
}

extension EvidenceReport {
    fileprivate mutating func note(_ warmUp: WarmUp, _ evidence: [RunEvidence], _ result: StrategyResult) {
        let source: String
        switch warmUp {
        case .fixed(let duration): source = "`warmup`: the first \(durationText(duration))"
        case .mser5: source = "MSER-5 over E2E in order of arrival (White, 1997)"
        }
        let (least, most) = (evidence.map(\.leftOut).min() ?? 0, evidence.map(\.leftOut).max() ?? 0)
        let latest = evidence.map(\.steadyFrom).max() ?? .start
        let range = least == most ? grouped(UInt64(most)) : "\(grouped(UInt64(least))) to \(grouped(UInt64(most)))"
        assumptions.append(
            Assumption(
                subject: "warm-up of \(result.name)",
                value: "\(range) requests left out of latencies, up to \(secondsText(latest - .start)); "
                    + "counts, goodput, attainment and money are of the whole run",
                source: source, confidence: .derived))
        let unsettled = evidence.count { !$0.hasSettled }
        guard unsettled > 0 else { return }
        warnings.append(
            "Not enough evidence that `\(result.name)` reaches a steady state: in \(unsettled) of \(evidence.count) "
                + "runs the warm-up would take more than "
                + (warmUp == .mser5 ? "half of the requests" : "the whole run") + "; nothing was left out of those.")
    }

    fileprivate mutating func note(batches: Int, _ evidence: RunEvidence, _ result: StrategyResult, at index: Int) {
        estimates[index] = evidence.estimates
        assumptions.append(
            Assumption(
                subject: "intervals of \(result.name)",
                value:
                    "from \(batches) batches of \(grouped(UInt64((evidence.requests - evidence.leftOut) / batches))) "
                    + "requests of one run",
                source: "batch means, and sectioning for percentiles; Student's t", confidence: .derived))
        let missing = evidence.estimates.filter { $0.value.half == nil }.keys.sorted()
        guard !missing.isEmpty else { return }
        warnings.append(
            "Not enough evidence for intervals of \(missing.joined(separator: ", ")) of `\(result.name)`: the batches are "
                + "too short, or still depend on one another; a longer run or fewer batches may tell.")
    }
}

extension StrategyComparison {
    /// The intervals of `estimates` around the values that are there.
    mutating func take(_ estimates: [String: Estimate]) {
        for index in metrics.indices {
            guard let half = estimates[metrics[index].name]?.half else { continue }
            metrics[index].value?.half = half
        }
    }
}

extension Scenario {
    /// Whether one long run is to give the intervals, so that replications are not asked for.
    public var dividesOneRun: Bool { evidence.batches != nil }
}

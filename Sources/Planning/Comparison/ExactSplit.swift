import Pricing
import Primitives

/// A whole and its parts, compared over replications: the printed means of the parts add up to the printed mean of the
/// whole, to the last of its nine decimals.
struct ExactSplit: Sendable {
    /// As in `comparison.csv`, the whole first.
    let names: [String]
    let definitions: [String]
    /// Units of 10⁻⁹ in a unit of the name.
    let scale: Double
    /// A run's parts in 10⁻⁹ of a base unit, in the order of the names after the first; `nil` where the run has none.
    let parts: @Sendable (RunMetrics) -> [Int64]?

    /// Dollars of the whole run by what they were for.
    static let cost = ExactSplit(
        names: ["cost_usd"]
            + CostSplit.Part.allCases.map { "cost_\($0.rawValue.replacing(" ", with: "_"))_usd" },
        definitions: ["All billed dollars of a run; the next twelve columns add up to it exactly."]
            + CostSplit.Part.allCases.map { "Dollars of a run for: \($0.rawValue)." }, scale: 1e9
    ) { run in run.account?.cost.map { $0.amounts.map(\.nanodollars) } }

    /// Milliseconds of the mean request by where they went.
    static let latency = ExactSplit(
        names: ["latency_ms"]
            + ["network", "cold_start", "retry", "queue", "prefill", "decode"].map { "latency_\($0)_ms" },
        definitions: ["Mean E2E of completed requests; the next six columns add up to it exactly."]
            + [
                "client to replica and back", "held because no replica served", "attempts that came to nothing",
                "at the replica until scheduled", "from scheduling to the first token",
                "from the first to the last token",
            ].map { "Milliseconds of the mean request: \($0)." }, scale: 1e6
    ) { run in run.account?.latency.map { $0.parts.map(\.time.nanoseconds) } }

    /// The compared values of `runs`, and of the difference to `reference` where there is one.
    func metrics(_ runs: [RunMetrics], against reference: Reference?) -> [StrategyComparison.Metric] {
        let known = runs.compactMap(parts)
        let base = reference?.runs.compactMap(parts) ?? []
        let means = known.count == runs.count ? exactMeans(known) : nil
        return names.indices.map { index in
            func value(_ parts: [Int64]) -> Double {
                Double(index == 0 ? parts.reduce(0, +) : parts[index - 1]) / scale
            }
            var estimate = known.count == runs.count ? Estimate(of: known.map(value)) : nil
            if let means { estimate?.mean = Double(means[index]) / scale }
            let difference = reference.flatMap { reference in
                known.count == runs.count && base.count == reference.runs.count
                    ? reference.difference(known.map(value), base.map(value)) : nil
            }
            return .init(name: names[index], value: estimate, difference: difference)
        }
    }

    /// Whole and parts, each the mean over runs in whole units, the parts adding up to the whole.
    private func exactMeans(_ runs: [[Int64]]) -> [Int64]? {
        guard let first = runs.first else { return nil }
        let sums = first.indices.map { part in runs.reduce(Int128(0)) { $0 + Int128($1[part]) } }
        let (shares, total) = LargestRemainder.round(sums, step: Int128(runs.count))
        return [total] + shares
    }
}

/// The runs of the baseline, and whether others can be paired with them.
struct Reference: Sendable {
    var runs: [RunMetrics]
    /// Run r of each met the same requests under the same seed.
    var isPaired: Bool

    /// The difference of values in the order of the runs: paired, else between two independent samples.
    func difference(_ values: [Double?], _ base: [Double?]) -> Estimate? {
        guard isPaired else {
            let (mine, theirs) = (values.compactMap { $0 }, base.compactMap { $0 })
            // A run without the figure is no reason to compare the others as if it had not been.
            guard mine.count == values.count, theirs.count == base.count else { return nil }
            return Estimate(of: mine, minus: theirs)
        }
        let pairs = zip(values, base).map { mine, theirs in mine.flatMap { mine in theirs.map { mine - $0 } } }
        return Estimate(ofAll: pairs)
    }
}

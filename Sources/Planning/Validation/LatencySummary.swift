/// Mean and percentiles of one latency over the requests of a run, in the unit of the values.
public struct LatencySummary: Hashable, Sendable {
    /// Arithmetic mean.
    public let mean: Double
    let sorted: [Double]

    /// `nil` without values.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        mean = values.reduce(0, +) / Double(values.count)
        sorted = values.sorted()
    }

    /// The `percent`-th percentile by linear interpolation between order statistics: the value at position
    /// `percent/100 · (n − 1)` of the sorted values counted from 0. This is the rule of every set compared here.
    public func percentile(_ percent: Double) -> Double {
        let position = min(max(percent, 0), 100) / 100 * Double(sorted.count - 1)
        let lower = Int(position)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (position - Double(lower)) * (sorted[upper] - sorted[lower])
    }
}

/// Times of one served request, in seconds since the run's start.
struct ServedRequest: Hashable, Sendable {
    /// Where the set starts its clock for this request.
    var start: Double
    var firstToken: Double
    var lastToken: Double
    var outputTokens: Int

    /// Milliseconds to the first token.
    var ttft: Double { (firstToken - start) * 1_000 }
    /// Milliseconds to the last token.
    var e2e: Double { (lastToken - start) * 1_000 }
    /// Milliseconds per token after the first; `nil` with one token.
    var tpot: Double? {
        outputTokens > 1 ? (lastToken - firstToken) * 1_000 / Double(outputTokens - 1) : nil
    }
}

/// The statistics of one run.
struct ServedRun: Sendable {
    var requests: [ServedRequest]

    /// The statistics called `mean ttft`, `p99 e2e`, …, and `tokens/s`: output tokens over the time from the first
    /// start to the last token.
    func statistic(_ name: String) -> Double? {
        if name == "tokens/s" { return throughput }
        let words = name.split(separator: " ")
        guard words.count == 2, let summary = summary(of: words[1]) else { return nil }
        return words[0] == "mean" ? summary.mean : Double(words[0].dropFirst()).map(summary.percentile)
    }

    private func summary(of latency: Substring) -> LatencySummary? {
        switch latency {
        case "ttft": LatencySummary(requests.map(\.ttft))
        case "tpot": LatencySummary(requests.compactMap(\.tpot))
        case "e2e": LatencySummary(requests.map(\.e2e))
        default: nil
        }
    }

    private var throughput: Double? {
        guard let first = requests.map(\.start).min(), let last = requests.map(\.lastToken).max(), last > first
        else { return nil }
        return Double(requests.reduce(0) { $0 + $1.outputTokens }) / (last - first)
    }
}

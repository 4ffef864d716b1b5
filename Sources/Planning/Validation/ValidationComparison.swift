/// One statistic, simulated and measured.
public struct ValidationComparison: Hashable, Sendable {
    /// The configuration: device, model, split, load.
    public var configuration: String
    /// E.g. `p99 ttft`.
    public var statistic: String
    /// In milliseconds, or tokens per second.
    public var simulated: Double
    /// In the same unit.
    public var measured: Double

    /// (simulated − measured) ÷ measured.
    public var error: Double { (simulated - measured) / measured }
}

/// How a group of comparisons is condensed into one number.
public enum ValidationSummaryRule: String, Hashable, Sendable {
    /// Mean, median or maximum of the absolute errors.
    case mean, median, worst
}

/// One line of a set's summary: an error of this simulator beside the best published one and the bar.
public struct ValidationSummary: Hashable, Sendable {
    /// Target it belongs to, e.g. `T3`.
    public var target: String
    /// What is condensed, e.g. `E2E mean, median of 34`.
    public var statistic: String
    /// As a fraction; `nil` where nothing could be compared.
    public var error: Double?
    /// Best error published by others, as a fraction; `nil` where none is.
    public var published: Double?
    /// The error aimed at.
    public var bar: Double?
}

/// A set compared.
public struct ValidationReport: Hashable, Sendable {
    /// Which set.
    public var set: ValidationSet
    /// In the order of the set's files.
    public var comparisons: [ValidationComparison]
    /// The set condensed.
    public var summaries: [ValidationSummary]
    /// Configurations left out, with the reason.
    public var omissions: [String]
}

extension [ValidationComparison] {
    /// The absolute errors of the statistic called `name`, condensed; `nil` without any.
    func error(_ name: String, _ rule: ValidationSummaryRule) -> Double? {
        let errors = filter { $0.statistic == name }.map { abs($0.error) }
        guard let summary = LatencySummary(errors) else { return nil }
        switch rule {
        case .mean: return summary.mean
        case .median: return summary.percentile(50)
        case .worst: return summary.percentile(100)
        }
    }
}

import Planning
import SimulationCore

/// Columns of the strategy table that only some fleets have something to say in.
enum ServiceColumn: String, CaseIterable {
    case availability = "Availability"
    case interruptions = "Interruptions"
    case retries = "Retries"

    /// Whether the strategy has other than nothing to report.
    func tells(_ strategy: StrategyFigures) -> Bool {
        switch self {
        case .availability: strategy.availability.map { $0 < 1 } ?? false
        case .interruptions: strategy.interruptions > 0
        case .retries: strategy.retries > 0
        }
    }

    func text(_ strategy: StrategyFigures) -> String {
        switch self {
        case .availability: strategy.availability.map { Wording.percent($0, places: 2) } ?? "–"
        case .interruptions: Self.count(strategy.interruptions)
        case .retries: Self.count(strategy.retries)
        }
    }

    /// A time to recover; none at all is `0 s`.
    static func seconds(_ seconds: Double) -> String {
        seconds == 0 ? "0 s" : Wording.latency(milliseconds: seconds * 1_000)
    }

    /// A mean of counts: whole, or with a tenth where it is small and not whole.
    static func count(_ mean: Double) -> String {
        Decimal.fixed(mean, places: mean < 100 && mean != mean.rounded() ? 1 : 0, grouped: true)
    }
}

extension StrategyFigures {
    /// Completed ÷ offered, mean over the replications.
    var availability: Double? {
        mean { $0.requestsOffered > 0 ? Double($0.requestsCompleted) / Double($0.requestsOffered) : nil }
    }

    /// Machines taken away, mean over the replications.
    var interruptions: Double { meanCount { max($0.metrics.interruptions, $0.record.interruptions) } }

    /// Attempts after the first, mean over the replications.
    var retries: Double { meanCount { max($0.metrics.account?.retries ?? 0, $0.record.retries) } }

    private func meanCount(_ value: (StrategyRun) -> UInt64) -> Double {
        runs.isEmpty ? 0 : runs.reduce(0.0) { $0 + Double(value($1)) } / Double(runs.count)
    }
}

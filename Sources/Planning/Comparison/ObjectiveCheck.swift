public import Primitives
public import SimulationCore

/// Whether runs meet an SLO.
///
/// An objective is judged over *offered* requests: a failed request counts as slower than any bound, so that a fleet
/// that refuses its hardest requests gains nothing. The percentile is the nearest rank ⌈q · n⌉, within the
/// histogram's ±0.1 %.
public struct ObjectiveCheck: Sendable, Equatable {
    /// What was judged.
    public let objective: ServiceObjective
    /// The percentile reached; `nil` where no completed request has one, or the rank falls on a failed request.
    public let reached: SimulatedDuration?

    /// Whether the percentile is at most the bound. True where no request was offered that it applies to.
    public let isMet: Bool

    /// Judges `objective` on `record`.
    /// - Parameter own: all objectives of the scenario, to know which classes have bounds of their own.
    public init(_ objective: ServiceObjective, on record: RunRecord, among own: [ServiceObjective]) {
        self.objective = objective
        let (histogram, failed) = Self.population(of: objective, in: record, among: own)
        let offered = histogram.count + failed
        let rank = max(1, UInt64((objective.quantile * Double(offered)).rounded(.up)))
        if offered == 0 {
            reached = nil
            isMet = true
        } else if rank > histogram.count {
            reached = nil
            isMet = false
        } else {
            // Half a rank below, so that rounding up again gives this rank whatever the division did.
            let value = histogram.quantile((Double(rank) - 0.5) / Double(histogram.count)) ?? 0
            reached = SimulatedDuration(nanoseconds: value)
            isMet = value <= objective.bound.nanoseconds
        }
    }

    /// The latencies an objective speaks of, and how many of its requests failed.
    private static func population(
        of objective: ServiceObjective, in record: RunRecord, among all: [ServiceObjective]
    ) -> (LatencyHistogram, failed: UInt64) {
        let withOwnBounds = Set(all.filter { $0.quantity == objective.quantity }.compactMap(\.requestClass))
        if objective.requestClass == nil, withOwnBounds.isEmpty {
            let latency = record.latency
            switch objective.quantity {
            case .ttft: return (latency.ttft, record.failed)
            case .tpot: return (latency.tpot, record.failed)
            case .e2e: return (latency.e2e, record.failed)
            }
        }
        var merged = LatencyHistogram()
        var failed: UInt64 = 0
        for entry in record.classes {
            let applies = objective.requestClass.map { $0 == entry.name } ?? !withOwnBounds.contains(entry.name)
            guard applies else { continue }
            failed += entry.failed
            switch objective.quantity {
            case .ttft: merged.merge(entry.ttft)
            case .tpot: merged.merge(entry.tpot)
            case .e2e: merged.merge(entry.e2e)
            }
        }
        return (merged, failed)
    }
}

extension ScenarioResult {
    /// Every objective judged on one run, in the objectives' order.
    public func checks(of run: StrategyRun) -> [ObjectiveCheck] {
        objectives.map { ObjectiveCheck($0, on: run.record, among: objectives) }
    }
}

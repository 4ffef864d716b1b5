import Primitives
import SimulationCore

/// How many requests may miss each objective before it cannot be met any more, whatever the rest of the run brings.
///
/// The percentile ⌈q·n⌉ of n offered requests is within its bound exactly where at most n − ⌈q·n⌉ are beyond it. Those
/// in the histogram bucket that holds the bound are given the benefit of the doubt.
struct ViolationBudget: Sendable {
    private struct Limit: Sendable {
        var objective: Int
        var quantity: ServiceObjective.Quantity
        var quantile: Double
        var bound: Int64
        /// Classes it speaks of.
        var classes: [Int]
        var allowed: UInt64
    }
    private let limits: [Limit]

    /// - Parameters:
    ///   - classes: names behind `offered`.
    ///   - offered: requests of the whole run by class.
    init(_ objectives: [ServiceObjective], classes: [String], offered: [UInt64]) {
        limits = objectives.enumerated().compactMap { index, objective in
            let own = Set(objectives.filter { $0.quantity == objective.quantity }.compactMap(\.requestClass))
            let names = classes.isEmpty ? ["default"] : classes
            let concerned = names.indices.filter { place in
                objective.requestClass.map { $0 == names[place] } ?? !own.contains(names[place])
            }
            let count = concerned.reduce(UInt64(0)) { $0 + ($1 < offered.count ? offered[$1] : 0) }
            guard count > 0 else { return nil }
            let rank = max(1, UInt64((objective.quantile * Double(count)).rounded(.up)))
            return Limit(
                objective: index, quantity: objective.quantity, quantile: objective.quantile,
                bound: objective.bound.nanoseconds,
                classes: concerned, allowed: count - min(rank, count))
        }
    }

    /// The first objective that is lost already, by its index; `nil` while all can still be met.
    func lost(in classes: [ClassRecord]) -> Int? {
        limits.first { Self.count(of: $0, in: classes).late > $0.allowed }?.objective
    }

    /// Whether a finished run has so few late requests that every objective is met for sure, by MLPerf's rule.
    func proves(_ classes: [ClassRecord]) -> Bool {
        limits.allSatisfy { limit in
            let (all, late) = Self.count(of: limit, in: classes)
            return EarlyStopping(onTimeShare: limit.quantile).passes(queries: all, late: late)
        }
    }

    /// Requests that ended so far, and of those the ones beyond the bound; failed ones are.
    private static func count(of limit: Limit, in classes: [ClassRecord]) -> (all: UInt64, late: UInt64) {
        var (all, late) = (UInt64(0), UInt64(0))
        for index in limit.classes where index < classes.count {
            let record = classes[index]
            let histogram =
                switch limit.quantity {
                case .ttft: record.ttft
                case .tpot: record.tpot
                case .e2e: record.e2e
                }
            all += histogram.count + record.failed
            late += record.failed + histogram.count - histogram.count(atMost: limit.bound)
        }
        return (all, late)
    }
}

/// Watches a trial run and stops it once an objective is lost.
final class TrialMonitor: RunObserver {
    private let budget: ViolationBudget
    private let cancellation: CancellationFlag
    /// The objective that was lost before the end, by its index.
    private(set) var lost: Int?

    init(_ budget: ViolationBudget, _ cancellation: CancellationFlag) {
        self.budget = budget
        self.cancellation = cancellation
    }

    var wantsOutcomes: Bool { false }
    func finished(_ outcomes: [RequestOutcome]) {}
    func progressed(requests: UInt64, to time: SimulatedTime) -> Bool { !cancellation.isCancelled }

    func permits(_ classes: [ClassRecord]) -> Bool {
        lost = budget.lost(in: classes)
        return lost == nil
    }
}

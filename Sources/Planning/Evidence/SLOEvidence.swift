import Primitives
import SimulationCore

extension StrategyResult {
    /// Sentences on the bounds of the SLO that lie within the 95 % interval of what was reached: whether they are met is
    /// not decided by these replications.
    func undecided(_ objectives: [ServiceObjective]) -> [String] {
        guard runs.count > 1 else { return [] }
        return objectives.compactMap { objective in
            let reached = runs.map { run in
                ObjectiveCheck(objective, on: run.record, among: objectives).reached?.seconds
            }
            guard let estimate = Estimate(ofAll: reached), let half = estimate.half, half > 0,
                abs(objective.bound.seconds - estimate.mean) <= half
            else { return nil }
            let digits = estimate.mean < 0.1 ? 4 : 3
            return "Not enough evidence whether `\(name)` meets \(objective.text): its 95 % interval, "
                + "\(number(estimate.mean, digits: digits)) s ± \(number(half, digits: digits)) s, includes the bound."
        }
    }
}

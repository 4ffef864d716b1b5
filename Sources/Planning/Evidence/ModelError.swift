import PerformanceModel
import Primitives
import SimulationCore

/// The error of step times, drawn: so that an interval over replications covers it too.
enum ModelError {
    /// The factor of step times on one device in the replication under `seed`. The stated error is the median of the
    /// absolute relative error; a log-normal with median 1 has it at σ = error ÷ 0.6745. Strategies that serve from one
    /// device meet the same factor, so that differences stay paired.
    static func factor(error: Double, device: String, seed: UInt64) -> Double {
        let key = RandomKey(seed: seed).derived("model error").derived(stableHash(device.utf8))
        return Mathematics.exp(error / 0.674_489_750_196 * Mathematics.normalQuantile(key.uniform(0)))
    }

    /// The stated error of a pool's step times; `nil` where none is stated.
    static func stated(_ cost: any StepCostModel) -> Double? {
        (cost as? TransformerStepCost)?.relativeError ?? (cost as? ScaledStepCost)?.relativeError
    }
}

extension Estimate {
    /// The interval in which one more replication's value lies, in place of that of the mean: half × √(n + 1). The real
    /// system has one error, unknown, in all that it does: its value is one more draw, and averaging replications does
    /// not bring it nearer.
    func asPrediction(replications: Int) -> Estimate {
        Estimate(mean: mean, half: half.map { $0 * Double(replications + 1).squareRoot() })
    }
}

extension StrategyComparison {
    /// With intervals, of differences too, that cover the error drawn in each replication.
    mutating func coverModelError() {
        for index in metrics.indices {
            metrics[index].value = metrics[index].value?.asPrediction(replications: replications)
            metrics[index].difference = metrics[index].difference?.asPrediction(replications: replications)
        }
    }
}

extension ResolvedStrategy {
    /// The strategy with step times as wrong as they may be in the replication under `seed`.
    func drawingModelError(seed: UInt64) -> ResolvedStrategy {
        var strategy = self
        for index in fleet.pools.indices {
            guard let error = ModelError.stated(fleet.pools[index].stepCost) else { continue }
            let factor = ModelError.factor(error: error, device: pools[index].device, seed: seed)
            strategy.fleet.pools[index].stepCost = ScaledStepCost(fleet.pools[index].stepCost, factor: factor)
        }
        return strategy
    }
}

extension Scenario {
    /// Notes the errors that will be drawn.
    /// - Throws: ``ScenarioError`` where no pool states one.
    func noteModelError(_ strategies: [ResolvedStrategy], _ log: inout AssumptionLog) throws {
        guard let setting = evidence.modelError, setting.value else { return }
        var isStated = false
        for strategy in strategies {
            for (pool, configuration) in zip(strategy.pools, strategy.fleet.pools) {
                guard let error = ModelError.stated(configuration.stepCost) else { continue }
                isStated = true
                log.add(
                    Assumption(
                        subject: "step-time error on \(pool.device)",
                        value:
                            "a factor drawn per replication, median error \(number(error * 100, digits: 1)) %; intervals "
                            + "are for one more such draw, √(replications + 1) times those of a mean",
                        source: "the stated errors of its parts; log-normal, the same for all strategies",
                        confidence: .derived))
            }
        }
        guard isStated else {
            throw setting.error(.conflict, "`model-error` has no effect: no pool's step times state an error")
        }
    }
}

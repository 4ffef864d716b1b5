import Pricing
import Primitives
import SimulationCore

extension ResolvedScenario {
    /// What would be run and what it would cost, in plain text: plan, prices with dates, every default with its
    /// source, warnings. Ends with a newline.
    public var lintText: String {
        let head = [
            "Scenario \(scenario.name)\(scenario.description.map { ": \($0)" } ?? "")",
            "  workload    \(workload.summary)",
            "  model       \(model), \(precision)",
            "  SLO         \(objectivesText)",
            "  runs        \(strategies.count) strategies × \(replications) replications, seed \(scenario.seed)",
        ]
        let sections = [
            ("Strategies", strategies.flatMap(strategyLines)),
            ("Assumptions", assumptionLines),
            ("Warnings", warnings.map { "  \($0)" }),
        ]
        let body = sections.filter { !$0.1.isEmpty }.flatMap { ["", $0.0] + $0.1 }
        return (head + body).joined(separator: "\n") + "\n"
    }

    private var objectivesText: String {
        guard !scenario.objectives.isEmpty else { return "none" }
        return scenario.objectives.map(\.text).joined(separator: ", ")
    }

    private func strategyLines(_ strategy: ResolvedStrategy) -> [String] {
        let marker = strategy.name == baseline && strategies.count > 1 ? " (baseline)" : ""
        let hourly = strategy.costPerHour.dollars
        let monthly = grouped(UInt64(hourly * 730 + 0.5))
        let title =
            "  \(strategy.name)\(marker): \(dollars(hourly, per: "h")), \(monthly) $/month of 730 h, "
            + "router \(strategy.fleet.router.rawValue)"
        return [title] + strategy.pools.indices.flatMap { poolLines(strategy, $0) }
    }

    private func poolLines(_ strategy: ResolvedStrategy, _ index: Int) -> [String] {
        let pool = strategy.pools[index]
        let packing = strategy.packings[index]
        let engine = strategy.fleet.pools[index].engine
        let split = pool.tensorParallel * pool.pipelineParallel
        let devices = split > 1 ? "\(split) × \(pool.device) each" : pool.device
        return [
            "    \(count(pool.replicas, "replica")) on \(count(packing.instances, "instance")) "
                + "of \(pool.offerID) (\(devices)), "
                + "\(pool.terms.rawValue) at \(pool.pricePerInstanceHour) $/h each "
                + "[\(pool.priceSource), \(pool.priceObserved)]",
            "      \(grouped(UInt64(pool.kvBlocks))) KV blocks of \(engine.blockSize) tokens, "
                + "\(engine.maxBatchedTokens) tokens and "
                + "\(engine.maxSequences) sequences per step, requests up to \(engine.maxModelLength) tokens",
        ]
    }

    private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    private var assumptionLines: [String] {
        assumptions.map { assumption in
            let error = assumption.error.map { ", error \($0)" } ?? ""
            let origin = "\(assumption.confidence.rawValue): \(assumption.source)\(error)"
            return "  \(assumption.subject): \(assumption.value)  [\(origin)]"
        }
    }
}

extension ServiceObjective {
    /// E.g. `TTFT p99 ≤ 2 s`, `TPOT p50 ≤ 40 ms for chat`.
    public var text: String {
        let percent = (quantile * 1_000).rounded() / 10
        let digits = percent == percent.rounded() ? "\(Int(percent))" : "\(percent)"
        let target = requestClass.map { " for \($0)" } ?? ""
        return "\(quantity.rawValue.uppercased()) p\(digits) ≤ \(durationText(bound))\(target)"
    }
}

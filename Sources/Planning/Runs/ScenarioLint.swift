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
        let title = "  \(strategy.name)\(marker): \(costText(strategy)), router \(strategy.fleet.router.rawValue)"
        return [title] + strategy.pools.indices.flatMap { poolLines(strategy, $0) }
    }

    /// Per hour and month: of the fleet, or of the smallest and the largest it may be.
    private func costText(_ strategy: ResolvedStrategy) -> String {
        let (least, most) = (strategy.leastCostPerHour.dollars, strategy.costPerHour.dollars)
        func monthly(_ hourly: Double) -> String { grouped(UInt64(hourly * 730 + 0.5)) }
        guard least < most else { return "\(dollars(most, per: "h")), \(monthly(most)) $/month of 730 h" }
        return "\(dollars(least, per: "h")) to \(dollars(most, per: "h")), "
            + "\(monthly(least)) to \(monthly(most)) $/month of 730 h"
    }

    private func poolLines(_ strategy: ResolvedStrategy, _ index: Int) -> [String] {
        let pool = strategy.pools[index]
        let packing = strategy.packings[index]
        let engine = strategy.fleet.pools[index].engine
        let split = pool.tensorParallel * pool.pipelineParallel
        let devices = split > 1 ? "\(split) × \(pool.device) each" : pool.device
        return [
            "    \(pool.scaling == nil ? "" : "up to ")\(count(pool.replicas, "replica")) on \(count(packing.instances, "instance")) "
                + "of \(pool.offerID) (\(devices)), "
                + "\(pool.terms.rawValue) at \(pool.pricePerInstanceHour) $/h each "
                + "[\(pool.priceSource), \(pool.priceObserved)]",
            "      \(grouped(UInt64(pool.kvBlocks))) KV blocks of \(engine.blockSize) tokens, "
                + "\(engine.maxBatchedTokens) tokens and "
                + "\(engine.maxSequences) sequences per step, requests up to \(engine.maxModelLength) tokens",
        ] + (pool.scaling.map(scalingLines) ?? [])
    }

    /// Bounds and autoscaler, then the stages of a start and their sum.
    private func scalingLines(_ scaling: ScalingSummary) -> [String] {
        let start = scaling.startup
        let stages = [
            ("provision", start.provision), ("image pull", start.imagePull), ("weight load", start.weightLoad),
            ("compile", start.compile), ("warm-up", start.warmUp),
        ]
        let sum = stages.map { "\($0.0) \(secondsText($0.1))" }.joined(separator: " + ")
        return [
            "      at least \(scaling.minimum), \(scaling.initial) at first, by \(scaling.autoscaler)",
            "      a start takes \(secondsText(start.total)): \(sum)",
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

import Planning
import Primitives
import SimulationCore

/// What a request costs, counted three ways, folded; only where requests were completed.
enum RequestCostTable {
    static func markup(_ figures: [StrategyFigures]) -> Markup {
        let rows = figures.filter { $0.mean(\.costPerRequest) != nil }.map(row)
        guard !rows.isEmpty else { return "" }
        return #"""
            <details><summary>Cost of a request, three ways</summary>
            <p>\#(CostPerRequest.advice)</p>
            <div class="scroll"><table>
            <caption>Dollars per 1,000 requests, means over the replications.</caption>
            <thead><tr><th scope="col">Strategy</th><th scope="col" class="n">Allocated: all that is billed ÷ \#
            completed</th><th scope="col" class="n">Used: busy time alone ÷ completed</th>\#
            <th scope="col" class="n">Per good request: all that is billed ÷ good</th></tr></thead>
            <tbody>\#(rows)</tbody></table></div>
            </details>
            """#
    }

    private static func row(_ strategy: StrategyFigures) -> Markup {
        let mark = strategy.verdict == .overloaded ? "✕ " : ""
        let values = [strategy.mean(\.costPerRequest), used(strategy), strategy.perGood]
        let cells = values.map { value in
            #"<td class="n">\#(value.map { Wording.dollars($0 * 1_000) } ?? "–")</td>"# as Markup
        }
        return #"<tr><th scope="row">\#(mark)\#(strategy.name)</th>\#(cells)</tr>"#
    }

    /// Mean over the replications of the bill's busy part ÷ completed requests.
    static func used(_ strategy: StrategyFigures) -> Double? {
        if let known = strategy.mean({ $0.costPerRequestThreeWays.used }) { return known }
        let costs = strategy.runs.compactMap { run -> Double? in
            guard run.metrics.requestsCompleted > 0 else { return nil }
            let busy = Breakdown.cost(run, pools: strategy.result.pools)[.busy]
            return Double(busy) / 1e9 / Double(run.metrics.requestsCompleted)
        }
        return costs.isEmpty ? nil : costs.reduce(0, +) / Double(costs.count)
    }
}

extension StrategyFigures {
    /// All that is billed ÷ good requests, mean over the replications that have any.
    var perGood: Double? { mean(\.costPerRequestThreeWays.perGood) }
}

import Planning
import Pricing
import Primitives
import SimulationCore

/// What each strategy rents: offers, prices and where they were read.
enum FleetSection {
    static func markup(_ figures: [StrategyFigures]) -> Markup {
        ReportPage.section(
            "fleets", "What is rented",
            [
                #"""
                <div class="scroll"><table>
                <caption>Price per instance and hour, with the day it was read.</caption>
                <thead><tr><th scope="col">Strategy</th><th scope="col">Offer</th><th scope="col">Device</th>\#
                <th scope="col">Market, terms</th><th scope="col" class="n">Replicas</th>\#
                <th scope="col" class="n">Price per hour</th><th scope="col">Price read</th></tr></thead>
                \#(figures.map(body))</table></div>
                """#
            ])
    }

    private static func body(_ strategy: StrategyFigures) -> Markup {
        let pools = strategy.result.pools
        let rows = pools.enumerated().map { index, pool -> Markup in
            let head: Markup =
                index == 0
                ? #"""
                <th scope="rowgroup" rowspan="\#(pools.count)">\#(strategy.name)<small>router: \#
                \#(strategy.result.router.rawValue)</small></th>
                """# : ""
            return #"""
                <tr>\#(head)<td>\#(pool.offerID)<small>\#(pool.provider), \#(pool.region)</small></td>\#
                <td>\#(pool.device)<small>\#(parallelism(pool))</small></td>\#
                <td>\#(pool.market.rawValue)<small>\#(pool.terms.rawValue)</small></td>\#
                <td class="n">\#(replicas(pool))</td><td \#
                class="n">\#(Wording.exactDollars(pool.pricePerInstanceHour))</td>\#
                <td>\#(pool.priceObserved)<small>\#(pool.priceSource)</small></td></tr>

                """#
        }
        return "<tbody>\(rows)</tbody>\n"
    }

    /// The number; with an autoscaler the bounds, its kind, and what a start takes.
    private static func replicas(_ pool: PoolSummary) -> Markup {
        guard let scaling = pool.scaling else { return "\(pool.replicas)" }
        let start = Wording.latency(milliseconds: scaling.startup.total.seconds * 1_000)
        return "\(pool.replicasText)<small>\(scaling.autoscaler), a start takes \(start)</small>"
    }

    private static func parallelism(_ pool: PoolSummary) -> String {
        let blocks = Wording.count(UInt64(max(0, pool.kvBlocks)))
        return "TP \(pool.tensorParallel) · PP \(pool.pipelineParallel) · \(blocks) KV blocks"
    }
}

/// What the answer rests on, and how well each input is known.
enum AssumptionSection {
    static func markup(_ result: ScenarioResult) -> Markup {
        guard !result.assumptions.isEmpty else { return "" }
        return ReportPage.section(
            "assumptions", "What this rests on",
            [
                "<p>\(tally(result.assumptions)) \(legend)</p>",
                #"""
                <div class="scroll"><table class="assumptions">
                <thead><tr><th scope="col">Input</th><th scope="col">Value</th><th scope="col">Known</th>\#
                <th scope="col">Error</th><th scope="col">Source</th></tr></thead>
                <tbody>
                \#(result.assumptions.map(row))</tbody>
                </table></div>
                """#,
            ])
    }

    private static func row(_ assumption: Assumption) -> Markup {
        #"""
        <tr><th scope="row">\#(assumption.subject)</th><td>\#(assumption.value)</td>\#
        <td>\#(badge(assumption.confidence))</td>\#
        <td>\#(assumption.error ?? "–")</td><td>\#(assumption.source)</td></tr>

        """#
    }

    private static func badge(_ confidence: Confidence) -> Markup {
        // Filled dots, best first: four for measured, none for assumed; what the user gave has no grade.
        let dots = ["●●●●", "●●●○", "●●○○", "", "○○○○"]
        let level = Confidence.allCases.firstIndex(of: confidence) ?? 0
        return #"""
            <span class="known \#(confidence.rawValue)"><span aria-hidden="true">\#(dots[level])</span> \#
            \#(confidence.rawValue)</span>
            """#
    }

    private static func tally(_ assumptions: [Assumption]) -> String {
        let counts = Confidence.allCases.compactMap { confidence -> String? in
            let count = assumptions.filter { $0.confidence == confidence }.count
            return count > 0 ? "\(count) \(confidence.rawValue)" : nil
        }
        return "\(assumptions.count) input\(assumptions.count == 1 ? "" : "s"): \(Wording.list(counts))."
    }

    private static let legend = """
        Measured: on hardware, or read from a real trace. Published: a dated price or figure. Derived: computed from \
        published figures by a stated rule. Given: set in the scenario. Assumed: a default of Isocost.
        """
}

/// The terms of the tables, as exactly as the numbers were computed.
enum DefinitionsSection {
    static func markup(_ result: ScenarioResult) -> Markup {
        ReportPage.section(
            "definitions", "How the numbers are defined",
            [#"<dl class="terms">\#(terms.map { "<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>" as Markup })</dl>"#])
    }

    static let terms: [(String, String)] = [
        ("TTFT", "Time to first token: from the request's sending to the first output token at the client."),
        ("TPOT", "Time per output token: (E2E − TTFT) ÷ (output tokens − 1), for requests with at least two."),
        ("ITL", "Inter-token latency: the gap between consecutive tokens of a request, every gap counted."),
        ("E2E", "End to end: from the request's sending to its last token at the client."),
        ("Queue", "From arrival at the replica to the most recent scheduling from its queue."),
        ("p99", "The value at rank ⌈0.99 n⌉ of n observations, within ± 0.1 %; p50, p90 and p95 likewise."),
        (
            "Within target",
            "SLO attainment: requests within all their bounds ÷ requests offered. Failed ones count as bad."
        ),
        ("Goodput", "Requests within all their bounds, per second."),
        ("Meets target", "Every bound of the target holds in every replication, and the fleet kept up."),
        ("Backlogged", "The fleet fell behind for a part of the run, or ended with a queue it would have worked off."),
        ("Overloaded", "Work arrives faster than the fleet can serve; latencies depend on the length of the trace."),
        (
            "Dominated",
            "Another strategy is no worse in cost per hour, share within target, p99 of TTFT and TPOT; better in one."
        ),
        ("Cost per hour", "The invoice's total ÷ the hours from the first rental's start to the last one's end."),
        ("Per million tokens", "The invoice's total ÷ input and output tokens of completed requests, × 10⁶."),
        ("95 % interval", "Student's t over replications; differences are paired over equal seeds."),
        ("Busy", "Rented time in which an instance computes ÷ all rented time."),
    ]
}

/// All that is needed to get the same bytes again.
enum ReproductionSection {
    static func markup(_ result: ScenarioResult) -> Markup {
        let runs = result.strategies.flatMap(\.runs).map(\.metrics)
        let rows = runs.map { run in
            #"""
            <tr><th scope="row">\#(run.strategy)</th><td class="n">\#(run.replication)</td><td \#
            class="n">\#(String(run.seed))</td>\#
            <td class="n">\#(Wording.count(run.requestsOffered))</td><td \#
            class="n">\#(Wording.count(run.requestsFailed))</td>\#
            <td><code>\#(Wording.hexadecimal(run.fingerprint))</code></td></tr>

            """# as Markup
        }
        return ReportPage.section(
            "reproduce", "How to get the same numbers",
            [
                """
                <p>Isocost \(result.version). The same scenario with the same seeds gives the same fingerprints on any \
                machine.</p>
                """,
                #"""
                <details><summary>Seeds and fingerprints</summary><div class="scroll"><table>
                <thead><tr><th scope="col">Strategy</th><th scope="col" class="n">Replication</th><th scope="col" \#
                class="n">Seed</th>\#
                <th scope="col" class="n">Offered</th><th scope="col" class="n">Failed</th><th \#
                scope="col">Fingerprint</th></tr></thead>
                <tbody>
                \#(rows)</tbody></table></div></details>
                """#,
                "<details><summary>The scenario, as run</summary><pre tabindex=\"0\">\(result.text)</pre></details>",
            ])
    }
}

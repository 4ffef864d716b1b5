import Pricing
import Primitives

/// A figure that strategies are compared by: what files call it, what it means, and how a run's value is read.
public struct ComparedFigure: Sendable {
    /// As in `comparison.csv`, with its unit.
    public let name: String
    /// What is counted, divided by what; a sentence to stand beside the number.
    public let definition: String
    /// A run's value; `nil` where the run has none.
    let value: @Sendable (RunMetrics) -> Double?

    init(_ name: String, _ definition: String, _ value: @escaping @Sendable (RunMetrics) -> Double?) {
        self.name = name
        self.definition = definition
        self.value = value
    }

    /// The figures that every comparison has, in their fixed order.
    public static let common: [ComparedFigure] = costAndLatency + service + requestCosts

    private static let costAndLatency = [
        ComparedFigure(
            "cost_per_hour_usd", "All billed dollars ÷ hours from the run's start to its last answer or rental's end."
        ) { $0.costPerHour },
        ComparedFigure(
            "cost_per_million_tokens_usd",
            "All billed dollars ÷ input and output tokens of completed requests × 10⁶ (allocated)."
        ) { $0.costPerMillionTokens },
        ComparedFigure(
            "slo_attainment", "Requests within all bounds of their class ÷ requests offered; failed ones count as bad."
        ) { $0.sloAttainment },
        ComparedFigure("ttft_p99_ms", "99th percentile of the time to the first token at the client.") { $0.ttft.p99 },
        ComparedFigure("tpot_p99_ms", "99th percentile of (E2E − TTFT) ÷ (output tokens − 1).") { $0.tpot.p99 },
        ComparedFigure("e2e_p99_ms", "99th percentile of the time to the last token at the client.") { $0.e2e.p99 },
        ComparedFigure("utilization", "Rented time in which an instance computes ÷ all rented time.") {
            $0.utilization
        },
    ]

    private static let service = [
        ComparedFigure("availability", "Requests answered in full ÷ requests offered.") { $0.availability },
        ComparedFigure(
            "minutes_below_slo",
            "Minutes in bins of the timeline in which, of the requests that ended, fewer were within their bounds than "
                + "the SLO's lowest percentile asks; a bin in which requests wait and none ends shares the fate of the next."
        ) { $0.minutesBelowSLO },
        ComparedFigure(
            "time_to_recover_s",
            "From the first bin below the SLO until \(ServiceTimeline.hold) bins in a row are not, in the longest such "
                + "time of the run (to the run's end where it does not come back); 0 where there was none."
        ) { $0.secondsToRecover },
        ComparedFigure("requests_lost", "Requests that were never answered.") { Double($0.requestsLost) },
        ComparedFigure("requests_late", "Requests answered outside the bounds of their class.") {
            $0.requestsLate.map { Double($0) }
        },
        ComparedFigure("retries", "Attempts after the first, by clients or the gateway.") {
            $0.account.map { Double($0.retries) }
        },
        ComparedFigure("interruptions", "Machines taken away by their supplier, a failure or an outage.") {
            Double($0.interruptions)
        },
    ]

    private static let requestCosts = [
        ComparedFigure("cost_per_request_usd", "Allocated: all billed dollars ÷ completed requests.") {
            $0.costPerRequestThreeWays.allocated
        },
        ComparedFigure(
            "used_cost_per_request_usd",
            "Used: the dollars for busy time whose results counted (and an API's tokens) ÷ completed requests."
        ) { $0.costPerRequestThreeWays.used },
        ComparedFigure("cost_per_good_request_usd", "All billed dollars ÷ requests within all bounds of their class.") {
            $0.costPerRequestThreeWays.perGood
        },
        ComparedFigure(
            "used_cost_per_million_tokens_usd",
            "The dollars for busy time whose results counted ÷ input and output tokens of completed requests × 10⁶."
        ) { $0.usedCostPerMillionTokens },
        ComparedFigure("idle_cost_share", "Dollars for machines that were ready without work ÷ all billed dollars.") {
            $0.idleCostShare
        },
    ]

    /// SLO attainment of each request class, where there are several.
    static func byClass(_ runs: [RunMetrics]) -> [ComparedFigure] {
        let names = runs.flatMap { $0.account?.classes.map(\.name) ?? [] }.unique
        guard names.count > 1 else { return [] }
        return names.map { name in
            ComparedFigure(
                "slo_attainment[\(name)]", "Requests of class \(name) within all their bounds ÷ those offered."
            ) { run in run.account?.classes.first { $0.name == name }?.attainment }
        }
    }
}

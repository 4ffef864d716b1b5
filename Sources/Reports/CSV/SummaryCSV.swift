public import Planning
import Primitives

/// `summary.csv`: one row per strategy and replication, in the order of the scenario.
public enum SummaryCSV {
    /// Column names, in order. Units are in the names; latencies of which no request has one are empty.
    public static let columns: [String] =
        [
            "scenario", "strategy", "replication", "seed", "requests_offered", "requests_completed", "requests_failed",
            "slo_attainment", "goodput_rps", "throughput_rps", "output_tokens_per_second",
        ]
        + ["ttft", "tpot", "itl", "e2e", "queue"].flatMap { latency in
            ["mean", "p50", "p90", "p95", "p99"].map { "\(latency)_\($0)_ms" }
        }
        + [
            "cost_usd", "cost_per_hour_usd", "cost_per_million_tokens_usd", "cost_per_request_usd",
            "cost_per_good_request_usd", "utilization", "instance_hours", "cold_starts", "interruptions",
            "preemptions", "fingerprint",
        ]

    /// The whole file's text.
    public static func text(of runs: [RunMetrics]) -> String {
        var csv = CSVText(header: columns)
        for run in runs { csv.row(row(run)) }
        return csv.text
    }

    /// The fields of one run, in the order of the columns.
    static func row(_ run: RunMetrics) -> [CSVField] {
        [
            .text(run.scenario), .text(run.strategy), .integer(Int64(run.replication)), .count(run.seed),
            .count(run.requestsOffered), .count(run.requestsCompleted), .count(run.requestsFailed),
            .decimal(run.sloAttainment), .decimal(run.goodput), .decimal(run.throughput),
            .decimal(run.outputTokensPerSecond),
        ]
            + [run.ttft, run.tpot, run.itl, run.e2e, run.queue].flatMap(latency)
            + [
                .money(run.cost), .decimal(run.hours > 0 ? run.cost.dollars / run.hours : nil),
                .decimal(run.costPerMillionTokens), .decimal(run.costPerRequest), .decimal(run.costPerGoodRequest),
                .decimal(run.utilization), .decimal(run.instanceHours), .count(run.coldStarts),
                .count(run.interruptions), .count(run.preemptions), .text(Wording.hexadecimal(run.fingerprint)),
            ]
    }

    private static func latency(_ statistics: LatencyStatistics) -> [CSVField] {
        [statistics.mean, statistics.p50, statistics.p90, statistics.p95, statistics.p99].map(CSVField.milliseconds)
    }
}

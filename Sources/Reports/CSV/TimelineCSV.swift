public import Planning
import Primitives
import SimulationCore

/// `timeline.csv`: one row per strategy, replication and time bin.
///
/// `running` and `waiting` are means over the bin; `kv_use` is the share held of the KV blocks there are; the `instances_…`
/// columns are mean numbers of instances per state and sum to the instances rented; `cost_usd` is the bill so far, each
/// invoice line spread evenly over its period, so that the last bin shows the whole cost. The `replicas_…` columns are
/// mean numbers of replicas per stage as the simulation measured them: serving in every fleet, the others where a
/// pool's size changes. Held ones are stopped, paused or kept warm. `failures` are requests that failed in the bin.
public enum TimelineCSV {
    /// Column names, in order.
    public static let columns =
        [
            "strategy", "replication", "bin", "start_s", "end_s", "arrivals", "completions", "good", "output_tokens",
            "arrival_rps", "running", "waiting", "kv_use",
        ] + states.map { "instances_\($0)" } + ["cost_usd"] + stages.map { "replicas_\($0.name)" } + ["failures"]

    private static let states = ["provisioning", "loading", "busy", "idle", "draining", "stopped", "paused"]

    private static var stages: [(name: String, time: KeyPath<TimelineBin, Int128>)] {
        [
            ("provisioning", \.provisioningTime), ("loading", \.loadingTime), ("serving", \.servingTime),
            ("draining", \.drainingTime), ("held", \.heldTime),
        ]
    }

    /// The whole file's text.
    public static func text(of strategies: [StrategyResult]) -> String {
        var csv = CSVText(header: columns)
        for strategy in strategies {
            for run in strategy.runs {
                for sample in TimelineSamples(run, pools: strategy.pools).samples {
                    csv.row(row(sample, of: run))
                }
            }
        }
        return csv.text
    }

    private static func row(_ sample: TimelineSample, of run: StrategyRun) -> [CSVField] {
        let bin = sample.bin
        let nanoseconds = Double((sample.end - sample.start).nanoseconds)
        return [
            .text(run.metrics.strategy), .integer(Int64(run.metrics.replication)), .integer(Int64(sample.index)),
            .text(Decimal.exact(sample.start.nanoseconds, places: 9)),
            .text(Decimal.exact(sample.end.nanoseconds, places: 9)), .count(bin.arrivals), .count(bin.completions),
            .count(bin.good), .count(bin.outputTokens), .decimal(sample.arrivalRate), .decimal(sample.running),
            .decimal(sample.waiting), .decimal(sample.kvUse),
        ] + sample.instances.map { .decimal($0) } + [.money(sample.costSoFar)]
            + stages.map { .decimal(Double(bin[keyPath: $0.time]) / nanoseconds) } + [.count(bin.failures)]
    }
}

import Kernels
import PerformanceModel
import Planning

/// Measured against predicted, statistic by statistic.
struct LiveReport {
    /// Requests a second that the simulator says the machine can serve.
    let capacity: Double
    let trials: [LiveCheck.Trial]

    /// A statistic of one load.
    struct Row {
        var load: String
        var statistic: String
        /// One of each a try: measured, predicted.
        var pairs: [(measured: Double, predicted: Double)]
        /// The error that is asked for.
        var bar: Double

        /// The middle |predicted ÷ measured − 1| of the tries.
        var error: Double {
            let sorted = pairs.map { abs($0.predicted / $0.measured - 1) }.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
    }

    /// Mean, p50 and p99 of each latency in milliseconds, and the throughput in tokens a second.
    var rows: [Row] {
        LiveCheck.loads.flatMap { load, _ in
            let trials = trials.filter { $0.load == load }
            return Self.statistics.map { name, bar, value in
                Row(
                    load: load, statistic: name,
                    pairs: trials.map { (value($0.measured), value($0.predicted)) }, bar: bar)
            }
        }
    }

    private static var statistics: [(String, Double, ([LiveAnswer]) -> Double)] {
        let latencies: [(String, (LiveAnswer) -> Double?)] = [
            ("TTFT", { $0.ttft }), ("TPOT", { $0.tpot }), ("E2E", { $0.e2e }),
        ]
        return latencies.flatMap { name, latency in
            [
                ("mean \(name) ms", 0.05, { LatencySummary($0.compactMap(latency))?.mean ?? .nan }),
                ("p50 \(name) ms", 0.05, { LatencySummary($0.compactMap(latency))?.percentile(50) ?? .nan }),
                ("p99 \(name) ms", 0.1, { LatencySummary($0.compactMap(latency))?.percentile(99) ?? .nan }),
            ] as [(String, Double, ([LiveAnswer]) -> Double)]
        } + [("output tokens/s", 0.05, throughput)]
    }

    /// Output tokens over the time from the first arrival to the last token.
    private static func throughput(_ answers: [LiveAnswer]) -> Double {
        let span = (answers.map(\.lastToken).max() ?? 0) - (answers.map(\.arrival).min() ?? 0)
        return Double(answers.reduce(0) { $0 + $1.outputTokens }) / span
    }

    /// A line per load and statistic: the middle try's figures and the middle error.
    var text: String {
        var table = TextTable([
            ("load", .left), ("statistic", .left), ("measured", .right), ("predicted", .right), ("error", .right),
            ("bar", .right), ("", .left),
        ])
        for row in rows {
            let middle = row.pairs.sorted { $0.measured < $1.measured }[row.pairs.count / 2]
            table.add([
                row.load, row.statistic, number(middle.measured), number(middle.predicted),
                number(row.error * 100) + " %", number(row.bar * 100) + " %",
                row.error <= row.bar ? "within" : "beyond",
            ])
        }
        return table.text
    }

    /// A row per request.
    var requestsCSV: String {
        let head =
            "load,try,request,arrival_s,input_tokens,output_tokens,measured_ttft_ms,predicted_ttft_ms,"
            + "measured_tpot_ms,predicted_tpot_ms,measured_e2e_ms,predicted_e2e_ms\n"
        return trials.reduce(into: head) { text, trial in
            for index in trial.asked.indices {
                let (asked, measured, predicted) = (trial.asked[index], trial.measured[index], trial.predicted[index])
                let latencies = [\LiveAnswer.ttft, \.tpot, \.e2e].flatMap {
                    [measured[keyPath: $0], predicted[keyPath: $0]]
                }
                let cells =
                    [trial.load, "\(trial.number)", "\(index)", "\(asked.arrival)", "\(asked.inputTokens)"]
                    + ["\(asked.outputTokens)"] + latencies.map { $0.map { "\($0)" } ?? "" }
                text += cells.joined(separator: ",") + "\n"
            }
        }
    }

    /// A row per load, statistic and try.
    var errorsCSV: String {
        rows.reduce(into: "load,statistic,try,measured,predicted,error\n") { text, row in
            for (index, pair) in row.pairs.enumerated() {
                let error = pair.predicted / pair.measured - 1
                text += "\(row.load),\(row.statistic),\(index + 1),\(pair.measured),\(pair.predicted),\(error)\n"
            }
        }
    }

    private func number(_ value: Double) -> String { value.isFinite ? decimal(value, places: 1) : "-" }
}

extension LiveAnswer {
    /// Milliseconds to the first token.
    var ttft: Double? { (firstToken - arrival) * 1_000 }
    /// Milliseconds to the last token.
    var e2e: Double? { (lastToken - arrival) * 1_000 }
    /// Milliseconds per token after the first; `nil` with one token.
    var tpot: Double? { outputTokens > 1 ? (lastToken - firstToken) * 1_000 / Double(outputTokens - 1) : nil }
}

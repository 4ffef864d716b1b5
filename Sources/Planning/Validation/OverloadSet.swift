import PerformanceModel
import SimulationCore
import Workloads

/// The overloaded runs of `blis-vllm0151-h100`: more arrives than one server can answer before its clients give up.
///
/// A client that gives up closes its connection, but the server goes on: in every such run nobody is answered in time
/// once the first have given up, though a server freed of their work would always have fresh requests to answer. So
/// the replay's clients wait for ever, and an answer counts as a success if it ends within the client's limit.
struct OverloadSet {
    let folder: ValidationFolder
    let quick: Bool
    private static let root = ValidationSet.overload.rawValue
    /// Seconds after which the set's client gives up.
    static let patience = 300.0
    static let statistics = ["success rate", "output tokens/s"]

    func report() throws -> ValidationReport {
        let records = try folder.decode([OverloadRecord].self, "\(Self.root)/runs.json")[0]
        let overloaded = records.filter { $0.nError > 0 }
        var report = ValidationReport(set: .overload, comparisons: [], summaries: [], omissions: [])
        for record in quick ? Array(overloaded.prefix(1)) : overloaded { report.comparisons += try compare(record) }
        report.summaries = [
            ValidationSummary(
                target: "T8", statistic: "success rate, mean", error: report.comparisons.error("success rate", .mean),
                published: 0.22, bar: 0.05),
            ValidationSummary(
                target: "T8", statistic: "output tokens/s, mean",
                error: report.comparisons.error("output tokens/s", .mean), published: nil, bar: 0.03),
        ]
        return report
    }

    private func compare(_ record: OverloadRecord) throws -> [ValidationComparison] {
        let rows = try folder.table("\(Self.root)/requests/\(record.run).csv").rows
        let measured = try rows.filter { try $0.count("error") == 0 }.map { row in
            try ServedRequest(
                start: row.number("arrival_s"), firstToken: row.number("arrival_s") + row.number("ttft_ms") / 1_000,
                lastToken: row.number("arrival_s") + row.number("e2e_ms") / 1_000, outputTokens: record.trueOutputToks)
        }
        let timings = try record.replay().serve(record.prompts(rows))
        let simulated = timings.map(AggregateSet.seenByClient).filter { $0.e2e <= Self.patience * 1_000 }
        let name = "H100 \(record.model.split(separator: "/").last ?? "") tp\(record.tp) \(record.workload)"
        return Self.statistics.compactMap { statistic in
            guard let predicted = Self.value(statistic, of: simulated, offered: rows.count),
                let real = Self.value(statistic, of: measured, offered: rows.count)
            else { return nil }
            return ValidationComparison(
                configuration: name, statistic: statistic, simulated: predicted, measured: real)
        }
    }

    /// Successes in percent of what was offered; their tokens over the time from the first start to the last success.
    static func value(_ statistic: String, of successes: [ServedRequest], offered: Int) -> Double? {
        statistic == "success rate"
            ? Double(successes.count) * 100 / Double(offered) : ServedRun(requests: successes).statistic("tokens/s")
    }
}

/// A run as the set's index describes it; names as in the file, in camel case.
struct OverloadRecord: Decodable, Sendable {
    struct Lengths: Decodable, Sendable {
        var systemPromptLen: Int
        var questionLen: Int
    }
    var run: String
    var model: String
    var tp: Int
    var workload: String
    var maxModelLen: Int
    var maxNumBatchedTokens: Int
    var maxNumSeqs: Int
    var kvBlocksGpu: Int
    var configured: Lengths
    var trueOutputToks: Int
    var nError: Int

    func replay() throws -> EngineReplay {
        let architecture = try ModelCatalogue.model(named: model)
        let cost = try TransformerStepCost(
            architecture, .fp16, device: Device.named("H100-SXM"), split: Parallelism(tensor: tp),
            maxBatchedTokens: maxNumBatchedTokens)
        return EngineReplay(
            engine: EngineConfiguration(
                maxBatchedTokens: maxNumBatchedTokens, maxSequences: maxNumSeqs, maxModelLength: maxModelLen,
                kvBlocks: kvBlocksGpu, asynchronousScheduling: true),
            stepCost: cost)
    }

    /// The run's own arrivals, prompts in a cycle. Prompts of failed requests were not recorded: their kind's others tell
    /// their length, or the client's settings.
    func prompts(_ rows: [MeasuredTable.Row]) throws -> [ReplayPrompt] {
        let usual = configured.systemPromptLen + configured.questionLen
        var lengths = Array(repeating: usual, count: CycledWorkload.kinds)
        for row in rows where try row.count("prompt_toks") > configured.systemPromptLen {
            lengths[try row.count("prompt_id") % CycledWorkload.kinds] = try row.count("prompt_toks")
        }
        return try rows.map { row in
            let kind = try row.count("prompt_id") % CycledWorkload.kinds
            return CycledWorkload.prompt(
                kind, at: try row.number("arrival_s"), system: configured.systemPromptLen,
                question: lengths[kind] - configured.systemPromptLen, output: trueOutputToks)
        }
    }
}

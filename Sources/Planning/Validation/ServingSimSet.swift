import PerformanceModel
import SimulationCore
import Workloads

/// Runs of `llmservingsim2-vllm019`: the same requests at the same times, per-request times in seconds.
///
/// The set's clock starts when the engine takes a request in, which it does between steps: half a step after arrival
/// on average. The replay starts it there too.
struct ServingSimSet {
    let folder: ValidationFolder
    let quick: Bool
    private static let root = ValidationSet.servingSim.rawValue
    static let latencies = ["ttft", "tpot", "e2e"]
    static let statistics =
        latencies.flatMap { latency in
            ["mean", "p50", "p90", "p99"].map { "\($0) \(latency)" }
        } + ["tokens/s"]

    func report() throws -> ValidationReport {
        var comparisons: [ValidationComparison] = []
        let runs = folder.names(in: Self.root).filter { folder.has("\(Self.root)/\($0)/requests.csv") }
        for run in quick ? Array(runs.prefix(1)) : runs { comparisons += try compare(run) }
        return ValidationReport(
            set: .servingSim, comparisons: comparisons, summaries: Self.summaries(comparisons), omissions: [])
    }

    private static func summaries(_ all: [ValidationComparison]) -> [ValidationSummary] {
        func line(
            _ target: String, _ name: String, _ rule: ValidationSummaryRule, published: Double, bar: Double
        ) -> ValidationSummary {
            ValidationSummary(
                target: target, statistic: "\(name), \(rule.rawValue) over runs", error: all.error(name, rule),
                published: published, bar: bar)
        }
        return [
            line("T1", "mean tpot", .mean, published: 0.0093, bar: 0.008),
            line("T1", "mean e2e", .mean, published: 0.014, bar: 0.012),
            line("T1", "p99 e2e", .mean, published: 0.013, bar: 0.011),
            line("T2", "mean ttft", .mean, published: 0.049, bar: 0.03),
            line("T2", "mean ttft", .worst, published: 0.136, bar: 0.07),
            line("T2", "p99 ttft", .mean, published: 0.0105, bar: 0.01),
            line("T2", "tokens/s", .mean, published: 0.02, bar: 0.015),
        ]
    }

    private func compare(_ run: String) throws -> [ValidationComparison] {
        let meta = try folder.decode(EngineRecord.self, "\(Self.root)/\(run)/meta.json")[0]
        let table = try folder.table("\(Self.root)/\(run)/requests.csv")
        let prompts = try prompts(table, shared: sharedPrefixes(meta))
        let measured = try ServedRun(requests: table.rows.map(Self.measured))
        let timings = try meta.replay(gpu: String(run.prefix { $0 != "_" })).serve(prompts)
        let steps = StepProfile(timings)
        let simulated = ServedRun(requests: timings.map { Self.simulated($0, steps) })
        return Self.statistics.compactMap { name in
            guard let simulated = simulated.statistic(name), let measured = measured.statistic(name) else { return nil }
            return ValidationComparison(
                configuration: run.replacing("_", with: " "), statistic: name, simulated: simulated, measured: measured)
        }
    }

    static func measured(_ row: MeasuredTable.Row) throws(ValidationDataError) -> ServedRequest {
        try ServedRequest(
            start: row.number("queued_s"), firstToken: row.number("first_token_s"),
            lastToken: row.number("last_token_s"), outputTokens: row.count("output_tokens"))
    }

    private static func simulated(_ timing: RequestTiming, _ steps: StepProfile) -> ServedRequest {
        ServedRequest(
            start: timing.arrival + steps.stepTime(at: timing.arrival) / 2, firstToken: timing.firstToken,
            lastToken: timing.lastToken, outputTokens: timing.outputTokens)
    }

    // MARK: Prompts

    private func prompts(_ table: MeasuredTable, shared: [SharedPrefix]) throws -> [ReplayPrompt] {
        var segments: [[PromptSegment]] = []
        return try table.rows.enumerated().map { index, row in
            let tokens = try row.count("prompt_tokens")
            let prefix = shared.indices.contains(index) ? shared[index] : nil
            segments.append(Self.segments(tokens, own: UInt64(index) + 1, prefix: prefix, earlier: segments))
            return try ReplayPrompt(
                arrival: row.number("arrival_s"), inputTokens: tokens, outputTokens: row.count("output_tokens"),
                segments: segments[index])
        }
    }

    /// The prompt's segments: as far as it repeats an earlier prompt that one's, then its own.
    static func segments(
        _ tokens: Int, own: UInt64, prefix: SharedPrefix?, earlier: [[PromptSegment]]
    ) -> [PromptSegment] {
        var left = 0
        var result: [PromptSegment] = []
        if let prefix, let request = prefix.lcpRequest, earlier.indices.contains(request) {
            left = min(prefix.lcpToks, tokens)
            for segment in earlier[request] where left > 0 {
                let taken = min(left, Int(segment.tokens))
                result.append(PromptSegment(key: segment.key, tokens: Int32(taken)))
                left -= taken
            }
        }
        let covered = result.reduce(0) { $0 + Int($1.tokens) }
        if covered < tokens { result.append(PromptSegment(key: own, tokens: Int32(tokens - covered))) }
        return result
    }

    private func sharedPrefixes(_ meta: EngineRecord) throws -> [SharedPrefix] {
        let name = meta.datasetPath.split(separator: "/").last.map(String.init) ?? ""
        let path = "\(Self.root)/traces/\(name)"
        return folder.has(path) ? try folder.decode(SharedPrefix.self, path) : []
    }
}

/// The longest prefix that a prompt shares with an earlier one; names as in the files, in camel case.
struct SharedPrefix: Decodable, Hashable, Sendable {
    var lcpToks: Int
    var lcpRequest: Int?
}

/// The engine's settings as a run recorded them; names as in the files, in camel case.
struct EngineRecord: Decodable, Sendable {
    struct Settings: Decodable, Sendable {
        var model: String
        var tensorParallelSize: Int
        var dataParallelSize: Int
        var maxNumSeqs: Int
        var maxNumBatchedTokens: Int
        var maxModelLen: Int?
        var dtype: String
    }
    struct Cache: Decodable, Sendable {
        var numGpuBlocks: Int?
        var gpuMemoryUtilization: Double?
    }
    var engineKwargs: Settings
    var datasetPath: String
    var kvCache: Cache?

    /// The run's engine on `gpu`.
    /// - Throws: ``UnknownName``, ``ParallelismError``, ``MemoryShortage``, ``ValidationDataError``.
    func replay(gpu: String) throws -> EngineReplay {
        let settings = engineKwargs
        let architecture = try ModelCatalogue.model(named: settings.model)
        let device = try Device.named(Device.canonicalName(for: gpu) ?? gpu)
        let precision = Precision.bf16
        let (tensor, ranks) = (settings.tensorParallelSize, settings.dataParallelSize)
        // Experts are spread over all ranks: memory is that of a tensor-parallel split.
        let plan = try MemoryPlan(
            architecture, precision, device: device, split: Parallelism(tensor: tensor * ranks),
            settings: MemorySettings(
                utilization: kvCache?.gpuMemoryUtilization ?? 0.9,
                maxBatchedTokens: settings.maxNumBatchedTokens, maxSequences: settings.maxNumSeqs,
                kvBlocks: kvCache?.numGpuBlocks))
        let cost: any StepCostModel =
            if ranks > 1 {
                try ExpertRankStepCost(
                    architecture, precision, device: device, ranks: ranks,
                    maxBatchedTokens: settings.maxNumBatchedTokens)
            } else {
                try TransformerStepCost(
                    architecture, precision, device: device, split: Parallelism(tensor: tensor),
                    maxBatchedTokens: settings.maxNumBatchedTokens)
            }
        return EngineReplay(
            engine: EngineConfiguration(
                maxBatchedTokens: settings.maxNumBatchedTokens, maxSequences: settings.maxNumSeqs,
                maxModelLength: settings.maxModelLen ?? architecture.contextLength, kvBlocks: plan.kvBlocks,
                asynchronousScheduling: true),
            stepCost: cost, replicas: ranks)
    }
}

import PerformanceModel
import SimulationCore
import Workloads

/// Runs of `apex-vllm060-h100`: 70B and 123B models at low load on two to eight H100, request by request; means alone
/// were recorded.
struct ReplicaRunSet {
    let folder: ValidationFolder
    let quick: Bool
    private static let root = ValidationSet.replicaRuns.rawValue

    func report() throws -> ValidationReport {
        var report = ValidationReport(set: .replicaRuns, comparisons: [], summaries: [], omissions: [])
        var costs = StepCostCache()
        let rows = try folder.table("\(Self.root)/results.csv").rows
        let chosen = try quick ? Array(rows.filter { try $0.count("tp") == 8 }.prefix(3)) : rows
        for row in chosen {
            let run = try ReplicaRun(row)
            let requests = try folder.table("\(Self.root)/requests/\(run.name).csv")
            report.comparisons += try run.compare(requests, &costs)
        }
        let errors = ["mean ttft", "mean tpot"].compactMap { report.comparisons.error($0, .mean) }
        report.summaries = [
            ValidationSummary(
                target: "T10", statistic: "mean ttft and mean tpot, mean of both",
                error: errors.count == 2 ? (errors[0] + errors[1]) / 2 : nil, published: 0.107, bar: 0.07)
        ]
        return report
    }
}

/// One replica of a measured run.
struct ReplicaRun: Hashable, Sendable {
    let name: String
    let isLlama: Bool
    let tensor: Int
    /// Milliseconds.
    let ttft: Double
    let tpot: Double

    init(_ row: MeasuredTable.Row) throws(ValidationDataError) {
        name = try row.text("run")
        isLlama = try row.text("model").contains("Llama")
        tensor = try row.count("tp")
        ttft = try row.number("mean_ttft_ms")
        tpot = try row.number("mean_tpot_ms")
    }

    private var precision: Precision {
        isLlama ? .bf16 : name.contains("fp8") ? .fp8.caching(.fp8) : .fp8
    }

    /// Nanoseconds to launch one operation from Python, and a layer's operations: each of the four products in 8 bits
    /// quantises its input, in three more.
    private static let launch = 20_000.0
    private var operations: Int { isLlama ? 15 : 27 }
    /// Seconds from a request's arrival at the server to the engine, in a process of its own, and back.
    private static let path = 0.012

    /// vLLM 0.6 cuts prompts, at 512 tokens a step, where the longest request exceeds 32,768 tokens; Mistral on two
    /// GPUs was limited to 20,560.
    var maxBatchedTokens: Int { isLlama || tensor > 2 ? 512 : 20_560 }

    func compare(_ requests: MeasuredTable, _ costs: inout StepCostCache) throws -> [ValidationComparison] {
        let prompts = try requests.rows.map { row in
            try ReplayPrompt(
                arrival: row.number("arrival_s"), inputTokens: max(1, row.count("prompt_toks")),
                outputTokens: max(1, row.count("output_toks")))
        }
        .sorted { $0.arrival < $1.arrival }
        let run = try replay(&costs).serve(prompts)
        let decoded = run.filter { $0.outputTokens > 1 }
        let tokens = decoded.reduce(0) { $0 + $1.outputTokens - 1 }
        guard tokens > 0 else { return [] }
        let first = (run.reduce(0) { $0 + $1.firstToken - $1.arrival } / Double(run.count) + Self.path) * 1_000
        let later = decoded.reduce(0) { $0 + $1.lastToken - $1.firstToken } * 1_000 / Double(tokens)
        let configuration = "H100 \(isLlama ? "Llama-3.1-70B" : "Mistral-Large fp8") tp\(tensor), \(name)"
        return [("mean ttft", first, ttft), ("mean tpot", later, tpot)].map { name, simulated, measured in
            ValidationComparison(
                configuration: configuration, statistic: name, simulated: simulated, measured: measured)
        }
    }

    private func replay(_ costs: inout StepCostCache) throws -> EngineReplay {
        let architecture = try ModelCatalogue.model(named: isLlama ? "llama-3.1-70b" : "mistral-large-2407")
        let device = try Device.named("H100-SXM")
        let (precision, split, batched) = (precision, Parallelism(tensor: tensor), maxBatchedTokens)
        let plan = try MemoryPlan(
            architecture, precision, device: device, split: split,
            settings: MemorySettings(utilization: 0.97, maxBatchedTokens: batched))
        let cost = try costs.cost("\(architecture.name) \(precision.name) \(tensor)") { () throws(ParallelismError) in
            try TransformerStepCost(architecture, precision, device: device, split: split, maxBatchedTokens: batched)
        }
        return EngineReplay(
            engine: EngineConfiguration(
                maxBatchedTokens: batched, maxSequences: 256, maxModelLength: architecture.contextLength,
                kvBlocks: plan.kvBlocks, prefixCaching: false),
            stepCost: HostTimed(
                base: cost, engine: .v0(launching: Self.launch * Double(architecture.layers * operations))))
    }
}

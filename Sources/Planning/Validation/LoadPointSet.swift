import PerformanceModel
import Primitives

/// Load points of `silicon-loadpoints`: aggregated serving of dense Llama and Qwen models at a fixed number of users.
struct LoadPointSet {
    let folder: ValidationFolder
    let quick: Bool
    private static let root = ValidationSet.loadPoints.rawValue

    func report() throws -> ValidationReport {
        var report = ValidationReport(set: .loadPoints, comparisons: [], summaries: [], omissions: [])
        var points: [(point: LoadPoint, result: (ttft: Double, tpot: Double))] = []
        var left: [String: Int] = [:]
        var costs = StepCostCache()
        for row in try folder.table("\(Self.root)/loadpoints.csv").rows where try Self.isCompared(row) {
            guard let point = try LoadPoint(row) else {
                left["no number of users of one engine recorded", default: 0] += 1
                continue
            }
            if quick, !point.isReference || point.inputTokens > 1_024 || point.users > 16 { continue }
            do {
                points.append((point, try point.simulate(&costs)))
            } catch {
                left["\(error)", default: 0] += 1
            }
        }
        for (point, result) in points { report.comparisons += point.comparisons(result) }
        report.omissions = left.sorted { $0.key < $1.key }.map { "\($0.value) load points: \($0.key)" }
        report.summaries = Self.summaries(points)
        return report
    }

    private static func isCompared(_ row: MeasuredTable.Row) throws -> Bool {
        let model = try row.text("model")
        return try row.text("mode") == "agg" && (model.contains("Llama") || model.contains("Qwen3-32B"))
    }

    private static func summaries(
        _ points: [(point: LoadPoint, result: (ttft: Double, tpot: Double))]
    ) -> [ValidationSummary] {
        func error(_ name: String, reference: Bool) -> Double? {
            points.filter { $0.point.isReference || !reference }.flatMap { $0.point.comparisons($0.result) }
                .error(name, .mean)
        }
        func line(_ target: String, _ name: String, published: Double, bar: Double) -> ValidationSummary {
            ValidationSummary(
                target: target,
                statistic: "\(name), mean" + (target == "T6" ? ", Llama-3.1-70B fp8 on H100, vLLM, tp4 and tp8" : ""),
                error: error(name, reference: target == "T6"), published: published, bar: bar)
        }
        let ordered = LoadPointOrder(points.map { ($0.point.family, $0.point.tpot, $0.result.tpot) })
        return [
            line("T6", "tpot", published: 0.06, bar: 0.05), line("T6", "ttft", published: 0.073, bar: 0.07),
            line("T7", "tpot", published: 0.24, bar: 0.11), line("T7", "ttft", published: 0.43, bar: 0.25),
            ValidationSummary(
                target: "D", statistic: "pairs of one model and GPU in the wrong order of tpot",
                error: ordered.wrongShare, published: nil, bar: 0.05),
        ]
    }
}

/// How many pairs of load points, at least 10 % apart, a prediction puts in the wrong order.
struct LoadPointOrder {
    private(set) var pairs = 0
    private(set) var wrong = 0

    /// Family, measured and simulated value of every point; only points of one family are paired.
    init(_ points: [(family: String, measured: Double, simulated: Double)]) {
        for (index, one) in points.enumerated() {
            for other in points[(index + 1)...] where other.family == one.family {
                guard max(one.measured, other.measured) >= 1.1 * min(one.measured, other.measured) else { continue }
                pairs += 1
                if (one.measured < other.measured) != (one.simulated < other.simulated) { wrong += 1 }
            }
        }
    }

    /// Share of pairs in the wrong order; `nil` without pairs.
    var wrongShare: Double? { pairs > 0 ? Double(wrong) / Double(pairs) : nil }
}

/// Step costs are shared by the load points of one configuration.
struct StepCostCache {
    private var costs: [String: TransformerStepCost] = [:]

    mutating func cost(
        _ key: String, make: () throws(ParallelismError) -> TransformerStepCost
    ) throws(ParallelismError) -> TransformerStepCost {
        if let found = costs[key] { return found }
        let cost = try make()
        costs[key] = cost
        return cost
    }
}

/// One measured load point.
struct LoadPoint: Hashable, Sendable {
    let model: String
    let gpu: String
    let backend: String
    /// Empty where it was not recorded.
    let version: String
    let format: String
    let tensor: Int
    let inputTokens: Int
    let outputTokens: Int
    let users: Int
    let isUniform: Bool
    let ttft: Double
    let tpot: Double

    /// Steps compute at most so many tokens: the servers' defaults on these devices.
    static let maxBatchedTokens = 8_192

    /// `nil` where the number of users of one engine was not recorded.
    init?(_ row: MeasuredTable.Row) throws(ValidationDataError) {
        guard let users = try row.optional("concurrency"), try row.optional("batch_size") == users else { return nil }
        self.users = Int(users)
        model = try row.text("model")
        gpu = try String(row.text("gpu").prefix { $0 != "_" })
        backend = try row.text("backend")
        version = try row.text("backend_version")
        format = try row.text("precision")
        tensor = try row.count("tp_size")
        inputTokens = try row.count("isl")
        outputTokens = try row.count("osl")
        isUniform = try row.text("source").hasPrefix("inferencex")
        ttft = try row.number("ttft_ms")
        tpot = try row.number("tpot_ms")
    }

    /// Whether the point belongs to the configurations that others published errors for.
    var isReference: Bool {
        model.hasSuffix("Llama-3.1-70B") && gpu == "h100" && backend == "vllm" && format == "fp8" && tensor >= 4
    }

    /// Points of one model on one GPU.
    var family: String { "\(model) \(gpu)" }

    private var configuration: String {
        "\(gpu) \(model.split(separator: "/").last ?? "") \(format.isEmpty ? "bf16" : format) \(backend) tp\(tensor), "
            + "\(inputTokens) in, \(outputTokens) out, \(users) users"
    }

    func comparisons(_ result: (ttft: Double, tpot: Double)) -> [ValidationComparison] {
        [("ttft", result.ttft, ttft), ("tpot", result.tpot, tpot)].map { name, simulated, measured in
            ValidationComparison(
                configuration: configuration, statistic: name, simulated: simulated, measured: measured)
        }
    }

    private var precision: Precision {
        switch format {
        // 32 long answers of 70B on two H100 fit without queueing, and 64 do not: the cache is in 8 bits too.
        case "fp8": .fp8.caching(.fp8)
        case "fp4":
            Precision(
                name: "nvfp4", weights: .fp4, groupSize: 16, groupBits: 8, activations: .bf16, compute: .fp4,
                kvCache: .fp8)
        default: .bf16
        }
    }

    /// vLLM before 0.15 works on the host between steps.
    private var schedulesAhead: Bool {
        let parts = version.split(separator: ".").compactMap { Int($0) }
        return backend != "vllm" || parts.count < 2 || (parts[0], parts[1]) >= (0, 15)
    }

    /// Mean TTFT and TPOT in milliseconds. The measurement begins with all users at once: the client's warm-up has
    /// ended by then.
    func simulate(_ costs: inout StepCostCache) throws -> (ttft: Double, tpot: Double) {
        let name = model.contains("Qwen3-32B") ? "qwen3-32b" : model
        let architecture = try ModelCatalogue.model(named: name)
        let device = try Device.named(Device.canonicalName(for: gpu) ?? gpu)
        let (precision, split) = (precision, Parallelism(tensor: tensor))
        let plan = try MemoryPlan(
            architecture, precision, device: device, split: split,
            settings: MemorySettings(utilization: 0.9, maxBatchedTokens: Self.maxBatchedTokens))
        let cost = try costs.cost("\(name) \(gpu) \(precision.name) \(tensor)") { () throws(ParallelismError) in
            try TransformerStepCost(
                architecture, precision, device: device, split: split, maxBatchedTokens: Self.maxBatchedTokens)
        }
        let loop = ClosedLoop(
            cost: schedulesAhead ? cost : HostTimed(base: cost, engine: .synchronous), users: users,
            maxBatchedTokens: Self.maxBatchedTokens, maxSequences: 1_024,
            kvTokens: plan.kvTokens, pathDelay: ServerPath.seconds * 1e9, schedulesAhead: schedulesAhead)
        var served = loop.serve(works())
        if !isUniform {
            // Equal lengths: after the first round users keep the order, and the distances, in which it left them.
            served = Array(served.dropFirst(users))
        }
        let counted = ServedRun(requests: served)
        return (counted.statistic("mean ttft") ?? 0, counted.statistic("mean tpot") ?? 0)
    }

    /// Ten requests per user; lengths uniform in 80–100 % where the source draws them so.
    private func works() -> [ClosedLoop.Work] {
        let key = RandomKey(seed: 1).derived("validation lengths")
        func draw(_ length: Int, _ counter: Int) -> Int {
            isUniform ? max(1, Int(Double(length) * (0.8 + 0.2 * key.uniform(UInt64(counter))))) : length
        }
        return (0..<10 * users).map { index in
            ClosedLoop.Work(
                inputTokens: draw(inputTokens, 2 * index), outputTokens: draw(outputTokens, 2 * index + 1))
        }
    }
}

import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// Configurations of `blis-agg-vllm0151`: Poisson arrivals in stages, 100 distinct prompts in a cycle, aggregates as a
/// streaming client saw them.
struct AggregateSet {
    let folder: ValidationFolder
    let quick: Bool
    private static let root = ValidationSet.aggregates.rawValue
    static let statistics = ["mean ttft", "p90 ttft", "p99 ttft", "mean e2e", "p90 e2e", "p99 e2e"]

    func report() throws -> ValidationReport {
        let rows = try folder.table("\(Self.root)/aggregates.csv").rows
        var names: [String] = []
        var configurations: [String: [MeasuredTable.Row]] = [:]
        for row in rows {
            let name = try row.text("exp")
            if configurations[name] == nil { names.append(name) }
            configurations[name, default: []].append(row)
        }
        var report = ValidationReport(set: .aggregates, comparisons: [], summaries: [], omissions: [])
        var classic: [ValidationComparison] = []
        for name in quick ? names.filter({ $0.contains("8b-tp1-general-lite") }) : names {
            do throws(Omission) {
                let run = try MeasuredAggregate(configurations[name] ?? [])
                let compared = try run.compare()
                report.comparisons += compared
                if run.device.generation != .hopper { classic += compared }
            } catch {
                switch error {
                case .data(let error): throw error
                case .reason(let reason): report.omissions.append("\(name): \(reason)")
                }
            }
        }
        report.summaries = Self.summaries(report.comparisons, classic: classic)
        return report
    }

    /// A client's clock runs from sending to receiving.
    static func seenByClient(_ timing: RequestTiming) -> ServedRequest {
        ServedRequest(
            start: timing.arrival, firstToken: timing.firstToken + ServerPath.seconds,
            lastToken: timing.lastToken + ServerPath.seconds, outputTokens: timing.outputTokens)
    }

    private static func summaries(
        _ all: [ValidationComparison], classic: [ValidationComparison]
    ) -> [ValidationSummary] {
        func line(
            _ target: String, _ name: String, _ rule: ValidationSummaryRule = .median,
            of comparisons: [ValidationComparison]? = nil, against limits: (published: Double?, bar: Double)
        ) -> ValidationSummary {
            ValidationSummary(
                target: target, statistic: "\(name), \(rule.rawValue)\(comparisons == nil ? "" : ", A100 and L40S")",
                error: (comparisons ?? all).error(name, rule), published: limits.published, bar: limits.bar)
        }
        return [
            line("T3", "mean e2e", against: (0.068, 0.05)), line("T3", "p99 e2e", against: (0.072, 0.06)),
            line("T3", "mean e2e", .worst, against: (nil, 0.2)),
            line("T3", "p99 e2e", .worst, against: (nil, 0.2)),
            line("T4", "mean ttft", against: (0.126, 0.09)), line("T4", "p99 ttft", against: (0.242, 0.18)),
            line("T5", "mean e2e", of: classic, against: (0.125, 0.07)),
            line("T5", "p99 ttft", of: classic, against: (0.6, 0.35)),
        ]
    }
}

/// Why a configuration is not compared: its data are damaged, or it cannot be simulated.
enum Omission: Error {
    case data(ValidationDataError)
    case reason(String)
}

/// One configuration with what was measured, whole run first.
struct MeasuredAggregate {
    let name: String
    let device: Device
    private let whole: MeasuredTable.Row
    private let workload: CycledWorkload
    private let replay: EngineReplay

    init(_ rows: [MeasuredTable.Row]) throws(Omission) {
        do {
            guard let whole = try rows.first(where: { try $0.text("stage") == "all" }) else {
                throw Omission.reason("no whole-run row")
            }
            self.whole = whole
            let gpu = try whole.text("gpu")
            device = try Device.named(Device.canonicalName(for: gpu) ?? gpu)
            let model = try whole.text("model")
            let tensor = try whole.count("tp")
            let (exp, kind) = try (whole.text("exp"), whole.text("workload"))
            name = "\(gpu) \(model.split(separator: "/").last ?? "") tp\(tensor) \(kind) (\(exp.prefix { $0 != "-" }))"
            workload = try CycledWorkload(whole.text("workload"), stages: rows.filter { $0.line != whole.line })
            replay = try Self.replay(whole, model: model, device: device, split: Parallelism(tensor: tensor))
        } catch let error as ValidationDataError {
            throw .data(error)
        } catch let error as Omission {
            throw error
        } catch {
            throw .reason("\(error)")
        }
    }

    private static func replay(
        _ row: MeasuredTable.Row, model: String, device: Device, split: Parallelism
    ) throws -> EngineReplay {
        let architecture = try ModelCatalogue.model(named: model)
        let precision = try Precision(named: row.text("precision"))
        let batched = try row.count("max_num_batched_tokens")
        let plan = try MemoryPlan(
            architecture, precision, device: device, split: split,
            settings: MemorySettings(
                utilization: row.number("gpu_mem_util"), maxBatchedTokens: batched, maxSequences: 128))
        let cost = try TransformerStepCost(
            architecture, precision, device: device, split: split, maxBatchedTokens: batched)
        return EngineReplay(
            engine: EngineConfiguration(
                maxBatchedTokens: batched, maxSequences: 128, maxModelLength: 4_096, kvBlocks: plan.kvBlocks,
                asynchronousScheduling: true),
            stepCost: cost)
    }

    func compare() throws(Omission) -> [ValidationComparison] {
        do {
            let timings = try replay.serve(workload.prompts(seed: 1))
            let run = ServedRun(requests: timings.map(AggregateSet.seenByClient))
            return try AggregateSet.statistics.compactMap { statistic in
                let words = statistic.split(separator: " ")
                guard let simulated = run.statistic(statistic) else { return nil }
                return ValidationComparison(
                    configuration: name, statistic: statistic, simulated: simulated,
                    measured: try whole.number("\(words[1])_\(words[0])"))
            }
        } catch let error as ValidationDataError {
            throw .data(error)
        } catch {
            throw .reason("\(error)")
        }
    }
}

/// What a request spends between client and engine, both ways: HTTP, tokenisation, hand-over between processes,
/// detokenisation, streaming.
enum ServerPath {
    static let seconds = 0.005
}

/// The workloads of the set's client: stages of Poisson arrivals, prompts of 100 kinds in 10 groups with a common
/// beginning, one length of answer.
struct CycledWorkload: Hashable, Sendable {
    /// Seconds and requests per second of each stage.
    var stages: [Stage]
    var systemTokens: Int
    var questionTokens: Int
    var outputTokens: Int

    struct Stage: Hashable, Sendable {
        var seconds: Double
        var rate: Double
    }

    static let kinds = 100
    static let groups = 10
    /// The rate of a `general-lite` first stage, which the source does not print: it follows from the whole-run mean
    /// being the mean over both stages, weighted by requests (5 : 12 in every such configuration).
    private static let unprintedRate = 2.5

    init(_ name: String, stages rows: [MeasuredTable.Row]) throws {
        switch name.split(separator: "-").first {
        case "general": (systemTokens, questionTokens, outputTokens) = (100, 447, 248)
        case "codegen": (systemTokens, questionTokens, outputTokens) = (100, 466, 247)
        case "roleplay": (systemTokens, questionTokens, outputTokens) = (150, 600, 251)
        case "reasoning": (systemTokens, questionTokens, outputTokens) = (100, 934, 1_448)
        default: throw Omission.reason("unknown workload `\(name)`")
        }
        let seconds = rows.count > 1 ? 600.0 : 1_200.0
        stages = try rows.map { Stage(seconds: seconds, rate: try $0.optional("rate_rps") ?? Self.unprintedRate) }
    }

    init(stages: [Stage], systemTokens: Int, questionTokens: Int, outputTokens: Int) {
        self.stages = stages
        self.systemTokens = systemTokens
        self.questionTokens = questionTokens
        self.outputTokens = outputTokens
    }

    /// Arrivals drawn with `seed`. Lengths of prompts vary by up to ten tokens between kinds, as re-tokenised texts do.
    func prompts(seed: UInt64) -> [ReplayPrompt] {
        let key = RandomKey(seed: seed).derived("validation arrivals")
        var prompts: [ReplayPrompt] = []
        var (start, draw) = (0.0, UInt64(0))
        for stage in stages {
            var time = start
            while true {
                time -= Mathematics.log(1 - key.uniform(draw)) / stage.rate
                draw += 1
                guard time < start + stage.seconds else { break }
                prompts.append(prompt(prompts.count % Self.kinds, at: time))
            }
            start += stage.seconds
        }
        return prompts
    }

    private func prompt(_ kind: Int, at time: Double) -> ReplayPrompt {
        Self.prompt(
            kind, at: time, system: systemTokens, question: questionTokens + kind * 7 % 21 - 10, output: outputTokens)
    }

    /// A prompt of one kind: its group's beginning of `system` tokens, then `question` tokens of its own.
    static func prompt(_ kind: Int, at time: Double, system: Int, question: Int, output: Int) -> ReplayPrompt {
        ReplayPrompt(
            arrival: time, inputTokens: system + question, outputTokens: output,
            segments: [
                PromptSegment(key: UInt64(1 + kind % groups), tokens: Int32(system)),
                PromptSegment(key: UInt64(1_000 + kind), tokens: Int32(question)),
            ])
    }
}

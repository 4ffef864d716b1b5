import ArgumentParser
import Dispatch
import Planning
import Primitives
import Reports
import Workloads

/// Request traces.
struct Trace: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Inspect, convert and synthesize request traces.",
        subcommands: [Inspect.self, Convert.self, Synthesize.self])

    /// The formats that can be written.
    enum WrittenFormat: String, CaseIterable, ExpressibleByArgument {
        case isocost
        case azureLLM = "azure-llm"
        case mooncake, vidur

        var format: TraceFormat {
            switch self {
            case .isocost: .isocost
            case .azureLLM: .azureLLM
            case .mooncake: .mooncake
            case .vidur: .vidur
            }
        }
    }

    /// Writes a trace whole or, failed or interrupted, not at all; says how many requests, and what was left out.
    fileprivate static func write(
        _ source: any RequestSource, to out: String, as format: WrittenFormat,
        _ options: TraceWriteOptions = TraceWriteOptions()
    ) throws {
        try OutputPath.check(out)
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        do {
            let count = try writeTrace(
                CancellableSource(source, cancellation), to: out, format: format.format, options: options)
            for skipped in source.skipped {
                standardError("isocost: left out \(skipped.count) rows: \(skipped.reason)\n")
            }
            print("Wrote \(count) requests to \(out).")
        } catch let error as TraceError where error.kind == .missing && error.file == out {
            // The folder is there, as was checked, but takes no files: not a missing input.
            throw OutputError(path: out, action: "create", reason: "its folder takes no files")
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Counts, rates, burstiness and lengths of a trace.")
        @OptionGroup var trace: TraceReading

        func run() throws { print(try TraceStatistics(of: trace.open()).text, terminator: "") }
    }

    struct Convert: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a trace in another format.",
            discussion: """
                isocost keeps everything; mooncake arrivals, lengths, sessions and what prompts share; azure-llm and \
                vidur arrivals and lengths.
                """)
        @OptionGroup var trace: TraceReading
        @Option(help: "Format to write.")
        var to = WrittenFormat.isocost
        @Option(help: "File to write.")
        var out: String

        func run() throws {
            // What is read in blocks of a size is written so, too.
            let options = TraceWriteOptions(hashBlockTokens: trace.hashBlock ?? 512)
            try write(trace.open(), to: out, as: to, options)
        }
    }

    struct Synthesize: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a synthetic trace: of a preset, of a scenario's workload, or resampled from a trace.",
            discussion: """
                Resampling draws requests of a trace at random, with replacement, and lets them arrive as a Poisson \
                process; sessions and what prompts share are lost.
                """)
        @Option(help: "A built-in workload.")
        var preset: WorkloadPreset?
        @Option(help: "A scenario whose workload is written.", completion: .file(extensions: ["yaml", "yml"]))
        var scenario: String?
        @Option(help: "A trace to draw from, of a format that tells itself.", completion: .file())
        var resample: String?
        @Option(help: ArgumentHelp("Override a setting of the scenario; repeatable.", valueName: "key.path=value"))
        var set: [String] = []
        @Option(
            help: """
                Requests to write: of a preset, repeated as often as needed, once through by default; of a trace, as \
                many as it has by default.
                """)
        var requests: UInt64?
        @Option(help: "Mean requests per second; the preset's or the trace's own by default.")
        var rate: Double?
        @Option(help: "Format to write.")
        var format = WrittenFormat.isocost
        @Option(help: "Seed.")
        var seed: UInt64 = 1
        @Option(help: "File to write.")
        var out: String

        func validate() throws {
            guard [preset?.rawValue, scenario, resample].count(where: { $0 != nil }) == 1 else {
                throw ValidationError("Give either `--preset` or `--scenario` or `--resample`.")
            }
            if scenario != nil, rate != nil || requests != nil {
                throw ValidationError(
                    "`--rate` and `--requests` go with `--preset` and `--resample`; use `--set` with `--scenario`.")
            }
            if scenario == nil, !set.isEmpty { throw ValidationError("`--set` goes with `--scenario`.") }
            if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("`--rate` is positive, not \(rate).") }
            if requests == 0 { throw ValidationError("`--requests` is at least 1.") }
        }

        func run() throws { try write(source(), to: out, as: format) }

        private func source() throws -> any RequestSource {
            if let preset { return try preset.workload(requests: requests, rate: rate).open(seed: seed) }
            if let resample { return try resampled(resample).open(seed: seed) }
            let overrides = ScenarioOverrides(settings: set)
            return try Scenario.load(scenario ?? "", overrides: overrides).resolved().workload.makeSource(seed: seed)
        }

        private func resampled(_ path: String) throws -> Workload {
            let original = Workload.trace(path: path, options: TraceOptions())
            let statistics = try TraceStatistics(of: original.open(seed: seed))
            guard let rate = rate ?? statistics.meanRate else { throw InputError.noRate(path) }
            let resampling = WorkloadTransform.Resampling(
                arrivals: .poisson(rate: rate), limit: requests ?? statistics.requests)
            return .transformed(original, [.resample(resampling)])
        }
    }
}

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

    /// How a trace file is read.
    struct Reading: ParsableArguments {
        @Argument(help: "A trace, plain or gzip; or a ServeGen folder.", completion: .file())
        var file: String
        @Option(help: "Its format; found out when not given.")
        var format: TraceFormat?
        @Option(help: "Tokens per entry of `hash_ids` (mooncake).")
        var hashBlock: Int32 = 512
        @Option(help: "Seed of the draws that a ServeGen folder stands for.")
        var seed: UInt64 = 1

        func validate() throws {
            guard hashBlock > 0 else { throw ValidationError("`--hash-block` is at least 1, not \(hashBlock).") }
        }

        func open() throws -> any RequestSource {
            return try openTrace(
                at: file, options: TraceOptions(format: format, hashBlockTokens: hashBlock, seed: seed))
        }
    }

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

    /// Writes a trace whole or, failed or interrupted, not at all.
    fileprivate static func write(_ source: any RequestSource, to out: String, as format: WrittenFormat) throws
        -> UInt64
    {
        try OutputPath.check(out)
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        do {
            return try writeTrace(CancellableSource(source, cancellation), to: out, format: format.format)
        } catch let error as TraceError where error.kind == .missing && error.file == out {
            // The folder is there, as was checked, but takes no files: not a missing input.
            throw OutputError(path: out, action: "create", reason: "its folder takes no files")
        }
    }

    struct Inspect: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Counts, rates, burstiness and lengths of a trace.")
        @OptionGroup var trace: Reading

        func run() throws { print(try TraceStatistics(of: trace.open()).text, terminator: "") }
    }

    struct Convert: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Write a trace in another format.")
        @OptionGroup var trace: Reading
        @Option(help: "Format to write.")
        var to = WrittenFormat.isocost
        @Option(help: "File to write.")
        var out: String

        func run() throws {
            let source = try trace.open()
            let count = try write(source, to: out, as: to)
            for skipped in source.skipped {
                standardError("isocost: left out \(skipped.count) rows: \(skipped.reason)\n")
            }
            print("Wrote \(count) requests to \(out).")
        }
    }

    struct Synthesize: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a synthetic trace: of a preset, or of a scenario's workload.")
        @Option(help: "A built-in workload: azure-conv-2023, azure-code-2023.")
        var preset: WorkloadPreset?
        @Option(help: "A scenario whose workload is written.", completion: .file(extensions: ["yaml", "yml"]))
        var scenario: String?
        @Option(help: ArgumentHelp("Override a setting of the scenario; repeatable.", valueName: "key.path=value"))
        var set: [String] = []
        @Option(help: "Requests to write of a preset, which is repeated as often as needed; once through by default.")
        var requests: UInt64?
        @Option(help: "Mean requests per second of a preset; its own rate by default.")
        var rate: Double?
        @Option(help: "Format to write.")
        var format = WrittenFormat.isocost
        @Option(help: "Seed.")
        var seed: UInt64 = 1
        @Option(help: "File to write.")
        var out: String

        func validate() throws {
            guard (preset == nil) != (scenario == nil) else {
                throw ValidationError("Give either `--preset` or `--scenario`.")
            }
            if scenario != nil, rate != nil || requests != nil {
                throw ValidationError("`--rate` and `--requests` go with `--preset`; use `--set` with `--scenario`.")
            }
            if preset != nil, !set.isEmpty { throw ValidationError("`--set` goes with `--scenario`.") }
            if let rate, !(rate > 0 && rate.isFinite) { throw ValidationError("`--rate` is positive, not \(rate).") }
            if requests == 0 { throw ValidationError("`--requests` is at least 1.") }
        }

        func run() throws {
            let count = try write(source(), to: out, as: format)
            print("Wrote \(count) requests to \(out).")
        }

        private func source() throws -> any RequestSource {
            if let preset { return try preset.workload(requests: requests, rate: rate).open(seed: seed) }
            let overrides = ScenarioOverrides(settings: set)
            return try Scenario.load(scenario ?? "", overrides: overrides).resolved().workload.makeSource(seed: seed)
        }
    }
}

import ArgumentParser
import Dispatch
import Foundation
import Planning
import Reports
import Store

/// Compares strategies with a baseline: those of a scenario, which it runs, or stored runs.
struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Set strategies against a baseline: paired differences, confidence intervals, where the answer flips.",
        discussion: """
            With a scenario, runs all its strategies (at least \(leastReplications) replications unless \
            --replications says otherwise, each under the same seed for all), prints the comparison, and writes the \
            same files as `isocost run`. With the numbers of stored runs, compares those without running anything: \
            runs of one strategy and result are its replications; differences are paired where workload and seeds are \
            shared, and said to be unpaired where not.

              isocost compare scenarios/quickstart.yaml
              isocost compare 1-3 7-9
            """)

    /// Replications of a scenario that asks for fewer.
    static let leastReplications = 5

    @Argument(
        help: "A scenario file; or stored runs, as `isocost runs` lists them: `4`, or `4-8` for several.",
        completion: .file(extensions: ["yaml", "yml"]))
    var subjects: [String]

    @Option(help: "Strategy that the others are compared with, in place of the scenario's (or the first run's).")
    var baseline: String?

    @OptionGroup var changes: ScenarioChanges

    @Option(help: "Folder of the results, stored ones too.", completion: .directory)
    var out = "reports"

    @Flag(help: "Find the request rate at which the winner changes, by running the two best again at up to 22 rates.")
    var breakEvenRate = false

    @Option(help: "Runs carried out at the same time; all processors by default.")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress and no table.")
    var quiet = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("`--threads` is at least 1, not \(threads).") }
        guard let runs = try storedRuns() else {
            if subjects.count > 1 {
                throw ValidationError("one scenario, or the numbers of stored runs, but no mixture.")
            }
            return
        }
        if Set(runs).count < runs.count { throw ValidationError("each run is named once.") }
        for (option, isGiven) in settingsOfRuns where isGiven {
            throw ValidationError("`\(option)` is for a scenario; stored runs are compared as they are.")
        }
    }

    /// Options that would change nothing about runs that have been made.
    private var settingsOfRuns: [(String, Bool)] {
        [
            ("--seed", changes.seed != nil), ("--replications", changes.replications != nil),
            ("--strategy", !changes.strategy.isEmpty), ("--trace", changes.trace != nil),
            ("--set", !changes.set.isEmpty),
            ("--threads", threads != nil), ("--break-even-rate", breakEvenRate), ("--quiet", quiet),
        ]
    }

    func run() throws {
        if let runs = try storedRuns() { try compare(runs) } else { try compareStrategies() }
    }

    // MARK: A scenario

    private func compareStrategies() throws {
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        let scenario = try loaded()
        guard scenario.strategyNames.count > 1 else { throw InputError.oneStrategy(subjects[0]) }
        let job = ScenarioJob(
            scenario: try scenario.resolved(), out: out, threads: threads, quiet: quiet, seeksRate: breakEvenRate,
            cancellation: cancellation)
        let finished = try job.carryOut()
        guard !quiet else { return }
        print(
            CompareText.text(
                of: finished.result, breakEven: finished.breakEven, notes: finished.result.warnings.map(Self.plain),
                style: .ofStandardOutput))
        print("Open \(finished.folder.file("report.html")) for the report; the tables are beside it.")
        standardError(finished.speed.text + "\n")
    }

    private func loaded() throws -> Scenario {
        var overrides = changes.overrides
        if let baseline { overrides.settings.append("compare.baseline=" + Self.quoted(baseline)) }
        let scenario = try Scenario.load(subjects[0], overrides: overrides)
        let isEnough = scenario.replications ?? 1 >= Self.leastReplications || scenario.dividesOneRun
        guard changes.replications == nil, !isEnough else { return scenario }
        overrides.replications = Self.leastReplications
        return try Scenario.load(subjects[0], overrides: overrides)
    }

    /// A YAML scalar that reads back as `text`, whatever is in it.
    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Messages mark names with backticks, which a terminal shows as they are.
    private static func plain(_ message: String) -> String { message.replacing("`", with: "") }

    // MARK: Stored runs

    private func compare(_ ids: [Int64]) throws {
        let store = try StoreOptions.open(out)
        let comparison = try KeptComparison(try ids.map { KeptRun(try store.run(id: $0)) }, baseline: baseline)
        print(
            CompareText.text(
                of: comparison.result, notes: comparison.notes.map(Self.plain), style: .ofStandardOutput),
            terminator: "")
    }

    /// The runs named, in order; `nil` where the arguments are no numbers of runs, or a file is called like one.
    private func storedRuns() throws -> [Int64]? {
        let ranges = subjects.map(Self.range)
        guard !subjects.contains(where: FileManager.default.fileExists), ranges.allSatisfy({ $0 != nil }) else {
            if subjects.count > 1, ranges.contains(where: { $0 != nil }) {
                throw ValidationError("one scenario, or the numbers of stored runs, but no mixture.")
            }
            return nil
        }
        guard ranges.reduce(0, { $0 + ($1?.count ?? 0) }) <= Self.mostRuns else {
            throw ValidationError("at most \(Self.mostRuns) runs are compared at a time.")
        }
        return ranges.flatMap { $0.map(Array.init) ?? [] }
    }

    private static let mostRuns = 10_000

    private static func range(_ text: String) -> ClosedRange<Int64>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int64(part) : nil
        }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
            last - first < Int64(mostRuns)
        else { return nil }
        return first...last
    }
}

extension KeptRun {
    /// A run as the store has it.
    fileprivate init(_ stored: StoredRunDetail) {
        let result = stored.result
        self.init(
            id: stored.run.id, resultID: stored.run.resultID, metrics: stored.run.metrics, invoice: stored.invoice,
            router: stored.router, pools: stored.pools,
            context: ScenarioResult(
                name: result.name, text: result.text, workload: result.workload, model: result.model,
                precision: result.precision, objectives: result.objectives, strategies: [], comparison: [],
                assumptions: result.assumptions, warnings: result.warnings, version: result.version,
                priceReaders: result.priceReaders))
    }
}

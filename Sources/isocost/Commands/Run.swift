import ArgumentParser
import Foundation
import Planning
import Reports
import SimulationCore
import Store

/// Runs scenarios to reports.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replay scenarios and write cost-versus-latency reports.",
        discussion: """
            For each scenario writes summary.csv, comparison.csv, timeline.csv, invoice.csv and report.html to \
            DIR/<scenario name>/, and stores the runs in DIR/isocost.sqlite. The same scenario and seed give the \
            same bytes on any number of threads.
            """)

    @OptionGroup var input: ScenarioOptions

    @Option(help: "Folder for results.", completion: .directory)
    var out = "reports"

    @Flag(help: "Also write requests.csv, a row per request.")
    var perRequest = false

    @Option(help: "Runs carried out at the same time; all processors by default.")
    var threads: Int?

    @Option(help: "Advance decoding by `leaping` or one `single` step at a time; the results are equal.")
    var stepping = SimulationOptions.Stepping.leaping

    @Flag(name: .shortAndLong, help: "No progress and no table.")
    var quiet = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("`--threads` is at least 1, not \(threads).") }
    }

    func run() throws {
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        let scenarios = try input.resolved()
        try checkFolders(of: scenarios)
        for scenario in scenarios { try carryOut(scenario, cancellation) }
    }

    /// Two scenarios of one name would write the same files, the second over the first.
    private func checkFolders(of scenarios: [ResolvedScenario]) throws {
        var taken: Set<String> = []
        for scenario in scenarios {
            let folder = RunFolder(root: out, scenario: scenario.scenario.name).path
            guard taken.insert(folder).inserted else { throw InputError.sameFolder(folder) }
        }
    }

    private func carryOut(_ scenario: ResolvedScenario, _ cancellation: CancellationFlag) throws {
        let folder = RunFolder(root: out, scenario: scenario.scenario.name)
        try folder.create()
        // Opened first: a store that cannot be written should not cost a run.
        let store = try ResultStore(path: out + "/isocost.sqlite")
        let requests = perRequest ? folder.requests(strategies: scenario.strategies.map(\.name)) : nil
        let progress = Progress(unit: "requests", quiet: quiet)
        do {
            let start = ContinuousClock.now
            let result = try scenario.run(options(progress, requests, cancellation))
            let elapsed = ContinuousClock.now - start
            progress.clear()
            try folder.write(result, requests: requests)
            try store.save(result, created: WallClock.timestamp)
            if !quiet { show(result, in: folder, after: elapsed) }
        } catch {
            progress.clear()
            requests?.discard()
            throw error
        }
    }

    private func options(
        _ progress: Progress, _ requests: RequestsCSV?, _ cancellation: CancellationFlag
    ) -> RunOptions {
        var options = RunOptions(
            threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, stepping: stepping,
            cancellation: cancellation)
        options.progress = { state in
            let label = "\(state.runsFinished)/\(state.runs) runs"
            progress.show(state.requests, of: state.expectedRequests, label: label)
        }
        if let requests { options.outcomes = { try requests.sink(for: $0) } }
        return options
    }

    private func show(_ result: ScenarioResult, in folder: RunFolder, after elapsed: Duration) {
        let style = TerminalStyle.choose(
            asked: nil, isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
        print(ComparisonTable.text(of: result, style: style))
        print("Open \(folder.file("report.html")) for the report; the tables are beside it.")
        let records = result.strategies.flatMap(\.runs).map(\.record)
        let speed = RunSpeed(
            requests: records.reduce(0) { $0 + $1.offered }, events: records.reduce(0) { $0 + $1.events },
            seconds: elapsed / .seconds(1))
        // Not on standard output, which is the same at every run.
        standardError(speed.text + "\n")
    }
}

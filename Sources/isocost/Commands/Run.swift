import ArgumentParser
import Dispatch
import Planning
import Reports
import SimulationCore

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
        let job = ScenarioJob(
            scenario: scenario, out: out, threads: threads, stepping: stepping, quiet: quiet, perRequest: perRequest,
            cancellation: cancellation)
        let finished = try job.carryOut()
        guard !quiet else { return }
        print(ComparisonTable.text(of: finished.result, style: .ofStandardOutput))
        print("Open \(finished.folder.file("report.html")) for the report; the tables are beside it.")
        // Not on standard output, which is the same at every run.
        standardError(finished.speed.text + "\n")
    }
}

import ArgumentParser
import Dispatch
import Foundation
import Planning
import Reports
import SimulationCore
import Store

/// Runs a scenario at many points.
struct SweepCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Run a scenario at every point of a grid or list, resumably.",
        discussion: """
            Varies any keys of a scenario: those of its `sweep` block, and those given with --vary. Each finished job is \
            kept in DIR/<scenario name>/sweep.sqlite, so that a sweep that was stopped goes on with --resume; at the end \
            writes sweep.csv, sweep-points.csv and sweep.html beside it. With --sensitivity varies prices, rate, lengths, \
            step times and availability instead, one at a time. The tables are the same bytes whatever the number of jobs \
            at a time, their order, and interruptions.

              isocost sweep scenarios/sweep.yaml
              isocost sweep chat.yaml --vary "strategies[spot].pools[0].replicas=2,4,8" --vary precision=bf16,fp8
            """)

    @Argument(help: "A scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String

    @Option(
        help: ArgumentHelp(
            "Values of a key, or a range `{from: 1, to: 4, step: 1}`; repeatable.", valueName: "key.path=a,b,c"))
    var vary: [String] = []

    @Option(help: "How keys are combined: `grid`, `list` or `one-at-a-time`; the scenario's, or a grid.")
    var design: SweepDesign?

    @Flag(help: "Find out what the answer hangs on: each uncertain input lower and higher.")
    var sensitivity = false

    @OptionGroup var changes: ScenarioChanges

    @Option(help: "Folder for results.", completion: .directory)
    var out = "reports"

    @Option(help: "Jobs carried out at the same time; all processors by default.")
    var jobs: Int?

    @Flag(help: "Go on with a sweep that was stopped.")
    var resume = false

    @Flag(help: "Throw a sweep that was stopped away, and begin anew.")
    var restart = false

    @Flag(name: .shortAndLong, help: "No progress and no table.")
    var quiet = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("`--jobs` is at least 1, not \(jobs).") }
        if resume, restart { throw ValidationError("either `--resume` or `--restart`.") }
        if sensitivity, !vary.isEmpty { throw ValidationError("`--sensitivity` takes no `--vary`.") }
        if sensitivity, design != nil { throw ValidationError("`--sensitivity` takes no `--design`.") }
    }

    func run() throws {
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        let sweep = try Sweep.load(
            scenario,
            Sweep.Request(overrides: changes.overrides, vary: vary, design: design, isSensitivity: sensitivity))
        let job = SweepJobs(sweep: sweep, out: out, threads: jobs, quiet: quiet, cancellation: cancellation)
        let table = try job.carryOut(resume ? .resume : restart ? .discard : .anew)
        guard !quiet else { return }
        print(SweepText.text(of: table, style: .ofStandardOutput))
        print("Open \(job.folder.file("\(sweep.kind.rawValue).html")) for the page; the tables are beside it.")
    }
}

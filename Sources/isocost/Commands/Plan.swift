import ArgumentParser
import Dispatch
import Foundation
import Planning
import Reports
import Store

/// Finds the cheapest fleet that meets the SLO.
struct Plan: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the cheapest fleet and strategy that meet the SLO, and prove how good the answer is.",
        discussion: """
            Chooses from the scenario's `plan`: offers, replicas, splits, precisions, engine limits, routers, \
            autoscalers, purchase terms. Prints the winner, the next best, what binds, and a lower bound on any \
            fleet's cost; writes DIR/<scenario name>/plan.yaml, which runs, plan.html, and the files of `isocost run` \
            for the fleets it names. The same scenario gives the same bytes on any number of threads.

              isocost plan scenarios/plan-chat.yaml
            """)

    @Argument(help: "A scenario file with a `plan`.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String

    @OptionGroup var changes: ScenarioChanges

    @Option(help: "Folder for results.", completion: .directory)
    var out = "reports"

    @Option(help: "Runs carried out at the same time; all processors by default.")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress and no table.")
    var quiet = false

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("`--threads` is at least 1, not \(threads).") }
    }

    func run() throws {
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        let loaded = try Scenario.load(scenario, overrides: changes.overrides)
        let folder = RunFolder(root: out, scenario: loaded.name)
        try folder.create()
        let store = try ResultStore(path: out + "/isocost.sqlite")
        let progress = Progress(unit: "requests", quiet: quiet)
        let start = ContinuousClock.now
        let found: PlanResult
        do {
            found = try loaded.plan(
                PlanOptions(
                    threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, cancellation: cancellation
                ) { state in
                    let best = state.bestCost.map { ", best \(PlanText.dollars($0))" } ?? ""
                    progress.show(state.requests, of: nil, label: "\(state.fleetsTried) fleets tried\(best)")
                })
        } catch {
            progress.clear()
            throw error
        }
        progress.clear()
        let elapsed = (ContinuousClock.now - start) / .seconds(1)
        if let result = found.result {
            try folder.write(result, requests: nil, breakEven: BreakEvenFigure(of: result))
            try store.save(result, created: WallClock.timestamp)
        }
        try folder.write(found)
        guard !quiet else { return }
        print(PlanText.text(of: found, folder: folder, style: .ofStandardOutput), terminator: "")
        standardError(RunSpeed(requests: found.effort.requests, events: 0, seconds: elapsed).planText + "\n")
    }
}

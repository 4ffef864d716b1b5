import ArgumentParser
import Dispatch
import Foundation
import Planning
import Reports

/// Finds the highest rate that meets the SLO.
struct Capacity: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the highest request rate at which each strategy meets the SLO.",
        discussion: """
            Replays the scenario's requests closer together or further apart (each replication under its own seed, \
            the same for every rate and strategy) and bisects to 0.5 %. `proven` is MLPerf Server's rule: so few late \
            requests that 99 % confidence is reached; it needs enough requests, and says how many.

              isocost capacity scenarios/quickstart.yaml
            """)

    @Argument(help: "A scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String

    @OptionGroup var changes: ScenarioChanges

    @Option(help: "Runs carried out at the same time; all processors by default.")
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("`--threads` is at least 1, not \(threads).") }
    }

    func run() throws {
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        let resolved = try Scenario.load(scenario, overrides: changes.overrides).resolved()
        let found = try resolved.capacities(
            RunOptions(
                threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, cancellation: cancellation))
        print(CapacityText.text(of: found, style: .ofStandardOutput), terminator: "")
    }
}

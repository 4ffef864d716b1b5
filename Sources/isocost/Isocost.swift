import ArgumentParser
import Planning
import Reports

/// The command line: parses, calls, prints, sets the exit status.
@main
struct Isocost: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "isocost",
        abstract: "What serving an AI model costs, and what its users feel.",
        discussion: """
            Replays request traces against fleets of priced instances and reports cost against latency.

              isocost run scenarios/quickstart.yaml    a report in reports/quickstart/
              isocost lint scenarios/quickstart.yaml   the plan, prices and defaults

            Exit status: 0 fine, 64 wrong usage, 65 bad data, 66 missing input, 70 a fault of Isocost, \
            74 input or output failed, 130 interrupted.
            """,
        version: isocostVersion,
        subcommands: [
            Run.self, Compare.self, Plan.self, Capacity.self, SweepCommand.self, Explain.self, Lint.self, Runs.self,
            Export.self, Calibrate.self, Validate.self, Trace.self, Prices.self, Devices.self, Models.self,
        ])

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
            guard flushStandardOutput() else {
                throw OutputError(path: "standard output", action: "write", reason: "not all of it was taken")
            }
        } catch {
            ExitStatus.leave(after: error)
        }
    }
}

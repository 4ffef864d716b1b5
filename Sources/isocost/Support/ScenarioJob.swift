import Foundation
import Planning
import Reports
import SimulationCore
import Store

/// One scenario carried out: run, written to its folder, stored. What `run` and `compare` share.
struct ScenarioJob {
    var scenario: ResolvedScenario
    /// Folder for results.
    var out: String
    var threads: Int?
    var stepping = SimulationOptions.Stepping.leaping
    /// No progress.
    var quiet: Bool
    /// Also write a row per request.
    var perRequest = false
    /// Also search for the rate at which the winner changes.
    var seeksRate = false
    var cancellation: CancellationFlag

    /// What came of it.
    struct Finished {
        var result: ScenarioResult
        var folder: RunFolder
        var breakEven: BreakEvenFigure
        /// Of the runs themselves.
        var speed: RunSpeed
    }

    func carryOut() throws -> Finished {
        let folder = RunFolder(root: out, scenario: scenario.scenario.name)
        try folder.create()
        // Opened first: a store that cannot be written should not cost a run.
        let store = try ResultStore(path: out + "/isocost.sqlite")
        let requests = perRequest ? folder.requests(strategies: scenario.strategies.map(\.name)) : nil
        let progress = Progress(unit: "requests", quiet: quiet)
        do {
            let start = ContinuousClock.now
            let plain = try scenario.run(options(progress, requests))
            let elapsed = ContinuousClock.now - start
            let rate = seeksRate ? try scenario.breakEvenRate(of: plain, options(progress, nil)) : nil
            progress.clear()
            let result = rate.map(plain.noting) ?? plain
            let breakEven = BreakEvenFigure(of: result, rate: rate)
            try folder.write(result, requests: requests, breakEven: breakEven)
            try store.save(result, created: WallClock.timestamp)
            return Finished(
                result: result, folder: folder, breakEven: breakEven, speed: Self.speed(of: result, elapsed))
        } catch {
            progress.clear()
            requests?.discard()
            throw error
        }
    }

    private func options(_ progress: Progress, _ requests: RequestsCSV?) -> RunOptions {
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

    private static func speed(of result: ScenarioResult, _ elapsed: Duration) -> RunSpeed {
        let records = result.strategies.flatMap(\.runs).map(\.record)
        return RunSpeed(
            requests: records.reduce(0) { $0 + $1.offered }, events: records.reduce(0) { $0 + $1.events },
            seconds: elapsed / .seconds(1))
    }
}

extension TerminalStyle {
    /// For what goes to standard output.
    static var ofStandardOutput: TerminalStyle {
        choose(asked: nil, isTerminal: isatty(STDOUT_FILENO) == 1, environment: ProcessInfo.processInfo.environment)
    }
}

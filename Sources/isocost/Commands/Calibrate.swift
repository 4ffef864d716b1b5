import ArgumentParser
import Foundation
import Kernels
import PerformanceModel
import Primitives
import Reports

/// Times the real forward-pass kernels on this machine.
struct Calibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the forward-pass kernels on this machine and write a device profile.",
        discussion: """
            A scenario serves from the profile with `device: {profile: FILE}`, a price of your own and one of the \
            precisions that were timed. Let nothing else run meanwhile: a busy machine gives the profile of what is \
            left of it. Stopped and run again with the same options, it goes on where it was.
            """)

    private static let usual = (models: ["llama-3.2-1b"], precisions: ["fp32"], out: "host-profile.json", seconds: 60.0)

    @Option(help: "Models whose shapes are timed.")
    var model: [String] = usual.models

    @Option(help: "Precisions of the weights: fp32, bf16, int8, int4.")
    var precision: [String] = usual.precisions

    @Option(help: "The profile to write.", completion: .file(extensions: ["json"]))
    var out = usual.out

    @Option(help: "Seconds to spend.")
    var seconds = usual.seconds

    @Option(help: "Threads the kernels use; all processors by default.")
    var threads: Int?

    @Flag(help: "Only show each kernel's rate as a share of this machine's limits.")
    var limits = false

    @Option(help: "With `--limits`, how often everything is timed.")
    var rounds: Int?

    @Flag(name: .shortAndLong, help: "No progress and no table.")
    var quiet = false

    func validate() throws {
        guard seconds > 0, seconds <= 86_400 else {
            throw ValidationError("`--seconds` lies between 0 and 86,400, not \(seconds).")
        }
        if let threads, threads < 1 { throw ValidationError("`--threads` is at least 1, not \(threads).") }
        if let rounds, !(1...1000).contains(rounds) {
            throw ValidationError("`--rounds` lies between 1 and 1,000, not \(rounds).")
        }
        if rounds != nil, !limits { throw ValidationError("`--rounds` goes with `--limits`.") }
        if limits,
            model != Self.usual.models || precision != Self.usual.precisions || out != Self.usual.out
                || seconds != Self.usual.seconds
        {
            throw ValidationError(
                "`--limits` times kernels of its own and writes nothing: `--model`, `--precision`, `--out` and `--seconds` "
                    + "go without it.")
        }
        if limits, quiet { throw ValidationError("`--limits` prints a table and nothing else; leave `--quiet` out.") }
    }

    func run() throws {
        guard !limits else { return try showLimits() }
        try OutputPath.check(out)
        let calibration = try HostCalibration(
            CalibrationRequest(
                models: try model.map { try ModelCatalogue.model(named: $0) },
                formats: try precision.map { try KernelPrecision.named($0).weights }, threads: threads,
                budget: CalibrationBudget(seconds: seconds)))
        let before = try? DeviceProfile.load(out)
        let profile = try measure(calibration)
        do { try profile.save(out) } catch {
            throw OutputError(path: out, action: "write", reason: error.reason)
        }
        guard !quiet else { return }
        print(profile.summary)
        if let before, before.name == profile.name { print(profile.agreementTable(with: before)) }
        if let advice = HostMachine.current().advice { print(advice + ".") }
        let serving = precision.map { "`precision: \($0)`" }.joined(separator: " or ")
        print("Wrote \(out); serve from it with `device: {profile: \(out)}`, `price: 0.10 $/h` and \(serving).")
    }

    /// Times what an earlier run has not, and notes every row beside the profile until that is whole.
    private func measure(_ calibration: HostCalibration) throws -> DeviceProfile {
        let file = CalibrationJournalFile(profile: out)
        let earlier = file.read()
        let progress = Progress(unit: "points", quiet: quiet)
        defer { progress.clear() }
        var failure: OutputError?
        let profile = try calibration.run(date: WallClock.day, resuming: earlier) { journal in
            if let earlier, earlier.identity != calibration.identity, !quiet {
                standardError("isocost: \(file.path) is of another calibration; starting afresh\n")
            } else if !journal.rows.isEmpty, !quiet {
                standardError("isocost: going on after \(journal.rows.count) points of \(file.path)\n")
            }
            failure = file.begin(journal)
        } progress: { state in
            if failure == nil { failure = file.append(state.row) }
            progress.show(UInt64(state.done), of: UInt64(state.total))
        }
        if let failure { throw failure }
        file.remove()
        return profile
    }

    private func showLimits() throws {
        let bench = try KernelBench(threads: threads)
        let progress = Progress(unit: "kernels", quiet: false)
        let rates = bench.run(rounds: rounds ?? 7) { progress.show(UInt64($0), of: UInt64($1)) }
        progress.clear()
        let machine = HostMachine.current()
        print("\(machine.processor), \(bench.threads) threads, \(machine.library(threads: bench.threads))")
        print(rates.text, terminator: "")
        if let advice = machine.advice { print(advice + ".") }
    }
}

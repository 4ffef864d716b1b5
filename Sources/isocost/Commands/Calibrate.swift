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
            A scenario serves from the profile with `device: {profile: FILE}`, a price of your own and \
            `precision: fp32`. Let nothing else run meanwhile: a busy machine gives the profile of what is left of it.
            """)

    @Option(help: "Models whose shapes are timed.")
    var model: [String] = ["llama-3.2-1b"]

    @Option(help: "The profile to write.", completion: .file(extensions: ["json"]))
    var out = "host-profile.json"

    @Option(help: "Seconds to spend.")
    var seconds = 60.0

    @Option(help: "Threads the kernels use; all processors by default.")
    var threads: Int?

    @Flag(name: .shortAndLong, help: "No progress and no table.")
    var quiet = false

    func validate() throws {
        guard seconds > 0, seconds <= 86_400 else {
            throw ValidationError("`--seconds` lies between 0 and 86,400, not \(seconds).")
        }
        if let threads, threads < 1 { throw ValidationError("`--threads` is at least 1, not \(threads).") }
    }

    func run() throws {
        try OutputPath.check(out)
        let models = try model.map { try ModelCatalogue.model(named: $0) }
        let progress = Progress(unit: "points", quiet: quiet)
        let profile = try calibrateHost(
            models: models, threads: threads, budget: CalibrationBudget(seconds: seconds), date: WallClock.day
        ) { state in
            progress.show(UInt64(state.done), of: UInt64(state.total))
        }
        progress.clear()
        do { try profile.save(out) } catch {
            throw OutputError(path: out, action: "write", reason: error.reason)
        }
        guard !quiet else { return }
        print(profile.summary)
        if let advice = HostMachine.current().advice { print(advice + ".") }
        print("Wrote \(out); serve from it with `device: {profile: \(out)}`, `price: 0.10 $/h` and `precision: fp32`.")
    }
}

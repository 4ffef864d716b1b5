import ArgumentParser
import Foundation
import Kernels
import PerformanceModel
import Reports

/// `isocost validate --live` and what goes with it.
struct LiveOptions: ParsableArguments {
    @Flag(help: "Serve requests on this machine with the real kernels, in real time, and predict the same ones.")
    var live = false

    @Option(
        help: "With `--live`, a profile of this machine with the shapes of live-30m; calibrated first if not given.")
    var liveProfile: String?

    @Option(help: "With `--live`, fp32, bf16, int8 or int4.")
    var livePrecision: String?

    @Option(help: "With `--live`, how often each load is served.")
    var liveTries: Int?

    @Option(help: "With `--live`, requests of a serving.")
    var liveRequests: Int?

    @Option(help: "With `--live`, seconds to calibrate.")
    var liveSeconds: Double?

    @Option(
        help:
            "With `--live`, the folder for live-requests.csv, live-errors.csv and, when calibrated, live-profile.json.",
        completion: .directory)
    var liveOut: String?

    func validate() throws {
        let given: [Any?] = [liveProfile, livePrecision, liveTries, liveRequests, liveSeconds, liveOut]
        if given.contains(where: { $0 != nil }), !live {
            throw ValidationError("Options that begin with `--live-` go with `--live`.")
        }
        if let liveTries, !(1...100).contains(liveTries) {
            throw ValidationError("`--live-tries` lies between 1 and 100, not \(liveTries).")
        }
        if let liveRequests, !(1...100_000).contains(liveRequests) {
            throw ValidationError("`--live-requests` lies between 1 and 100,000, not \(liveRequests).")
        }
        if let liveSeconds, !(liveSeconds > 0 && liveSeconds <= 86_400) {
            throw ValidationError("`--live-seconds` lies between 0 and 86,400, not \(liveSeconds).")
        }
        if liveProfile != nil, liveSeconds != nil {
            throw ValidationError("With `--live-profile` nothing is calibrated; leave `--live-seconds` out.")
        }
    }

    /// Calibrates if need be, serves, predicts, prints and stores.
    func check() throws {
        let precision = try KernelPrecision.named(livePrecision ?? "fp32")
        let folder = liveOut ?? "reports"
        // Before minutes are spent for what could not be written.
        try prepare(folder)
        let progress = Progress(unit: "servings", quiet: false)
        let check = LiveCheck(
            precision: precision, profile: try profile(precision, folder), requests: liveRequests ?? 60,
            tries: liveTries ?? 5)
        let report = try check.run { progress.show(UInt64($0), of: UInt64($1)) }
        progress.clear()
        print(
            """
            \(LiveCheck.model.name) in \(precision) on \(check.profile.machine.processor), \
            \(check.profile.machine.threads) threads: \(check.requests) requests a try, \(check.tries) tries a load; \
            the middle try, and the middle of the tries' errors

            """ + report.text, terminator: "")
        try write(report.requestsCSV.utf8, to: folder + "/live-requests.csv")
        try write(report.errorsCSV.utf8, to: folder + "/live-errors.csv")
        print("Wrote \(folder)/live-requests.csv and live-errors.csv.")
    }

    private func profile(_ precision: Precision, _ folder: String) throws -> DeviceProfile {
        if let liveProfile {
            try InputError.check(file: liveProfile)
            return try DeviceProfile.load(liveProfile)
        }
        let progress = Progress(unit: "points", quiet: false)
        defer { progress.clear() }
        let profile = try HostCalibration(
            CalibrationRequest(
                models: [LiveCheck.model], formats: [precision.weights],
                budget: CalibrationBudget(seconds: liveSeconds ?? 40))
        ).run(date: WallClock.day) { _ in
        } progress: {
            progress.show(UInt64($0.done), of: UInt64($0.total))
        }
        try write(try profile.encoded(), to: folder + "/live-profile.json")
        return profile
    }

    private func prepare(_ folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw OutputError(path: folder, action: "create", reason: error.localizedDescription) }
    }

    private func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        let file = try AtomicFile(path: path)
        try file.write(bytes)
        try file.commit()
    }
}

import ArgumentParser
import Dispatch
import Foundation
import Planning
import Reports
import Store

/// Says why a stored run came out as it did.
struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say why a stored run came out as it did: bounds, money, broken minutes, single requests.",
        discussion: """
            Makes the run again from its stored scenario and seed, with everything watched, and says so where the \
            fingerprints differ (another version, a trace that has changed). Relative paths of the scenario's files begin \
            at --from.

              isocost explain 4 --request 1021 --trace run4.json
            """)

    @Argument(help: "Number of the run, as `isocost runs` lists it.")
    var id: Int64

    @Option(help: "Explain this request too, by its number from 0.")
    var request: UInt64?

    @Option(help: "Write a Chrome trace (JSON, for Perfetto) to this file.", completion: .file())
    var trace: String?

    @Option(help: "Folder that the scenario's relative paths begin at.", completion: .directory)
    var from = "."

    @OptionGroup var results: StoreOptions

    func run() throws {
        let cancellation = CancellationFlag()
        let signals = Interrupt.raising(cancellation)
        defer { signals.forEach { $0.cancel() } }
        if let trace { try OutputPath.check(trace) }
        let stored = try results.open().run(id: id)
        let metrics = stored.run.metrics
        let scenario = try Scenario(text: stored.result.text, path: "run \(id)", folder: from)
        let explanation = try scenario.explained(
            strategy: metrics.strategy, seed: metrics.seed, fingerprint: metrics.fingerprint, cancellation: cancellation
        )
        if !explanation.isSame {
            standardError(
                "isocost: run \(id) came out differently this time (stored by version \(stored.result.version)): this "
                    + "explains the new run\n")
        }
        print(ExplanationText.text(of: explanation, style: .ofStandardOutput), terminator: "")
        if let request {
            guard let text = ExplanationText.text(ofRequest: request, in: explanation) else {
                throw InputError.noRequest(request, run: id)
            }
            print("\n" + text, terminator: "")
        }
        guard let trace else { return }
        let file = try AtomicFile(path: trace)
        try file.write(ChromeTrace.json(of: explanation))
        try file.commit()
    }
}

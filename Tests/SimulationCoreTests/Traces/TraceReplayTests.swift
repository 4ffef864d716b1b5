import Foundation
import PerformanceModel
import Primitives
import SimulationCore
import Testing
import Workloads

/// Real traces, where they are at hand.
enum SharedTraces {
    /// The folder of shared data: `ISOCOST_SHARED`, or `../shared` beside the package.
    static let folder: String = {
        if let named = ProcessInfo.processInfo.environment["ISOCOST_SHARED"] { return named }
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.deletingLastPathComponent().appending(path: "shared").path
    }()

    static func path(_ name: String) -> String { folder + "/data/traces/" + name }
    static func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }
}

/// The first requests of another source.
final class FirstRequests: RequestSource {
    private let base: any RequestSource
    private var left: Int

    init(_ count: Int, of base: any RequestSource) { (self.base, left) = (base, count) }

    var classes: [String] { base.classes }
    var regions: [String] { base.regions }
    var contents: PromptContentStore { base.contents }
    var sharesPrefixes: Bool { base.sharesPrefixes }
    var skipped: [SkippedRows] { base.skipped }

    func read(into batch: inout [Request], limit: Int) throws {
        let before = batch.count
        try base.read(into: &batch, limit: min(limit, left))
        left -= batch.count - before
    }
}

/// Whole runs over real traces: everything is accounted for, twice the same, leaping or stepping.
@Suite struct TraceReplayTests {
    /// Roughly an 8-billion-parameter model in 16 bits on an 80 GB accelerator: weights read in 5 ms, 27 µs a prompt
    /// token, 128 KiB of cache a token read at 3.35 TB/s.
    private func fleet(replicas: Int, router: RouterPolicy) -> FleetConfiguration {
        let pool = PoolConfiguration(
            name: "pool", replicas: replicas, engine: EngineConfiguration(kvBlocks: 27_000),
            stepCost: LinearStepCost(
                perStep: 5_012_345.6, perPrefillToken: 27_123.4, perDecodeSequence: 15_432.1, perContextToken: 39.137))
        return FleetConfiguration(
            pools: [pool], router: router, bounds: [RequestBounds(ttft: .seconds(2), tpot: .milliseconds(100))])
    }

    private func run(
        _ fleet: FleetConfiguration, _ stepping: SimulationOptions.Stepping, _ source: any RequestSource
    ) throws -> (record: RunRecord, outcomes: [RequestOutcome]) {
        let collector = Collector()
        let options = SimulationOptions(seed: 1, stepping: stepping)
        let record = try Simulation(fleet: fleet, source: source, options: options, observer: collector).run()
        return (record, collector.outcomes.sorted { $0.id < $1.id })
    }

    private func requests(_ source: any RequestSource) throws -> [Request] {
        var all: [Request] = []
        var count = -1
        while count != all.count {
            count = all.count
            try source.read(into: &all, limit: 4_096)
        }
        return all
    }

    /// Conservation, repetition, and leaping against stepping.
    private func examine(_ fleet: FleetConfiguration, _ open: () throws -> any RequestSource) throws -> RunRecord {
        let first = try run(fleet, .leaping, try open())
        let again = try run(fleet, .leaping, try open())
        let stepped = try run(fleet, .single, try open())
        let checker = ConservationChecker(
            fleet: fleet, requests: try requests(try open()), record: first.record, outcomes: first.outcomes)
        #expect(checker.violations == [])
        #expect(first.record == again.record && first.outcomes == again.outcomes)
        var expected = stepped.record
        expected.events = first.record.events
        #expect(first.record == expected && first.outcomes == stepped.outcomes)
        #expect(first.record.events < stepped.record.events)
        return first.record
    }

    @Test(.enabled(if: SharedTraces.has("azure-2023-conv.csv"), "the shared Azure trace is absent"))
    func azureConversations() throws {
        let path = SharedTraces.path("azure-2023-conv.csv")
        let record = try examine(fleet(replicas: 4, router: .leastOutstanding)) { try openTrace(at: path) }
        #expect(record.offered == 19_366 && record.completed == 19_366 && record.failed == 0)
        #expect(record.verdict == .stable)
    }

    @Test(
        .enabled(if: SharedTraces.has("mooncake-conversation.jsonl"), "the shared Mooncake trace is absent"),
        arguments: [RouterPolicy.leastOutstanding, .prefixAware])
    func mooncakeConversations(router: RouterPolicy) throws {
        let path = SharedTraces.path("mooncake-conversation.jsonl")
        let record = try examine(fleet(replicas: 4, router: router)) {
            FirstRequests(500, of: try openTrace(at: path))
        }
        #expect(record.offered == 500 && record.completed == 500)
        #expect(record.cachedTokens > 0 && record.cachedTokens < record.inputTokens)
    }
}

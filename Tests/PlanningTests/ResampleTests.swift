import Foundation
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// A trace that is drawn from instead of replayed: new arrivals with the trace's own lengths.
@Suite struct ResampleTests {
    private static let trace = """
        TIMESTAMP,ContextTokens,GeneratedTokens
        2023-11-16 18:15:46.0000000,100,11
        2023-11-16 18:15:47.0000000,200,12
        2023-11-16 18:15:48.0000000,300,13
        2023-11-16 18:15:49.0000000,400,14

        """

    private func scenario(_ scale: String, replications: Int = 1) throws -> (Scenario, folder: URL) {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-resample-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.trace.utf8).write(to: folder.appendingPathComponent("trace.csv"))
        let text = """
            version: 1
            name: resampled
            model: llama-3.1-8b
            workload: {trace: {path: trace.csv}, scale: {\(scale)}}
            strategies:
              - name: a
                pools: [{offer: aws/g6e.xlarge/us-east-1}]
            compare: {replications: \(replications)}
            """
        return (try Scenario(text: text, path: "resampled.yaml", folder: folder.path), folder)
    }

    private func records(_ scale: String, replications: Int = 1) throws -> [RunRecord] {
        let (scenario, folder) = try scenario(scale, replications: replications)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try scenario.resolved().run().strategies[0].runs.map(\.record)
    }

    @Test func asManyAsAskedForWithTheLengthsOfTheTrace() throws {
        let record = try records("resample: {arrivals: {rate: 5 /s}, requests: 800}")[0]
        #expect(record.offered == 800 && record.completed == 800)
        // Four equally likely lengths: means of 250 and 12.5 tokens, ± 5 standard errors of 3.95 and 0.0395.
        #expect(abs(Double(record.inputTokens) / 800 - 250) < 20)
        #expect(abs(Double(record.outputTokens) / 800 - 12.5) < 0.2)
        // A second apart in the trace, a fifth of one here.
        #expect(abs((record.lastArrival - record.firstArrival).seconds - 160) < 30)
    }

    @Test func theWindowIsCutBeforeTheDraw() throws {
        let record = try records("from: 3 s, resample: {arrivals: {rate: 5 /s}, requests: 50}")[0]
        #expect(record.inputTokens == 50 * 400 && record.outputTokens == 50 * 14)
    }

    @Test func theRateIsChangedAfterIt() throws {
        let scale = "resample: {arrivals: {process: constant, rate: 1 /s}, requests: 101}"
        let (plain, twice) = (try records(scale)[0], try records(scale + ", rate: 2")[0])
        #expect((plain.lastArrival - plain.firstArrival) == .seconds(100))
        #expect((twice.lastArrival - twice.firstArrival) == .seconds(50))
        #expect(plain.inputTokens == twice.inputTokens)
    }

    @Test func replicationsOfAResampledTraceDiffer() throws {
        let scale = "resample: {arrivals: {rate: 5 /s}, duration: 40 s}"
        let runs = try records(scale, replications: 3)
        #expect(Set(runs.map(\.fingerprint)).count == 3)
        #expect(try records(scale, replications: 3).map(\.fingerprint) == runs.map(\.fingerprint))
        let (scenario, folder) = try scenario(scale, replications: 3)
        defer { try? FileManager.default.removeItem(at: folder) }
        let resolved = try scenario.resolved()
        #expect(!resolved.warnings.contains { $0.contains("same in every replication") })
        #expect(resolved.workload.summary.contains("resampled"))
    }
}

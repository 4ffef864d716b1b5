import Foundation
import Primitives
import Testing
import Workloads

@testable import Planning

/// Workloads as they are opened: files found, changes made in their order, classes and priorities in place.
@Suite struct WorkloadResolutionTests {
    /// A folder of its own, removed at the end.
    private func inFolder<Result>(_ files: [String: String], _ body: (String) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("isocost-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in files { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) }
        return try body(folder.path)
    }

    private func resolved(_ workload: String, more: String = "", folder: String = "/tmp") throws -> ResolvedScenario {
        try scenario(scenarioText(workload: workload, more: more), folder: folder).resolved()
    }

    private func requests(_ scenario: ResolvedScenario, seed: UInt64 = 1) throws -> [Request] {
        let source = try scenario.workload.makeSource(seed: seed)
        var all: [Request] = []
        while true {
            let count = all.count
            try source.read(into: &all, limit: 64)
            if all.count == count { return all }
        }
    }

    private let rows =
        "t,in,out,kind\n"
        + (0..<10).map { "\($0 * 10),\(100 + $0),\(5 + $0),\($0 % 2 == 0 ? "chat" : "code")\n" }.joined()
    private let columns = "columns: {arrival: t, input: in, output: out, class: kind}"

    @Test func relativePathsStartAtTheScenariosFolder() throws {
        try inFolder(["mine.csv": rows]) { (folder: String) throws in
            let scenario = try resolved("{trace: {path: ./mine.csv, format: csv, \(columns)}}", folder: folder)
            let all = try requests(scenario)
            #expect(all.map(\.inputTokens) == (100..<110).map { Int32($0) })
            #expect(scenario.workload.classes == ["chat", "code"] && !scenario.workload.dependsOnSeed)
            #expect(scenario.workload.summary == "mine.csv (csv)" && scenario.workload.expectedRequests == nil)
            #expect(try requests(scenario, seed: 9) == all, "a trace is the same under every seed")
        }
    }

    @Test func changesApplyInTheirDocumentedOrder() throws {
        try inFolder(["mine.csv": rows]) { (folder: String) throws in
            func arrivals(_ scale: String) throws -> [Double] {
                let yaml = "{trace: {path: mine.csv, format: csv, \(columns)}, scale: \(scale)}"
                return try requests(try resolved(yaml, folder: folder)).map(\.arrival.seconds)
            }
            #expect(try arrivals("{rate: 2}") == (0..<10).map { Double($0) * 5 })
            #expect(try arrivals("{time: 2}") == (0..<10).map { Double($0) * 20 })
            #expect(try arrivals("{from: 20 s, to: 50 s}") == [0, 10, 20])
            #expect(try arrivals("{limit: 25 s}") == [0, 10, 20])
            #expect(try arrivals("{requests: 4}") == [0, 10, 20, 30])
            // Cut first (20…80 s becomes 0…50 s), then halved in time, then limited to 20 s, then to four requests.
            #expect(try arrivals("{from: 20 s, to: 80 s, rate: 2, limit: 20 s}") == [0, 5, 10, 15])
            #expect(try arrivals("{from: 20 s, to: 80 s, rate: 2, limit: 20 s, requests: 2}") == [0, 5])
            #expect(try arrivals("{from: 20 s, time: 0.5, rate: 0.5}") == (0..<8).map { Double($0) * 10 })
        }
    }

    @Test func summariesSayWhatWasChanged() throws {
        let scenario = try resolved(
            "{preset: azure-code-2023, scale: {from: 1 min, to: 31 min, time: 2.0, rate: 1.5, limit: 1 h, requests: 5000}}"
        )
        #expect(
            scenario.workload.summary
                == "azure-code-2023, from 1 min, to 31 min, time × 2.0, rate × 1.5, first 1 h, first 5,000 requests")
        #expect(scenario.workload.expectedRequests == 5_000 && scenario.workload.dependsOnSeed)
        let gamma = try resolved(
            "{synthetic: {arrivals: {process: gamma, cv: 2, rate: 3 /s}, lengths: {input: 5, output: 5}, requests: 40}}"
        )
        #expect(gamma.workload.summary == "synthetic gamma (CV 2.0) arrivals at 3.00 /s")
        #expect(gamma.workload.expectedRequests == 40)
    }

    @Test func mixesCountAndNameTheirParts() throws {
        let part = "synthetic: {arrivals: {rate: 3 /s}, lengths: {input: 5, output: 5}, requests: 40}"
        let scenario = try resolved("[{\(part), class: a}, {\(part), class: b, scale: {requests: 10}}]")
        #expect(scenario.workload.classes == ["a", "b"] && scenario.workload.expectedRequests == 50)
        #expect(scenario.workload.summary.hasPrefix("a mix of synthetic Poisson arrivals at 3.00 /s; synthetic"))
        let all = try requests(scenario)
        #expect(all.count == 50 && all.count { $0.classIndex == 1 } == 10)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.arrival <= $1.arrival })
        let open = try resolved("[{\(part)}, {preset: azure-conv-2023, scale: {limit: 1 min}}]")
        #expect(open.workload.expectedRequests == nil)
        // Whole, a preset holds about as many as the trace it was made from: 19,366.
        let whole = try resolved("[{\(part)}, {preset: azure-conv-2023, scale: {rate: 2}}]")
        #expect(try abs(Int(#require(whole.workload.expectedRequests)) - 19_406) <= 20)
    }

    @Test func seedsChangeSyntheticRequests() throws {
        let scenario = try resolved(
            "{synthetic: {arrivals: {rate: 3 /s}, lengths: {input: {geometric: {mean: 50}}, output: 5}, requests: 40}}")
        #expect(try requests(scenario, seed: 1) == requests(scenario, seed: 1))
        #expect(try requests(scenario, seed: 1) != requests(scenario, seed: 2))
    }

    @Test func classesGetTheirPriority() throws {
        try inFolder(["mine.csv": rows]) { (folder: String) throws in
            let scenario = try resolved(
                "{trace: {path: mine.csv, format: csv, \(columns)}}", more: "classes: {code: {priority: -2}}",
                folder: folder)
            #expect(try requests(scenario).map(\.priority) == [0, -2, 0, -2, 0, -2, 0, -2, 0, -2])
        }
    }

    @Test func missingTracesPointAtTheirPath() {
        let error = scenarioError { _ = try resolved("{trace: {path: no/such.csv}}", folder: "/base") }
        #expect(error?.sentence == "s.yaml:3:26: there is no trace `no/such.csv` in /base")
        let absolute = scenarioError { _ = try resolved("{trace: {path: /no/such.csv}}", folder: "/base") }
        #expect(absolute?.message == "there is no trace `/no/such.csv`", "named once")
        let mixed = scenarioError { _ = try resolved("[{preset: azure-conv-2023}, {trace: {path: gone.csv}}]") }
        #expect(mixed?.kind == .missingFile && mixed?.column == 54)
    }

    @Test func malformedTracesKeepTheirOwnPosition() throws {
        try inFolder(["bad.csv": "t,in,out\n0,10,5\n1,ten,5\n", "odd.csv": "a,b\n"]) { (folder: String) throws in
            let scenario = try resolved(
                "{trace: {path: bad.csv, format: csv, columns: {arrival: t, input: in, output: out}}}", folder: folder)
            do {
                _ = try scenario.run()
                Issue.record("no error")
            } catch let error as TraceError {
                #expect(error.line == 3 && error.column == 3 && error.text.hasPrefix("ten"))
            }
            #expect(throws: TraceError.self) { _ = try resolved("{trace: {path: odd.csv}}", folder: folder) }
        }
    }

    @Test func impossibleScalesAreTheScenariosFault() {
        let error = scenarioError { _ = try resolved("{preset: azure-conv-2023, scale: {time: 1e9}}") }
        #expect(error?.kind == .outOfRange && error?.line == 3)
    }

    @Test func tracesFromTheCommandLineReplaceTheSource() throws {
        try inFolder([
            "mine.csv":
                "TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:15:46.6805900,374,44\n2023-11-16 18:15:50.9951690,396,109\n"
        ]) { (folder: String) throws in
            let text = scenarioText(workload: "{preset: azure-conv-2023, scale: {rate: 2}}")
            let overrides = ScenarioOverrides(trace: folder + "/mine.csv")
            let all = try requests(try scenario(text, overrides: overrides).resolved())
            #expect(all.map(\.outputTokens) == [44, 109])
            #expect(all[1].arrival.nanoseconds == 2_157_289_500, "the scale of the scenario stays")
        }
    }
}

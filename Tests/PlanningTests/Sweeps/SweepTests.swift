import Foundation
import Testing

@testable import Planning

/// A sweep of the small scenario.
func sweep(
    _ block: String = "", vary: [String] = [], design: SweepDesign? = nil, sensitivity: Bool = false,
    overrides: ScenarioOverrides = ScenarioOverrides()
) throws -> Sweep {
    try Sweep(
        text: scenarioText(more: "compare: {replications: 2}\n" + block), path: "/tmp/s.yaml",
        Sweep.Request(overrides: overrides, vary: vary, design: design, isSensitivity: sensitivity))
}

/// Every job's outcome.
func outcomes(of sweep: Sweep) throws -> [SweepOutcome] { try sweep.jobs.map { try sweep.carryOut($0) } }

@Suite struct SweepTests {
    private static let replicas = "strategies.0.pools.0.replicas"

    @Test func gridsTakeEveryValueWithEveryOther() throws {
        let sweep = try sweep(vary: ["\(Self.replicas)=1,2", "engine.max-sequences=8,16,32"])
        #expect(sweep.kind == .sweep && sweep.design == .grid && sweep.points.count == 6 && sweep.jobs.count == 12)
        #expect(
            sweep.points.map(\.values) == [
                ["1", "8"], ["1", "16"], ["1", "32"], ["2", "8"], ["2", "16"], ["2", "32"],
            ])
        #expect(
            sweep.jobs.map(\.number) == Array(0..<12) && sweep.jobs[5] == SweepJob(number: 5, point: 2, replication: 1))
    }

    @Test func listsTakeValuesTogether() throws {
        let two = try sweep(vary: ["\(Self.replicas)=1,2", "seed=5,6"], design: .list)
        #expect(two.points.map(\.values) == [["1", "5"], ["2", "6"]])
        let error = scenarioError {
            _ = try sweep(vary: ["\(Self.replicas)=1,2", "seed=5,6,7"], design: .list)
        }
        #expect(error?.message.contains("as many values") == true)
    }

    @Test func oneAtATimeStartsFromTheScenarioItself() throws {
        let sweep = try sweep(vary: ["\(Self.replicas)=1,3", "seed=5"], design: .oneAtATime)
        #expect(sweep.points.map(\.values) == [[nil, nil], ["1", nil], ["3", nil], [nil, "5"]])
    }

    @Test func theBlockSaysTheSame() throws {
        let block = """
            sweep:
              design: list
              vary:
                \(Self.replicas): [1, 2]
                "workload.synthetic.lengths.input": [100, {fixed: 200}]
            """
        let given = try sweep(block)
        #expect(given.design == .list && given.points.count == 2)
        #expect(given.axes[1].values == ["100", "{fixed: 200}"])
        let asked = try sweep(
            vary: ["\(Self.replicas)=1,2", "workload.synthetic.lengths.input=100,{fixed: 200}"], design: .list)
        #expect(given.points == asked.points && given.axes == asked.axes)
        let changed = try sweep(block, vary: ["\(Self.replicas)=4,5"])
        #expect(
            changed.axes.map(\.values) == [["4", "5"], ["100", "{fixed: 200}"]], "the command line's in its place")
    }

    /// Replication r of every point has the seed it would have in a run: differences between points are paired.
    @Test func jobsAreTheRunsOfTheirScenario() throws {
        let sweep = try sweep(vary: ["\(Self.replicas)=1,2"])
        for job in sweep.jobs {
            let outcome = try sweep.carryOut(job)
            let whole = try sweep.resolved(job.point).run()
            #expect(outcome.runs == whole.strategies.map { $0.runs[job.replication].metrics })
            #expect(outcome.runs[0].replication == job.replication && outcome.failure == nil)
        }
        let seeds = try outcomes(of: sweep).map { $0.runs[0].seed }
        #expect(seeds[0] == seeds[2] && seeds[1] == seeds[3] && seeds[0] != seeds[1])
    }

    @Test func replicationsMayVary() throws {
        let sweep = try sweep(vary: ["compare.replications=1,3"])
        #expect(sweep.points.map(\.replications) == [1, 3] && sweep.jobs.count == 4)
        #expect(sweep.jobs.map(\.point) == [0, 1, 1, 1])
    }

    /// Threads and order change nothing; nor does which shard a job is in.
    @Test func outcomesDoNotDependOnWhoFindsThem() throws {
        let sweep = try sweep(vary: ["\(Self.replicas)=1,2,3"])
        let alone = try outcomes(of: sweep)
        let (stream, continuation) = (Collected(), Collected())
        try sweep.carryOut(sweep.jobs.reversed(), threads: 3) { stream.add($0) }
        #expect(stream.sorted == alone)
        for shard in 0..<4 {
            try sweep.carryOut(sweep.jobs(ofShard: shard, of: 4), threads: 1) { continuation.add($0) }
        }
        #expect(continuation.sorted == alone)
    }

    @Test func whatCannotBeServedIsAnOutcome() throws {
        let sweep = try sweep(vary: ["model=llama-3.1-8b,llama-3.1-405b"])
        let outcomes = try outcomes(of: sweep)
        #expect(outcomes.map { $0.runs.count } == [1, 1, 0, 0])
        #expect(outcomes[2].failure?.isEmpty == false && outcomes[0].failure == nil)
        let table = SweepTable(sweep, outcomes: outcomes)
        #expect(table.failures.map(\.point) == [1] && table.candidates.count == 1)
    }

    @Test func missingFilesAreNoOutcome() throws {
        let sweep = try Sweep(
            text: scenarioText(workload: "{trace: {path: nowhere.csv}}"), path: "/tmp/s.yaml",
            Sweep.Request(vary: ["\(Self.replicas)=1,2"]))
        let error = scenarioError { _ = try sweep.carryOut(sweep.jobs[0]) }
        #expect(error?.kind == .missingFile)
    }

    @Test(arguments: [
        ("", [], "nothing to vary"), ("sweep: {}", [], "needs `vary` or `sensitivity`"),
        ("sweep: {design: grid}", [], "no effect without `vary`"), ("sweep: {vary: {seed: 3}}", [], "list of values"),
        ("sweep: {vary: {seed: []}}", [], "must not be empty"), ("sweep: {very: {seed: [1]}}", [], "`vary`"),
        ("sweep: {vary: {seed: [1]}, design: square}", [], "`square`"),
        ("sweep: {sensitivity: {prizes: 10 %}}", [], "`prices`"), ("sweep: {sensitivity: {prices: 0}}", [], "above 0"),
        ("sweep: {sensitivity: {}}", [], "needs one of"),
        ("", ["engine.max-sequencez=1,2"], "max-sequences"), ("", ["name=a,b"], "cannot vary"),
        ("", ["strategies.7.router=random"], "has items 0 to 0"),
        ("", ["seed={from: 1, to: 99999, step: 1}", "k={from: 1, to: 99999, step: 1}"], "at most"),
    ])
    func faultsAreSentencesBeforeAnyWork(_ block: String, _ vary: [String], _ words: String) {
        let error = scenarioError("\(block) \(vary)") { _ = try sweep(block, vary: vary) }
        #expect(error?.message.contains(words) == true, "\(String(describing: error))")
    }

    /// A setting that every point replaces would be accepted and ignored.
    @Test func whatIsVariedCannotBeSet() {
        for overrides in [ScenarioOverrides(settings: ["seed=3"]), ScenarioOverrides(seed: 3)] {
            let error = scenarioError { _ = try sweep(vary: ["seed=1,2"], overrides: overrides) }
            #expect(error?.message.contains("set, and varied as well") == true)
        }
    }

    @Test func digestsTellSweepsApart() throws {
        let base = try sweep(vary: ["seed=1,2"]).digest
        #expect(try sweep(vary: ["seed=1,2"]).digest == base)
        #expect(try sweep("# a comment", vary: ["seed=1,2"]).digest == base, "comments change nothing")
        let others = [
            try sweep(vary: ["seed=1,3"]), try sweep(vary: ["seed=1"]), try sweep(vary: ["seed=1,2"], design: .list),
            try sweep("seed: 4", vary: ["engine.max-sequences=1,2"]), try sweep("description: x", vary: ["seed=1,2"]),
            try sweep(vary: ["seed=1,2"], overrides: ScenarioOverrides(replications: 3)),
        ].map(\.digest)
        #expect(Set(others + [base]).count == others.count + 1)
    }

    @Test func runsOfTheScenarioSayThatTheBlockIsNotTheirs() throws {
        let warnings = try scenario(scenarioText(more: "sweep: {vary: {seed: [1, 2]}}")).resolved().warnings
        #expect(warnings.contains { $0.contains("isocost sweep") })
    }
}

/// Outcomes from several threads.
final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var outcomes: [SweepOutcome] = []
    func add(_ outcome: SweepOutcome) { lock.withLock { outcomes.append(outcome) } }
    var sorted: [SweepOutcome] { lock.withLock { outcomes.sorted { $0.job < $1.job } } }
}

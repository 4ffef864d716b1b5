import Pricing
import Primitives
import Testing
import Workloads

@testable import SimulationCore

/// Machines that break, and machines that are slow.
@Suite struct FailureRunTests {
    private static let reliability = Reliability(meanTimeToFailure: .seconds(60), meanRepair: .seconds(20))

    /// The lives of machine 0, drawn one after the other: it fails so long after each start, and starts again with the
    /// first look, every 10 s, after its repair.
    private func lives(seed: UInt64, until end: Int64) -> [String] {
        let key = RandomKey(seed: seed).derived("world").derived(stableHash("".utf8)).derived(0)
        let process = FailureProcess(Self.reliability, key: key)
        var (all, start, count): ([String], Int64, Int) = ([], 0, 1)
        while start < end {
            let failure = start + (process.timeToFailure(machine: 0, start: count) ?? .max / 2)
            let from = Double(start) / 1e9
            guard failure < end else {
                all.append("\(from)–\(Double(end) / 1e9) end of run")
                break
            }
            all.append("\(from)–\(Double(failure) / 1e9) failed")
            let repaired = failure + process.repair(machine: 0, start: count)
            start = (repaired + 10 * second - 1) / (10 * second) * 10 * second
            count += 1
        }
        return all
    }

    @Test(arguments: 1...6 as ClosedRange<UInt64>)
    func failuresAndRepairsFollowTheirDraws(seed: UInt64) throws {
        var pool = PaperFleet.pool(.always(1), 1, initial: 1)
        pool.reliability = Self.reliability
        var other = PaperFleet.pool()
        other.offer = "other"
        var fleet = PaperFleet(pool, other)
        fleet.users = [UserRegion(name: "east", route: Route(tiers: [[1]]))]
        let run = try fleet.run([.paper(0), .paper(1, at: 500)], seed: seed)
        let expected = lives(seed: seed, until: 502 * second)
        #expect(run.lives(0) == expected)
        let failures = expected.filter { $0.hasSuffix("failed") }.count
        #expect(run.record.interruptions == UInt64(failures) && run.record.incidents.count == failures)
        #expect(run.record.incidents.allSatisfy { $0.kind == .failed && $0.pool == 0 })
        #expect(run.lives(1) == ["0.0–502.0 end of run"])
    }

    /// What ran on a machine that breaks meets the pool's fate.
    @Test func aFailureTakesItsRequests() throws {
        var seen = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            var pool = PaperFleet.pool(.always(1, every: 1_000), 1, initial: 1)
            pool.reliability = Reliability(meanTimeToFailure: .seconds(60))
            let run = try PaperFleet(pool).run([.paper(0, output: 59)], seed: seed)
            let key = RandomKey(seed: seed).derived("world").derived(stableHash("".utf8)).derived(0)
            let time = FailureProcess(pool.reliability, key: key).timeToFailure(machine: 0, start: 1) ?? .max
            let isLost = time < 60 * second
            #expect(run.failures == [isLost ? .replicaLost : nil], "seed \(seed)")
            if isLost { #expect(run.record.end.nanoseconds == time) }
            seen += isLost ? 1 : 0
        }
        #expect(seen > 5 && seen < 18)
    }

    /// Twice as slow: 4 s for the prompt, 2 s for each token.
    @Test func aSlowMachineTakesLonger() throws {
        var pool = PaperFleet.pool()
        pool.reliability = Reliability(stragglers: 1, slowdown: 2)
        let run = try PaperFleet(pool).run([.paper(0, output: 3)])
        #expect(run.e2e == [8] && run.parts(0) == [0, 0, 0, 0, 4, 4])
    }

    /// A machine is slow or not each time it starts anew.
    @Test func halfOfTheMachinesAreSlow() throws {
        var pool = PaperFleet.pool(200)
        pool.reliability = Reliability(stragglers: 0.5, slowdown: 3)
        let run = try PaperFleet(pool).run((0..<200).map { .paper(UInt64($0)) })
        #expect(run.e2e.allSatisfy { $0 == 2 || $0 == 6 })
        #expect(abs(run.e2e.filter { $0 == 6 }.count - 100) < 29, "four standard deviations are 28")
    }
}

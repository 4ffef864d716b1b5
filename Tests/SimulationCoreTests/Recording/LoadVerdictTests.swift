import PerformanceModel
import Primitives
import SimulationCore
import Testing
import Workloads

/// Worlds whose fate is plain: one server that takes 100 ms a request.
@Suite struct LoadVerdictTests {
    /// Requests every `gap` ms for `seconds`, one phase after the other.
    private func record(_ phases: [(gap: Int64, seconds: Int64)]) throws -> RunRecord {
        var (now, arrivals) = (Int64(0), [Int64]())
        for phase in phases {
            let end = now + phase.seconds * 1_000
            while now < end {
                arrivals.append(now * 1_000_000)
                now += phase.gap
            }
        }
        let requests = arrivals.enumerated().map {
            Request(UInt64($0.offset), at: $0.element, input: 100_000_000, output: 1)
        }
        return try Simulation(fleet: QueueTrial.singleServers(1), source: ListSource(requests)).run()
    }

    @Test(arguments: [200, 110, 100] as [Int64])
    func aServerThatKeepsUpIsStable(gap: Int64) throws {
        #expect(try record([(gap, 100)]).verdict == .stable)
    }

    @Test(arguments: [50, 70, 90] as [Int64])
    func aGrowingQueueIsOverload(gap: Int64) throws {
        let record = try record([(gap, 200)])
        #expect(record.verdict == .overloaded)
        #expect(record.verdictReason.contains("still growing"))
    }

    /// Twice the capacity for 20 s leaves 20 s of work, which half the capacity works off in 40 s.
    @Test func aQueueThatIsWorkedOffIsABacklog() throws {
        let record = try record([(50, 20), (200, 180)])
        #expect(record.verdict == .backlogged)
        // 200 wait at 20 s and 195 a second later, 197.5 on average; 1,300 are served in 200 s.
        #expect(record.verdictReason == "up to 198 requests were waiting at once, 30 s of work")
    }

    /// A queue that stays as long as it once became is no longer growing.
    @Test func aStandingQueueIsABacklog() throws {
        #expect(try record([(50, 20), (100, 180)]).verdict == .backlogged)
    }

    @Test func aShortRunSaysSo() throws {
        let record = try record([(10, 2)])
        #expect(record.verdict == .stable)
        #expect(record.verdictReason == "too short a run to see a trend in the queue")
    }
}

import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// How runs end that do not end well, and that observers are told in between.
@Suite struct SimulationErrorTests {
    private struct BrokenFile: Error, Equatable {}

    /// Breaks in its second batch.
    private final class BrokenSource: RequestSource {
        let classes = ["default"]
        let regions = ["anywhere"]
        let contents = PromptContentStore()
        let sharesPrefixes = false
        let skipped: [SkippedRows] = []
        private var batches = 0

        func read(into batch: inout [Request], limit: Int) throws {
            guard batches == 0 else { throw BrokenFile() }
            batches = 1
            batch.append(Request(0, input: 1, output: 1))
        }
    }

    private final class Limited: RunObserver {
        let wantsOutcomes: Bool
        var calls: [UInt64] = []
        var outcomes = 0
        let limit: Int
        init(limit: Int, wantsOutcomes: Bool) { (self.limit, self.wantsOutcomes) = (limit, wantsOutcomes) }
        func finished(_ outcomes: [RequestOutcome]) { self.outcomes += outcomes.count }
        func progressed(requests: UInt64, to time: SimulatedTime) -> Bool {
            calls.append(requests)
            return calls.count <= limit
        }
    }

    private let fleet = QueueTrial.singleServers(1)
    private func requests(_ count: UInt64) -> [Request] {
        (0..<count).map { Request($0, at: Int64($0) * 10, input: 5, output: 1) }
    }

    @Test func aFleetWithoutReplicasIsRefused() {
        for fleet in [QueueTrial.singleServers(0), FleetConfiguration(pools: [], router: .random)] {
            #expect(throws: SimulationError.emptyFleet) {
                _ = try Simulation(fleet: fleet, source: ListSource([])).run()
            }
        }
    }

    @Test func theSourcesErrorsComeThrough() {
        #expect(throws: BrokenFile()) { _ = try Simulation(fleet: fleet, source: BrokenSource()).run() }
    }

    @Test func anObserverMayStopTheRun() throws {
        let observer = Limited(limit: 2, wantsOutcomes: false)
        #expect(throws: SimulationError.cancelled) {
            _ = try Simulation(fleet: fleet, source: ListSource(requests(20_000)), observer: observer).run()
        }
        #expect(observer.calls.count == 3)
        #expect(observer.outcomes == 0)
    }

    @Test func progressRisesToTheEnd() throws {
        let observer = Limited(limit: .max, wantsOutcomes: true)
        let record = try Simulation(fleet: fleet, source: ListSource(requests(20_000)), observer: observer).run()
        #expect(observer.calls == observer.calls.sorted() && observer.calls.last == 20_000)
        #expect(observer.outcomes == 20_000)
        let silent = try Simulation(fleet: fleet, source: ListSource(requests(20_000))).run()
        #expect(silent == record, "watching changes nothing")
    }

    @Test func nothingOfferedIsAnEmptyRecord() throws {
        let record = try Simulation(fleet: fleet, source: ListSource([])).run()
        #expect(record.offered == 0 && record.end == .start && record.events == 0)
        #expect(record.utilization == 0 && record.ledger.balances)
        #expect(record.verdict == .stable)
    }
}

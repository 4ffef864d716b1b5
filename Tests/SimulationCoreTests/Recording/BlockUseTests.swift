import PerformanceModel
import Primitives
import SimulationCore
import Testing
import Workloads

/// What the record says of the KV cache's use and of the span of arrivals, worked out by hand. Blocks hold 4 tokens.
@Suite struct BlockUseTests {
    private let engine = EngineConfiguration(blockSize: 4, kvBlocks: 100, prefixCaching: false)

    /// A step takes 100 ns and 10 ns per prompt token.
    private func record(_ engine: EngineConfiguration, _ requests: [Request]) throws -> RunRecord {
        let pool = PoolConfiguration(
            name: "one", replicas: 1, engine: engine, stepCost: LinearStepCost(perStep: 100, perPrefillToken: 10))
        let fleet = FleetConfiguration(pools: [pool], router: .roundRobin)
        return try Simulation(fleet: fleet, source: ListSource(requests)).run()
    }

    private func blockTime(_ record: RunRecord) -> [Int] { record.timeline.bins.map { Int($0.kvBlockTime) } }

    /// Σ blocks × nanoseconds.
    private func total(_ spans: [(blocks: Int, time: Int)]) -> Int { spans.reduce(0) { $0 + $1.blocks * $1.time } }

    /// 2 blocks for the prompt's 180 ns, 3 for four steps of 100 ns, 4 for four more.
    @Test func useGrowsWithTheSequence() throws {
        let record = try self.record(engine, [Request(0, input: 8, output: 9)])
        #expect(record.end.nanoseconds == 980)
        #expect(blockTime(record) == [total([(2, 180), (3, 400), (4, 400)])])
        #expect(record.replicas[0].peakBlocks == 4)
    }

    /// The second request joins while the first decodes: 2 and 3 blocks, then 7 more at once.
    @Test func anAdmissionIsAStep() throws {
        let record = try self.record(
            engine, [Request(0, input: 8, output: 4), Request(1, at: 250, input: 28, output: 1)])
        #expect(blockTime(record) == [total([(2, 180), (3, 100), (10, 380), (3, 100)])])
        #expect(record.replicas[0].peakBlocks == 10)
    }

    /// An idle replica holds nothing, however much it holds next.
    @Test func idleReplicasHoldNothing() throws {
        let later: Int64 = 10_500_000_000
        let record = try self.record(
            engine, [Request(0, input: 4, output: 1), Request(1, at: later, input: 400, output: 1)])
        let idle = Array(repeating: 0, count: 9)
        #expect(blockTime(record) == [140] + idle + [410_000])
    }

    /// A preempted sequence's blocks are in use until then: A and B hold 2, then 4 until 580; A alone 3; B again 3.
    @Test func preemptionFreesBlocks() throws {
        let tight = EngineConfiguration(blockSize: 4, kvBlocks: 4, prefixCaching: false)
        let record = try self.record(tight, [Request(0, input: 4, output: 6), Request(1, input: 4, output: 6)])
        #expect(blockTime(record) == [total([(2, 180), (4, 400), (3, 100), (3, 190)])])
        #expect(record.replicas[0].peakBlocks == 4)
    }

    /// Classes with different delays reach the router out of the order of sending.
    @Test func theSpanOfArrivalsIsThatOfSending() throws {
        let fleet = FleetConfiguration(
            pools: QueueTrial.singleServers(1).pools, router: .roundRobin, classDelays: [.seconds(10), .zero])
        let requests = [
            Request(0, at: 1_000, input: 1, output: 1), Request(1, at: 2_000, input: 1, output: 1, classIndex: 1),
            Request(2, at: 3_000, input: 1, output: 1),
            Request(3, at: 4_000, input: 1, output: 1, classIndex: 1),
        ]
        let record = try Simulation(fleet: fleet, source: ListSource(requests, classes: ["far", "near"])).run()
        #expect(record.firstArrival == SimulatedTime(nanoseconds: 1_000))
        #expect(record.lastArrival == SimulatedTime(nanoseconds: 4_000))
    }
}

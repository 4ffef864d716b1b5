import PerformanceModel
import Primitives
import SimulationCore
import Testing
import Workloads

/// An engine that chooses a step while the one before it runs, worked out by hand: every step takes 1,000 ns.
@Suite struct AsynchronousSchedulingTests {
    /// When each request is first scheduled, in nanoseconds.
    private func schedule(
        _ requests: [(arrival: Int64, input: Int32, output: Int32)], sequences: Int = 8, blocks: Int = 100,
        asynchronous: Bool
    ) throws -> [Int64] {
        let engine = EngineConfiguration(
            maxBatchedTokens: 512, maxSequences: sequences, maxModelLength: 256, kvBlocks: blocks,
            asynchronousScheduling: asynchronous)
        let pool = PoolConfiguration(
            name: "one", replicas: 1, engine: engine, stepCost: LinearStepCost(perStep: 1_000, perPrefillToken: 0))
        let source = ListSource(
            requests.enumerated().map { index, request in
                Request(
                    id: UInt64(index), arrival: SimulatedTime(nanoseconds: request.arrival),
                    inputTokens: request.input, outputTokens: request.output)
            })
        let collector = Collector()
        let fleet = FleetConfiguration(pools: [pool], router: .roundRobin)
        _ = try Simulation(fleet: fleet, source: source, observer: collector).run()
        return collector.outcomes.sorted { $0.id < $1.id }.map { $0.arrival.nanoseconds + $0.queue.nanoseconds }
    }

    /// What arrives during the third step joins the fourth, or the fifth where the fourth is chosen already.
    @Test(arguments: [(false, Int64(3_000)), (true, 4_000)])
    func arrivalsAreSeenOneStepLater(asynchronous: Bool, scheduled: Int64) throws {
        let times = try schedule([(0, 16, 10), (2_500, 16, 2)], asynchronous: asynchronous)
        #expect(times == [0, scheduled])
    }

    /// The first of two sequences ends with the third step; a third request waits for its place.
    @Test(arguments: [(false, Int64(3_000)), (true, 4_000)])
    func placesReturnOneStepLater(asynchronous: Bool, scheduled: Int64) throws {
        let times = try schedule(
            [(0, 16, 3), (0, 16, 10), (100, 16, 2)], sequences: 2, asynchronous: asynchronous)
        #expect(times == [0, 0, scheduled])
    }

    /// Two sequences of two blocks each; a third needs three of five blocks.
    @Test(arguments: [(false, Int64(3_000)), (true, 4_000)])
    func blocksReturnOneStepLater(asynchronous: Bool, scheduled: Int64) throws {
        let times = try schedule(
            [(0, 16, 3), (0, 16, 10), (1_500, 48, 1)], blocks: 5, asynchronous: asynchronous)
        #expect(times == [0, 0, scheduled])
    }

    /// With nothing left to compute there is no step to wait for: not after a pause, and not when the last one ends.
    @Test(arguments: [false, true])
    func anEmptyEngineDoesNotWait(asynchronous: Bool) throws {
        #expect(try schedule([(0, 16, 2), (50_500, 16, 2)], asynchronous: asynchronous) == [0, 50_500])
        #expect(
            try schedule([(0, 16, 3), (2_500, 16, 2)], sequences: 1, asynchronous: asynchronous) == [0, 3_000])
    }
}

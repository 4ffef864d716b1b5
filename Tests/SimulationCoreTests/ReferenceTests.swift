import PerformanceModel
import Primitives
import SimulationCore
import Testing
import Workloads

/// The engine against a plain, independent writing of vLLM V1's scheduler.
@Suite struct ReferenceTests {
    /// One replica, no network: every request's scheduling, first token, last token, hits and preemptions agree.
    @Test(arguments: 0..<6)
    func agreesWithThePlainScheduler(block: UInt64) throws {
        var compared = 0
        for seed in (block * 60)..<(block * 60 + 60) {
            let world = RandomWorld(seed: 10_000 + seed, replicas: 1...1)
            let pool = world.fleet.pools[0]
            guard pool.engine.batching == .continuous, pool.engine.kvBlocks <= 600 else { continue }
            // Whole nanoseconds, so that no rounding tells anchored boundaries from summed steps.
            let cost = LinearStepCost(
                perStep: Double(1_000 + seed * 9_973), perPrefillToken: Double(10 + seed % 7 * 1_001),
                perDecodeSequence: Double(seed % 5 * 20_011), perContextToken: Double(seed % 3 * 97))
            let quiet = FleetConfiguration(
                pools: [PoolConfiguration(name: "one", replicas: 1, engine: pool.engine, stepCost: cost)],
                router: .roundRobin)
            let collector = Collector()
            let record = try Simulation(fleet: quiet, source: world.source(), observer: collector).run()
            let served = Set(collector.outcomes.filter { $0.failure == nil }.map(\.id))
            var reference = ReferenceEngine(engine: pool.engine, cost: cost) { world.token($0, $1) }
            let finishes = reference.run(world.requests.filter { served.contains($0.id) })
            let expectations = Dictionary(uniqueKeysWithValues: finishes.map { ($0.id, $0) })
            for outcome in collector.outcomes.sorted(by: { $0.arrival + $0.e2e < $1.arrival + $1.e2e })
            where outcome.failure == nil {
                let expected = try #require(expectations[outcome.id])
                let arrival = outcome.arrival.nanoseconds
                let actual = Finish(
                    id: outcome.id,
                    scheduled: arrival + outcome.queue.nanoseconds, first: arrival + outcome.ttft.nanoseconds,
                    last: arrival + outcome.e2e.nanoseconds, cached: Int(outcome.cachedTokens),
                    preemptions: Int(outcome.preemptions))
                #expect(actual == expected, "seed \(seed), request \(outcome.id)")
                if actual != expected { return }
            }
            #expect(record.preemptions == UInt64(finishes.reduce(0) { $0 + $1.preemptions }))
            compared += 1
        }
        #expect(compared > 20)
    }
}

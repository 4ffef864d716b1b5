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
            var reference = ReferenceEngine(engine: pool.engine, cost: cost) { Self.token($0, $1, world) }
            reference.run(world.requests.filter { served.contains($0.id) })
            for outcome in collector.outcomes.sorted(by: { $0.arrival + $0.e2e < $1.arrival + $1.e2e })
            where outcome.failure == nil {
                let expected = try #require(reference.times[outcome.id])
                let arrival = outcome.arrival.nanoseconds
                let actual = ReferenceEngine.Times(
                    scheduled: arrival + outcome.queue.nanoseconds, first: arrival + outcome.ttft.nanoseconds,
                    last: arrival + outcome.e2e.nanoseconds, cached: Int(outcome.cachedTokens),
                    preemptions: Int(outcome.preemptions))
                #expect(actual == expected, "seed \(seed), request \(outcome.id)")
                if actual != expected { return }
            }
            #expect(record.preemptions == UInt64(reference.times.values.reduce(0) { $0 + $1.preemptions }))
            compared += 1
        }
        #expect(compared > 20)
    }

    /// The token at `position`: shared segments give shared tokens, everything else is the request's own.
    private static func token(_ request: Request, _ position: Int, _ world: RandomWorld) -> [UInt64] {
        guard let (segments, continues) = world.prompts[request.id] else { return [0, request.id, UInt64(position)] }
        var start = 0
        for (index, segment) in segments.enumerated() {
            let open = continues && index == segments.count - 1
            if open || position < start + Int(segment.tokens) { return [1, segment.key, UInt64(position - start)] }
            start += Int(segment.tokens)
        }
        return [0, request.id, UInt64(position)]
    }
}

import PerformanceModel
import Primitives
import Testing
import Workloads

@testable import SimulationCore

/// Cancellations, losses, resumptions and changes of speed, at random times in random worlds.
@Suite struct OperationTests {
    /// A world on `engines` replicas of its first pool; every other one in coarse time, so that instants coincide.
    private struct Arena {
        let world: RandomWorld
        let fleet: FleetConfiguration
        let requests: [Request]

        /// - Parameter whole: whether every duration is in whole nanoseconds, so that no rounding tells anchored
        ///   boundaries from summed steps; coarse times are.
        init(seed: UInt64, whole: Bool = false) {
            world = RandomWorld(seed: 200_000 + seed, replicas: 1...1)
            let pool = world.fleet.pools[0]
            let coarse = seed % 2 == 0
            let fine: any StepCostModel =
                whole
                ? LinearStepCost(
                    perStep: Double(1_000 + seed * 9_973), perPrefillToken: Double(10 + seed % 7 * 1_001),
                    perDecodeSequence: Double(seed % 5 * 20_011), perContextToken: Double(seed % 3 * 97))
                : pool.stepCost
            let cost: any StepCostModel =
                coarse
                ? LinearStepCost(
                    perStep: Double(1_000 * (1 + seed % 7)), perPrefillToken: seed % 3 == 0 ? 1_000 : 0,
                    perContextToken: seed % 5 == 0 ? 1_000 : 0) : fine
            fleet = FleetConfiguration(
                pools: [PoolConfiguration(name: "one", replicas: 1, engine: pool.engine, stepCost: cost)],
                router: .roundRobin, bounds: world.fleet.bounds)
            requests = world.requests.map { request in
                guard coarse else { return request }
                var copy = request
                copy.arrival = SimulatedTime(nanoseconds: request.arrival.nanoseconds / 1_000 * 1_000)
                return copy
            }
        }

        func engines(_ count: Int, _ stepping: SimulationOptions.Stepping) throws -> ([ReplicaOnTrial], [Request]) {
            let source = ListSource(requests, classes: world.classes, prompts: world.prompts)
            var listed: [Request] = []
            try source.read(into: &listed, limit: .max)
            return ((0..<count).map { _ in ReplicaOnTrial(fleet, source: source, stepping: stepping) }, listed)
        }
    }

    /// Leaping over steps and walking them agree in every event and in everything recorded.
    @Test(arguments: 0..<12)
    func leapsEqualSteps(block: UInt64) throws {
        var seen: [String: Int] = [:]
        for seed in (block * 60)..<(block * 60 + 60) {
            let arena = Arena(seed: seed)
            let count = 1 + Int(seed % 3)
            let (leaping, requests) = try arena.engines(count, .leaping)
            let (stepping, _) = try arena.engines(count, .single)
            let trial = Trial(world: arena.world)
            let (expected, actual) = (trial.run(stepping, requests: requests), trial.run(leaping, requests: requests))
            guard agree(actual, expected, seed) else { return }
            for (one, other) in zip(leaping, stepping) {
                #expect(one.isEmpty && other.isEmpty, "seed \(seed)")
                #expect(one.recorder.finished() == other.recorder.finished(), "seed \(seed)")
                #expect(one.replica.tally == other.replica.tally, "seed \(seed)")
            }
            for event in actual { seen[name(event), default: 0] += 1 }
        }
        for (event, least) in [
            ("first token", 200), ("finished", 400), ("withdrawn", 200), ("kept", 5), ("evacuated", 100),
            ("sent away", 100), ("progress", 150), ("slowed", 40),
        ] { #expect(seen[event, default: 0] > least, "\(event)") }
    }

    /// The engine does what the plain scheduler does, cancelled, lost, resumed or slowed. (Block 24 has a sequence that
    /// comes with its keys and values and is found at once, block 43 a prompt that ends before a decode.)
    @Test(arguments: Array(0..<12) + [24, 43])
    func agreesWithThePlainScheduler(block: UInt64) throws {
        var compared = 0
        for seed in (block * 60)..<(block * 60 + 60) {
            let arena = Arena(seed: 5_000 + seed, whole: true)
            guard arena.fleet.pools[0].engine.kvBlocks <= 600 else { continue }
            let count = 1 + Int(seed % 2)
            let (replicas, requests) = try arena.engines(count, .leaping)
            let references = (0..<count).map { _ in ReferenceOnTrial(arena.fleet, world: arena.world) }
            // Counted blocks are exact for the first return of a request to where it was withdrawn, not for a second.
            let isNamed = !arena.world.prompts.isEmpty || !arena.fleet.pools[0].engine.prefixCaching
            let trial = Trial(world: arena.world, wholeSpeeds: true, mayReturn: isNamed)
            let expected = trial.run(references, requests: requests)
            let actual = trial.run(replicas, requests: requests)
            guard agree(actual, expected, seed) else { return }
            for reference in references { #expect(reference.isEmpty, "seed \(seed)") }
            compared += 1
        }
        #expect(compared > 30)
    }

    /// Every token of every step was computed for somebody who finished or left.
    @Test(arguments: 0..<4)
    func computedTokensAddUp(block: UInt64) throws {
        var left = 0
        for seed in (block * 30)..<(block * 30 + 30) {
            let world = RandomWorld(seed: 210_000 + seed, replicas: 1...1)
            let log = StepLog()
            var engine = world.fleet.pools[0].engine
            (engine.kvBlocks, engine.prefixCaching) = (100_000, false)
            let pool = PoolConfiguration(name: "one", replicas: 1, engine: engine, stepCost: log)
            let source = ListSource(world.requests, classes: world.classes)
            let fleet = FleetConfiguration(pools: [pool], router: .roundRobin)
            let replica = ReplicaOnTrial(fleet, source: source, stepping: .leaping)
            let lengths = Dictionary(
                uniqueKeysWithValues: world.requests.map { ($0.id, Int($0.inputTokens + $0.outputTokens) - 1) })
            var computed = 0
            let spent = { (one: Withdrawal) in one.computed + one.underway }
            for event in Trial(world: world).run([replica], requests: world.requests) {
                switch event {
                case .finished(let finish, _, _): computed += lengths[finish.id]!
                case .withdrawn(let one, _, _): computed += one.map(spent) ?? 0
                case .evacuated(let all, _, _), .sentAway(let all, _, _): computed += all.map(spent).reduce(0, +)
                default: break
                }
                if case .evacuated(let all, _, _) = event { left += all.count }
            }
            #expect(computed - replica.carriedToTheEnd == log.shapes.reduce(0) { $0 + $1.tokens }, "seed \(seed)")
        }
        #expect(left > 20)
    }

    private func agree(_ actual: [TrialEvent], _ expected: [TrialEvent], _ seed: UInt64) -> Bool {
        for (index, (one, other)) in zip(actual, expected).enumerated() where one != other {
            let both = "\(one.testDescription) ≠ \(other.testDescription)"
            Issue.record("seed \(seed), event \(index): \(both)")
            return false
        }
        #expect(actual.count == expected.count, "seed \(seed)")
        return actual.count == expected.count
    }

    private func name(_ event: TrialEvent) -> String {
        switch event {
        case .firstToken: "first token"
        case .finished: "finished"
        case .withdrawn(let one, _, _): one == nil ? "kept" : "withdrawn"
        case .evacuated: "evacuated"
        case .sentAway: "sent away"
        case .progress: "progress"
        case .slowed: "slowed"
        }
    }
}

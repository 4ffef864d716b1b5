import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Fleets whose size follows the load: stages, drains, the gateway and the ledger.
@Suite struct ScalingTests {
    private static let startup = StartupStages(
        provision: .seconds(30), imagePull: .seconds(20), weightLoad: .seconds(6), compile: .seconds(3),
        warmUp: .seconds(1))

    private static func pool(_ policy: AutoscalerPolicy, from minimum: Int, to maximum: Int, initial: Int)
        -> PoolConfiguration
    {
        PoolConfiguration(
            name: "scaled", replicas: maximum,
            engine: EngineConfiguration(maxBatchedTokens: 256, maxSequences: 4, kvBlocks: 1_000),
            stepCost: LinearStepCost(perStep: 10_000_000, perPrefillToken: 100_000, perDecodeSequence: 1_000_000),
            scaling: PoolScaling(
                policy: policy, minimum: minimum, maximum: maximum, initial: initial, startup: startup))
    }

    private static func requests(_ count: Int, every gap: SimulatedDuration, from start: SimulatedDuration = .zero)
        -> [Request]
    {
        (0..<count).map {
            Request(
                id: UInt64($0), arrival: SimulatedTime.start + start + gap * Int64($0), inputTokens: 50,
                outputTokens: 100)
        }
    }

    private func run(
        _ pools: [PoolConfiguration], _ requests: [Request], _ stepping: SimulationOptions.Stepping = .leaping
    ) throws -> (record: RunRecord, outcomes: [RequestOutcome]) {
        let collector = Collector()
        let record = try Simulation(
            fleet: FleetConfiguration(pools: pools, router: .leastOutstanding), source: ListSource(requests),
            options: .init(stepping: stepping), observer: collector
        ).run()
        return (record, collector.outcomes.sorted { $0.id < $1.id })
    }

    /// "A new replica serves its first request no earlier than the sum of its declared stages."
    @Test func theFirstRequestAtZeroPaysTheWholeStart() throws {
        var policy = KnativePolicy()
        policy.target = 2
        let (record, outcomes) = try run(
            [Self.pool(.knative(policy), from: 0, to: 3, initial: 0)], Self.requests(3, every: .milliseconds(10)))
        let first = outcomes[0]
        // The autoscaler looks every 2 s; then 60 s of stages.
        #expect(first.coldStart.nanoseconds >= Self.startup.total.nanoseconds)
        #expect(first.coldStart.nanoseconds <= (Self.startup.total + .seconds(4)).nanoseconds)
        #expect(first.ttft >= first.coldStart)
        #expect(record.completed == 3)
        #expect(record.coldStarts >= 1)
        let rental = try #require(record.ledger.rentals.first)
        #expect(rental[.provisioning] == .seconds(30))
        #expect(rental[.loading] == .seconds(30))
    }

    @Test func aLoadGrowsTheFleetAndItsEndShrinksIt() throws {
        let policy = TargetUtilizationPolicy(capacity: 4)
        let load = Self.requests(400, every: .milliseconds(250))
        let tail = (0..<20).map {
            Request(
                id: UInt64(400 + $0), arrival: SimulatedTime(nanoseconds: 100_000_000_000 + Int64($0) * 30_000_000_000),
                inputTokens: 10, outputTokens: 5)
        }
        let (record, _) = try run([Self.pool(.targetUtilization(policy), from: 1, to: 6, initial: 1)], load + tail)
        #expect(record.completed == 420)
        #expect(record.coldStarts >= 1)
        #expect(record.ledger.balances)
        let ended = record.ledger.rentals.filter { $0.end < record.end }
        #expect(!ended.isEmpty, "replicas are given back before the end")
    }

    @Test func everyRentedSecondIsInOneStateAndNothingIsLost() throws {
        for seed in UInt64(0)..<60 {
            let (pools, list) = Self.world(seed)
            let (record, outcomes) = try run(pools, list)
            #expect(record.ledger.balances, "seed \(seed)")
            #expect(record.offered == record.completed + record.failed, "seed \(seed)")
            #expect(outcomes.count == list.count, "seed \(seed)")
            #expect(outcomes.allSatisfy { $0.coldStart >= .zero && $0.ttft >= $0.coldStart + $0.queue }, "seed \(seed)")
        }
    }

    @Test func leapsEqualStepsUnderScaling() throws {
        for seed in UInt64(0)..<60 {
            let (pools, list) = Self.world(seed)
            let leaping = try run(pools, list)
            var stepping = try run(pools, list, .single)
            stepping.record.events = leaping.record.events
            #expect(leaping.record == stepping.record, "seed \(seed)")
            #expect(leaping.outcomes == stepping.outcomes, "seed \(seed)")
        }
    }

    /// "With every process switched off, results equal those of the plain fleet."
    @Test func aScaledPoolThatCannotMoveIsThePlainFleet() throws {
        let list = Self.requests(300, every: .milliseconds(70))
        var plain = Self.pool(.targetUtilization(TargetUtilizationPolicy(capacity: 4)), from: 3, to: 3, initial: 3)
        let scaled = try run([plain], list)
        plain.scaling = nil
        var fixed = try run([plain], list)
        fixed.record.events = scaled.record.events
        #expect(scaled.record == fixed.record)
        #expect(scaled.outcomes == fixed.outcomes)
    }

    private static func world(_ seed: UInt64) -> ([PoolConfiguration], [Request]) {
        var dice = RandomKey(seed: seed).derived("scaling").generator()
        func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(dice.next() % UInt64(range.count)) }
        let target = TargetUtilizationPolicy(capacity: Double(pick(1...8)))
        var knative = KnativePolicy()
        knative.target = Double(pick(1...6))
        let policies: [AutoscalerPolicy] = [.targetUtilization(target), .knative(knative)]
        let maximum = pick(1...5)
        let minimum = pick(0...maximum)
        let first = pool(policies[pick(0...1)], from: minimum, to: maximum, initial: pick(minimum...maximum))
        var pools = [first]
        if pick(0...2) == 0 {
            var plain = pool(policies[0], from: 1, to: 1, initial: 1)
            plain.scaling = nil
            plain.oneWayDelay = .milliseconds(Int64(pick(0...20)))
            pools.append(plain)
        }
        var now: Int64 = 0
        let list = (0..<pick(1...150)).map { id in
            now += Int64(dice.uniform() * 2e9) * (pick(0...20) == 0 ? 60 : 1)
            return Request(
                id: UInt64(id), arrival: SimulatedTime(nanoseconds: now), inputTokens: Int32(pick(1...400)),
                outputTokens: Int32(pick(1...200)))
        }
        return (pools, list)
    }
}

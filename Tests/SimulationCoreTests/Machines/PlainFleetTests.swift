import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// "With every fault and market process switched off results equal those of the plain fleet": random worlds in which
/// nothing can happen, followed and not.
@Suite struct PlainFleetTests {
    private typealias Run = (record: RunRecord, outcomes: [RequestOutcome])

    private func run(_ fleet: FleetConfiguration, _ world: RandomWorld) throws -> Run {
        let collector = Collector()
        let record = try Simulation(
            fleet: fleet, source: world.source(), options: .init(seed: world.seed), observer: collector
        ).run()
        return (record, collector.outcomes)
    }

    private func withPools(
        _ fleet: FleetConfiguration, _ change: (inout PoolConfiguration) -> Void
    ) -> FleetConfiguration {
        var copy = fleet
        for index in copy.pools.indices { change(&copy.pools[index]) }
        return copy
    }

    /// Always as many replicas as there may be, looked after at odd times.
    private func scaled(_ pool: inout PoolConfiguration, drain: DrainPolicy = .wait(limit: nil)) {
        let policy = FixedPolicy(replicas: pool.replicas, period: .milliseconds(77))
        pool.scaling = PoolScaling(
            policy: .fixed(policy), minimum: pool.replicas, maximum: pool.replicas, initial: pool.replicas,
            startup: PaperFleet.startup, drain: drain)
    }

    /// All that is observed, but for the number of events, is the same.
    private func expectEqual(_ change: (FleetConfiguration) -> FleetConfiguration) throws {
        var completed: UInt64 = 0
        for seed in 700_000..<700_100 as Range<UInt64> {
            let world = RandomWorld(seed: seed)
            let plain = try run(world.fleet, world)
            let other = try run(change(world.fleet), world)
            #expect(other.outcomes.sorted { $0.id < $1.id } == plain.outcomes.sorted { $0.id < $1.id }, "seed \(seed)")
            #expect(other.record.fingerprint == plain.record.fingerprint, "seed \(seed)")
            #expect(other.record.latency == plain.record.latency, "seed \(seed)")
            #expect(other.record.timeline == plain.record.timeline, "seed \(seed)")
            #expect(other.record.ledger == plain.record.ledger, "seed \(seed)")
            var record = other.record
            record.events = plain.record.events
            // Kept only where the fleet names its users.
            record.regions = plain.record.regions
            let isSame = record == plain.record
            #expect(isSame, "seed \(seed)")
            completed += plain.record.completed
        }
        #expect(completed > 3_000)
    }

    @Test func autoscalersThatCannotMove() throws {
        try expectEqual { fleet in withPools(fleet) { scaled(&$0) } }
    }

    @Test func capacityWithoutEnd() throws {
        try expectEqual { fleet in
            withPools(fleet) {
                scaled(&$0)
                $0.supply = .capacity(CapacitySupply())
            }
        }
    }

    @Test func zonesThatNeverGoDown() throws {
        try expectEqual { fleet in
            withPools(fleet) {
                scaled(&$0)
                ($0.place, $0.fate) = (PoolPlace(region: "r", zones: ["a", "b"]), .resumed)
                $0.supply = .capacity(CapacitySupply(availability: .up([], []), notice: .seconds(9), keepsDisk: true))
            }
        }
    }

    @Test func drainsThatNeverCome() throws {
        try expectEqual { fleet in withPools(fleet) { scaled(&$0, drain: .kill) } }
    }

    @Test func outagesElsewhere() throws {
        try expectEqual { fleet in
            var copy = withPools(fleet) {
                scaled(&$0)
                $0.place = PoolPlace(region: "r", zones: ["a"])
            }
            copy.outages = [
                Outage(places: ["elsewhere"], from: .start, until: .start + .seconds(9)),
                Outage(places: ["a"], from: .start + .hours(1_000), until: .start + .hours(1_001)),
            ]
            return copy
        }
    }

    /// Patience beyond any run, limits that nobody reaches, retries that nobody needs.
    @Test func patientClients() throws {
        let policy = ClientPolicy(
            firstTokenTimeout: .hours(1_000), deadline: .hours(1_000), retry: RetryPolicy(attempts: 9, jitter: 0.5),
            hedge: HedgePolicy(delay: .hours(1_000)), rateLimit: RateLimit(perSecond: 1e12, burst: 1e9),
            queueLimit: 1_000_000)
        try expectEqual { fleet in
            var copy = fleet
            copy.clients = [policy, .patient, policy]
            return copy
        }
    }

    /// Everybody is free to go everywhere.
    @Test func routesOfOneTier() throws {
        try expectEqual { fleet in
            var copy = fleet
            copy.clients = [ClientPolicy(deadline: .hours(1_000))]
            copy.users = [UserRegion(name: "anywhere", route: Route(tiers: [Array(fleet.pools.indices)], spillAt: 1))]
            return copy
        }
    }
}

public import Pricing
public import Primitives
public import SimulationCore
public import Workloads

/// A scenario with everything looked up and checked: ready to run, price or explain.
public struct ResolvedScenario: Sendable {
    /// What it was made from.
    public let scenario: Scenario
    /// The model's name, as the catalogue or its configuration file gives it.
    public let model: String
    /// The precision of the first pool; the others differ only where a pool says so.
    public let precision: String
    /// Where requests come from.
    public let workload: ResolvedWorkload
    /// In the scenario's order.
    public let strategies: [ResolvedStrategy]
    /// Name of the strategy the others are compared with.
    public let baseline: String
    /// Runs per strategy.
    public let replications: Int
    /// Everything the answer rests on: given, looked up, or defaulted.
    public let assumptions: [Assumption]
    /// What the reader must know before using the numbers.
    public let warnings: [String]

    /// Seed of replication `index`: the scenario's own for the first, so that any replication can be run again alone
    /// by giving its seed; the same for all strategies, so that they meet the same requests.
    public func seed(ofReplication index: Int) -> UInt64 { scenario.seed(ofReplication: index) }
}

extension Scenario {
    func seed(ofReplication index: Int) -> UInt64 {
        index == 0 ? seed : RandomKey(seed: seed).derived("replication").bits(UInt64(index))
    }
}

extension ResolvedScenario {
    /// Names of the strategies with a policy that reads prices: other prices would change more than their costs.
    public var priceReaders: [String] { strategies.filter(\.readsPrices).map(\.name) }
}

/// One strategy, ready to run.
public struct ResolvedStrategy: Sendable {
    /// The strategy's name.
    public let name: String
    /// What is simulated.
    public internal(set) var fleet: FleetConfiguration
    /// By pool, as are the next two.
    public let pools: [PoolSummary]
    /// Prices and rules by pool.
    public let terms: [PoolTerms]
    /// Instances by pool.
    public let packings: [InstancePacking]
    /// Commitments, and where in a month's traffic a run stands.
    public var billing = BillingPlan()
    /// Pools whose spot price moves as ``PoolTerms/moving(seed:until:)`` says; the others' stay.
    public var movingPrices: Set<Int> = []
    /// Precisions by pool.
    var precisions: [String] = []
    /// What clairvoyant autoscalers know of their pools' replicas, by pool.
    var foresights: [Int: Foresight] = [:]

    /// The terms that a run under `seed` is billed on, up to its end: ``terms``, where prices move on their path.
    public func terms(seed: UInt64, until end: SimulatedTime) -> [PoolTerms] {
        terms.indices.map { movingPrices.contains($0) ? terms[$0].moving(seed: seed, until: end) : terms[$0] }
    }

    /// Whether requests go where it is cheapest, or machines are taken from hosts by their prices.
    public var readsPrices: Bool {
        let readsHosts = fleet.pools.contains { pool in
            if case .hosts = pool.supply { true } else { false }
        }
        return readsHosts || fleet.users.contains { $0.route?.readsPrices ?? false }
    }

    /// What an hour of the whole fleet costs while all of it is rented, before minimums and rounding.
    public var costPerHour: Money {
        zip(terms, packings).reduce(.zero) { $0 + $1.0.contractedPerHour * Int64($1.1.instances) }
    }

    /// The same with every pool at its smallest.
    public var leastCostPerHour: Money {
        pools.indices.reduce(.zero) { sum, index in
            let spare = pools[index].scaling.map { (pools[index].replicas - $0.minimum) * $0.instancesPerReplica } ?? 0
            return sum + terms[index].contractedPerHour * Int64(packings[index].instances - spare)
        }
    }
}

/// Where requests come from, as often as needed.
public struct ResolvedWorkload: Sendable {
    /// One line, e.g. `azure-2023-conv.csv (azure-llm), rate × 2`.
    public let summary: String
    /// Names of the request classes.
    public let classes: [String]
    /// Names of the users' regions.
    public let regions: [String]
    /// Requests, where the scenario says how many.
    public let expectedRequests: UInt64?
    /// Whether the seed changes the requests; a trace is the same in every replication.
    public let dependsOnSeed: Bool
    let factory: @Sendable (UInt64) throws -> any RequestSource

    /// A fresh source of the requests under `seed`, to be used by one run.
    /// - Throws: ``ScenarioError`` or `TraceError`.
    public func makeSource(seed: UInt64) throws -> any RequestSource { try factory(seed) }

    /// The same requests at `factor` times the rate: every gap divided by it.
    /// - Precondition: `factor` > 0.
    func scaled(rate factor: Double) -> ResolvedWorkload {
        ResolvedWorkload(
            summary: "\(summary), rate × \(number(factor, digits: 3))", classes: classes, regions: regions,
            expectedRequests: expectedRequests, dependsOnSeed: dependsOnSeed
        ) { [factory] seed in try factory(seed).atRate(factor) }
    }

    /// The same requests with prompts and outputs `factor` times as long; prompts that share content keep their length.
    /// - Precondition: `factor` > 0.
    func scaled(lengths factor: Double) -> ResolvedWorkload {
        ResolvedWorkload(
            summary: "\(summary), lengths × \(number(factor, digits: 3))", classes: classes, regions: regions,
            expectedRequests: expectedRequests, dependsOnSeed: dependsOnSeed
        ) { [factory] seed in try factory(seed).atLength(factor) }
    }

    /// The requests that arrive from `from` on and before `to`, `from` becoming time zero.
    func sliced(from: SimulatedTime, to: SimulatedTime) -> ResolvedWorkload {
        ResolvedWorkload(
            summary: "\(summary), part", classes: classes, regions: regions, expectedRequests: nil,
            dependsOnSeed: dependsOnSeed
        ) { [factory] seed in try factory(seed).sliced(from: from, to: to) }
    }
}

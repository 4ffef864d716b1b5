package import PerformanceModel
package import Pricing
package import Primitives
package import SimulationCore

/// A scenario file as decoded: what was asked, before anything is looked up. Every part keeps its place in the file.
public struct Scenario: Sendable {
    /// Names the folder of results: no slashes, not hidden.
    public let name: String
    /// Free text; `nil` = none.
    public let description: String?
    /// Seed of the first replication.
    public let seed: UInt64
    /// The file's text; after overrides, the text of the changed scenario.
    public let text: String
    /// The file's path as given.
    public let path: String
    /// Bounds on latencies: the scenario's own, then those of single classes.
    public let objectives: [ServiceObjective]
    /// Runs per strategy; `nil` = not given.
    public let replications: Int?

    package let workload: WorkloadSettings
    package let model: Located<String>
    package let serving: ServingSettings
    package let classes: [ClassSettings]
    package let strategies: [StrategySettings]
    /// What a search for the cheapest fleet chooses from; `nil` = not given.
    package let plan: PlanSettings?
    /// What the scenario was decoded from.
    package let tree: SettingNode
    /// Imported on top of the bundled price book, in this order.
    package let prices: [PriceSettings]
    /// Who asks, from where; empty = as the workload says, beside the machines.
    package let users: [UserSettings]
    /// Places of the scenario's own.
    package let regions: [RegionSettings]
    /// `nil` = not given.
    package let roundTrips: RoundTripSettings?
    /// Of every class that is silent.
    package let clients: ClientSettings?
    package let outages: [OutageSettings]
    package let baseline: Located<String>?
    /// How sure the comparison is to be.
    package let evidence: EvidenceSettings
    /// What `isocost sweep` varies; `nil` = only what its command line says.
    package let sweep: SweepSettings?
    /// Relative paths in the file are resolved against this.
    package let folder: String
    /// Where the scenario begins.
    package let position: SettingPosition

    /// Names of the strategies, in the file's order.
    public var strategyNames: [String] { strategies.map(\.name.value) }
}

/// Changes to a scenario from the command line, applied before it is decoded.
public struct ScenarioOverrides: Sendable, Equatable {
    /// `key.path=value` each, in order.
    public var settings: [String]
    /// Seed of the first replication.
    public var seed: UInt64?
    /// In place of `compare.replications`.
    public var replications: Int?
    /// Strategies to keep, by name; empty = all.
    public var strategies: [String]
    /// A trace to replay instead of the scenario's workload, relative to the working folder.
    public var trace: String?

    /// No change unless said.
    public init(
        settings: [String] = [], seed: UInt64? = nil, replications: Int? = nil, strategies: [String] = [],
        trace: String? = nil
    ) {
        self.settings = settings
        self.seed = seed
        self.replications = replications
        self.strategies = strategies
        self.trace = trace
    }

    /// Whether nothing is changed.
    public var isEmpty: Bool { self == ScenarioOverrides() }
}

/// How a model is served: scenario-wide, by strategy and by pool; the innermost setting that is given counts.
package struct ServingSettings: Sendable {
    package var precision: Located<String>?
    package var kvPrecision: NumberFormat?
    package var tensorParallel: Int?
    package var pipelineParallel: Int?
    package var engine: EngineSettings
}

/// Settings of one request class.
package struct ClassSettings: Sendable {
    package var name: Located<String>
    package var objectives: [ServiceObjective]
    /// One way.
    package var networkDelay: SimulatedDuration?
    /// Lower is served first where the engine's order is `priority`.
    package var priority: Int?
    package var clients: ClientSettings?
}

/// One strategy: pools behind a router.
package struct StrategySettings: Sendable {
    package var name: Located<String>
    package var pools: [PoolSettings]
    package var router: RouterPolicy?
    package var engine: EngineSettings
    /// Of the pools that have bounds and no autoscaler of their own.
    package var autoscaler: AutoscalerSettings?
    /// Of the pools that start replicas, where they are silent.
    package var start: StartSettings?
    /// Of the pools that have bounds, where they are silent; as is the next one.
    package var kept: KeptSettings?
    package var drain: DrainSettings?
    /// Which pools a request may go to; `nil` = all alike.
    package var routing: RoutingSettings?
    /// In place of the scenario's.
    package var clients: ClientSettings?
}

/// Replicas on one offer, or on a device the user prices.
package struct PoolSettings: Sendable {
    package indirect enum Supply: Sendable {
        case offer(Located<String>)
        /// A device of the catalogue.
        case device(Located<String>)
        /// A device profile's path.
        case profile(Located<String>)
        /// Machines of one's own, by what they cost.
        case owned(OwnedSettings)
        case serverless(ServerlessSettings)
        case api(APISettings)
    }
    package var position: SettingPosition
    /// What reports call it; `nil` = after its offer.
    package var name: Located<String>?
    package var supply: Supply
    package var terms: Located<PurchaseTerms>?
    /// Per instance; the user's own, in place of the price book's.
    package var price: Money?
    /// Model servers, where their number is fixed.
    package var replicas: Int?
    /// Bounds on their number, where an autoscaler decides it.
    package var range: ReplicaRange?
    package var autoscaler: AutoscalerSettings?
    package var start: StartSettings?
    package var kept: KeptSettings?
    package var drain: DrainSettings?
    /// How it stands in for another pool; `nil` = it does not.
    package var fallback: FallbackSettings?
    package var serving: ServingSettings
    /// One way.
    package var networkDelay: SimulatedDuration?
    package var place = PlaceSettings()
    package var risk = RiskSettings()
    package var commitments: [CommitmentSettings] = []
    package var extras: ExtraSettings?
}

/// Where a pool stands.
package struct PlaceSettings: Sendable {
    /// In place of the offer's.
    package var region: Located<String>?
    package var zones: [Located<String>] = []
}

/// How a pool's machines are obtained, lost and broken.
package struct RiskSettings: Sendable {
    /// Supply on spot terms.
    package var spot: CapacitySettings?
    /// Supply on other terms.
    package var capacity: CapacitySettings?
    package var market: MarketSettings?
    /// For interruptible machines, per hour.
    package var bid: Located<Money>?
    /// Machines on spot or interruptible terms are never taken away.
    package var isUninterrupted = false
    package var fate: Located<InFlightFate>?
    package var reliability: ReliabilitySettings?
}

public import PerformanceModel
public import Primitives

/// How a request finds its replica.
public enum RouterPolicy: String, Sendable, Codable, CaseIterable {
    case roundRobin = "round-robin"
    case random
    /// Fewest requests in the replica (waiting and running); ties to the lowest index.
    case leastOutstanding = "least-outstanding"
    /// The less loaded of two replicas drawn at random.
    case powerOfTwoChoices = "power-of-two-choices"
    /// Fewest outstanding ÷ speed, the speed being the replica's decode rate relative to the fleet's best.
    case weightedBySpeed = "weighted-by-speed"
    /// The replica whose cache holds the longest prefix of the prompt, unless it is overloaded; then least outstanding.
    case prefixAware = "prefix-aware"
}

/// Replicas of one model server on one offer, in one role.
public struct PoolConfiguration: Sendable {
    public var name: String
    /// What is rented, as its supplier calls it: pools of one offer in one place meet the same supply, whatever the
    /// strategy.
    public var offer: String
    public var replicas: Int
    /// Rented instances behind one replica (pipeline or tensor parallelism across instances); usually 1.
    public var instancesPerReplica: Int
    public var engine: EngineConfiguration
    public var stepCost: any StepCostModel
    /// How the number of replicas follows the load; `nil` = `replicas` of them, from the start to the end. With
    /// scaling, `replicas` is the most there may be.
    public var scaling: PoolScaling?
    /// Network delay added before the request reaches the pool and again before its tokens reach the client.
    public var oneWayDelay: SimulatedDuration
    /// Where the machines stand.
    public var place: PoolPlace
    /// How machines are obtained and lost. Anything but `dependable` needs `scaling` (with a fixed policy if the number
    /// is not to change), which says what a start takes.
    public var supply: SupplyPolicy
    public var reliability: Reliability
    /// What becomes of requests on a machine that is taken away.
    public var fate: InFlightFate
    /// Keys and values of one token, for requests that are migrated.
    public var kvBytesPerToken: Int64

    public init(
        name: String, replicas: Int, instancesPerReplica: Int = 1, engine: EngineConfiguration,
        stepCost: any StepCostModel, oneWayDelay: SimulatedDuration = .zero, scaling: PoolScaling? = nil,
        place: PoolPlace = .nowhere, supply: SupplyPolicy = .dependable, reliability: Reliability = .perfect,
        fate: InFlightFate = .lost, offer: String = "", kvBytesPerToken: Int64 = 0
    ) {
        precondition(scaling.map { $0.maximum == replicas } ?? true, "a scaled pool has room for its maximum")
        self.name = name
        self.replicas = replicas
        self.instancesPerReplica = instancesPerReplica
        self.engine = engine
        self.stepCost = stepCost
        self.oneWayDelay = oneWayDelay
        self.scaling = scaling
        self.place = place
        self.supply = supply
        self.reliability = reliability
        self.fate = fate
        self.offer = offer
        self.kvBytesPerToken = kvBytesPerToken
    }
}

/// Latency bounds that make a request good; `nil` = not bounded.
public struct RequestBounds: Sendable, Equatable, Codable {
    public var ttft: SimulatedDuration?
    public var tpot: SimulatedDuration?
    public var e2e: SimulatedDuration?
    public init(ttft: SimulatedDuration? = nil, tpot: SimulatedDuration? = nil, e2e: SimulatedDuration? = nil) {
        self.ttft = ttft
        self.tpot = tpot
        self.e2e = e2e
    }
}

/// Bytes on the wire between clients and replicas.
public struct WireFormat: Sendable, Equatable, Codable {
    /// Received per prompt token.
    public var bytesPerInputToken: Int64
    /// Sent per output token.
    public var bytesPerOutputToken: Int64

    public init(bytesPerInputToken: Int64, bytesPerOutputToken: Int64) {
        self.bytesPerInputToken = bytesPerInputToken
        self.bytesPerOutputToken = bytesPerOutputToken
    }

    /// Text in, server-sent events out: 1,000 tokens are about 4–8 kB of text, and 20–50 kB as a stream of events.
    public static let streamedText = WireFormat(bytesPerInputToken: 5, bytesPerOutputToken: 35)
}

/// A fleet: pools behind one router.
public struct FleetConfiguration: Sendable {
    public var pools: [PoolConfiguration]
    public var router: RouterPolicy
    /// Added one way per request class (client to router and back); indexed by class, missing = zero.
    public var classDelays: [SimulatedDuration]
    /// Latency bounds per request class; missing = unbounded.
    public var bounds: [RequestBounds]
    /// Distances and routes of the users, by ``Request/regionIndex``; missing = beside the fleet, free to go anywhere.
    public var users: [UserRegion]
    /// What clients do when answers are late or lost, by class; missing = ``ClientPolicy/patient``.
    public var clients: [ClientPolicy]
    /// Zones and regions that fail at stated times.
    public var outages: [Outage]
    /// What a token is on the wire, for traffic that is paid for.
    public var wire = WireFormat.streamedText

    public init(
        pools: [PoolConfiguration], router: RouterPolicy, classDelays: [SimulatedDuration] = [],
        bounds: [RequestBounds] = [], users: [UserRegion] = [], clients: [ClientPolicy] = [], outages: [Outage] = []
    ) {
        self.pools = pools
        self.router = router
        self.classDelays = classDelays
        self.bounds = bounds
        self.users = users
        self.clients = clients
        self.outages = outages
    }

    /// Whether machines of a pool may be refused, taken away, or break.
    func mayLoseMachines(of pool: PoolConfiguration) -> Bool {
        let places = [pool.place.region] + pool.place.zones
        return pool.supply != .dependable || pool.reliability.meanTimeToFailure != nil
            || outages.contains { outage in outage.places.contains { places.contains($0) } }
    }
}

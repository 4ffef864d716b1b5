public import Primitives

/// A place that is down for a time: every replica in it is lost without notice, and none can be started there.
public struct Outage: Sendable, Equatable, Codable {
    /// Names of the zones or regions that fail, as in ``PoolPlace``.
    public var places: [String]
    /// Included.
    public var from: SimulatedTime
    /// Excluded.
    public var until: SimulatedTime

    public init(places: [String], from: SimulatedTime, until: SimulatedTime) {
        self.places = places
        self.from = from
        self.until = until
    }
}

/// Where a pool's machines stand. An outage names zones or regions.
public struct PoolPlace: Sendable, Equatable, Codable {
    public var region: String
    /// Zones over which the replicas are spread in turn: replica i of the pool stands in zone i mod count.
    public var zones: [String]

    public init(region: String, zones: [String] = []) {
        self.region = region
        self.zones = zones
    }

    /// Every replica in one unnamed place.
    public static let nowhere = PoolPlace(region: "")
}

/// How machines of a pool break by themselves.
public struct Reliability: Sendable, Equatable, Codable {
    /// Mean running time of one machine until it fails; `nil` = never.
    public var meanTimeToFailure: SimulatedDuration?
    /// Weibull shape of the time to failure: 1 = memoryless, below 1 = infant mortality.
    public var shape: Double
    /// Mean time until a failed machine can be started again (exponential).
    public var meanRepair: SimulatedDuration
    /// Share of machines that are slow, in [0, 1], drawn per machine.
    public var stragglers: Double
    /// Step times of a slow machine relative to the others', ≥ 1.
    public var slowdown: Double

    public init(
        meanTimeToFailure: SimulatedDuration? = nil, shape: Double = 1, meanRepair: SimulatedDuration = .seconds(600),
        stragglers: Double = 0, slowdown: Double = 1
    ) {
        self.meanTimeToFailure = meanTimeToFailure
        self.shape = shape
        self.meanRepair = meanRepair
        self.stragglers = stragglers
        self.slowdown = slowdown
    }

    /// Never fails, all machines alike.
    public static let perfect = Reliability()
}

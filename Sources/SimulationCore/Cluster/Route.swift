public import Primitives

/// Which pools may serve a request, in order of preference: nearest region first, owned machines first, cheapest first.
///
/// A request goes to the first tier that has room: one whose serving replicas have fewer than `spillAt` requests each
/// on average. Where no tier has, it goes to the first that serves at all. Within a tier the fleet's router chooses.
public struct Route: Sendable, Equatable, Codable {
    /// Indices of pools, no pool twice. Pools that are in no tier are closed to the request (data residency).
    public var tiers: [[Int]]
    /// Requests per serving replica from which on a tier counts as full; `nil` = never, so that later tiers only serve
    /// while no replica of the earlier ones does.
    public var spillAt: Int?
    /// Whether the order was made by price: results then depend on prices, and the report says so.
    public var readsPrices: Bool

    public init(tiers: [[Int]], spillAt: Int? = nil, readsPrices: Bool = false) {
        self.tiers = tiers
        self.spillAt = spillAt
        self.readsPrices = readsPrices
    }
}

/// Where users are, as seen from the fleet.
public struct UserRegion: Sendable, Equatable {
    /// As in the workload's ``RequestSource/regions``.
    public var name: String
    /// Network delay one way to each pool (half the round trip), by pool; empty = none.
    public var oneWayDelays: [SimulatedDuration]
    /// Which pools may serve these users; `nil` = all, in one tier.
    public var route: Route?

    public init(name: String, oneWayDelays: [SimulatedDuration] = [], route: Route? = nil) {
        self.name = name
        self.oneWayDelays = oneWayDelays
        self.route = route
    }
}

import Primitives
import SimulationCore

/// Where the workload's users are, and how far from each place.
struct ResolvedGeography {
    /// One region of the workload.
    struct Region {
        /// As the workload calls it.
        var name: String
        /// `nil` = nobody said; beside the machines.
        var place: RoundTrips.Place?
        /// Jurisdictions they may be served in; empty = all.
        var residency: [Located<String>]
    }

    /// In the workload's order.
    let regions: [Region]
    let trips: RoundTrips

    /// - Parameter names: the workload's regions.
    init(_ scenario: Scenario, names: [String], log: inout AssumptionLog) throws {
        trips = try RoundTrips(regions: scenario.regions, file: try scenario.roundTripFile(&log))
        let trips = trips
        regions = try names.map { name in
            guard let user = scenario.users.first(where: { $0.region.value == name }) else {
                if let first = scenario.users.first, trips.place(called: name) == nil {
                    throw first.region.error(
                        .missingKey, "the workload has users in `\(name)` too: say where they are in `users`")
                }
                return Region(
                    name: name, place: scenario.users.isEmpty ? nil : trips.place(called: name), residency: [])
            }
            for jurisdiction in user.residency { try Self.check(jurisdiction, trips, scenario.regions) }
            return Region(name: name, place: try trips.place(user.at ?? user.region), residency: user.residency)
        }
        if scenario.users.isEmpty, let place = scenario.unusedGeography {
            throw ScenarioError(.conflict, "`\(place.key)` has no effect without `users`", at: place.position)
        }
    }

    /// A jurisdiction that no place is in is a slip of the pen.
    private static func check(_ name: Located<String>, _ trips: RoundTrips, _ own: [RegionSettings]) throws {
        let known = Set(MetroTable.rows.flatMap(\.metro.jurisdictions) + own.flatMap { $0.within ?? [] })
        guard known.contains(name.value.lowercased()) else {
            throw name.error(
                .unknownName,
                "no region is in `\(name.value)`\(suggestion(for: name.value, among: known.sorted(), limit: 40))")
        }
    }
}

extension Scenario {
    /// The scenario's own table of round trips, read.
    fileprivate func roundTripFile(_ log: inout AssumptionLog) throws -> RoundTripFile? {
        guard case .file(let path) = roundTrips else {
            if roundTrips == nil, !users.isEmpty {
                log.add(default: "rtt", "built-in", source: "\(RoundTripTable.source), to \(RoundTripTable.observed)")
            }
            return nil
        }
        let file = try FileLocation.existing(path, in: folder, called: "table of round trips")
        let table = try RoundTripFile(path: file, name: path.value)
        log.add(
            Assumption(
                subject: "rtt", value: "\(table.names.count) places", source: "table \(path.value)", confidence: .given)
        )
        return table
    }

    /// A setting that only matters where users are somewhere.
    fileprivate var unusedGeography: (key: String, position: SettingPosition)? {
        if let region = regions.first { return ("regions", region.name.position) }
        if case .file(let path) = roundTrips { return ("rtt", path.position) }
        return nil
    }
}

/// A pool as seen from users and prices.
struct PoolOutlook {
    var name: String
    var settings: PoolSettings
    /// The offer's region; `local` and `global` are no places.
    var offerRegion: String
    /// Where errors about it point.
    var position: SettingPosition
    var isOwned: Bool
    /// Dollars per million output tokens of a replica with 32 requests of 1,000 tokens, or of an API's price.
    var dollarsPerMillionTokens: Double

    /// The region as reports and outages call it.
    var region: String { settings.place.region?.value ?? offerRegion }
    fileprivate var isAPI: Bool { if case .api = settings.supply { true } else { false } }
}

extension ResolvedGeography {
    /// Distances and routes of every user region to the pools of a strategy; empty where everybody is beside the machines
    /// and may go anywhere.
    func users(
        _ pools: [PoolOutlook], routing: RoutingSettings?, strategy: String, log: inout AssumptionLog
    ) throws -> [UserRegion] {
        let hasPlaces = regions.contains { $0.place != nil }
        guard hasPlaces || routing != nil else { return [] }
        if let routing, routing.policy == .nearest, !hasPlaces {
            throw ScenarioError(.missingKey, "`nearest` needs to know where `users` are", at: routing.position)
        }
        let places = hasPlaces ? try pools.map { try place(of: $0) } : pools.map { _ in nil }
        note(pools, routing, &log)
        return try regions.map { region in
            let delays = zip(places, pools).map { place, pool in
                delay(from: region.place, to: place, pool.name, &log)
            }
            let open = try open(to: region, pools, places, strategy)
            return UserRegion(
                name: region.name, oneWayDelays: hasPlaces ? delays : [],
                route: route(to: open, of: pools, delays, routing))
        }
    }

    /// Where a pool stands; `nil` = an API that says only how long it takes.
    private func place(of pool: PoolOutlook) throws -> RoundTrips.Place? {
        if let region = pool.settings.place.region { return try trips.place(region) }
        if let place = trips.place(called: pool.offerRegion) { return place }
        if pool.isAPI { return nil }
        throw ScenarioError(
            .missingKey,
            "where `\(pool.name)` stands is not known (its offer says `\(pool.offerRegion)`): give it a `region`",
            at: pool.position)
    }

    /// Half the round trip.
    private func delay(
        from user: RoundTrips.Place?, to pool: RoundTrips.Place?, _ name: String, _ log: inout AssumptionLog
    ) -> SimulatedDuration {
        guard let user, let pool else { return .zero }
        guard let trip = trips.trip(from: user, to: pool) else { return .zero }
        log.add(trip.assumption(from: user, to: pool))
        return SimulatedDuration(nanoseconds: trip.time.nanoseconds / 2)
    }

    /// The pools whose place the users' residency allows.
    private func open(
        to region: Region, _ pools: [PoolOutlook], _ places: [RoundTrips.Place?], _ strategy: String
    ) throws -> [Int] {
        guard let first = region.residency.first else { return Array(pools.indices) }
        let allowed = Set(region.residency.map { $0.value.lowercased() })
        let open = pools.indices.filter { index in
            !allowed.isDisjoint(with: places[index]?.jurisdictions ?? [])
        }
        guard !open.isEmpty else {
            throw first.error(
                .conflict,
                "no pool of `\(strategy)` is in \(region.residency.map { "`\($0.value)`" }.joined(separator: " or ")), "
                    + "where users in `\(region.name)` must be served")
        }
        return open
    }

    private func route(
        to open: [Int], of pools: [PoolOutlook], _ delays: [SimulatedDuration], _ routing: RoutingSettings?
    ) -> Route? {
        guard let routing else { return open.count == pools.count ? nil : Route(tiers: [open]) }
        let tiers: [[Int]] =
            switch routing.policy {
            case .ordered: open.map { [$0] }
            case .ownedFirst: [open.filter { pools[$0].isOwned }, open.filter { !pools[$0].isOwned }]
            case .nearest: tiers(open) { delays[$0].seconds }
            case .cheapest: tiers(open) { pools[$0].dollarsPerMillionTokens }
            }
        return Route(
            tiers: tiers.filter { !$0.isEmpty }, spillAt: routing.spillAt, readsPrices: routing.policy == .cheapest)
    }

    /// Pools with equal keys share a tier; the least comes first.
    private func tiers(_ pools: [Int], by key: (Int) -> Double) -> [[Int]] {
        let sorted = pools.sorted { (key($0), $0) < (key($1), $1) }
        return sorted.reduce(into: []) { tiers, pool in
            if let last = tiers.last?.first, key(last) == key(pool) {
                tiers[tiers.count - 1].append(pool)
            } else {
                tiers.append([pool])
            }
        }
    }

    private func note(_ pools: [PoolOutlook], _ routing: RoutingSettings?, _ log: inout AssumptionLog) {
        guard let routing else { return }
        if routing.spillAt == nil {
            log.add(
                default: "spill-at", "never",
                source: "a later tier serves only while no replica of the earlier ones does")
        }
        guard routing.policy == .cheapest else { return }
        let prices = pools.map { "\($0.name) \(number($0.dollarsPerMillionTokens, digits: 3)) $/Mtok" }
        log.add(
            default: "prices read by the run", "routing `cheapest`: \(prices.joined(separator: ", "))",
            source: "$/h ÷ output tokens of a replica with 32 requests of 1,000 tokens, or an API's output price")
        log.warn("Routing by price: with other prices requests go elsewhere, so latencies depend on prices too.")
    }
}

extension RoundTrips.Trip {
    fileprivate func assumption(from user: RoundTrips.Place, to pool: RoundTrips.Place) -> Assumption {
        let subject = "round trip \(user.name) – \(pool.name)"
        let value = durationText(time)
        return switch origin {
        case .given: Assumption(subject: subject, value: value, source: "the scenario's `regions`", confidence: .given)
        case .file: Assumption(subject: subject, value: value, source: "the scenario's `rtt` table", confidence: .given)
        case .measured:
            Assumption(
                subject: subject, value: value,
                source: "\(user.title) to \(pool.title): \(RoundTripTable.source), to \(RoundTripTable.observed)",
                confidence: .published)
        case .derived:
            Assumption(
                subject: subject, value: value,
                source: "\(user.title) to \(pool.title): great circle at 100 km/ms there and back × "
                    + "\(RoundTrips.detour), the median of measured pairs", confidence: .derived)
        case .local:
            Assumption(
                subject: subject, value: value,
                source: "within one place; zones of a region are 0.6–2.4 ms apart "
                    + "(IBM Cloud, 2024-09)", confidence: .assumed)
        }
    }
}

extension RoundTrips.Place {
    /// The metropolitan area behind it.
    fileprivate var title: String { metro?.name ?? name }
}

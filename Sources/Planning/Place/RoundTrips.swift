import Primitives

/// Round trips between places: the scenario's own figures first, then a file's, then the table's, then distance.
struct RoundTrips {
    /// How a round trip is known, best first.
    enum Origin: Int, Sendable, Comparable {
        case given, file, measured, derived, local
        static func < (a: Origin, b: Origin) -> Bool { a.rawValue < b.rawValue }
    }

    struct Trip: Equatable {
        var time: SimulatedDuration
        var origin: Origin
    }

    /// Within one place: between zones of a region 0.6 to 2.4 ms were measured (IBM Cloud, 2024-09).
    static let withinPlace = SimulatedDuration.milliseconds(2)
    /// Light in fibre covers 100 km there and back in a millisecond; the cables are longer than the great circle. The
    /// factor is the median over the pairs of ``RoundTripTable`` (tenth to ninetieth percentile 1.43 to 2.82).
    static let detour = 1.85

    /// A place as a scenario may name it.
    struct Place {
        /// As written.
        var name: String
        /// What distances and the table know it as; `nil` where only figures of the scenario's own speak of it.
        var metro: Metro?
        var jurisdictions: [String]
    }

    private let regions: [RegionSettings]
    private let own: [Pair: SimulatedDuration]
    private let file: RoundTripFile?

    private struct Pair: Hashable {
        var first: String
        var second: String
        init(_ a: String, _ b: String) { (first, second) = a <= b ? (a, b) : (b, a) }
    }

    /// - Parameter file: whose figures stand over the table's.
    init(regions: [RegionSettings], file: RoundTripFile?) throws {
        self.regions = regions
        self.file = file
        var own: [Pair: SimulatedDuration] = [:]
        for region in regions {
            for (other, time) in region.roundTrips {
                let pair = Pair(region.name.value.lowercased(), other.value.lowercased())
                if let known = own[pair], known != time {
                    throw other.error(
                        .conflict,
                        "the round trip between `\(region.name.value)` and `\(other.value)` is already "
                            + durationText(known))
                }
                own[pair] = time
            }
        }
        self.own = own
        for region in regions {
            if let like = region.like, Metro.named(like.value) == nil { throw Self.unknown(like, in: regions, file) }
            for (other, _) in region.roundTrips { _ = try place(other) }
        }
    }

    /// The place called `name`.
    /// - Throws: ``ScenarioError`` where nobody knows it.
    func place(_ name: Located<String>) throws -> Place {
        guard let place = place(called: name.value) else { throw Self.unknown(name, in: regions, file) }
        return place
    }

    /// The same, `nil` where nobody knows it.
    func place(called name: String) -> Place? {
        let settings = regions.first { $0.name.value.lowercased() == name.lowercased() }
        let metro = settings?.metro ?? Metro.named(name)
        guard settings != nil || metro != nil || file?.knows(name) ?? false else { return nil }
        return Place(name: name, metro: metro, jurisdictions: settings?.within ?? metro?.jurisdictions ?? [])
    }

    private static func unknown(
        _ name: Located<String>, in regions: [RegionSettings], _ file: RoundTripFile?
    ) -> ScenarioError {
        let known = regions.map(\.name.value) + (file?.names ?? []) + Metro.knownNames
        return name.error(
            .unknownName,
            "there is no region `\(name.value)`\(suggestion(for: name.value, among: known, limit: 6))"
                + "; describe your own in `regions`")
    }

    /// There and back between two places; `nil` where nothing says how far they are apart.
    func trip(from a: Place, to b: Place) -> Trip? {
        let names = (a.spellings, b.spellings)
        for first in names.0 {
            for second in names.1 {
                if let time = own[Pair(first, second)] { return Trip(time: time, origin: .given) }
            }
        }
        for first in names.0 {
            for second in names.1 {
                if let time = file?.time(first, second) { return Trip(time: time, origin: .file) }
            }
        }
        if a.name.lowercased() == b.name.lowercased() || a.metro != nil && a.metro == b.metro {
            return Trip(time: Self.withinPlace, origin: .local)
        }
        guard let from = a.metro, let to = b.metro else { return nil }
        // A place of the table that was moved is not where it was measured.
        if Metro.named(from.name) == from, Metro.named(to.name) == to,
            let time = RoundTripTable.milliseconds(from.name, to.name)
        {
            return Trip(time: .milliseconds(Int64(time)), origin: .measured)
        }
        return Trip(time: Self.derived(Metro.kilometres(from: from, to: to)), origin: .derived)
    }

    /// Distance over the speed of light in fibre, with the usual detour; in tenths of a millisecond, at least ``withinPlace``.
    static func derived(_ kilometres: Double) -> SimulatedDuration {
        max(withinPlace, SimulatedDuration(nanoseconds: Int64((kilometres / 100 * detour * 10).rounded()) * 100_000))
    }
}

extension RoundTrips.Place {
    /// Its own name, then its metropolitan area's, in lower case.
    fileprivate var spellings: [String] {
        let own = name.lowercased()
        guard let metro, metro.name != own else { return [own] }
        return [own, metro.name]
    }
}

extension RegionSettings {
    /// What distances and the table know it as.
    fileprivate var metro: Metro? {
        if let like { return Metro.named(like.value) }
        guard let coordinates else { return Metro.named(name.value) }
        return Metro(
            name: name.value.lowercased(), latitude: coordinates.latitude, longitude: coordinates.longitude,
            jurisdictions: within ?? [])
    }
}

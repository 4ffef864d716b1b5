import Primitives

/// A place where machines and users are: a metropolitan area that cloud regions are named after.
struct Metro: Sendable, Equatable {
    var name: String
    /// Degrees north and east.
    var latitude: Double
    var longitude: Double
    /// Jurisdictions it is in: a country's code (`de`, `us`), `eu`, and continents.
    var jurisdictions: [String]

    /// Kilometres along the great circle, on a sphere of 6,371 km.
    static func kilometres(from a: Metro, to b: Metro) -> Double {
        let degree = Double.pi / 180
        let (north, east) = ((b.latitude - a.latitude) * degree, (b.longitude - a.longitude) * degree)
        let (up, across) = (Mathematics.sin(north / 2), Mathematics.sin(east / 2))
        let chord =
            up * up + Mathematics.cos(a.latitude * degree) * Mathematics.cos(b.latitude * degree) * across * across
        return 2 * 6_371 * Mathematics.asin(min(1, chord.squareRoot()))
    }
}

extension Metro {
    /// The place that a provider's region, a metropolitan area or a broad word such as `eu-west` names; letters' case
    /// does not count. `nil` where it is not known.
    static func named(_ name: String) -> Metro? { byName[name.lowercased()] }

    /// Every name that ``named(_:)`` knows, places first.
    static let knownNames: [String] = MetroTable.rows.map(\.metro.name) + MetroTable.rows.flatMap(\.aliases)

    private static let byName: [String: Metro] = Dictionary(
        MetroTable.rows.flatMap { row in ([row.metro.name] + row.aliases).map { ($0.lowercased(), row.metro) } },
        uniquingKeysWith: { first, _ in first })
}

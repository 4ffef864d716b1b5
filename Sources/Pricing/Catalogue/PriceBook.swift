/// A catalogue of offers, found by id. Offers keep the order they were given in; ids are unique.
public struct PriceBook: Sendable, Equatable {
    /// In catalogue order.
    public private(set) var offers: [Offer]
    /// Positions by lower-cased id.
    private var positions: [String: Int]

    /// A book of `offers`. Where two share an id, the later one's content takes the earlier one's place.
    public init(offers: [Offer] = []) {
        self.offers = []
        positions = [:]
        merge(offers)
    }

    /// The dated catalogue that comes with the product: hyperscale, specialised clouds and marketplaces.
    ///
    /// Every price has a date and a source; none of them is a quotation. Marketplaces' own list prices are the lowest
    /// on offer, so a large fleet pays more. Akash's leases are found by reverse auction but are not interrupted for
    /// price, so they are listed as on-demand; Salad is interruptible only. RunPod's interruptible price is unknown
    /// except where a row has one.
    public static let bundled = PriceBook(offers: PriceTable.sections.flatMap(\.offers))

    /// Adds offers; an offer whose id (in any case) is present replaces what was there.
    public mutating func merge(_ added: [Offer]) {
        for offer in added {
            let key = offer.id.lowercased()
            if let position = positions[key] {
                offers[position] = offer
            } else {
                positions[key] = offers.count
                offers.append(offer)
            }
        }
    }

    /// The offer that `query` names: a full id, or its leading parts, in any case.
    ///
    /// `provider/type` without a region means the provider's ``defaultRegion(of:)`` where the type is sold there,
    /// otherwise the first such row of the catalogue. A provider alone names nothing.
    /// - Throws: ``PriceBookError/unknownOffer(query:nearest:)`` with the nearest ids.
    public func offer(_ query: String) throws(PriceBookError) -> Offer {
        let key = query.lowercased()
        if let position = positions[key] { return offers[position] }
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, !parts.contains("") else { throw unknown(query) }
        let matches = offers.filter { $0.id.lowercased().hasPrefix(key + "/") }
        let home = Self.defaultRegion(of: String(parts[0]))
        guard let found = matches.first(where: { $0.region.lowercased() == home }) ?? matches.first else {
            throw unknown(query)
        }
        return found
    }

    /// The region meant where none is written, or `nil` where the first row of the catalogue decides.
    public static func defaultRegion(of provider: String) -> String? {
        switch provider.lowercased() {
        case "aws": "us-east-1"
        case "gcp": "us-central1"
        case "azure": "eastus"
        default: nil
        }
    }

    /// The `limit` ids nearest to `query` by edit distance, nearest first, ties in alphabetical order.
    ///
    /// A query is compared with the whole id, the id without its region, and the bare type. Ids further away than half
    /// the query's length are not suggested. Complexity: offers × query length × id length.
    public func suggestions(for query: String, limit: Int = 3) -> [String] {
        let wanted = Array(query.lowercased().utf8)
        let furthest = max(2, wanted.count / 2)
        let ranked = offers.compactMap { offer -> (distance: Int, id: String)? in
            let type = offer.instanceType.lowercased()
            let forms = [offer.id.lowercased(), "\(offer.provider.lowercased())/\(type)", type]
            let distance = forms.map { editDistance(wanted, Array($0.utf8)) }.min() ?? .max
            return distance <= furthest ? (distance, offer.id) : nil
        }
        return ranked.sorted { ($0.distance, $0.id) < ($1.distance, $1.id) }.prefix(limit).map(\.id)
    }

    private func unknown(_ query: String) -> PriceBookError {
        .unknownOffer(query: query, nearest: suggestions(for: query))
    }
}

/// The least number of insertions, deletions and substitutions that turn `a` into `b` (Levenshtein 1966).
///
/// Complexity: `a.count` × `b.count` steps, memory of `b.count`.
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var row = Array(0...b.count)
    for (i, byte) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            let substituted = diagonal + (byte == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}

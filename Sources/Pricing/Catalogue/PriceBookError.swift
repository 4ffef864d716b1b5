/// What can be wrong with the name of an offer or the terms asked of it.
public enum PriceBookError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No offer of the book has this id; `nearest` are ids that resemble it, possibly none.
    case unknownOffer(query: String, nearest: [String])
    /// The offer is not sold on these terms, or its price on them is not known.
    case notOffered(id: String, terms: PurchaseTerms, known: [PurchaseTerms])
    /// A price that is negative, or above ``PoolTerms/dearest``.
    case unusablePrice(id: String, price: String)
    /// A price whose form (moving, by the token, in parts) does not go with the terms.
    case unsuitablePrice(id: String, terms: PurchaseTerms)
    /// A commitment that cannot be meant.
    case unusableCommitment(name: String, reason: String)

    /// One sentence that says what to do.
    public var description: String {
        switch self {
        case .unknownOffer(let query, let nearest) where nearest.isEmpty:
            "unknown offer \"\(query)\"; `isocost prices list` shows all"
        case .unknownOffer(let query, let nearest):
            "unknown offer \"\(query)\"; nearest: \(nearest.joined(separator: ", ")); `isocost prices list` shows all"
        case .notOffered(let id, let terms, let known):
            "no \(terms.rawValue) price is known for \(id) (known: "
                + "\(known.isEmpty ? "none" : known.map(\.rawValue).joined(separator: ", "))); set one by hand"
        case .unusablePrice(let id, let price):
            "the price \(price) $/h set for \(id) is not between 0 and \(PoolTerms.dearest)"
        case .unsuitablePrice(let id, let terms):
            "the price set for \(id) does not go with \(terms.rawValue) terms: prices by the token go with per-token, "
                + "parts of an owner's cost with owned, moving prices with on-demand, spot and interruptible"
        case .unusableCommitment(let name, let reason): "the commitment \"\(name)\" \(reason)"
        }
    }
}

/// Which offers of a book to show. Empty fields match everything; texts match in any case.
public struct OfferFilter: Sendable, Equatable {
    /// Exact provider, e.g. `aws`.
    public var provider: String?
    /// Canonical name or any spelling of it (`h100_sxm`), a family (`H100` finds SXM, PCIe and NVL), or `cpu`.
    public var accelerator: String?
    /// Region or its beginning: `us` finds `us-east-1`.
    public var region: String?
    /// Only offers with a known price on these terms.
    public var terms: PurchaseTerms?
    /// Only this kind of supply.
    public var market: Market?

    /// A filter on the given fields alone.
    public init(
        provider: String? = nil, accelerator: String? = nil, region: String? = nil, terms: PurchaseTerms? = nil,
        market: Market? = nil
    ) {
        self.provider = provider
        self.accelerator = accelerator
        self.region = region
        self.terms = terms
        self.market = market
    }

    /// Whether `offer` is to be shown.
    public func matches(_ offer: Offer) -> Bool {
        if let provider, provider.lowercased() != offer.provider.lowercased() { return false }
        if let region, !offer.region.lowercased().hasPrefix(region.lowercased()) { return false }
        if let terms, offer.pricePerHour(on: terms) == nil { return false }
        if let market, market != offer.market { return false }
        return accelerator.map { matches(accelerator: $0, of: offer) } ?? true
    }

    private func matches(accelerator wanted: String, of offer: Offer) -> Bool {
        guard let name = offer.accelerator?.lowercased() else { return wanted.lowercased() == "cpu" }
        let canonical = AcceleratorName.spelling(wanted).lowercased()
        return name == canonical || name == wanted.lowercased() || name.hasPrefix(wanted.lowercased() + "-")
    }
}

extension PriceBook {
    /// The offers that match, in catalogue order.
    public func offers(matching filter: OfferFilter) -> [Offer] { offers.filter(filter.matches) }

    /// Every provider of the book in order of first appearance, with its kind of supply and number of offers.
    public var providers: [(name: String, market: Market, offers: Int)] {
        var found: [(name: String, market: Market, offers: Int)] = []
        for offer in offers {
            if let index = found.firstIndex(where: { $0.name == offer.provider }) {
                found[index].offers += 1
            } else {
                found.append((offer.provider, offer.market, 1))
            }
        }
        return found
    }
}

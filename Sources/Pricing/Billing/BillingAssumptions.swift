import Primitives

/// What a bill rests on beside prices: what rules and tariffs assume, and what was used that has no known price.
struct BillingAssumptions {
    let ledger: UsageLedger
    let pools: [PoolTerms]

    /// Each once, in the order of the pools.
    var sentences: [String] {
        var found: [String] = []
        func note(_ text: String?) {
            if let text, !found.contains(text) { found.append(text) }
        }
        for (index, terms) in pools.enumerated() {
            note(terms.rule.assumption.map { "\(terms.rule.provider): \($0)" })
            if case .some(let ratio) = ReservedRatio.of(terms.offer, on: terms.terms)?.ratio.assumption {
                note("\(terms.offer.provider): \(ratio)")
            }
            for text in unpriced(index, terms) { note(text) }
        }
        return found
    }

    /// What pool `index` used that has no known price.
    private func unpriced(_ index: Int, _ terms: PoolTerms) -> [String] {
        guard terms.terms != .perToken else { return [] }
        let rentals = ledger.rentals.filter { $0.pool == index }
        let traffic = ledger.traffic(ofPool: index)
        let tariff = terms.tariff
        var missing: [(Bool, String)] = [
            (terms.disk > .zero && rentals.contains { terms.storagePerGBMonth(of: $0) == nil }, "disk"),
            (terms.extras.addresses > 0 && terms.addressPerHour == nil, "addresses"),
            (terms.extras.loadBalancers > 0 && tariff.loadBalancerPerHour == nil, "load balancers"),
            (terms.extras.natGateways > 0 && tariff.natPerHour == nil, "hours of address translation"),
            (traffic[.internet] > 0 && tariff.internet.isEmpty, "traffic to the internet"),
        ]
        for (boundary, text) in [
            (Boundary.interRegion, "traffic to other regions"), (.interZone, "traffic to other zones"),
            (.ingress, "traffic received"),
        ] { missing.append((traffic[boundary] > 0 && tariff.perGB(across: boundary) == nil, text)) }
        var texts = missing.filter(\.0).map { "\(tariff.provider): no price of \($0.1) is known, none is charged" }
        if traffic != Traffic(), let assumption = tariff.assumption {
            texts.append("\(tariff.provider): \(assumption)")
        }
        return texts
    }
}

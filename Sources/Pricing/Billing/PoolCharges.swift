import Primitives

/// Charges of a whole pool: traffic by volume, load balancers, tokens, owned machines that nobody holds.
struct PoolCharges {
    let terms: PoolTerms
    /// The run's end.
    let end: SimulatedTime

    private func line(_ description: String, _ kind: InvoiceLine.Kind, _ category: InvoiceLine.ServiceCategory)
        -> InvoiceLine
    {
        InvoiceLine(
            pool: terms.pool, offerID: terms.offer.id, provider: terms.offer.provider, region: terms.offer.region,
            instance: nil, description: description, serviceCategory: category, start: .start, end: end,
            nanoQuantity: 0, listUnitPrice: .zero, contractedUnitPrice: .zero, billedCost: .zero, listCost: .zero,
            priceObserved: kind == .tokens || kind == .capital ? terms.priceObserved : terms.tariff.observed, kind: kind
        )
    }

    // MARK: Hours

    /// Load balancers and gateways, by the started hour of the run.
    func hourlyLines() -> [InvoiceLine] {
        let hours = (end.nanoseconds + PoolTerms.nanosecondsPerHour - 1) / PoolTerms.nanosecondsPerHour
        let items: [(String, InvoiceLine.Kind, Int64, Money?)] = [
            ("load balancer", .loadBalancer, terms.extras.loadBalancers, terms.tariff.loadBalancerPerHour),
            ("address translation", .nat, terms.extras.natGateways, terms.tariff.natPerHour),
        ]
        return items.compactMap { text, kind, count, rate in
            guard let rate, count > 0, hours > 0 else { return nil }
            var line = line(text, kind, .networking)
            line.set(quantity: count * hours * 1_000_000_000, at: rate)
            return line
        }
    }

    /// Capital and place of owned machines for the time in which nobody holds them.
    func unheldLines(held: SimulatedDuration) -> [InvoiceLine] {
        guard let cost = terms.ownedCost, let machines = cost.machines else { return [] }
        let time = SimulatedDuration(nanoseconds: end.nanoseconds) * machines - held
        guard time > .zero else { return [] }
        let items: [(String, InvoiceLine.Kind, Money)] = [
            ("capital of owned machines not in use", .capital, cost.capitalCharge(for: time)),
            ("place of owned machines not in use", .space, cost.spaceCharge(for: time)),
        ]
        return items.compactMap { text, kind, charge in
            guard charge > .zero else { return nil }
            var line = line(text, kind, .compute)
            line.pricingCategory = .other
            line.nanoQuantity = PoolTerms.rounded(time.nanoseconds, by: 1, over: 3_600)
            line.contractedUnitPrice = charge.scaled(by: PoolTerms.nanosecondsPerHour, over: time.nanoseconds)
            line.listUnitPrice = line.contractedUnitPrice
            line.charge(charge)
            line.listCost = charge
            return line
        }
    }

    // MARK: Tokens

    func tokenLines(_ use: TokenUse) -> [InvoiceLine] {
        guard let prices = terms.tokenPrices else { return [] }
        let items: [(String, UInt64, Money)] = [
            ("input tokens", use.input, prices.inputPerMillion),
            ("cached input tokens", use.cachedInput, prices.cachedInputPerMillion ?? prices.inputPerMillion),
            ("output tokens", use.output, prices.outputPerMillion),
        ]
        return items.compactMap { text, count, price in
            guard count > 0 else { return nil }
            var line = line(text, .tokens, .ai)
            line.pricingUnit = "1000000 Tokens"
            // A token is a thousand nano-millions.
            line.set(quantity: Int64(count) * 1_000, at: price)
            return line
        }
    }

    // MARK: Traffic

    /// Bytes by the boundary they crossed; to the internet by the month's tiers from `used` bytes on.
    func trafficLines(
        _ traffic: Traffic, after used: ByteCount, months: (numerator: Int64, denominator: Int64)
    ) -> [InvoiceLine] {
        let internet = ByteCount(bytes: traffic[.internet])
        let tiers = terms.tariff.internetParts(internet, after: used, months: months)
        // A tariff that is free throughout needs no lines; a free allowance before a price does.
        let isFree = terms.tariff.internet.allSatisfy { $0.perGB == .zero }
        var lines = isFree ? [] : tiers.map { line(bytes: $0.bytes.bytes, at: $0.perGB, across: .internet) }
        for boundary in Boundary.allCases where boundary != .internet && traffic[boundary] > 0 {
            guard let rate = terms.tariff.perGB(across: boundary), rate > .zero else { continue }
            lines.append(line(bytes: traffic[boundary], at: rate, across: boundary))
        }
        return lines + natLines(traffic)
    }

    private func line(bytes: Int64, at rate: Money, across boundary: Boundary) -> InvoiceLine {
        let text: String
        switch boundary {
        case .internet: text = rate == .zero ? "sent to the internet, free allowance" : "sent to the internet"
        case .interRegion: text = "sent to other regions"
        case .interZone: text = "sent to other zones"
        case .ingress: text = "received"
        }
        var line = line(text, boundary == .ingress ? .ingress : .egress, .networking)
        line.pricingUnit = "GB"
        line.set(quantity: bytes, at: rate)
        return line
    }

    private func natLines(_ traffic: Traffic) -> [InvoiceLine] {
        let bytes = traffic[.internet] + traffic[.ingress]
        guard terms.extras.natGateways > 0, bytes > 0, let rate = terms.tariff.natPerGB else { return [] }
        var line = line("through address translation", .nat, .networking)
        line.pricingUnit = "GB"
        line.set(quantity: bytes, at: rate)
        return [line]
    }
}

public import Primitives

extension UsageLedger {
    /// The bill for everything in the ledger: a pure function of rentals, prices and rules.
    ///
    /// One compute line per rental, in ledger order; after it a storage line where the pool has disks and the rule a
    /// rate, and a fee line where the rule has a fee. Each line is rounded once, half to even, so the total is the
    /// exact sum of its lines and does not depend on the order of rentals.
    /// - Parameter pools: indexed by ``Rental/pool``.
    /// - Precondition: every rental's pool is in `pools`.
    public func invoice(pools: [PoolTerms]) -> Invoice {
        Invoice(lines: rentals.flatMap { pools[$0.pool].charges(for: $0) })
    }

    /// Compute cost by state over the whole ledger; adds up to the invoice's compute lines exactly.
    /// - Precondition: every rental's pool is in `pools`.
    public func costByState(pools: [PoolTerms]) -> CostByState {
        rentals.reduce(into: CostByState()) { $0 += pools[$1.pool].costByState(of: $1) }
    }
}

extension PoolTerms {
    static let nanosecondsPerHour: Int64 = 3_600_000_000_000

    /// The lines for one rental, compute first.
    public func charges(for rental: Rental) -> [InvoiceLine] {
        let compute = computeLine(for: rental)
        return [compute] + [storageLine(for: rental), feeLine(on: compute)].compactMap { $0 }
    }

    /// What the machine itself costs for `rental`.
    public func computeCost(of rental: Rental) -> Money {
        charge(contractedPerHour, for: rule.billedTime(of: rental))
    }

    private func charge(_ perHour: Money, for time: SimulatedDuration) -> Money {
        perHour.scaled(by: time.nanoseconds, over: Self.nanosecondsPerHour)
    }

    /// The quantity is the billed time in nano-hours, rounded half to even: 1 s is 277 778 of them. The cost comes
    /// from the nanoseconds, so quantity × price may differ from it by half a nano-hour's price.
    private func computeLine(for rental: Rental) -> InvoiceLine {
        let billed = rule.billedTime(of: rental)
        let cost = charge(contractedPerHour, for: billed)
        var line = line(for: rental, "\(terms.rawValue) \(offer.instanceType)", cost: cost)
        line.pricingCategory = pricingCategory
        line.listCost = charge(listPerHour, for: billed)
        line.listUnitPrice = listPerHour
        line.contractedUnitPrice = contractedPerHour
        line.nanoQuantity = Self.rounded(billed.nanoseconds, by: 1, over: 3_600)
        line.metered = rule.meteredTime(of: rental)
        return line
    }

    /// Disks are paid for the whole rental, whatever state the instance is in. The quantity is rounded to the nearest
    /// nano-gigabyte-month, and the cost is that quantity at the rate.
    private func storageLine(for rental: Rental) -> InvoiceLine? {
        guard disk > .zero, let rate = rule.storagePerGBMonth else { return nil }
        // Nano-GB-months are byte-months: 10⁹ bytes make a gigabyte, and 10⁹ nano-units make a unit.
        let month = 730 * Self.nanosecondsPerHour
        let quantity = Self.rounded(disk.bytes, by: rental.duration.nanoseconds, over: month)
        let cost = rate.scaled(by: quantity, over: 1_000_000_000)
        var line = line(for: rental, "disk of \(offer.instanceType)", cost: cost)
        line.serviceCategory = .storage
        line.listUnitPrice = rate
        line.contractedUnitPrice = rate
        line.nanoQuantity = quantity
        line.pricingUnit = "GB-Months"
        return line
    }

    private func feeLine(on compute: InvoiceLine) -> InvoiceLine? {
        guard rule.feeMillionths > 0 else { return nil }
        let rate = Money(nanodollars: rule.feeMillionths * 1_000)
        var line = compute
        line.description = "platform fee on \(offer.instanceType)"
        line.pricingCategory = .other
        line.billedCost = compute.billedCost.scaled(by: rule.feeMillionths, over: 1_000_000)
        line.listCost = line.billedCost
        line.nanoQuantity = compute.billedCost.nanodollars
        line.pricingUnit = "Dollars"
        line.listUnitPrice = rate
        line.contractedUnitPrice = rate
        line.metered = nil
        return line
    }

    /// `value` × `numerator` ÷ `denominator`, half to even: the one rounding rule of money, for quantities.
    private static func rounded(_ value: Int64, by numerator: Int64, over denominator: Int64) -> Int64 {
        Money(nanodollars: value).scaled(by: numerator, over: denominator).nanodollars
    }

    private func line(for rental: Rental, _ description: String, cost: Money) -> InvoiceLine {
        InvoiceLine(
            pool: pool, offerID: offer.id, provider: offer.provider, region: offer.region, instance: rental.instance,
            description: description, start: rental.start, end: rental.end, nanoQuantity: 0, listUnitPrice: .zero,
            contractedUnitPrice: .zero, billedCost: cost, listCost: cost, priceObserved: priceObserved)
    }
}

import Primitives

extension PoolTerms {
    /// What one instance-hour costs that no commitment pays for.
    var uncommittedPerHour: Money { terms.isCommitted ? listPerHour : contractedPerHour }

    /// The time of a rental that is billed, as an interval.
    ///
    /// It ends with the rental and is as long as the metered time, so a start-up that is not billed is in front of it.
    /// Rounding up and minimums reach beyond the rental's end. Committed time is not rounded: it is paid anyway.
    func billedInterval(of rental: Rental, after earlier: SimulatedDuration) -> (
        start: SimulatedTime, time: SimulatedDuration
    ) {
        let metered = rule.meteredTime(of: rental)
        let time = terms.isCommitted ? metered : rule.billedTime(metered: metered, after: earlier)
        return (rental.end - metered, time)
    }

    /// Charge for `time` from `start` on: the host's price, the moving price, or the pool's.
    private func charge(_ rental: Rental, from start: SimulatedTime, for time: SimulatedDuration) -> Money {
        if let host = rental.host { return Self.charge(host.perHour, for: time) }
        return pricePath?.cost(from: start, for: time) ?? Self.charge(uncommittedPerHour, for: time)
    }

    static func charge(_ perHour: Money, for time: SimulatedDuration) -> Money {
        perHour.scaled(by: time.nanoseconds, over: nanosecondsPerHour)
    }

    /// `value` × `numerator` ÷ `denominator`, half to even: the one rounding rule of money, for quantities.
    static func rounded(_ value: Int64, by numerator: Int64, over denominator: Int64) -> Int64 {
        Money(nanodollars: value).scaled(by: numerator, over: denominator).nanodollars
    }

    // MARK: The machine

    /// The lines for the machine itself: one per commitment that pays for a part of it, one for the rest.
    func machineLines(
        for rental: Rental, after earlier: SimulatedDuration,
        covered: [(time: SimulatedDuration, cost: Money, CommitmentUse)]
    ) -> [InvoiceLine] {
        guard terms != .perToken else { return [] }
        if let ownedCost { return ownedLines(for: rental, ownedCost) }
        let coveredTime = covered.reduce(SimulatedDuration.zero) { $0 + $1.time }
        var lines = covered.map { coveredLine(for: rental, $0.time, $0.cost, $0.2) }
        let (start, time) = billedInterval(of: rental, after: earlier)
        guard lines.isEmpty || time > coveredTime else { return lines }
        let rest = time - coveredTime
        let cost = charge(rental, from: start, for: rest)
        var line = machineLine(for: rental, rest, "\(terms.rawValue) \(offer.instanceType)")
        if terms.isCommitted, rest > .zero { line.description = "\(offer.instanceType) beyond the commitment" }
        line.metered = max(.zero, rule.meteredTime(of: rental) - coveredTime)
        line.contractedUnitPrice = unitPrice(of: rental, cost, rest)
        line.charge(cost)
        if rule.isFree(rental, on: terms) {
            line.description += ", reclaimed early: free"
            line.billedCost = .zero
            line.effectiveCost = .zero
        }
        lines.append(line)
        return lines
    }

    /// The average price where it moves, rounded half to even.
    private func unitPrice(of rental: Rental, _ cost: Money, _ time: SimulatedDuration) -> Money {
        if let host = rental.host { return host.perHour }
        guard pricePath != nil, time > .zero else { return uncommittedPerHour }
        return cost.scaled(by: Self.nanosecondsPerHour, over: time.nanoseconds)
    }

    /// The quantity is the billed time in nano-hours, rounded half to even: 1 s is 277 778 of them. The cost comes
    /// from the nanoseconds, so quantity × price may differ from it by half a nano-hour's price.
    private func machineLine(for rental: Rental, _ time: SimulatedDuration, _ description: String) -> InvoiceLine {
        // A host's own price on demand is its list price; a bid is held against the pool's.
        let list = rental.host.map { terms == .onDemand ? $0.perHour : max($0.perHour, listPerHour) } ?? listPerHour
        var line = line(for: rental, description, .machine)
        line.pricingCategory = terms.isCommitted ? .standard : pricingCategory
        line.listUnitPrice = list
        line.listCost = Self.charge(list, for: time)
        line.nanoQuantity = Self.rounded(time.nanoseconds, by: 1, over: 3_600)
        return line
    }

    /// Time that a commitment pays for: billed at nothing, its share of the commitment as effective cost.
    private func coveredLine(
        for rental: Rental, _ time: SimulatedDuration, _ cost: Money, _ use: CommitmentUse
    ) -> InvoiceLine {
        var line = machineLine(for: rental, time, "\(offer.instanceType) under \(use.name)")
        line.pricingCategory = .committed
        line.contractedUnitPrice = uncommittedPerHour
        line.contractedCost = Self.charge(uncommittedPerHour, for: time)
        line.billedCost = .zero
        line.effectiveCost = cost
        line.metered = time
        line.commitment = use
        return line
    }

    // MARK: Owned machines

    private func ownedLines(for rental: Rental, _ cost: OwnedCost) -> [InvoiceLine] {
        let on = InstanceState.allCases.reduce(SimulatedDuration.zero) {
            InstanceStates.sinceAllocation.contains($1) ? $0 + rental[$1] : $0
        }
        var capital = ownedLine(
            for: rental, "capital of \(offer.instanceType)", .capital, cost.capitalCharge(for: rental.duration))
        capital.metered = rental.duration
        return [
            capital, powerLine(for: rental, cost, .busyPower, (cost.busyWatts, rental[.busy])),
            powerLine(for: rental, cost, .idlePower, (cost.idleWatts, on - rental[.busy])),
            ownedLine(for: rental, "place of \(offer.instanceType)", .space, cost.spaceCharge(for: rental.duration)),
        ].filter { $0.kind == .capital || $0.billedCost > .zero }
    }

    private func ownedLine(for rental: Rental, _ text: String, _ kind: InvoiceLine.Kind, _ cost: Money) -> InvoiceLine {
        var line = line(for: rental, text, kind)
        let hour = SimulatedDuration.hours(1)
        line.pricingCategory = .other
        line.nanoQuantity = Self.rounded(rental.duration.nanoseconds, by: 1, over: 3_600)
        line.contractedUnitPrice =
            kind == .space ? ownedCost?.spaceCharge(for: hour) ?? .zero : ownedCost?.capitalCharge(for: hour) ?? .zero
        line.listUnitPrice = line.contractedUnitPrice
        line.charge(cost)
        line.listCost = cost
        return line
    }

    private func powerLine(
        for rental: Rental, _ cost: OwnedCost, _ kind: InvoiceLine.Kind,
        _ drawn: (watts: Int64, time: SimulatedDuration)
    ) -> InvoiceLine {
        var line = ownedLine(for: rental, "\(kind.rawValue), \(offer.instanceType)", kind, .zero)
        line.nanoQuantity = cost.nanoKilowattHours(watts: drawn.watts, for: drawn.time)
        line.pricingUnit = "kWh"
        line.contractedUnitPrice = cost.perKilowattHour
        line.listUnitPrice = cost.perKilowattHour
        line.charge(cost.powerCharge(watts: drawn.watts, for: drawn.time))
        line.listCost = line.billedCost
        return line
    }

    // MARK: Beside the machine

    /// Lines of one rental that are not for the machine, after those that are.
    func lines(beside machine: [InvoiceLine], of rental: Rental) -> [InvoiceLine] {
        guard terms != .perToken else { return [] }
        return [storageLine(for: rental), addressLine(for: rental)].compactMap { $0 }
            + hostTrafficLines(for: rental) + [feeLine(on: machine, of: rental)].compactMap { $0 }
    }

    /// What a gigabyte of disk costs a month: the host's price, or the provider's.
    func storagePerGBMonth(of rental: Rental) -> Money? {
        rental.host.map(\.storagePerGBMonth) ?? rule.storagePerGBMonth
    }

    /// Disks are paid for the whole rental, whatever state the instance is in. The quantity is rounded to the nearest
    /// nano-gigabyte-month, and the cost is that quantity at the rate.
    private func storageLine(for rental: Rental) -> InvoiceLine? {
        guard disk > .zero, let rate = storagePerGBMonth(of: rental) else { return nil }
        let time = rental.resumes ? rental.duration : max(rental.duration, rule.storageMinimum)
        // Nano-GB-months are byte-months: 10⁹ bytes make a gigabyte, and 10⁹ nano-units make a unit.
        let quantity = Self.rounded(disk.bytes, by: time.nanoseconds, over: Self.nanosecondsPerMonth)
        var line = line(for: rental, "disk of \(offer.instanceType)", .disk)
        line.serviceCategory = .storage
        line.pricingUnit = "GB-Months"
        line.set(quantity: quantity, at: rate)
        return line
    }

    private func addressLine(for rental: Rental) -> InvoiceLine? {
        guard extras.addresses > 0, let rate = addressPerHour else { return nil }
        let time = rental.duration * extras.addresses
        var line = line(for: rental, "public IPv4 address of \(offer.instanceType)", .address)
        line.serviceCategory = .networking
        line.priceObserved = tariff.observed
        line.set(quantity: Self.rounded(time.nanoseconds, by: 1, over: 3_600), at: rate)
        line.charge(Self.charge(rate, for: time))
        line.listCost = line.billedCost
        return line
    }

    /// What an address of this pool's machines costs.
    var addressPerHour: Money? {
        terms == .spot ? tariff.spotAddressPerHour ?? tariff.addressPerHour : tariff.addressPerHour
    }

    /// Bytes of a host that has its own prices for them: whatever it sends, wherever to, and whatever it receives.
    private func hostTrafficLines(for rental: Rental) -> [InvoiceLine] {
        guard let host = rental.host else { return [] }
        let sent = Boundary.allCases.reduce(0) { $1 == .ingress ? $0 : $0 + rental.traffic[$1] }
        let moved: [(InvoiceLine.Kind, Int64, Money?)] = [
            (.egress, sent, host.egressPerGB), (.ingress, rental.traffic[.ingress], host.ingressPerGB),
        ]
        return moved.compactMap { kind, bytes, rate in
            guard bytes > 0, let rate, rate > .zero else { return nil }
            var line = line(for: rental, "\(kind == .egress ? "sent" : "received") by \(offer.instanceType)", kind)
            line.serviceCategory = .networking
            line.pricingUnit = "GB"
            // A byte is a nano-gigabyte.
            line.set(quantity: bytes, at: rate)
            return line
        }
    }

    private func feeLine(on machine: [InvoiceLine], of rental: Rental) -> InvoiceLine? {
        guard rule.feeMillionths > 0 else { return nil }
        let charged = machine.reduce(Money.zero) { $0 + $1.billedCost }
        let rate = Money(nanodollars: rule.feeMillionths * 1_000)
        var line = line(for: rental, "platform fee on \(offer.instanceType)", .fee)
        line.pricingCategory = .other
        line.nanoQuantity = charged.nanodollars
        line.pricingUnit = "Dollars"
        line.listUnitPrice = rate
        line.contractedUnitPrice = rate
        line.charge(charged.scaled(by: rule.feeMillionths, over: 1_000_000))
        line.listCost = line.billedCost
        return line
    }

    private func line(for rental: Rental, _ description: String, _ kind: InvoiceLine.Kind) -> InvoiceLine {
        InvoiceLine(
            pool: pool, offerID: offer.id, provider: offer.provider, region: offer.region, instance: rental.instance,
            description: description, start: rental.start, end: rental.end, nanoQuantity: 0, listUnitPrice: .zero,
            contractedUnitPrice: .zero, billedCost: .zero, listCost: .zero,
            priceObserved: rental.host.map { "agreed with host \($0.host)" } ?? priceObserved, kind: kind)
    }
}

extension InvoiceLine {
    /// Charges `quantity` nano-units at `rate` a unit, rounded half to even; list and contracted price alike.
    mutating func set(quantity: Int64, at rate: Money) {
        nanoQuantity = quantity
        listUnitPrice = rate
        contractedUnitPrice = rate
        charge(rate.scaled(by: quantity, over: 1_000_000_000))
        listCost = billedCost
    }
}

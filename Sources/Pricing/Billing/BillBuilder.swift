import Primitives

/// Makes a ``Bill``: rentals in ledger order, then pools, then commitments.
struct BillBuilder {
    private let ledger: UsageLedger
    private let pools: [PoolTerms]
    private let plan: BillingPlan
    private let commitments: [Commitment]
    private var bill: Bill

    /// The bill for everything in `ledger`.
    static func bill(_ ledger: UsageLedger, _ pools: [PoolTerms], _ plan: BillingPlan) -> Bill {
        var builder = BillBuilder(ledger, pools, plan)
        builder.build()
        return builder.bill
    }

    private init(_ ledger: UsageLedger, _ pools: [PoolTerms], _ plan: BillingPlan) {
        // Whoever adds rentals to a ledger need not think of its end.
        var ledger = ledger
        ledger.end = ledger.rentals.reduce(ledger.end) { max($0, $1.end) }
        self.ledger = ledger
        self.pools = pools
        self.plan = plan
        bill = Bill(poolSplits: Array(repeating: CostSplit(), count: pools.count))
        commitments = plan.commitments + Self.implied(ledger, pools, plan.commitments)
    }

    /// Pools on committed terms that no commitment of the plan serves commit to the most instances they hold at once.
    private static func implied(
        _ ledger: UsageLedger, _ pools: [PoolTerms], _ given: [Commitment]
    ) -> [Commitment] {
        pools.enumerated().compactMap { index, terms in
            guard terms.terms.isCommitted, !given.contains(where: { $0.rate(for: terms) != nil }) else { return nil }
            let quantity = ledger.mostRentals(of: index)
            return quantity > 0 ? Commitment(pool: terms, quantity: quantity) : nil
        }
    }

    private mutating func build() {
        let earlier = ledger.earlierRuns(pools: pools)
        let settlement = settle(earlier)
        let shares = commitments.indices.map { settlement.shares(of: purchase($0), commitment: $0) }
        var next = Array(repeating: 0, count: commitments.count)
        for (number, rental) in ledger.rentals.enumerated() {
            let covered = settlement.parts[number].map { part in
                let share = shares[part.commitment].used[next[part.commitment]]
                next[part.commitment] += 1
                return (SimulatedDuration(nanoseconds: part.nanoseconds), share, use(part))
            }
            let terms = pools[rental.pool]
            let machine = terms.machineLines(for: rental, after: earlier[number], covered: covered)
            for line in machine + terms.lines(beside: machine, of: rental) { add(line, pool: rental.pool, rental) }
        }
        addPoolLines()
        for index in commitments.indices { addCommitment(index, unused: shares[index].unused, settlement) }
        bill.assumptions = BillingAssumptions(ledger: ledger, pools: pools).sentences
    }

    private mutating func add(_ line: InvoiceLine, pool: Int?, _ rental: Rental? = nil) {
        bill.invoice.lines.append(line)
        guard let pool else {
            bill.shared.add(line, of: nil, billed: [])
            return
        }
        bill.poolSplits[pool].add(line, of: rental, billed: pools[pool].rule.billedStates)
        if let rental { bill.byState.add(line, of: rental, billed: pools[pool].rule.billedStates) }
    }

    // MARK: Pools

    private mutating func addPoolLines() {
        var used: [String: ByteCount] = [:]
        for (index, terms) in pools.enumerated() where terms.terms != .perToken {
            let charges = PoolCharges(terms: terms, end: ledger.end)
            let traffic = ledger.traffic(ofPool: index)
            let before = used[terms.tariff.provider] ?? plan.usedBefore
            let lines =
                charges.unheldLines(held: ledger.held(inPool: index)) + charges.hourlyLines()
                + charges.trafficLines(traffic, after: before, months: plan.months(until: ledger.end))
            for line in lines { add(line, pool: index) }
            used[terms.tariff.provider] = before + ByteCount(bytes: traffic[.internet])
        }
        for (index, terms) in pools.enumerated() where ledger.tokens.indices.contains(index) {
            let charges = PoolCharges(terms: terms, end: ledger.end)
            for line in charges.tokenLines(ledger.tokens[index]) { add(line, pool: index) }
        }
    }

    // MARK: Commitments

    private func settle(_ earlier: [SimulatedDuration]) -> CommitmentSettlement {
        guard !commitments.isEmpty else {
            return CommitmentSettlement([], uses: [], ledger: ledger, pools: pools)
        }
        let uses = ledger.rentals.enumerated().compactMap { number, rental -> CommitmentSettlement.Use? in
            let (start, time) = pools[rental.pool].billedInterval(of: rental, after: earlier[number])
            guard time > .zero else { return nil }
            return CommitmentSettlement.Use(
                rental: number, start: max(0, start.nanoseconds), end: (start + time).nanoseconds, pool: rental.pool,
                order: (rental.start.nanoseconds, rental.pool, rental.instance))
        }
        return CommitmentSettlement(commitments, uses: uses, ledger: ledger, pools: pools)
    }

    /// The run's share of what a commitment costs.
    private func purchase(_ index: Int) -> Money {
        PoolTerms.charge(commitments[index].perHour, for: ledger.end - .start)
    }

    private func use(_ part: CommitmentSettlement.Part) -> CommitmentUse {
        let commitment = commitments[part.commitment]
        let hours = PoolTerms.rounded(part.nanoseconds, by: 1, over: 3_600)
        return use(of: part.commitment, .used, commitment.kind == .spend ? dollars(part.value) : hours)
    }

    /// Dollar-nanoseconds as nano-dollars.
    private func dollars(_ value: Int128) -> Int64 {
        Money(rounding: value, over: Int128(PoolTerms.nanosecondsPerHour)).nanodollars
    }

    private func use(of index: Int, _ status: CommitmentUse.Status?, _ nanoQuantity: Int64) -> CommitmentUse {
        let commitment = commitments[index]
        let isSpend = commitment.kind == .spend
        return CommitmentUse(
            id: "commitment-\(index + 1)", name: commitment.name, type: commitment.kind.rawValue,
            category: isSpend ? .spend : .usage, status: status, nanoQuantity: nanoQuantity,
            unit: isSpend ? "USD" : "Hours", isPaidInAdvance: commitment.kind == .prepaid)
    }

    /// The line that buys the run's share of a commitment, and the one for what nothing used.
    private mutating func addCommitment(_ index: Int, unused: Money, _ settlement: CommitmentSettlement) {
        let commitment = commitments[index]
        let span = ledger.end - .start
        guard span > .zero else { return }
        let pool = commitment.pool.flatMap { name in pools.firstIndex { $0.pool == name } }
        var line = commitmentLine(commitment, pool: pool)
        let hours = PoolTerms.rounded(span.nanoseconds, by: 1, over: 3_600)
        let instances = max(1, commitment.quantity)
        line.chargeCategory = .purchase
        line.nanoQuantity = hours * instances
        line.listUnitPrice = Money(nanodollars: commitment.perHour.nanodollars / instances)
        line.contractedUnitPrice = line.listUnitPrice
        line.charge(purchase(index))
        line.listCost = line.billedCost
        line.effectiveCost = .zero
        line.commitment = use(
            of: index, nil, commitment.kind == .spend ? line.billedCost.nanodollars : line.nanoQuantity)
        add(line, pool: pool)
        guard unused > .zero else { return }
        addWaste(index, unused, settlement, line, pool: pool)
    }

    private mutating func addWaste(
        _ index: Int, _ unused: Money, _ settlement: CommitmentSettlement, _ bought: InvoiceLine, pool: Int?
    ) {
        let commitment = commitments[index]
        var line = bought
        line.kind = .commitmentWaste
        line.description = "unused part of \(commitment.name)"
        line.chargeCategory = .usage
        line.pricingCategory = .committed
        line.charge(.zero)
        line.listCost = .zero
        line.effectiveCost = unused
        let rate = Int128(line.contractedUnitPrice.nanodollars)
        let dollars = dollars(settlement.unused[index])
        let hours = Money(rounding: settlement.unused[index], over: max(1, rate) * 3_600).nanodollars
        line.nanoQuantity = hours
        line.commitment = use(of: index, .unused, commitment.kind == .spend ? dollars : hours)
        add(line, pool: pool)
    }

    private func commitmentLine(_ commitment: Commitment, pool: Int?) -> InvoiceLine {
        let offer = pools.first { $0.offer.id == commitment.offerID }?.offer
        let term = commitment.monthsInAdvance.map { " for \($0) month\($0 == 1 ? "" : "s")" } ?? ""
        let advance = commitment.kind == .prepaid ? ", paid in advance\(term): the run's share" : ", the run's share"
        return InvoiceLine(
            pool: commitment.pool ?? commitment.name, offerID: commitment.offerID ?? commitment.provider,
            provider: commitment.provider, region: offer?.region ?? "global", instance: nil,
            description: commitment.name + advance, start: .start, end: ledger.end, nanoQuantity: 0,
            listUnitPrice: .zero, contractedUnitPrice: .zero, billedCost: .zero, listCost: .zero,
            priceObserved: commitment.observed, kind: .commitment)
    }
}

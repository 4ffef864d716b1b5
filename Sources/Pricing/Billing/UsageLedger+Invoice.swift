public import Primitives

extension UsageLedger {
    /// The bill for everything in the ledger: a pure function of rentals, prices, rules and commitments.
    ///
    /// Rentals come in ledger order, each with its machine first (a line per commitment that pays for a part of it, one
    /// for the rest), then disk, addresses, a host's traffic and the platform's fee; after them, pool by pool, machines
    /// nobody holds, load balancers, traffic and tokens; last the commitments and what nothing used of them. Each line is
    /// rounded once, half to even, so the total is the exact sum of its lines and does not depend on the order of rentals.
    ///
    /// - A machine's charge is for its metered time, rounded up, at the price of the pool, of its host, or the integral
    ///   of a moving price over that time (the interval that starts the metered time before the rental's end).
    /// - A pool on committed terms that no commitment of the plan serves pays, from the run's start to its end, for as
    ///   many instances as it ever holds at once.
    /// - Traffic to the internet is charged by the tiers of the month, pools of one provider sharing them in their order.
    /// - Parameter pools: indexed by ``Rental/pool``.
    /// - Precondition: every rental's pool is in `pools`.
    /// - Complexity: linear in rentals, plus commitments × rental-hours.
    public func bill(pools: [PoolTerms], plan: BillingPlan = BillingPlan()) -> Bill {
        BillBuilder.bill(self, pools, plan)
    }

    /// The invoice of ``bill(pools:plan:)``.
    public func invoice(pools: [PoolTerms], plan: BillingPlan = BillingPlan()) -> Invoice {
        bill(pools: pools, plan: plan).invoice
    }

    /// Compute cost by state over the whole ledger; adds up to the effective cost of the invoice's lines for instances'
    /// time (machines, capital, power, place) exactly.
    /// - Precondition: every rental's pool is in `pools`.
    public func costByState(pools: [PoolTerms], plan: BillingPlan = BillingPlan()) -> CostByState {
        bill(pools: pools, plan: plan).byState
    }
}

extension PoolTerms {
    /// The lines for one rental taken by itself, the machine first: one start, no commitment, traffic only where a host
    /// charges for it.
    public func charges(for rental: Rental) -> [InvoiceLine] {
        let machine = machineLines(for: rental, after: .zero, covered: [])
        return machine + lines(beside: machine, of: rental)
    }

    /// What the machine itself costs for `rental` taken by itself.
    public func computeCost(of rental: Rental) -> Money {
        machineLines(for: rental, after: .zero, covered: []).reduce(.zero) { $0 + $1.billedCost }
    }
}

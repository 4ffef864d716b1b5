import Pricing
import Primitives
import Testing

extension WorkedPattern {
    /// Compares the bill line by line, to the nano-dollar, and what the bill says of itself.
    func check() throws {
        let pools = try pools()
        let bill = try ledger.bill(pools: pools, plan: plan(pools))
        #expect(bill.invoice.lines.map(\.description) == lines.map(\.text))
        #expect(bill.invoice.lines.map(\.billedCost.nanodollars) == lines.map(\.nanodollars))
        #expect(bill.invoice.total.nanodollars == lines.reduce(0) { $0 + $1.nanodollars })
        #expect(bill.split.total == bill.invoice.total)
        // Spread over what used them, commitments cost what they were bought for.
        let effective = bill.invoice.lines.reduce(Money.zero) { $0 + $1.effectiveCost }
        #expect(effective == bill.invoice.total)
        #expect(ledger.balances, "the pattern itself adds up")
    }
}

/// Every hand-worked pattern of this folder.
enum WorkedPatterns {
    static let all =
        HyperscalePatternTests.amazon + HyperscalePatternTests.others + MarketPatternTests.pods
        + MarketPatternTests.hosts + GrainPatternTests.minutes + GrainPatternTests.finer + NetworkPatternTests.patterns
        + CommittedPatternTests.patterns + OwnedPatternTests.patterns + OwnedPatternTests.tokens
}

/// A pool called `p` of a bundled offer.
func worked(
    _ offer: String, _ terms: PurchaseTerms = .onDemand, price: PriceOverride? = nil,
    around extras: PoolExtras = PoolExtras()
) throws -> PoolTerms {
    try PoolTerms(pool: "p", offer: PriceBook.bundled.offer(offer), terms: terms, price: price).holding(extras)
}

@Suite struct WorkedPatternTests {
    @Test func everyPatternHasItsOwnName() {
        let names = WorkedPatterns.all.map(\.name)
        #expect(Set(names).count == names.count && names.count >= 30)
    }

    /// The order in which a ledger lists its rentals changes no total, and no part of the split.
    @Test(arguments: WorkedPatterns.all)
    func theOrderOfRentalsDoesNotMatter(_ pattern: WorkedPattern) throws {
        let pools = try pattern.pools()
        let bill = try pattern.ledger.bill(pools: pools, plan: pattern.plan(pools))
        var turned = pattern.ledger
        turned.rentals.reverse()
        let other = try turned.bill(pools: pools, plan: pattern.plan(pools))
        #expect(other.invoice.total == bill.invoice.total)
        #expect(other.split[.commitmentWaste] == bill.split[.commitmentWaste])
    }

    /// A pool's charges are those of its rentals and its own: billing two copies side by side costs twice as much,
    /// where nothing is shared between pools (commitments, and tiers of a month).
    @Test(arguments: WorkedPatterns.all)
    func twoPoolsSideBySideCostTwice(_ pattern: WorkedPattern) throws {
        let pools = try pattern.pools()
        let sendsToTheInternet = pattern.rentals.contains { $0.host == nil && $0.traffic[.internet] > 0 }
        guard pools.count == 1, try pattern.plan(pools).commitments.isEmpty, !sendsToTheInternet else { return }
        var ledger = pattern.ledger
        ledger.rentals += ledger.rentals.map {
            var copy = $0
            copy.pool = 1
            return copy
        }
        ledger.tokens += ledger.tokens
        let bill = ledger.bill(pools: pools + pools, plan: try pattern.plan(pools))
        let once = pattern.lines.reduce(0) { $0 + $1.nanodollars }
        // Two pools of one name and committed terms could each serve the other's commitment; those cost no less.
        if pools[0].terms.isCommitted {
            #expect(bill.invoice.total.nanodollars >= once)
        } else {
            #expect(bill.poolSplits.map(\.total.nanodollars) == [once, once])
        }
    }
}

import Foundation
import Pricing
import Primitives
import Testing

/// What holds of every bill, over random ledgers with everything in them.
@Suite struct BillPropertyTests {
    struct Case {
        let pools: [PoolTerms]
        let plan: BillingPlan
        let ledger: UsageLedger
        init(_ seed: UInt64, rentals: Int = 40) throws {
            let key = RandomKey(seed: seed).derived("bill")
            pools = try MarketLedger.pools(key)
            plan = try MarketLedger.plan(key, pools)
            ledger = MarketLedger.ledger(key, rentals: rentals, pools: pools)
        }
        /// The same without what is not additive: volume tiers, whole-pool charges and commitments.
        var additive: (pools: [PoolTerms], ledger: UsageLedger) {
            var ledger = ledger
            ledger.tokens = []
            for number in ledger.rentals.indices {
                if ledger.rentals[number].host == nil { ledger.rentals[number].traffic = Traffic() }
                if pools[ledger.rentals[number].pool].terms.isCommitted { ledger.rentals[number].pool = 0 }
            }
            let pools = pools.map { terms in
                terms.holding(PoolExtras(disk: terms.disk, addresses: terms.extras.addresses))
            }
            return (pools.map(Self.withoutMachines), ledger)
        }
        private static func withoutMachines(_ terms: PoolTerms) -> PoolTerms {
            guard var cost = terms.ownedCost else { return terms }
            cost.machines = nil
            let price = PriceOverride(owned: cost)
            let plain = try? PoolTerms(pool: terms.pool, offer: terms.offer, terms: .owned, price: price)
            return plain?.holding(terms.extras) ?? terms
        }
    }

    @Test(arguments: 0..<150)
    func theSplitAddsUpToTheInvoice(seed: UInt64) throws {
        let made = try Case(seed)
        #expect(made.ledger.balances)
        for plan in [made.plan, BillingPlan()] {
            let bill = made.ledger.bill(pools: made.pools, plan: plan)
            let lines = bill.invoice.lines
            #expect(bill.split.total == bill.invoice.total)
            #expect(lines.reduce(.zero) { $0 + $1.effectiveCost } == bill.invoice.total)
            #expect(bill.poolSplits.count == made.pools.count)
            #expect(bill.split.amounts.allSatisfy { $0 >= .zero })
            #expect(bill.split[.commitmentWaste] == bill.invoice.commitmentWaste)
            let timed: Set<InvoiceLine.Kind> = [.machine, .capital, .busyPower, .idlePower, .space]
            let compute = lines.filter { timed.contains($0.kind) && $0.instance != nil }
            #expect(bill.byState.total == compute.reduce(.zero) { $0 + $1.effectiveCost })
            #expect(lines.allSatisfy { $0.billedCost >= .zero && $0.effectiveCost >= .zero && $0.nanoQuantity >= 0 })
        }
    }

    @Test(arguments: 0..<100)
    func theTotalDoesNotDependOnTheOrderOfRentals(seed: UInt64) throws {
        let made = try Case(seed)
        let bill = made.ledger.bill(pools: made.pools, plan: made.plan)
        var generator = RandomKey(seed: seed).derived("shuffle").generator()
        var shuffled = made.ledger
        shuffled.rentals.shuffle(using: &generator)
        let other = shuffled.bill(pools: made.pools, plan: made.plan)
        #expect(other.invoice.total == bill.invoice.total)
        #expect(other.assumptions == bill.assumptions)
        func billed(_ bill: Bill) -> [String: Money] {
            bill.invoice.lines.reduce(into: [:]) {
                $0["\($1.pool) \($1.instance ?? -1) \($1.start.nanoseconds) \($1.description)", default: .zero] +=
                    $1.billedCost
            }
        }
        #expect(billed(other) == billed(bill))
    }

    @Test(arguments: 0..<100)
    func billsOfInstancesAddUpToTheBillOfAll(seed: UInt64) throws {
        let (pools, ledger) = try Case(seed).additive
        let whole = ledger.bill(pools: pools)
        var sum = (total: Money.zero, split: CostSplit())
        for instance in Set(ledger.rentals.map(\.instance)).sorted() {
            let bill = UsageLedger(rentals: ledger.rentals.filter { $0.instance == instance }).bill(pools: pools)
            sum.total += bill.invoice.total
            sum.split += bill.split
        }
        #expect(sum.total == whole.invoice.total)
        #expect(sum.split == whole.split)
    }

    @Test(arguments: 0..<150)
    func commitmentsAreNeverCheaperThanTheirPurchase(seed: UInt64) throws {
        let made = try Case(seed)
        let bill = made.ledger.bill(pools: made.pools, plan: made.plan)
        let bought = bill.invoice.lines.filter { $0.chargeCategory == .purchase }
        #expect(bought.count == made.plan.commitments.count + (made.ledger.rentals.contains { $0.pool == 4 } ? 1 : 0))
        let purchase = bought.reduce(Money.zero) { $0 + $1.billedCost }
        #expect(bill.invoice.total >= purchase && purchase > .zero)
        for line in bought {
            let drawn = bill.invoice.lines.filter { $0.commitment?.id == line.commitment?.id && $0.kind != .commitment }
            #expect(drawn.reduce(Money.zero) { $0 + $1.effectiveCost } == line.billedCost)
            #expect(drawn.allSatisfy { $0.billedCost == .zero && $0.pricingCategory == .committed })
            let used = drawn.reduce(Int64(0)) { $0 + ($1.commitment?.nanoQuantity ?? 0) }
            #expect(abs(used - (line.commitment?.nanoQuantity ?? 0)) <= Int64(drawn.count) + 1)
        }
    }

    /// Time is covered or charged, never both and never neither.
    @Test(arguments: 0..<100)
    func coveredAndChargedTimeAreTheBilledTime(seed: UInt64) throws {
        let made = try Case(seed)
        let plain = made.ledger.bill(pools: made.pools).invoice.lines.filter { $0.kind == .machine }
        let committed = made.ledger.bill(pools: made.pools, plan: made.plan).invoice.lines.filter {
            $0.kind == .machine
        }
        for rental in made.ledger.rentals where !made.pools[rental.pool].terms.isCommitted {
            func hours(_ lines: [InvoiceLine]) -> Int64 {
                lines.filter { $0.instance == rental.instance && $0.start == rental.start }.reduce(0) {
                    $0 + $1.nanoQuantity
                }
            }
            #expect(abs(hours(plain) - hours(committed)) <= 3)
        }
    }

    /// One reservation of n machines over hours in which rentals come and go: each hour covers the lesser of n hours and
    /// what was used in it, whatever the order and the lengths.
    @Test(arguments: 0..<100)
    func aReservationCoversTheLesserOfWhatItBringsAndWhatIsUsed(seed: UInt64) throws {
        var draw = RandomKey(seed: seed).derived("hours").generator()
        let made = offer("owl", "7.2")
        let quantity = Int64(1 + draw.next() % 4)
        let (hours, hour) = (Int64(1 + draw.next() % 6), Int64(3_600_000_000_000))
        var (rentals, used) = ([Rental](), Array(repeating: Int64(0), count: Int(hours)))
        for number in 0..<30 {
            let place = Int64(draw.next() % UInt64(hours))
            // Whole seconds, so that rounding up adds nothing.
            let start = Int64(draw.next() % 3_600)
            let length = 1 + Int64(draw.next() % UInt64(3_600 - start))
            rentals.append(
                rental(instance: number, start: place * hour + start * 1_000_000_000, [.busy: length * 1_000_000_000]))
            used[Int(place)] += length
        }
        var ledger = UsageLedger(rentals: rentals)
        ledger.end = SimulatedTime(nanoseconds: hours * hour)
        let reserved = try Commitment.reserved(quantity, of: made, perHour: dollars("3.6"))
        let bill = try ledger.bill(
            pools: [PoolTerms(pool: "p", offer: made)], plan: BillingPlan(commitments: [reserved]))
        let covered = used.reduce(Int64(0)) { $0 + min($1, quantity * 3_600) }
        let rest = used.reduce(0, +) - covered
        // .001 $/s reserved, .002 on demand.
        #expect(bill.invoice.total == dollars("0.001") * (quantity * hours * 3_600) + dollars("0.002") * rest)
        #expect(bill.split[.commitmentWaste] == dollars("0.001") * (quantity * hours * 3_600 - covered))
        #expect(bill.split[.busy] == dollars("0.001") * covered + dollars("0.002") * rest)
    }

    /// More committed at the same rate never leaves less unused, and never costs less than what was bought.
    @Test(arguments: 0..<40)
    func aLargerCommitmentWastesAtLeastAsMuch(seed: UInt64) throws {
        let made = try Case(seed)
        let rates = [Commitment.SpendRate(prefix: "aws/", thousandths: 700)]
        var last = (bought: Money.zero, waste: Money.zero)
        for dollarsAnHour in [1, 3, 9, 27, 81] {
            let commitment = try Commitment.spend(dollars("\(dollarsAnHour)"), at: "aws", rates: rates)
            let bill = made.ledger.bill(pools: made.pools, plan: BillingPlan(commitments: [commitment]))
            let bought = bill.invoice.lines.filter { $0.kind == .commitment && $0.commitment?.category == .spend }
                .reduce(Money.zero) { $0 + $1.billedCost }
            #expect(bought > last.bought && bill.shared[.commitmentWaste] >= last.waste)
            #expect(bill.shared.total == bill.shared[.commitmentWaste] && bill.invoice.total >= bought)
            last = (bought, bill.shared[.commitmentWaste])
        }
    }

    @Test(arguments: 0..<40)
    func particularsHoldWhatColumnsDoNot(seed: UInt64) throws {
        let made = try Case(seed)
        for line in made.ledger.invoice(pools: made.pools, plan: made.plan).lines {
            var stored = InvoiceLine(
                pool: line.pool, offerID: line.offerID, provider: line.provider, region: line.region,
                instance: line.instance, description: line.description, chargeCategory: line.chargeCategory,
                pricingCategory: line.pricingCategory, serviceCategory: line.serviceCategory, start: line.start,
                end: line.end, nanoQuantity: line.nanoQuantity, pricingUnit: line.pricingUnit,
                listUnitPrice: line.listUnitPrice, contractedUnitPrice: line.contractedUnitPrice,
                billedCost: line.billedCost, listCost: line.listCost, priceObserved: line.priceObserved,
                metered: line.metered)
            #expect((stored == line) == (line.particulars == nil))
            stored.particulars = line.particulars
            #expect(stored == line)
        }
    }

    @Test func aLedgersEndIsAtLeastThatOfItsRentals() throws {
        let pools = [try PoolTerms(pool: "p", offer: PriceBook.bundled.offer("aws/g6.xlarge"), terms: .reservedOneYear)]
        var ledger = UsageLedger()
        ledger.rentals.append(rental([.busy: seconds(3_600)]))
        #expect(ledger.end == .start)
        // .651 × .8048
        #expect(ledger.invoice(pools: pools).total == dollars("0.5239248"))
    }

    @Test func billsAndTermsSurviveCoding() throws {
        let made = try Case(3)
        let invoice = made.ledger.invoice(pools: made.pools, plan: made.plan)
        #expect(try JSONDecoder().decode(Invoice.self, from: JSONEncoder().encode(invoice)) == invoice)
        #expect(try JSONDecoder().decode([PoolTerms].self, from: JSONEncoder().encode(made.pools)) == made.pools)
        #expect(try JSONDecoder().decode(BillingPlan.self, from: JSONEncoder().encode(made.plan)) == made.plan)
    }
}

import Pricing
import Primitives
import Testing

@Suite struct CommitmentTests {
    let book = PriceBook.bundled

    /// One pool of an offer made up at `price`, instances busy over the given seconds, and what a plan makes of them.
    func bill(
        _ spans: [(from: Double, to: Double)], until end: Double, price: String = "3.6", _ commitments: [Commitment]
    ) throws -> Bill {
        let pools = [try PoolTerms(pool: "p", offer: offer("owl", price))]
        var ledger = UsageLedger(
            rentals: spans.enumerated().map { number, span in
                rental(instance: number, start: seconds(span.from), [.busy: seconds(span.to - span.from)])
            })
        ledger.end = SimulatedTime(nanoseconds: seconds(end))
        return ledger.bill(pools: pools, plan: BillingPlan(commitments: commitments))
    }

    func amounts(_ bill: Bill, _ kind: InvoiceLine.Kind) -> [String] {
        bill.invoice.lines.filter { $0.kind == kind }.map { "\($0.billedCost) \($0.effectiveCost)" }
    }

    /// Unused time of one hour does not serve the next: 1 h free, then two machines for half an hour on one reservation.
    @Test func whatAnHourDoesNotUseIsLost() throws {
        let one = try Commitment.reserved(1, of: offer("owl", "3.6"), perHour: dollars("1.8"))
        let bill = try bill([(3_600, 5_400), (3_600, 5_400)], until: 7_200, [one])
        // Both fit into the second hour's 3600 machine-seconds.
        #expect(amounts(bill, .machine) == ["0 0.9", "0 0.9"])
        #expect(amounts(bill, .commitment) == ["3.6 0"])
        #expect(amounts(bill, .commitmentWaste) == ["0 1.8"])
        #expect(bill.split[.commitmentWaste] == dollars("1.8") && bill.split[.busy] == dollars("1.8"))
    }

    @Test func theLastHourBringsItsShareOnly() throws {
        let one = try Commitment.reserved(1, of: offer("owl", "3.6"), perHour: dollars("1.8"))
        // 90 minutes; the last half hour brings 1800 s, of which three machines of 900 s leave one out: .9 on demand.
        let bill = try bill([(4_500, 5_400), (4_500, 5_400), (4_500, 5_400)], until: 5_400, [one])
        #expect(amounts(bill, .machine) == ["0 0.45", "0 0.45", "0.9 0.9"])
        #expect(amounts(bill, .commitment) == ["2.7 0"] && amounts(bill, .commitmentWaste) == ["0 1.8"])
    }

    @Test func reservedQuantitiesComeBeforeSpending() throws {
        let offer = offer("owl", "3.6")
        let plan = [
            try Commitment.spend(dollars("1.8"), at: "owl", rates: [.init(prefix: "owl/", thousandths: 500)]),
            try Commitment.reserved(1, of: offer, perHour: dollars("1.2")),
        ]
        let bill = try bill([(0, 3_600), (0, 3_600), (0, 3_600)], until: 3_600, plan)
        // The first machine is the reservation's, the second draws 1.80 of spending, the third pays 3.60.
        #expect(amounts(bill, .machine) == ["0 1.2", "0 1.8", "3.6 3.6"])
        #expect(amounts(bill, .commitment) == ["1.8 0", "1.2 0"] && amounts(bill, .commitmentWaste).isEmpty)
        #expect(bill.invoice.total == dollars("6.6"))
    }

    @Test func theLargestDiscountDrawsFirst() throws {
        let offers = [offer("owl", "2"), offer("owl", "4")].enumerated().map { number, offer in
            var offer = offer
            offer.id = "owl/type\(number)/here"
            return offer
        }
        let pools = try offers.map { try PoolTerms(pool: $0.id, offer: $0) }
        let ledger = UsageLedger(rentals: [
            rental(pool: 0, instance: 0, [.busy: seconds(3_600)]),
            rental(pool: 1, instance: 1, [.busy: seconds(3_600)]),
        ])
        let rates = [
            Commitment.SpendRate(prefix: "owl/type", thousandths: 900), .init(prefix: "owl/type1", thousandths: 500),
        ]
        let spend = try Commitment.spend(dollars("2"), at: "owl", rates: rates)
        let bill = ledger.bill(pools: pools, plan: BillingPlan(commitments: [spend]))
        // Half price on the dear one takes all two dollars.
        #expect(amounts(bill, .machine) == ["2 2", "0 2"])
    }

    @Test func onlyTheNamedPoolDrawsWhereOneIsNamed() throws {
        let offer = offer("owl", "3.6")
        var one = try Commitment.reserved(1, of: offer, perHour: dollars("1.8"))
        one.pool = "b"
        let pools = try ["a", "b"].map { try PoolTerms(pool: $0, offer: offer) }
        let ledger = UsageLedger(rentals: [
            rental(pool: 0, instance: 0, [.busy: seconds(3_600)]),
            rental(pool: 1, instance: 1, [.busy: seconds(3_600)]),
        ])
        let bill = ledger.bill(pools: pools, plan: BillingPlan(commitments: [one]))
        #expect(amounts(bill, .machine) == ["3.6 3.6", "0 1.8"])
        #expect(bill.poolSplits.map(\.total) == [dollars("3.6"), dollars("1.8")] && bill.shared.total == .zero)
    }

    @Test func spotServerlessOwnedAndTokensAreNotEligible() throws {
        let pools = try MarketLedger.pools(RandomKey(seed: 1))
        let everything = try MarketLedger.plan(RandomKey(seed: 1), pools).commitments
        for terms in pools {
            let isEligible = everything.contains { $0.rate(for: terms) != nil }
            #expect(isEligible == ["on-demand", "second", "minutes"].contains(terms.pool), "\(terms.pool)")
        }
    }

    /// The most instances at once: 0-100 and 50-150 overlap, 100-200 follows the first.
    @Test func committedPoolsPayForTheMostTheyHold() throws {
        let pools = [try PoolTerms(pool: "p", offer: book.offer("aws/g6.xlarge"), terms: .reservedOneYear)]
        let ledger = UsageLedger(rentals: [
            rental(instance: 0, [.busy: seconds(1_000)]),
            rental(instance: 1, start: seconds(500), [.busy: seconds(1_000)]),
            rental(instance: 2, start: seconds(1_000), [.busy: seconds(1_000)]),
        ])
        let bill = ledger.bill(pools: pools)
        // .651 × .8048 = .5239248 $/h; two of them for 2000 s are .582138667, a quarter of it .14553466675: the three
        // quarters that were used take the left-over nano-dollars first.
        let bought = try #require(bill.invoice.lines.first { $0.kind == .commitment })
        #expect(bought.billedCost.nanodollars == 582_138_667 && bought.commitment?.nanoQuantity == 1_111_111_112)
        #expect(bill.split[.busy].nanodollars == 436_604_001 && bill.split[.commitmentWaste].nanodollars == 145_534_666)
        #expect(bill.invoice.commitmentWaste == bill.split[.commitmentWaste])
        #expect(UsageLedger().bill(pools: pools).invoice.lines.isEmpty)
    }

    @Test func commitmentsThatCannotBeMeantAreErrors() throws {
        let offer = offer("owl", "3.6")
        #expect(throws: PriceBookError.notOffered(id: offer.id, terms: .reservedOneYear, known: [.onDemand])) {
            try Commitment.reserved(1, of: offer)
        }
        #expect(throws: PriceBookError.unusablePrice(id: offer.id, price: "0")) {
            try Commitment.reserved(1, of: offer, perHour: .zero)
        }
        let none = #expect(throws: PriceBookError.self) { try Commitment.reserved(0, of: offer, perHour: dollars("1")) }
        #expect(none?.description == #"the commitment "0 x test, reserved-1y" is for no instance"#)
        let dear = #expect(throws: PriceBookError.self) {
            try Commitment.reserved(2_000_000, of: offer, perHour: dollars("1"))
        }
        #expect(dear?.description.hasSuffix("costs more than 1000000 $ an hour") == true)
        let month = try Commitment.prepaid(1, of: offer, months: 1, perHour: dollars("1"))
        #expect(month.name.hasSuffix(", 1 month prepaid"))
        #expect(throws: PriceBookError.self) { try Commitment.prepaid(1, of: offer, months: 0, perHour: dollars("1")) }
        for (price, rate) in [("0", 500), ("1", 0), ("1", 1_001)] {
            #expect(throws: PriceBookError.self) {
                try Commitment.spend(dollars(price), at: "owl", rates: [.init(prefix: "", thousandths: Int64(rate))])
            }
        }
        #expect(throws: PriceBookError.notOffered(id: offer.id, terms: .prepaid, known: [.onDemand])) {
            try PoolTerms(pool: "p", offer: offer, terms: .prepaid)
        }
    }

    @Test func committedPricesSayWhereTheirRatioIsFrom() throws {
        let terms = try PoolTerms(pool: "p", offer: book.offer("aws/g6.xlarge"), terms: .reservedOneYear)
        #expect(terms.priceSource.hasSuffix("; ratio: sooddvs/gpu-pricing, us-east-1"))
        #expect(terms.priceObserved == "2026-07-20, ratio 2026-06-15")
        #expect(terms.contractedPerHour == dollars("0.5239248") && terms.listPerHour == dollars("0.8048"))
        #expect(terms.pricingCategory == .committed && terms.terms.isCommitted && !PurchaseTerms.spot.isCommitted)
    }

    @Test func ratiosAreTheListedOnes() throws {
        // 2026-06-15 and 2026-07-30.
        for (id, terms, price) in [
            ("aws/p4d.24xlarge", PurchaseTerms.reservedThreeYears, "9.375913134"),
            ("aws/g5.xlarge", .reservedOneYear, "0.654906"), ("gcp/a3-highgpu-8g", .reservedOneYear, "61.41206"),
            ("azure/Standard_ND96amsr_A100_v4", .reservedThreeYears, "17.00763"),
        ] { #expect(try book.offer(id).pricePerHour(on: terms) == dollars(price), "\(id)") }
        for (id, terms) in [
            ("aws/p5.48xlarge", PurchaseTerms.reservedOneYear), ("aws/p5en.48xlarge", .reservedThreeYears),
            ("azure/Standard_ND96isr_H100_v5", .reservedOneYear), ("lambda/gpu_1x_a10", .reservedOneYear),
        ] { #expect(try book.offer(id).pricePerHour(on: terms) == nil, "\(id)") }
        for row in ReservedRatio.all {
            #expect(!row.source.isEmpty && row.observed.hasPrefix("2026-"))
            #expect((row.oneYear ?? 1_000) <= 1_000 && (row.threeYears ?? 0) < row.oneYear ?? 1_000)
        }
    }
}

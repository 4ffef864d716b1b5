import Pricing
import Primitives
import Testing

/// One small fleet on three suppliers, its bill and its split worked out on paper.
@Suite struct WorkedBillTests {
    let pools: [PoolTerms]
    let ledger: UsageLedger

    init() throws {
        let book = PriceBook.bundled
        pools = try [
            PoolTerms(pool: "base", offer: book.offer("aws/g6.xlarge")).holding(.gigabytes(100)),
            PoolTerms(
                pool: "bids", offer: book.offer("vast/1x-L40S"), terms: .interruptible,
                price: PriceOverride(perHour: dollars("0.36"))),
            PoolTerms(pool: "minutes", offer: book.offer("lambda/gpu_1x_a10")),
        ]
        ledger = UsageLedger(rentals: [
            // 2 h rented: 1 min boot, 4 min loading, 90 min busy, 25 min idle.
            rental(
                pool: 0, instance: 0,
                [.provisioning: seconds(60), .loading: seconds(240), .busy: seconds(5_400), .idle: seconds(1_500)]),
            // 20.5 s of work, then outbid for 100 s.
            rental(pool: 1, instance: 1, start: seconds(600), [.busy: seconds(20.5), .paused: seconds(100)]),
            // 150 s: 30 s loading, 100 s busy, 20 s draining.
            rental(
                pool: 2, instance: 2, start: seconds(900),
                [.loading: seconds(30), .busy: seconds(100), .draining: seconds(20)]),
        ])
    }

    @Test func theBill() {
        let invoice = ledger.invoice(pools: pools)
        let expected: [(line: String, nanodollars: Int64)] = [
            // .8048 $/h × 7140 s / 3600 s = 1.596 186 666 6…
            ("base on-demand g6.xlarge", 1_596_186_667),
            // 100 GB × 2 h / 730 h = .273 972 602 7… GB-months, at nano precision .273 972 603; × .08 $
            ("base disk of g6.xlarge", 21_917_808),
            // .36 $/h × 21 s / 3600 s
            ("bids interruptible 1x-L40S", 2_100_000),
            // 1.29 $/h × 3 min / 60 min
            ("minutes on-demand gpu_1x_a10", 64_500_000),
        ]
        #expect(invoice.lines.map { "\($0.pool) \($0.description)" } == expected.map(\.line))
        #expect(invoice.lines.map(\.billedCost.nanodollars) == expected.map(\.nanodollars))
        #expect(invoice.total == dollars("1.684704475"))
    }

    @Test func quantitiesAreBilledTime() {
        let lines = ledger.invoice(pools: pools).lines
        // 7140 s = 1.983 333 3… h, 100 GB for 2 h of 730 h, 21 s = .005 833 3… h, 180 s = .05 h
        #expect(lines.map(\.nanoQuantity) == [1_983_333_333, 273_972_603, 5_833_333, 50_000_000])
        #expect(lines.map { $0.metered?.nanoseconds } == [seconds(7_140), nil, seconds(20.5), seconds(150)])
        #expect(lines.map(\.pricingCategory) == [.standard, .standard, .dynamic, .standard])
    }

    @Test func theSplit() {
        // First rental: 240 : 5400 : 1500 of 7140 s of 1 596 186 667 nano-dollars is
        // 53 653 333.34… , 1 207 200 000.25… , 335 333 333.40…: the left-over unit goes to idle.
        let first = pools[0].costByState(of: ledger.rentals[0])
        #expect(first.loading.nanodollars == 53_653_333 && first.busy.nanodollars == 1_207_200_000)
        #expect(first.idle.nanodollars == 335_333_334 && first[.provisioning] == .zero)
        // Second: everything was busy. Third: 30 : 100 : 20 of 64 500 000.
        let third = pools[2].costByState(of: ledger.rentals[2])
        #expect(third.loading.nanodollars == 12_900_000 && third.busy.nanodollars == 43_000_000)
        #expect(third.draining.nanodollars == 8_600_000 && third.held == .zero)
        let whole = ledger.costByState(pools: pools)
        #expect(whole.busy.nanodollars == 1_207_200_000 + 2_100_000 + 43_000_000)
        #expect(whole.total.nanodollars == 1_596_186_667 + 2_100_000 + 64_500_000)
        #expect(whole.waste == whole.loading + whole.idle + whole.draining)
    }

    @Test func aDecadeAtTheHighestPriceStaysWithinMoney() throws {
        let terms = try PoolTerms(
            pool: "p", offer: offer("aws", "1"), price: PriceOverride(perHour: PoolTerms.dearest)
        ).holding(.gigabytes(1e6))
        let decade = rental([.busy: seconds(87_600 * 3_600)])
        let lines = UsageLedger(rentals: [decade]).invoice(pools: [terms]).lines
        // 87 600 h × 10 000 $; 10⁶ GB × 120 months × .08 $
        #expect(lines.map(\.billedCost) == [dollars("876000000"), dollars("9600000")])
    }

    /// Half-even rounding checked by the definition: the error is at most half a unit, and a half goes to an even one.
    @Test(arguments: 0..<100)
    func everyChargeIsTheNearestNanodollar(seed: UInt64) throws {
        var draw = RandomKey(seed: seed).derived("charges").generator()
        for _ in 0..<50 {
            let perHour = Money(nanodollars: Int64(draw.next() % 120_000_000_000))
            let terms = try PoolTerms(
                pool: "p", offer: offer("rack", "1"), terms: .owned, price: PriceOverride(perHour: perHour))
            let time = Int64(draw.next() >> (18 + draw.next() % 40))
            let cost = terms.computeCost(of: rental([.idle: time]))
            let hour: Int128 = 3_600_000_000_000
            let error = Int128(cost.nanodollars) * hour - Int128(perHour.nanodollars) * Int128(time)
            #expect(error.magnitude * 2 <= hour.magnitude)
            if error.magnitude * 2 == hour.magnitude { #expect(cost.nanodollars % 2 == 0) }
        }
    }
}

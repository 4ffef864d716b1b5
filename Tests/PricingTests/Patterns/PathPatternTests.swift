import Pricing
import Primitives
import Testing

/// Prices that move under rentals that start and end between their steps.
@Suite struct PathPatternTests {
    /// .36 $/h (.0001 $/s) until 100 s, .72 (.0002 $/s) until 200 s, then .18 (.00005 $/s).
    static func path(from start: Double = 0) throws -> PricePath {
        let steps = [(start, "0.36"), (100, "0.72"), (200, "0.18")].map { at, price in
            PricePath.Step(start: SimulatedTime(nanoseconds: seconds(at)), perHour: dollars(price))
        }
        return try #require(PricePath(steps: steps))
    }

    static func line(_ provider: String, _ terms: PurchaseTerms, _ rental: Rental) throws -> InvoiceLine {
        let pool = try PoolTerms(
            pool: "p", offer: offer(provider, "3.6", spot: "0.36"), terms: terms, price: PriceOverride(path: path()))
        return try #require(UsageLedger(rentals: [rental]).invoice(pools: [pool]).lines.first)
    }

    /// A minimum reaches beyond the rental's end, at the prices that hold then.
    @Test func aMinimumIsChargedOverTheStepThatComes() throws {
        let line = try Self.line("aws", .spot, lease([.busy: 20], at: 70))
        // 60 s from 70 s on: 30 s × .0001 + 30 s × .0002.
        #expect(line.billedCost == dollars("0.009"))
        #expect(line.contractedUnitPrice == dollars("0.54"), "the mean of the two")
        #expect(line.listCost == dollars("0.06") && line.metered == .seconds(20))
    }

    @Test func aBootThatIsNotBilledIsInFrontOfTheInterval() throws {
        let line = try Self.line("aws", .spot, lease([.provisioning: 60, .busy: 90]))
        // From 60 to 150 s: 40 s × .0001 + 50 s × .0002.
        #expect(line.billedCost == dollars("0.014"))
    }

    /// Time in which the machine is stopped is taken from the front, so what was busy is charged last.
    @Test func stoppedTimeIsNotIntegrated() throws {
        let line = try Self.line("aws", .spot, lease([.busy: 100, .stopped: 50], at: 80))
        // From 130 to 230 s: 70 s × .0002 + 30 s × .00005.
        #expect(line.billedCost == dollars("0.0155"))
    }

    @Test func startedSecondsRoundUpAtTheLatestPrice() throws {
        let line = try Self.line("vast", .interruptible, lease([.busy: 100.5], at: 99.5))
        // 101 s from 99.5 s on: .5 × .0001 + 100 × .0002 + .5 × .00005.
        #expect(line.billedCost.nanodollars == 50_000 + 20_000_000 + 25_000)
        #expect(line.pricingCategory == .dynamic && line.nanoQuantity == 28_055_556)
    }

    @Test func aFreeFirstHourIsFreeAtAnyPrice() throws {
        let line = try Self.line("aws", .spot, lease([.busy: 150], at: 75, ending: .interrupted))
        // 25 s × .0001 + 100 s × .0002 + 25 s × .00005 would have been due.
        #expect(line.billedCost == .zero && line.contractedCost == dollars("0.02375"))
    }

    @Test func aStepInTheFutureHoldsBeforeItsTimeToo() throws {
        let early = try Self.path(from: 50).cost(from: .start, for: .seconds(60))
        #expect(early == dollars("0.006"))
        #expect(try Self.path(from: 50).nextChange(after: .start) == SimulatedTime(nanoseconds: seconds(50)))
    }

    @Test func aHostsPriceStandsOverThePath() throws {
        let rental = lease([.busy: 100], at: 50) { $0.host = HostTerms(host: 1, perHour: dollars("7.2")) }
        let line = try Self.line("vast", .interruptible, rental)
        #expect(line.billedCost == dollars("0.2") && line.contractedUnitPrice == dollars("7.2"))
    }

    @Test func usageAtAMovingPriceDrawsOnNoCommitment() throws {
        let made = offer("owl", "3.6")
        let pool = try PoolTerms(pool: "p", offer: made, price: PriceOverride(path: Self.path()))
        let one = try Commitment.reserved(1, of: made, perHour: dollars("0.1"))
        #expect(one.rate(for: pool) == nil)
        let bill = UsageLedger(rentals: [lease([.busy: 100])]).bill(
            pools: [pool], plan: BillingPlan(commitments: [one]))
        #expect(bill.invoice.lines.first?.billedCost == dollars("0.01"))
        #expect(bill.split[.commitmentWaste] == bill.invoice.total - dollars("0.01"))
    }

    /// A walk's bill is the sum over every second of the price in that second, rounded once.
    @Test(arguments: 0..<20)
    func walksAreIntegratedSecondBySecond(seed: UInt64) throws {
        var draw = RandomKey(seed: seed).derived("walks").generator()
        let made = offer("gcp", "3", spot: "1")
        let walk = PriceWalk(interval: .seconds(97), stays: 0.2, sigma: 0.3, reversion: 0.05)
        let path = try #require(
            walk.path(of: made, seed: seed, until: SimulatedTime(nanoseconds: seconds(20_000))))
        #expect(path.steps.count > 50)
        let pool = try PoolTerms(pool: "p", offer: made, terms: .spot, price: PriceOverride(path: path))
        for _ in 0..<5 {
            let (start, length) = (Int64(draw.next() % 9_000), Int64(60 + draw.next() % 10_000))
            let used = lease([.busy: Double(length)], at: Double(start))
            var sum = Int128(0)
            for second in start..<(start + length) {
                sum += Int128(path.price(at: SimulatedTime(nanoseconds: second * 1_000_000_000)).nanodollars)
            }
            let (whole, rest) = sum.quotientAndRemainder(dividingBy: 3_600)
            let rounded = whole + (rest * 2 > 3_600 || (rest * 2 == 3_600 && whole % 2 == 1) ? 1 : 0)
            #expect(Int128(pool.computeCost(of: used).nanodollars) == rounded, "\(start) + \(length)")
        }
    }

    /// Cut anywhere, the pieces of a rental cost the whole, but for the rounding of each.
    @Test(arguments: 0..<50)
    func piecesOfARentalCostTheWhole(seed: UInt64) throws {
        var draw = RandomKey(seed: seed).derived("pieces").generator()
        let path = try Self.path()
        let (start, length) = (Int64(draw.next() % 250_000_000_000), Int64(draw.next() % 250_000_000_000))
        let cut = length > 0 ? Int64(draw.next() % UInt64(length)) : 0
        func cost(_ from: Int64, _ time: Int64) -> Int64 {
            path.cost(from: SimulatedTime(nanoseconds: from), for: SimulatedDuration(nanoseconds: time)).nanodollars
        }
        #expect(abs(cost(start, cut) + cost(start + cut, length - cut) - cost(start, length)) <= 1)
        #expect(cost(start, 0) == 0)
    }
}

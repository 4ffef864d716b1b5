import Pricing
import Primitives
import Testing

@Suite struct CostSplitTests {
    func split(_ terms: PoolTerms, _ rentals: [Rental]) -> CostSplit {
        UsageLedger(rentals: rentals).bill(pools: [terms]).split
    }

    @Test func lostWorkIsTakenFromTheBusyPart() throws {
        let terms = try PoolTerms(pool: "p", offer: PriceBook.bundled.offer("aws/g6e.xlarge")).holding(.gigabytes(100))
        // 3600 s at 1.861: 360 loading, 2160 busy of which 540 lost, 720 idle, 360 draining; 40 s of boot are free.
        var used = rental([
            .provisioning: seconds(40), .loading: seconds(360), .busy: seconds(2_160), .idle: seconds(720),
            .draining: seconds(360),
        ])
        used.lost = .seconds(540)
        let split = split(terms, [used])
        for (part, amount) in [
            (CostSplit.Part.busy, "0.83745"), (.lostWork, "0.27915"), (.idle, "0.3722"), (.loading, "0.1861"),
            // 100 GB × 3640 / 2628000 = .138508371 × .08
            (.draining, "0.1861"), (.disk, "0.01108067"), (.held, "0"), (.commitmentWaste, "0"), (.traffic, "0"),
        ] { #expect(split[part] == dollars(amount), "\(part)") }
        #expect(split.waste == dollars("0.65135") && split.total == dollars("1.87208067"))
    }

    @Test func moreCannotBeLostThanWasBusy() throws {
        let terms = try PoolTerms(pool: "p", offer: offer("owl", "3.6"))
        var used = rental([.busy: seconds(10), .idle: seconds(10)])
        used.lost = .seconds(99)
        #expect(split(terms, [used])[.lostWork] == dollars("0.01") && split(terms, [used])[.busy] == .zero)
        used.lost = .seconds(-5)
        #expect(split(terms, [used])[.lostWork] == .zero)
    }

    @Test func heldLeasesFeesAndAddressesHaveTheirParts() throws {
        var rule = BillingRule.of(provider: "akash")
        rule.feeMillionths = 50_000
        let terms = try PoolTerms(pool: "p", offer: offer("akash", "3.6"), rule: rule)
        let used = rental([.busy: seconds(600), .stopped: seconds(300), .paused: seconds(300)])
        let split = split(terms, [used])
        #expect(split[.busy] == dollars("0.6") && split[.held] == dollars("0.6") && split[.fees] == dollars("0.06"))
    }

    @Test func ownedPowerGoesWhereItIsDrawn() throws {
        let cost = OwnedCost(
            capital: dollars("8760"), years: 1, busyWatts: 1_000, idleWatts: 500, perKilowattHour: dollars("0.1"),
            machines: 1)
        let terms = try PoolTerms(
            pool: "p", offer: offer("rack", "1"), terms: .owned, price: PriceOverride(owned: cost))
        let used = rental([
            .loading: seconds(900), .busy: seconds(1_800), .idle: seconds(900), .stopped: seconds(3_600),
        ])
        let split = split(terms, [used])
        // Capital 1 $/h for 2 h: .25 loading, .5 busy, .25 idle, 1 held. Power: 1 kW × .5 h, .5 kW × .5 h, none stopped.
        #expect(split[.busy] == dollars("0.55") && split[.held] == dollars("1"))
        #expect(split[.loading] == dollars("0.2625") && split[.idle] == dollars("0.2625"))
    }

    @Test func partsAdd() throws {
        let terms = try PoolTerms(pool: "p", offer: offer("owl", "3.6"))
        var sum = split(terms, [rental([.busy: seconds(10)])])
        sum += split(terms, [rental([.idle: seconds(5)])])
        #expect(sum[.busy] == dollars("0.01") && sum[.idle] == dollars("0.005") && sum.total == dollars("0.015"))
        #expect(CostSplit().amounts.count == CostSplit.Part.allCases.count && CostSplit().total == .zero)
    }
}

@Suite struct OtherWaysToBuyTests {
    @Test func runsOfOneInstanceShareAMinimumThatIsDueOnce() {
        let rule = BillingRule.of(provider: "gpuflow")
        let runs: [Double] = [600, 1_200.5, 2_000, 10]
        var (earlier, billed) = (SimulatedDuration.zero, [Int64]())
        for run in runs {
            let time = SimulatedDuration(seconds: run)
            billed.append(rule.billedTime(metered: time, after: earlier).nanoseconds / 1_000_000_000)
            earlier += SimulatedDuration(seconds: run.rounded(.up))
        }
        // 600, 1801, 3801, 3811 s in all; the hour is paid at once, and again nothing until it is used up.
        #expect(billed == [3_600, 0, 201, 10])
        #expect(BillingRule.of(provider: "aws").billedTime(metered: .seconds(5), after: .seconds(900)) == .seconds(60))
    }

    @Test(arguments: RentalEnding.allCases)
    func onlyAReclaimedFirstRunIsFree(ending: RentalEnding) throws {
        for (provider, limit) in [("aws", 3_600.0), ("gcp", 60)] {
            let spot = try PoolTerms(pool: "p", offer: offer(provider, "2", spot: "1"), terms: .spot)
            let onDemand = try PoolTerms(pool: "p", offer: offer(provider, "2", spot: "1"))
            func cost(_ terms: PoolTerms, _ time: Double, resumes: Bool = false) -> Money {
                terms.computeCost(of: lease([.provisioning: 90, .busy: time], ending: ending, resumes: resumes))
            }
            #expect((cost(spot, limit - 0.5) == .zero) == (ending == .interrupted))
            #expect(cost(spot, limit) > .zero && cost(spot, limit - 0.5, resumes: true) > .zero)
            #expect(cost(onDemand, limit - 0.5) > .zero)
        }
        let azure = try PoolTerms(pool: "p", offer: offer("azure", "2", spot: "1"), terms: .spot)
        #expect(azure.computeCost(of: lease([.busy: 60], ending: ending)) > .zero)
    }

    /// AWS charges a new disk for a minute at least; one that is there already, by the time.
    @Test func disksHaveTheirMinimumWhenTheyAreMade() throws {
        let terms = try PoolTerms(pool: "p", offer: offer("aws", "1")).holding(.gigabytes(73))
        func months(_ time: Double, resumes: Bool = false) -> Int64? {
            terms.charges(for: lease([.stopped: time], resumes: resumes)).first { $0.kind == .disk }?.nanoQuantity
        }
        // 73 GB × 60 s / 2 628 000 s = .001666667 GB-months
        #expect(months(1) == 1_666_667 && months(59.9) == 1_666_667 && months(120) == 3_333_333)
        #expect(months(30, resumes: true) == 833_333)
        let google = try PoolTerms(pool: "p", offer: offer("gcp", "1")).holding(.gigabytes(73))
        #expect(google.charges(for: lease([.stopped: 30])).first { $0.kind == .disk }?.nanoQuantity == 833_333)
    }

    @Test func aFreeHourKeepsItsListCost() throws {
        let spot = try PoolTerms(pool: "p", offer: offer("aws", "2", spot: "1"), terms: .spot)
        let line = try #require(spot.charges(for: lease([.busy: 1_800], ending: .interrupted)).first)
        #expect(line.billedCost == .zero && line.effectiveCost == .zero)
        #expect(line.listCost == dollars("1") && line.contractedCost == dollars("0.5"))
    }

    @Test func hostsPricesReplaceThePools() throws {
        let book = PriceBook.bundled
        let host = HostTerms(host: 3, perHour: dollars("0.5"))
        let bid = try PoolTerms(pool: "p", offer: book.offer("vast/1x-L40S"), terms: .interruptible).holding(
            .gigabytes(10))
        let asked = try PoolTerms(pool: "p", offer: book.offer("vast/1x-L40S"))
        let used = lease([.busy: 3_600]) {
            $0.host = host
            $0.traffic[.internet] = 5
        }
        let lines = bid.charges(for: used)
        // No price of disk or traffic: the host charges none, and none is invented.
        #expect(lines.map(\.billedCost) == [dollars("0.5")])
        #expect(lines[0].contractedUnitPrice == dollars("0.5") && lines[0].listUnitPrice == dollars("0.5"))
        #expect(asked.charges(for: used)[0].listUnitPrice == dollars("0.5"))
        #expect(UsageLedger(rentals: [used]).invoice(pools: [bid]).lines.count == 1)
    }

    @Test func serverlessIsBilledByThePlatformsRule() throws {
        let book = PriceBook.bundled
        let flex = try PoolTerms(pool: "p", offer: book.offer("runpod/8x_H100-SXM_SECURE"), terms: .serverless)
        // 8 × .00116 × 3600
        #expect(flex.contractedPerHour == dollars("33.408") && flex.listPerHour == flex.contractedPerHour)
        #expect(flex.priceSource == ServerlessRate.source && flex.priceObserved == ServerlessRate.observed)
        #expect(flex.rule.billedStates == .running && flex.pricingCategory == .standard)
        let vast = BillingRule.serverless(provider: "vast")
        #expect(vast.billedStates == .running && vast.assumption == nil)
        #expect(BillingRule.serverless(provider: "else").source == "none found")
        #expect(throws: PriceBookError.self) {
            try PoolTerms(pool: "p", offer: book.offer("vast/1x-L40S"), terms: .serverless)
        }
        let own = PriceOverride(perHour: dollars("0.5"))
        #expect(
            try PoolTerms(pool: "p", offer: book.offer("vast/1x-L40S"), terms: .serverless, price: own).rule == vast)
        for rate in ServerlessRate.all { #expect(rate.activePerSecond < rate.flexPerSecond, "\(rate.accelerator)") }
        // The reference's own sum: an H100 flex worker is 4.18 $/h.
        #expect(ServerlessRate.all.first { $0.accelerator == "H100-SXM" }?.flexPerHour == dollars("4.176"))
    }

    @Test func pricesMustGoWithTheirTerms() throws {
        let tokens = PriceOverride(tokens: TokenPrices(inputPerMillion: dollars("1"), outputPerMillion: dollars("2")))
        let moving = PriceOverride(path: PricePath(constant: dollars("1")))
        let owned = PriceOverride(
            owned: OwnedCost(
                capital: dollars("1"), years: 1, busyWatts: 1, idleWatts: 1, perKilowattHour: dollars("0.1")))
        let made = offer("owl", "1", spot: "0.5")
        for (price, fitting) in [
            (tokens, [PurchaseTerms.perToken]), (moving, [.onDemand, .spot, .interruptible]), (owned, [.owned]),
        ] {
            for terms in PurchaseTerms.allCases {
                let isMade = (try? PoolTerms(pool: "p", offer: made, terms: terms, price: price)) != nil
                #expect(isMade == fitting.contains(terms), "\(terms)")
            }
        }
        let error = #expect(throws: PriceBookError.self) {
            try PoolTerms(pool: "p", offer: made, terms: .perToken, price: PriceOverride(perHour: dollars("1")))
        }
        #expect(
            error?.description.hasPrefix("the price set for owl/test/here does not go with per-token terms") == true)
        #expect(throws: PriceBookError.notOffered(id: made.id, terms: .perToken, known: [.onDemand, .spot])) {
            try PoolTerms(pool: "p", offer: made, terms: .perToken)
        }
    }

    @Test func senselessFiguresAreErrors() {
        let made = offer("owl", "1")
        let dear = TokenPrices(inputPerMillion: dollars("1000.1"), outputPerMillion: .zero)
        #expect(throws: PriceBookError.self) {
            try PoolTerms(pool: "p", offer: made, terms: .perToken, price: PriceOverride(tokens: dear))
        }
        for change: (inout OwnedCost) -> Void in [
            { $0.years = 0 }, { $0.busyWatts = -1 }, { $0.effectivenessThousandths = 999 },
            { $0.capital = dollars("-1") },
            { $0.machines = -1 }, { $0.perKilowattHour = dollars("101") },
        ] {
            var cost = OwnedCost(
                capital: dollars("1"), years: 1, busyWatts: 1, idleWatts: 1, perKilowattHour: dollars("0.1"))
            change(&cost)
            #expect(throws: PriceBookError.self) {
                try PoolTerms(pool: "p", offer: made, terms: .owned, price: PriceOverride(owned: cost))
            }
        }
    }

    @Test func tokensWithoutACachePriceCostAsAnyPrompt() throws {
        let prices = TokenPrices(inputPerMillion: dollars("2"), outputPerMillion: dollars("8"))
        let api = try PoolTerms(
            pool: "api", offer: offer("owl", "1"), terms: .perToken, price: PriceOverride(tokens: prices))
        var ledger = UsageLedger(rentals: [lease([.busy: 60])])
        var use = TokenUse()
        (use.input, use.cachedInput, use.output) = (1, 500_000, 3)
        ledger.tokens = [use]
        let bill = ledger.bill(pools: [api])
        #expect(bill.invoice.lines.map(\.billedCost.nanodollars) == [2_000, 1_000_000_000, 24_000])
        #expect(bill.invoice.lines.allSatisfy { $0.serviceCategory == .ai && $0.pricingUnit == "1000000 Tokens" })
        #expect(bill.split[.tokens] == bill.invoice.total && api.computeCost(of: ledger.rentals[0]) == .zero)
    }
}

@Suite struct EscrowTests {
    @Test func whatIsNotDrawnIsReturned() {
        let escrow = Escrow(deposit: dollars("5"))
        let settled = escrow.settlement(of: dollars("1.25"))
        #expect(settled.drawn == dollars("1.25") && settled.returned == dollars("3.75") && settled.owed == .zero)
        let short = escrow.settlement(of: dollars("7"))
        #expect(short.drawn == dollars("5") && short.returned == .zero && short.owed == dollars("2"))
    }

    @Test func aLeaseClosesWhenItsEscrowPaysNoMoreBlocks() {
        // .17 $/h is .00028333… a block of 6 s: 1 $ pays 3529.4 of them.
        #expect(Escrow(deposit: dollars("1")).lasts(at: dollars("0.17")) == .seconds(3_529 * 6))
        #expect(Escrow(deposit: dollars("3.6"), block: .seconds(1)).lasts(at: dollars("3.6")) == .seconds(3_600))
        #expect(Escrow(deposit: .zero).lasts(at: dollars("1")) == .zero)
        #expect(Escrow(deposit: dollars("1")).lasts(at: .zero) == nil)
    }
}

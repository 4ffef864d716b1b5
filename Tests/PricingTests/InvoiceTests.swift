import Pricing
import Primitives
import Testing

/// One usage pattern and its bill, worked out by hand.
struct UsagePattern: Sendable, CustomTestStringConvertible {
    let offer: String
    var terms = PurchaseTerms.onDemand
    /// Seconds in each state.
    let usage: [InstanceState: Double]
    let billedSeconds: Double
    let nanodollars: Int64
    /// How the amount comes about.
    let because: String
    var testDescription: String { "\(offer) \(terms.rawValue): \(because)" }
}

@Suite struct HandComputedInvoiceTests {
    @Test(arguments: [
        // 1.861 $/h
        UsagePattern(
            offer: "aws/g6e.xlarge", usage: [.busy: 59.4], billedSeconds: 60, nanodollars: 31_016_667,
            because: "59.4 s is under the minimum of 60 s: 1.861 / 60 = .031 016 666 6…"),
        UsagePattern(
            offer: "aws/g6e.xlarge", usage: [.busy: 60.000000001], billedSeconds: 61, nanodollars: 31_533_611,
            because: "a nanosecond over 60 s is 61 s: 1.861 × 61 / 3600 = .031 533 611 1…"),
        UsagePattern(
            offer: "aws/g6e.xlarge", usage: [.loading: 600, .busy: 2_400, .idle: 540, .draining: 60],
            billedSeconds: 3_600, nanodollars: 1_861_000_000,
            because: "an hour of any running state is the hourly price"),
        UsagePattern(
            offer: "aws/g6e.xlarge", usage: [.provisioning: 40, .loading: 90.2], billedSeconds: 91,
            nanodollars: 47_041_944, because: "boot is free, 90.2 s is 91 s: 1.861 × 91 / 3600 = .047 041 944 4…"),
        UsagePattern(
            offer: "aws/g6e.xlarge", usage: [.provisioning: 40], billedSeconds: 0, nanodollars: 0,
            because: "a machine that never ran is not billed, not even the minimum"),
        UsagePattern(
            offer: "aws/p5.48xlarge", terms: .spot, usage: [.busy: 7_200, .idle: 0.5], billedSeconds: 7_201,
            nanodollars: 38_399_332_500, because: "spot 19.197 × 7201 / 3600 = 38.399 332 5"),
        // .706832 $/h
        UsagePattern(
            offer: "gcp/g2-standard-4", usage: [.busy: 61.2], billedSeconds: 62, nanodollars: 12_173_218,
            because: ".706832 × 62 / 3600 = .012 173 217 7…"),
        UsagePattern(
            offer: "gcp/g2-standard-4", usage: [.loading: 10], billedSeconds: 60, nanodollars: 11_780_533,
            because: "minimum of a minute: .706832 / 60 = .011 780 533 3…"),
        UsagePattern(
            offer: "gcp/g2-standard-4", terms: .spot, usage: [.busy: 3_600, .stopped: 86_400], billedSeconds: 3_600,
            nanodollars: 397_336_000, because: "a stopped machine costs nothing"),
        // 3.673 $/h
        UsagePattern(
            offer: "azure/Standard_NC24ads_A100_v4", usage: [.busy: 90.5], billedSeconds: 91, nanodollars: 92_845_278,
            because: "3.673 × 91 / 3600 = .092 845 277 7…"),
        // .99 $/h
        UsagePattern(
            offer: "runpod/1x_L40S_SECURE", usage: [.busy: 0.2], billedSeconds: 1, nanodollars: 275_000,
            because: "a started second, no minimum: .99 / 3600 = .000 275"),
        UsagePattern(
            offer: "runpod/1x_L40S_SECURE", usage: [.busy: 10, .stopped: 3_600], billedSeconds: 10,
            nanodollars: 2_750_000, because: "stopped pods pay for disk only"),
        // .40 $/h, interruptible .28
        UsagePattern(
            offer: "vast/1x-L40S", usage: [.provisioning: 300, .loading: 200, .busy: 1_034.5], billedSeconds: 1_235,
            nanodollars: 137_222_222, because: "the image pull is free: .4 × 1235 / 3600 = .137 222 222 2…"),
        UsagePattern(
            offer: "vast/1x-L40S", terms: .interruptible, usage: [.busy: 600, .paused: 7_200], billedSeconds: 600,
            nanodollars: 46_666_667, because: "outbid means paused and free of compute: .28 / 6 = .046 666 666 6…"),
        // 1.29 $/h
        UsagePattern(
            offer: "lambda/gpu_1x_a10", usage: [.busy: 61], billedSeconds: 120, nanodollars: 43_000_000,
            because: "started minutes: 1.29 × 2 / 60"),
        UsagePattern(
            offer: "lambda/gpu_1x_a10", usage: [.idle: 60], billedSeconds: 60, nanodollars: 21_500_000,
            because: "exactly a minute, used or not: 1.29 / 60"),
        // .17 $/h
        UsagePattern(
            offer: "akash/1x-rtx4090", usage: [.busy: 7], billedSeconds: 12, nanodollars: 566_667,
            because: "two blocks of 6 s: .17 × 12 / 3600 = .000 566 666 6…"),
        UsagePattern(
            offer: "akash/1x-rtx4090", usage: [.busy: 1, .stopped: 3_599], billedSeconds: 3_600,
            nanodollars: 170_000_000, because: "the lease is paid while it is open, whatever runs"),
        // .35 $/h
        UsagePattern(
            offer: "tensordock/1x-rtx4090", usage: [.busy: 1.0000001], billedSeconds: 1.000001, nanodollars: 97_222,
            because: "microseconds: .35 × 1.000001 / 3600 = .000 097 222 3…"),
        // 4.76 $/h
        UsagePattern(
            offer: "coreweave/1x-h100-sxm", usage: [.provisioning: 1, .busy: 3_600], billedSeconds: 3_660,
            nanodollars: 4_839_333_333, because: "61 minutes from allocation: 4.76 × 61 / 60 = 4.839 333 333 3…"),
        // 1.9 $/h
        UsagePattern(
            offer: "hyperstack/n3-H100x1", usage: [.provisioning: 90, .busy: 30], billedSeconds: 60,
            nanodollars: 31_666_667, because: "one started minute: 1.9 / 60 = .031 666 666 6…"),
        // .25 $/h, only ever interruptible
        UsagePattern(
            offer: "salad/1x-rtx4090", terms: .interruptible, usage: [.busy: 12], billedSeconds: 12,
            nanodollars: 833_333, because: ".25 × 12 / 3600 = .000 833 333 3…"),
    ])
    func bill(_ pattern: UsagePattern) throws {
        let terms = try PoolTerms(pool: "p", offer: PriceBook.bundled.offer(pattern.offer), terms: pattern.terms)
        let used = rental(pattern.usage.mapValues(seconds))
        #expect(terms.rule.billedTime(of: used).nanoseconds == seconds(pattern.billedSeconds))
        let invoice = UsageLedger(rentals: [used]).invoice(pools: [terms])
        #expect(invoice.lines.count == 1)
        #expect(invoice.total.nanodollars == pattern.nanodollars)
        #expect(terms.computeCost(of: used) == invoice.total)
        #expect(terms.costByState(of: used).total == invoice.total)
    }

    @Test(arguments: [(720, 0), (721, 1), (1_440, 1), (2_160, 2), (3_600, 2)])
    func ownedTimeRoundsHalfToEvenNanodollars(nanoseconds: Int64, nanodollars: Int64) throws {
        // At 2.5 $/h a nano-dollar lasts 1440 ns.
        let terms = try PoolTerms(
            pool: "own", offer: offer("rack", "9"), terms: .owned, price: PriceOverride(perHour: dollars("2.5")))
        #expect(terms.computeCost(of: rental([.stopped: nanoseconds])).nanodollars == nanodollars)
    }
}

@Suite struct InvoiceTests {
    @Test func linesCarryTheFactsOfTheCharge() throws {
        let spot = try PoolTerms(pool: "fallback", offer: PriceBook.bundled.offer("aws/g6e.xlarge"), terms: .spot)
        let used = rental(instance: 7, start: 5_000, [.provisioning: seconds(30), .busy: seconds(59.4)])
        let line = try #require(UsageLedger(rentals: [used]).invoice(pools: [spot]).lines.first)
        #expect(line.pool == "fallback" && line.instance == 7 && line.offerID == "aws/g6e.xlarge/us-east-1")
        #expect(line.pricingCategory == .dynamic && line.serviceCategory == .compute && line.chargeCategory == .usage)
        #expect(line.start == used.start && line.end == used.end)
        #expect(line.metered == SimulatedDuration(nanoseconds: seconds(59.4)))
        // 60 s are 60 / 3600 h = .016 666 666 6… h
        #expect(line.nanoQuantity == 16_666_667 && line.pricingUnit == "Hours")
        #expect(line.contractedUnitPrice == dollars(".914") && line.listUnitPrice == dollars("1.861"))
        // .914 / 60 = .015 233 333 3…; 1.861 / 60 = .031 016 666 6…
        #expect(line.billedCost.nanodollars == 15_233_333 && line.listCost.nanodollars == 31_016_667)
        #expect(line.priceObserved == "2026-07-20")
        #expect(line.description == "spot g6e.xlarge")
    }

    @Test func ownPricesReplaceTheCatalogue() throws {
        let listed = try PriceBook.bundled.offer("vast/1x-L40S")
        let bid = PriceOverride(perHour: dollars("0.45"), source: "scenario", observed: "2026-11-24")
        let terms = try PoolTerms(pool: "p", offer: listed, terms: .interruptible, price: bid)
        #expect(terms.contractedPerHour == dollars("0.45") && terms.listPerHour == dollars("0.4"))
        #expect(terms.priceSource == "scenario" && terms.priceObserved == "2026-11-24")
        let owned = try PoolTerms(pool: "p", offer: listed, terms: .owned, price: bid)
        #expect(owned.rule == .owned && owned.listPerHour == dollars("0.45") && owned.pricingCategory == .other)
    }

    @Test func missingAndSenselessPricesAreErrors() throws {
        let book = PriceBook.bundled
        let noSpot = #expect(throws: PriceBookError.self) {
            try PoolTerms(pool: "p", offer: book.offer("runpod/1x_L40S_SECURE"), terms: .spot)
        }
        #expect(
            noSpot?.description == "no spot price is known for runpod/1x_L40S_SECURE/global (known: on-demand); "
                + "set one by hand")
        #expect(throws: PriceBookError.notOffered(id: "salad/1x-rtx4090/global", terms: .onDemand, known: [.spot])) {
            try PoolTerms(pool: "p", offer: book.offer("salad/1x-rtx4090"))
        }
        let negative = #expect(throws: PriceBookError.self) {
            try PoolTerms(
                pool: "p", offer: offer("rack", "1"), terms: .owned, price: PriceOverride(perHour: dollars("-1")))
        }
        #expect(throws: PriceBookError.unusablePrice(id: "rack/test/here", price: "10000.01")) {
            try PoolTerms(pool: "p", offer: offer("rack", "10000.01"))
        }
        #expect(negative?.description == "the price -1 $/h set for rack/test/here is not between 0 and 10000")
    }

    @Test func disksArePaidInEveryState() throws {
        // RunPod: .10 $/GB-month. 50 GB for 73 h of 730 h are 5 GB-months: .50 $. Two running hours at .99.
        let terms = try PoolTerms(
            pool: "p", offer: PriceBook.bundled.offer("runpod/1x_L40S_SECURE")
        ).holding(.gigabytes(50))
        let used = rental([.busy: seconds(7_200), .stopped: seconds(71 * 3_600)])
        let invoice = UsageLedger(rentals: [used]).invoice(pools: [terms])
        #expect(invoice.lines.map(\.serviceCategory) == [.compute, .storage])
        #expect(invoice.lines.map(\.billedCost) == [dollars("1.98"), dollars("0.5")])
        #expect(invoice.lines[1].nanoQuantity == 5_000_000_000 && invoice.lines[1].pricingUnit == "GB-Months")
        #expect(invoice.total == dollars("2.48"))
    }

    @Test func disksWithoutARateAreNotInvented() throws {
        let terms = try PoolTerms(pool: "p", offer: PriceBook.bundled.offer("vast/1x-L40S")).holding(.gigabytes(50))
        #expect(UsageLedger(rentals: [rental([.busy: 1])]).invoice(pools: [terms]).lines.count == 1)
    }

    @Test func feesAreALineOfTheirOwn() throws {
        var rule = BillingRule.of(provider: "hyperbolic")
        rule.feeMillionths = 100_000
        let terms = try PoolTerms(pool: "p", offer: offer("hyperbolic", "1.29"), rule: rule)
        // 100 s: 1.29 / 36 = .035 833 333 3…; a tenth of the rounded charge is .003 583 333 3
        let lines = UsageLedger(rentals: [rental([.busy: seconds(100)])]).invoice(pools: [terms]).lines
        #expect(lines.map(\.billedCost.nanodollars) == [35_833_333, 3_583_333])
        #expect(lines[1].description == "platform fee on test" && lines[1].metered == nil)
    }

    @Test func poolsAreTakenByIndex() throws {
        let pools = try [offer("a", "3.6"), offer("b", "7.2")].enumerated().map {
            try PoolTerms(pool: "pool \($0.offset)", offer: $0.element)
        }
        let ledger = UsageLedger(rentals: [rental(pool: 1, [.busy: seconds(1)]), rental(pool: 0, [.busy: seconds(1)])])
        let lines = ledger.invoice(pools: pools).lines
        #expect(lines.map(\.pool) == ["pool 1", "pool 0"])
        #expect(lines.map(\.billedCost) == [dollars(".002"), dollars(".001")])
        #expect(UsageLedger().invoice(pools: pools).total == .zero)
    }
}

import Foundation
import Pricing
import Primitives
import Testing

@Suite struct PricePathTests {
    static func time(_ value: Double) -> SimulatedTime { SimulatedTime(nanoseconds: seconds(value)) }

    static func path(_ steps: (Double, String)...) -> PricePath? {
        PricePath(steps: steps.map { .init(start: time($0.0), perHour: dollars($0.1)) })
    }

    @Test func pricesHoldFromTheirTimeOn() throws {
        let path = try #require(Self.path((10, "1"), (20, "2"), (30, "0.5")))
        for (at, price) in [(0.0, "1"), (10, "1"), (19.999, "1"), (20, "2"), (29.9, "2"), (30, ".5"), (1e6, ".5")] {
            #expect(path.price(at: Self.time(at)) == dollars(price))
        }
        #expect(path.nextChange(after: Self.time(0)) == Self.time(10))
        #expect(path.nextChange(after: Self.time(10)) == Self.time(20))
        #expect(path.nextChange(after: Self.time(25)) == Self.time(30))
        #expect(path.nextChange(after: Self.time(30)) == nil)
        #expect(PricePath(constant: dollars("3")).price(at: Self.time(5)) == dollars("3"))
    }

    /// Start and length in seconds, and what is added up, in dollar-seconds.
    @Test(
        arguments: [
            (0, 10, 10), (0, 40, 20 + 20 + 5), (15, 10, 5 + 10), (20, 0, 0), (35, 100, 50), (19.5, 1, 0.5 + 1),
        ] as [(Double, Double, Double)])
    func integralsAreExact(start: Double, length: Double, dollarSeconds: Double) throws {
        let path = try #require(Self.path((0, "1"), (20, "2"), (30, "0.5")))
        let cost = path.cost(from: Self.time(start), for: SimulatedDuration(seconds: length))
        #expect(cost == Money(nanodollars: Int64((dollarSeconds * 1e9 / 3_600).rounded(.toNearestOrEven))))
    }

    /// A path is charged like its pieces, but rounded once.
    @Test(arguments: 0..<100)
    func integralsAddUpAndAreRoundedOnce(seed: UInt64) throws {
        var draw = RandomKey(seed: seed).generator()
        var at = Int64(draw.next() % 1_000)
        let steps = (0..<20).map { _ -> PricePath.Step in
            at += 1 + Int64(draw.next() % 5_000_000_000_000)
            return .init(
                start: SimulatedTime(nanoseconds: at), perHour: Money(nanodollars: Int64(draw.next() % 9_000_000_000)))
        }
        let path = try #require(PricePath(steps: steps))
        let (from, length) = (Int64(draw.next() % 30_000_000_000_000), Int64(draw.next() % 60_000_000_000_000))
        var exact = Int128(0)
        var edges = steps.map(\.start.nanoseconds).filter { $0 > from && $0 < from + length }
        edges = [from] + edges + [from + length]
        for (a, b) in zip(edges, edges.dropFirst()) {
            exact += Int128(path.price(at: SimulatedTime(nanoseconds: a)).nanodollars) * Int128(b - a)
        }
        let cost = path.cost(from: SimulatedTime(nanoseconds: from), for: SimulatedDuration(nanoseconds: length))
        let error = Int128(cost.nanodollars) * 3_600_000_000_000 - exact
        #expect(error.magnitude * 2 <= 3_600_000_000_000)
        let constant = PricePath(constant: dollars("1.861"))
        #expect(constant.cost(from: .start, for: .seconds(3_601)) == dollars("1.861").scaled(by: 3_601, over: 3_600))
    }

    @Test func pathsThatCannotBeMeantAreRefused() {
        #expect(PricePath(steps: []) == nil)
        #expect(Self.path((0, "1"), (0, "2")) == nil)
        #expect(Self.path((5, "1"), (4, "2")) == nil)
        #expect(Self.path((0, "-1")) == nil)
        #expect(Self.path((0, "10000.01")) == nil)
    }

    @Test func pathsSurviveCoding() throws {
        let path = try #require(Self.path((0, "1"), (20, "2")))
        #expect(try JSONDecoder().decode(PricePath.self, from: JSONEncoder().encode(path)) == path)
    }
}

@Suite struct PriceWalkTests {
    static let year = SimulatedTime.start + .hours(8_760)

    @Test func aWalkIsAFunctionOfSeedOfferAndParameters() throws {
        let offer = try PriceBook.bundled.offer("aws/p4d.24xlarge")
        let walk = try #require(MarketFacts.walk(of: offer))
        let path = try #require(walk.path(of: offer, seed: 3, until: Self.year))
        #expect(walk.path(of: offer, seed: 3, until: Self.year) == path)
        #expect(walk.path(of: offer, seed: 4, until: Self.year) != path)
        var other = offer
        other.id += "-b"
        #expect(walk.path(of: other, seed: 3, until: Self.year) != path)
        // A longer horizon only adds to the end.
        let longer = try #require(walk.path(of: offer, seed: 3, until: Self.year + .hours(4_000)))
        #expect(Array(longer.steps.prefix(path.steps.count)) == path.steps && longer.steps.count > path.steps.count)
    }

    @Test(arguments: 0..<40)
    func pricesStayBetweenAHundredthOfACentAndOnDemand(seed: UInt64) throws {
        let offer = try PriceBook.bundled.offer("aws/g6e.xlarge")
        let wild = PriceWalk(interval: .hours(1), stays: 0.2, sigma: 1.5, reversion: 0)
        let path = try #require(wild.path(of: offer, seed: seed, until: Self.year))
        #expect(path.steps.allSatisfy { $0.perHour >= dollars("0.0001") && $0.perHour <= dollars("1.861") })
        #expect(path.steps.allSatisfy { $0.perHour.nanodollars % 100_000 == 0 })
        #expect(path.steps[0].perHour == dollars("0.914"))
        #expect(path.steps.allSatisfy { $0.start.nanoseconds % 3_600_000_000_000 == 0 })
    }

    /// The drawn spread is the one the parameters ask for: 1 000 zones of one year, daily changes and levels.
    @Test func amazonsWalksMoveAndSpreadAsTheyWereMeasured() throws {
        let movement = MarketFacts.amazonMovement(of: "g5.xlarge")
        var offer = try PriceBook.bundled.offer("aws/g5.xlarge")
        // So far under its cap that the cap does not matter.
        offer.onDemandPerHour = dollars("100")
        let walk = try #require(MarketFacts.walk(of: offer))
        var (changes, moved, last) = ([Double](), 0, [Double]())
        for seed in 0..<UInt64(1_000) {
            let path = try #require(walk.path(of: offer, seed: seed, until: Self.year + .hours(24 * 700)))
            for (a, b) in zip(path.steps, path.steps.dropFirst()) {
                changes.append(Mathematics.log(b.perHour.dollars / a.perHour.dollars))
            }
            moved += path.steps.count - 1
            last.append(Mathematics.log(path.price(at: Self.year + .hours(24 * 690)).dollars / 0.4213))
        }
        let days = 1_000.0 * (365 + 700 - 1)
        #expect(abs(Double(moved) / days - (1 - MarketFacts.amazonStays)) < 0.02)
        let daily = (changes.reduce(0) { $0 + $1 * $1 } / days).squareRoot()
        #expect(abs(daily / movement.dailySigma - 1) < 0.05)
        let level = (last.reduce(0) { $0 + $1 * $1 } / 1_000).squareRoot()
        #expect(abs(level / movement.levelSigma - 1) < 0.12)
    }

    @Test func administeredPricesChangeSeldom() throws {
        let offer = try PriceBook.bundled.offer("gcp/a3-highgpu-8g")
        let walk = try #require(MarketFacts.walk(of: offer))
        let counts = try (0..<UInt64(200)).map { seed in
            try #require(walk.path(of: offer, seed: seed, until: Self.year)).steps.count - 1
        }
        // One change in 68 days is 5.4 a year.
        #expect(abs(Double(counts.reduce(0, +)) / 200 - 364 / 68.0) < 0.6)
    }

    @Test func offersWithoutASpotPriceHaveNoWalk() throws {
        let walk = PriceWalk(interval: .hours(1), stays: 0, sigma: 0.1, reversion: 0.1)
        let azure = try PriceBook.bundled.offer("azure/Standard_NC24ads_A100_v4")
        #expect(walk.path(of: azure, seed: 1, until: Self.year) == nil)
        #expect(MarketFacts.walk(of: azure) == nil)
    }

    @Test func termsMoveTheirSpotPriceAndBillItsIntegral() throws {
        let book = PriceBook.bundled
        let spot = try PoolTerms(pool: "p", offer: book.offer("aws/p4d.24xlarge"), terms: .spot)
        let moving = spot.moving(seed: 5, until: Self.year)
        let path = try #require(moving.pricePath)
        #expect(path.price(at: .start) == spot.contractedPerHour && path.steps.count > 100)
        #expect(moving.moving(seed: 6, until: Self.year) == moving)
        let used = rental(start: seconds(100 * 3_600), [.provisioning: seconds(600), .busy: seconds(500 * 3_600)])
        let line = try #require(UsageLedger(rentals: [used]).invoice(pools: [moving]).lines.first)
        let start = SimulatedTime(nanoseconds: seconds(100 * 3_600 + 600))
        #expect(line.billedCost == path.cost(from: start, for: .hours(500)))
        // The unit price is the mean, to a nano-dollar an hour.
        #expect(abs(line.contractedUnitPrice.nanodollars * 500 - line.billedCost.nanodollars) <= 250)
        let cheaper = try PoolTerms(
            pool: "p", offer: book.offer("aws/p4d.24xlarge"), terms: .spot, price: PriceOverride(perHour: dollars("5")))
        #expect(cheaper.moving(seed: 5, until: Self.year).pricePath?.price(at: .start) == dollars("5"))
        for other in try [
            PoolTerms(pool: "p", offer: book.offer("aws/p4d.24xlarge")),
            PoolTerms(pool: "p", offer: book.offer("vast/1x-L40S"), terms: .interruptible),
        ] { #expect(other.moving(seed: 5, until: Self.year) == other) }
    }

    @Test func aWalkThatIsNotDisturbedStays() {
        let still = PriceWalk(interval: .hours(1), stays: 0, sigma: 0, reversion: 0.5)
        let path = still.path(from: dollars("2"), cap: dollars("9"), key: RandomKey(seed: 1), until: Self.year)
        #expect(path == PricePath(constant: dollars("2")))
        let capped = still.path(from: dollars("2"), cap: dollars("1.5"), key: RandomKey(seed: 1), until: Self.year)
        #expect(capped == PricePath(constant: dollars("1.5")))
    }
}

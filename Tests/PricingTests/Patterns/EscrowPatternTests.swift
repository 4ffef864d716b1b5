import Foundation
import Pricing
import Primitives
import Testing

/// Money paid in before it is used, against bills of leases.
@Suite struct EscrowPatternTests {
    /// The lease closes at the last block that the deposit pays for: one block more would cost more than there is.
    @Test(arguments: 0..<100)
    func aLeaseCostsItsEscrowToTheLastBlock(seed: UInt64) throws {
        var draw = RandomKey(seed: seed).derived("escrow").generator()
        let perHour = Money(nanodollars: Int64(100_000_000 + draw.next() % 5_000_000_000))
        let escrow = Escrow(deposit: Money(nanodollars: Int64(draw.next() % 20_000_000_000)))
        let lease = try PoolTerms(pool: "p", offer: offer("akash", "1"), price: PriceOverride(perHour: perHour))
        let time = try #require(escrow.lasts(at: perHour))
        #expect(time.nanoseconds % escrow.block.nanoseconds == 0)
        #expect(lease.computeCost(of: rental([.busy: time.nanoseconds])) <= escrow.deposit)
        let longer = lease.computeCost(of: rental([.busy: time.nanoseconds + 1]))
        #expect(longer >= escrow.deposit, "a started block is due")
    }

    @Test(arguments: [("1", "0"), ("1", "0.999999999"), ("1", "1"), ("1", "1.000000001"), ("0", "3"), ("2", "-1")])
    func nothingIsLostInASettlement(deposit: String, charges: String) {
        let (paid, charged) = (dollars(deposit), dollars(charges))
        let settled = Escrow(deposit: paid).settlement(of: charged)
        #expect(settled.drawn + settled.returned == paid)
        #expect(settled.drawn + settled.owed == max(.zero, charged))
        #expect(settled.returned == .zero || settled.owed == .zero)
    }

    @Test func smallPricesLastAsLongAsTimeDoes() throws {
        let rich = Escrow(deposit: dollars("9000000000"))
        let time = try #require(rich.lasts(at: Money(nanodollars: 1)))
        #expect(time.nanoseconds <= .max - Int64.max % rich.block.nanoseconds)
        #expect(Int64.max - time.nanoseconds < rich.block.nanoseconds)
        // 1 $ at .6 $/h pays 1000 blocks to the end of the last.
        #expect(Escrow(deposit: dollars("1")).lasts(at: dollars("0.6")) == .seconds(6_000))
        #expect(Escrow(deposit: dollars("0.999999999")).lasts(at: dollars("0.6")) == .seconds(5_994))
    }

    @Test func balancesAreDrawnBySecondsToo() throws {
        // RunPod stops a pod whose balance pays less than 10 s; .36 $/h is .0001 $/s.
        let balance = Escrow(deposit: dollars("0.01234"), block: .seconds(1))
        #expect(balance.lasts(at: dollars("0.36")) == .seconds(123))
        #expect(try JSONDecoder().decode(Escrow.self, from: JSONEncoder().encode(balance)) == balance)
    }
}

/// What a price set by hand brings with it.
@Suite struct PriceOverrideTests {
    @Test func aPathStartsAtThePriceOfTimeZero() throws {
        let steps = [(-50.0, "0.5"), (0, "0.7"), (60, "0.9")].map { at, price in
            PricePath.Step(start: SimulatedTime(nanoseconds: seconds(at)), perHour: dollars(price))
        }
        let moving = PriceOverride(path: try #require(PricePath(steps: steps)), observed: "2026-11-28")
        #expect(moving.perHour == dollars("0.7") && moving.path?.steps.count == 3)
        let terms = try PoolTerms(
            pool: "p", offer: offer("vast", "1", spot: "0.4"), terms: .interruptible, price: moving)
        #expect(terms.contractedPerHour == dollars("0.7") && terms.listPerHour == dollars("1"))
        #expect(terms.priceSource == "scenario" && terms.priceObserved == "2026-11-28")
    }

    @Test func ownersCostIsThatOfABusyHour() {
        let cost = OwnedCost(
            capital: dollars("17520"), years: 2, busyWatts: 2_000, idleWatts: 100, effectivenessThousandths: 1_500,
            perKilowattHour: dollars("0.2"), spacePerMonth: dollars("73"))
        // 1 $/h of capital, .1 of place, 2 kW × 1.5 × .2 of power.
        #expect(PriceOverride(owned: cost).perHour == dollars("1.7"))
        var senseless = cost
        senseless.years = 0
        #expect(PriceOverride(owned: senseless).perHour == .zero, "refused by the terms, not divided by")
        let tokens = TokenPrices(inputPerMillion: dollars("1"), outputPerMillion: dollars("2"))
        #expect(PriceOverride(tokens: tokens).perHour == .zero && PriceOverride(tokens: tokens).tokens == tokens)
    }

    @Test func anOverrideIsItsOwnListPriceWhereThereIsNone() throws {
        var unlisted = offer("salad", "1")
        unlisted.onDemandPerHour = nil
        let set = PriceOverride(perHour: dollars("0.3"), source: "letter of 2026-10-01")
        let terms = try PoolTerms(pool: "p", offer: unlisted, terms: .interruptible, price: set)
        #expect(terms.listPerHour == dollars("0.3") && terms.priceSource == "letter of 2026-10-01")
        #expect(throws: PriceBookError.self) { try PoolTerms(pool: "p", offer: unlisted, terms: .interruptible) }
    }

    @Test func boundsOfPricesAreTaken() throws {
        let made = offer("owl", "1")
        for price in [Money.zero, PoolTerms.dearest] {
            let terms = try PoolTerms(pool: "p", offer: made, price: PriceOverride(perHour: price))
            #expect(terms.computeCost(of: rental([.busy: seconds(3_600)])) == price)
        }
        for price in [Money(nanodollars: -1), PoolTerms.dearest + Money(nanodollars: 1)] {
            #expect(throws: PriceBookError.self) {
                try PoolTerms(pool: "p", offer: made, price: PriceOverride(perHour: price))
            }
        }
        // Nothing is committed to at no price.
        #expect(throws: PriceBookError.self) {
            try PoolTerms(pool: "p", offer: made, terms: .prepaid, price: PriceOverride(perHour: .zero))
        }
    }
}

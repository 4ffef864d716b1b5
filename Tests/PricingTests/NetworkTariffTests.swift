import Pricing
import Primitives
import Testing

@Suite struct NetworkTariffTests {
    let amazon = NetworkTariff.of(provider: "aws")

    func parts(_ sent: Int64, after used: Int64 = 0, months: (Int64, Int64) = (1, 1)) -> [String] {
        amazon.internetParts(
            ByteCount(bytes: gigabytes(sent)), after: ByteCount(bytes: gigabytes(used)), months: months
        ).map { "\($0.bytes.bytes / 1_000_000_000) at \($0.perGB)" }
    }

    @Test func tiersFillUpFromTheMonthsVolume() {
        #expect(parts(40) == ["40 at 0"])
        #expect(parts(100) == ["100 at 0"])
        #expect(parts(101) == ["100 at 0", "1 at 0.09"])
        #expect(parts(40, after: 80) == ["20 at 0", "20 at 0.09"])
        #expect(parts(200_000) == ["100 at 0", "9900 at 0.09", "40000 at 0.085", "100000 at 0.07", "50000 at 0.05"])
        #expect(parts(10, after: 149_995) == ["5 at 0.07", "5 at 0.05"])
        #expect(parts(7, after: 500_000) == ["7 at 0.05"])
        #expect(parts(0, after: 99).isEmpty)
    }

    @Test func aShareOfAMonthNarrowsTheTiers() {
        // A tenth of a month: 10 GB free, then up to 1000 GB.
        #expect(parts(50, months: (1, 10)) == ["10 at 0", "40 at 0.09"])
        #expect(parts(250, months: (2, 1)) == ["200 at 0", "50 at 0.09"])
    }

    @Test func everyByteFallsIntoOneTier() {
        let key = RandomKey(seed: 9)
        for draw in 0..<UInt64(500) {
            let (sent, used) = (Int64(key.bits(2 * draw) >> 14), Int64(key.bits(2 * draw + 1) >> 14))
            let parts = amazon.internetParts(ByteCount(bytes: sent), after: ByteCount(bytes: used))
            #expect(parts.reduce(0) { $0 + $1.bytes.bytes } == sent)
            #expect(zip(parts, parts.dropFirst()).allSatisfy { $0.bytes > .zero && $0.perGB != $1.perGB })
        }
    }

    @Test func tablesAreInOrderAndSayWhereTheyComeFrom() {
        for tariff in NetworkTariff.all + [.owned] {
            #expect(!tariff.source.isEmpty && !tariff.observed.isEmpty)
            let bounds = tariff.internet.map { $0.upTo?.bytes ?? .max }
            #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "\(tariff.provider)")
            #expect(tariff.internet.isEmpty || tariff.internet.last?.upTo == nil)
            #expect(BillingRule.of(provider: tariff.provider).provider == tariff.provider)
        }
        #expect(
            NetworkTariff.of(provider: "Amazon") == amazon && NetworkTariff.of(provider: "someone").internet.isEmpty)
        #expect(amazon.perGB(across: .internet) == nil && amazon.perGB(across: .interZone) == dollars("0.02"))
    }

    /// Two pools of one provider share a month; the run is a share of it where that is asked for.
    @Test func poolsOfOneProviderShareTheMonth() throws {
        let pools = try ["a", "b"].map { try PoolTerms(pool: $0, offer: PriceBook.bundled.offer("aws/g6e.xlarge")) }
        var ledger = UsageLedger(rentals: [
            rental(pool: 0, [.busy: seconds(3_600)]), rental(pool: 1, [.busy: seconds(3_600)]),
        ])
        for number in 0...1 { ledger.rentals[number].traffic[.internet] = gigabytes(80) }
        func sent(_ plan: BillingPlan) -> [String] {
            ledger.invoice(pools: pools, plan: plan).lines.filter { $0.kind == .egress }
                .map { "\($0.pool) \($0.nanoQuantity / 1_000_000_000) \($0.billedCost)" }
        }
        #expect(sent(BillingPlan()) == ["a 80 0", "b 20 0", "b 60 5.4"])
        #expect(sent(BillingPlan(volume: .used(.gigabytes(50)))) == ["a 50 0", "a 30 2.7", "b 80 7.2"])
        // 1/730 of a month: .136986301 GB are free, and tiers end at 13.7, 68.5 and 205 GB.
        let typical = sent(BillingPlan(volume: .typical))
        #expect(typical.first == "a 0 0" && typical.count == 5)
    }

    @Test func pricesCanBeReplaced() throws {
        var tariff = amazon
        tariff.internet = [.init(upTo: nil, perGB: dollars("0.01"))]
        let terms = try PoolTerms(pool: "p", offer: PriceBook.bundled.offer("aws/g6e.xlarge")).charging(tariff)
        var used = rental([.busy: seconds(3_600)])
        used.traffic[.internet] = gigabytes(7)
        #expect(UsageLedger(rentals: [used]).invoice(pools: [terms]).lines[1].billedCost == dollars("0.07"))
    }
}

@Suite struct BillAssumptionTests {
    @Test func pricesThatAreNotKnownAreNamedAndNotInvented() throws {
        let azure = try PoolTerms(pool: "p", offer: PriceBook.bundled.offer("azure/Standard_NC24ads_A100_v4")).holding(
            PoolExtras(disk: .gigabytes(50), addresses: 1, loadBalancers: 1, natGateways: 1))
        var used = rental([.busy: seconds(60)])
        used.traffic[.interZone] = gigabytes(3)
        let bill = UsageLedger(rentals: [used]).bill(pools: [azure, azure])
        #expect(bill.invoice.lines.map(\.kind) == [.machine, .loadBalancer, .loadBalancer])
        for what in ["disk", "addresses", "hours of address translation", "traffic to other zones"] {
            #expect(
                bill.assumptions.filter { $0 == "azure: no price of \(what) is known, none is charged" }.count == 1,
                "\(what)")
        }
        #expect(bill.assumptions.contains { $0.contains("5 minutes from 2025-06-01") })
        #expect(bill.assumptions.contains { $0.hasPrefix("azure: tiers end where") })
        #expect(Set(bill.assumptions).count == bill.assumptions.count)
    }

    @Test func nothingIsAssumedOfWhatIsOwned() throws {
        let owned = try PoolTerms(pool: "p", offer: offer("rack", "1"), terms: .owned)
        var used = rental([.busy: seconds(60)])
        for boundary in Boundary.allCases { used.traffic[boundary] = gigabytes(1) }
        let bill = UsageLedger(rentals: [used]).bill(pools: [owned])
        #expect(bill.assumptions.isEmpty && bill.invoice.lines.count == 1)
    }

    @Test func standInsAndUnknownProvidersAreNamed() throws {
        let standIn = try PoolTerms(pool: "p", offer: PriceBook.bundled.offer("aws/g5.xlarge"), terms: .reservedOneYear)
        let unknown = try PoolTerms(pool: "q", offer: offer("nobody", "1"))
        var sent = rental(pool: 1, [.busy: seconds(60)])
        sent.traffic[.internet] = 1
        let bill = UsageLedger(rentals: [rental([.busy: seconds(60)]), sent]).bill(pools: [standIn, unknown])
        #expect(bill.assumptions.contains("aws: no ratio of g5 was found: that of g6 stands in"))
        #expect(bill.assumptions.contains("nobody: no price of traffic to the internet is known, none is charged"))
    }
}

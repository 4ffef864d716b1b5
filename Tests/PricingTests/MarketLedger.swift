import Pricing
import Primitives

/// Random ledgers with everything that two markets bring: endings, hosts, pauses, lost work, traffic, tokens, commitments.
enum MarketLedger {
    /// One pool per way to buy, some with disks, addresses, balancers and gateways around them.
    static func pools(_ key: RandomKey) throws -> [PoolTerms] {
        let book = PriceBook.bundled
        let spot = try book.offer("aws/g6e.xlarge")
        let walk = PriceWalk(interval: .hours(1), stays: 0.3, sigma: 0.2, reversion: 0.1)
        let path = walk.path(of: spot, seed: key.bits(1), until: SimulatedTime.start + .hours(200))
        let owned = OwnedCost(
            capital: dollars("9000"), years: 4, busyWatts: 700, idleWatts: 130, effectivenessThousandths: 1_250,
            perKilowattHour: dollars("0.11"), spacePerMonth: dollars("35"), machines: 40)
        let tokens = TokenPrices(inputPerMillion: dollars("0.27"), outputPerMillion: dollars("1.1"))
        var fee = BillingRule.of(provider: "hyperbolic")
        fee.feeMillionths = 100_000
        return try [
            PoolTerms(pool: "on-demand", offer: spot),
            PoolTerms(pool: "second", offer: book.offer("aws/g6.xlarge")),
            PoolTerms(pool: "spot", offer: spot, terms: .spot),
            PoolTerms(pool: "moving", offer: spot, terms: .spot, price: path.map { PriceOverride(path: $0) }),
            PoolTerms(pool: "reserved", offer: book.offer("aws/p4d.24xlarge"), terms: .reservedThreeYears),
            PoolTerms(pool: "bids", offer: book.offer("vast/1x-L40S"), terms: .interruptible),
            PoolTerms(pool: "blocks", offer: book.offer("akash/1x-rtx4090")),
            PoolTerms(pool: "minutes", offer: book.offer("lambda/gpu_1x_a10")),
            PoolTerms(pool: "hours", offer: offer("gpuflow", "0.5")),
            PoolTerms(pool: "fee", offer: offer("hyperbolic", "1.29"), rule: fee),
            PoolTerms(pool: "serverless", offer: book.offer("runpod/1x_L40S_SECURE"), terms: .serverless),
            PoolTerms(pool: "own", offer: offer("rack", "1"), terms: .owned, price: PriceOverride(owned: owned)),
            PoolTerms(pool: "tokens", offer: offer("api", "1"), terms: .perToken, price: PriceOverride(tokens: tokens)),
        ].enumerated().map { index, terms in
            terms.holding(
                PoolExtras(
                    disk: index % 2 == 0 ? .gigabytes(Double(80 + index)) : .zero, addresses: Int64(index % 3),
                    loadBalancers: Int64(index % 4 / 3), natGateways: index == 1 ? 1 : 0))
        }
    }

    /// A commitment of each shape, over what the pools use.
    static func plan(_ key: RandomKey, _ pools: [PoolTerms]) throws -> BillingPlan {
        let rates = [
            Commitment.SpendRate(prefix: "aws/", thousandths: 720),
            Commitment.SpendRate(prefix: "aws/g6e.", thousandths: 650),
        ]
        return try BillingPlan(
            commitments: [
                .spend(Money(nanodollars: Int64(1 + key.bits(7) % 8_000_000_000)), at: "aws", rates: rates),
                .reserved(Int64(1 + key.bits(8) % 4), of: pools[0].offer),
                .prepaid(Int64(1 + key.bits(9) % 3), of: pools[7].offer, months: 3, perHour: dollars("0.9")),
            ],
            volume: key.bits(10) % 2 == 0 ? .used(ByteCount(bytes: Int64(key.bits(11) % 200_000_000_000))) : .typical)
    }

    /// `rentals` rentals in the first days, a third of them going on where another paused.
    static func ledger(_ key: RandomKey, rentals: Int, pools: [PoolTerms]) -> UsageLedger {
        var draw = key.derived("ledger").generator()
        var made: [Rental] = []
        for number in 0..<rentals {
            let goesOn = number % 3 == 2 ? made.last : nil
            let pool = goesOn?.pool ?? Int(draw.next() % UInt64(pools.count))
            let spent = InstanceState.allCases.map { state in
                (state, draw.next() % 3 == 0 ? 0 : Int64(draw.next() % 20_000_000_000_000))
            }
            var next = rental(
                pool: pool, instance: goesOn?.instance ?? number,
                start: goesOn?.end.nanoseconds ?? Int64(draw.next() % 200_000_000_000_000),
                Dictionary(uniqueKeysWithValues: spent))
            next.resumes = goesOn != nil
            next.ending = RentalEnding.allCases[Int(draw.next() % UInt64(RentalEnding.allCases.count))]
            next.lost = SimulatedDuration(nanoseconds: next[.busy].nanoseconds / Int64(1 + draw.next() % 5))
            for boundary in Boundary.allCases { next.traffic[boundary] = Int64(draw.next() % 300_000_000_000) }
            if pools[pool].pool == "bids" {
                next.host = HostTerms(
                    host: number, perHour: Money(nanodollars: Int64(draw.next() % 900_000_000)),
                    storagePerGBMonth: dollars("0.15"), ingressPerGB: dollars("0.004"),
                    egressPerGB: draw.next() % 2 == 0 ? dollars("0.02") : nil)
            }
            made.append(next)
        }
        var ledger = UsageLedger(rentals: made)
        ledger.tokens = pools.map { terms in
            var use = TokenUse()
            if terms.terms == .perToken { (use.input, use.cachedInput, use.output) = (9_000_001, 77, 1_234_567) }
            return use
        }
        return ledger
    }
}

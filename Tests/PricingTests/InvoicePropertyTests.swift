import Foundation
import Pricing
import Primitives
import Testing

/// Properties over random ledgers of rentals at a mix of providers.
@Suite struct InvoicePropertyTests {
    static let providers = [
        "aws", "gcp", "azure", "runpod", "vast", "lambda", "akash", "tensordock", "coreweave", "other",
    ]

    /// One pool per provider, with odd prices, disks in every other, a fee in every third.
    static func pools(_ key: RandomKey) throws -> [PoolTerms] {
        try providers.enumerated().map { index, provider in
            var rule = BillingRule.of(provider: provider)
            if index % 3 == 0 { rule.feeMillionths = Int64(key.bits(UInt64(index)) % 200_000) }
            let price = Money(nanodollars: Int64(key.bits(UInt64(index + 100)) % 120_000_000_000))
            return try PoolTerms(
                pool: provider, offer: offer(provider, "1"), price: PriceOverride(perHour: price), rule: rule
            ).holding(index % 2 == 0 ? .gigabytes(Double(index * 37)) : .zero)
        }
    }

    static func ledger(_ key: RandomKey, rentals: Int) -> UsageLedger {
        var draw = key.generator()
        return UsageLedger(
            rentals: (0..<rentals).map { instance in
                let spent = InstanceState.allCases.map { state in
                    // Some states are never entered; the others last from nanoseconds to days.
                    (state, draw.next() % 3 == 0 ? 0 : Int64(draw.next() >> (17 + draw.next() % 40)))
                }
                return rental(
                    pool: Int(draw.next() % UInt64(providers.count)), instance: instance,
                    start: Int64(draw.next() >> 20), Dictionary(uniqueKeysWithValues: spent))
            })
    }

    @Test(arguments: 0..<200)
    func totalsAreSumsInAnyOrder(seed: UInt64) throws {
        let key = RandomKey(seed: seed)
        let pools = try Self.pools(key.derived("pools"))
        let ledger = Self.ledger(key.derived("ledger"), rentals: 40)
        #expect(ledger.balances)
        let invoice = ledger.invoice(pools: pools)
        #expect(invoice.total.nanodollars == invoice.lines.reduce(0) { $0 + $1.billedCost.nanodollars })
        #expect(invoice.lines.filter { $0.serviceCategory == .compute && $0.metered != nil }.count == 40)
        #expect(invoice.lines.allSatisfy { $0.billedCost >= .zero && $0.nanoQuantity >= 0 })
        var generator = key.derived("shuffle").generator()
        let shuffled = UsageLedger(rentals: ledger.rentals.shuffled(using: &generator))
        #expect(shuffled.invoice(pools: pools).total == invoice.total)
        let halves = [ledger.rentals[..<17], ledger.rentals[17...]].map { UsageLedger(rentals: Array($0)) }
        #expect(halves.reduce(.zero) { $0 + $1.invoice(pools: pools).total } == invoice.total)
    }

    @Test(arguments: 0..<200)
    func statesShareTheComputeCostExactly(seed: UInt64) throws {
        let key = RandomKey(seed: seed)
        let pools = try Self.pools(key.derived("pools"))
        let ledger = Self.ledger(key.derived("ledger"), rentals: 40)
        for rental in ledger.rentals {
            let split = pools[rental.pool].costByState(of: rental)
            #expect(split.total == pools[rental.pool].computeCost(of: rental))
            #expect(split.busy + split.idle + split.loading + split.draining + split.held == split.total)
            for state in InstanceState.allCases where rental[state] == .zero { #expect(split[state] == .zero) }
            for state in InstanceState.allCases where !pools[rental.pool].rule.billedStates.contains(state) {
                #expect(split[state] == .zero)
            }
        }
        let compute = ledger.invoice(pools: pools).lines.filter { $0.metered != nil }
        let whole = ledger.costByState(pools: pools)
        #expect(whole.total == compute.reduce(.zero) { $0 + $1.billedCost })
        #expect(whole.waste + whole.busy == whole.total)
    }

    @Test(arguments: 0..<200)
    func moreTimeNeverCostsLess(seed: UInt64) throws {
        let key = RandomKey(seed: seed)
        let pools = try Self.pools(key.derived("pools"))
        for shorter in Self.ledger(key.derived("ledger"), rentals: 20).rentals {
            let terms = pools[shorter.pool]
            for (index, state) in InstanceState.allCases.enumerated() {
                var longer = shorter
                let more = Int64(key.bits(UInt64(index)) % 100_000_000_000)
                longer.states[index] += more
                longer.end += SimulatedDuration(nanoseconds: more)
                #expect(terms.computeCost(of: longer) >= terms.computeCost(of: shorter))
                if !terms.rule.billedStates.contains(state) {
                    #expect(terms.computeCost(of: longer) == terms.computeCost(of: shorter))
                }
            }
        }
    }

    @Test(arguments: 0..<100)
    func billedTimeIsTheNextStep(seed: UInt64) {
        let key = RandomKey(seed: seed)
        for (index, provider) in Self.providers.enumerated() {
            let rule = BillingRule.of(provider: provider)
            let metered = SimulatedDuration(nanoseconds: Int64(key.bits(UInt64(index)) >> (14 + seed % 45)))
            let billed = rule.billedTime(metered: metered)
            guard metered > .zero else {
                #expect(billed == .zero)
                continue
            }
            #expect(billed >= metered && billed >= rule.minimum)
            #expect(billed.nanoseconds % rule.step.nanoseconds == 0)
            #expect(billed == rule.minimum || billed - metered < rule.step)
        }
    }

    @Test(arguments: 0..<300)
    func sharesAddUpAndAreWithinOneUnit(seed: UInt64) {
        var draw = RandomKey(seed: seed).generator()
        let amount = Money(nanodollars: Int64(bitPattern: draw.next()) >> Int64(draw.next() % 60))
        let weights = (0..<Int(1 + draw.next() % 9)).map { _ in draw.next() % 4 == 0 ? 0 : Int64(draw.next() >> 1) }
        let shares = amount.divided(by: weights)
        #expect(shares.count == weights.count)
        #expect(shares.reduce(.zero, +) == amount)
        let whole = weights.reduce(0.0) { $0 + Double($1) }
        guard whole > 0 else {
            #expect(shares[0] == amount)
            return
        }
        for (share, weight) in zip(shares, weights) {
            let exact = Double(amount.nanodollars) * (Double(weight) / whole)
            #expect(abs(Double(share.nanodollars) - exact) <= 1 + abs(exact) * 1e-14)
        }
    }

    @Test func leftOverUnitsGoToTheLargestRemaindersThenTheLowerIndex() {
        // 10 over 1:1:1 leaves one; over 3:3:1 the exact shares are 4.29, 4.29, 1.43.
        #expect(Money(nanodollars: 10).divided(by: [1, 1, 1]).map(\.nanodollars) == [4, 3, 3])
        #expect(Money(nanodollars: 10).divided(by: [3, 3, 1]).map(\.nanodollars) == [4, 4, 2])
        #expect(Money(nanodollars: -10).divided(by: [1, 1, 1]).map(\.nanodollars) == [-3, -3, -4])
        #expect(Money(nanodollars: 7).divided(by: [0, 0]).map(\.nanodollars) == [7, 0])
    }

    @Test func billsSurviveCoding() throws {
        let key = RandomKey(seed: 5)
        let pools = try Self.pools(key)
        let invoice = Self.ledger(key, rentals: 30).invoice(pools: pools)
        let json = try JSONEncoder().encode(invoice)
        #expect(try JSONDecoder().decode(Invoice.self, from: json) == invoice)
        #expect(try JSONDecoder().decode([PoolTerms].self, from: JSONEncoder().encode(pools)) == pools)
    }
}

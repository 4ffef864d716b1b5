import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// What a request costs, counted three ways, and a bill by what moves with prices.
@Suite struct RequestCostTests {
    static func split(_ parts: [CostSplit.Part: String]) -> CostSplit {
        parts.reduce(into: CostSplit()) { $0[$1.key] = Money(decimal: $1.value) ?? .zero }
    }

    @Test func threeWaysToCount() {
        // 12 $: 4.5 for work that counted, 1.5 for tokens, 3 idle, 1 lost, 2 of disk; 8 answered, 6 in time.
        let split = Self.split([.busy: "4.5", .tokens: "1.5", .idle: "3", .lostWork: "1", .disk: "2"])
        let cost = CostPerRequest(total: 12, split: split, completed: 8, good: 6)
        #expect(cost.allocated == 1.5 && cost.used == 0.75 && cost.perGood == 2)
        #expect(split.used == Money(dollars: 6) && split.idleShare == 0.25)
        #expect(CostPerRequest.advice.contains("allocated") && CostPerRequest.advice.contains("llm-d#1646"))
    }

    @Test func whatIsNotKnownIsNotInvented() {
        let split = Self.split([.busy: "4"])
        let none = CostPerRequest(total: 4, split: split, completed: 0, good: 0)
        #expect(none.allocated == nil && none.used == nil && none.perGood == nil)
        let late = CostPerRequest(total: 4, split: nil, completed: 2, good: 0)
        #expect(late.allocated == 2 && late.used == nil && late.perGood == nil)
        #expect(CostSplit().idleShare == nil, "nothing was paid")
    }

    @Test func aRunsCostsAreItsBillsOverItsCounts() throws {
        // 3 $ in two hours over ten requests, seven of them good, four million tokens.
        var metrics = fakeMetrics(cost: 3, hours: 2)
        metrics.requestsFailed = 2
        metrics.requestsOffered = 12
        var account = try #require(metrics.account)
        (account.good, account.inputTokens, account.outputTokens) = (7, 3_000_000, 1_000_000)
        account.cost = Self.split([.busy: "1.2", .idle: "0.6", .loading: "1.2"])
        metrics.account = account
        let ways = metrics.costPerRequestThreeWays
        #expect(ways.allocated == 0.3 && ways.used == 0.12 && ways.perGood == 3 / 7.0)
        #expect(metrics.usedCostPerMillionTokens == 0.3 && metrics.costPerHour == 1.5)
        #expect(metrics.idleCostShare == 0.6 / 3 && metrics.availability == 10 / 12.0)
        #expect(metrics.requestsLost == 2 && metrics.requestsLate == 3)
        metrics.account?.cost = nil
        #expect(metrics.usedCostPerMillionTokens == nil && metrics.idleCostShare == nil)
        metrics.hours = 0
        #expect(metrics.costPerHour == nil)
    }

    @Test func recoveryIsThatOfTheLongestEpisode() throws {
        var metrics = fakeMetrics()
        #expect(metrics.minutesBelowSLO == nil && metrics.secondsToRecover == nil, "no SLO")
        metrics.account?.timeBelowSLO = .seconds(90)
        #expect(metrics.minutesBelowSLO == 1.5 && metrics.secondsToRecover == 0)
        metrics.account?.longestEpisode = .init(
            start: .start + .seconds(30), end: .start + .seconds(75), recovered: false)
        #expect(metrics.secondsToRecover == 45)
    }
}

@Suite struct PricedCostTests {
    private static let hour = SimulatedDuration.hours(1).nanoseconds

    private static func busyHour(_ pool: Int) -> Rental {
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        states[Int(InstanceState.busy.rawValue)] = hour
        return Rental(pool: pool, instance: pool, start: .start, end: .start + .hours(1), states: states)
    }

    private static func pool(
        _ name: String, _ offer: String, _ terms: PurchaseTerms = .onDemand, _ price: PriceOverride? = nil
    ) throws -> PoolTerms {
        try PoolTerms(pool: name, offer: PriceBook.bundled.offer(offer), terms: terms, price: price)
    }

    private static func money(_ text: String) -> Money { Money(decimal: text) ?? .zero }

    /// 1 $/h of capital, .1 of place, 1 kW at .2.
    private static let rack = PriceOverride(
        owned: OwnedCost(
            capital: money("8760"), years: 1, busyWatts: 1_000, idleWatts: 1_000, perKilowattHour: money("0.2"),
            spacePerMonth: money("73")))

    @Test func machinesMoveAndWhatIsAroundThemStays() throws {
        let pools = try [
            Self.pool("a", "aws/g6.xlarge").holding(PoolExtras(disk: .gigabytes(73), addresses: 1, loadBalancers: 1)),
            Self.pool("b", "vast/1x-L40S"), Self.pool("c", "lambda/gpu_1x_a10", .owned, Self.rack),
        ]
        var ledger = UsageLedger(rentals: [0, 1, 2].map(Self.busyHour))
        ledger.rentals[0].traffic[.internet] = 110_000_000_000
        let invoice = ledger.invoice(pools: pools)
        let priced = PricedCost(invoice, pools: pools)
        #expect(priced.hyperscale == Self.money("0.8048") && priced.distributed == Self.money("0.4"))
        #expect(priced.owned == Self.money("1"), "capital, whatever market the machine is of")
        // Disk .1 GB-month × .08, address .005, balancer .0225, 10 GB × .09, power .2, place .1.
        #expect(priced.fixed == Self.money("1.2355"))
        #expect(priced.total == invoice.total && priced.moving == Self.money("2.2048"))
        #expect(priced[.owned] == priced.owned && priced[.hyperscale] == priced.hyperscale)
    }

    private static func spending(_ pools: [PoolTerms]) throws -> PricedCost {
        let rates = [Commitment.SpendRate(prefix: "aws/", thousandths: 500)]
        let plan = BillingPlan(commitments: [try .spend(money("0.3"), at: "aws", rates: rates)])
        let ledger = UsageLedger(rentals: pools.indices.map(busyHour))
        return PricedCost(ledger.invoice(pools: pools, plan: plan), pools: pools)
    }

    @Test func aCommitmentBelongsToItsProvidersMarket() throws {
        let priced = try Self.spending([Self.pool("b", "vast/1x-L40S"), Self.pool("a", "aws/g6.xlarge")])
        // An hour draws .4024; .3 pay for .3/.4024 of it, the rest is .8048 − .6, and .3 for the commitment.
        #expect(priced == PricedCost(hyperscale: Self.money("0.5048"), distributed: Self.money("0.4")))
    }

    /// Hardware of one's own is described by a provider's offer: it is not that provider's.
    @Test func aCommitmentIsNotOwnedBecauseAMachineOfItsKindIs() throws {
        let own = PriceOverride(perHour: Self.money("2"))
        let priced = try Self.spending([
            Self.pool("own", "aws/g6.xlarge", .owned, own), Self.pool("a", "aws/g6.xlarge"),
        ])
        #expect(priced == PricedCost(hyperscale: Self.money("0.5048"), owned: Self.money("2")))
        #expect(priced.total == Self.money("2.5048"))
    }

    @Test func feesAndTokensMoveWithTheirMarket() throws {
        var rule = BillingRule.of(provider: "vast")
        rule.feeMillionths = 250_000
        let tokens = TokenPrices(inputPerMillion: Self.money("2"), outputPerMillion: Self.money("4"))
        let pools = try [
            PoolTerms(pool: "fee", offer: PriceBook.bundled.offer("vast/1x-L40S"), rule: rule),
            Self.pool("api", "runpod/1x_L40S_SECURE", .perToken, PriceOverride(tokens: tokens)),
        ]
        var ledger = UsageLedger(rentals: [Self.busyHour(0)])
        ledger.tokens = [TokenUse(), TokenUse()]
        ledger.tokens[1].output = 500_000
        let priced = PricedCost(ledger.invoice(pools: pools), pools: pools)
        // .4, a quarter of it, and half a million tokens at 4 $.
        #expect(priced == PricedCost(distributed: Self.money("2.5")))
    }

    @Test func linesOfUnknownPoolsAreNotLost() throws {
        let pools = try [Self.pool("a", "vast/1x-L40S")]
        let invoice = UsageLedger(rentals: [Self.busyHour(0)]).invoice(pools: pools)
        #expect(PricedCost(invoice, pools: []).total == invoice.total)
        #expect(PricedCost(Invoice(), pools: pools) == PricedCost())
    }
}

import Planning
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct CostByUseTests {
    /// One machine: 10 s provisioning, 20 loading, 60 busy, 30 idle.
    private func run(metered: SimulatedDuration?, cost: Int64, extra: [InvoiceLine] = []) -> StrategyRun {
        var run = TimelineCSVTests.run()
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        for (state, seconds) in [(InstanceState.provisioning, 10), (.loading, 20), (.busy, 60), (.idle, 30)] {
            states[Int(state.rawValue)] = Int64(seconds) * 1_000_000_000
        }
        run.record.ledger = UsageLedger(rentals: [
            Rental(
                pool: 0, instance: 0, start: .start, end: SimulatedTime(nanoseconds: 120_000_000_000), states: states)
        ])
        var line = TimelineCSVTests.line(cost: cost, end: 120)
        line.metered = metered
        run.invoice = Invoice(lines: [line] + extra)
        return run
    }

    private let pools = [Fixture.pool(Fixture.shapes[0])]

    @Test func allStatesPayWhereAllWereBilled() {
        let split = CostByUse(run(metered: .seconds(120), cost: 120), pools: pools)
        #expect(split.parts.map(\.nanodollars) == [60, 30, 30, 0, 0])
    }

    @Test func provisioningIsFreeWhereItWasNotMetered() {
        let split = CostByUse(run(metered: .seconds(110), cost: 110), pools: pools)
        #expect(split.parts.map(\.nanodollars) == [60, 30, 20, 0, 0])
    }

    @Test func partsAddUpToTheInvoiceWhateverItIs() {
        for cost in [1, 7, 1_000_003, 999_999_999_999_999] as [Int64] {
            let run = run(metered: nil, cost: cost)
            #expect(CostByUse(run, pools: pools).total == run.invoice.total)
        }
        for strategy in Fixture.result().strategies {
            #expect(CostByUse(strategy.runs[0], pools: strategy.pools).total == strategy.runs[0].invoice.total)
        }
    }

    @Test func storageTrafficAndStrangersAreOtherCharges() {
        var disk = TimelineCSVTests.line(cost: 5, end: 120)
        disk.serviceCategory = .storage
        var stranger = TimelineCSVTests.line(cost: 3, end: 120)
        stranger.instance = 99
        let split = CostByUse(run(metered: nil, cost: 120, extra: [disk, stranger]), pools: pools)
        #expect(split.parts.map(\.nanodollars) == [60, 30, 30, 0, 8])
    }

    @Test func everyRentalOfOneInstancePaysForItsOwnTime() {
        var run = run(metered: .seconds(110), cost: 110)
        var second = run.record.ledger.rentals[0]
        second.start = SimulatedTime(nanoseconds: 200_000_000_000)
        second.end = SimulatedTime(nanoseconds: 300_000_000_000)
        // 20 s provisioning, 30 loading, 40 busy, 10 draining: 80 s are metered.
        second.states = [20, 30, 40, 0, 10, 0, 0].map { $0 * 1_000_000_000 }
        run.record.ledger.rentals.append(second)
        var line = TimelineCSVTests.line(cost: 80, start: 200, end: 300)
        line.metered = .seconds(80)
        run.invoice = Invoice(lines: run.invoice.lines + [line])
        let split = CostByUse(run, pools: pools)
        #expect(split.parts.map(\.nanodollars) == [100, 30, 50, 10, 0])
        #expect(split.total == run.invoice.total)
    }
}

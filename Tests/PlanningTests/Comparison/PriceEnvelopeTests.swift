import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Lines of cost over the ratio of machine prices, and the corners of their lower envelope, on paper.
@Suite struct PriceEnvelopeTests {
    struct Bill {
        var name: String
        var market: Market
        /// Dollars of machines and of everything else, in so many hours.
        var moving: Double
        var fixed = 0.0
        var hours = 1.0
    }

    static func even(_ bills: [Bill], overloaded: Set<String> = []) -> PriceBreakEven? {
        let strategies = bills.map { bill in
            var run = fakeMetrics(cost: bill.moving + bill.fixed, hours: bill.hours)
            run.strategy = bill.name
            run.verdict = overloaded.contains(bill.name) ? .overloaded : .stable
            run.account?.priced = PricedCost(fixed: Money(dollars: bill.fixed))
            run.account?.priced?[bill.market] = Money(dollars: bill.moving)
            return StrategyResult(
                name: bill.name, router: .roundRobin, pools: [],
                runs: [StrategyRun(metrics: run, record: RunRecord(), invoice: Invoice())])
        }
        let rows = StrategyComparison.compare(
            strategies.map { ComparedRuns(strategy: $0.name, runs: $0.runs.map(\.metrics), meetsSLO: true) },
            baseline: bills[0].name)
        return PriceBreakEven(
            ScenarioResult(
                name: "s", text: "", workload: "", model: "", precision: "", objectives: [], strategies: strategies,
                comparison: rows, assumptions: [], warnings: [], version: ""))
    }

    static func words(_ even: PriceBreakEven?) -> [String] {
        even?.crossings.map { "\($0.below) to \($0.above) at \($0.ratio.mean): \($0.cost)" } ?? ["none"]
    }

    @Test func costsArePerHour() {
        // 10 $ of market machines and 2 of disk in two hours: 1 + 5r. 3 $ of cloud in half an hour: 6.
        let even = Self.even([
            Bill(name: "market", market: .distributed, moving: 10, fixed: 2, hours: 2),
            Bill(name: "cloud", market: .hyperscale, moving: 3, hours: 0.5),
        ])
        #expect(Self.words(even) == ["market to cloud at 1.0: 6.0"])
        #expect(even?.winner == "market", "of equals the first")
        #expect(even?.lines.map { $0.cost(at: 2) } == [11, 6])
    }

    /// Three lines through one point: who is in the middle only there is no winner.
    @Test func linesThatMeetInOnePointChangeOnce() {
        let even = Self.even([
            Bill(name: "steep", market: .distributed, moving: 4),
            Bill(name: "gentle", market: .distributed, moving: 2, fixed: 4),
            Bill(name: "flat", market: .hyperscale, moving: 8),
        ])
        // 4r, 4 + 2r and 8 all meet at r = 2.
        #expect(Self.words(even) == ["steep to flat at 2.0: 8.0"])
    }

    @Test func whoIsNeverCheapestIsInNoCorner() {
        let even = Self.even([
            Bill(name: "steep", market: .distributed, moving: 4),
            Bill(name: "dear", market: .distributed, moving: 3, fixed: 5),
            Bill(name: "flat", market: .hyperscale, moving: 8),
        ])
        #expect(Self.words(even) == ["steep to flat at 2.0: 8.0"])
    }

    @Test func parallelLinesAndLinesThatPartAtZeroHaveNoCorner() {
        let parallel = Self.even([
            Bill(name: "a", market: .distributed, moving: 2, fixed: 1),
            Bill(name: "b", market: .distributed, moving: 2, fixed: 3),
        ])
        // In one market the winner's own prices move: 1 + 2r against 5.
        #expect(parallel?.moving == .strategy("a") && Self.words(parallel) == ["a to b at 2.0: 5.0"])
        let apart = Self.even([
            Bill(name: "a", market: .distributed, moving: 2, fixed: 1),
            Bill(name: "b", market: .distributed, moving: 3, fixed: 1),
            Bill(name: "c", market: .hyperscale, moving: 0.5, fixed: 0.25),
        ])
        #expect(Self.words(apart) == [] && apart?.winner == "c", "cheaper than both when machines are given away")
    }

    @Test func ownedMachinesStayWhereMarketsMove() {
        let even = Self.even([
            Bill(name: "own", market: .owned, moving: 5, fixed: 1),
            Bill(name: "market", market: .distributed, moving: 4),
            Bill(name: "cloud", market: .hyperscale, moving: 9),
        ])
        #expect(even?.moving == .market(.distributed))
        #expect(Self.words(even) == ["market to own at 1.5: 6.0"])
    }

    @Test func whoIsOverloadedOrHasNoTimeIsNotCompared() {
        let bills = [
            Bill(name: "a", market: .distributed, moving: 1), Bill(name: "b", market: .hyperscale, moving: 3),
        ]
        #expect(Self.words(Self.even(bills)) == ["a to b at 3.0: 3.0"])
        #expect(Self.even(bills, overloaded: ["a"]) == nil)
        #expect(Self.even([bills[0], Bill(name: "b", market: .hyperscale, moving: 3, hours: 0)]) == nil)
    }
}

import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Every figure of a comparison, read from one run made by hand.
@Suite struct FigureTests {
    /// 6 $ in 1.5 h; 20 offered, 16 answered, 12 of them in time; 3 million tokens.
    static func run() throws -> RunMetrics {
        var run = fakeMetrics(cost: 6, hours: 1.5)
        (run.requestsOffered, run.requestsCompleted, run.requestsFailed) = (20, 16, 4)
        (run.sloAttainment, run.costPerMillionTokens, run.utilization, run.interruptions) = (0.6, 2, 0.25, 7)
        (run.ttft.p99, run.tpot.p99, run.e2e.p99) = (900, 40, 5_000)
        var account = try #require(run.account)
        (account.good, account.inputTokens, account.outputTokens, account.retries) = (12, 2_000_000, 1_000_000, 5)
        account.timeBelowSLO = .seconds(150)
        account.longestEpisode = .init(start: .start, end: .start + .seconds(80), recovered: true)
        var split = CostSplit()
        (split[.busy], split[.idle], split[.loading]) = (Money(dollars: 3), Money(dollars: 1.5), Money(dollars: 1.5))
        account.cost = split
        run.account = account
        return run
    }

    @Test(
        arguments: [
            ("cost_per_hour_usd", 4), ("cost_per_million_tokens_usd", 2), ("slo_attainment", 0.6), ("ttft_p99_ms", 900),
            ("tpot_p99_ms", 40), ("e2e_p99_ms", 5_000), ("utilization", 0.25), ("availability", 0.8),
            ("minutes_below_slo", 2.5), ("time_to_recover_s", 80), ("requests_lost", 4), ("requests_late", 4),
            ("retries", 5), ("interruptions", 7), ("cost_per_request_usd", 0.375),
            ("used_cost_per_request_usd", 0.1875),
            ("cost_per_good_request_usd", 0.5), ("used_cost_per_million_tokens_usd", 1), ("idle_cost_share", 0.25),
        ] as [(String, Double)])
    func figuresAreWhatTheirNamesSay(_ name: String, _ value: Double) throws {
        let figure = try #require(ComparedFigure.common.first { $0.name == name })
        #expect(figure.value(try Self.run()) == value)
    }

    @Test func everyFigureIsNamedOnceAndDefined() {
        let names = ComparedFigure.common.map(\.name)
        #expect(Set(names).count == names.count && names.count == 19)
        for figure in ComparedFigure.common {
            #expect(figure.definition.hasSuffix(".") && !figure.definition.contains("  "), "\(figure.name)")
        }
    }

    @Test func aRunWithoutAnAccountLacksWhatIsMadeOfIt() throws {
        var old = try Self.run()
        // What a run of an older version keeps beside its account.
        old.account = nil
        old.costPerGoodRequest = 0.5
        let missing = ComparedFigure.common.filter { $0.value(old) == nil }.map(\.name)
        #expect(
            missing == [
                "minutes_below_slo", "time_to_recover_s", "requests_late", "retries", "used_cost_per_request_usd",
                "used_cost_per_million_tokens_usd", "idle_cost_share",
            ])
    }

    @Test func classesAreComparedWhereThereAreSeveral() throws {
        var (first, second) = (try Self.run(), try Self.run())
        first.account?.classes = [.init(name: "chat", offered: 8, good: 6)]
        #expect(ComparedFigure.byClass([first]).isEmpty, "one class is all there is")
        second.account?.classes = [.init(name: "batch", offered: 0, good: 0), .init(name: "chat", offered: 4, good: 4)]
        let figures = ComparedFigure.byClass([first, second])
        #expect(figures.map(\.name) == ["slo_attainment[chat]", "slo_attainment[batch]"])
        #expect([first, second].map(figures[0].value) == [0.75, 1])
        #expect([first, second].map(figures[1].value) == [nil, nil], "none offered, or no such class")
        let rows = StrategyComparison.compare(
            [ComparedRuns(strategy: "a", runs: [first, second], meetsSLO: true)], baseline: "a")
        #expect(rows[0]["slo_attainment[chat]"]?.mean == 0.875 && rows[0]["slo_attainment[batch]"] == nil)
    }

    // MARK: Break-even

    private static func runs(_ bills: [(cost: Double, fixed: Double, hours: Double)]) -> [RunMetrics] {
        bills.map { bill in
            var run = fakeMetrics(cost: bill.cost, hours: bill.hours)
            run.account?.priced = PricedCost(
                distributed: Money(dollars: bill.cost - bill.fixed), fixed: Money(dollars: bill.fixed))
            return run
        }
    }

    private static func ratio(_ mine: [RunMetrics], _ base: [RunMetrics], isPaired: Bool) -> Estimate? {
        StrategyComparison.compare(
            [
                ComparedRuns(strategy: "base", runs: base, meetsSLO: true),
                ComparedRuns(strategy: "mine", runs: mine, meetsSLO: true, isPaired: isPaired),
            ], baseline: "base")[1][StrategyComparison.priceRatioName]
    }

    /// An hour of the baseline costs 8 $: in two hours 16, of which 4 are fixed, so 6 $ of machines may double.
    @Test func thePriceRatioMakesAnHourCostTheSame() {
        let base = Self.runs([(4, 0, 0.5)])
        #expect(Self.ratio(Self.runs([(10, 4, 2)]), base, isPaired: true) == Estimate(mean: 2, half: nil))
        // 5 fixed dollars an hour are dearer than the baseline at any price of machines: below zero.
        #expect(Self.ratio(Self.runs([(11, 10, 1)]), base, isPaired: true) == Estimate(mean: -2, half: nil))
        #expect(Self.ratio(Self.runs([(3, 3, 1)]), base, isPaired: true) == nil, "no machine's price moves")
    }

    @Test func unpairedRunsAreHeldAgainstTheMeanHour() {
        // Hours of 6 and 10 $: 8 on average; 2 $ of machines may cost 4 times as much, 4 $ twice.
        let ratio = Self.ratio(Self.runs([(2, 0, 1), (4, 0, 1)]), Self.runs([(6, 0, 1), (10, 0, 1)]), isPaired: false)
        #expect(ratio?.mean == 3)
        // Paired: 6 / 2 and 10 / 4.
        let pairs = Self.ratio(Self.runs([(2, 0, 1), (4, 0, 1)]), Self.runs([(6, 0, 1), (10, 0, 1)]), isPaired: true)
        #expect(pairs?.mean == 2.75)
    }

    @Test func theChangeOfRateIsTheGeometricMiddle() {
        func change(_ low: Double, _ high: Double) -> RateBreakEven.Change {
            .init(low: low, high: high, below: "a", above: nil)
        }
        #expect(change(2, 8).factor == 4 && change(0.25, 1).factor == 0.5)
        func rate(_ below: RateBreakEven.Change?, _ above: RateBreakEven.Change?) -> RateBreakEven {
            RateBreakEven(rivals: ["a"], rate: 3, trials: [], below: below, above: above)
        }
        #expect(rate(change(0.25, 1), change(2, 8)).next?.factor == 4, "the one above comes first")
        #expect(rate(change(0.25, 1), nil).next?.factor == 0.5 && rate(nil, nil).next == nil)
    }
}

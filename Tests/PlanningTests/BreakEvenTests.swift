import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

@testable import Planning

@Suite struct PriceBreakEvenTests {
    /// A strategy of hourly bills; `fixed` is what does not move with prices.
    private func strategy(
        _ name: String, _ market: Market, _ costs: [Double], fixed: Double = 0
    ) -> StrategyResult {
        StrategyResult(
            name: name, router: .roundRobin, pools: [],
            runs: costs.map { cost in
                var metrics = fakeMetrics(cost: cost, market: market)
                metrics.strategy = name
                metrics.account?.priced?[market] = Money(dollars: cost - fixed)
                metrics.account?.priced?.fixed = Money(dollars: fixed)
                return StrategyRun(metrics: metrics, record: RunRecord(), invoice: Invoice())
            })
    }

    private func result(_ strategies: [StrategyResult], failing: Set<String> = []) -> ScenarioResult {
        let rows = StrategyComparison.compare(
            strategies.map {
                ComparedRuns(
                    strategy: $0.name, runs: $0.runs.map(\.metrics), meetsSLO: !failing.contains($0.name))
            }, baseline: strategies[0].name)
        return ScenarioResult(
            name: "s", text: "", workload: "", model: "", precision: "", objectives: [], strategies: strategies,
            comparison: rows, assumptions: [], warnings: [], version: "")
    }

    @Test func marketplacePricesMoveAgainstHyperscale() throws {
        let even = try #require(
            PriceBreakEven(
                result([
                    strategy("cloud", .hyperscale, [8, 8]), strategy("market", .distributed, [2, 4], fixed: 1),
                ])))
        #expect(even.moving == .market(.distributed) && even.winner == "market")
        // 1 + 2r = 8 at 3.5; by replication 1 + r = 8 at 7, 1 + 3r = 8 at 7/3.
        let crossing = try #require(even.crossings.first)
        #expect(even.crossings.count == 1)
        #expect(crossing.ratio.mean == 3.5 && crossing.cost == 8)
        #expect(crossing.below == "market" && crossing.above == "cloud")
        let half = try #require(crossing.ratio.half)
        #expect(abs(half - 12.7062 * (7 - 7 / 3.0) / 2) < 1e-3)
    }

    @Test func inOneMarketTheWinnersOwnPricesMove() throws {
        let even = try #require(
            PriceBreakEven(
                result([strategy("a", .hyperscale, [6]), strategy("b", .hyperscale, [4], fixed: 1)])))
        #expect(even.moving == .strategy("b"))
        #expect(even.crossings.map(\.ratio.mean) == [5.0 / 3])
        #expect(even.crossings.map(\.ratio.half) == [nil])
    }

    /// The cheapest on either side is taken, not whoever was second.
    @Test func theEnvelopeHasEveryCorner() throws {
        let even = try #require(
            PriceBreakEven(
                result([
                    strategy("steep", .distributed, [6]), strategy("gentle", .distributed, [5], fixed: 3),
                    strategy("flat", .hyperscale, [9]),
                ])))
        // steep 6r, gentle 3 + 2r, flat 9: 6r = 3 + 2r at 0.75, 3 + 2r = 9 at 3.
        #expect(even.crossings.map(\.ratio.mean) == [0.75, 3])
        #expect(even.crossings.map(\.above) == ["gentle", "flat"])
        #expect(even.winner == "gentle")
    }

    @Test func aStrategyThatFailsTheSLOCannotWin() {
        let pair = [strategy("a", .hyperscale, [6]), strategy("b", .distributed, [1])]
        #expect(PriceBreakEven(result(pair, failing: ["b"])) == nil)
        var old = pair
        old[0].runs[0].metrics.account = nil
        #expect(PriceBreakEven(result(old)) == nil)
    }

    @Test func theComparisonHasTheRatioOfEveryStrategyToTheBaseline() throws {
        let rows = result([
            strategy("cloud", .hyperscale, [8, 8]), strategy("market", .distributed, [2, 4], fixed: 1),
        ]).comparison
        #expect(rows[0][StrategyComparison.priceRatioName] == nil)
        #expect(rows[1][StrategyComparison.priceRatioName]?.mean == (7 + 7 / 3.0) / 2)
        let definitions = StrategyComparison.definitions(of: rows)
        #expect(definitions.map(\.name) == rows[0].metrics.map(\.name))
        #expect(definitions.allSatisfy { $0.definition.hasSuffix(".") })
    }
}

@Suite struct RateBreakEvenTests {
    /// Two fixed fleets of one machine: four cheap replicas reach less far than eight dear ones.
    private func resolved(_ threads: Int = 1) throws -> ResolvedScenario {
        try scenario(
            scenarioText(
                workload:
                    "{synthetic: {arrivals: {rate: 4 /s}, lengths: {input: 400, output: 60}, requests: 400}}",
                pools: "[{offer: aws/g6e.xlarge/us-east-1, replicas: 1}]",
                more: """
                      - name: b
                        pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 2}]
                      - name: never the answer
                        pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 6}]
                    slo: {ttft: {p99: 300 ms}, tpot: {p99: 40 ms}}
                    compare: {replications: 2}
                    """)
        ).resolved()
    }

    @Test func theWinnerChangesWhereTheCheapOneFails() throws {
        let scenario = try resolved()
        let result = try scenario.run()
        let rate = try scenario.breakEvenRate(of: result)
        #expect(rate.rivals == ["a", "b"])
        let change = try #require(rate.above)
        #expect(change.below == "a" && change.above != "a")
        #expect(change.low >= 1 && change.high / change.low <= RateBreakEven.precision)
        #expect(rate.below == nil, "one replica suffices for less")
        #expect(rate.trials.first == .init(factor: 1, winner: "a", costs: rate.trials[0].costs))
        // The trials say what they found: below the bracket "a" wins, above it does not.
        for trial in rate.trials {
            if trial.factor <= change.low { #expect(trial.winner == "a") }
            if trial.factor >= change.high { #expect(trial.winner != "a") }
        }
        #expect(abs(rate.rate - 4) < 0.8)
        #expect(try scenario.breakEvenRate(of: result, RunOptions(threads: 2)) == rate, "however it is run")
        let noted = result.noting(rate).comparison
        #expect(noted[0][RateBreakEven.metricName]?.mean == change.factor * rate.rate)
        #expect(noted[2][RateBreakEven.metricName] == nil)
        #expect(noted[2].metrics.last?.name == RateBreakEven.metricName)
    }

    @Test func aScaledWorkloadHasTheSameRequestsCloserTogether() throws {
        let scenario = try resolved()
        func arrivals(_ workload: ResolvedWorkload) throws -> [(Int64, Int32)] {
            let source = try workload.makeSource(seed: 7)
            var batch: [Workloads.Request] = []
            try source.read(into: &batch, limit: 400)
            return batch.map { ($0.arrival.nanoseconds, $0.inputTokens) }
        }
        let (plain, fast) = try (arrivals(scenario.workload), arrivals(scenario.workload.scaled(rate: 4)))
        #expect(plain.count == fast.count && !plain.isEmpty)
        for (a, b) in zip(plain, fast) { #expect(abs(a.0 - 4 * b.0) <= 4 && a.1 == b.1) }
    }
}

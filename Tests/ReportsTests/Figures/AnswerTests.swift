import Planning
import Primitives
import SimulationCore
import Testing

@testable import Reports

@Suite struct AnswerTests {
    private func shape(_ index: Int, _ change: (inout Fixture.Shape) -> Void = { _ in }) -> Fixture.Shape {
        var shape = Fixture.shapes[index]
        change(&shape)
        return shape
    }

    @Test func namesTheCheapestThatMeetsTheTarget() {
        let answer = Answer(Fixture.result())
        #expect(answer.strategy == "marketplace, secure")
        #expect(
            answer.sentence
                == "Take marketplace, secure. At $5.16 an hour ($25.80 per million tokens) it meets every latency target."
        )
        #expect(
            answer.details == [
                "That is 54 % or $6.01 an hour less than hyperscale on-demand; 95 % interval $5.95 to $6.06."
            ])
        #expect(answer.overloadNote == "Overloaded, so not to be compared: two L40S.")
    }

    @Test func agreesWithTheRecommendation() {
        for count in 1...Fixture.shapes.count {
            let result = Fixture.result(shapes: Array(Fixture.shapes.prefix(count)))
            #expect(Answer(result).strategy == result.recommendation.strategy)
        }
    }

    @Test func oneReplicationSaysThatItHasNoInterval() {
        let details = Answer(Fixture.result(replications: 1)).details
        #expect(details.first?.hasSuffix("from one replication, which gives no interval.") == true)
    }

    @Test func aDifferenceWithinChanceIsSaid() {
        var result = Fixture.result()
        let row = result.comparison.firstIndex { $0.strategy == "marketplace, secure" } ?? 0
        result.comparison[row].metrics[0].difference = Estimate(mean: -0.5, half: 0.8)
        let details = Answer(result).details
        #expect(details.first?.contains("does not exclude that there is no difference") == true)
    }

    @Test func anIntervalNarrowerThanItsDigitsIsNotPrinted() {
        var result = Fixture.result()
        let row = result.comparison.firstIndex { $0.strategy == "marketplace, secure" } ?? 0
        result.comparison[row].metrics[0].difference = Estimate(mean: -6.01, half: 0.0002)
        #expect(
            Answer(result).details.first?.hasSuffix(
                "less than hyperscale on-demand, the same in every replication to the digits shown.") == true)
    }

    @Test func theBaselineCanWin() {
        let answer = Answer(Fixture.result(shapes: [shape(0), shape(3)]))
        #expect(answer.strategy == "hyperscale on-demand")
        #expect(answer.details == ["It is the baseline; no other strategy that meets the target costs less."])
    }

    @Test func whereNoneMeetsTheTargetTheClosestIsNamed() {
        let answer = Answer(Fixture.result(shapes: [shape(3), shape(4)]))
        #expect(answer.strategy == nil)
        #expect(
            answer.sentence == "No strategy meets the target in every replication. Closest is L4 many small: "
                + "87.1 % of all requests within their bounds, at $3.42 an hour ($17.10 per million tokens).")
    }

    @Test func whereAllAreOverloadedNothingIsRecommended() {
        let answer = Answer(Fixture.result(shapes: [shape(4), shape(4) { $0.name = "three L40S" }]))
        #expect(answer.strategy == nil)
        #expect(answer.sentence == "No fleet keeps up with this load: every strategy is overloaded.")
        #expect(answer.overloadNote == nil)
    }

    @Test func withoutTargetsItSaysSo() {
        var result = Fixture.result(shapes: [shape(1)])
        result.objectives = []
        #expect(Answer(result).sentence.hasSuffix("it keeps up with the load; no latency target was set."))
    }

    @Test func aSavingAgainstAFleetThatFailsIsQualified() {
        let failing = shape(0) {
            $0.verdict = .overloaded
            $0.meets = false
        }
        let details = Answer(Fixture.result(shapes: [failing, shape(1)])).details
        #expect(details.last == "The baseline itself is overloaded: read the difference with care.")
    }

    @Test func backlogsAreNamed() {
        let slow = shape(2) { $0.verdict = .backlogged }
        let details = Answer(Fixture.result(shapes: [shape(0), shape(1), slow])).details
        #expect(details.last == "Fell behind for a part of the run: H100, two large replicas.")
    }

    @Test func noStrategiesIsNoCrash() {
        let answer = Answer(Fixture.result(shapes: []))
        #expect(answer.strategy == nil)
        #expect(answer.sentence == "The scenario has no strategies to choose from.")
    }
}

@Suite struct StrategyFiguresTests {
    private let figures = StrategyFigures.all(of: Fixture.result())

    @Test func overloadedMeetsNothing() throws {
        var result = Fixture.result()
        result.comparison[4].meetsSLO = true
        let overloaded = StrategyFigures.all(of: result)[4]
        #expect(overloaded.verdict == .overloaded)
        #expect(!overloaded.meetsSLO)
        #expect(!overloaded.meets(result.objectives[1]), "TPOT is within its bound, but the fleet is not")
        #expect(overloaded.verdictReason.contains("912"))
    }

    @Test func aRunsVerdictCountsEvenWhereTheComparisonIsMilder() {
        var result = Fixture.result()
        result.strategies[1].runs[2].metrics.verdict = .backlogged
        #expect(StrategyFigures.all(of: result)[1].verdict == .backlogged)
    }

    @Test func latenciesComeWithTheIntervalOfTheComparison() throws {
        let objective = Fixture.result().objectives[0]
        #expect(figures[0].latency(objective) == Estimate(mean: 540, half: 18))
        let other = ServiceObjective(quantity: .ttft, quantile: 0.5, bound: .seconds(1))
        let median = try #require(figures[0].latency(other))
        // The fixture's median is 180 ms, slower by one per cent per replication: 181.8 on average.
        #expect(abs(median.mean - 181.8) < 0.6)
        #expect(median.half == nil)
    }

    @Test func failedRequestsCountAsSlowerThanAnyBound() {
        var result = Fixture.result(replications: 1)
        result.strategies[0].runs[0].record.failures = [.tooLong: 100]
        result.strategies[0].runs[0].metrics.requestsFailed = 100
        let figures = StrategyFigures.all(of: result)[0]
        #expect(figures.latency(result.objectives[0]) == nil)
        #expect(!figures.meets(result.objectives[0]))
    }

    @Test func withoutAComparisonTheRunsAreAveraged() {
        var result = Fixture.result(replications: 2)
        result.comparison = []
        result.strategies[0].runs[1].metrics.cost = Money(nanodollars: 13_166_000_000)
        let figures = StrategyFigures.all(of: result)[0]
        #expect(figures.costPerHour == Estimate(mean: 12.166, half: nil))
        #expect(figures.costDifference == nil)
        #expect(!figures.isBaseline)
    }

    @Test func hardwareReadsLikeAShoppingList() {
        var result = Fixture.result()
        #expect(figures[0].hardware == ["6 × aws/g6e.xlarge/us-east-1, on-demand"])
        result.strategies[0].pools[0].tensorParallel = 4
        result.strategies[0].pools[0].pipelineParallel = 2
        #expect(StrategyFigures.all(of: result)[0].hardware == ["6 × aws/g6e.xlarge/us-east-1, on-demand, TP 4, PP 2"])
    }

    @Test func histogramsOfReplicationsAreMerged() {
        #expect(figures[0].histogram(\.ttft).count == 3_000)
    }
}

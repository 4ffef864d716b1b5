import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The answer in a sentence, from comparison rows made by hand.
@Suite struct AnswerSentenceTests {
    private struct Row {
        var name: String
        var cost: Double? = 2
        /// To the baseline: mean and half-width; no half for one replication.
        var difference: (mean: Double, half: Double?)?
        var attainment = 1.0
        var meets = true
        var verdict = LoadVerdict.stable
    }

    private func sentence(_ rows: [Row], slo: Bool = true) -> Recommendation {
        let comparison = rows.enumerated().map { index, row in
            let difference = row.difference.map { Estimate(mean: $0.mean, half: $0.half) }
            return StrategyComparison(
                strategy: row.name, isBaseline: index == 0, replications: 3,
                metrics: [
                    .init(
                        name: "cost_per_hour_usd", value: row.cost.map { Estimate(mean: $0, half: nil) },
                        difference: difference),
                    .init(
                        name: "slo_attainment", value: Estimate(mean: row.attainment, half: nil), difference: nil),
                ], meetsSLO: row.meets, dominated: false, verdict: row.verdict)
        }
        let objective = ServiceObjective(quantity: .ttft, quantile: 0.99, bound: .seconds(2))
        return ScenarioResult(
            name: "r", text: "", workload: "", model: "m", precision: "p", objectives: slo ? [objective] : [],
            strategies: [], comparison: comparison, assumptions: [], warnings: [], version: "1"
        ).recommendation
    }

    @Test func savingsComeWithTheirInterval() {
        let answer = sentence([Row(name: "a", cost: 10), Row(name: "b", cost: 6, difference: (-4, 0.5))])
        #expect(
            answer.sentence
                == "`b` is the cheapest strategy that meets the SLO at 6.000 $/h, 4.000 $/h (40 %) less than the "
                + "baseline `a` (95 % interval 3.500 $/h to 4.500 $/h).")
        #expect(answer.strategy == "b" && answer.isSignificant == true && answer.closest == nil)
    }

    @Test func aDearerWinnerSaysWhyTheBaselineLost() {
        let answer = sentence([Row(name: "a", cost: 2, meets: false), Row(name: "b", cost: 3, difference: (1, nil))])
        #expect(
            answer.sentence
                == "`b` is the cheapest strategy that meets the SLO at 3.000 $/h, 1.000 $/h (50 %) more than the "
                + "baseline `a`, which misses the SLO; one replication gives no interval.")
        #expect(answer.isSignificant == nil)
    }

    @Test func differencesWithinChanceAreCalledThat() {
        let answer = sentence([Row(name: "a", cost: 2), Row(name: "b", cost: 1.9, difference: (-0.1, 0.3))])
        #expect(answer.sentence.hasSuffix("; not enough evidence for a difference: its 95 % interval includes 0."))
        #expect(answer.isSignificant == false)
    }

    @Test func freeBaselinesHaveNoPercentages() {
        let answer = sentence(
            [Row(name: "a", cost: 0, meets: false), Row(name: "b", cost: 1, difference: (1, 0.2))])
        #expect(!answer.sentence.contains("(50 %)") && !answer.sentence.contains("inf"), "\(answer.sentence)")
        #expect(answer.sentence.contains("1.000 $/h more than the baseline `a`"))
    }

    @Test func theBaselineCanWinAndTheFirstOfEqualsDoes() {
        #expect(
            sentence([Row(name: "a"), Row(name: "b")]).sentence
                == "`a` is the cheapest strategy that meets the SLO at 2.000 $/h, the best served of 2 that cost alike; "
                + "it is the baseline.")
        #expect(sentence([Row(name: "a", cost: 3), Row(name: "b"), Row(name: "c")]).strategy == "b")
    }

    /// A thousandth of the cost is no reason to serve worse; two thousandths are.
    @Test func ofCostsAlikeTheBetterServedIsNamed() {
        let worse = Row(name: "worse", cost: 2, attainment: 0.995)
        #expect(sentence([worse, Row(name: "better", cost: 2.0019, difference: (0.0019, 0.001))]).strategy == "better")
        #expect(sentence([worse, Row(name: "better", cost: 2.003, difference: (0.003, 0.001))]).strategy == "worse")
        #expect(sentence([worse, Row(name: "no better", cost: 2.001, attainment: 0.995)]).strategy == "worse")
        #expect(sentence([worse, Row(name: "late", cost: 2, attainment: 1, meets: false)]).strategy == "worse")
    }

    @Test func withoutACostAStrategyComesLast() {
        #expect(sentence([Row(name: "a", cost: nil), Row(name: "b", cost: 900)]).strategy == "b")
        #expect(
            sentence([Row(name: "a", cost: nil)]).sentence == "`a`, the only strategy, meets the SLO.")
    }

    @Test func fallingBehindIsMentionedAndOverloadDisqualifies() {
        let behind = sentence([Row(name: "a", verdict: .backlogged)], slo: false)
        #expect(
            behind.sentence
                == "`a`, the only strategy, keeps up with the load at 2.000 $/h; it fell behind for part of the run.")
        let rows = [Row(name: "a", cost: 1, verdict: .overloaded), Row(name: "b", cost: 5, difference: (4, 1))]
        #expect(sentence(rows).strategy == "b")
    }

    @Test func whereNoneWillDoTheClosestStandingOneIsNamed() {
        let none = sentence([
            Row(name: "a", attainment: 0.5, meets: false), Row(name: "b", attainment: 0.91234, meets: false),
            Row(name: "c", attainment: 0.99, meets: false, verdict: .overloaded),
        ])
        #expect(
            none.sentence
                == "No strategy meets the SLO. `b` comes closest, with 91.23 % of requests within all bounds.")
        #expect(none.closest == "b" && none.strategy == nil)
        let all = [Row(name: "a", attainment: 0.5, meets: false, verdict: .overloaded)]
        #expect(
            sentence(all, slo: false).sentence
                == "Every strategy is overloaded: latencies depend on how long the load lasts. `a` comes closest.")
        #expect(sentence(all).sentence.hasSuffix("`a` comes closest, with 50.00 % of requests within all bounds."))
        #expect(sentence([]).sentence == "There is no strategy.")
    }
}

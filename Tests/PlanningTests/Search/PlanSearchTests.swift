import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The search against every fleet there is, and laws that hold whatever it finds.
@Suite struct PlanSearchTests {
    private static let gpus =
        "[aws/g6e.xlarge/us-east-1, aws/g6.xlarge/us-east-1, aws/g5.xlarge/us-east-1, runpod/1x_L40S_SECURE, "
        + "vast/1x-RTX_4090/us]"

    struct Case: Sendable, CustomStringConvertible {
        var name: String
        var plan: String
        var slo = "{ttft: {p99: 2 s}, tpot: {p99: 100 ms}}"
        var rate = "20 /s"
        var requests = 400
        var lengths = "{input: 400, output: 60}"
        var description: String { name }

        var text: String {
            planText(plan, slo: slo, rate: rate, requests: requests)
                .replacing("{input: 400, output: 60}", with: lengths)
        }
    }

    static let cases = [
        Case(name: "five offers, pairs", plan: "{offers: \(gpus), replicas: {max: 8}, replications: 2}", rate: "40 /s"),
        Case(
            name: "a tight first token", plan: "{offers: \(gpus), replicas: {max: 8}, replications: 2}",
            slo: "{ttft: {p99: 150 ms}}", rate: "40 /s"),
        Case(
            name: "a tight token time", plan: "{offers: \(gpus), replicas: {max: 8}, replications: 2}",
            slo: "{tpot: {p90: 35 ms}}", rate: "30 /s"),
        Case(
            name: "long prompts in two precisions",
            plan: "{offers: [aws/g6e.xlarge/us-east-1, aws/g6.xlarge/us-east-1, runpod/1x_L40S_SECURE], "
                + "precision: [bf16, fp8], replicas: {max: 8}, replications: 2}",
            slo: "{ttft: {p95: 1 s}, tpot: {p95: 80 ms}}", rate: "8 /s", lengths: "{input: 3000, output: 40}"),
        Case(
            name: "splits and sequence caps, end to end",
            plan: "{offers: [{offer: aws/g6e.12xlarge/us-east-1, tensor-parallel: [1, 2, 4]}, "
                + "aws/g6e.xlarge/us-east-1], engine: {max-sequences: [16, 64]}, replicas: {max: 6}, replications: 2}",
            slo: "{e2e: {p99: 6 s}}", rate: "25 /s", lengths: "{input: 600, output: 200}"),
        Case(
            name: "reserved or not, two routers",
            plan: "{offers: [{offer: aws/g6e.xlarge/us-east-1, terms: [on-demand, reserved-1y]}, "
                + "{offer: aws/g6.xlarge/us-east-1, terms: [on-demand, reserved-1y]}, aws/g5.xlarge/us-east-1], "
                + "replicas: {max: 9}, replications: 2, routers: [least-outstanding, round-robin]}",
            rate: "35 /s"),
    ]

    @Test(arguments: cases)
    func theOptimumIsFoundWithATwentiethOfTheRequests(_ example: Case) throws {
        let scenario = try scenario(example.text)
        let whole = try ExhaustivePlan(scenario)
        let found = try scenario.plan(PlanOptions(threads: 2))
        let optimum = try #require(whole.cost, "the example has no answer")
        let winner = try #require(found.winner)
        #expect(
            winner.cost.mean <= optimum * (1 + 1e-9),
            "\(winner.name) at \(winner.cost.mean), but \(whole.winner ?? "") at \(optimum)")
        #expect(winner.meetsSLO)
        #expect(
            found.effort.requests * 20 <= whole.requests,
            "\(found.effort.requests) requests of \(whole.requests), \(found.effort.tried) of \(whole.fleets) fleets")
        #expect(found.effort.candidates == whole.fleets)
        #expect(found.certificate.dollars > 0 && found.certificate.dollars <= winner.cost.mean)
    }

    /// Seeded scenarios of all sorts, each with a looser and a tighter SLO.
    @Test(arguments: 0..<12)
    func aTighterObjectiveNeverCostsLess(seed: Int) throws {
        let key = RandomKey(seed: UInt64(seed)).derived("plan property")
        func pick(_ counter: UInt64, _ options: [String]) -> String {
            options[Int(key.bits(counter) % UInt64(options.count))]
        }
        let rate = pick(1, ["10 /s", "25 /s", "50 /s"])
        let input = pick(2, ["200", "800", "2500"])
        let output = pick(3, ["20", "100", "250"])
        let quantity = pick(4, ["ttft", "e2e", "tpot"])
        let bounds = quantity == "tpot" ? ["90 ms", "60 ms", "40 ms", "30 ms"] : ["20 s", "8 s", "4 s", "1 s"]
        var last = 0.0
        for bound in bounds {
            let example = Case(
                name: "", plan: "{offers: \(Self.gpus), replicas: {max: 12}, replications: 1, runners-up: 0}",
                slo: "{\(quantity): {p95: \(bound)}}", rate: rate, requests: 300,
                lengths: "{input: \(input), output: \(output)}")
            let found = try scenario(example.text).plan(PlanOptions(threads: 2))
            let cost = found.winner?.cost.mean ?? .infinity
            #expect(cost >= last, "\(quantity) within \(bound) at \(rate), \(input) in, \(output) out")
            #expect(found.certificate.dollars <= cost)
            last = cost
        }
    }

    @Test func theAnswerDoesNotDependOnTheThreads() throws {
        let scenario = try scenario(Self.cases[0].text)
        let (one, four) = (try scenario.plan(PlanOptions(threads: 1)), try scenario.plan(PlanOptions(threads: 4)))
        #expect(one.winner == four.winner && one.runnersUp == four.runnersUp)
        #expect(one.effort == four.effort && one.trials == four.trials && one.binding == four.binding)
        #expect(one.scenarioText == four.scenarioText && one.result == four.result)
    }

    @Test func theAnswerRunsAsAScenario() throws {
        let found = try scenario(Self.cases[0].text).plan(PlanOptions(threads: 2))
        let text = try #require(found.scenarioText)
        let again = try scenario(text).resolved().run(RunOptions(threads: 2))
        let winner = try #require(found.winner)
        #expect(again.strategies.map(\.name) == ([winner] + found.runnersUp).map(\.name))
        let costs = again.strategies[0].runs.map(\.metrics.cost.dollars)
        #expect(Estimate(of: costs) == winner.cost)
        #expect(again.recommendation.strategy == winner.name)
        #expect(
            found.result?.strategies[0].runs.map(\.metrics.fingerprint)
                == again.strategies[0].runs.map(\.metrics.fingerprint))
    }

    @Test func whatBindsTheWinnerIsSaid() throws {
        let found = try scenario(Self.cases[0].text).plan(PlanOptions(threads: 2))
        #expect(!found.binding.isEmpty)
        #expect(found.binding.allSatisfy { $0.contains("misses") || $0.contains("no fewer") }, "\(found.binding)")
        #expect(found.runnersUp.allSatisfy { $0.meetsSLO && ($0.aboveWinner?.mean ?? -1) >= 0 })
    }

    @Test func whatCannotBeMetIsSaidWithTheClosestMiss() throws {
        let example = Case(
            name: "", plan: "{offers: [aws/g6.xlarge/us-east-1, aws/g5.xlarge/us-east-1], replicas: {max: 6}}",
            slo: "{tpot: {p99: 5 ms}}", requests: 200)
        let found = try scenario(example.text).plan()
        #expect(found.winner == nil && found.result == nil && found.scenarioText == nil)
        let miss = try #require(found.miss)
        #expect(miss.fleet.hasPrefix("6 × "))
        #expect(miss.missed.contains { $0.hasPrefix("TPOT p99 ≤ 5 ms (") }, "\(miss)")
        #expect(miss.advice.contains { $0.contains("faster accelerator") }, "\(miss)")
        #expect(miss.advice.contains { $0.contains("in place of TPOT p99 ≤ 5 ms") }, "\(miss)")
    }

    @Test func tooFewReplicasAreSaidToBe() throws {
        let example = Case(
            name: "", plan: "{offers: [aws/g6.xlarge/us-east-1], replicas: {max: 1}}", rate: "60 /s", requests: 3_000)
        let miss = try #require(try scenario(example.text).plan().miss)
        #expect(miss.advice.contains { $0.contains("max:") }, "\(miss)")
    }

    @Test func theScenariosOwnStrategiesAreCompared() throws {
        let own = "strategies: [{name: mine, pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: 8}]}]"
        let text = planText("{offers: [aws/g6e.xlarge/us-east-1], replicas: {max: 8}, replications: 2}", more: own)
        let found = try scenario(text).plan()
        let mine = try #require(found.given.first)
        #expect(mine.name == "mine" && mine.meetsSLO)
        #expect((mine.aboveWinner?.mean ?? 0) > 0)
        #expect(found.result?.strategies.last?.name == "mine")
    }

    @Test func scaledFleetsRace() throws {
        let text = """
            version: 1
            name: test
            workload:
              synthetic:
                arrivals: {steps: [{at: 0 s, rate: 4 /s}, {at: 20 min, rate: 30 /s}, {at: 40 min, rate: 4 /s}]}
                lengths: {input: 300, output: 80}
                duration: 60 min
            model: llama-3.1-8b
            slo: {ttft: {p90: 20 s}}
            plan:
              offers: [{offer: aws/g6.xlarge/us-east-1, start: {provision: 30 s, image-pull: 20 s}}]
              replicas: {max: 12}
              replications: 2
              autoscalers: [{kind: knative, target: [8, 24]}]
            """
        let found = try scenario(text).plan(PlanOptions(threads: 2))
        #expect(found.trials.contains { $0.name.contains("by knative") })
        #expect(found.certificate.dollars <= (found.winner?.cost.mean ?? 0))
    }
}

import SimulationCore
import Testing

@testable import Planning

/// A scenario with a plan; parts can be replaced.
func planText(
    _ plan: String, slo: String = "{ttft: {p99: 2 s}, tpot: {p99: 100 ms}}", rate: String = "20 /s",
    requests: Int = 600, more: String = ""
) -> String {
    """
    version: 1
    name: test
    workload:
      synthetic: {arrivals: {rate: \(rate)}, lengths: {input: 400, output: 60}, requests: \(requests)}
    model: llama-3.1-8b
    slo: \(slo)
    plan: \(plan)
    \(more)
    """
}

@Suite struct PlanSettingsTests {
    @Test func listsAreTriedInEveryCombination() throws {
        let settings = try #require(
            try scenario(
                planText(
                    """
                    {offers: [aws/g6e.xlarge/us-east-1,
                              {offer: aws/g6e.12xlarge/us-east-1, tensor-parallel: [1, 2], terms: [on-demand, spot]}],
                     precision: [bf16, fp8], engine: {max-sequences: [64, 128], block-size: 16}}
                    """)
            ).plan)
        #expect(settings.variants.count == 2 * 2 + 2 * 2 * 2 * 2)
        #expect(settings.variants[0].label == "aws/g6e.xlarge/us-east-1 (bf16, max-sequences 64)")
        #expect(
            settings.variants.last?.label
                == "aws/g6e.12xlarge/us-east-1 (tensor-parallel 2, spot, fp8, max-sequences 128)")
    }

    @Test func defaultsAreToldWithTheirReasons() throws {
        let one = try #require(try scenario(planText("{offers: [aws/g6e.xlarge/us-east-1]}")).plan)
        #expect(one.replicas == 1...64 && one.mix == 1 && one.routers == [.leastOutstanding] && one.runnersUp == 3)
        #expect(one.defaults.map(\.key) == ["replicas", "mix", "routers", "runners-up"])
        #expect(one.defaults.first?.value == "{min: 1, max: 64}")
        let two = try #require(try scenario(planText("{offers: [aws/g6e.xlarge, aws/g6.xlarge]}")).plan)
        #expect(two.mix == 2 && two.routers == [.leastOutstanding, .weightedBySpeed])
        #expect(two.defaults.first { $0.key == "routers" }?.value == "[least-outstanding, weighted-by-speed]")
    }

    @Test(arguments: [
        ("{}", "needs the key `offers`"),
        ("{offers: []}", "must not be empty"),
        ("{offers: [a/b], replica: {max: 3}}", "unknown key `replica` in `plan`; did you mean `replicas`?"),
        ("{offers: [{offer: a/b, replicas: 3}]}", "`replicas` is for the plan to decide"),
        ("{offers: [{offer: a/b, autoscaler: {kind: hpa}}]}", "`autoscaler` is for the plan to decide"),
        ("{offers: [{api: {}}]}", "`api` has no replicas to count"),
        ("{offers: [{offer: a/b, term: spot}]}", "unknown key `term`"),
        ("{offers: [a/b, a/b]}", "`a/b` is offered twice"),
        ("{offers: [a/b], replicas: {min: 4, max: 3}}", "`max` must be from 4 to 10000"),
        ("{offers: [a/b], floors: [1]}", "`floors` has no effect without `autoscalers`"),
        ("{offers: [a/b], autoscalers: [{kind: hpa, metric: outstanding, target: [8, 0]}]}", "greater than 0"),
        ("{offers: [a/b], mix: 4}", "`mix` must be from 1 to 3"),
        ("{offers: [a/b], routers: [fastest]}", "cannot be `fastest`"),
    ])
    func whatCannotBeIsRefused(plan: String, words: String) {
        let error = scenarioError { _ = try scenario(planText(plan)) }
        #expect(error?.message.contains(words) == true, "\(error.map(String.init(describing:)) ?? "")")
    }

    @Test func autoscalersMultiply() throws {
        let plan = try #require(
            try scenario(
                planText(
                    """
                    {offers: [aws/g6e.xlarge/us-east-1], floors: [1, 2],
                     autoscalers: [{kind: hpa, metric: outstanding, target: [8, 16]}, {kind: ray-serve}]}
                    """)
            ).plan)
        #expect(plan.autoscalers.count == 3)
        #expect(plan.scaledShapes(among: [0]).count == 3)
    }

    @Test func runWantsStrategies() throws {
        let error = scenarioError { _ = try scenario(planText("{offers: [aws/g6e.xlarge]}")).resolved() }
        #expect(error?.message == "there are no `strategies` to run: `isocost plan` finds them")
        let other = scenarioError { _ = try scenario(scenarioText()).plan() }
        #expect(other?.message.hasPrefix("`plan` is missing") == true)
    }

    @Test func aPlanNeedsAnObjective() throws {
        let text = planText("{offers: [aws/g6e.xlarge]}").replacing(
            "slo: {ttft: {p99: 2 s}, tpot: {p99: 100 ms}}\n", with: "")
        let error = scenarioError { _ = try scenario(text).plan() }
        #expect(error?.message.hasPrefix("`slo` is missing") == true)
    }

    @Test func aPlanOfMisfitsSaysWhy() throws {
        let text = planText("{offers: [aws/g6.xlarge/us-east-1]}").replacing("llama-3.1-8b", with: "llama-3.1-70b")
        let error = scenarioError { _ = try scenario(text).plan() }
        #expect(error?.kind == .doesNotFit)
        #expect(error?.message.contains("none of the plan's offers can serve: aws/g6.xlarge/us-east-1: ") == true)
    }
}

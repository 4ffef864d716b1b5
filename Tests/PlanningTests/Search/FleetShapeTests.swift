import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Which fleets a plan allows, and how they are written.
@Suite struct FleetShapeTests {
    private func settings(_ plan: String) throws -> PlanSettings { try #require(try scenario(planText(plan)).plan) }

    @Test func shapesAreSubsetsTimesRouters() throws {
        let plan = try settings(
            "{offers: [aws/g6e.xlarge, aws/g6.xlarge, aws/g5.xlarge], mix: 3, "
                + "routers: [least-outstanding, weighted-by-speed]}")
        // Alone a pool needs no routing by speed.
        #expect(plan.steadyShapes(among: [0, 1, 2]).map(\.variants.count) == [1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3])
        #expect(plan.steadyShapes(among: [0, 2]).count == 2 + 2)
        #expect(plan.steadyShapes(among: [1]).map(\.variants) == [[1]])
    }

    @Test func poolsThatDifferInCostAloneAreNotMixed() throws {
        let plan = try settings(
            "{offers: [{offer: aws/g6e.xlarge, terms: [on-demand, reserved-1y]}, aws/g6.xlarge], "
                + "routers: [least-outstanding]}")
        let pairs = plan.steadyShapes(among: [0, 1, 2]).filter { $0.variants.count == 2 }.map(\.variants)
        #expect(pairs == [[0, 2], [1, 2]])
        #expect(plan.variants[0].serving == plan.variants[1].serving)
        #expect(plan.variants[0].serving != plan.variants[2].serving)
    }

    @Test func machinesThatMayBeTakenAwayAreFelt() throws {
        let plan = try settings("{offers: [{offer: aws/g6e.xlarge, terms: [on-demand, spot]}]}")
        #expect(plan.variants[0].serving != plan.variants[1].serving)
        #expect(!plan.variants[0].isLossy && plan.variants[1].isLossy && plan.drawsLots)
    }

    @Test func aFleetIsAStrategyAsAScenarioWritesIt() throws {
        let scenario = try scenario(
            planText(
                "{offers: [{offer: aws/g6e.xlarge/us-east-1, terms: reserved-1y}, aws/g6.xlarge/us-east-1], "
                    + "routers: [round-robin]}"))
        let plan = try #require(scenario.plan)
        let shape = FleetShape(variants: [0, 1], router: "round-robin")
        let candidate = plan.candidate(shape, index: 4, counts: [3, 2])
        #expect(candidate.name == "3 × aws/g6e.xlarge/us-east-1 (reserved-1y) + 2 × aws/g6.xlarge/us-east-1")
        #expect(candidate.shape == 4 && candidate.counts == [3, 2] && candidate.isSteady)
        let strategy = try StrategyResolver(scenario).resolve(candidate.node)
        #expect(strategy.name == candidate.name)
        #expect(strategy.fleet.router == .roundRobin)
        #expect(strategy.fleet.pools.map(\.replicas) == [3, 2])
        #expect(strategy.terms.map(\.terms) == [.reservedOneYear, .onDemand])
    }

    @Test func aScaledFleetStandsOnItsBase() throws {
        let scenario = try scenario(
            planText(
                "{offers: [{offer: aws/g6e.xlarge/us-east-1, terms: [reserved-1y, on-demand]}], replicas: {max: 9}, "
                    + "autoscalers: [{kind: hpa, metric: outstanding, target: 16}]}"))
        let plan = try #require(scenario.plan)
        let shapes = plan.scaledShapes(among: [0, 1])
        #expect(shapes.map(\.variants) == [[0], [1, 0], [1], [0, 1]])
        let candidate = plan.candidate(shapes[3], index: 0, counts: [4, 1])
        #expect(!candidate.isSteady)
        #expect(candidate.name.contains("4 × aws/g6e.xlarge/us-east-1 (reserved-1y) + 1–9 × "))
        #expect(candidate.name.contains("by hpa, metric outstanding, target 16"))
        let strategy = try StrategyResolver(scenario).resolve(candidate.node)
        #expect(strategy.fleet.pools[0].scaling == nil)
        #expect(strategy.fleet.pools[1].scaling?.minimum == 1 && strategy.fleet.pools[1].scaling?.maximum == 9)
        #expect(plan.policy(of: shapes[3]) == "hpa")
    }

    @Test func rentsAreBillsAndRiseWithNumbers() throws {
        let scenario = try scenario(
            planText("{offers: [aws/g6e.xlarge/us-east-1, aws/g6e.12xlarge/us-east-1], replicas: {max: 8}}"))
        let plan = try #require(scenario.plan)
        let work = try PlanGroundwork(scenario, plan, StrategyResolver(scenario), PlanOptions())
        let (single, fourfold) = (try #require(work.facts[0]), try #require(work.facts[1]))
        #expect(single.rent(0) == 0)
        for count in 2...8 { #expect(single.rent(count) > single.rent(count - 1)) }
        // Four replicas share an instance of four accelerators.
        #expect(fourfold.rent(1) == fourfold.rent(4) && fourfold.rent(5) > fourfold.rent(4))
        #expect(abs(single.rent(4) - 4 * single.rent(1)) < 1e-6)
    }

    /// Numbers that the bound forbids would fail.
    @Test(arguments: ["5 /s", "20 /s", "45 /s"], ["{ttft: {p90: 1 s}, tpot: {p90: 80 ms}}", "{e2e: {p95: 9 s}}"])
    func theWorkBoundForbidsOnlyWhatFails(rate: String, slo: String) throws {
        let scenario = try scenario(
            planText(
                "{offers: [aws/g6.xlarge/us-east-1, aws/g6e.xlarge/us-east-1], replicas: {max: 16}, replications: 1}",
                slo: slo, rate: rate, requests: 800))
        let plan = try #require(scenario.plan)
        let work = try PlanGroundwork(scenario, plan, StrategyResolver(scenario), PlanOptions())
        let search = try work.search(PlanOptions())
        for index in 0...1 {
            let shape = try #require(search.shapes.firstIndex { $0.variants == [index] })
            let least = search.fewest(of: index)
            #expect(search.needs.need[index] > 0)
            guard least > 1 else { continue }
            let below = plan.candidate(search.shapes[shape], index: shape, counts: [least - 1])
            #expect(try search.trials.runWhole(below, replication: 0).failure != nil, "\(below.name)")
        }
    }

    @Test func aPlannedScenarioHasAbsolutePathsAndNoPlan() throws {
        try withFiles(["t.csv": "arrival,input,output\n0,100,10\n1,100,10\n2,120,12\n"]) { folder in
            let text = """
                version: 1
                name: files
                workload: {trace: {path: t.csv, format: csv, columns: {arrival: arrival, input: input, output: output}}}
                model: llama-3.1-8b
                slo: {ttft: {p99: 2 s}}
                plan: {offers: [aws/g6.xlarge/us-east-1], replicas: {max: 2}}
                """
            let scenario = try scenario(text, folder: folder)
            let found = try scenario.plan()
            let planned = try #require(found.scenarioText)
            #expect(planned.contains(folder + "/t.csv"))
            let again = try Planning.Scenario(text: planned, path: "p.yaml", folder: "/")
            #expect(again.plan == nil && again.strategyNames.count == 1)
            #expect(try again.resolved().run().strategies[0].runs[0].record.offered == 3)
            #expect(found.effort.replications == 1, "a trace is the same under every seed")
        }
    }
}

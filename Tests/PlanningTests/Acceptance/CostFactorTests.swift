import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Acceptance: memory that refuses a model, owned machines beside rented ones, and what cost depends on.
@Suite struct CostFactorTests {
    @Test(
        """
        GPUs: memory limits refuse a model that does not fit, and the refusal names the missing bytes
        """)
    func theRefusalNamesTheMissingBytes() throws {
        let refusal = scenarioError {
            _ = try scenario(scenarioText(model: "llama-3.1-70b", pools: "[{device: L40S, price: 1 $/h}]")).resolved()
        }
        #expect(refusal?.kind == .doesNotFit)
        let message = try #require(refusal?.message)
        // 70.6 billion parameters of two bytes are 131.4 GiB.
        #expect(message.contains("131.4") && message.contains("missing"), "\(message)")
    }

    @Test("GPUs: batch growth saturates at the right place", arguments: [(44, 64, 4), (1_000, 8, 8), (1_000, 64, 40)])
    func batchesGrowUntilTheirLimit(blocks: Int, sequences: Int, most: Int) throws {
        // 160 + 16 tokens take 11 blocks: of 44 blocks four requests; else the cap, or all forty of them.
        let trial = try Trial(
            scenarioText(
                workload: constant(rate: "10000 /s", input: 160, output: 16, requests: 40),
                pools: "[{device: L40S, price: 1 $/h}]",
                more: "engine: {kv-blocks: \(blocks), max-sequences: \(sequences), max-model-length: 512}"))
        #expect(trial.record().replicas[0].peakRunning == most && trial.run().metrics.requestsCompleted == 40)
        #expect(trial.record().replicas[0].peakBlocks <= blocks && trial.run().metrics.preemptions == 0)
    }

    @Test(
        """
        Hybrid: an owned base fleet (capital cost spread over years, power price, fixed count) takes load first and \
        rented capacity takes the rest, and the total equals owned cost for the whole period plus rented billed time
        """)
    func ownedFirst() throws {
        func trial(rate: Int) throws -> Trial {
            try Trial(
                strategiesText(
                    workload: constant(rate: "\(rate) /s", requests: 60 * rate),
                    [
                        """
                        name: a, routing: {policy: owned-first, spill-at: 3}, pools: [
                          {name: own, replicas: 2, owned: {device: L40S, capital: 17520 $, years: 2, power: 1 kW, idle-power: 0 W,
                            pue: 1, electricity: 0.5 $/kWh, space: 73 $/month, machines: 3}},
                          {name: rented, offer: aws/g6e.xlarge/us-east-1}]
                        """
                    ]))
        }
        // Two replicas of at most three requests of about 1.5 s each take 1 a second, not 9.
        let calm = try trial(rate: 1)
        #expect(calm.record().pools.map(\.completed) == [60, 0])
        let full = try trial(rate: 9)
        #expect(full.record().pools.allSatisfy { $0.completed > 100 })
        // 17,520 $ over 17,520 hours is 1 $/h and 73 $ a month 0.1 $/h, for three machines; and 0.5 $ an hour at work.
        let span = full.record().end - .start
        let held = Money(dollars: 3 * 1.1).hourly(for: span)
        let busy = full.rentals().filter { $0.pool == 0 }.reduce(SimulatedDuration.zero) { $0 + $1[.busy] }
        let power = Money(dollars: 0.5).hourly(for: busy)
        let rented = Money(dollars: 1.861).hourly(for: span.roundedUp(to: 1))
        let cost = full.run().metrics.cost
        #expect(span > .seconds(60))
        // Each line is rounded to the nano-dollar, and power by the nano-kilowatt-hour.
        #expect(abs((cost - held - power - rented).nanodollars) <= 10, "\(cost) against \(held + power + rented)")
    }

    @Test(
        """
        GPU vs CPU price: swapping only the price column changes cost and nothing in the latency files, byte for byte \
        (unless a policy reads price, in which case the report says so)
        """)
    func onlyThePriceChanges() throws {
        func trial(_ price: String, routing: String = "") throws -> Trial {
            let pools = "[{device: L4, price: \(price)}, {device: L40S, price: 1 $/h}]"
            return try Trial(
                strategiesText(workload: constant(rate: "4 /s", requests: 200), ["name: a\(routing), pools: \(pools)"]))
        }
        let (dear, cheap) = (try trial("7 $/h"), try trial("0.07 $/h"))
        #expect(dear.outcomes() == cheap.outcomes() && dear.record() == cheap.record())
        #expect(dear.run().metrics.cost > cheap.run().metrics.cost)
        #expect(!(dear.result.warnings + cheap.result.warnings).contains { $0.contains("prices") })
        let policy = ", routing: {policy: cheapest, spill-at: 4}"
        let (one, other) = (try trial("7 $/h", routing: policy), try trial("0.07 $/h", routing: policy))
        #expect(one.outcomes() != other.outcomes())
        for trial in [one, other] {
            #expect(trial.result.warnings.contains { $0.hasSuffix("so latencies depend on prices too.") })
            #expect(trial.result.assumptions.contains { $0.subject == "prices read by the run" })
        }
    }

    @Test(
        """
        Request volume: doubling the rate on a fixed fleet raises utilisation and tail latency and lowers cost per \
        request until the SLO breaks
        """)
    func doublingTheRate() throws {
        let rates = [1, 2, 4, 8, 16, 32]
        let trials = try rates.map { rate in
            let arrivals =
                "{synthetic: {arrivals: {rate: \(rate) /s}, lengths: {input: 800, output: 120}, requests: \(70 * rate)}}"
            return try Trial(scenarioText(workload: arrivals, more: "slo: {ttft: {p99: 400 ms}, tpot: {p99: 60 ms}}"))
        }
        let meets = trials.map { $0.result.comparison[0].meetsSLO }
        let broken = try #require(meets.firstIndex(of: false), "it never breaks")
        #expect(broken > 1 && !meets[broken...].contains(true), "\(meets)")
        for index in 1..<rates.count {
            let (before, after) = (trials[index - 1].run().metrics, trials[index].run().metrics)
            let tails = (try #require(before.e2e.p99), try #require(after.e2e.p99))
            #expect(tails.1 > tails.0, "\(rates[index]) /s")
            guard index < broken else { continue }
            #expect(after.utilization > before.utilization, "\(rates[index]) /s")
            let costs = (try #require(before.costPerRequest), try #require(after.costPerRequest))
            #expect(costs.1 < costs.0, "\(rates[index]) /s")
        }
        #expect(trials[broken].result.recommendation.strategy == nil, "and none is recommended that does not")
    }

    @Test(
        """
        Model size: growing parameters raises weight bytes, load time, step time and minimum machine count in the way \
        the memory and roofline arithmetic say
        """)
    func largerModels() throws {
        // Parameters in billions, two bytes each; an L40S holds 48 GB, so one, one and four of them.
        let models = [("llama-3.2-1b", 1.2358, 1), ("llama-3.1-8b", 8.0303, 1), ("llama-3.1-70b", 70.5537, 4)]
        var last = 0.0
        for (model, billions, devices) in models {
            let pool =
                "device: L40S, price: 1 $/h, tensor-parallel: \(devices), replicas: {min: 1, max: 1, initial: 1}, "
                + "autoscaler: {kind: fixed, replicas: 1}"
            let trial = try Trial(
                scenarioText(workload: constant(rate: "6 /min", requests: 3), model: model, pools: "[{\(pool)}]"))
            let bytes = 2e9 * billions / Double(devices)
            // The whole instance's weights come over its disk.
            let load = try #require(trial.resolved.strategies[0].pools[0].scaling?.startup.weightLoad.seconds)
            #expect(abs(load - 3.6 - 2e9 * billions / 3.6e9) < 0.01, "\(model) loads in \(load) s")
            // A decode step reads every weight once: no faster than the memory's 864 GB/s, and at least at half of that.
            let step = try #require(trial.run().metrics.tpot.mean) / 1e3
            #expect(
                step > bytes / 864e9 && (step < 2 * bytes / 864e9 || billions < 2 || devices > 1), "\(model): \(step) s"
            )
            #expect(step > last)
            last = step
            guard devices > 1 else { continue }
            let fewer = scenarioText(model: model, pools: "[{device: L40S, price: 1 $/h, tensor-parallel: 2}]")
            let refusal = scenarioError { _ = try scenario(fewer).resolved() }
            #expect(refusal?.kind == .doesNotFit)
        }
    }

    @Test(
        """
        Utilisation: cost per successful request × successful requests = total cost, and the idle share of cost falls \
        as load rises at fixed fleet
        """)
    func idleShares() throws {
        var last = 1.0
        for rate in [1, 2, 4, 8] {
            let trial = try Trial(scenarioText(workload: constant(rate: "\(rate) /s", requests: 100 * rate)))
            let metrics = trial.run().metrics
            let each = try #require(metrics.costPerRequest)
            #expect(abs(each * Double(metrics.requestsCompleted) / metrics.cost.dollars - 1) < 1e-12)
            let idle = try #require(trial.account().cost?.idleShare)
            #expect(idle < last, "\(rate) /s: \(idle)")
            last = idle
        }
    }

    @Test("Latency requirement: tightening the SLO never lowers the cost of the cheapest feasible fleet (monotone)")
    func tighterIsDearer() throws {
        let workload = "{synthetic: {arrivals: {rate: 9 /s}, lengths: {input: 600, output: 80}, requests: 300}}"
        let fleets = (1...4).map { "name: of \($0), pools: [{offer: aws/g6e.xlarge/us-east-1, replicas: \($0)}]" }
        var (last, feasible) = (0.0, 0)
        for bound in [20_000, 3_000, 1_000, 400, 250, 150, 100, 1] {
            let trial = try Trial(strategiesText(workload: workload, fleets, more: "slo: {ttft: {p99: \(bound) ms}}"))
            let rows = zip(trial.result.comparison, trial.result.strategies).filter { $0.0.meetsSLO }
            let cheapest = rows.map { $0.1.runs[0].metrics.cost.dollars }.min() ?? .infinity
            #expect(cheapest >= last, "\(bound) ms")
            last = cheapest
            feasible += rows.isEmpty ? 0 : 1
        }
        #expect(feasible >= 3 && last == .infinity)
    }
}

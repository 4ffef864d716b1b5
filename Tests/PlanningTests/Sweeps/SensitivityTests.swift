import PerformanceModel
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Planning

/// Factors, and the tornado made of them.
@Suite struct SensitivityTests {
    private func runs(_ vary: String) throws -> [RunMetrics] {
        let sweep = try sweep(vary: [vary], design: .oneAtATime)
        return try sweep.jobs.filter { $0.replication == 0 }.map { try sweep.carryOut($0).runs[0] }
    }

    @Test func aFactorOfOneChangesNothing() throws {
        for factor in SweepFactor.allCases {
            let runs = try runs("\(factor.path)=1")
            #expect(runs[0] == runs[1], "\(factor)")
        }
    }

    /// The same run, billed otherwise; an hour of machines costs in proportion.
    @Test func pricesChangeTheBillAlone() throws {
        let runs = try runs("factor.prices=0.5,2")
        #expect(Set(runs.map(\.fingerprint)).count == 1)
        let fixed = try #require(runs[0].account?.priced?.fixed), moving = try #require(runs[0].account?.priced?.moving)
        #expect(abs(runs[1].cost.dollars - (fixed.dollars + moving.dollars / 2)) < 1e-8)
        #expect(abs(runs[2].cost.dollars - (fixed.dollars + moving.dollars * 2)) < 1e-8)
        let ratio = runs[2].cost.dollars / runs[0].cost.dollars
        #expect(abs((runs[2].costPerRequest ?? 0) / (runs[0].costPerRequest ?? 1) - ratio) < 1e-12)
    }

    @Test func rateBringsTheSameRequestsCloser() throws {
        let runs = try runs("factor.rate=0.5,2")
        #expect(Set(runs.map(\.requestsOffered)) == [200])
        #expect(runs[1].hours > runs[0].hours * 1.5 && runs[2].hours < runs[0].hours)
    }

    @Test func lengthsAreTokens() throws {
        let runs = try runs("factor.lengths=0.5,2")
        let tokens = runs.map { ($0.account?.inputTokens ?? 0, $0.account?.outputTokens ?? 0) }
        #expect(tokens[0] == (200 * 200, 200 * 30) && tokens[1] == (200 * 100, 200 * 15))
        #expect(tokens[2] == (200 * 400, 200 * 60))
    }

    @Test func stepTimesScaleLatency() throws {
        let runs = try runs("factor.step-time=0.5,2")
        let tpot = runs.compactMap(\.tpot.mean)
        #expect(tpot[1] < tpot[0] * 0.55 && tpot[2] > tpot[0] * 1.9)
    }

    @Test func availabilityMovesWhatTakesMachinesAway() {
        let process = AvailabilityProcess(
            upMedian: .seconds(100), upMean: .seconds(200), downMedian: .seconds(10), downMean: .seconds(20))
        let capacity = CapacitySupply(availability: .process(process), reclaimsPerHour: 0.5)
        guard case .capacity(let longer) = SupplyPolicy.capacity(capacity).staying(2),
            case .process(let runs) = longer.availability
        else {
            Issue.record("another policy")
            return
        }
        #expect(longer.reclaimsPerHour == 0.25 && runs.upMedian == .seconds(200) && runs.upMean == .seconds(400))
        #expect(runs.downMean == .seconds(20))
        let hosts = HostPopulation(
            meanOffers: 4, meanStay: .seconds(100), staySigma: 1, medianPerHour: Money(nanodollars: 1), priceSigma: 0,
            takeoversPerHour: 0.4, rentedStay: .seconds(1_000))
        guard case .hosts(let supply) = SupplyPolicy.hosts(HostSupply(population: .fitted(hosts))).staying(2),
            case .fitted(let population) = supply.population
        else {
            Issue.record("another policy")
            return
        }
        #expect(population.meanStay == .seconds(200) && population.rentedStay == .seconds(2_000))
        #expect(population.takeoversPerHour == 0.2)
        #expect(SupplyPolicy.dependable.staying(2) == .dependable)
        let listed = SupplyPolicy.hosts(HostSupply(population: .listed([])))
        #expect(listed.staying(2) == listed, "what was recorded stays")
    }

    @Test func theDefaultAnalysisSaysWhatItLeavesOut() throws {
        let plain = try sweep(sensitivity: true)
        #expect(plain.kind == .sensitivity && plain.design == .oneAtATime)
        #expect(plain.axes.map(\.path) == ["factor.prices", "factor.rate", "factor.lengths", "factor.step-time"])
        #expect(plain.axes[0].values == ["0.8", "1.2"])
        #expect(plain.notes.contains { $0.contains("availability is not varied") })
        let spot = try sweep(
            sensitivity: true, overrides: ScenarioOverrides(settings: ["strategies.0.pools.0.terms=spot"]))
        #expect(spot.axes.last?.path == "factor.availability" && spot.axes.last?.values == ["0.5", "1.5"])
    }

    @Test func givenSharesReplaceTheDefaults() throws {
        let given = try sweep("sweep: {sensitivity: {rate: 7.5 %, prices: 0.3}}")
        #expect(given.kind == .sensitivity)
        #expect(given.axes.map(\.path) == ["factor.prices", "factor.rate"])
        #expect(given.axes.map(\.values) == [["0.7", "1.3"], ["0.925", "1.075"]])
        let error = scenarioError { _ = try sweep("sweep: {sensitivity: {availability: 20 %}}") }
        #expect(error?.message.contains("no effect") == true)
    }

    /// Prices move the cost exactly, with the same change in every replication; a factor of the rate moves it too, by
    /// chance differently in each.
    @Test func tornadosArePairedDifferences() throws {
        let sweep = try sweep("sweep: {sensitivity: {rate: 20 %, prices: 20 %}}")
        let table = SweepTable(sweep, outcomes: try outcomes(of: sweep))
        let sensitivity = Sensitivity(table)
        let cost = try #require(sensitivity.tornados.first)
        #expect(cost.figure == table.costFigure.name && cost.bars.count == 4)
        let base = table.candidates[0].runs.compactMap(\.costPerMillionTokens)
        let lower = table.candidates[1].runs.compactMap(\.costPerMillionTokens)
        let bar = try #require(cost.bars.first { $0.axis.factor == .prices && $0.value == "0.8" })
        #expect(bar.difference == Estimate(of: zip(lower, base).map { $0 - $1 }))
        #expect(bar.isBeyondChance == true && bar.difference.mean < 0)
        let swings = cost.bars.map { abs($0.difference.mean) }
        #expect(max(swings[0], swings[1]) >= max(swings[2], swings[3]), "the widest first")
        let latency = try #require(sensitivity.tornados.first { $0.figure == "ttft_p99_ms" })
        let prices = latency.bars.filter { $0.axis.factor == .prices }
        #expect(prices.allSatisfy { $0.difference == Estimate(mean: 0, half: 0) && $0.isBeyondChance == false })
    }

    @Test func oneReplicationIsNoEvidence() throws {
        let sweep = try sweep(
            "sweep: {sensitivity: {rate: 20 %}}", overrides: ScenarioOverrides(replications: 1))
        let sensitivity = Sensitivity(SweepTable(sweep, outcomes: try outcomes(of: sweep)))
        #expect(!sensitivity.tornados.isEmpty)
        #expect(sensitivity.tornados.flatMap(\.bars).allSatisfy { $0.isBeyondChance == nil })
    }

    @Test func gridsHaveNoTornado() throws {
        let sweep = try sweep(vary: ["seed=1,2"])
        #expect(Sensitivity(SweepTable(sweep, outcomes: try outcomes(of: sweep))).tornados.isEmpty)
    }

    /// The error of a device with kernel tables is known; that of an engine set by hand is not.
    @Test func statedErrorsAreFound() throws {
        let resolved = try scenario(scenarioText()).resolved()
        let error = try #require(resolved.largestStepTimeError)
        #expect(error > 0.005 && error < 0.5)
        let stated = try #require(resolved.strategies[0].fleet.pools[0].stepCost as? TransformerStepCost).provenance
            .compactMap(\.relativeError)
        #expect((stated.min() ?? 1) <= error && error <= (stated.max() ?? 0), "a mean of the parts")
    }
}

import Pricing
import Primitives
import Testing

@testable import SimulationCore

@Suite struct SupplyFactsTests {
    // MARK: Spot

    @Test(arguments: [(SpotTightness.scarce, 0.425), (.typical, 0.642), (.ample, 0.887)])
    func availabilityIsThatOfTheTraces(tightness: SpotTightness, share: Double) {
        let fact = SupplyFacts.spot(provider: "aws", accelerators: 1, tightness: tightness)
        #expect(abs(fact.value.availability - share) < 0.001)
        #expect(fact.value.sizePenalty == 1)
        #expect(fact.confidence == .measured)
        #expect(fact.source.contains("2023-02-15"))
        #expect(fact.source.contains("no licence"))
    }

    @Test func largerMachinesAreHarderToHold() {
        let penalties = [1, 2, 4, 8, 16].map {
            SupplyFacts.spot(provider: "aws", accelerators: $0).value.sizePenalty
        }
        #expect(penalties[0] == 1)
        #expect(penalties == penalties.sorted())
        #expect(abs(penalties[3] - 3.17) < 1e-9)
        #expect(penalties[4] == penalties[3])
        // One third of the way from 1 to 8, as powers go.
        #expect(abs(penalties[1] - 1.469) < 0.001)
        #expect(SupplyFacts.spot(provider: "aws", accelerators: 8).confidence == .derived)
    }

    @Test func whatIsNotKnownIsCalledAssumed() {
        #expect(SupplyFacts.spot(provider: "gcp", accelerators: 1).confidence == .assumed)
        #expect(SupplyFacts.spot(provider: "gcp", accelerators: 1).source.hasPrefix("as on AWS"))
        #expect(SupplyFacts.spot(provider: "aws", accelerators: 0).source.contains("r5.16xlarge"))
    }

    @Test func noticesAreTheProviders() {
        let notices = ["aws": 120, "gcp": 30, "azure": 30, "runpod": 5, "vast": 0, "mithril": 300, "acme": 0]
        for (provider, seconds) in notices {
            #expect(SupplyFacts.notice(provider: provider).value == .seconds(Int64(seconds)))
        }
        #expect(SupplyFacts.notice(provider: "runpod").confidence == .assumed)
        #expect(SupplyFacts.notice(provider: "acme").confidence == .assumed)
    }

    /// The zone that the fit makes has the medians and means of the traces: the parts of regional shocks and sizes
    /// together give back what was measured. Two hundred thousand runs, in hundredths of the time.
    @Test(arguments: SpotTightness.allCases) func theFitsGiveBackTheRuns(tightness: SpotTightness) {
        var process = SupplyFacts.spot(provider: "aws", accelerators: 1, tightness: tightness).value
        for path in [
            \AvailabilityProcess.upMean, \AvailabilityProcess.upMedian, \AvailabilityProcess.downMean,
            \AvailabilityProcess.downMedian,
        ] { process[keyPath: path].nanoseconds /= 100 }
        var zone = ZoneAvailability(process, region: "r", zone: "z", key: RandomKey(seed: 17))
        var runs: [Bool: [Double]] = [:]
        var start = zone.end
        zone.advance(to: start)
        for _ in 0..<400_000 {
            runs[zone.isUp, default: []].append(Double(zone.end - start) / 1e9)
            start = zone.end
            zone.advance(to: start)
        }
        for (isUp, median, mean) in [
            (true, process.upMedian, process.upMean), (false, process.downMedian, process.downMean),
        ] {
            let lengths = runs[isUp] ?? []
            #expect(lengths.sampleMedian.error(to: median.seconds) < 0.02)
            // The heaviest tail has a coefficient of variation of 6.7: four standard errors are 6 %.
            #expect(lengths.sampleMean.error(to: mean.seconds) < 0.06)
        }
    }

    // MARK: The advisor

    /// −ln(.8) ÷ 730 = 3.06e-4 and −ln(.975) ÷ 730 = 3.47e-5 per hour.
    @Test func bandsBecomeHazards() {
        #expect(SupplyFacts.AdvisorBand.over20.reclaimsPerHour.error(to: 3.0567e-4) < 1e-3)
        #expect(SupplyFacts.AdvisorBand.under5.reclaimsPerHour.error(to: 3.468e-5) < 1e-3)
        let hazards = SupplyFacts.AdvisorBand.allCases.map(\.reclaimsPerHour)
        #expect(hazards == hazards.sorted())
        #expect(SupplyFacts.AdvisorBand(rawValue: "10-15%") == .from10)
    }

    /// All 18 type-regions of p3 are over 20 %; of 4 of p4de three are under 5 % and one is 15 to 20 %.
    @Test func familiesHaveTheMeanOfTheirBands() throws {
        let p3 = try #require(SupplyFacts.advisorReclaimsPerHour(instanceType: "p3.2xlarge"))
        #expect(p3.value == SupplyFacts.AdvisorBand.over20.reclaimsPerHour)
        let p4de = try #require(SupplyFacts.advisorReclaimsPerHour(instanceType: "p4de.24xlarge"))
        #expect(p4de.value.error(to: (3 * 3.468e-5 + 2.6353e-4) / 4) < 1e-3)
        #expect(SupplyFacts.advisorReclaimsPerHour(instanceType: "x1.big") == nil)
        #expect(SupplyFacts.advisorReclaimsPerHour(instanceType: "p4") == nil)
    }

    // MARK: Markets

    @Test func everyAcceleratorOfTheMarketHasAPopulation() throws {
        for spread in MarketFacts.hostSpreads {
            for count in [1, 2, 4, 8] {
                let fact = try #require(SupplyFacts.market(accelerator: spread.accelerator, count: count))
                #expect(fact.population.meanOffers > 0)
                #expect(fact.population.priceSigma == spread.logSigma)
                #expect(fact.population.bidShare > 0 && fact.population.bidShare < 1)
                #expect(fact.offersPerDay == fact.offersPerDay.sorted())
                #expect(fact.notes.allSatisfy { !$0.source.isEmpty && !$0.value.isEmpty })
            }
        }
        #expect(SupplyFacts.market(accelerator: "H100-PCIe") == nil)
    }

    @Test func machinesOfSeveralAcceleratorsAreFewerAndDearer() throws {
        let one = try #require(SupplyFacts.market(accelerator: "RTX-4090")?.population)
        let four = try #require(SupplyFacts.market(accelerator: "RTX-4090", count: 4)?.population)
        let six = try #require(SupplyFacts.market(accelerator: "RTX-4090", count: 6)?.population)
        #expect(one.meanOffers == 28.8)
        #expect(four.meanOffers == 7.9)
        #expect(six.meanOffers == 7.9)
        #expect(one.medianPerHour == Money(dollars: 0.801))
        #expect(four.medianPerHour == Money(dollars: 3.204))
    }

    /// The fit of the stay: share of stays that last one, two, three days more, against the correlations of the daily
    /// numbers of offers.
    @Test func theStayGivesBackTheCorrelationOfOffers() {
        let mean = SupplyFacts.freeStay.value.seconds / 86_400
        let sigma = SupplyFacts.freeStaySigma
        let stay = Distribution.logNormal(mu: Mathematics.log(mean) - sigma * sigma / 2, sigma: sigma)
        var generator = RandomKey(seed: 2).generator()
        let residuals = (0..<200_000).map { _ in stay.sampleResidual(using: &generator) }
        for (days, correlation) in [(1.0, 0.58), (2, 0.33), (3, 0.175)] {
            #expect(abs(residuals.share(above: days) - correlation) < 0.016, "\(residuals.share(above: days))")
        }
    }

    @Test func launchesAreBoundedByTheLog() {
        #expect(SupplyFacts.marketLaunchSuccess.value > 1 - 240.0 / 571)
        #expect(SupplyFacts.marketLaunchSuccess.confidence == .assumed)
    }

    // MARK: Reliability

    /// Up ÷ (up + repair) is the stated share.
    @Test(arguments: [(HostTier.hyperscale, 0.999), (.dataCentre, 0.997), (.community, 0.99)])
    func reliabilityIsTheShareOfTimeUp(tier: HostTier, uptime: Double) throws {
        let fact = SupplyFacts.reliability(tier)
        let up = try #require(fact.value.meanTimeToFailure).seconds
        #expect(abs(up / (up + fact.value.meanRepair.seconds) - uptime) < 1e-6)
        #expect(fact.confidence == .assumed)
    }
}

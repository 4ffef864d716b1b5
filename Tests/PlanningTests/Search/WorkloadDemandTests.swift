import Primitives
import SimulationCore
import Testing
import Workloads

@testable import Planning

/// Sums over requests, and the parts of a run that bring the most.
@Suite struct WorkloadDemandTests {
    private static func source(_ workload: String) throws -> any RequestSource {
        let text = strategiesText(workload: workload, ["name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]"])
        return try scenario(text).resolved().workload.makeSource(seed: 1)
    }

    @Test func sumsAreThoseOfTheRequests() throws {
        let demand = try WorkloadDemand(Self.source(constant(rate: "2 /s", input: 100, output: 5, requests: 10)))
        #expect(demand.requests == 10 && demand.offered == [10])
        #expect(demand.promptTokens == 1_000)
        #expect(demand.decodeTokens == 40)
        // Each: 101 + 102 + 103 + 104.
        #expect(demand.contextTokens == 4_100)
        #expect(demand.longestOutput == 5)
        #expect(abs(demand.span.seconds - 4.5) < 1e-6)
        #expect(!demand.sharesPrefixes)
    }

    @Test func everyRequestIsShown() throws {
        var seen: [UInt64] = []
        _ = try WorkloadDemand(Self.source(constant(requests: 30))) { seen.append($0.id) }
        #expect(seen == Array(0..<30))
    }

    @Test func oneTokenAnswersDecodeNothing() throws {
        let demand = try WorkloadDemand(Self.source(constant(output: 1, requests: 7)))
        #expect(demand.decodeTokens == 0 && demand.contextTokens == 0)
    }

    @Test func theBusiestPartIsWhereTheSurgeIs() throws {
        let surge =
            "{synthetic: {arrivals: {spike: {base: 1 /s, peak: 20 /s, start: 40 min, duration: 3 min}}, "
            + "lengths: {input: 100, output: 10}, duration: 90 min}}"
        let demand = try WorkloadDemand(Self.source(surge))
        let part = try #require(demand.busiest(share: 0.05))
        #expect(part.from >= .start + .seconds(37 * 60) && part.to <= .start + .seconds(46 * 60))
        #expect((part.to - part.from).seconds >= 260)
    }

    @Test func aShortRunHasNoParts() throws {
        #expect(try WorkloadDemand(Self.source(constant(requests: 60))).busiest(share: 0.05) == nil)
    }

    @Test func aSliceIsTheRequestsOfItsTime() throws {
        let text = strategiesText(
            workload: constant(rate: "1 /s", requests: 100), ["name: a, pools: [{offer: aws/g6e.xlarge/us-east-1}]"])
        let workload = try scenario(text).resolved().workload
        let (from, to) = (SimulatedTime.start + .seconds(20), SimulatedTime.start + .seconds(30))
        let part = try WorkloadDemand(workload.sliced(from: from, to: to).makeSource(seed: 1))
        #expect(part.requests == 10)
        #expect(part.firstArrival < .start + .seconds(1) && part.lastArrival < .start + .seconds(10))
    }
}

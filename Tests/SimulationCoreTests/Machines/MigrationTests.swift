import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Keys and values that move within a notice: 100 bytes per token at 1,000 bytes a second, from 5.5 s on.
@Suite struct MigrationTests {
    private static let fate = InFlightFate.migrated(bytesPerSecond: 1_000)

    /// A pool of one that is announced to be lost, and before which everybody goes to it; and one that stays, elsewhere.
    private func fleet(notice: Double, sequences: Int = 4, other region: String = "s") -> PaperFleet {
        var first = PaperFleet.pool(.always(1, every: 1_000), 1, initial: 1, sequences: sequences)
        first.place = PoolPlace(region: "r", zones: ["a"])
        first.supply = .capacity(
            CapacitySupply(availability: .up([5.5]), notice: SimulatedDuration(seconds: notice)))
        (first.fate, first.kvBytesPerToken) = (Self.fate, 100)
        var second = PaperFleet.pool(sequences: sequences)
        second.place = PoolPlace(region: region, zones: ["z"])
        var fleet = PaperFleet(first, second)
        fleet.users = [UserRegion(name: "east", route: Route(tiers: [[0], [1]]))]
        return fleet
    }

    /// 13 tokens take 1.3 s. The other replica has four tokens at 6.8 s and makes the fifth at 7.8 s, the ninth at 11.8 s.
    @Test func nothingIsComputedTwice() throws {
        let run = try PaperFleet(PaperFleet.twoZones(Self.fate, notice: 4)).run([.paper(0, output: 9)])
        #expect(run.e2e == [11.8] && run[0].ttft.seconds == 2 && run[0].replica == 1)
        #expect(run.parts(0) == [0, 0, 1.3, 0, 2, 8.5])
        #expect(run.record.lostTokens == 1 && run.record.recomputedTokens == 0)
        #expect(run.attempts == [2] && run.record.retries == 1)
        #expect(run.lives(0) == ["0.0–6.8 interrupted"], "needed until all is away")
        #expect(run.states(0) == [[.busy: 5.5, .draining: 1.3]])
        #expect(run.bytes(.interZone) == 1_300 && run.bytes(.interRegion) == 0)
        #expect(run.rentals(0)[0].traffic[.interZone] == 1_300, "the sender's")
    }

    /// The notice of 1.3 s is just long enough; a nanosecond less, and all is computed again.
    @Test func theNoticeIsMetAtItsEdge() throws {
        let met = try PaperFleet(PaperFleet.twoZones(Self.fate, notice: 1.3)).run([.paper(0, output: 9)])
        #expect(met.e2e == [11.8])
        let missed = try PaperFleet(PaperFleet.twoZones(Self.fate, notice: 1.299999999)).run([.paper(0, output: 9)])
        #expect(missed.e2e == [11.9] && missed.record.recomputedTokens == 13)
        #expect(missed.bytes(.interZone) == 0 && missed.lives(0) == ["0.0–5.5 interrupted"])
    }

    @Test(arguments: [("s", 1_300, 0), ("r", 0, 1_300)] as [(String, Int64, Int64)])
    func bytesCountByWhatTheyCross(region: String, abroad: Int64, across: Int64) throws {
        let run = try fleet(notice: 4, other: region).run([.paper(0, output: 9)])
        #expect(run.e2e == [11.8])
        #expect(run.bytes(.interRegion) == abroad && run.bytes(.interZone) == across)
    }

    /// Two prompts in one step of 3 s; three tokens each at 5.5 s, 12 in the cache. The first is away at 6.7 s, the second
    /// would be at 7.9 s, beyond the notice: 13 tokens are computed again at once, until 7.8 s. Then both go on.
    @Test func oneAfterTheOtherAsFarAsItReaches() throws {
        let run = try fleet(notice: 2).run([.paper(0, output: 6), .paper(1, output: 6)])
        #expect(run.e2e == [10.8, 9.8])
        #expect(run.parts(0) == [0, 0, 1.2, 1.1, 3, 5.5])
        #expect(run.parts(1) == [0, 0, 0, 0, 3, 6.8])
        #expect(run.record.lostTokens == 2 && run.record.recomputedTokens == 12)
        #expect(run.lives(0) == ["0.0–6.7 interrupted"] && run.bytes(.interRegion) == 1_200)
    }

    /// What only waits goes at once, and carries nothing.
    @Test func waitingRequestsGoAtOnce() throws {
        let run = try fleet(notice: 4, sequences: 1).run([.paper(0, output: 5), .paper(1)])
        #expect(run.e2e == [8.5, 7.5] && run[1].replica == 1)
        #expect(run.parts(1) == [0, 0, 5.5, 0, 2, 0])
        #expect(run.parts(0) == [0, 0, 1.3, 0.7, 2, 4.5])
        #expect(run.bytes(.interRegion) == 1_300 && run.record.retries == 2)
    }

    /// A prompt of 40 in chunks of 10, 2 s each: at 5.5 s 20 tokens are in the cache and 10 under way. The 20 arrive at
    /// 7.5 s, and two more chunks make the first token at 11.5 s.
    @Test func aPromptMovesAsFarAsItIs() throws {
        var fleet = fleet(notice: 4)
        for pool in 0...1 { fleet.pools[pool].engine.maxBatchedTokens = 10 }
        let run = try fleet.run([Request(0, input: 40, output: 1)])
        #expect(run.e2e == [11.5] && run[0].ttft.seconds == 11.5)
        #expect(run.parts(0) == [0, 0, 7.5, 0, 4, 0])
        #expect(run.record.lostTokens == 10 && run.record.recomputedTokens == 0)
        #expect(run.bytes(.interRegion) == 2_000)
    }

    /// Away at 6.8 s, when nobody serves: held until 35 s, and decoded on from there. The bytes have been sent.
    @Test func whatWasSentIsPaidForWhereverItWaits() throws {
        var fleet = fleet(notice: 4)
        let place = fleet.pools[1].place
        fleet.pools[1] = PaperFleet.pool(.always(1), 1, initial: 0)
        fleet.pools[1].place = place
        let run = try fleet.run([.paper(0, output: 9)])
        #expect(run.e2e == [40])
        #expect(run.parts(0) == [0, 28.2, 1.3, 0, 2, 8.5])
        #expect(run.bytes(.interRegion) == 1_300)
    }
}

import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Machines that are stopped by their supplier and come back on their disk: 18 s of loading, for the image is there.
@Suite struct PauseTests {
    private func pool(_ policy: AutoscalerPolicy, _ replicas: Int, _ zones: [Double]...) -> PoolConfiguration {
        var pool = PaperFleet.pool(policy, replicas, initial: 1)
        pool.place = PoolPlace(region: "r", zones: ["a", "b"])
        let availability = Availability.replay(zones.map { .changing($0) })
        pool.supply = .capacity(CapacitySupply(availability: availability, keepsDisk: true))
        pool.fate = .resumed
        return pool
    }

    /// Nine tokens are made when the machine is paused at 10 s. It comes back at 20 s, serves from 38 s, computes 19
    /// tokens in 2.9 s, which makes the tenth, and four more.
    @Test func aPauseIsARentalOfItsOwn() throws {
        let run = try PaperFleet(pool(.always(1, every: 1_000), 1, [10, 20])).run([.paper(0, output: 14)])
        #expect(run.e2e == [44.9] && run.parts(0) == [0, 28, 0, 0, 2, 14.9])
        #expect(run.lives(0) == ["0.0–10.0 interrupted", "10.0–20.0 released", "20.0–44.9 end of run"])
        #expect(run.states(0) == [[.busy: 10], [.paused: 10], [.loading: 18, .busy: 6.9]])
        #expect(run.rentals(0).map(\.resumes) == [false, true, true])
        #expect(run.incidents == ["reclaimed 10.0 ×1", "resumed 20.0 ×1"])
        #expect(run.record.lostTokens == 1 && run.record.interruptions == 1)
        let start = try #require(run.record.starts.first)
        #expect(start.cached && start.at.seconds == 20 && start.stages.total.seconds == 18)
        #expect(run.total(\.heldTime) == 10)
    }

    /// A paused machine is missed: another starts in zone b. When the first is back, one is too many, and the one that
    /// would serve last goes: it, with 15 s to go, not the other with 10 s.
    @Test func aPausedMachineIsReplaced() throws {
        let run = try PaperFleet(pool(.always(1, every: 5), 2, [10, 22], [])).run([.paper(0), .paper(1, at: 60)])
        #expect(run.lives(0) == ["0.0–10.0 interrupted", "10.0–22.0 released", "22.0–25.0 released"])
        #expect(run.lives(1) == ["10.0–62.0 end of run"])
        #expect(run.states(0) == [[.busy: 2, .idle: 8], [.paused: 12], [.loading: 3]])
        #expect(run[1].replica == 1)
    }

    /// An outage ends a pause: the disk is gone too, and the machine does not come back when its zone is up again.
    @Test func anOutageEndsAPause() throws {
        var fleet = PaperFleet(pool(.always(1, every: 1_000), 1, [10, 20]))
        fleet.outages = [
            Outage(places: ["a"], from: .start + .seconds(15), until: .start + .seconds(17))
        ]
        fleet.clients = [ClientPolicy(deadline: .seconds(30))]
        let run = try fleet.run([.paper(0, at: 12)])
        #expect(run.lives(0) == ["0.0–10.0 interrupted", "10.0–15.0 failed"])
        #expect(run.failures == [.timedOut] && run.record.end.seconds == 42 && run.attempts == [0])
        #expect(run.record.interruptions == 2)
    }

    /// Bids that are beaten by renters on demand only: rentals and pauses take turns on the same host.
    @Test func outbidMachinesPauseInTurn() throws {
        var pauses = 0
        for seed in 1...20 as ClosedRange<UInt64> {
            let population = HostPopulation(
                meanOffers: 3, meanStay: .hours(100), staySigma: 0.5, medianPerHour: Money(dollars: 0.5),
                priceSigma: 0.1, bidSigma: 0, takeoversPerHour: 60, takeoverMean: .seconds(30))
            var pool = PaperFleet.pool(.always(1), 1, initial: 1)
            pool.supply = .hosts(
                HostSupply(population: .fitted(population), bid: Money(dollars: 1), patience: nil))
            var other = PaperFleet.pool()
            other.offer = "other"
            let run = try PaperFleet(pool, other).run([.paper(0), .paper(1, at: 900)], seed: seed)
            let rentals = run.rentals(0)
            for (before, pause) in zip(rentals, rentals.dropFirst()) where pause[.paused] > .zero {
                #expect(pause.resumes && pause[.paused] == pause.duration, "seed \(seed)")
                #expect(before.ending == .outbid && before.end == pause.start && before[.paused] == .zero)
                #expect(before.host == pause.host && pause.host?.perHour == Money(dollars: 1))
                pauses += 1
            }
            for (pause, after) in zip(rentals, rentals.dropFirst()) where pause[.paused] > .zero {
                #expect(after.resumes && after.start == pause.end && after.host == pause.host, "seed \(seed)")
            }
        }
        #expect(pauses > 20)
    }
}

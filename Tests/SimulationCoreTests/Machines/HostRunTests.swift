import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Machines of single hosts, each with its own speed, line and stay.
@Suite struct HostRunTests {
    private func pool(
        _ hosts: [HostListing], _ policy: AutoscalerPolicy = .always(1), replicas: Int = 1
    ) -> PoolConfiguration {
        var pool = PaperFleet.pool(policy, replicas, initial: 1)
        pool.supply = .hosts(HostSupply(population: .listed(hosts), launchTimeout: .seconds(10)))
        return pool
    }

    private func host(_ cents: Int, leaves: Double? = nil, longest: Double? = nil) -> HostListing {
        var host = HostListing(name: "", perHour: Money(dollars: Double(cents) / 100))
        if let leaves { host.leaves = .start + SimulatedDuration(seconds: leaves) }
        host.maximumDuration = longest.map { SimulatedDuration(seconds: $0) }
        return host
    }

    /// The cheaper host leaves at 50 s; the other is rented at the look of that instant and serves from 75 s.
    @Test func aHostThatLeavesIsReplaced() throws {
        let run = try PaperFleet(pool([host(20), host(10, leaves: 50)])).run([.paper(0), .paper(1, at: 60)])
        #expect(run.lives(0) == ["0.0–50.0 host left", "50.0–77.0 end of run"])
        #expect(run.rentals(0).map { $0.host?.host } == [1, 0])
        #expect(run.rentals(0).map { $0.host?.perHour } == [Money(dollars: 0.1), Money(dollars: 0.2)])
        #expect(run.incidents == ["hostLeft 50.0 ×1"] && run.record.interruptions == 1)
        #expect(run.parts(1) == [0, 15, 0, 0, 2, 0])
    }

    /// What runs on a host that leaves meets the pool's fate, without notice.
    @Test func aHostThatLeavesTakesItsRequests() throws {
        let run = try PaperFleet(pool([host(10, leaves: 50)])).run([.paper(0, at: 45, output: 9)])
        #expect(run.failures == [.replicaLost] && run.record.end.seconds == 50 && run.record.lostTokens == 14)
    }

    /// A rental of at most 30 s: the same host is rented again, at once.
    @Test func aRentalExpires() throws {
        let run = try PaperFleet(pool([host(10, longest: 30)])).run([.paper(0), .paper(1, at: 57)])
        #expect(run.lives(0) == ["0.0–30.0 expired", "30.0–59.0 end of run"])
        #expect(run.rentals(0).map { $0.host?.host } == [0, 0] && run.rentals(0).map(\.resumes) == [false, false])
        #expect(run.incidents == ["expired 30.0 ×1"])
    }

    /// Half the speed: 4 s for the prompt, 2 s for each token.
    @Test func aSlowHostTakesLonger() throws {
        var slow = host(10)
        slow.speed = 0.5
        let run = try PaperFleet(pool([slow])).run([.paper(0, output: 3)])
        #expect(run.e2e == [8] && run.parts(0) == [0, 0, 0, 0, 4, 4])
    }

    /// Image and weights of 1,000 and 2,000 bytes at 100 bytes a second: 10 and 20 s, where the pool says 4 and 5.
    @Test func aSlowLineLengthensAStart() throws {
        var slow = host(10)
        slow.bytesPerSecond = 100
        var pool = pool([slow, slow], .plan([0: 1, 20: 2]), replicas: 2)
        pool.scaling?.downloads = StartupDownloads(image: 1_000, weights: 2_000)
        let run = try PaperFleet(pool).run([.paper(0), .paper(1, at: 70)])
        let start = try #require(run.record.starts.first)
        #expect(start.stages.imagePull.seconds == 10 && start.stages.weightLoad.seconds == 20)
        #expect(run.states(1) == [[.provisioning: 3, .loading: 43, .idle: 6]])
        #expect(run.rentals(1)[0].traffic[.ingress] == 3_000)
        #expect(run.rentals(0)[0].traffic[.ingress] == 2 * 10 * 5, "what served from the start has downloaded nothing")
        #expect(run.rentals(0)[0].traffic[.internet] == 2 * 35)
    }

    /// A fast line is no faster than the pool's stages.
    @Test func aFastLineShortensNothing() throws {
        var pool = pool([host(10), host(10)], .plan([0: 1, 20: 2]), replicas: 2)
        pool.scaling?.downloads = StartupDownloads(image: 1_000, weights: 2_000)
        let run = try PaperFleet(pool).run([.paper(0), .paper(1, at: 70)])
        #expect(run.record.starts.map(\.stages) == [PaperFleet.startup])
    }

    /// A market without another host refuses; who waits is told when nobody will come.
    @Test func anEmptyMarketServesNobody() throws {
        let run = try PaperFleet(pool([host(10, leaves: 50)])).run([.paper(0), .paper(1, at: 61)])
        #expect(run.lives(0) == ["0.0–50.0 host left"])
        #expect(run.failures == [nil, .noReplica] && run.attempts == [1, 0])
        #expect(run.record.end.seconds == 70, "the first look after its arrival at which nothing is to come")
    }
}

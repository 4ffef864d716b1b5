import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Starts: 3 s to provision, then 4, 5, 6 and 7 s of loading.
@Suite struct StartTests {
    /// Asked for at 20 s, serving from 45 s, given back idle at 100 s.
    @Test func aLifeInStages() throws {
        let run = try PaperFleet(PaperFleet.pool(.plan([0: 1, 20: 2, 100: 1]), 2, initial: 1))
            .run([.paper(0), .paper(1, at: 130)])
        #expect(run.lives(0) == ["0.0–132.0 end of run"] && run.states(0) == [[.busy: 4, .idle: 128]])
        #expect(run.lives(1) == ["20.0–100.0 released"])
        #expect(run.states(1) == [[.provisioning: 3, .loading: 22, .idle: 55]])
        let start = try #require(run.record.starts.first)
        #expect(run.record.starts.count == 1 && start.replica == 1 && start.at.seconds == 20)
        #expect(start.stages == PaperFleet.startup && start.succeeded && !start.cached)
        #expect(run.record.coldStarts == 1 && run.record.flaps == 1 && run.record.interruptions == 0)
        #expect(run.total(\.provisioningTime) == 3 && run.total(\.loadingTime) == 22)
        #expect(run.total(\.servingTime) == 132 + 55 && run.total(\.drainingTime) == 0)
        #expect(run.total(\.heldTime) == 0)
    }

    /// Asked for at 10 s: held for 35 s, 0.5 s away. Followed or not, the parts are the same.
    @Test(arguments: [[], [ClientPolicy(deadline: .hours(1))]])
    func theFirstRequestIsHeld(clients: [ClientPolicy]) throws {
        var fleet = PaperFleet(PaperFleet.pool(.always(1), 1, initial: 0, delay: 0.5))
        fleet.clients = clients
        let run = try fleet.run([.paper(0, output: 3), .paper(1, at: 34)])
        #expect(run.e2e[0] == 41)
        #expect(run.parts(0) == [1, 35, 0, 0, 3, 2], "two prompts in the first step")
        #expect(run.parts(1) == [1, 1, 0, 0, 3, 0])
        #expect(run.attempts == [1, 1] && run.record.retries == 0)
        #expect(run.states(0) == [[.provisioning: 3, .loading: 22, .busy: 5, .idle: 1]])
    }

    /// Given up in its third stage.
    @Test func aStartIsGivenUp() throws {
        let run = try PaperFleet(PaperFleet.pool(.plan([0: 1, 20: 2, 30: 1]), 2, initial: 1))
            .run([.paper(0), .paper(1, at: 60)])
        #expect(run.lives(1) == ["20.0–30.0 released"] && run.states(1) == [[.provisioning: 3, .loading: 7]])
        let start = try #require(run.record.starts.first)
        #expect(!start.succeeded)
        #expect(
            start.stages
                == StartupStages(provision: .seconds(3), imagePull: .seconds(4), weightLoad: .seconds(3)))
    }

    /// A pool whose machines never come up, beside one that serves: given up after 10 s and tried every 20 s.
    @Test func launchesFailAfterTheirTimeOut() throws {
        var pool = PaperFleet.pool(.always(1, every: 20), 1, initial: 1)
        pool.supply = .capacity(CapacitySupply(launchSuccess: 0, launchTimeout: .seconds(10)))
        let run = try PaperFleet(PaperFleet.pool(), pool).run([.paper(0), .paper(1, at: 50)])
        #expect(
            run.lives(1) == ["0.0–10.0 launch failed", "20.0–30.0 launch failed", "40.0–50.0 launch failed"])
        #expect(run.states(1) == Array(repeating: [.provisioning: 3, .loading: 7], count: 3))
        #expect(run.incidents == ["launchFailed 10.0 ×1", "launchFailed 30.0 ×1", "launchFailed 50.0 ×1"])
        #expect(run.record.starts.map(\.succeeded) == [false, false, false])
        #expect(run.outcomes.map(\.replica) == [0, 0] && run.record.interruptions == 0)
    }

    /// Started at 10 s in a zone that goes down from 15 to 40 s: a machine that does not serve yet is lost at once,
    /// whatever the notice. At 20 s it is refused; the poll of every 60 s that finds the zone up is at 80 s.
    @Test(arguments: [0.0, 4])
    func aStartIsReclaimed(notice: Double) throws {
        var pool = PaperFleet.pool(.always(1), 1, initial: 0)
        pool.supply = .capacity(
            CapacitySupply(availability: .up([15, 40]), notice: SimulatedDuration(seconds: notice)))
        let run = try PaperFleet(pool).run([.paper(0)])
        #expect(run.parts(0) == [0, 105, 0, 0, 2, 0])
        #expect(run.lives(0) == ["10.0–15.0 interrupted", "80.0–107.0 end of run"])
        #expect(run.states(0) == [[.provisioning: 3, .loading: 2], [.provisioning: 3, .loading: 22, .busy: 2]])
        #expect(run.incidents == ["reclaimed 15.0 ×1", "refused 20.0 ×1"])
        #expect(run.record.starts.map(\.succeeded) == [false, true])
    }

    /// Zone a is down until 100 s: the machine there is refused, and the one in zone b started in the same breath.
    @Test func aRefusalInOneZoneGoesToTheNext() throws {
        var pool = PaperFleet.pool(.always(1), 2, initial: 0)
        pool.place = PoolPlace(region: "r", zones: ["a", "b"])
        pool.supply = .capacity(
            CapacitySupply(availability: .replay([.changing([100], startsUp: false), .changing([])])))
        let run = try PaperFleet(pool).run([.paper(0), .paper(1, at: 58)])
        #expect(run.incidents == ["refused 10.0 ×1"])
        #expect(run.lives(0) == [] && run.lives(1) == ["10.0–60.0 end of run"])
        #expect(run.e2e == [37, 2])
    }

    /// One of two is to be had; the other is asked for each minute.
    @Test func depthBoundsWhatIsHeld() throws {
        var pool = PaperFleet.pool(.always(2), 2, initial: 2)
        pool.supply = .capacity(CapacitySupply(depth: 1))
        let run = try PaperFleet(pool).run([.paper(0), .paper(1, at: 128)])
        #expect(run.lives(0) == ["0.0–130.0 end of run"] && run.lives(1) == [])
        #expect(run.incidents == ["refused 60.0 ×1", "refused 120.0 ×1"])
    }

    /// Two starts pending are given up latest first.
    @Test func theLatestStartIsGivenUpFirst() throws {
        let run = try PaperFleet(PaperFleet.pool(.plan([0: 1, 20: 2, 30: 3, 40: 2]), 3, initial: 1))
            .run([.paper(0), .paper(1, at: 60)])
        #expect(run.lives(1) == ["20.0–62.0 end of run"] && run.lives(2) == ["30.0–40.0 released"])
    }
}

import Pricing
import Primitives
import SimulationCore
import Testing
import Workloads

/// Machines held back for a start of 8 s.
@Suite struct KeptMachineTests {
    private func pool(
        _ mode: KeptMachines.Mode, _ policy: AutoscalerPolicy, _ replicas: Int, initial: Int
    ) -> PoolConfiguration {
        var pool = PaperFleet.pool(policy, replicas, initial: initial)
        let startup = StartupStages(provision: .zero, weightLoad: .seconds(8))
        pool.scaling?.kept = KeptMachines(mode: mode, limit: 1, startup: startup)
        return pool
    }

    /// Kept from the start, asked for at 20 s, kept again from 100 s on; paid for by what it is kept as.
    @Test(arguments: [(KeptMachines.Mode.stopped, InstanceState.stopped), (.warm, .idle)])
    func aKeptMachineStartsFaster(mode: KeptMachines.Mode, state: InstanceState) throws {
        let run = try PaperFleet(pool(mode, .plan([0: 1, 20: 2, 100: 1]), 2, initial: 1))
            .run([.paper(0), .paper(1, at: 130)])
        #expect(run.lives(1) == ["0.0–20.0 released", "20.0–100.0 released", "100.0–132.0 end of run"])
        #expect(run.states(1) == [[state: 20], [.loading: 8, .idle: 72], [state: 32]])
        #expect(run.rentals(1).map(\.resumes) == [false, true, true])
        let start = try #require(run.record.starts.first)
        #expect(start.cached && start.succeeded && start.stages.total.seconds == 8 && start.at.seconds == 20)
        #expect(run.record.coldStarts == 1 && run.total(\.heldTime) == 52 && run.total(\.loadingTime) == 8)
    }

    /// It serves 8 s after it is asked for.
    @Test func aKeptMachineServes() throws {
        let run = try PaperFleet(pool(.stopped, .always(1), 1, initial: 0)).run([.paper(0)])
        #expect(run.parts(0) == [0, 18, 0, 0, 2, 0])
        #expect(run.states(0) == [[.stopped: 10], [.loading: 8, .busy: 2]])
    }

    /// Of two that are not needed one is kept: the first to go.
    @Test func whatIsBeyondTheLimitIsGivenBack() throws {
        let run = try PaperFleet(pool(.stopped, .plan([0: 3, 20: 1]), 3, initial: 3))
            .run([.paper(0), .paper(1, at: 60)])
        #expect(run.lives(2) == ["0.0–20.0 released", "20.0–62.0 end of run"])
        #expect(run.lives(1) == ["0.0–20.0 released"])
        #expect(run.states(2) == [[.idle: 20], [.stopped: 42]])
    }

    /// Its supplier takes it like any other, at once, for there is nothing to finish; what starts then is a new machine.
    @Test func aKeptMachineIsReclaimed() throws {
        var pool = pool(.warm, .plan([0: 1, 60: 2]), 2, initial: 1)
        pool.place = PoolPlace(region: "r", zones: ["a", "b"])
        pool.supply = .capacity(CapacitySupply(availability: .up([], [50, 55]), notice: .seconds(4)))
        let run = try PaperFleet(pool).run([.paper(0), .paper(1, at: 90)])
        #expect(run.lives(1) == ["0.0–50.0 interrupted", "60.0–92.0 end of run"])
        #expect(run.states(1) == [[.idle: 50], [.provisioning: 3, .loading: 22, .idle: 7]])
        #expect(run.record.interruptions == 1 && run.incidents == ["reclaimed 50.0 ×1"])
        #expect(run.record.starts.map(\.cached) == [false])
    }
}

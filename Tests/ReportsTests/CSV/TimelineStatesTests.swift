import Planning
import Pricing
import Primitives
import SimulationCore
import Testing

@testable import Reports

/// Where the ledger's totals per state are laid on the timeline.
@Suite struct TimelineStatesTests {
    /// One machine from 5 s to 45 s: 5 s provisioning, 5 loading, 12 busy, 8 idle, 4 stopped, 3 paused, 3 draining;
    /// five bins of 10 s.
    private static let samples: [TimelineSample] = {
        var run = TimelineCSVTests.run()
        run.record.end = SimulatedTime(nanoseconds: 50_000_000_000)
        run.record.timeline = Timeline(
            width: .seconds(10),
            bins: [0, 3, 7, 2, 0].map { seconds in
                var bin = TimelineBin()
                bin.busyTime = Int128(seconds) * 1_000_000_000
                return bin
            })
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        let seconds: [(InstanceState, Int64)] = [
            (.provisioning, 5), (.loading, 5), (.busy, 12), (.idle, 8), (.stopped, 4), (.paused, 3), (.draining, 3),
        ]
        for (state, count) in seconds { states[Int(state.rawValue)] = count * 1_000_000_000 }
        let (start, end) = (SimulatedTime(nanoseconds: 5_000_000_000), SimulatedTime(nanoseconds: 45_000_000_000))
        run.record.ledger = UsageLedger(rentals: [
            Rental(pool: 0, instance: 0, start: start, end: end, states: states)
        ])
        return TimelineSamples(run).samples
    }()

    private func seconds(_ state: InstanceState) -> [Double] {
        Self.samples.map { ($0.instances[Int(state.rawValue)] * 1e4).rounded() / 1e3 }
    }

    @Test func startsAndEndsAreWhereTheyBelong() {
        #expect(seconds(.provisioning) == [5, 0, 0, 0, 0])
        #expect(seconds(.loading) == [0, 5, 0, 0, 0])
        #expect(seconds(.draining) == [0, 0, 0, 0, 3])
        #expect(seconds(.stopped) == [0, 0, 0, 4, 0])
        #expect(seconds(.paused) == [0, 0, 0, 1, 2])
    }

    @Test func busyFollowsTheTimelineAndIdleIsTheRest() {
        #expect(seconds(.busy) == [0, 3, 7, 2, 0])
        #expect(seconds(.idle) == [0, 2, 3, 3, 0])
    }

    @Test func nothingIsLostOrInvented() {
        for state in InstanceState.allCases {
            let expected: [InstanceState: Double] = [
                .provisioning: 5, .loading: 5, .busy: 12, .idle: 8, .stopped: 4, .paused: 3, .draining: 3,
            ]
            #expect(seconds(state).reduce(0, +) == expected[state], "\(state)")
        }
        #expect(Self.samples.map { ($0.instances.reduce(0, +) * 10).rounded() } == [5, 10, 10, 10, 5])
    }
}

/// Rentals that start and end at any time.
@Suite struct ChangingFleetTests {
    private static func time(_ seconds: Int64) -> SimulatedTime { SimulatedTime(nanoseconds: seconds * 1_000_000_000) }

    private static func rental(
        _ instance: Int, from start: Int64, to end: Int64, _ seconds: [(InstanceState, Int64)]
    ) -> Rental {
        var states = [Int64](repeating: 0, count: InstanceState.allCases.count)
        for (state, count) in seconds { states[Int(state.rawValue)] = count * 1_000_000_000 }
        return Rental(pool: 0, instance: instance, start: time(start), end: time(end), states: states)
    }

    /// One machine throughout, and one that is asked for at 12 s, serves from 20 s, and drains from 33 to 38 s, busy
    /// all the while; then the same machine again from 44 s, given up at 47 s.
    private static let run: StrategyRun = {
        var run = TimelineCSVTests.run()
        run.record.end = time(50)
        run.record.timeline = Timeline(
            width: .seconds(10),
            bins: [6, 8, 18, 11, 1].map { seconds in
                var bin = TimelineBin()
                bin.busyTime = Int128(seconds) * 1_000_000_000
                bin.kvBlockTime = Int128(seconds) * 50_000_000_000
                return bin
            })
        run.record.replicas = (0..<4).map { _ in
            var replica = ReplicaRecord(pool: 0)
            replica.kvBlocks = 100
            return replica
        }
        run.record.ledger = UsageLedger(rentals: [
            rental(0, from: 0, to: 50, [(.busy, 29), (.idle, 21)]),
            rental(1, from: 12, to: 38, [(.provisioning, 3), (.loading, 5), (.busy, 10), (.idle, 3), (.draining, 5)]),
            rental(1, from: 44, to: 47, [(.provisioning, 3)]),
        ])
        return run
    }()

    private static let pools: [PoolSummary] = {
        var pool = Fixture.pool(Fixture.shapes[0])
        pool.replicas = 4
        pool.scaling = ScalingSummary(
            autoscaler: "knative", minimum: 0, initial: 1, startup: StartupStages(provision: .seconds(3)),
            instancesPerReplica: 1)
        return [pool]
    }()

    private func seconds(_ state: InstanceState) -> [Double] {
        TimelineSamples(Self.run, pools: Self.pools).samples.map {
            ($0.instances[Int(state.rawValue)] * 1e4).rounded() / 1e3
        }
    }

    @Test func everyStateIsWhereItHappened() {
        #expect(seconds(.provisioning) == [0, 3, 0, 0, 3])
        #expect(seconds(.loading) == [0, 5, 0, 0, 0])
        #expect(seconds(.draining) == [0, 0, 0, 5, 0])
    }

    @Test func workWhileDrainingIsNotCountedTwice() {
        #expect(seconds(.busy) == [6, 8, 18, 6, 1])
        #expect(seconds(.idle) == [4, 2, 2, 7, 9])
        let total = InstanceState.allCases.map { seconds($0).reduce(0, +) }.reduce(0, +)
        #expect(abs(total - 79) < 1e-9, "50 + 26 + 3 seconds are rented")
    }

    @Test func theCacheIsThatOfTheReplicasThatServe() {
        // 50 blocks are held while busy, of 100 per replica that serves or drains.
        let use = TimelineSamples(Self.run, pools: Self.pools).samples.map { $0.kvUse ?? -1 }
        for (value, expected) in zip(use, [0.3, 0.4, 0.45, 0.55 / 1.8, 0.05]) { #expect(abs(value - expected) < 1e-12) }
        #expect(TimelineSamples(Self.run).samples.map { $0.kvUse ?? -1 }[0] == 0.075, "of all there may be")
    }
}

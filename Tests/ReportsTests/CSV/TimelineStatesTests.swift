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

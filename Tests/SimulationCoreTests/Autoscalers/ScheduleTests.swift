import Primitives
import SimulationCore
import Testing

@Suite struct ScheduleTests {
    private static let office: [SchedulePolicy.Step] = [
        .init(time: .hours(18), replicas: 2), .init(time: .hours(8), replicas: 10),
        .init(time: .hours(12), replicas: 6),
    ]
    private func hour(_ hours: Double) -> Double { hours * 3_600 }

    @Test func timeOfDay() {
        check(
            .schedule(SchedulePolicy(steps: Self.office)), 0...50,
            [
                Decision(0, wants: 2),  // yesterday's last step
                Decision(hour(8) - 1, wants: 2), Decision(hour(8), wants: 10), Decision(hour(12) - 1, wants: 10),
                Decision(hour(12), wants: 6), Decision(hour(18), wants: 2), Decision(hour(24), wants: 2),
                Decision(hour(32), wants: 10),
            ])
        check(
            .schedule(SchedulePolicy(steps: Self.office)), 3...8, [Decision(0, wants: 3), Decision(hour(9), wants: 8)])
        check(.schedule(SchedulePolicy(steps: [])), 1...8, [Decision(0, wants: 1)])
    }

    @Test func phaseAndCycle() {
        let late = SchedulePolicy(steps: Self.office, phase: .hours(11))
        check(.schedule(late), 0...50, [Decision(0, wants: 10), Decision(hour(1), wants: 6)])
        let short = SchedulePolicy(
            steps: [.init(time: .seconds(10), replicas: 5), .init(time: .seconds(130), replicas: 7)],
            cycle: .seconds(60))
        // Both steps fall on second 10; the later in the table holds, throughout.
        check(.schedule(short), 0...9, [Decision(0, wants: 7), Decision(10, wants: 7)])
    }

    @Test func lookAhead() {
        let early = SchedulePolicy(steps: Self.office, lookAhead: .seconds(600))
        check(
            .schedule(early), 0...50,
            [
                Decision(hour(8) - 601, wants: 2), Decision(hour(8) - 600, wants: 10),
                Decision(hour(12) - 300, wants: 10),  // a fall does not come early
                Decision(hour(12), wants: 6), Decision(hour(24 + 8) - 600, wants: 10),
            ])
        let wrap = SchedulePolicy(
            steps: [.init(time: .zero, replicas: 9), .init(time: .hours(1), replicas: 1)], lookAhead: .seconds(60))
        check(.schedule(wrap), 0...50, [Decision(hour(24) - 61, wants: 1), Decision(hour(24) - 60, wants: 9)])
    }
}

import Primitives
import SimulationCore
import Testing
import Workloads

/// Leaping over decode steps and walking them one by one are the same simulation.
@Suite struct LeapTests {
    @Test(arguments: 0..<12)
    func leapsEqualSteps(block: UInt64) throws {
        for seed in (block * 100)..<(block * 100 + 100) {
            let world = RandomWorld(seed: seed)
            let leaping = try world.run(.leaping)
            let stepping = try world.run(.single)
            var expected = stepping.record
            expected.events = leaping.record.events
            #expect(leaping.record == expected, "seed \(seed)")
            #expect(
                leaping.outcomes.sorted { $0.id < $1.id } == stepping.outcomes.sorted { $0.id < $1.id }, "seed \(seed)")
            if leaping.record != expected { return }
        }
    }
}

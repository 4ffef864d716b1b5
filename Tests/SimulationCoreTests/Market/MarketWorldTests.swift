import Primitives
import SimulationCore
import Testing

/// Thousands of small random markets, faults and clients.
@Suite struct MarketWorldTests {
    @Test(arguments: 0..<20)
    func nothingIsViolated(block: UInt64) throws {
        var seen = (completed: UInt64(0), failed: UInt64(0), interruptions: UInt64(0))
        for seed in (block * 100)..<(block * 100 + 100) {
            let world = MarketWorld(seed: 900_000 + seed)
            let run = try world.run()
            let laws = MarketLaws(world: world, record: run.record, outcomes: run.outcomes)
            #expect(laws.violations == [], "seed \(world.seed)")
            seen.completed += run.record.completed
            seen.failed += run.record.failed
            seen.interruptions += run.record.interruptions
        }
        #expect(seen.completed > 1_000 && seen.failed > 100 && seen.interruptions > 100)
    }

    @Test(arguments: 0..<4)
    func leapsEqualStepsAndRunsRepeat(block: UInt64) throws {
        for seed in (block * 75)..<(block * 75 + 75) {
            let world = MarketWorld(seed: 900_000 + seed)
            let leaping = try world.run()
            let again = try world.run()
            #expect(leaping.record == again.record && leaping.outcomes == again.outcomes, "seed \(world.seed)")
            var single = try world.run(.single)
            single.record.events = leaping.record.events
            #expect(leaping.record == single.record, "seed \(world.seed)")
            #expect(leaping.outcomes == single.outcomes, "seed \(world.seed)")
        }
    }
}

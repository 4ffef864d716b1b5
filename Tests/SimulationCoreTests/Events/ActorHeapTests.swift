import Primitives
import Testing

@testable import SimulationCore

@Suite struct ActorHeapTests {
    /// The earliest of a plain array, ties to the lowest actor.
    private func earliest(_ times: [Int64]) -> (time: Int64, actor: Int) {
        let actor = times.indices.min { (times[$0], $0) < (times[$1], $1) }!
        return (times[actor], actor)
    }

    @Test func agreesWithASortedArray() {
        var dice = RandomKey(seed: 1).generator()
        for actors in [1, 2, 3, 5, 6, 21, 64] {
            var heap = ActorHeap(actors: actors)
            var times = [Int64](repeating: .max, count: actors)
            for step in 0..<3_000 {
                let actor = Int(dice.next() % UInt64(actors))
                let time = dice.next() % 8 == 0 ? .max : Int64(dice.next() % 50)
                heap.schedule(actor, at: time)
                times[actor] = time
                let (actual, expected) = (heap.first, earliest(times))
                #expect(actual == expected, "\(actors) actors, step \(step)")
                if actual != expected { return }
            }
        }
    }

    /// Handles every event in order and returns who they were.
    private func drained(_ schedule: [(actor: Int, time: Int64)], actors: Int) -> [Int] {
        var heap = ActorHeap(actors: actors)
        for (actor, time) in schedule { heap.schedule(actor, at: time) }
        var order: [Int] = []
        while heap.first.time != .max {
            order.append(heap.first.actor)
            heap.schedule(order[order.count - 1], at: .max)
        }
        return order
    }

    @Test func simultaneousEventsHaveOneOrderHoweverScheduled() {
        var dice = RandomKey(seed: 2).generator()
        var schedule = (0..<40).map { (actor: $0, time: Int64(dice.next() % 4)) }
        let sorted = schedule.sorted { ($0.time, $0.actor) < ($1.time, $1.actor) }.map(\.actor)
        for _ in 0..<50 {
            schedule.shuffle(using: &dice)
            #expect(drained(schedule, actors: 40) == sorted)
        }
    }

    @Test func nothingPendingIsNever() {
        let heap = ActorHeap(actors: 3)
        let first = heap.first
        #expect(first == (.max, 0))
    }
}

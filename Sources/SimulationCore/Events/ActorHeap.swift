/// The pending time of every actor, exactly one each, as an indexed 4-ary heap.
///
/// Total order of events: (time, actor). Actors are numbered by kind first (links, then replicas), so simultaneous
/// events have one order whatever the order in which they were scheduled. `schedule` costs O(log₄ n) comparisons.
struct ActorHeap: ~Copyable {
    private let times: Column<Int64>
    private let heap: Column<UInt32>
    private let position: Column<UInt32>
    let count: Int

    /// `actors` actors, none of which waits for anything.
    init(actors: Int) {
        precondition(actors > 0)
        count = actors
        times = Column(repeating: .max, count: actors)
        heap = Column(repeating: 0, count: actors)
        position = Column(repeating: 0, count: actors)
        for actor in 0..<actors {
            heap[actor] = UInt32(actor)
            position[actor] = UInt32(actor)
        }
    }

    /// The earliest pending time (`.max`: none) and its actor.
    var first: (time: Int64, actor: Int) {
        let actor = Int(heap[0])
        return (times[actor], actor)
    }

    /// Replaces the actor's pending time.
    mutating func schedule(_ actor: Int, at time: Int64) {
        let old = times[actor]
        guard time != old else { return }
        times[actor] = time
        if time < old { rise(actor) } else { sink(actor) }
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (times[a], times[b])
        return x < y || (x == y && a < b)
    }

    private func place(_ actor: Int, at index: Int) {
        heap[index] = UInt32(truncatingIfNeeded: actor)
        position[actor] = UInt32(truncatingIfNeeded: index)
    }

    private func rise(_ actor: Int) {
        var index = Int(position[actor])
        while index > 0 {
            let parent = (index - 1) >> 2
            let above = Int(heap[parent])
            guard precedes(actor, above) else { break }
            place(above, at: index)
            index = parent
        }
        place(actor, at: index)
    }

    private func sink(_ actor: Int) {
        var index = Int(position[actor])
        while true {
            let firstChild = index << 2 + 1
            guard firstChild < count else { break }
            var child = Int(heap[firstChild])
            var childIndex = firstChild
            var candidate = firstChild + 1
            let end = min(firstChild + 4, count)
            while candidate < end {
                let other = Int(heap[candidate])
                if precedes(other, child) { (child, childIndex) = (other, candidate) }
                candidate += 1
            }
            guard precedes(child, actor) else { break }
            place(child, at: index)
            index = childIndex
        }
        place(actor, at: index)
    }
}

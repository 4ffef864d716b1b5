/// The order of the free KV blocks where no prompt is shared: only a preempted request can find its own blocks again.
///
/// Freed blocks queue up and are taken from the head. A preempted request's blocks stand in the queue in reverse (the
/// end of the sequence is taken first), so what is left of them is always a prefix, and one count per request says it.
/// Blocks nobody will look for are merged into anonymous runs; while no preempted request waits, nothing is tracked.
struct FreeRuns {
    private var runs: [(owner: UInt64, count: Int)] = []
    private var owners = 0
    private static let nobody = UInt64.max

    var isTracking: Bool { owners > 0 }

    /// Appends blocks of a request, `count` that it may find again after `rest` that it cannot, behind `free` others.
    mutating func append(owner: UInt64, count: Int, behind free: Int, after rest: Int = 0) {
        if owners == 0 { runs = [(Self.nobody, free)] }
        owners += 1
        append(anonymous: rest)
        runs.append((owner, count))
    }

    /// Appends blocks nobody will look for.
    mutating func append(anonymous count: Int) {
        guard owners > 0, count > 0 else { return }
        if runs[runs.count - 1].owner == Self.nobody {
            runs[runs.count - 1].count += count
        } else {
            runs.append((Self.nobody, count))
        }
    }

    /// Takes `count` blocks from the head.
    mutating func take(_ count: Int) {
        guard owners > 0 else { return }
        var left = count
        var emptied = 0
        while left > 0 {
            let taken = min(left, runs[emptied].count)
            runs[emptied].count -= taken
            left -= taken
            if runs[emptied].count == 0 {
                if runs[emptied].owner != Self.nobody { owners -= 1 }
                emptied += 1
                if emptied == runs.count { break }
            }
        }
        runs.removeFirst(emptied)
    }

    /// How many of the owner's first blocks are still there.
    func surviving(of owner: UInt64) -> Int { runs.first { $0.owner == owner }?.count ?? 0 }

    /// Takes the owner's first `count` blocks out of the queue and makes what is left of its run anonymous.
    mutating func claim(_ count: Int, of owner: UInt64) {
        guard let index = runs.firstIndex(where: { $0.owner == owner }) else { return }
        runs[index] = (Self.nobody, runs[index].count - count)
        owners -= 1
    }
}

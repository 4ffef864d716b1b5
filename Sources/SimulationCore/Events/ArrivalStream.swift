import Primitives
import Workloads

/// The source's requests in order of their arrival at the router: sending time plus the class's one-way delay.
///
/// Requests are read in batches. Where classes have different delays, those that may still be overtaken wait in a
/// small heap, so memory grows with rate × difference of delays and never with the trace.
struct ArrivalStream {
    private let source: any RequestSource
    private let delays: [Int64]
    private let leastDelay: Int64
    private let uniform: Bool
    private var batch: [Request] = []
    private var cursor = 0
    private var exhausted = false
    private var lastArrival = Int64.min
    private var overtakable: [(time: Int64, request: Request)] = []

    static let batchSize = 4_096

    /// - Parameter delays: one-way delay per class in nanoseconds; missing classes have none.
    init(source: any RequestSource, delays: [Int64]) throws {
        self.source = source
        let classes = max(source.classes.count, 1)
        let padded = (0..<classes).map { $0 < delays.count ? delays[$0] : 0 }
        self.delays = padded
        leastDelay = padded.min() ?? 0
        uniform = padded.allSatisfy { $0 == padded[0] }
        batch.reserveCapacity(Self.batchSize)
        try refill()
        if !uniform { try admitOvertakable() }
    }

    /// When the next request reaches the router; `.max` after the last.
    var nextTime: Int64 {
        if uniform { return cursor < batch.count ? batch[cursor].arrival.nanoseconds &+ leastDelay : .max }
        return overtakable.first?.time ?? .max
    }

    /// The request that `nextTime` speaks of, and advances.
    mutating func next() throws -> Request {
        guard uniform else {
            let request = popOvertakable()
            try admitOvertakable()
            return request
        }
        return try takeFromBatch()
    }

    /// How many requests have been handed out from the current batch; 0 right after a refill.
    var positionInBatch: Int { cursor }

    private mutating func takeFromBatch() throws -> Request {
        let request = batch[cursor]
        cursor &+= 1
        if cursor == batch.count { try refill() }
        guard request.arrival.nanoseconds >= lastArrival else {
            throw SimulationError.unsortedArrival(request: request.id)
        }
        lastArrival = request.arrival.nanoseconds
        return request
    }

    private mutating func refill() throws {
        guard !exhausted else { return }
        batch.removeAll(keepingCapacity: true)
        cursor = 0
        try source.read(into: &batch, limit: Self.batchSize)
        exhausted = batch.isEmpty
    }

    private mutating func admitOvertakable() throws {
        while cursor < batch.count {
            let bound = batch[cursor].arrival.nanoseconds + leastDelay
            if let first = overtakable.first, first.time < bound { return }
            let request = try takeFromBatch()
            let delay = delays[Int(request.classIndex)]
            pushOvertakable((request.arrival.nanoseconds + delay, request))
        }
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        (overtakable[a].time, overtakable[a].request.id) < (overtakable[b].time, overtakable[b].request.id)
    }

    private mutating func pushOvertakable(_ entry: (time: Int64, request: Request)) {
        overtakable.append(entry)
        var index = overtakable.count - 1
        while index > 0, precedes(index, (index - 1) / 2) {
            overtakable.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func popOvertakable() -> Request {
        overtakable.swapAt(0, overtakable.count - 1)
        let request = overtakable.removeLast().request
        var index = 0
        while true {
            var least = index
            for child in (2 * index + 1)..<(2 * index + 3) where child < overtakable.count && precedes(child, least) {
                least = child
            }
            guard least != index else { return request }
            overtakable.swapAt(index, least)
            index = least
        }
    }
}

import Primitives

/// The requests of a ``SyntheticWorkload``: new arrivals merged with the turns that earlier ones have planned.
final class SyntheticSource: RequestSource {
    let classes: [String]
    let regions: [String]
    let contents = PromptContentStore()
    let sharesPrefixes: Bool
    let skipped: [SkippedRows] = []
    private var stream: SyntheticStream

    /// - Precondition: the workload is valid.
    init(_ workload: SyntheticWorkload, key: RandomKey) {
        classes = workload.classes.map(\.name)
        var names: [String] = []
        for region in workload.classes.flatMap(\.regions) where !names.contains(region.name) {
            names.append(region.name)
        }
        regions = names
        sharesPrefixes = workload.classes.contains { $0.prefixes != nil || $0.conversation != nil }
        stream = SyntheticStream(workload, key: key, regions: names)
    }

    func read(into batch: inout [Request], limit: Int) throws {
        stream.read(into: &batch, limit: limit, contents)
    }
}

private struct SyntheticStream {
    private let samplers: [ClassSampler]
    private let choice: WeightedChoice?
    private let classKey: RandomKey
    private let horizon: Int64
    private var remaining: UInt64
    private var arrivals: ArrivalStream
    private var nextArrival: SimulatedTime?
    private var arrivalNumber: UInt64 = 0
    private var turns = MinHeap<PlannedTurn>()
    private var nextID: UInt64 = 0

    init(_ workload: SyntheticWorkload, key: RandomKey, regions: [String]) {
        samplers = workload.classes.enumerated().map { index, requestClass in
            ClassSampler(requestClass, index: index, regions: regions, key: key)
        }
        choice = WeightedChoice(weights: workload.classes.map(\.weight))
        classKey = key.derived("class")
        horizon = workload.duration?.nanoseconds ?? .max
        remaining = workload.limit ?? .max
        arrivals = ArrivalStream(workload.arrivals, key: key.derived("arrivals"), horizon: workload.duration)
        nextArrival = arrivals.next()
    }

    mutating func read(into batch: inout [Request], limit: Int, _ contents: PromptContentStore) {
        var room = min(UInt64(max(0, limit)), remaining)
        while room > 0, let turn = nextTurn() {
            let sampler = samplers[turn.classIndex]
            batch.append(sampler.request(turn, id: nextID, contents))
            if let following = sampler.following(turn), following.time < horizon { turns.push(following) }
            nextID += 1
            room -= 1
            remaining -= 1
        }
    }

    /// The earliest of the planned turns and the next new arrival; at the same time the arrival goes first.
    private mutating func nextTurn() -> PlannedTurn? {
        if let planned = turns.top, nextArrival.map({ planned.time < $0.nanoseconds }) ?? true { return turns.pop() }
        guard let arrival = nextArrival else { return nil }
        let number = arrivalNumber
        arrivalNumber += 1
        nextArrival = arrivals.next()
        let index = samplers.count == 1 ? 0 : choice?.index(at: classKey.uniform(number)) ?? 0
        return samplers[index].firstTurn(number, at: arrival.nanoseconds)
    }
}

/// A turn of a session (or a single request, which is a session of one turn).
struct PlannedTurn: Comparable {
    var time: Int64
    /// Number of the arrival that began the session.
    var session: UInt64
    var turn: UInt64
    var turns: UInt64
    var classIndex: Int
    /// Shared-prefix group and its tokens; 0 tokens if there is none.
    var group: UInt64
    var prefixTokens: Int32
    var inputTokens: Int32
    var outputTokens: Int32

    static func < (a: Self, b: Self) -> Bool {
        if a.time != b.time { return a.time < b.time }
        return a.session != b.session ? a.session < b.session : a.turn < b.turn
    }
}

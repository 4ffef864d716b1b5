/// What somebody waits for on behalf of a request.
struct ClientTimer {
    /// In the order in which they are handled at one instant.
    enum Kind: UInt8, Comparable {
        /// A copy whose twin has made the first token is to end.
        case cancel
        /// The client waits no longer for the whole answer, or for the first token.
        case deadline, firstToken
        /// An attempt reaches the router.
        case send
        /// A request whose keys and values were under way reaches the gateway.
        case carried
        /// The first token is late: a second copy is to be sent.
        case hedge

        static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    var time: Int64
    var kind: Kind
    var request: UInt64
    /// The attempt it belongs to; of `cancel`, the number of the copy.
    var number: Int

    static func precedes(_ a: Self, _ b: Self) -> Bool {
        if a.time != b.time { return a.time < b.time }
        if a.kind != b.kind { return a.kind < b.kind }
        return (a.request, a.number) < (b.request, b.number)
    }
}

/// All that is waited for: a binary heap in total order (time, kind, request, number). What has lost its sense stays
/// until its time, and whoever takes it out ignores it.
struct ClientTimers {
    private var heap: [ClientTimer] = []

    /// `.max` = nothing is waited for.
    var nextTime: Int64 { heap.first?.time ?? .max }

    mutating func add(_ kind: ClientTimer.Kind, of request: UInt64, number: Int, at time: Int64) {
        heap.append(ClientTimer(time: time, kind: kind, request: request, number: number))
        var index = heap.count - 1
        while index > 0, ClientTimer.precedes(heap[index], heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// - Precondition: `nextTime` ≠ `.max`.
    mutating func removeFirst() -> ClientTimer {
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        var index = 0
        while true {
            var least = index
            for child in (2 * index + 1)..<(2 * index + 3)
            where child < heap.count && ClientTimer.precedes(heap[child], heap[least]) {
                least = child
            }
            guard least != index else { return first }
            heap.swapAt(index, least)
            index = least
        }
    }
}

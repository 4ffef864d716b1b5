import Primitives
import Workloads

/// Requests a replica has not admitted, in the order in which it will.
///
/// First come, first served: preempted sequences stand in front, the latest preempted first, then fresh requests in
/// order of delivery. By priority: least (priority, arrival, id) first, preempted or not.
struct WaitingQueue {
    private let byPriority: Bool
    private var preempted: [Sequence] = []
    private var fresh: [(request: Request, delivered: Int64)] = []
    private var cursor = 0
    /// Of the fresh ones, those that were under way elsewhere, by id.
    private var resumed: [UInt64: Sequence] = [:] {
        didSet { hasResumed = !resumed.isEmpty }
    }
    private var hasResumed = false
    private var heap: [Sequence] = []

    init(order: EngineConfiguration.QueueOrder) { byPriority = order == .priority }

    var count: Int { byPriority ? heap.count : preempted.count + fresh.count - cursor }
    var isEmpty: Bool { byPriority ? heap.isEmpty : preempted.isEmpty && cursor == fresh.count }

    /// The sequence to admit next.
    /// - Precondition: not empty.
    var head: Sequence {
        if byPriority { return heap[0] }
        if let last = preempted.last { return last }
        if hasResumed, let sequence = resumed[fresh[cursor].request.id] { return sequence }
        return Sequence(request: fresh[cursor].request, delivered: fresh[cursor].delivered)
    }

    /// Adds a request; returns whether it became the head.
    mutating func append(_ request: Request, delivered: Int64) -> Bool {
        guard byPriority else {
            let first = isEmpty
            compact()
            fresh.append((request, delivered))
            return first
        }
        push(Sequence(request: request, delivered: delivered))
        return heap[0].request.id == request.id
    }

    /// Adds a request that was under way elsewhere, in order of delivery like any other; returns whether it became the
    /// head.
    mutating func append(resuming sequence: Sequence) -> Bool {
        guard byPriority else {
            resumed[sequence.request.id] = sequence
            return append(sequence.request, delivered: sequence.delivered)
        }
        push(sequence)
        return heap[0].request.id == sequence.request.id
    }

    mutating func returnPreempted(_ sequence: Sequence) {
        if byPriority { push(sequence) } else { preempted.append(sequence) }
    }

    @inline(__always) mutating func removeHead() {
        if byPriority {
            pop()
        } else if !preempted.isEmpty {
            preempted.removeLast()
        } else {
            if hasResumed { forgetHead() }
            cursor += 1
        }
    }

    /// Everything that waits, in the order in which it would have been admitted.
    mutating func removeAll() -> [Sequence] {
        var all: [Sequence] = []
        while !isEmpty {
            all.append(head)
            removeHead()
        }
        return all
    }

    /// The request `id`, if it waits. Linear in the number that wait.
    func find(_ id: UInt64) -> Sequence? {
        if byPriority { return heap.first { $0.request.id == id } }
        if let sequence = preempted.first(where: { $0.request.id == id }) { return sequence }
        guard let entry = fresh[cursor...].first(where: { $0.request.id == id }) else { return nil }
        return resumed[id] ?? Sequence(request: entry.request, delivered: entry.delivered)
    }

    /// Takes the request `id` out, if it waits; says whether it was the head. Those behind it keep their order.
    mutating func withdraw(_ id: UInt64) -> (sequence: Sequence, wasHead: Bool)? {
        guard let sequence = find(id) else { return nil }
        let wasHead = head.request.id == id
        if byPriority {
            withdrawFromHeap(id)
        } else if let index = preempted.firstIndex(where: { $0.request.id == id }) {
            preempted.remove(at: index)
        } else {
            withdrawFresh(id)
        }
        return (sequence, wasHead)
    }

    /// Those in front move up by one place: they are few, for the oldest give up first.
    private mutating func withdrawFresh(_ id: UInt64) {
        if hasResumed { resumed[id] = nil }
        var index = cursor
        while fresh[index].request.id != id { index += 1 }
        while index > cursor {
            fresh[index] = fresh[index - 1]
            index -= 1
        }
        cursor += 1
    }

    private mutating func withdrawFromHeap(_ id: UInt64) {
        guard let index = heap.firstIndex(where: { $0.request.id == id }) else { return }
        heap.swapAt(index, heap.count - 1)
        heap.removeLast()
        guard index < heap.count else { return }
        rise(index)
        sink(index)
    }

    @inline(never) private mutating func forgetHead() { resumed[fresh[cursor].request.id] = nil }

    private mutating func compact() {
        // Not each time that the queue is empty, which is the rule: a few kilobytes stay in the cache.
        if cursor == fresh.count, cursor >= 32 {
            fresh.removeAll(keepingCapacity: true)
            cursor = 0
        } else if cursor > 1_024, cursor > fresh.count / 2 {
            fresh.removeFirst(cursor)
            cursor = 0
        }
    }

    /// Whether `a` is served before `b`: the key of vLLM's priority policy, made total by the id.
    static func precedes(_ a: Request, _ b: Request) -> Bool {
        (a.priority, a.arrival.nanoseconds, a.id) < (b.priority, b.arrival.nanoseconds, b.id)
    }

    private mutating func push(_ sequence: Sequence) {
        heap.append(sequence)
        rise(heap.count - 1)
    }

    private mutating func rise(_ start: Int) {
        var index = start
        while index > 0, Self.precedes(heap[index].request, heap[(index - 1) / 2].request) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func pop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink(0)
    }

    private mutating func sink(_ start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)..<(2 * index + 3)
            where child < heap.count && Self.precedes(heap[child].request, heap[least].request) {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}

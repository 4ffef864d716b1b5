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
    private var heap: [Sequence] = []

    init(order: EngineConfiguration.QueueOrder) { byPriority = order == .priority }

    var count: Int { byPriority ? heap.count : preempted.count + fresh.count - cursor }
    var isEmpty: Bool { byPriority ? heap.isEmpty : preempted.isEmpty && cursor == fresh.count }

    /// The sequence to admit next.
    /// - Precondition: not empty.
    var head: Sequence {
        if byPriority { return heap[0] }
        if let last = preempted.last { return last }
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

    mutating func returnPreempted(_ sequence: Sequence) {
        if byPriority { push(sequence) } else { preempted.append(sequence) }
    }

    mutating func removeHead() {
        if byPriority {
            pop()
        } else if !preempted.isEmpty {
            preempted.removeLast()
        } else {
            cursor += 1
        }
    }

    private mutating func compact() {
        if cursor == fresh.count {
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
        var index = heap.count - 1
        while index > 0, Self.precedes(heap[index].request, heap[(index - 1) / 2].request) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    private mutating func pop() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var index = 0
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

import Primitives
import Testing
import Workloads

@testable import SimulationCore

@Suite struct WaitingQueueTests {
    /// First come, first served behind the preempted, the latest preempted first.
    @Test func firstComeFirstServed() {
        var dice = RandomKey(seed: 21).generator()
        var queue = WaitingQueue(order: .fcfs)
        var plain: [UInt64] = []
        for id in 0..<20_000 as Range<UInt64> {
            switch dice.next() % 5 {
            case 0, 1, 2:
                #expect(queue.append(Request(id, input: 1, output: 1), delivered: Int64(id)) == plain.isEmpty)
                plain.append(id)
            case 3 where dice.next() % 8 == 0:
                queue.returnPreempted(Sequence(request: Request(id, input: 1, output: 1), delivered: Int64(id)))
                plain.insert(id, at: 0)
            default: take(&queue, &plain)
            }
            #expect(queue.count == plain.count && queue.isEmpty == plain.isEmpty)
        }
        while !plain.isEmpty { take(&queue, &plain) }
        #expect(queue.isEmpty)
    }

    private func take(_ queue: inout WaitingQueue, _ plain: inout [UInt64]) {
        guard !plain.isEmpty else { return }
        #expect(queue.head.request.id == plain.removeFirst())
        #expect(queue.head.delivered == Int64(queue.head.request.id))
        queue.removeHead()
    }

    /// (priority, arrival, id), preempted or not.
    @Test func byPriority() {
        var dice = RandomKey(seed: 22).generator()
        var queue = WaitingQueue(order: .priority)
        var plain: [Request] = []
        func key(_ request: Request) -> (Int32, Int64, UInt64) {
            (request.priority, request.arrival.nanoseconds, request.id)
        }
        for id in 0..<3_000 as Range<UInt64> {
            let request = Request(
                id, at: Int64(dice.next() % 40), input: 1, output: 1, priority: Int32(dice.next() % 4) - 1)
            if dice.next() % 5 < 3 {
                if dice.next() % 4 == 0 {
                    queue.returnPreempted(Sequence(request: request, delivered: 0))
                } else {
                    let least = plain.allSatisfy { key(request) < key($0) }
                    #expect(queue.append(request, delivered: 0) == least)
                }
                plain.append(request)
            } else if let index = plain.indices.min(by: { key(plain[$0]) < key(plain[$1]) }) {
                #expect(queue.head.request == plain.remove(at: index))
                queue.removeHead()
            }
            #expect(queue.count == plain.count && queue.isEmpty == plain.isEmpty)
        }
    }
}

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

    /// Whoever gives up leaves the others' order as it was, in either order of service; a resumed one stands like any.
    @Test(arguments: EngineConfiguration.QueueOrder.allCases)
    func withdrawals(order: EngineConfiguration.QueueOrder) {
        var dice = RandomKey(seed: 23).generator()
        var queue = WaitingQueue(order: order)
        var plain: [Request] = []
        func place(_ request: Request, atFront: Bool) -> Int {
            if order == .fcfs { return atFront ? 0 : plain.count }
            return plain.firstIndex { WaitingQueue.precedes(request, $0) } ?? plain.count
        }
        for id in 0..<8_000 as Range<UInt64> {
            let request = Request(id, at: Int64(id), input: 1, output: 9, priority: Int32(dice.next() % 4))
            switch dice.next() % 8 {
            case 0...2:
                let index = place(request, atFront: false)
                #expect(queue.append(request, delivered: Int64(id)) == (index == 0))
                plain.insert(request, at: index)
            case 3:
                let progress = Progress(generated: 3, firstToken: 5, cached: 0, lastToken: 8)
                let index = place(request, atFront: false)
                let sequence = Sequence(request: request, delivered: Int64(id), resuming: progress)
                #expect(queue.append(resuming: sequence) == (index == 0))
                plain.insert(request, at: index)
            case 4:
                var sequence = Sequence(request: request, delivered: Int64(id))
                sequence.preemptions = 1
                queue.returnPreempted(sequence)
                plain.insert(request, at: place(request, atFront: true))
            case 5 where !plain.isEmpty:
                #expect(queue.head.request == plain.removeFirst())
                queue.removeHead()
            case 6 where id % 500 == 0:
                #expect(queue.removeAll().map(\.request) == plain)
                plain = []
            default:
                guard !plain.isEmpty else { continue }
                let index = Int(dice.next() % UInt64(plain.count))
                let gone = plain.remove(at: index)
                #expect(queue.find(gone.id)?.request == gone)
                let left = queue.withdraw(gone.id)
                #expect(left?.sequence.request == gone && left?.wasHead == (index == 0))
                #expect(left?.sequence.delivered == Int64(gone.id))
                #expect(queue.withdraw(gone.id) == nil)
            }
            #expect(queue.count == plain.count && queue.isEmpty == plain.isEmpty)
            #expect(plain.isEmpty || queue.head.request == plain[0])
        }
        #expect(queue.removeAll().map(\.request) == plain && queue.isEmpty)
    }

    /// What is known of a resumed sequence is kept while it waits, whoever leaves around it.
    @Test func resumedOnesKeepTheirProgress() {
        var queue = WaitingQueue(order: .fcfs)
        let progress = Progress(generated: 3, firstToken: 5, cached: 9, lastToken: 8)
        for id in 0..<4 as Range<UInt64> {
            let request = Request(id, input: 2, output: 9)
            if id == 2 {
                _ = queue.append(resuming: Sequence(request: request, delivered: 7, resuming: progress))
            } else {
                _ = queue.append(request, delivered: 7)
            }
        }
        #expect(queue.withdraw(1)?.wasHead == false)
        queue.removeHead()
        let head = queue.head
        #expect(head.request.id == 2 && head.generated == 3 && head.firstToken == 5 && head.lastToken == 8)
        #expect(head.computed == 4, "one token of the five is left to compute")
        #expect(head.lost == 4 && head.isResumed && head.scheduled == -1)
        queue.removeHead()
        #expect(queue.head.request.id == 3 && queue.head.generated == 0)
    }
}

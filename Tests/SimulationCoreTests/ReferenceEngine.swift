import PerformanceModel
import Primitives
import SimulationCore
import Workloads

/// vLLM V1's scheduler written down as plainly as possible, one step at a time, with real lists and real blocks:
/// what the engine under test must agree with. It shares no code with it but the cost model and the names of blocks,
/// which it derives from the tokens themselves.
struct ReferenceEngine {
    struct Item {
        var request: Request
        var computed = 0
        var generated = 0
        var blocks: [Int] = []
        var scheduledAt: Int64 = 0
        var firstToken: Int64?
        var cached: Int?
        var preemptions = 0
        var tokens: Int { Int(request.inputTokens) + generated }
    }
    struct Times: Equatable {
        var scheduled: Int64
        var first: Int64
        var last: Int64
        var cached: Int
        var preemptions: Int
    }

    let engine: EngineConfiguration
    let cost: any StepCostModel
    /// Token at a position of a request's sequence, as a value that two requests share exactly when the token is one.
    let token: (Request, Int) -> [UInt64]

    private var waiting: [Item] = []
    private var running: [Item] = []
    private var freeQueue: [Int]
    private var references: [Int]
    private var contents: [Int?]
    private var stamps: [Int]
    private var named = 0
    private(set) var times: [UInt64: Times] = [:]

    init(engine: EngineConfiguration, cost: any StepCostModel, token: @escaping (Request, Int) -> [UInt64]) {
        self.engine = engine
        self.cost = cost
        self.token = token
        freeQueue = Array(0..<engine.kvBlocks)
        references = Array(repeating: 0, count: engine.kvBlocks)
        contents = Array(repeating: nil, count: engine.kvBlocks)
        stamps = Array(repeating: 0, count: engine.kvBlocks)
    }

    mutating func run(_ arrivals: [Request]) {
        var next = 0
        var now: Int64 = 0
        while next < arrivals.count || !waiting.isEmpty || !running.isEmpty {
            if waiting.isEmpty, running.isEmpty { now = max(now, arrivals[next].arrival.nanoseconds) }
            while next < arrivals.count, arrivals[next].arrival.nanoseconds <= now {
                enqueue(Item(request: arrivals[next]), atFront: false)
                next += 1
            }
            now = step(at: now)
        }
    }

    private mutating func enqueue(_ item: Item, atFront: Bool) {
        if engine.queueOrder == .fcfs {
            waiting.insert(item, at: atFront ? 0 : waiting.count)
        } else {
            let index = waiting.firstIndex { urgency(item.request) < urgency($0.request) } ?? waiting.count
            waiting.insert(item, at: index)
        }
    }

    private func urgency(_ request: Request) -> (Int32, Int64, UInt64) {
        (request.priority, request.arrival.nanoseconds, request.id)
    }

    private mutating func step(at now: Int64) -> Int64 {
        var budget = engine.maxBatchedTokens
        var scheduled: [UInt64: Int] = [:]
        var preempted = false
        var index = 0
        scan: while index < running.count, budget > 0 {
            let id = running[index].request.id
            let want = wanted(running[index], budget: budget)
            while !allocate(index, upTo: running[index].computed + want) {
                preempted = true
                let victim = victimIndex()
                let victimID = running[victim].request.id
                if let given = scheduled.removeValue(forKey: victimID) { budget += given }
                preempt(victim)
                if victimID == id { break scan }
                if victim < index { index -= 1 }
            }
            scheduled[id] = want
            budget -= want
            index += 1
        }
        for index in running.indices {
            remember(index, upTo: running[index].computed + (scheduled[running[index].request.id] ?? 0))
        }
        if !preempted { admit(at: now, budget: &budget, &scheduled) }
        return execute(scheduled, at: now)
    }

    private func wanted(_ item: Item, budget: Int) -> Int {
        var want = item.tokens - item.computed
        if engine.longPrefillThreshold > 0 { want = min(want, engine.longPrefillThreshold) }
        return min(want, budget)
    }

    private mutating func admit(at now: Int64, budget: inout Int, _ scheduled: inout [UInt64: Int]) {
        while let head = waiting.first, budget > 0, running.count < engine.maxSequences {
            var item = head
            let hits = engine.prefixCaching ? cachedBlocks(item) : []
            item.computed = hits.count * engine.blockSize
            var want = item.tokens - item.computed
            if engine.longPrefillThreshold > 0 { want = min(want, engine.longPrefillThreshold) }
            if !engine.chunkedPrefill, want > budget { return }
            want = min(want, budget)
            let needed = (item.computed + want + engine.blockSize - 1) / engine.blockSize - hits.count
            let idle = hits.filter { references[$0] == 0 }.count
            guard needed <= freeQueue.count - idle else { return }
            for block in hits {
                if references[block] == 0 { freeQueue.removeAll { $0 == block } }
                references[block] += 1
            }
            item.blocks = hits
            if item.firstToken == nil { item.scheduledAt = now }
            if item.cached == nil { item.cached = item.computed }
            waiting.removeFirst()
            running.append(item)
            _ = allocate(running.count - 1, upTo: item.computed + want)
            remember(running.count - 1, upTo: item.computed + want)
            scheduled[item.request.id] = want
            budget -= want
        }
    }

    private mutating func execute(_ scheduled: [UInt64: Int], at now: Int64) -> Int64 {
        var shape = StepShape()
        for index in running.indices {
            guard let want = scheduled[running[index].request.id] else { continue }
            let before = running[index].computed
            if running[index].generated > 0, want == 1, before + 1 == running[index].tokens, !isFresh(running[index]) {
                shape.decodeSequences += 1
                shape.decodeContext += before + 1
            } else {
                shape.addChunk(new: want, cached: before)
            }
            running[index].computed += want
        }
        guard shape.tokens > 0 else { return now }
        let end = now + Int64(cost.stepTime(shape) + 0.5)
        for index in running.indices where scheduled[running[index].request.id] != nil {
            guard running[index].computed == running[index].tokens else { continue }
            running[index].generated += 1
            if running[index].firstToken == nil { running[index].firstToken = end }
            decodes.insert(running[index].request.id)
        }
        for item in running where item.generated == Int(item.request.outputTokens) { finish(item, at: end) }
        running.removeAll { $0.generated == Int($0.request.outputTokens) }
        return end
    }

    /// Requests whose prompt (or recomputation) is complete: their next step is a decode.
    private var decodes: Set<UInt64> = []
    private func isFresh(_ item: Item) -> Bool { !decodes.contains(item.request.id) }

    private mutating func finish(_ item: Item, at end: Int64) {
        times[item.request.id] = Times(
            scheduled: item.scheduledAt, first: item.firstToken!, last: end, cached: item.cached!,
            preemptions: item.preemptions)
        release(item)
    }

    private func victimIndex() -> Int {
        guard engine.queueOrder == .priority else { return running.count - 1 }
        return running.indices.max { urgency(running[$0].request) < urgency(running[$1].request) }!
    }

    private mutating func preempt(_ index: Int) {
        var item = running.remove(at: index)
        release(item)
        decodes.remove(item.request.id)
        item.blocks = []
        item.computed = 0
        item.preemptions += 1
        enqueue(item, atFront: true)
    }

    // MARK: Blocks

    /// A block's content: its own tokens after a parent's.
    private struct Content: Hashable {
        var parent: Int
        var tokens: [[UInt64]]
    }
    private var numbers: [Content: Int] = [:]
    private var known: [UInt64: [Int]] = [:]

    /// The number of a block's content: equal exactly for equal tokens from the start to the block's end.
    private mutating func content(_ request: Request, block: Int) -> Int {
        var list = known[request.id] ?? []
        while list.count <= block {
            let range = (list.count * engine.blockSize)..<((list.count + 1) * engine.blockSize)
            let content = Content(parent: list.last ?? -1, tokens: range.map { token(request, $0) })
            let number = numbers[content] ?? numbers.count
            numbers[content] = number
            list.append(number)
        }
        known[request.id] = list
        return list[block]
    }

    private mutating func cachedBlocks(_ item: Item) -> [Int] {
        var found: [Int] = []
        for block in 0..<((item.tokens - 1) / engine.blockSize) {
            let wanted = content(item.request, block: block)
            // Of identical blocks, the one that was named first.
            let copies = contents.indices.filter { contents[$0] == wanted }
            guard let hit = copies.min(by: { stamps[$0] < stamps[$1] }) else { break }
            found.append(hit)
        }
        return found
    }

    private mutating func allocate(_ index: Int, upTo tokens: Int) -> Bool {
        let needed = (tokens + engine.blockSize - 1) / engine.blockSize - running[index].blocks.count
        guard needed <= freeQueue.count else { return false }
        for _ in 0..<max(needed, 0) {
            let block = freeQueue.removeFirst()
            contents[block] = nil
            references[block] = 1
            running[index].blocks.append(block)
        }
        return true
    }

    /// Names the blocks that this step fills: at scheduling, so that a request admitted in the same step finds them.
    private mutating func remember(_ index: Int, upTo tokens: Int) {
        guard engine.prefixCaching else { return }
        let item = running[index]
        for block in 0..<(tokens / engine.blockSize) where contents[item.blocks[block]] == nil {
            contents[item.blocks[block]] = content(item.request, block: block)
            stamps[item.blocks[block]] = named
            named += 1
        }
    }

    private mutating func release(_ item: Item) {
        for block in item.blocks.reversed() {
            references[block] -= 1
            if references[block] == 0 { freeQueue.append(block) }
        }
    }
}

import PerformanceModel
import Primitives
import Workloads

@testable import SimulationCore

/// vLLM V1's scheduler written down as plainly as possible, one step at a time, with real lists and real blocks:
/// what the engine under test must agree with. It shares no code with it but the cost model and the names of blocks,
/// which it derives from the tokens themselves.
struct ReferenceEngine {
    struct Item {
        var request: Request
        var delivered: Int64
        var computed = 0
        var generated = 0
        var blocks: [Int] = []
        var scheduledAt: Int64?
        var firstToken: Int64 = -1
        var lastToken: Int64 = -1
        var cached: Int?
        var preemptions = 0
        /// Tokens of finished steps.
        var work = 0
        /// Keys and values that came along, until it is admitted.
        var carried = 0
        /// Prompt (or recomputation) complete: its next step is a decode.
        var decodes = false
        var leaves = false
        var tokens: Int { Int(request.inputTokens) + generated }
        var progress: Progress {
            Progress(generated: Int32(generated), firstToken: firstToken, cached: 0, lastToken: lastToken)
        }
    }

    let engine: EngineConfiguration
    let cost: any StepCostModel
    var slowdown = 1.0

    private let token: (Request, Int) -> [UInt64]
    private var waiting: [Item] = []
    private var running: [Item] = []
    private var blocks: ReferenceBlocks
    /// Tokens of the step under way by request, and when it ends; `.max`: idle.
    private var scheduled: [UInt64: Int] = [:]
    private var leaving: [UInt64] = []
    /// When the step under way began, and what an asynchronous scheduler does not know yet.
    private var began = Int64.max
    private var horizon = Int64.max
    private var ended = (sequences: 0, blocks: 0)
    private(set) var wakeTime = Int64.max
    private(set) var finished: [Finish] = []
    private(set) var firstTokens: [UInt64] = []

    /// - Parameter token: see ``ReferenceBlocks``.
    init(engine: EngineConfiguration, cost: any StepCostModel, token: @escaping (Request, Int) -> [UInt64]) {
        self.engine = engine
        self.cost = cost
        self.token = token
        blocks = ReferenceBlocks(engine: engine, token: token)
    }

    var isEmpty: Bool { wakeTime == .max && waiting.isEmpty && running.isEmpty && blocks.areAllFree }
    private var isStatic: Bool { engine.batching == .static }

    /// Serves the arrivals to the end.
    mutating func run(_ arrivals: [Request]) -> [Finish] {
        var next = 0
        while true {
            let now = min(wakeTime, next < arrivals.count ? arrivals[next].arrival.nanoseconds : .max)
            guard now != .max else { return takeFinished() }
            while next < arrivals.count, arrivals[next].arrival.nanoseconds == now {
                deliver(arrivals[next], at: now, resuming: nil)
                next += 1
            }
            if wakeTime == now { wake(at: now) }
        }
    }

    // MARK: From outside

    mutating func deliver(_ request: Request, at now: Int64, resuming progress: Progress?) {
        var item = Item(request: request, delivered: now)
        if let progress, progress.generated > 0 || progress.cached > 0 {
            item.generated = Int(progress.generated)
            item.firstToken = progress.firstToken
            item.lastToken = progress.lastToken
            item.carried = min(Int(progress.cached), item.tokens - 1)
            item.cached = 0
        }
        enqueue(item, atFront: false)
        if running.isEmpty, wakeTime == .max { wakeTime = now }
    }

    /// The end of the step under way, and the choice of the next.
    mutating func wake(at now: Int64) {
        (horizon, ended) = (.max, (0, 0))
        if engine.asynchronousScheduling, !running.isEmpty { horizon = began }
        complete(at: now)
        repeat { begin(at: now) } while scheduled.isEmpty && !(waiting.isEmpty && running.isEmpty)
        if scheduled.isEmpty { wakeTime = .max }
    }

    mutating func withdraw(_ id: UInt64, at now: Int64) -> Withdrawal? {
        if let index = waiting.firstIndex(where: { $0.request.id == id }) {
            let item = waiting.remove(at: index)
            if running.isEmpty, waiting.isEmpty { wakeTime = .max }
            return report(waiting: item)
        }
        guard let index = running.firstIndex(where: { $0.request.id == id && !$0.leaves }) else { return nil }
        if completes(running[index]), running[index].generated + 1 == Int(running[index].request.outputTokens) {
            return nil
        }
        running[index].leaves = true
        leaving.append(id)
        return report(running: running[index])
    }

    mutating func withdrawWaiting() -> [Withdrawal] {
        defer { waiting = [] }
        if running.isEmpty { wakeTime = .max }
        return waiting.map(report(waiting:))
    }

    mutating func evacuate() -> [Withdrawal] {
        let left = running.filter { !$0.leaves }.map(report(running:)) + waiting.map(report(waiting:))
        (waiting, running, scheduled, leaving) = ([], [], [:], [])
        blocks = ReferenceBlocks(engine: engine, token: token)
        wakeTime = .max
        return left
    }

    func progress(of id: UInt64) -> Progress? {
        (running.filter { !$0.leaves } + waiting).first { $0.request.id == id }?.progress
    }

    mutating func takeFinished() -> [Finish] {
        defer { finished = [] }
        return finished
    }

    mutating func takeFirstTokens() -> [UInt64] {
        defer { firstTokens = [] }
        return firstTokens
    }

    private func report(running item: Item) -> Withdrawal {
        Withdrawal(
            request: item.request, progress: item.progress, computed: item.work,
            underway: scheduled[item.request.id] ?? 0, resident: item.computed, delivered: item.delivered,
            scheduled: item.scheduledAt ?? -1)
    }

    private func report(waiting item: Item) -> Withdrawal {
        Withdrawal(
            request: item.request, progress: item.progress, computed: item.work, resident: item.carried,
            delivered: item.delivered, scheduled: item.scheduledAt ?? -1)
    }

    // MARK: A step

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

    private mutating func begin(at now: Int64) {
        var budget = isStatic ? Int.max : engine.maxBatchedTokens
        scheduled = [:]
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
        if !preempted { admit(at: now, budget: &budget) }
        began = now
        if !scheduled.isEmpty { wakeTime = now + Int64(cost.stepTime(shape()) * slowdown + 0.5) }
    }

    private func wanted(_ item: Item, budget: Int) -> Int {
        var want = item.tokens - item.computed
        if engine.longPrefillThreshold > 0 { want = min(want, engine.longPrefillThreshold) }
        return min(want, budget)
    }

    private mutating func admit(at now: Int64, budget: inout Int) {
        if isStatic, !running.isEmpty { return }
        if running.isEmpty { (horizon, ended) = (.max, (0, 0)) }
        while let head = waiting.first, budget > 0, running.count + ended.sequences < engine.maxSequences {
            guard head.delivered <= horizon else { return }
            var item = head
            let looksUp = engine.prefixCaching && item.carried == 0
            let hits = looksUp ? blocks.hits(item.request, tokens: item.tokens) : []
            item.computed = item.carried + hits.count * engine.blockSize
            var want = item.tokens - item.computed
            if engine.longPrefillThreshold > 0 { want = min(want, engine.longPrefillThreshold) }
            if !engine.chunkedPrefill, want > budget { return }
            want = min(want, budget)
            let final = Int(item.request.inputTokens + item.request.outputTokens) - 1
            let reserved = isStatic ? final : item.computed + want
            let free = blocks.free - ended.blocks
            guard blocks.count(for: reserved) - hits.count <= free - blocks.idle(hits) else { return }
            blocks.touch(hits)
            item.blocks = hits
            if item.firstToken < 0 || item.scheduledAt == nil { item.scheduledAt = now }
            if item.cached == nil { item.cached = item.computed }
            item.decodes = item.carried > 0 && item.generated > 0 && item.computed + 1 == item.tokens
            item.carried = 0
            waiting.removeFirst()
            running.append(item)
            _ = allocate(running.count - 1, upTo: reserved)
            remember(running.count - 1, upTo: item.computed + want)
            scheduled[item.request.id] = want
            budget -= want
        }
    }

    private func shape() -> StepShape {
        var shape = StepShape()
        for item in running {
            guard let want = scheduled[item.request.id] else { continue }
            if item.decodes {
                shape.decodeSequences += 1
                shape.decodeContext += item.computed + 1
            } else {
                shape.addChunk(new: want, cached: item.computed)
            }
        }
        return shape
    }

    private func completes(_ item: Item) -> Bool {
        item.computed + (scheduled[item.request.id] ?? 0) == item.tokens
    }

    private mutating func complete(at end: Int64) {
        for index in running.indices {
            guard let want = scheduled[running[index].request.id] else { continue }
            running[index].computed += want
            running[index].work += want
            guard running[index].computed == running[index].tokens, !running[index].leaves else { continue }
            running[index].generated += 1
            running[index].decodes = true
            running[index].lastToken = end
            if running[index].firstToken < 0 {
                running[index].firstToken = end
                firstTokens.append(running[index].request.id)
            }
        }
        scheduled = [:]
        for item in running where item.generated == Int(item.request.outputTokens) { finish(item, at: end) }
        running.removeAll { $0.generated == Int($0.request.outputTokens) }
        for id in leaving {
            guard let index = running.firstIndex(where: { $0.request.id == id && $0.leaves }) else { continue }
            blocks.release(running.remove(at: index).blocks)
        }
        leaving = []
    }

    private mutating func finish(_ item: Item, at end: Int64) {
        finished.append(
            Finish(
                id: item.request.id, scheduled: item.scheduledAt!, first: item.firstToken, last: end,
                cached: item.cached!, preemptions: item.preemptions))
        let free = blocks.free
        blocks.release(item.blocks)
        if engine.asynchronousScheduling { ended = (ended.sequences + 1, ended.blocks + blocks.free - free) }
    }

    private func victimIndex() -> Int {
        guard engine.queueOrder == .priority else { return running.count - 1 }
        return running.indices.max { urgency(running[$0].request) < urgency(running[$1].request) }!
    }

    private mutating func preempt(_ index: Int) {
        var item = running.remove(at: index)
        blocks.release(item.blocks)
        item.blocks = []
        item.computed = 0
        item.decodes = false
        item.preemptions += 1
        enqueue(item, atFront: true)
    }

    // MARK: Blocks

    private mutating func allocate(_ index: Int, upTo tokens: Int) -> Bool {
        blocks.allocate(&running[index].blocks, for: tokens)
    }

    /// Names the blocks that this step fills: at scheduling, so that a request admitted in the same step finds them.
    private mutating func remember(_ index: Int, upTo tokens: Int) {
        guard engine.prefixCaching else { return }
        blocks.remember(running[index].request, held: running[index].blocks, tokens: tokens)
    }
}

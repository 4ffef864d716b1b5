import SimulationCore
import Workloads

/// A block pool with real lists: who holds each block, what stands in it, and the free queue.
struct ReferenceBlocks {
    /// A block's content: its own tokens after a parent's.
    private struct Content: Hashable {
        var parent: Int
        var tokens: [[UInt64]]
    }

    private let size: Int
    /// Token at a position of a request's sequence, as a value that two requests share exactly when the token is one.
    private let token: (Request, Int) -> [UInt64]
    private var freeQueue: [Int]
    private var references: [Int]
    private var contents: [Int?]
    private var stamps: [Int]
    private var named = 0
    private var numbers: [Content: Int] = [:]
    private var known: [UInt64: [Int]] = [:]

    init(engine: EngineConfiguration, token: @escaping (Request, Int) -> [UInt64]) {
        size = engine.blockSize
        self.token = token
        freeQueue = Array(0..<engine.kvBlocks)
        references = Array(repeating: 0, count: engine.kvBlocks)
        contents = Array(repeating: nil, count: engine.kvBlocks)
        stamps = Array(repeating: 0, count: engine.kvBlocks)
    }

    var free: Int { freeQueue.count }
    var areAllFree: Bool { free == references.count && references.allSatisfy { $0 == 0 } }

    func count(for tokens: Int) -> Int { (tokens + size - 1) / size }
    func idle(_ blocks: [Int]) -> Int { blocks.filter { references[$0] == 0 }.count }

    /// The number of a block's content: equal exactly for equal tokens from the start to the block's end.
    private mutating func content(_ request: Request, block: Int) -> Int {
        var list = known[request.id] ?? []
        while list.count <= block {
            let range = (list.count * size)..<((list.count + 1) * size)
            let content = Content(parent: list.last ?? -1, tokens: range.map { token(request, $0) })
            let number = numbers[content] ?? numbers.count
            numbers[content] = number
            list.append(number)
        }
        known[request.id] = list
        return list[block]
    }

    /// The cached blocks that a sequence of `tokens` tokens begins with; its last token is left over.
    mutating func hits(_ request: Request, tokens: Int) -> [Int] {
        var found: [Int] = []
        for block in 0..<((tokens - 1) / size) {
            let wanted = content(request, block: block)
            // Of identical blocks, the one that was named first.
            let copies = contents.indices.filter { contents[$0] == wanted }
            guard let hit = copies.min(by: { stamps[$0] < stamps[$1] }) else { break }
            found.append(hit)
        }
        return found
    }

    mutating func touch(_ blocks: [Int]) {
        for block in blocks {
            if references[block] == 0 { freeQueue.removeAll { $0 == block } }
            references[block] += 1
        }
    }

    /// Adds blocks for `tokens` tokens to those held; false, and nothing added, if there are not enough.
    mutating func allocate(_ held: inout [Int], for tokens: Int) -> Bool {
        let needed = count(for: tokens) - held.count
        guard needed <= freeQueue.count else { return false }
        for _ in 0..<max(needed, 0) {
            let block = freeQueue.removeFirst()
            contents[block] = nil
            references[block] = 1
            held.append(block)
        }
        return true
    }

    /// Names the full blocks among the first `tokens` tokens.
    mutating func remember(_ request: Request, held: [Int], tokens: Int) {
        for block in 0..<(tokens / size) where contents[held[block]] == nil {
            contents[held[block]] = content(request, block: block)
            stamps[held[block]] = named
            named += 1
        }
    }

    mutating func release(_ held: [Int]) {
        for block in held.reversed() {
            references[block] -= 1
            if references[block] == 0 { freeQueue.append(block) }
        }
    }
}

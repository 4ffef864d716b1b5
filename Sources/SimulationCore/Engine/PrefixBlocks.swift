/// vLLM's block pool: reference counts, a free queue that is also the eviction order, and an index from block name to
/// block. Freed blocks join the tail in reverse order of the sequence; allocation takes the head and forgets its name;
/// a hit takes a block out of the queue.
///
/// Blocks that decoding sequences grow into are taken at once (so that eviction happens when it would) and handed to
/// their sequence when it ends or is preempted; which of them it gets makes no difference to anybody.
struct PrefixBlocks: ~Copyable {
    private let names: Column<UInt64>
    private let references: Column<Int32>
    private let nexts: Column<Int32>
    private let previouses: Column<Int32>
    private let index: Column<Int32>
    private let mask: Int
    private var head = -1
    private var tail = -1
    private var loose: [Int32] = []
    private var held: [[Int32]]
    private(set) var free = 0

    init(blocks: Int, slots: Int) {
        names = Column(repeating: 0, count: blocks)
        references = Column(repeating: 0, count: blocks)
        nexts = Column(repeating: -1, count: blocks)
        previouses = Column(repeating: -1, count: blocks)
        var size = 64
        while size < 2 * blocks { size *= 2 }
        index = Column(repeating: -1, count: size)
        mask = size - 1
        held = Array(repeating: [], count: slots)
        for block in 0..<blocks { append(block) }
    }

    /// How many of the leading `names` are cached, looking at no more than `limit`.
    func hits(_ names: [UInt64], limit: Int) -> Int {
        var count = 0
        while count < limit, find(names[count]) >= 0 { count += 1 }
        return count
    }

    /// Of the first `hits` blocks, how many stand in the free queue (and would leave it when touched).
    func idleHits(_ names: [UInt64], hits: Int) -> Int {
        (0..<hits).reduce(0) { $0 + (references[find(names[$1])] == 0 ? 1 : 0) }
    }

    /// Gives slot its `hits` cached blocks.
    mutating func touch(_ names: [UInt64], hits: Int, slot: Int) {
        for position in 0..<hits {
            let block = find(names[position])
            if references[block] == 0 { unlink(block) }
            references[block] += 1
            held[slot].append(Int32(block))
        }
    }

    /// Gives slot `count` fresh blocks from the head of the queue.
    mutating func extend(_ slot: Int, by count: Int) {
        for _ in 0..<count { held[slot].append(Int32(takeHead())) }
    }

    /// Takes `count` blocks for sequences to be named later.
    mutating func takeLoose(_ count: Int) {
        for _ in 0..<count { loose.append(Int32(takeHead())) }
    }

    /// Hands slot the loose blocks it has grown into, up to `total` held.
    mutating func settle(_ slot: Int, total: Int) {
        while held[slot].count < total { held[slot].append(loose.removeLast()) }
    }

    /// Makes slot's blocks in `range` findable under their names.
    mutating func register(_ slot: Int, _ range: Range<Int>, names newNames: [UInt64]) {
        for position in range where position < held[slot].count {
            let block = Int(held[slot][position])
            guard names[block] == 0 else { continue }
            names[block] = newNames[position]
            insert(block)
        }
    }

    /// Returns all of slot's blocks, the end of the sequence first.
    mutating func release(_ slot: Int) {
        for block in held[slot].reversed() {
            references[Int(block)] -= 1
            if references[Int(block)] == 0 { append(Int(block)) }
        }
        held[slot].removeAll(keepingCapacity: true)
    }

    /// Frees every block and forgets every name.
    mutating func reset() {
        for block in 0..<names.count {
            names[block] = 0
            references[block] = 0
        }
        for position in 0...mask { index[position] = -1 }
        loose.removeAll()
        for slot in held.indices { held[slot].removeAll() }
        (head, tail, free) = (-1, -1, 0)
        for block in 0..<names.count { append(block) }
    }

    // MARK: The free queue

    private mutating func append(_ block: Int) {
        nexts[block] = -1
        previouses[block] = Int32(tail)
        if tail >= 0 { nexts[tail] = Int32(block) } else { head = block }
        tail = block
        free += 1
    }

    private mutating func unlink(_ block: Int) {
        let (previous, next) = (Int(previouses[block]), Int(nexts[block]))
        if previous >= 0 { nexts[previous] = Int32(next) } else { head = next }
        if next >= 0 { previouses[next] = Int32(previous) } else { tail = previous }
        free -= 1
    }

    private mutating func takeHead() -> Int {
        precondition(head >= 0, "the caller asks for no more blocks than are free")
        let block = head
        unlink(block)
        if names[block] != 0 {
            erase(block)
            names[block] = 0
        }
        references[block] = 1
        return block
    }

    // MARK: The index: open addressing with linear probing; identical blocks may coexist

    private func home(_ name: UInt64) -> Int { Int(truncatingIfNeeded: name) & mask }

    private func find(_ name: UInt64) -> Int {
        var position = home(name)
        while index[position] >= 0 {
            let block = Int(index[position])
            if names[block] == name { return block }
            position = (position + 1) & mask
        }
        return -1
    }

    private func insert(_ block: Int) {
        var position = home(names[block])
        while index[position] >= 0 { position = (position + 1) & mask }
        index[position] = Int32(block)
    }

    /// Removes a block and moves later entries of its probe chain back, so that no tombstones are needed.
    private func erase(_ block: Int) {
        var hole = home(names[block])
        while index[hole] != Int32(block) { hole = (hole + 1) & mask }
        var position = (hole + 1) & mask
        while index[position] >= 0 {
            let wanted = home(names[Int(index[position])])
            if (position - wanted) & mask >= (position - hole) & mask {
                index[hole] = index[position]
                hole = position
            }
            position = (position + 1) & mask
        }
        index[hole] = -1
    }
}

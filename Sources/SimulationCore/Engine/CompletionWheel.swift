/// The decoding sequences by the clock at which they finish: a ring of lists with an occupancy bitmap.
/// Insert and remove are O(1); finding the next completion scans one machine word per 64 steps.
///
/// Every `endStep` inserted lies less than `size` steps ahead of the clock; the ring grows where one does not.
struct CompletionWheel: ~Copyable {
    private var heads: Column<Int32>
    private var occupied: Column<UInt64>
    private var size: Int

    init(size: Int = 1_024) {
        self.size = size
        heads = Column(repeating: -1, count: size)
        occupied = Column(repeating: 0, count: size / 64)
    }

    mutating func insert(_ slot: Int, in table: borrowing SequenceTable, clock: Int64) {
        let end = table[slot].endStep
        if end - clock >= Int64(size) { grow(beyond: Int(end - clock), table: table) }
        let index = Int(end & Int64(size - 1))
        let head = heads[index]
        table[slot].wheelPrevious = -1
        table[slot].wheelNext = head
        if head >= 0 { table[Int(head)].wheelPrevious = Int32(slot) }
        heads[index] = Int32(slot)
        occupied[index >> 6] |= 1 << UInt64(index & 63)
    }

    func remove(_ slot: Int, in table: borrowing SequenceTable) {
        let index = Int(table[slot].endStep & Int64(size - 1))
        let (previous, next) = (table[slot].wheelPrevious, table[slot].wheelNext)
        if next >= 0 { table[Int(next)].wheelPrevious = previous }
        if previous >= 0 { table[Int(previous)].wheelNext = next } else { heads[index] = next }
        if heads[index] < 0 { occupied[index >> 6] &= ~(1 << UInt64(index & 63)) }
    }

    /// Any sequence that finishes at `clock`, or −1.
    @inline(__always) func first(at clock: Int64) -> Int { Int(heads[Int(clock & Int64(size - 1))]) }

    /// Steps from `clock` to the next completion, ≥ 1.
    /// - Precondition: the wheel holds a sequence, and none at `clock` itself.
    func stepsToNext(after clock: Int64) -> Int {
        let start = Int((clock + 1) & Int64(size - 1))
        var word = start >> 6
        var bits = occupied[word] & (~0 << UInt64(start & 63))
        let words = size >> 6
        while bits == 0 {
            word = word &+ 1 == words ? 0 : word &+ 1
            bits = occupied[word]
        }
        let index = word << 6 + bits.trailingZeroBitCount
        return (index &- start) & (size &- 1) &+ 1
    }

    private mutating func grow(beyond steps: Int, table: borrowing SequenceTable) {
        var larger = size
        while larger <= steps { larger *= 2 }
        let (oldHeads, oldSize) = (heads.base, size)
        var members: [Int] = []
        for index in 0..<oldSize {
            var slot = Int(oldHeads[index])
            while slot >= 0 {
                members.append(slot)
                slot = Int(table[slot].wheelNext)
            }
        }
        size = larger
        heads = Column(repeating: -1, count: larger)
        occupied = Column(repeating: 0, count: larger / 64)
        for slot in members.reversed() { insert(slot, in: table, clock: table[slot].endStep - 1) }
    }
}

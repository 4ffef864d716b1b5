import Primitives
import Testing

@testable import SimulationCore

/// The two ways of keeping the free queue, each against plain arrays.
@Suite struct BlockTests {
    /// The free queue as an array of who left each block; `nil`: nobody who will come back.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func freeRunsAgreeWithAPlainQueue(seed: UInt64) {
        var dice = RandomKey(seed: seed).derived("runs").generator()
        func draw(_ limit: Int) -> Int { limit == 0 ? 0 : Int(dice.next() % UInt64(limit)) }
        var runs = FreeRuns()
        var queue = [UInt64?](repeating: nil, count: 30)
        var nextOwner: UInt64 = 0
        for step in 0..<1_500 {
            switch draw(5) {
            case 0:
                let count = 1 + draw(6)
                let rest = draw(3)
                runs.append(owner: nextOwner, count: count, behind: queue.count, after: rest)
                queue += Array(repeating: nil, count: rest)
                queue += Array(repeating: nextOwner, count: count)
                nextOwner += 1
            case 1:
                let count = draw(5)
                runs.append(anonymous: count)
                queue += Array(repeating: nil, count: count)
            case 2, 3:
                let count = draw(min(queue.count, 8) + 1)
                runs.take(count)
                queue.removeFirst(count)
            default:
                let waiting = Set(queue.compactMap(\.self)).sorted()
                guard !waiting.isEmpty else { continue }
                let owner = waiting[draw(waiting.count)]
                let count = draw(queue.filter { $0 == owner }.count + 1)
                runs.claim(count, of: owner)
                claim(count, of: owner, in: &queue)
            }
            for owner in max(0, Int64(nextOwner) - 12)..<max(1, Int64(nextOwner)) {
                let left = queue.filter { $0 == UInt64(owner) }.count
                #expect(runs.surviving(of: UInt64(owner)) == left, "step \(step), owner \(owner)")
            }
            #expect(runs.isTracking == queue.contains { $0 != nil })
        }
    }

    /// The owner's first blocks stand last in its run, for the end of a sequence is taken first.
    private func claim(_ count: Int, of owner: UInt64, in queue: inout [UInt64?]) {
        var left = count
        for index in queue.indices.reversed() where queue[index] == owner && left > 0 {
            queue.remove(at: index)
            left -= 1
        }
        for index in queue.indices where queue[index] == owner { queue[index] = nil }
    }

    /// vLLM's block pool with plain lists; a block is a number.
    private struct PlainPool {
        var queue: [Int]
        var names: [UInt64?]
        var stamps: [Int]
        var references: [Int]
        var held: [[Int]]
        var clock = 0

        init(blocks: Int, slots: Int) {
            queue = Array(0..<blocks)
            names = Array(repeating: nil, count: blocks)
            stamps = Array(repeating: 0, count: blocks)
            references = Array(repeating: 0, count: blocks)
            held = Array(repeating: [], count: slots)
        }

        /// Of identical blocks the one named first.
        func find(_ name: UInt64) -> Int? {
            names.indices.filter { names[$0] == name }.min { stamps[$0] < stamps[$1] }
        }
        func hits(_ wanted: [UInt64], limit: Int) -> [Int] {
            var found: [Int] = []
            for name in wanted.prefix(limit) {
                guard let block = find(name) else { break }
                found.append(block)
            }
            return found
        }
        mutating func touch(_ blocks: [Int], slot: Int) {
            for block in blocks {
                queue.removeAll { $0 == block }
                references[block] += 1
                held[slot].append(block)
            }
        }
        mutating func extend(_ slot: Int, by count: Int) {
            for _ in 0..<count {
                let block = queue.removeFirst()
                names[block] = nil
                references[block] = 1
                held[slot].append(block)
            }
        }
        mutating func register(_ slot: Int, _ range: Range<Int>, _ new: [UInt64]) {
            for position in range where position < held[slot].count && names[held[slot][position]] == nil {
                names[held[slot][position]] = new[position]
                stamps[held[slot][position]] = clock
                clock += 1
            }
        }
        mutating func release(_ slot: Int) {
            for block in held[slot].reversed() {
                references[block] -= 1
                if references[block] == 0 { queue.append(block) }
            }
            held[slot] = []
        }
    }

    /// Names of a sequence's blocks: one of a few shared prefixes, cut off somewhere, then the sequence's own.
    private func names(_ dice: inout KeyedGenerator, own: UInt64) -> [UInt64] {
        let (prefix, shared) = (dice.next() % 4, Int(dice.next() % 7))
        return (0..<8).map { position in
            let key = position < shared ? prefix : 1_000 + own
            return combineHashes(key, UInt64(position)) & (own % 3 == 0 ? ~0 : ~0x3F) | 1  // Some homes collide.
        }
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func prefixBlocksAgreeWithAPlainPool(seed: UInt64) {
        var dice = RandomKey(seed: seed).derived("pool").generator()
        let (blocks, slots) = (12 + Int(dice.next() % 40), 6)
        var pool = PrefixBlocks(blocks: blocks, slots: slots)
        var plain = PlainPool(blocks: blocks, slots: slots)
        for step in 0..<1_200 {
            if step % 500 == 499 {
                pool.reset()
                plain = PlainPool(blocks: blocks, slots: slots)
            }
            let slot = Int(dice.next() % UInt64(slots))
            let wanted = names(&dice, own: UInt64(step))
            guard plain.held[slot].isEmpty else {
                pool.release(slot)
                plain.release(slot)
                continue
            }
            let limit = Int(dice.next() % 8)
            let expected = plain.hits(wanted, limit: limit)
            let found = pool.hits(wanted, limit: limit)
            #expect(found == expected.count, "step \(step)")
            guard found == expected.count else { return }
            let idle = expected.filter { plain.references[$0] == 0 }.count
            #expect(pool.idleHits(wanted, hits: found) == idle)
            let fresh = min(plain.queue.count - idle, 8 - found)
            pool.touch(wanted, hits: found, slot: slot)
            plain.touch(expected, slot: slot)
            let loose = fresh > 0 ? Int(dice.next() % UInt64(fresh)) : 0
            pool.extend(slot, by: fresh - loose)
            pool.takeLoose(loose)
            pool.settle(slot, total: found + fresh)
            plain.extend(slot, by: fresh)
            let named = found..<(found + Int(dice.next() % UInt64(fresh + 1)))
            pool.register(slot, named, names: wanted)
            plain.register(slot, named, wanted)
            let free = pool.free
            #expect(free == plain.queue.count)
        }
    }
}

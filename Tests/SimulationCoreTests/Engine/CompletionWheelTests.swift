import Primitives
import Testing
import Workloads

@testable import SimulationCore

@Suite struct CompletionWheelTests {
    /// Random insertions, removals and completions against a plain dictionary of ends.
    @Test(arguments: [64, 128, 1_024])
    func agreesWithAPlainTable(size: Int) {
        var dice = RandomKey(seed: UInt64(size)).generator()
        var table = SequenceTable(capacity: 200)
        var wheel = CompletionWheel(size: size)
        var ends: [Int: Int64] = [:]
        var clock: Int64 = 0
        for step in 0..<6_000 {
            if ends.count < 200, dice.next() % 3 < 2 {
                let slot = table.append(Sequence(request: Request(0, input: 1, output: 1), delivered: 0))
                // Beyond the ring now and then, so that it grows.
                let ahead = dice.next() % 50 == 0 ? 5 * size : size - 1
                table[slot].endStep = clock + 1 + Int64(dice.next() % UInt64(ahead))
                wheel.insert(slot, in: table, clock: clock)
                ends[slot] = table[slot].endStep
            } else if let slot = ends.keys.min(), dice.next() % 4 == 0 {
                wheel.remove(slot, in: table)
                table.remove(slot)
                ends[slot] = nil
            }
            guard let next = ends.values.min() else { continue }
            let steps = wheel.stepsToNext(after: clock)
            #expect(steps == Int(next - clock), "step \(step)")
            if steps != Int(next - clock) { return }
            guard dice.next() % 3 == 0 else { continue }
            clock = next
            complete(&wheel, &table, &ends, clock)
        }
    }

    /// Takes out everybody who ends at `clock`.
    private func complete(
        _ wheel: inout CompletionWheel, _ table: inout SequenceTable, _ ends: inout [Int: Int64], _ clock: Int64
    ) {
        var done: Set<Int> = []
        while case let slot = wheel.first(at: clock), slot >= 0 {
            wheel.remove(slot, in: table)
            table.remove(slot)
            done.insert(slot)
            guard done.count <= 200 else { break }
        }
        #expect(done == Set(ends.filter { $0.value == clock }.keys))
        for slot in done { ends[slot] = nil }
    }

    /// The running list keeps the order of admission whatever is taken out of it.
    @Test func runningListKeepsItsOrder() {
        var dice = RandomKey(seed: 3).generator()
        var table = SequenceTable(capacity: 40)
        var model: [(slot: Int, id: UInt64)] = []
        for id in 0..<2_000 as Range<UInt64> {
            if model.count == 40 || (dice.next() % 2 == 0 && !model.isEmpty) {
                table.remove(model.remove(at: Int(dice.next() % UInt64(model.count))).slot)
            }
            model.append((table.append(Sequence(request: Request(id, input: 1, output: 1), delivered: 0)), id))
            var (seen, slot) = ([UInt64](), table.first)
            while slot >= 0 {
                seen.append(table[slot].request.id)
                slot = Int(table[slot].next)
            }
            let (count, last) = (table.count, table.last)
            #expect(seen == model.map(\.id) && count == model.count && last == model.last?.slot)
        }
    }
}

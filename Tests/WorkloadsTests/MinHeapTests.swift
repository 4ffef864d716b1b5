import Testing

@testable import Workloads

@Suite struct MinHeapTests {
    @Test func popsInOrderWhateverTheInsertionOrder() {
        for seed in 0..<50 as Range<Int> {
            var heap = MinHeap<Int>()
            var state = seed
            var pushed: [Int] = []
            for _ in 0..<(seed * 3) {
                state = (state &* 1_103_515_245 &+ 12_345) & 0x7FFF_FFFF
                pushed.append(state % 40)
                heap.push(state % 40)
            }
            #expect(heap.count == pushed.count)
            #expect(heap.top == pushed.min())
            var popped: [Int] = []
            while let next = heap.pop() { popped.append(next) }
            #expect(popped == pushed.sorted())
            #expect(heap.isEmpty)
        }
    }

    @Test func replacingTheTopSettlesIt() {
        var heap = MinHeap<Int>()
        for value in [5, 3, 9, 4] { heap.push(value) }
        heap.replaceTop(with: 7)
        var popped: [Int] = []
        while let next = heap.pop() { popped.append(next) }
        #expect(popped == [4, 5, 7, 9])
    }
}

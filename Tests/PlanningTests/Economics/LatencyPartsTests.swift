import Primitives
import SimulationCore
import Testing

@testable import Planning

/// The mean request by where its time went: rounded by largest remainder.
@Suite struct LatencyPartsTests {
    static func split(_ sums: [Int128]) -> LatencySplit {
        var split = LatencySplit()
        (split.network, split.coldStart, split.retry) = (sums[0], sums[1], sums[2])
        (split.queue, split.prefill, split.decode) = (sums[3], sums[4], sums[5])
        return split
    }

    static func parts(_ sums: [Int128], _ completed: UInt64) -> [Int64]? {
        LatencyParts(split(sums), completed: completed)?.parts.map(\.time.nanoseconds)
    }

    @Test(
        arguments: [
            // 6 ÷ 4 is 1: all have a quarter, the first named takes it.
            ([1, 1, 1, 1, 1, 1], 4, [1, 0, 0, 0, 0, 0]),
            // 17 ÷ 6 is 2: remainders 1, 2, 3, 4, 5 and 2 of 6; the largest two are prefill and queue.
            ([1, 2, 3, 4, 5, 2], 6, [0, 0, 0, 1, 1, 0]),
            // 30 ÷ 10 is 3: 14 and 16 ÷ 10 are 1 each, the third goes to the 6.
            ([0, 14, 0, 0, 16, 0], 10, [0, 1, 0, 0, 2, 0]),
            // Equal halves: the earlier part.
            ([0, 0, 5, 0, 0, 5], 10, [0, 0, 1, 0, 0, 0]),
            // 99 ÷ 100 is nothing at all.
            ([99, 0, 0, 0, 0, 0], 100, [0, 0, 0, 0, 0, 0]),
            ([700, 600, 500, 400, 300, 200], 100, [7, 6, 5, 4, 3, 2]),
        ] as [([Int128], UInt64, [Int64])])
    func leftOverNanosecondsGoToTheLargestRemainders(_ sums: [Int128], _ completed: UInt64, _ shares: [Int64]) {
        #expect(Self.parts(sums, completed) == shares)
    }

    @Test func sumsMayBeLongerThanAnInteger() {
        // A billion requests of a hundred hours each in decode: 3.6 × 10²³ ns.
        let hours = Int128(360_000_000_000_000)
        let parts = Self.parts([1, 2, 0, 0, 0, hours * 1_000_000_000 + 999_999_998], 1_000_000_000)
        #expect(parts == [0, 0, 0, 0, 0, 360_000_000_000_001])
    }

    @Test(arguments: 0..<200)
    func partsAddUpAndAreWithinANanosecond(seed: UInt64) throws {
        var draw = RandomKey(seed: seed).derived("latency").generator()
        let count = 1 + draw.next() % 10_000
        let sums = (0..<6).map { _ in draw.next() % 3 == 0 ? 0 : Int128(draw.next() >> 4) }
        guard sums.reduce(0, +) > 0 else { return }
        let parts = try #require(LatencyParts(Self.split(sums), completed: count))
        #expect(Int128(parts.total.nanoseconds) == sums.reduce(0, +) / Int128(count))
        for (sum, part) in zip(sums, parts.parts) {
            let floor = Int64(sum / Int128(count))
            #expect(part.time.nanoseconds == floor || part.time.nanoseconds == floor + 1, "\(part.name)")
            if sum == 0 { #expect(part.time == .zero, "\(part.name)") }
        }
    }

    @Test func partsComeInTheOrderInWhichARequestMeetsThem() throws {
        let parts = try #require(LatencyParts(Self.split([1, 2, 3, 4, 5, 6]), completed: 1))
        #expect(parts.parts.map(\.name) == ["network", "cold start", "retry", "queue", "prefill", "decode"])
        #expect(parts.network.nanoseconds == 1 && parts.coldStart.nanoseconds == 2 && parts.retry.nanoseconds == 3)
        #expect(parts.queue.nanoseconds == 4 && parts.prefill.nanoseconds == 5 && parts.decode.nanoseconds == 6)
    }
}

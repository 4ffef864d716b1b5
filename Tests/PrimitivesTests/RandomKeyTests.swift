import Primitives
import Testing

@Suite struct RandomKeyTests {
    /// χ² of the top byte of draws against the uniform distribution, 255 degrees of freedom.
    private func distance(_ draws: some Swift.Sequence<UInt64>) -> Double {
        var counts = [Double](repeating: 0, count: 256)
        for draw in draws { counts[Int(draw >> 56)] += 1 }
        let expected = counts.reduce(0, +) / 256
        return counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    }

    /// 99.9 % of uniform samples lie between 184 and 331.
    private let plausible = 184.0...331.0

    @Test func drawsAreUniform() {
        let key = RandomKey(seed: 42).derived("arrivals")
        #expect(plausible.contains(distance((0..<200_000).map { key.bits($0) })))
        #expect(plausible.contains(distance((0..<200_000).map { key.bits($0) << 24 })))
        // One draw of each of many entities is a sample as well.
        #expect(plausible.contains(distance((0..<200_000).map { key.derived($0).bits(0) })))
        #expect(plausible.contains(distance((0..<200_000).map { RandomKey(seed: $0).bits(0) })))
    }

    /// Purposes, entities and counters give streams that say nothing about one another.
    @Test func consumersAreIndependent() {
        let root = RandomKey(seed: 1)
        let pairs: [(RandomKey, RandomKey)] = [
            (root.derived("arrivals"), root.derived("lengths")), (root.derived(7), root.derived(8)),
            (root, RandomKey(seed: 2)), (root, root.derived(0)),
            (root.derived("a").derived(1), root.derived("b").derived(1)),
        ]
        for (a, b) in pairs {
            let count = 100_000
            var covariance = 0.0
            for draw in 0..<UInt64(count) { covariance += (a.uniform(draw) - 0.5) * (b.uniform(draw) - 0.5) }
            // Correlation: 12 × covariance, standard error 1/√n.
            #expect(abs(12 * covariance / Double(count)) < 3.3 / Double(count).squareRoot())
            #expect(plausible.contains(distance((0..<UInt64(count)).map { a.bits($0) ^ b.bits($0) })))
            #expect(plausible.contains(distance((0..<UInt64(count)).map { a.bits($0) &- b.bits($0) })))
        }
        let next = root.derived("arrivals")
        #expect(plausible.contains(distance((0..<100_000).map { next.bits($0) ^ next.bits($0 + 1) })))
    }

    @Test func keysAreValues() {
        let key = RandomKey(seed: 9).derived("spot").derived(3)
        let first = (0..<10).map { key.bits($0) }
        _ = RandomKey(seed: 9).derived("another consumer").derived(3).bits(0)
        #expect((0..<10).reversed().map { key.bits($0) } == first.reversed())
        #expect(RandomKey(seed: 9).derived("spot").derived(3) == key)
        #expect(Set((0..<1_000).map { RandomKey(seed: 9).derived($0) }).count == 1_000)
        #expect(RandomKey(seed: 9).derived("spot") != RandomKey(seed: 9).derived("spots"))
    }

    @Test func generatorsWalkTheCounter() {
        let key = RandomKey(seed: 4)
        var generator = key.generator()
        #expect((0..<5).map { _ in generator.next() } == (0..<5).map { key.bits($0) })
        var copy = generator
        #expect(copy.next() == generator.next())
        #expect(generator.uniform() == key.uniform(6))
    }

    @Test func uniformsAreInTheOpenInterval() {
        let key = RandomKey(seed: 3)
        let draws = (0..<100_000).map { key.uniform($0) }
        #expect(draws.allSatisfy { $0 > 0 && $0 < 1 })
        let mean = draws.reduce(0, +) / 100_000
        #expect(abs(mean - 0.5) < 3.3 * (1.0 / 12 / 100_000).squareRoot())
    }

    @Test func hashesAreStable() {
        // FNV-1a of nothing is its offset basis; then mixed.
        #expect(stableHash([]) != stableHash([0]))
        #expect(stableHash("ab".utf8) != stableHash("ba".utf8))
        #expect(stableHash("ab".utf8) == stableHash([97, 98]))
        #expect(combineHashes(1, 2) != combineHashes(2, 1))
    }
}

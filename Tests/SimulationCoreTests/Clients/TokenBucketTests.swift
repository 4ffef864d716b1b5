import Primitives
import Testing

@testable import SimulationCore

@Suite struct TokenBucketTests {
    private func bucket(_ perSecond: Double, _ burst: Double) -> TokenBucket {
        TokenBucket(RateLimit(perSecond: perSecond, burst: burst))
    }

    @Test func aFullBucketGivesItsBurst() {
        var bucket = bucket(1, 3)
        #expect((0..<5).map { _ in bucket.take(at: 0) } == [true, true, true, false, false])
    }

    /// Two a second: an empty bucket gives the next after half a second, and not one nanosecond before.
    @Test func aTokenIsThereWhenItIsDue() {
        var bucket = bucket(2, 1)
        #expect(bucket.take(at: 0) == true)
        var early = bucket
        #expect(early.take(at: second / 2 - 1) == false)
        #expect([second / 2, second / 2].map { bucket.take(at: $0) } == [true, false])
    }

    /// Idle for an hour, it holds no more than its burst.
    @Test func itIsNeverFullerThanItsBurst() {
        var bucket = bucket(100, 2)
        #expect((0..<4).map { _ in bucket.take(at: hour) } == [true, true, false, false])
    }

    /// A burst below one never admits anything.
    @Test func lessThanOneIsNothing() {
        var bucket = bucket(10, 0.5)
        #expect(!(0..<10).contains { bucket.take(at: Int64($0) * second) })
    }

    /// Over a long overload as many are admitted as the rate says: with 4 a second asked 64 times a second (a binary
    /// fraction, so that sums are exact) 5 at once and 4 each second after.
    @Test func anOverloadIsCutToTheRate() {
        var bucket = bucket(4, 5)
        let admitted = (0...640).filter { bucket.take(at: Int64($0) * second / 64) }
        #expect(admitted.count == 5 + 40)
        #expect(Array(admitted.prefix(8)) == [0, 1, 2, 3, 4, 16, 32, 48])
    }

    /// Exact admissions in integers: a token is 10⁹ nano-tokens, and the bucket gains the rate each nanosecond.
    @Test func admissionsAreExact() {
        var differences = 0
        for seed in UInt64(0)..<200 {
            var dice = RandomKey(seed: seed).derived("bucket").generator()
            let rate = Int64(1 + dice.next() % 20)
            let burst = Int64(1 + dice.next() % 4)
            var bucket = bucket(Double(rate), Double(burst))
            var (held, now) = (burst * second, Int64(0))
            for _ in 0..<200 {
                let step = Int64(dice.next() % 20) * 5_000_000
                now += step
                held = min(burst * second, held + step * rate)
                let admits = held >= second
                if admits { held -= second }
                if bucket.take(at: now) != admits { differences += 1 }
            }
        }
        #expect(differences == 0)
    }
}

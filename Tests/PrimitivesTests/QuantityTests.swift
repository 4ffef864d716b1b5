import Primitives
import Testing

@Suite struct QuantityTests {
    @Test func durationsAreExact() {
        #expect(SimulatedDuration.hours(1) == .seconds(3_600) && SimulatedDuration.seconds(1) == .milliseconds(1_000))
        #expect(SimulatedDuration(seconds: 1e-9).nanoseconds == 1)
        #expect(SimulatedDuration(seconds: 2.5e-9).nanoseconds == 2, "halves to even")
        #expect(SimulatedDuration(seconds: 3.5e-9).nanoseconds == 4)
        #expect(SimulatedDuration(seconds: -0.1).nanoseconds == -100_000_000)
        #expect(SimulatedDuration.milliseconds(1_500).seconds == 1.5)
        #expect(SimulatedDuration(nanoseconds: 2_500_000).milliseconds == 2.5)
        var sum = SimulatedDuration.seconds(2)
        sum += .milliseconds(5)
        sum -= .milliseconds(3)
        #expect(sum * 3 == .milliseconds(6_006) && sum - sum == .zero && sum > .seconds(2))
    }

    @Test func instantsAndSpansCompose() {
        var time = SimulatedTime.start + .seconds(5)
        time += .seconds(1)
        #expect(time - .start == .seconds(6) && time - .seconds(6) == .start)
        #expect(time < .never && time.seconds == 6)
    }

    @Test func bytesAreWhole() {
        #expect(ByteCount.gibibytes(80).bytes == 85_899_345_920)
        #expect(ByteCount.gigabytes(80).bytes == 80_000_000_000)
        #expect(ByteCount.gibibytes(0.3).bytes == 322_122_547)
        #expect((ByteCount(bytes: 5) + ByteCount(bytes: 7)) * 2 - ByteCount(bytes: 4) == ByteCount(bytes: 20))
        #expect(ByteCount.zero < ByteCount(bytes: 1) && ByteCount.gigabytes(1).gigabytes == 1)
        #expect(ByteCount.gibibytes(2).gibibytes == 2)
    }

    @Test func bytesReadAsGibibytes() {
        #expect(ByteCount(bytes: 1_048_575).description == "1048575 B")
        #expect(ByteCount.gibibytes(14.96).description == "14.96 GiB")
        #expect(ByteCount.gibibytes(-1.5).description == "-1.50 GiB")
        #expect(ByteCount.gibibytes(3.049).description == "3.05 GiB")
        #expect(ByteCount(bytes: 1_073_741_824).description == "1.00 GiB")
    }

    @Test func moneyScalesThroughWideProducts() {
        let price = Money(dollars: 98.32)
        #expect(price.scaled(by: 3_600_000_000_000, over: 3_600_000_000_000) == price)
        #expect(price.scaled(by: 1, over: 3_600_000_000_000).nanodollars == 0)
        #expect(Money(nanodollars: .max).scaled(by: .max, over: .max).nanodollars == .max)
        for nanodollars in -7...7 as ClosedRange<Int64> {
            let exact = (Double(nanodollars) / 2).rounded(.toNearestOrEven)
            #expect(Money(nanodollars: nanodollars).scaled(by: 1, over: 2).nanodollars == Int64(exact))
        }
        var sum = Money(dollars: 0.1)
        sum += Money(dollars: 0.2)
        #expect(sum == Money(dollars: 0.3) && sum - sum == .zero && sum * 10 == Money(dollars: 3))
    }
}

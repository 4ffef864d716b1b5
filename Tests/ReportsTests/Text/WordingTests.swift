import Planning
import Primitives
import Testing

@testable import Reports

@Suite struct WordingTests {
    @Test(arguments: [
        (0.0, "$0"), (0.00521, "$0.00521"), (0.1318, "$0.132"), (0.94, "$0.94"), (0.9, "$0.90"), (1, "$1.00"),
        (5.164, "$5.16"), (999.99, "$999.99"), (1_234.5, "$1,235"), (-2.5, "−$2.50"), (0.996, "$1.00"),
        (.infinity, "–"),
    ])
    func dollars(amount: Double, expected: String) {
        #expect(Wording.dollars(amount) == expected)
    }

    @Test func exactDollarsLoseNothing() {
        #expect(Wording.exactDollars(Money(nanodollars: 1_234_500_000_000)) == "$1,234.50")
        #expect(Wording.exactDollars(Money(nanodollars: 12)) == "$0.000000012")
        #expect(Wording.exactDollars(Money(nanodollars: -5_160_000_000)) == "−$5.16")
        #expect(Wording.exactDollars(.zero) == "$0.00")
    }

    @Test(arguments: [
        (0.42, "0.420 ms"), (12.3, "12.3 ms"), (999, "999 ms"), (999.6, "1.00 s"), (61_000, "61.0 s"),
        (120_000, "2.00 min"),
        (3_600_000, "60.0 min"), (7_200_000, "2.00 h"),
    ])
    func latencyPicksItsUnit(milliseconds: Double, expected: String) {
        #expect(Wording.latency(milliseconds: milliseconds) == expected)
    }

    @Test func ticksDropZeros() {
        #expect("1.00 s".tick == "1 s")
        #expect("2.50 s".tick == "2.5 s")
        #expect("100 ms".tick == "100 ms")
        #expect("plain".tick == "plain")
    }

    @Test func axisLatenciesStayRound() {
        #expect(Wording.axisLatency(milliseconds: 0) == "0 ms")
        #expect(Wording.axisLatency(milliseconds: 2.5) == "2.5 ms")
        #expect(Wording.axisLatency(milliseconds: 1_000) == "1 s")
        #expect(Wording.axisLatency(milliseconds: 200_000) == "200 s")
    }

    @Test func boundsReadAsPeopleWriteThem() {
        #expect(Wording.bound(.seconds(2)) == "2 s")
        #expect(Wording.bound(.milliseconds(100)) == "100 ms")
        #expect(Wording.bound(.milliseconds(1_500)) == "1.5 s")
        #expect(Wording.bound(SimulatedDuration(nanoseconds: 250_000)) == "0.25 ms")
        let objective = ServiceObjective(quantity: .tpot, quantile: 0.999, bound: .milliseconds(80))
        #expect(Wording.objective(objective) == "TPOT p99.9 ≤ 80 ms")
    }

    @Test(arguments: [
        (1.0, "100.0 %"), (0.99996, "99.996 %"), (0.9999999, "> 99.99 %"), (0.871, "87.1 %"), (0, "0.0 %"),
    ])
    func onlyAllIsAHundredPercent(share: Double, expected: String) {
        #expect(Wording.percent(share) == expected)
    }

    @Test func percentilesListsAndCounts() {
        #expect(Wording.percentile(0.5) == "p50")
        #expect(Wording.percentile(0.999) == "p99.9")
        #expect(Wording.list([]) == "")
        #expect(Wording.list(["a"]) == "a")
        #expect(Wording.list(["a", "b", "c"]) == "a, b and c")
        #expect(Wording.counted(1, "run") == "1 run")
        #expect(Wording.counted(1_200, "run") == "1,200 runs")
        #expect(Wording.hexadecimal(.max) == "ffffffffffffffff")
        #expect(Wording.hexadecimal(10) == "000000000000000a")
    }

    @Test func halvesOfIntervalsHaveTwoDigits() {
        #expect(Wording.halfDollars(0.0516) == "$0.052")
        #expect(Wording.halfDollars(0.1) == "$0.10")
        #expect(Wording.halfDollars(1.118) == "$1.12")
        #expect(Wording.halfLatency(milliseconds: 0.618) == "0.62 ms")
        #expect(Wording.halfLatency(milliseconds: 1_840) == "1.8 s")
    }
}

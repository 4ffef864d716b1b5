import Testing

@testable import Reports

@Suite struct DecimalTests {
    @Test(arguments: [
        (0.0, "0"), (1, "1"), (-1.5, "-1.5"), (0.1, "0.1"), (1e-7, "0.0000001"), (1.25e-5, "0.0000125"),
        (1e16, "10000000000000000"), (1.5e20, "150000000000000000000"), (123_456_789.25, "123456789.25"),
        (-2.5e-10, "-0.00000000025"),
        (1.7976931348623157e308, "17976931348623157" + String(repeating: "0", count: 292)),
        (.infinity, ""), (.nan, ""),
    ])
    func shortestHasNoExponentAndReadsBack(value: Double, expected: String) {
        #expect(Decimal.shortest(value) == expected)
        if value.isFinite { #expect(Double(Decimal.shortest(value)) == value) }
    }

    @Test func shortestReadsBackForManyMagnitudes() {
        var value = 1.2345678901234567e-20
        for _ in 0..<80 {
            #expect(Double(Decimal.shortest(value)) == value, "\(value)")
            #expect(!Decimal.shortest(value).contains("e"))
            value *= 3.3
        }
    }

    @Test(arguments: [
        (1.005, 1, "1.0"), (2.5, 0, "3"), (-2.5, 0, "-3"), (1_234_567.891, 2, "1234567.89"), (0.05, 1, "0.1"),
        (0, 3, "0.000"), (-0.0001, 2, "0.00"), (9.999, 2, "10.00"),
    ])
    func fixedRoundsHalvesAwayFromZero(value: Double, places: Int, expected: String) {
        #expect(Decimal.fixed(value, places: places) == expected)
    }

    @Test func groupsDigitsInThrees() {
        #expect(Decimal.grouped(0) == "0")
        #expect(Decimal.grouped(999) == "999")
        #expect(Decimal.grouped(1_000) == "1,000")
        #expect(Decimal.grouped(.max) == "18,446,744,073,709,551,615")
        #expect(Decimal.fixed(1_234_567.5, places: 1, grouped: true) == "1,234,567.5")
    }

    @Test(arguments: [
        (9.996, "10.0"), (0.012345, "0.0123"), (123.4, "123"), (1_234, "1,234"), (0.9999, "1.00"), (99.95, "100"),
        (1, "1.00"), (-0.5, "-0.500"), (0, "0"),
    ])
    func significantKeepsThreeDigits(value: Double, expected: String) {
        #expect(Decimal.significant(value, digits: 3) == expected)
    }

    @Test(arguments: [
        (1_500, 3, "1.5"), (0, 9, "0"), (-1, 9, "-0.000000001"), (1_000_000_000, 9, "1"), (10_203, 2, "102.03"),
        (Int64.min, 9, "-9223372036.854775808"), (Int64.max, 6, "9223372036854.775807"),
    ])
    func exactCountsAreNeverRounded(count: Int64, places: Int, expected: String) {
        #expect(Decimal.exact(count, places: places) == expected)
    }
}
